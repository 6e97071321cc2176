// Written from Sources/Frontend/Elementwise/NumberTests.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendElementwiseNumberTests: [Example] = [
    Example("Frontend/Elementwise/NumberTests.swift: isNegInf(_:file:line:)", frontendElementwiseNumberTests1),
    Example("Frontend/Elementwise/NumberTests.swift: isPosInf(_:file:line:)", frontendElementwiseNumberTests2),
    Example("Frontend/Elementwise/NumberTests.swift: isReal(_:file:line:)", frontendElementwiseNumberTests3),
    Example("Frontend/Elementwise/NumberTests.swift: isComplex(_:file:line:)", frontendElementwiseNumberTests4),
    Example("Frontend/Elementwise/NumberTests.swift: nanToNum(_:nan:positiveInfinity:negativeInfinity:file:line:)", frontendElementwiseNumberTests5),
    Example("Frontend/Elementwise/NumberTests.swift: isClose(_:_:relative:absolute:equalNaN:file:line:)", frontendElementwiseNumberTests6),
    Example("Frontend/Elementwise/NumberTests.swift: allClose(_:_:relative:absolute:equalNaN:file:line:)", frontendElementwiseNumberTests7),
    Example("Frontend/Elementwise/NumberTests.swift: arrayEqual(_:_:equalNaN:file:line:)", frontendElementwiseNumberTests8),
    Example("Frontend/Elementwise/NumberTests.swift: arrayEquivalent(_:_:file:line:)", frontendElementwiseNumberTests9),
  ]

  private static func frontendElementwiseNumberTests1() throws {
    try expect("isNegInf(NDArray([-Double.infinity, 0, .infinity]))", isNegInf(NDArray([-Double.infinity, 0, .infinity])), "[ True False False]")
  }

  private static func frontendElementwiseNumberTests2() throws {
    try expect("isPosInf(NDArray([-Double.infinity, 0, .infinity]))", isPosInf(NDArray([-Double.infinity, 0, .infinity])), "[False False  True]")
  }

  private static func frontendElementwiseNumberTests3() throws {
    try expect("isReal(NDArray([Complex(1.0, 0.0), Complex(1.0, 2.0)]))", isReal(NDArray([Complex(1.0, 0.0), Complex(1.0, 2.0)])), "[ True False]")
  }

  private static func frontendElementwiseNumberTests4() throws {
    try expect("isComplex(NDArray([Complex(1.0, 0.0), Complex(1.0, 2.0)]))", isComplex(NDArray([Complex(1.0, 0.0), Complex(1.0, 2.0)])), "[False  True]")
  }

  private static func frontendElementwiseNumberTests5() throws {
    try expect("nanToNum(NDArray([1, .nan, .infinity]), positiveInfinity: 99)", nanToNum(NDArray([1, .nan, .infinity]), positiveInfinity: 99), "[ 1.  0. 99.]")
  }

  private static func frontendElementwiseNumberTests6() throws {
    try expect("isClose([1, 2, 3], [1 + 1e-9, 2.1, 3])", isClose([1, 2, 3], [1 + 1e-9, 2.1, 3]), "[ True False  True]")
    try expect("isClose([1, 2, 3], [1.05, 2.1, 3], relative: 0.1)", isClose([1, 2, 3], [1.05, 2.1, 3], relative: 0.1), "[ True  True  True]")
  }

  private static func frontendElementwiseNumberTests7() throws {
    try expect("allClose([0.1 + 0.2, 1], [0.3, 1])", allClose([0.1 + 0.2, 1], [0.3, 1]), "True")
  }

  private static func frontendElementwiseNumberTests8() throws {
    try expect("arrayEqual([1, 2], [1, 2])", arrayEqual([1, 2], [1, 2]), "True")
    try expect("arrayEqual([1, 2], [[1, 2]])", arrayEqual([1, 2], [[1, 2]]), "False")
  }

  private static func frontendElementwiseNumberTests9() throws {
    try expect("arrayEquivalent([1, 2], [[1, 2], [1, 2]])", arrayEquivalent([1, 2], [[1, 2], [1, 2]]), "True")
  }
}
