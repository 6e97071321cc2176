// Written from Sources/Frontend/Sparse/Solvers/ExponentialAction.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSparseSolversExponentialAction: [Example] = [
    Example("Frontend/Sparse/Solvers/ExponentialAction.swift: expmMultiply(_:_:time:file:line:)", frontendSparseSolversExponentialAction1),
  ]

  private static func frontendSparseSolversExponentialAction1() throws {
    let turning: NDArray = [[0, -1], [1, 0]]
    try expect("round(try expmMultiply(turning.asSparse(.csr), [1, 0], time: .pi / 2), decimals: 9)", round(try expmMultiply(turning.asSparse(.csr), [1, 0], time: .pi / 2), decimals: 9), "[0. 1.]")
  }
}
