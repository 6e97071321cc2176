// Written from Sources/Frontend/Manipulation/Blocks.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendManipulationBlocks: [Example] = [
    Example("Frontend/Manipulation/Blocks.swift: block(_:file:line:)", frontendManipulationBlocks1),
    Example("Frontend/Manipulation/Blocks.swift: rollaxis(_:_:to:file:line:)", frontendManipulationBlocks2),
  ]

  private static func frontendManipulationBlocks1() throws {
    let a = ones([2, 2], dtype: .int64)
    try expect("block([[.array(a), .array(2 * a)], [.array([[7, 7, 8, 8]])]])", block([[.array(a), .array(2 * a)], [.array([[7, 7, 8, 8]])]]), "[[1 1 2 2]\n [1 1 2 2]\n [7 7 8 8]]")
  }

  private static func frontendManipulationBlocks2() throws {
    try expect("rollaxis(zeros([3, 4, 5]), 2).type", rollaxis(zeros([3, 4, 5]), 2).type, "float64[5, 3, 4]")
  }
}
