// Written from Sources/IR/Diagnostics/ByteText.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftIR

extension Example {
  static let iRDiagnosticsByteText: [Example] = [
    Example("IR/Diagnostics/ByteText.swift: ByteText.of(_:)", iRDiagnosticsByteText1),
  ]

  private static func iRDiagnosticsByteText1() throws {

    try expect("ByteText.of(1536)", ByteText.of(1536), "1.5 KiB")
  }
}
