// Written from Sources/Frontend/Formatting/FormatOptions.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendFormattingFormatOptions: [Example] = [
    Example("Frontend/Formatting/FormatOptions.swift: FormatOptions", frontendFormattingFormatOptions1),
    Example("Frontend/Formatting/FormatOptions.swift: FormatOptions.with(_:run:)", frontendFormattingFormatOptions2),
  ]

  private static func frontendFormattingFormatOptions1() throws {
    var options = FormatOptions()
    options.precision = 3
    options.floatMode = .fixed
    try expect("try NDArray([1, 0.5, 1.0 / 3]).formatted(options: options)", try NDArray([1, 0.5, 1.0 / 3]).formatted(options: options), "[1.000 0.500 0.333]")
    options.sign = .plus
    try expect("try NDArray([1, -0.5]).formatted(options: options)", try NDArray([1, -0.5]).formatted(options: options), "[+1.000 -0.500]")
  }

  private static func frontendFormattingFormatOptions2() throws {
    let x = NDArray([1.0 / 3])
    try expect("try FormatOptions.with { $0.precision = 3 } run: { try x.formatted() }", try FormatOptions.with { $0.precision = 3 } run: { try x.formatted() }, "[0.333]")
  }
}
