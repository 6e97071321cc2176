// Written from Sources/Frontend/Sorting/Searching.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSortingSearching: [Example] = [
    Example("Frontend/Sorting/Searching.swift: searchsorted(_:_:side:sorter:file:line:)", frontendSortingSearching1),
  ]

  private static func frontendSortingSearching1() throws {
    try expect("searchsorted([1, 3, 5], [0, 3, 4, 9])", searchsorted([1, 3, 5], [0, 3, 4, 9]), "[0 1 2 3]")
    try expect("searchsorted([1, 3, 5], 3, side: .right)", searchsorted([1, 3, 5], 3, side: .right), "2")
  }
}
