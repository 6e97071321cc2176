// Written from Sources/Frontend/Sparse/Solvers/LeastSquares.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSparseSolversLeastSquares: [Example] = [
    Example("Frontend/Sparse/Solvers/LeastSquares.swift: lsqr(_:_:damping:start:atol:btol:conditionLimit:maxIterations:file:line:)", frontendSparseSolversLeastSquares1),
    Example("Frontend/Sparse/Solvers/LeastSquares.swift: lsqr(_:_:damping:start:atol:btol:conditionLimit:maxIterations:file:line:)", frontendSparseSolversLeastSquares2),
  ]

  private static func frontendSparseSolversLeastSquares1() throws {
    let a: NDArray = [[1, 0], [1, 1], [1, 2]]
    let found = try lsqr(a.asSparse(.csr), [1, 3, 5], atol: 1e-12, btol: 1e-12)
    try expect("round(found.solution, decimals: 9)", round(found.solution, decimals: 9), "[1. 2.]")
    try expect("found.stop", found.stop, "solved")
  }

  private static func frontendSparseSolversLeastSquares2() throws {
    let half = LinearOperator(
      shape: [2, 2], dtype: .float64, adjoint: { 0.5 * $0 }, multiply: { 0.5 * $0 })
    try expect("round(try lsqr(half, [1, 2]).solution, decimals: 9)", round(try lsqr(half, [1, 2]).solution, decimals: 9), "[2. 4.]")
  }
}
