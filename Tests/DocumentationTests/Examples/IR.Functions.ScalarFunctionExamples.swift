// Written from Sources/IR/Functions/ScalarFunction.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftIR

extension Example {
  static let iRFunctionsScalarFunction: [Example] = [
    Example("IR/Functions/ScalarFunction.swift: ScalarFunction", iRFunctionsScalarFunction1),
  ]

  private static func iRFunctionsScalarFunction1() throws {

    let half = ScalarFunction("half", arity: 1, domain: .float) { x, _, _ in
      Scalar(x.doubleValue / 2, x.dtype)
    }
    try expect("NDArray.apply(half, [1, 2, 3], site: .none)", NDArray.apply(half, [1, 2, 3], site: .none), "[0.5 1.  1.5]")
  }
}
