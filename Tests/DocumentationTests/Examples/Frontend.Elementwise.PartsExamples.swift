// Written from Sources/Frontend/Elementwise/Parts.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendElementwiseParts: [Example] = [
    Example("Frontend/Elementwise/Parts.swift: modf(_:file:line:)", frontendElementwiseParts1),
    Example("Frontend/Elementwise/Parts.swift: frexp(_:file:line:)", frontendElementwiseParts2),
    Example("Frontend/Elementwise/Parts.swift: ldexp(_:_:file:line:)", frontendElementwiseParts3),
    Example("Frontend/Elementwise/Parts.swift: divmod(_:_:file:line:)", frontendElementwiseParts4),
    Example("Frontend/Elementwise/Parts.swift: angle(_:degrees:file:line:)", frontendElementwiseParts5),
  ]

  private static func frontendElementwiseParts1() throws {
    let (fraction, integral) = modf([2.75, -1.5])
    try expect("fraction", fraction, "[ 0.75 -0.5 ]")
    try expect("integral", integral, "[ 2. -1.]")
  }

  private static func frontendElementwiseParts2() throws {
    let (mantissa, exponent) = frexp([8, 0.75, -3])
    try expect("mantissa", mantissa, "[ 0.5   0.75 -0.75]")
    try expect("exponent", exponent, "[4 0 2]")
  }

  private static func frontendElementwiseParts3() throws {
    try expect("ldexp([0.5, 0.75], [4, 0])", ldexp([0.5, 0.75], [4, 0]), "[8.   0.75]")
  }

  private static func frontendElementwiseParts4() throws {
    let (quotient, remainder) = divmod([7, -7], 3)
    try expect("quotient", quotient, "[ 2 -3]")
    try expect("remainder", remainder, "[1 2]")
  }

  private static func frontendElementwiseParts5() throws {
    try expect("angle(NDArray([Complex(1.0, 1.0), Complex(-2.0, 0.0)]), degrees: true)", angle(NDArray([Complex(1.0, 1.0), Complex(-2.0, 0.0)]), degrees: true), "[ 45. 180.]")
  }
}
