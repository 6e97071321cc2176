// Written from Sources/Frontend/Reductions/Sums.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendReductionsSums: [Example] = [
    Example("Frontend/Reductions/Sums.swift: NDArray.sum(axis:keepAxes:dtype:initial:where:file:line:)", frontendReductionsSums1),
    Example("Frontend/Reductions/Sums.swift: NDArray.prod(axis:keepAxes:dtype:initial:where:file:line:)", frontendReductionsSums2),
    Example("Frontend/Reductions/Sums.swift: NDArray.min(axis:keepAxes:initial:where:file:line:)", frontendReductionsSums3),
    Example("Frontend/Reductions/Sums.swift: NDArray.max(axis:keepAxes:initial:where:file:line:)", frontendReductionsSums4),
  ]

  private static func frontendReductionsSums1() throws {
    let a: NDArray = [[1, 2, 3], [4, 5, 6]]
    try expect("a.sum()", a.sum(), "21")
    try expect("a.sum(axis: 0)", a.sum(axis: 0), "[5 7 9]")
    try expect("a.sum(axis: -1, keepAxes: true)", a.sum(axis: -1, keepAxes: true), "[[ 6]\n [15]]")
    try expect("a.sum(initial: 100, where: a .> 4)", a.sum(initial: 100, where: a .> 4), "111")
    try expect("a.sum(axis: 2)", a.sum(axis: 2), "error: sum: axis 2 is out of range for int64[2, 3] [axis]")
  }

  private static func frontendReductionsSums2() throws {
    let a: NDArray = [[1, 2, 3], [4, 5, 6]]
    try expect("a.prod()", a.prod(), "720")
    try expect("a.prod(axis: 1)", a.prod(axis: 1), "[  6 120]")
  }

  private static func frontendReductionsSums3() throws {
    let a: NDArray = [[3, 1], [2, 5]]
    try expect("a.min()", a.min(), "1")
    try expect("a.min(axis: 0)", a.min(axis: 0), "[2 1]")
    try expect("zeros([0]).min()", zeros([0]).min(), "error: min: no elements along axis 0 of float64[0] [empty-reduction]")
  }

  private static func frontendReductionsSums4() throws {
    let a: NDArray = [[3, 1], [2, 5]]
    try expect("a.max(axis: 1)", a.max(axis: 1), "[3 5]")
    try expect("a.max(initial: 0, where: a .< 3)", a.max(initial: 0, where: a .< 3), "2")
  }
}
