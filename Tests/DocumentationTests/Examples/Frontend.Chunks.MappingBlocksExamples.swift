// Written from Sources/Frontend/Chunks/MappingBlocks.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendChunksMappingBlocks: [Example] = [
    Example("Frontend/Chunks/MappingBlocks.swift: NDArray.mapBlocks(dtype:chunks:dropAxes:newAxes:file:line:_:)", frontendChunksMappingBlocks1),
    Example("Frontend/Chunks/MappingBlocks.swift: NDArray.mapBlocks(dtype:chunks:dropAxes:newAxes:file:line:_:)", frontendChunksMappingBlocks2),
    Example("Frontend/Chunks/MappingBlocks.swift: mapBlocks(_:dtype:chunks:dropAxes:newAxes:file:line:_:)", frontendChunksMappingBlocks3),
  ]

  private static func frontendChunksMappingBlocks1() throws {
    let x = arange(6).rechunked(3)
    try expect("x.mapBlocks { $0 - $0.mean() }", x.mapBlocks { $0 - $0.mean() }, "[-1.  0.  1. -1.  0.  1.]")
    try expect("x.mapBlocks { $0.sum(axis: 0, keepAxes: true) }", x.mapBlocks { $0.sum(axis: 0, keepAxes: true) }, "[ 3 12]")
    let y = ones([4, 6]).rechunked([2, 3])
    try expect("y.mapBlocks(dropAxes: [1]) { $0.sum(axis: 1) }", y.mapBlocks(dropAxes: [1]) { $0.sum(axis: 1) }, "[6. 6. 6. 6.]")
  }

  private static func frontendChunksMappingBlocks2() throws {
    let x = zeros([5], dtype: .int64).rechunked(2)
    try expect("x.mapBlocks { block, info in block + info.index[0] }", x.mapBlocks { block, info in block + info.index[0] }, "[0 0 1 1 2]")
    try expect("x.mapBlocks { block, info in block + info.ranges[0].lowerBound }", x.mapBlocks { block, info in block + info.ranges[0].lowerBound }, "[0 0 2 2 4]")
  }

  private static func frontendChunksMappingBlocks3() throws {
    let x = arange(6).rechunked(3), y = arange(6).rechunked(2)
    try expect("mapBlocks([x, y]) { blocks, infos in blocks[0] * 10 + blocks[1].sum() }", mapBlocks([x, y]) { blocks, infos in blocks[0] * 10 + blocks[1].sum() }, "[ 1 11 22 33 49 59]")
  }
}
