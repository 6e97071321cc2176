// Written from Sources/Frontend/Formatting/NDArray+Formatting.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendFormattingNDArrayFormatting: [Example] = [
    Example("Frontend/Formatting/NDArray+Formatting.swift: NDArray.formatted(options:)", frontendFormattingNDArrayFormatting1),
    Example("Frontend/Formatting/NDArray+Formatting.swift: NDArray.representation(options:)", frontendFormattingNDArrayFormatting2),
    Example("Frontend/Formatting/NDArray+Formatting.swift: NDArray.array2string(separator:prefix:suffix:options:)", frontendFormattingNDArrayFormatting3),
  ]

  private static func frontendFormattingNDArrayFormatting1() throws {
    let a = NDArray([1, 2.5, 1e-7])
    try expect("try a.formatted()", try a.formatted(), "[1.0e+00 2.5e+00 1.0e-07]")
    var options = FormatOptions()
    options.precision = 2
    options.suppressesSmall = true
    try expect("try a.formatted(options: options)", try a.formatted(options: options), "[1.  2.5 0. ]")
  }

  private static func frontendFormattingNDArrayFormatting2() throws {
    try expect("try NDArray([1, 2.5]).representation()", try NDArray([1, 2.5]).representation(), "array([1. , 2.5])")
    try expect("try zeros([2], dtype: .int32).representation()", try zeros([2], dtype: .int32).representation(), "array([0, 0], dtype=int32)")
  }

  private static func frontendFormattingNDArrayFormatting3() throws {
    try expect("try NDArray([1, 2, 3]).array2string(separator: \", \")", try NDArray([1, 2, 3]).array2string(separator: ", "), "[1, 2, 3]")
  }
}
