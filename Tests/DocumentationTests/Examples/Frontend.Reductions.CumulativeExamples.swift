// Written from Sources/Frontend/Reductions/Cumulative.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendReductionsCumulative: [Example] = [
    Example("Frontend/Reductions/Cumulative.swift: cumulativeSum(_:axis:dtype:includeInitial:file:line:)", frontendReductionsCumulative1),
    Example("Frontend/Reductions/Cumulative.swift: cumulativeProduct(_:axis:dtype:includeInitial:file:line:)", frontendReductionsCumulative2),
    Example("Frontend/Reductions/Cumulative.swift: cumsum(_:axis:dtype:file:line:)", frontendReductionsCumulative3),
    Example("Frontend/Reductions/Cumulative.swift: cumprod(_:axis:dtype:file:line:)", frontendReductionsCumulative4),
    Example("Frontend/Reductions/Cumulative.swift: nancumsum(_:axis:dtype:file:line:)", frontendReductionsCumulative5),
    Example("Frontend/Reductions/Cumulative.swift: nancumprod(_:axis:dtype:file:line:)", frontendReductionsCumulative6),
  ]

  private static func frontendReductionsCumulative1() throws {
    try expect("cumulativeSum([1, 2, 3, 4])", cumulativeSum([1, 2, 3, 4]), "[ 1  3  6 10]")
    try expect("cumulativeSum([[1, 2], [3, 4]], axis: 1, includeInitial: true)", cumulativeSum([[1, 2], [3, 4]], axis: 1, includeInitial: true), "[[0 1 3]\n [0 3 7]]")
  }

  private static func frontendReductionsCumulative2() throws {
    try expect("cumulativeProduct([1, 2, 3, 4])", cumulativeProduct([1, 2, 3, 4]), "[ 1  2  6 24]")
  }

  private static func frontendReductionsCumulative3() throws {
    try expect("cumsum([[1, 2], [3, 4]])", cumsum([[1, 2], [3, 4]]), "[ 1  3  6 10]")
    try expect("cumsum([[1, 2], [3, 4]], axis: 0)", cumsum([[1, 2], [3, 4]], axis: 0), "[[1 2]\n [4 6]]")
  }

  private static func frontendReductionsCumulative4() throws {
    try expect("cumprod([[1, 2], [3, 4]], axis: 1)", cumprod([[1, 2], [3, 4]], axis: 1), "[[ 1  2]\n [ 3 12]]")
  }

  private static func frontendReductionsCumulative5() throws {
    try expect("nancumsum(NDArray([1, .nan, 3]))", nancumsum(NDArray([1, .nan, 3])), "[1. 1. 4.]")
  }

  private static func frontendReductionsCumulative6() throws {
    try expect("nancumprod(NDArray([2, .nan, 3]))", nancumprod(NDArray([2, .nan, 3])), "[2. 2. 6.]")
  }
}
