// Written from Sources/Frontend/ScalarValue.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendScalarValue: [Example] = [
    Example("Frontend/ScalarValue.swift: NDArray.init(scalar:)", frontendScalarValue1),
  ]

  private static func frontendScalarValue1() throws {
    let small = ones([2], dtype: .int8)
    try expect("(small + NDArray(scalar: 5)).type", (small + NDArray(scalar: 5)).type, "int8[2]")
    try expect("(small + NDArray(scalar: 0.5)).type", (small + NDArray(scalar: 0.5)).type, "float64[2]")
    try expect("small + NDArray(scalar: 300)", small + NDArray(scalar: 300), "error: add: the integer 300 is out of range for int8 [out-of-range]")
  }
}
