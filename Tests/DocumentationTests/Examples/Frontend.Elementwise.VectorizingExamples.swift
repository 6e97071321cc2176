// Written from Sources/Frontend/Elementwise/Vectorizing.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendElementwiseVectorizing: [Example] = [
    Example("Frontend/Elementwise/Vectorizing.swift: ElementwiseFunction", frontendElementwiseVectorizing1),
    Example("Frontend/Elementwise/Vectorizing.swift: ElementwiseFunction.callAsFunction(_:file:line:)", frontendElementwiseVectorizing2),
  ]

  private static func frontendElementwiseVectorizing1() throws {
    let collatz = ElementwiseFunction("collatz") { (n: Int) in n % 2 == 0 ? n / 2 : 3 * n + 1 }
    try expect("collatz(arange(6))", collatz(arange(6)), "[ 0  4  1 10  2 16]")
  }

  private static func frontendElementwiseVectorizing2() throws {
    let longer = ElementwiseFunction { (a: Double, b: Double) in a * a > b * b ? a : b }
    try expect("longer([1, -5], [2, 3])", longer([1, -5], [2, 3]), "[ 2. -5.]")
  }
}
