// Written from Sources/Frontend/Elementwise/Piecewise.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendElementwisePiecewise: [Example] = [
    Example("Frontend/Elementwise/Piecewise.swift: fix(_:file:line:)", frontendElementwisePiecewise1),
    Example("Frontend/Elementwise/Piecewise.swift: piecewise(_:_:_:file:line:)", frontendElementwisePiecewise2),
  ]

  private static func frontendElementwisePiecewise1() throws {
    try expect("fix([2.9, -2.9])", fix([2.9, -2.9]), "[ 2. -2.]")
  }

  private static func frontendElementwisePiecewise2() throws {
    let x: NDArray = [-2.0, -1, 0, 1]
    try expect("piecewise(x, [x .< 0, x .>= 0], [.function { -$0 }, 10])", piecewise(x, [x .< 0, x .>= 0], [.function { -$0 }, 10]), "[ 2.  1. 10. 10.]")
  }
}
