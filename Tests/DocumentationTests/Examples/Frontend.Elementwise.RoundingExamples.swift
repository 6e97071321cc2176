// Written from Sources/Frontend/Elementwise/Rounding.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendElementwiseRounding: [Example] = [
    Example("Frontend/Elementwise/Rounding.swift: floor(_:file:line:)", frontendElementwiseRounding1),
    Example("Frontend/Elementwise/Rounding.swift: ceil(_:file:line:)", frontendElementwiseRounding2),
    Example("Frontend/Elementwise/Rounding.swift: trunc(_:file:line:)", frontendElementwiseRounding3),
  ]

  private static func frontendElementwiseRounding1() throws {
    try expect("floor([-1.5, 1.5])", floor([-1.5, 1.5]), "[-2.  1.]")
  }

  private static func frontendElementwiseRounding2() throws {
    try expect("ceil([-1.5, 1.5])", ceil([-1.5, 1.5]), "[-1.  2.]")
  }

  private static func frontendElementwiseRounding3() throws {
    try expect("trunc([-1.5, 1.5])", trunc([-1.5, 1.5]), "[-1.  1.]")
  }
}
