// Written from Sources/Frontend/Elementwise/Operators.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendElementwiseOperators: [Example] = [
    Example("Frontend/Elementwise/Operators.swift: NDArray.+(_:_:)", frontendElementwiseOperators1),
    Example("Frontend/Elementwise/Operators.swift: NDArray.-(_:_:)", frontendElementwiseOperators2),
    Example("Frontend/Elementwise/Operators.swift: NDArray.*(_:_:)", frontendElementwiseOperators3),
    Example("Frontend/Elementwise/Operators.swift: NDArray./(_:_:)", frontendElementwiseOperators4),
    Example("Frontend/Elementwise/Operators.swift: NDArray.%(_:_:)", frontendElementwiseOperators5),
    Example("Frontend/Elementwise/Operators.swift: NDArray.+=(_:_:)", frontendElementwiseOperators6),
    Example("Frontend/Elementwise/Operators.swift: NDArray.-=(_:_:)", frontendElementwiseOperators7),
    Example("Frontend/Elementwise/Operators.swift: NDArray.*=(_:_:)", frontendElementwiseOperators8),
    Example("Frontend/Elementwise/Operators.swift: NDArray./=(_:_:)", frontendElementwiseOperators9),
    Example("Frontend/Elementwise/Operators.swift: NDArray.%=(_:_:)", frontendElementwiseOperators10),
    Example("Frontend/Elementwise/Operators.swift: NDArray.-(_:)", frontendElementwiseOperators11),
    Example("Frontend/Elementwise/Operators.swift: NDArray.•(_:_:)", frontendElementwiseOperators12),
  ]

  private static func frontendElementwiseOperators1() throws {
    let a: NDArray = [[1, 2, 3], [4, 5, 6]]
    try expect("a + [10, 20, 30]", a + [10, 20, 30], "[[11 22 33]\n [14 25 36]]")
    try expect("a + 0.5", a + 0.5, "[[1.5 2.5 3.5]\n [4.5 5.5 6.5]]")
    try expect("ones([2]) + ones([3])", ones([2]) + ones([3]), "error: add: cannot broadcast float64[2] with float64[3] [broadcast]")
  }

  private static func frontendElementwiseOperators2() throws {
    let a: NDArray = [5, 7, 9]
    try expect("a - [1, 2, 3]", a - [1, 2, 3], "[4 5 6]")
    try expect("10 - a", 10 - a, "[5 3 1]")
  }

  private static func frontendElementwiseOperators3() throws {
    let a: NDArray = [1, 2, 3]
    try expect("a * a", a * a, "[1 4 9]")
    try expect("2.5 * a", 2.5 * a, "[2.5 5.  7.5]")
  }

  private static func frontendElementwiseOperators4() throws {
    let a: NDArray = [1, 2, 3]
    try expect("a / 2", a / 2, "[0.5 1.  1.5]")
    try expect("1 / (a - 1)", 1 / (a - 1), "[inf 1.  0.5]")
  }

  private static func frontendElementwiseOperators5() throws {
    let a: NDArray = [5, -5]
    try expect("a % 3", a % 3, "[2 1]")
  }

  private static func frontendElementwiseOperators6() throws {
    var a: NDArray = [1, 2, 3]
    a += 10
    try expect("a", a, "[11 12 13]")
    a += 0.5
    try expect("a", a, "error: +=: the result is float64, which does not convert to int64 [dtype]")
  }

  private static func frontendElementwiseOperators7() throws {
    var a: NDArray = [1, 2, 3]
    a -= [1, 1, 1]
    try expect("a", a, "[0 1 2]")
  }

  private static func frontendElementwiseOperators8() throws {
    var a: NDArray = [1, 2, 3]
    a *= 2
    try expect("a", a, "[2 4 6]")
  }

  private static func frontendElementwiseOperators9() throws {
    var a: NDArray = [1.0, 2, 3]
    a /= 2
    try expect("a", a, "[0.5 1.  1.5]")
  }

  private static func frontendElementwiseOperators10() throws {
    var a: NDArray = [5, 6, 7]
    a %= 4
    try expect("a", a, "[1 2 3]")
  }

  private static func frontendElementwiseOperators11() throws {
    let a: NDArray = [1, -2]
    try expect("-a", -a, "[-1  2]")
  }

  private static func frontendElementwiseOperators12() throws {
    let a: NDArray = [[1, 2], [3, 4]]
    try expect("a • a", a • a, "[[ 7 10]\n [15 22]]")
    try expect("a • [1, 10]", a • [1, 10], "[21 43]")
  }
}
