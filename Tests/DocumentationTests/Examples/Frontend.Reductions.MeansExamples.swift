// Written from Sources/Frontend/Reductions/Means.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendReductionsMeans: [Example] = [
    Example("Frontend/Reductions/Means.swift: NDArray.mean(axis:keepAxes:dtype:where:file:line:)", frontendReductionsMeans1),
    Example("Frontend/Reductions/Means.swift: NDArray.var(axis:keepAxes:correction:file:line:)", frontendReductionsMeans2),
    Example("Frontend/Reductions/Means.swift: NDArray.std(axis:keepAxes:correction:file:line:)", frontendReductionsMeans3),
  ]

  private static func frontendReductionsMeans1() throws {
    let a: NDArray = [[1, 2], [3, 5]]
    try expect("a.mean()", a.mean(), "2.75")
    try expect("a.mean(axis: 0)", a.mean(axis: 0), "[2.  3.5]")
    try expect("a - a.mean(axis: 1, keepAxes: true)", a - a.mean(axis: 1, keepAxes: true), "[[-0.5  0.5]\n [-1.   1. ]]")
  }

  private static func frontendReductionsMeans2() throws {
    let a: NDArray = [1, 2, 3, 4]
    try expect("a.var()", a.var(), "1.25")
    try expect("a.var(correction: 1)", a.var(correction: 1), "1.6666666666666667")
  }

  private static func frontendReductionsMeans3() throws {
    let a: NDArray = [[1, 3], [10, 30]]
    try expect("a.std(axis: 1)", a.std(axis: 1), "[ 1. 10.]")
  }
}
