// Written from Sources/Frontend/Indexing/Taking.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendIndexingTaking: [Example] = [
    Example("Frontend/Indexing/Taking.swift: take(_:_:axis:outOfBounds:file:line:)", frontendIndexingTaking1),
    Example("Frontend/Indexing/Taking.swift: takeAlongAxis(_:_:axis:file:line:)", frontendIndexingTaking2),
    Example("Frontend/Indexing/Taking.swift: putAlongAxis(_:_:_:axis:file:line:)", frontendIndexingTaking3),
    Example("Frontend/Indexing/Taking.swift: compress(_:_:axis:file:line:)", frontendIndexingTaking4),
    Example("Frontend/Indexing/Taking.swift: extract(_:_:file:line:)", frontendIndexingTaking5),
    Example("Frontend/Indexing/Taking.swift: select(_:_:default:file:line:)", frontendIndexingTaking6),
    Example("Frontend/Indexing/Taking.swift: choose(_:_:outOfBounds:file:line:)", frontendIndexingTaking7),
  ]

  private static func frontendIndexingTaking1() throws {
    try expect("take([10, 20, 30], [2, 0, 2])", take([10, 20, 30], [2, 0, 2]), "[30 10 30]")
    try expect("take([[1, 2], [3, 4]], [-1], axis: 1)", take([[1, 2], [3, 4]], [-1], axis: 1), "[[2]\n [4]]")
    try expect("take([10, 20, 30], [5, -7], outOfBounds: .wrap)", take([10, 20, 30], [5, -7], outOfBounds: .wrap), "[30 30]")
  }

  private static func frontendIndexingTaking2() throws {
    let a: NDArray = [[3, 1, 2], [9, 8, 7]]
    try expect("takeAlongAxis(a, argsort(a), axis: 1)", takeAlongAxis(a, argsort(a), axis: 1), "[[1 2 3]\n [7 8 9]]")
  }

  private static func frontendIndexingTaking3() throws {
    try expect("putAlongAxis([[1, 2, 3], [4, 5, 6]], [[0], [2]], 0, axis: 1)", putAlongAxis([[1, 2, 3], [4, 5, 6]], [[0], [2]], 0, axis: 1), "[[0 2 3]\n [4 5 0]]")
  }

  private static func frontendIndexingTaking4() throws {
    try expect("compress([false, true, true], [[1, 2, 3], [4, 5, 6]], axis: 1)", compress([false, true, true], [[1, 2, 3], [4, 5, 6]], axis: 1), "[[2 3]\n [5 6]]")
  }

  private static func frontendIndexingTaking5() throws {
    try expect("extract([[true, false], [false, true]], [[1, 2], [3, 4]])", extract([[true, false], [false, true]], [[1, 2], [3, 4]]), "[1 4]")
  }

  private static func frontendIndexingTaking6() throws {
    let x = arange(6)
    try expect("select([x .< 2, x .> 3], [x, x * 10], default: -1)", select([x .< 2, x .> 3], [x, x * 10], default: -1), "[ 0  1 -1 -1 40 50]")
  }

  private static func frontendIndexingTaking7() throws {
    try expect("choose([0, 1, 0], [[1, 2, 3], [10, 20, 30]])", choose([0, 1, 0], [[1, 2, 3], [10, 20, 30]]), "[ 1 20  3]")
  }
}
