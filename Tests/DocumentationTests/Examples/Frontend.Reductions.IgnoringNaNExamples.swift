// Written from Sources/Frontend/Reductions/IgnoringNaN.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendReductionsIgnoringNaN: [Example] = [
    Example("Frontend/Reductions/IgnoringNaN.swift: nansum(_:axis:keepAxes:dtype:file:line:)", frontendReductionsIgnoringNaN1),
    Example("Frontend/Reductions/IgnoringNaN.swift: nanprod(_:axis:keepAxes:dtype:file:line:)", frontendReductionsIgnoringNaN2),
    Example("Frontend/Reductions/IgnoringNaN.swift: nanmin(_:axis:keepAxes:file:line:)", frontendReductionsIgnoringNaN3),
    Example("Frontend/Reductions/IgnoringNaN.swift: nanmax(_:axis:keepAxes:file:line:)", frontendReductionsIgnoringNaN4),
    Example("Frontend/Reductions/IgnoringNaN.swift: nanmean(_:axis:keepAxes:file:line:)", frontendReductionsIgnoringNaN5),
    Example("Frontend/Reductions/IgnoringNaN.swift: nanvar(_:axis:keepAxes:correction:file:line:)", frontendReductionsIgnoringNaN6),
    Example("Frontend/Reductions/IgnoringNaN.swift: nanstd(_:axis:keepAxes:correction:file:line:)", frontendReductionsIgnoringNaN7),
    Example("Frontend/Reductions/IgnoringNaN.swift: nanargmin(_:axis:keepAxes:file:line:)", frontendReductionsIgnoringNaN8),
    Example("Frontend/Reductions/IgnoringNaN.swift: nanargmax(_:axis:keepAxes:file:line:)", frontendReductionsIgnoringNaN9),
  ]

  private static func frontendReductionsIgnoringNaN1() throws {
    try expect("nansum(NDArray([1, .nan, 3]))", nansum(NDArray([1, .nan, 3])), "4.0")
  }

  private static func frontendReductionsIgnoringNaN2() throws {
    try expect("nanprod(NDArray([2, .nan, 3]))", nanprod(NDArray([2, .nan, 3])), "6.0")
  }

  private static func frontendReductionsIgnoringNaN3() throws {
    try expect("nanmin(NDArray([2, .nan, 3]))", nanmin(NDArray([2, .nan, 3])), "2.0")
  }

  private static func frontendReductionsIgnoringNaN4() throws {
    try expect("nanmax(NDArray([2, .nan, 3]))", nanmax(NDArray([2, .nan, 3])), "3.0")
  }

  private static func frontendReductionsIgnoringNaN5() throws {
    try expect("nanmean(NDArray([1, .nan, 3]))", nanmean(NDArray([1, .nan, 3])), "2.0")
  }

  private static func frontendReductionsIgnoringNaN6() throws {
    try expect("nanvar(NDArray([1, .nan, 3]))", nanvar(NDArray([1, .nan, 3])), "1.0")
  }

  private static func frontendReductionsIgnoringNaN7() throws {
    try expect("nanstd(NDArray([1, .nan, 3]), correction: 1)", nanstd(NDArray([1, .nan, 3]), correction: 1), "1.4142135623730951")
  }

  private static func frontendReductionsIgnoringNaN8() throws {
    try expect("nanargmin(NDArray([.nan, 2, 1]))", nanargmin(NDArray([.nan, 2, 1])), "2")
  }

  private static func frontendReductionsIgnoringNaN9() throws {
    try expect("nanargmax(NDArray([.nan, 2, 1]))", nanargmax(NDArray([.nan, 2, 1])), "1")
  }
}
