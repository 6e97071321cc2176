// Written from Sources/Frontend/Elementwise/Selection.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendElementwiseSelection: [Example] = [
    Example("Frontend/Elementwise/Selection.swift: which(_:_:_:file:line:)", frontendElementwiseSelection1),
    Example("Frontend/Elementwise/Selection.swift: NDArray.clip(min:max:file:line:)", frontendElementwiseSelection2),
  ]

  private static func frontendElementwiseSelection1() throws {
    let a: NDArray = [1, -2, 3]
    try expect("which(a .> 0, a, 0)", which(a .> 0, a, 0), "[1 0 3]")
  }

  private static func frontendElementwiseSelection2() throws {
    let a: NDArray = [1, 5, 9]
    try expect("a.clip(min: 2, max: 6)", a.clip(min: 2, max: 6), "[2 5 6]")
    try expect("a.clip(max: [4, 4, 10])", a.clip(max: [4, 4, 10]), "[1 4 9]")
  }
}
