// Written from Sources/Frontend/Elementwise/Exponential.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendElementwiseExponential: [Example] = [
    Example("Frontend/Elementwise/Exponential.swift: sqrt(_:file:line:)", frontendElementwiseExponential1),
    Example("Frontend/Elementwise/Exponential.swift: cbrt(_:file:line:)", frontendElementwiseExponential2),
    Example("Frontend/Elementwise/Exponential.swift: exp(_:file:line:)", frontendElementwiseExponential3),
    Example("Frontend/Elementwise/Exponential.swift: exp2(_:file:line:)", frontendElementwiseExponential4),
    Example("Frontend/Elementwise/Exponential.swift: expm1(_:file:line:)", frontendElementwiseExponential5),
    Example("Frontend/Elementwise/Exponential.swift: log(_:file:line:)", frontendElementwiseExponential6),
    Example("Frontend/Elementwise/Exponential.swift: log2(_:file:line:)", frontendElementwiseExponential7),
    Example("Frontend/Elementwise/Exponential.swift: log10(_:file:line:)", frontendElementwiseExponential8),
    Example("Frontend/Elementwise/Exponential.swift: log1p(_:file:line:)", frontendElementwiseExponential9),
    Example("Frontend/Elementwise/Exponential.swift: logaddexp(_:_:file:line:)", frontendElementwiseExponential10),
    Example("Frontend/Elementwise/Exponential.swift: logaddexp2(_:_:file:line:)", frontendElementwiseExponential11),
    Example("Frontend/Elementwise/Exponential.swift: hypot(_:_:file:line:)", frontendElementwiseExponential12),
    Example("Frontend/Elementwise/Exponential.swift: erf(_:file:line:)", frontendElementwiseExponential13),
  ]

  private static func frontendElementwiseExponential1() throws {
    try expect("sqrt([1, 2, 4])", sqrt([1, 2, 4]), "[1.         1.41421356 2.        ]")
    try expect("sqrt([-1.0])", sqrt([-1.0]), "[nan]")
  }

  private static func frontendElementwiseExponential2() throws {
    try expect("cbrt([8, -27])", cbrt([8, -27]), "[ 2. -3.]")
  }

  private static func frontendElementwiseExponential3() throws {
    try expect("exp([0, 1, -1])", exp([0, 1, -1]), "[1.         2.71828183 0.36787944]")
  }

  private static func frontendElementwiseExponential4() throws {
    try expect("exp2([-1, 0, 10])", exp2([-1, 0, 10]), "[5.000e-01 1.000e+00 1.024e+03]")
  }

  private static func frontendElementwiseExponential5() throws {
    try expect("expm1([0, 1e-10])", expm1([0, 1e-10]), "[0.e+00 1.e-10]")
  }

  private static func frontendElementwiseExponential6() throws {
    try expect("log([1, 10, 0])", log([1, 10, 0]), "[0.         2.30258509       -inf]")
  }

  private static func frontendElementwiseExponential7() throws {
    try expect("log2([1, 8, 0.5])", log2([1, 8, 0.5]), "[ 0.  3. -1.]")
  }

  private static func frontendElementwiseExponential8() throws {
    try expect("log10([1, 1000, 0.01])", log10([1, 1000, 0.01]), "[ 0.  3. -2.]")
  }

  private static func frontendElementwiseExponential9() throws {
    try expect("log1p([0, 1e-10])", log1p([0, 1e-10]), "[0.e+00 1.e-10]")
  }

  private static func frontendElementwiseExponential10() throws {
    try expect("logaddexp([0, 1000], [0, 1000])", logaddexp([0, 1000], [0, 1000]), "[6.93147181e-01 1.00069315e+03]")
  }

  private static func frontendElementwiseExponential11() throws {
    try expect("logaddexp2([0, 1000], [0, 1000])", logaddexp2([0, 1000], [0, 1000]), "[1.000e+00 1.001e+03]")
  }

  private static func frontendElementwiseExponential12() throws {
    try expect("hypot([3, 5e200], [4, 12e200])", hypot([3, 5e200], [4, 12e200]), "[5.0e+000 1.3e+201]")
  }

  private static func frontendElementwiseExponential13() throws {
    try expect("erf([0, 0.5, -0.5])", erf([0, 0.5, -0.5]), "[ 0.          0.52049988 -0.52049988]")
  }
}
