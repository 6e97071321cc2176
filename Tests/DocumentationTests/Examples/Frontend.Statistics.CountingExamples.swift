// Written from Sources/Frontend/Statistics/Counting.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendStatisticsCounting: [Example] = [
    Example("Frontend/Statistics/Counting.swift: bincount(_:weights:minLength:file:line:)", frontendStatisticsCounting1),
    Example("Frontend/Statistics/Counting.swift: digitize(_:_:right:file:line:)", frontendStatisticsCounting2),
  ]

  private static func frontendStatisticsCounting1() throws {
    try expect("bincount([0, 1, 1, 3])", bincount([0, 1, 1, 3]), "[1 2 0 1]")
    try expect("bincount([0, 1, 1], weights: [0.5, 1, 2], minLength: 4)", bincount([0, 1, 1], weights: [0.5, 1, 2], minLength: 4), "[0.5 3.  0.  0. ]")
  }

  private static func frontendStatisticsCounting2() throws {
    try expect("digitize([0.2, 6.4, 3.0], [0, 1, 2.5, 4, 10])", digitize([0.2, 6.4, 3.0], [0, 1, 2.5, 4, 10]), "[1 4 3]")
  }
}
