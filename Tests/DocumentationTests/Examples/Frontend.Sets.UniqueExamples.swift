// Written from Sources/Frontend/Sets/Unique.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSetsUnique: [Example] = [
    Example("Frontend/Sets/Unique.swift: uniqueValues(_:file:line:)", frontendSetsUnique1),
    Example("Frontend/Sets/Unique.swift: uniqueCounts(_:file:line:)", frontendSetsUnique2),
    Example("Frontend/Sets/Unique.swift: uniqueInverse(_:file:line:)", frontendSetsUnique3),
    Example("Frontend/Sets/Unique.swift: uniqueAll(_:file:line:)", frontendSetsUnique4),
    Example("Frontend/Sets/Unique.swift: unique(_:axis:equalNaN:sorted:file:line:)", frontendSetsUnique5),
    Example("Frontend/Sets/Unique.swift: uniqueElements(_:axis:equalNaN:file:line:)", frontendSetsUnique6),
  ]

  private static func frontendSetsUnique1() throws {
    try expect("uniqueValues([3, 1, 3, 2])", uniqueValues([3, 1, 3, 2]), "[2 1 3]")
  }

  private static func frontendSetsUnique2() throws {
    let (values, counts) = uniqueCounts([3, 1, 3, 2])
    try expect("values", values, "[1 2 3]")
    try expect("counts", counts, "[1 1 2]")
  }

  private static func frontendSetsUnique3() throws {
    let (values, inverse) = uniqueInverse([3, 1, 3, 2])
    try expect("inverse", inverse, "[2 0 2 1]")
    try expect("values[inverse]", values[inverse], "[3 1 3 2]")
  }

  private static func frontendSetsUnique4() throws {
    let all = uniqueAll([3, 1, 3, 2])
    try expect("all.values", all.values, "[1 2 3]")
    try expect("all.indices", all.indices, "[1 3 0]")
    try expect("all.counts", all.counts, "[1 1 2]")
  }

  private static func frontendSetsUnique5() throws {
    try expect("unique([3, 1, 3, 2])", unique([3, 1, 3, 2]), "[1 2 3]")
    try expect("unique([[1, 2], [3, 4], [1, 2]], axis: 0)", unique([[1, 2], [3, 4], [1, 2]], axis: 0), "[[1 2]\n [3 4]]")
  }

  private static func frontendSetsUnique6() throws {
    try expect("uniqueElements([3, 1, 3, 2]).counts", uniqueElements([3, 1, 3, 2]).counts, "[1 1 2]")
  }
}
