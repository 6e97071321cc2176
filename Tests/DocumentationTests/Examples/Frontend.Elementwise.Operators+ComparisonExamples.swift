// Written from Sources/Frontend/Elementwise/Operators+Comparison.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendElementwiseOperatorsComparison: [Example] = [
    Example("Frontend/Elementwise/Operators+Comparison.swift: NDArray..==(_:_:)", frontendElementwiseOperatorsComparison1),
    Example("Frontend/Elementwise/Operators+Comparison.swift: NDArray..!=(_:_:)", frontendElementwiseOperatorsComparison2),
    Example("Frontend/Elementwise/Operators+Comparison.swift: NDArray..<(_:_:)", frontendElementwiseOperatorsComparison3),
    Example("Frontend/Elementwise/Operators+Comparison.swift: NDArray..<=(_:_:)", frontendElementwiseOperatorsComparison4),
    Example("Frontend/Elementwise/Operators+Comparison.swift: NDArray..>(_:_:)", frontendElementwiseOperatorsComparison5),
    Example("Frontend/Elementwise/Operators+Comparison.swift: NDArray..>=(_:_:)", frontendElementwiseOperatorsComparison6),
  ]

  private static func frontendElementwiseOperatorsComparison1() throws {
    let a: NDArray = [1, 2, 3]
    try expect("a .== [1, 0, 3]", a .== [1, 0, 3], "[ True False  True]")
    try expect("a .== 2", a .== 2, "[False  True False]")
  }

  private static func frontendElementwiseOperatorsComparison2() throws {
    let a: NDArray = [1, 2, 3]
    try expect("a .!= 2", a .!= 2, "[ True False  True]")
  }

  private static func frontendElementwiseOperatorsComparison3() throws {
    let a: NDArray = [1, 2, 3]
    try expect("a .< 2", a .< 2, "[ True False False]")
  }

  private static func frontendElementwiseOperatorsComparison4() throws {
    let a: NDArray = [1, 2, 3]
    try expect("a .<= [[1], [2]]", a .<= [[1], [2]], "[[ True False False]\n [ True  True False]]")
  }

  private static func frontendElementwiseOperatorsComparison5() throws {
    let a: NDArray = [1, 2, 3]
    try expect("a .> 2", a .> 2, "[False False  True]")
    try expect("a[a .> 1]", a[a .> 1], "[2 3]")
  }

  private static func frontendElementwiseOperatorsComparison6() throws {
    let a: NDArray = [1, 2, 3]
    try expect("a .>= 2", a .>= 2, "[False  True  True]")
  }
}
