// Written from Sources/Frontend/Session/CompilingTuples.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSessionCompilingTuples: [Example] = [
    Example("Frontend/Session/CompilingTuples.swift: compile(_:)", frontendSessionCompilingTuples1),
  ]

  private static func frontendSessionCompilingTuples1() throws {
    let parts = compile { (x: NDArray) in (x.min(), x.max()) }
    let (low, high) = try parts([3, 1, 2])
    try expect("low", low, "1")
    try expect("high", high, "3")
  }
}
