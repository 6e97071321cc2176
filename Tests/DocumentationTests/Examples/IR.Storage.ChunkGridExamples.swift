// Written from Sources/IR/Storage/ChunkGrid.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftIR

extension Example {
  static let iRStorageChunkGrid: [Example] = [
    Example("IR/Storage/ChunkGrid.swift: Region", iRStorageChunkGrid1),
    Example("IR/Storage/ChunkGrid.swift: ChunkGrid", iRStorageChunkGrid2),
  ]

  private static func iRStorageChunkGrid1() throws {

    let box = Region([2..<4, 0..<3])
    try expect("box.extents", box.extents, "[2, 3]")
    try expect("box.count", box.count, "6")
  }

  private static func iRStorageChunkGrid2() throws {

    let grid = ChunkGrid([10, 6], cuts: [.uniform(4), .pieces([1, 5])])
    try expect("grid.counts", grid.counts, "[3, 2]")
    try expect("grid.region(of: 5)", grid.region(of: 5), "[8:10, 1:6]")
    try expect("grid", grid, "[4, [1, 5]] of [10, 6]")
  }
}
