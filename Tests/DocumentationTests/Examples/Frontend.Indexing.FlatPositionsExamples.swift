// Written from Sources/Frontend/Indexing/FlatPositions.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendIndexingFlatPositions: [Example] = [
    Example("Frontend/Indexing/FlatPositions.swift: nonzero(_:file:line:)", frontendIndexingFlatPositions1),
    Example("Frontend/Indexing/FlatPositions.swift: flatNonzero(_:file:line:)", frontendIndexingFlatPositions2),
    Example("Frontend/Indexing/FlatPositions.swift: argWhere(_:file:line:)", frontendIndexingFlatPositions3),
    Example("Frontend/Indexing/FlatPositions.swift: unravelIndex(_:_:order:file:line:)", frontendIndexingFlatPositions4),
    Example("Frontend/Indexing/FlatPositions.swift: ravelMultiIndex(_:_:outOfBounds:order:file:line:)", frontendIndexingFlatPositions5),
  ]

  private static func frontendIndexingFlatPositions1() throws {
    try expect("nonzero([[0, 5], [6, 0]])", nonzero([[0, 5], [6, 0]]), "[0 1]\n[1 0]")
  }

  private static func frontendIndexingFlatPositions2() throws {
    try expect("flatNonzero([[0, 5], [6, 0]])", flatNonzero([[0, 5], [6, 0]]), "[1 2]")
  }

  private static func frontendIndexingFlatPositions3() throws {
    try expect("argWhere([[0, 5], [6, 0]])", argWhere([[0, 5], [6, 0]]), "[[0 1]\n [1 0]]")
  }

  private static func frontendIndexingFlatPositions4() throws {
    try expect("unravelIndex([1, 5], [2, 3])", unravelIndex([1, 5], [2, 3]), "[0 1]\n[1 2]")
  }

  private static func frontendIndexingFlatPositions5() throws {
    try expect("ravelMultiIndex([[0, 1], [1, 2]], [2, 3])", ravelMultiIndex([[0, 1], [1, 2]], [2, 3]), "[1 5]")
  }
}
