// Written from Sources/Frontend/Elementwise/Arithmetic.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendElementwiseArithmetic: [Example] = [
    Example("Frontend/Elementwise/Arithmetic.swift: add(_:_:file:line:)", frontendElementwiseArithmetic1),
    Example("Frontend/Elementwise/Arithmetic.swift: subtract(_:_:file:line:)", frontendElementwiseArithmetic2),
    Example("Frontend/Elementwise/Arithmetic.swift: multiply(_:_:file:line:)", frontendElementwiseArithmetic3),
    Example("Frontend/Elementwise/Arithmetic.swift: divide(_:_:file:line:)", frontendElementwiseArithmetic4),
    Example("Frontend/Elementwise/Arithmetic.swift: floorDivide(_:_:file:line:)", frontendElementwiseArithmetic5),
    Example("Frontend/Elementwise/Arithmetic.swift: remainder(_:_:file:line:)", frontendElementwiseArithmetic6),
    Example("Frontend/Elementwise/Arithmetic.swift: fmod(_:_:file:line:)", frontendElementwiseArithmetic7),
    Example("Frontend/Elementwise/Arithmetic.swift: pow(_:_:file:line:)", frontendElementwiseArithmetic8),
    Example("Frontend/Elementwise/Arithmetic.swift: negative(_:file:line:)", frontendElementwiseArithmetic9),
    Example("Frontend/Elementwise/Arithmetic.swift: abs(_:file:line:)", frontendElementwiseArithmetic10),
    Example("Frontend/Elementwise/Arithmetic.swift: sign(_:file:line:)", frontendElementwiseArithmetic11),
    Example("Frontend/Elementwise/Arithmetic.swift: maximum(_:_:file:line:)", frontendElementwiseArithmetic12),
    Example("Frontend/Elementwise/Arithmetic.swift: minimum(_:_:file:line:)", frontendElementwiseArithmetic13),
    Example("Frontend/Elementwise/Arithmetic.swift: fmax(_:_:file:line:)", frontendElementwiseArithmetic14),
    Example("Frontend/Elementwise/Arithmetic.swift: fmin(_:_:file:line:)", frontendElementwiseArithmetic15),
    Example("Frontend/Elementwise/Arithmetic.swift: copysign(_:_:file:line:)", frontendElementwiseArithmetic16),
    Example("Frontend/Elementwise/Arithmetic.swift: heaviside(_:_:file:line:)", frontendElementwiseArithmetic17),
    Example("Frontend/Elementwise/Arithmetic.swift: nextafter(_:_:file:line:)", frontendElementwiseArithmetic18),
    Example("Frontend/Elementwise/Arithmetic.swift: spacing(_:file:line:)", frontendElementwiseArithmetic19),
    Example("Frontend/Elementwise/Arithmetic.swift: gcd(_:_:file:line:)", frontendElementwiseArithmetic20),
    Example("Frontend/Elementwise/Arithmetic.swift: lcm(_:_:file:line:)", frontendElementwiseArithmetic21),
  ]

  private static func frontendElementwiseArithmetic1() throws {
    try expect("add([1, 2, 3], [0.5, 0.25, 0])", add([1, 2, 3], [0.5, 0.25, 0]), "[1.5  2.25 3.  ]")
  }

  private static func frontendElementwiseArithmetic2() throws {
    try expect("subtract([[5, 6], [7, 8]], [1, 2])", subtract([[5, 6], [7, 8]], [1, 2]), "[[4 4]\n [6 6]]")
  }

  private static func frontendElementwiseArithmetic3() throws {
    try expect("multiply([1, 2, 3], [[10], [100]])", multiply([1, 2, 3], [[10], [100]]), "[[ 10  20  30]\n [100 200 300]]")
  }

  private static func frontendElementwiseArithmetic4() throws {
    try expect("divide([1, 2, 3], 2)", divide([1, 2, 3], 2), "[0.5 1.  1.5]")
  }

  private static func frontendElementwiseArithmetic5() throws {
    try expect("floorDivide([7, -7], 2)", floorDivide([7, -7], 2), "[ 3 -4]")
    try expect("floorDivide([7.5, -7.5], 2)", floorDivide([7.5, -7.5], 2), "[ 3. -4.]")
  }

  private static func frontendElementwiseArithmetic6() throws {
    try expect("remainder([7, -7], 3)", remainder([7, -7], 3), "[1 2]")
  }

  private static func frontendElementwiseArithmetic7() throws {
    try expect("fmod([7, -7], 3)", fmod([7, -7], 3), "[ 1 -1]")
  }

  private static func frontendElementwiseArithmetic8() throws {
    try expect("pow([1, 2, 3], 2)", pow([1, 2, 3], 2), "[1 4 9]")
    try expect("pow(2.0, [-1, 0.5, 10])", pow(2.0, [-1, 0.5, 10]), "[5.00000000e-01 1.41421356e+00 1.02400000e+03]")
    try expect("pow([1, 2], -1)", pow([1, 2], -1), "error: pow: integers cannot be raised to the negative power -1 [value]")
  }

  private static func frontendElementwiseArithmetic9() throws {
    try expect("negative([1, -2.5])", negative([1, -2.5]), "[-1.   2.5]")
  }

  private static func frontendElementwiseArithmetic10() throws {
    try expect("abs([-3, 4])", abs([-3, 4]), "[3 4]")
    try expect("abs(NDArray([Complex(3.0, 4.0)]))", abs(NDArray([Complex(3.0, 4.0)])), "[5.]")
  }

  private static func frontendElementwiseArithmetic11() throws {
    try expect("sign(NDArray([-2.5, 0, 7, .nan]))", sign(NDArray([-2.5, 0, 7, .nan])), "[-1.  0.  1. nan]")
  }

  private static func frontendElementwiseArithmetic12() throws {
    try expect("maximum([1, 5, 3], [4, 2, 3])", maximum([1, 5, 3], [4, 2, 3]), "[4 5 3]")
    try expect("maximum(NDArray([1, .nan]), 2)", maximum(NDArray([1, .nan]), 2), "[ 2. nan]")
  }

  private static func frontendElementwiseArithmetic13() throws {
    try expect("minimum([1, 5, 3], [4, 2, 3])", minimum([1, 5, 3], [4, 2, 3]), "[1 2 3]")
  }

  private static func frontendElementwiseArithmetic14() throws {
    try expect("fmax(NDArray([1, .nan, 3]), [2, 2, 2])", fmax(NDArray([1, .nan, 3]), [2, 2, 2]), "[2. 2. 3.]")
  }

  private static func frontendElementwiseArithmetic15() throws {
    try expect("fmin(NDArray([1, .nan, 3]), [2, 2, 2])", fmin(NDArray([1, .nan, 3]), [2, 2, 2]), "[1. 2. 2.]")
  }

  private static func frontendElementwiseArithmetic16() throws {
    try expect("copysign([1, 2], [-0.0, 5])", copysign([1, 2], [-0.0, 5]), "[-1.  2.]")
  }

  private static func frontendElementwiseArithmetic17() throws {
    try expect("heaviside([-1.5, 0, 2], 0.5)", heaviside([-1.5, 0, 2], 0.5), "[0.  0.5 1. ]")
  }

  private static func frontendElementwiseArithmetic18() throws {
    try expect("nextafter([1.0], 2) .> 1", nextafter([1.0], 2) .> 1, "[ True]")
    try expect("nextafter([1.0], 2) - 1", nextafter([1.0], 2) - 1, "[2.22044605e-16]")
  }

  private static func frontendElementwiseArithmetic19() throws {
    try expect("spacing([1.0, 1024])", spacing([1.0, 1024]), "[2.22044605e-16 2.27373675e-13]")
  }

  private static func frontendElementwiseArithmetic20() throws {
    try expect("gcd([12, 18], [8, 27])", gcd([12, 18], [8, 27]), "[4 9]")
  }

  private static func frontendElementwiseArithmetic21() throws {
    try expect("lcm([4, 6], 10)", lcm([4, 6], 10), "[20 30]")
  }
}
