// Written from Sources/Frontend/LinearAlgebra/Assuming.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendLinearAlgebraAssuming: [Example] = [
    Example("Frontend/LinearAlgebra/Assuming.swift: NDArray.assuming(_:file:line:)", frontendLinearAlgebraAssuming1),
  ]

  private static func frontendLinearAlgebraAssuming1() throws {
    let a: NDArray = [[4, 2], [2, 3]]
    try expect("solve(a.assuming(.spd), [8, 8])", solve(a.assuming(.spd), [8, 8]), "[1. 2.]")
  }
}
