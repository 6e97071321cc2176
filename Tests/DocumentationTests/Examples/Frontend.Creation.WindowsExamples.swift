// Written from Sources/Frontend/Creation/Windows.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendCreationWindows: [Example] = [
    Example("Frontend/Creation/Windows.swift: bartlett(_:file:line:)", frontendCreationWindows1),
    Example("Frontend/Creation/Windows.swift: blackman(_:file:line:)", frontendCreationWindows2),
    Example("Frontend/Creation/Windows.swift: hanning(_:file:line:)", frontendCreationWindows3),
    Example("Frontend/Creation/Windows.swift: hamming(_:file:line:)", frontendCreationWindows4),
    Example("Frontend/Creation/Windows.swift: kaiser(_:beta:file:line:)", frontendCreationWindows5),
  ]

  private static func frontendCreationWindows1() throws {
    try expect("bartlett(5)", bartlett(5), "[0.  0.5 1.  0.5 0. ]")
  }

  private static func frontendCreationWindows2() throws {
    try expect("blackman(5)[1..<4]", blackman(5)[1..<4], "[0.34 1.   0.34]")
  }

  private static func frontendCreationWindows3() throws {
    try expect("hanning(5)", hanning(5), "[0.  0.5 1.  0.5 0. ]")
  }

  private static func frontendCreationWindows4() throws {
    try expect("hamming(5)", hamming(5), "[0.08 0.54 1.   0.54 0.08]")
  }

  private static func frontendCreationWindows5() throws {
    try expect("kaiser(3, beta: 14)", kaiser(3, beta: 14), "[7.72686684e-06 1.00000000e+00 7.72686684e-06]")
  }
}
