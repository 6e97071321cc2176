// Written from Sources/Frontend/Fourier/Frequencies.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendFourierFrequencies: [Example] = [
    Example("Frontend/Fourier/Frequencies.swift: fftfreq(_:d:file:line:)", frontendFourierFrequencies1),
    Example("Frontend/Fourier/Frequencies.swift: rfftfreq(_:d:file:line:)", frontendFourierFrequencies2),
    Example("Frontend/Fourier/Frequencies.swift: fftshift(_:axes:file:line:)", frontendFourierFrequencies3),
    Example("Frontend/Fourier/Frequencies.swift: ifftshift(_:axes:file:line:)", frontendFourierFrequencies4),
  ]

  private static func frontendFourierFrequencies1() throws {
    try expect("fftfreq(5)", fftfreq(5), "[ 0.   0.2  0.4 -0.4 -0.2]")
    try expect("fftfreq(4, d: 0.5)", fftfreq(4, d: 0.5), "[ 0.   0.5 -1.  -0.5]")
  }

  private static func frontendFourierFrequencies2() throws {
    try expect("rfftfreq(4)", rfftfreq(4), "[0.   0.25 0.5 ]")
  }

  private static func frontendFourierFrequencies3() throws {
    try expect("fftshift(fftfreq(5))", fftshift(fftfreq(5)), "[-0.4 -0.2  0.   0.2  0.4]")
  }

  private static func frontendFourierFrequencies4() throws {
    try expect("ifftshift(fftshift(fftfreq(5)))", ifftshift(fftshift(fftfreq(5))), "[ 0.   0.2  0.4 -0.4 -0.2]")
  }
}
