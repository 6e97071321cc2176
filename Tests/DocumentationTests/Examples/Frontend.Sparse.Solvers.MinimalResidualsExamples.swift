// Written from Sources/Frontend/Sparse/Solvers/MinimalResiduals.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSparseSolversMinimalResiduals: [Example] = [
    Example("Frontend/Sparse/Solvers/MinimalResiduals.swift: gmres(_:_:start:rtol:atol:restart:maxIterations:preconditioner:file:line:)", frontendSparseSolversMinimalResiduals1),
    Example("Frontend/Sparse/Solvers/MinimalResiduals.swift: gmres(_:_:start:rtol:atol:restart:maxIterations:preconditioner:file:line:)", frontendSparseSolversMinimalResiduals2),
  ]

  private static func frontendSparseSolversMinimalResiduals1() throws {
    let a: NDArray = [[4, 1], [2, 3]]
    let found = try gmres(a.asSparse(.csr), [1, 2], rtol: 1e-12)
    try expect("round(found.solution, decimals: 9)", round(found.solution, decimals: 9), "[0.1 0.6]")
  }

  private static func frontendSparseSolversMinimalResiduals2() throws {
    let half = LinearOperator(shape: [2, 2], dtype: .float64) { 0.5 * $0 }
    try expect("round(try gmres(half, [1, 2]).solution, decimals: 9)", round(try gmres(half, [1, 2]).solution, decimals: 9), "[2. 4.]")
  }
}
