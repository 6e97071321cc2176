// Written from Sources/Frontend/Formatting/FormatOptions.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendFormattingFormatOptions: [Example] = [
    Example("Frontend/Formatting/FormatOptions.swift: FormatOptions", frontendFormattingFormatOptions1),
  ]

  private static func frontendFormattingFormatOptions1() throws {
    var options = FormatOptions()
    options.precision = 3
    options.floatMode = .fixed
    try expect("try NDArray([1, 0.5, 1.0 / 3]).formatted(options: options)", try NDArray([1, 0.5, 1.0 / 3]).formatted(options: options), "[1.000 0.500 0.333]")
    options.sign = .plus
    try expect("try NDArray([1, -0.5]).formatted(options: options)", try NDArray([1, -0.5]).formatted(options: options), "[+1.000 -0.500]")
  }
}
