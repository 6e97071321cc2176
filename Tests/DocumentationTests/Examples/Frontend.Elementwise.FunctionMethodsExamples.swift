// Written from Sources/Frontend/Elementwise/FunctionMethods.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftIR

extension Example {
  static let frontendElementwiseFunctionMethods: [Example] = [
    Example("Frontend/Elementwise/FunctionMethods.swift: ScalarFunction.outer(_:_:file:line:)", frontendElementwiseFunctionMethods1),
    Example("Frontend/Elementwise/FunctionMethods.swift: ScalarFunction.reduce(_:axes:keepAxes:dtype:initial:where:file:line:)", frontendElementwiseFunctionMethods2),
    Example("Frontend/Elementwise/FunctionMethods.swift: ScalarFunction.accumulate(_:axis:dtype:file:line:)", frontendElementwiseFunctionMethods3),
    Example("Frontend/Elementwise/FunctionMethods.swift: ScalarFunction.reduceAt(_:_:axis:dtype:file:line:)", frontendElementwiseFunctionMethods4),
    Example("Frontend/Elementwise/FunctionMethods.swift: ScalarFunction.at(_:_:values:file:line:)", frontendElementwiseFunctionMethods5),
  ]

  private static func frontendElementwiseFunctionMethods1() throws {

    try expect("ScalarFunction.multiply.outer([1, 2], [3, 4])", ScalarFunction.multiply.outer([1, 2], [3, 4]), "[[3 4]\n [6 8]]")
  }

  private static func frontendElementwiseFunctionMethods2() throws {

    try expect("ScalarFunction.add.reduce([[1, 2], [3, 4]], axes: [0])", ScalarFunction.add.reduce([[1, 2], [3, 4]], axes: [0]), "[4 6]")
    try expect("ScalarFunction.maximum.reduce([[1, 2], [3, 4]], axes: nil)", ScalarFunction.maximum.reduce([[1, 2], [3, 4]], axes: nil), "4")
  }

  private static func frontendElementwiseFunctionMethods3() throws {

    try expect("ScalarFunction.multiply.accumulate([1, 2, 3])", ScalarFunction.multiply.accumulate([1, 2, 3]), "[1 2 6]")
  }

  private static func frontendElementwiseFunctionMethods4() throws {

    try expect("ScalarFunction.add.reduceAt([1, 2, 3, 4], [0, 2])", ScalarFunction.add.reduceAt([1, 2, 3, 4], [0, 2]), "[3 7]")
  }

  private static func frontendElementwiseFunctionMethods5() throws {

    let positions: NDArray = [0, 2, 2]
    try expect("ScalarFunction.add.at([0, 0, 0], positions, values: 1)", ScalarFunction.add.at([0, 0, 0], positions, values: 1), "[1 0 2]")
  }
}
