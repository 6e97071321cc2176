// Written from Sources/Frontend/Elementwise/Bessel.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendElementwiseBessel: [Example] = [
    Example("Frontend/Elementwise/Bessel.swift: i0(_:file:line:)", frontendElementwiseBessel1),
  ]

  private static func frontendElementwiseBessel1() throws {
    try expect("i0([0, 1, 2])", i0([0, 1, 2]), "[1.         1.26606588 2.2795853 ]")
  }
}
