// Written from Sources/Frontend/Indexing/Placing.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendIndexingPlacing: [Example] = [
    Example("Frontend/Indexing/Placing.swift: put(_:_:_:outOfBounds:file:line:)", frontendIndexingPlacing1),
    Example("Frontend/Indexing/Placing.swift: place(_:_:_:file:line:)", frontendIndexingPlacing2),
    Example("Frontend/Indexing/Placing.swift: fillDiagonal(_:_:wraps:file:line:)", frontendIndexingPlacing3),
  ]

  private static func frontendIndexingPlacing1() throws {
    try expect("put([0, 0, 0, 0], [0, -1], [5, 7])", put([0, 0, 0, 0], [0, -1], [5, 7]), "[5 0 0 7]")
  }

  private static func frontendIndexingPlacing2() throws {
    try expect("place([1, 2, 3, 4], [true, false, true, true], [8, 9])", place([1, 2, 3, 4], [true, false, true, true], [8, 9]), "[8 2 9 8]")
  }

  private static func frontendIndexingPlacing3() throws {
    try expect("fillDiagonal(zeros([3, 3], dtype: .int64), [1, 2])", fillDiagonal(zeros([3, 3], dtype: .int64), [1, 2]), "[[1 0 0]\n [0 2 0]\n [0 0 1]]")
  }
}
