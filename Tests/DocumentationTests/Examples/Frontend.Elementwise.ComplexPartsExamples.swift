// Written from Sources/Frontend/Elementwise/ComplexParts.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendElementwiseComplexParts: [Example] = [
    Example("Frontend/Elementwise/ComplexParts.swift: real(_:file:line:)", frontendElementwiseComplexParts1),
    Example("Frontend/Elementwise/ComplexParts.swift: imag(_:file:line:)", frontendElementwiseComplexParts2),
    Example("Frontend/Elementwise/ComplexParts.swift: conj(_:file:line:)", frontendElementwiseComplexParts3),
  ]

  private static func frontendElementwiseComplexParts1() throws {
    try expect("real(NDArray([Complex(1.0, 2.0), Complex(3.0, -4.0)]))", real(NDArray([Complex(1.0, 2.0), Complex(3.0, -4.0)])), "[1. 3.]")
  }

  private static func frontendElementwiseComplexParts2() throws {
    try expect("imag(NDArray([Complex(1.0, 2.0), Complex(3.0, -4.0)]))", imag(NDArray([Complex(1.0, 2.0), Complex(3.0, -4.0)])), "[ 2. -4.]")
  }

  private static func frontendElementwiseComplexParts3() throws {
    try expect("conj(NDArray([Complex(1.0, 2.0), Complex(3.0, -4.0)]))", conj(NDArray([Complex(1.0, 2.0), Complex(3.0, -4.0)])), "[1.-2.j 3.+4.j]")
  }
}
