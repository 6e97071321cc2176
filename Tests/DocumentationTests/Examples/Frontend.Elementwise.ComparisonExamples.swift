// Written from Sources/Frontend/Elementwise/Comparison.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendElementwiseComparison: [Example] = [
    Example("Frontend/Elementwise/Comparison.swift: equal(_:_:file:line:)", frontendElementwiseComparison1),
    Example("Frontend/Elementwise/Comparison.swift: notEqual(_:_:file:line:)", frontendElementwiseComparison2),
    Example("Frontend/Elementwise/Comparison.swift: less(_:_:file:line:)", frontendElementwiseComparison3),
    Example("Frontend/Elementwise/Comparison.swift: lessEqual(_:_:file:line:)", frontendElementwiseComparison4),
    Example("Frontend/Elementwise/Comparison.swift: greater(_:_:file:line:)", frontendElementwiseComparison5),
    Example("Frontend/Elementwise/Comparison.swift: greaterEqual(_:_:file:line:)", frontendElementwiseComparison6),
    Example("Frontend/Elementwise/Comparison.swift: logicalAnd(_:_:file:line:)", frontendElementwiseComparison7),
    Example("Frontend/Elementwise/Comparison.swift: logicalOr(_:_:file:line:)", frontendElementwiseComparison8),
    Example("Frontend/Elementwise/Comparison.swift: logicalXor(_:_:file:line:)", frontendElementwiseComparison9),
    Example("Frontend/Elementwise/Comparison.swift: logicalNot(_:file:line:)", frontendElementwiseComparison10),
    Example("Frontend/Elementwise/Comparison.swift: isnan(_:file:line:)", frontendElementwiseComparison11),
    Example("Frontend/Elementwise/Comparison.swift: isinf(_:file:line:)", frontendElementwiseComparison12),
    Example("Frontend/Elementwise/Comparison.swift: isfinite(_:file:line:)", frontendElementwiseComparison13),
    Example("Frontend/Elementwise/Comparison.swift: signbit(_:file:line:)", frontendElementwiseComparison14),
  ]

  private static func frontendElementwiseComparison1() throws {
    try expect("equal([1, 2, 3], [1, 5, 3])", equal([1, 2, 3], [1, 5, 3]), "[ True False  True]")
  }

  private static func frontendElementwiseComparison2() throws {
    try expect("notEqual([1, 2, 3], [1, 5, 3])", notEqual([1, 2, 3], [1, 5, 3]), "[False  True False]")
  }

  private static func frontendElementwiseComparison3() throws {
    try expect("less([1, 2, 3], 2)", less([1, 2, 3], 2), "[ True False False]")
  }

  private static func frontendElementwiseComparison4() throws {
    try expect("lessEqual([1, 2, 3], 2)", lessEqual([1, 2, 3], 2), "[ True  True False]")
  }

  private static func frontendElementwiseComparison5() throws {
    try expect("greater([1, 2, 3], 2)", greater([1, 2, 3], 2), "[False False  True]")
  }

  private static func frontendElementwiseComparison6() throws {
    try expect("greaterEqual([1, 2, 3], [[1], [3]])", greaterEqual([1, 2, 3], [[1], [3]]), "[[ True  True  True]\n [False False  True]]")
  }

  private static func frontendElementwiseComparison7() throws {
    try expect("logicalAnd([0, 1, 2], [true, true, false])", logicalAnd([0, 1, 2], [true, true, false]), "[False  True False]")
  }

  private static func frontendElementwiseComparison8() throws {
    try expect("logicalOr([0, 1, 0], [false, false, true])", logicalOr([0, 1, 0], [false, false, true]), "[False  True  True]")
  }

  private static func frontendElementwiseComparison9() throws {
    try expect("logicalXor([0, 1, 2], [true, true, false])", logicalXor([0, 1, 2], [true, true, false]), "[ True False  True]")
  }

  private static func frontendElementwiseComparison10() throws {
    try expect("logicalNot([0, 1, 2])", logicalNot([0, 1, 2]), "[ True False False]")
  }

  private static func frontendElementwiseComparison11() throws {
    try expect("isnan(NDArray([1, .nan, .infinity]))", isnan(NDArray([1, .nan, .infinity])), "[False  True False]")
  }

  private static func frontendElementwiseComparison12() throws {
    try expect("isinf(NDArray([1, .nan, -Double.infinity]))", isinf(NDArray([1, .nan, -Double.infinity])), "[False False  True]")
  }

  private static func frontendElementwiseComparison13() throws {
    try expect("isfinite(NDArray([1, .nan, .infinity]))", isfinite(NDArray([1, .nan, .infinity])), "[ True False False]")
  }

  private static func frontendElementwiseComparison14() throws {
    try expect("signbit([-1.0, -0.0, 0.0])", signbit([-1.0, -0.0, 0.0]), "[ True  True False]")
  }
}
