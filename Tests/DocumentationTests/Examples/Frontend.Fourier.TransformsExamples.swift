// Written from Sources/Frontend/Fourier/Transforms.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendFourierTransforms: [Example] = [
    Example("Frontend/Fourier/Transforms.swift: fft(_:n:axis:norm:file:line:)", frontendFourierTransforms1),
    Example("Frontend/Fourier/Transforms.swift: ifft(_:n:axis:norm:file:line:)", frontendFourierTransforms2),
    Example("Frontend/Fourier/Transforms.swift: rfft(_:n:axis:norm:file:line:)", frontendFourierTransforms3),
    Example("Frontend/Fourier/Transforms.swift: irfft(_:n:axis:norm:file:line:)", frontendFourierTransforms4),
    Example("Frontend/Fourier/Transforms.swift: hfft(_:n:axis:norm:file:line:)", frontendFourierTransforms5),
    Example("Frontend/Fourier/Transforms.swift: ihfft(_:n:axis:norm:file:line:)", frontendFourierTransforms6),
  ]

  private static func frontendFourierTransforms1() throws {
    try expect("fft([1, 0, 0, 0])", fft([1, 0, 0, 0]), "[1.+0.j 1.+0.j 1.+0.j 1.+0.j]")
    try expect("fft([1, 2, 3, 4])", fft([1, 2, 3, 4]), "[10.+0.j -2.+2.j -2.+0.j -2.-2.j]")
  }

  private static func frontendFourierTransforms2() throws {
    try expect("ifft([10, -2, -2, -2])", ifft([10, -2, -2, -2]), "[1.+0.j 3.+0.j 3.+0.j 3.+0.j]")
  }

  private static func frontendFourierTransforms3() throws {
    try expect("rfft([1, 2, 3, 4])", rfft([1, 2, 3, 4]), "[10.+0.j -2.+2.j -2.+0.j]")
  }

  private static func frontendFourierTransforms4() throws {
    try expect("irfft(rfft([1, 2, 3, 4]))", irfft(rfft([1, 2, 3, 4])), "[1. 2. 3. 4.]")
  }

  private static func frontendFourierTransforms5() throws {
    try expect("hfft([1, 2, 3])", hfft([1, 2, 3]), "[ 8. -2.  0. -2.]")
  }

  private static func frontendFourierTransforms6() throws {
    try expect("ihfft([1, 2, 3, 2])", ihfft([1, 2, 3, 2]), "[ 2. -0.j -0.5-0.j  0. -0.j]")
  }
}
