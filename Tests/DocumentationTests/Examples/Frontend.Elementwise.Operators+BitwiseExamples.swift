// Written from Sources/Frontend/Elementwise/Operators+Bitwise.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendElementwiseOperatorsBitwise: [Example] = [
    Example("Frontend/Elementwise/Operators+Bitwise.swift: NDArray..&(_:_:)", frontendElementwiseOperatorsBitwise1),
    Example("Frontend/Elementwise/Operators+Bitwise.swift: NDArray..|(_:_:)", frontendElementwiseOperatorsBitwise2),
    Example("Frontend/Elementwise/Operators+Bitwise.swift: NDArray..^(_:_:)", frontendElementwiseOperatorsBitwise3),
    Example("Frontend/Elementwise/Operators+Bitwise.swift: NDArray..<<(_:_:)", frontendElementwiseOperatorsBitwise4),
    Example("Frontend/Elementwise/Operators+Bitwise.swift: NDArray..>>(_:_:)", frontendElementwiseOperatorsBitwise5),
    Example("Frontend/Elementwise/Operators+Bitwise.swift: NDArray.~(_:)", frontendElementwiseOperatorsBitwise6),
    Example("Frontend/Elementwise/Operators+Bitwise.swift: NDArray.!(_:)", frontendElementwiseOperatorsBitwise7),
  ]

  private static func frontendElementwiseOperatorsBitwise1() throws {
    let a: NDArray = [1, 5, 9]
    try expect("(a .> 1) .& (a .< 9)", (a .> 1) .& (a .< 9), "[False  True False]")
    try expect("a .& 1", a .& 1, "[1 1 1]")
  }

  private static func frontendElementwiseOperatorsBitwise2() throws {
    let a: NDArray = [1, 5, 9]
    try expect("(a .< 2) .| (a .> 8)", (a .< 2) .| (a .> 8), "[ True False  True]")
    try expect("a .| 2", a .| 2, "[ 3  7 11]")
  }

  private static func frontendElementwiseOperatorsBitwise3() throws {
    let a: NDArray = [1, 5, 9]
    try expect("a .^ 5", a .^ 5, "[ 4  0 12]")
  }

  private static func frontendElementwiseOperatorsBitwise4() throws {
    let a: NDArray = [1, 5, 9]
    try expect("a .<< 2", a .<< 2, "[ 4 20 36]")
  }

  private static func frontendElementwiseOperatorsBitwise5() throws {
    let a: NDArray = [1, 5, -9]
    try expect("a .>> 1", a .>> 1, "[ 0  2 -5]")
  }

  private static func frontendElementwiseOperatorsBitwise6() throws {
    let a: NDArray = [1, 5, 9]
    try expect("~(a .> 4)", ~(a .> 4), "[ True False False]")
    try expect("~a", ~a, "[ -2  -6 -10]")
  }

  private static func frontendElementwiseOperatorsBitwise7() throws {
    let a: NDArray = [0, 5]
    try expect("!a", !a, "[ True False]")
  }
}
