// Written from Sources/Frontend/ScalarValue.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendScalarValue: [Example] = [
    Example("Frontend/ScalarValue.swift: Complex", frontendScalarValue1),
    Example("Frontend/ScalarValue.swift: NDArray.init(scalar:)", frontendScalarValue2),
  ]

  private static func frontendScalarValue1() throws {
    let z = NDArray([Complex(1.0, 2.0), Complex(3.0, -4.0)])
    try expect("z * z", z * z, "[-3. +4.j -7.-24.j]")
    try expect("abs(z)", abs(z), "[2.23606798 5.        ]")
  }

  private static func frontendScalarValue2() throws {
    let small = ones([2], dtype: .int8)
    try expect("(small + NDArray(scalar: 5)).type", (small + NDArray(scalar: 5)).type, "int8[2]")
    try expect("(small + NDArray(scalar: 0.5)).type", (small + NDArray(scalar: 0.5)).type, "float64[2]")
    try expect("small + NDArray(scalar: 300)", small + NDArray(scalar: 300), "error: add: the integer 300 is out of range for int8 [out-of-range]")
  }
}
