// Written from Sources/Frontend/Indexing/Nonzero.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendIndexingNonzero: [Example] = [
    Example("Frontend/Indexing/Nonzero.swift: NDArray.nonzero(file:line:)", frontendIndexingNonzero1),
  ]

  private static func frontendIndexingNonzero1() throws {
    try expect("NDArray([0, 3, 0, 4]).nonzero()[0]", NDArray([0, 3, 0, 4]).nonzero()[0], "[1 3]")
  }
}
