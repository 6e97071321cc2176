// Written from Sources/Frontend/Chunks/BlockView.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendChunksBlockView: [Example] = [
    Example("Frontend/Chunks/BlockView.swift: NDArray.chunks", frontendChunksBlockView1),
    Example("Frontend/Chunks/BlockView.swift: NDArray.blockCounts", frontendChunksBlockView2),
    Example("Frontend/Chunks/BlockView.swift: NDArray.blocks", frontendChunksBlockView3),
    Example("Frontend/Chunks/BlockView.swift: BlockView", frontendChunksBlockView4),
    Example("Frontend/Chunks/BlockView.swift: BlockView.all", frontendChunksBlockView5),
    Example("Frontend/Chunks/BlockView.swift: BlockView.subscript(_:file:line:)", frontendChunksBlockView6),
  ]

  private static func frontendChunksBlockView1() throws {
    let x = zeros([10, 4]).rechunked([4, -1])
    try expect("x.chunks", x.chunks, "[[4, 4, 2], [4]]")
    try expect("(x + 1).T.chunks", (x + 1).T.chunks, "[[4], [4, 4, 2]]")
  }

  private static func frontendChunksBlockView2() throws {
    try expect("zeros([10, 4]).rechunked([4, 2]).blockCounts", zeros([10, 4]).rechunked([4, 2]).blockCounts, "[3, 2]")
  }

  private static func frontendChunksBlockView3() throws {
    let x = arange(10).rechunked(4)
    try expect("x.blocks[1]", x.blocks[1], "[4 5 6 7]")
    try expect("x.blocks.shape", x.blocks.shape, "[3]")
  }

  private static func frontendChunksBlockView4() throws {
    let x = arange(24).reshaped([4, 6]).rechunked([2, 3])
    try expect("x.blocks[1, 0]", x.blocks[1, 0], "[[12 13 14]\n [18 19 20]]")
    try expect("x.blocks[0].type", x.blocks[0].type, "int64[2, 6]")
    try expect("x.blocks[.all, -1].chunks", x.blocks[.all, -1].chunks, "[[2, 2], [3]]")
  }

  private static func frontendChunksBlockView5() throws {
    try expect("arange(5).rechunked(2).blocks.all.map { $0.shape }", arange(5).rechunked(2).blocks.all.map { $0.shape }, "[[Optional(2)], [Optional(2)], [Optional(1)]]")
  }

  private static func frontendChunksBlockView6() throws {
    let x = arange(10).rechunked(4)
    try expect("x.blocks[[0, 2]]", x.blocks[[0, 2]], "[0 1 2 3 8 9]")
    try expect("x.blocks[.stride(by: -1)]", x.blocks[.stride(by: -1)], "[8 9 4 5 6 7 0 1 2 3]")
    try expect("x.blocks[3]", x.blocks[3], "error: blocks: block 3 is out of range for 3 blocks along axis 0 of int64[10] [index]")
  }
}
