// Written from Sources/IR/Diagnostics/WeftError.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let iRDiagnosticsWeftError: [Example] = [
    Example("IR/Diagnostics/WeftError.swift: WeftError", iRDiagnosticsWeftError1),
  ]

  private static func iRDiagnosticsWeftError1() throws {
    let wrong = ones([2]) + ones([3])
    let error = wrong.expr.error
    try expect("error?.code", error?.code, "broadcast")
    try expect("error?.message", error?.message, "cannot broadcast float64[2] with float64[3]")
  }
}
