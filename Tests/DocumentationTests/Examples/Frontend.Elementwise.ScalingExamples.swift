// Written from Sources/Frontend/Elementwise/Scaling.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendElementwiseScaling: [Example] = [
    Example("Frontend/Elementwise/Scaling.swift: positive(_:file:line:)", frontendElementwiseScaling1),
    Example("Frontend/Elementwise/Scaling.swift: square(_:file:line:)", frontendElementwiseScaling2),
    Example("Frontend/Elementwise/Scaling.swift: reciprocal(_:file:line:)", frontendElementwiseScaling3),
    Example("Frontend/Elementwise/Scaling.swift: floatPower(_:_:file:line:)", frontendElementwiseScaling4),
    Example("Frontend/Elementwise/Scaling.swift: fabs(_:file:line:)", frontendElementwiseScaling5),
    Example("Frontend/Elementwise/Scaling.swift: rint(_:file:line:)", frontendElementwiseScaling6),
    Example("Frontend/Elementwise/Scaling.swift: round(_:decimals:file:line:)", frontendElementwiseScaling7),
    Example("Frontend/Elementwise/Scaling.swift: degrees(_:file:line:)", frontendElementwiseScaling8),
    Example("Frontend/Elementwise/Scaling.swift: radians(_:file:line:)", frontendElementwiseScaling9),
    Example("Frontend/Elementwise/Scaling.swift: sinc(_:file:line:)", frontendElementwiseScaling10),
  ]

  private static func frontendElementwiseScaling1() throws {
    try expect("positive([1, -2])", positive([1, -2]), "[ 1 -2]")
  }

  private static func frontendElementwiseScaling2() throws {
    try expect("square([1, -2, 3])", square([1, -2, 3]), "[1 4 9]")
  }

  private static func frontendElementwiseScaling3() throws {
    try expect("reciprocal([1, 2, 4.0])", reciprocal([1, 2, 4.0]), "[1.   0.5  0.25]")
    try expect("reciprocal([1, 2])", reciprocal([1, 2]), "[1 0]")
  }

  private static func frontendElementwiseScaling4() throws {
    try expect("floatPower([1, 2], -1)", floatPower([1, 2], -1), "[1.  0.5]")
  }

  private static func frontendElementwiseScaling5() throws {
    try expect("fabs([-1, 2])", fabs([-1, 2]), "[1. 2.]")
  }

  private static func frontendElementwiseScaling6() throws {
    try expect("rint([0.5, 1.5, -2.7])", rint([0.5, 1.5, -2.7]), "[ 0.  2. -3.]")
  }

  private static func frontendElementwiseScaling7() throws {
    try expect("round([1.234, 5.678], decimals: 1)", round([1.234, 5.678], decimals: 1), "[1.2 5.7]")
    try expect("round([1234, 5678], decimals: -2)", round([1234, 5678], decimals: -2), "[1200 5700]")
  }

  private static func frontendElementwiseScaling8() throws {
    try expect("degrees(NDArray([0, Double.pi / 2]))", degrees(NDArray([0, Double.pi / 2])), "[ 0. 90.]")
  }

  private static func frontendElementwiseScaling9() throws {
    try expect("radians([0, 180])", radians([0, 180]), "[0.         3.14159265]")
  }

  private static func frontendElementwiseScaling10() throws {
    try expect("sinc([0, 0.5, 1.5])", sinc([0, 0.5, 1.5]), "[ 1.          0.63661977 -0.21220659]")
  }
}
