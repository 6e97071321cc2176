// Written from Sources/Frontend/Sets/SetOperations.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSetsSetOperations: [Example] = [
    Example("Frontend/Sets/SetOperations.swift: intersect1d(_:_:file:line:)", frontendSetsSetOperations1),
    Example("Frontend/Sets/SetOperations.swift: intersect1dIndices(_:_:file:line:)", frontendSetsSetOperations2),
    Example("Frontend/Sets/SetOperations.swift: union1d(_:_:file:line:)", frontendSetsSetOperations3),
    Example("Frontend/Sets/SetOperations.swift: setdiff1d(_:_:assumeUnique:file:line:)", frontendSetsSetOperations4),
    Example("Frontend/Sets/SetOperations.swift: setxor1d(_:_:file:line:)", frontendSetsSetOperations5),
    Example("Frontend/Sets/SetOperations.swift: isin(_:_:invert:file:line:)", frontendSetsSetOperations6),
  ]

  private static func frontendSetsSetOperations1() throws {
    try expect("intersect1d([1, 2, 2, 3], [2, 3, 4])", intersect1d([1, 2, 2, 3], [2, 3, 4]), "[2 3]")
  }

  private static func frontendSetsSetOperations2() throws {
    let (values, first, second) = intersect1dIndices([5, 2, 3], [3, 2, 9])
    try expect("values", values, "[2 3]")
    try expect("first", first, "[1 2]")
    try expect("second", second, "[1 0]")
  }

  private static func frontendSetsSetOperations3() throws {
    try expect("union1d([1, 2, 2], [3, 2])", union1d([1, 2, 2], [3, 2]), "[1 2 3]")
  }

  private static func frontendSetsSetOperations4() throws {
    try expect("setdiff1d([3, 1, 2, 1], [2])", setdiff1d([3, 1, 2, 1], [2]), "[1 3]")
  }

  private static func frontendSetsSetOperations5() throws {
    try expect("setxor1d([1, 2, 3], [2, 3, 4])", setxor1d([1, 2, 3], [2, 3, 4]), "[1 4]")
  }

  private static func frontendSetsSetOperations6() throws {
    try expect("isin([[1, 2], [3, 4]], [2, 4, 9])", isin([[1, 2], [3, 4]], [2, 4, 9]), "[[False  True]\n [False  True]]")
  }
}
