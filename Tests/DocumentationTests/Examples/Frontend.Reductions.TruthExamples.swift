// Written from Sources/Frontend/Reductions/Truth.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendReductionsTruth: [Example] = [
    Example("Frontend/Reductions/Truth.swift: NDArray.any(axis:keepAxes:where:file:line:)", frontendReductionsTruth1),
    Example("Frontend/Reductions/Truth.swift: NDArray.all(axis:keepAxes:where:file:line:)", frontendReductionsTruth2),
    Example("Frontend/Reductions/Truth.swift: NDArray.countNonzero(axis:keepAxes:file:line:)", frontendReductionsTruth3),
  ]

  private static func frontendReductionsTruth1() throws {
    let a: NDArray = [[0, 0], [0, 7]]
    try expect("a.any()", a.any(), "True")
    try expect("(a .> 5).any(axis: 0)", (a .> 5).any(axis: 0), "[False  True]")
  }

  private static func frontendReductionsTruth2() throws {
    let a: NDArray = [[1, 2], [0, 7]]
    try expect("a.all()", a.all(), "False")
    try expect("a.all(axis: 1)", a.all(axis: 1), "[ True False]")
  }

  private static func frontendReductionsTruth3() throws {
    let a: NDArray = [[1, 0, 2], [0, 0, 7]]
    try expect("a.countNonzero()", a.countNonzero(), "3")
    try expect("a.countNonzero(axis: 1)", a.countNonzero(axis: 1), "[2 1]")
  }
}
