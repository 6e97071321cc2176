// Written from Sources/Frontend/Sparse/Solvers/SymmetricResiduals.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSparseSolversSymmetricResiduals: [Example] = [
    Example("Frontend/Sparse/Solvers/SymmetricResiduals.swift: minres(_:_:start:rtol:atol:shift:maxIterations:preconditioner:file:line:)", frontendSparseSolversSymmetricResiduals1),
    Example("Frontend/Sparse/Solvers/SymmetricResiduals.swift: minres(_:_:start:rtol:atol:shift:maxIterations:preconditioner:file:line:)", frontendSparseSolversSymmetricResiduals2),
  ]

  private static func frontendSparseSolversSymmetricResiduals1() throws {
    let a: NDArray = [[1, 2], [2, 1]]
    let found = try minres(a.asSparse(.csr), [5, 4], rtol: 1e-12)
    try expect("round(found.solution, decimals: 9)", round(found.solution, decimals: 9), "[1. 2.]")
  }

  private static func frontendSparseSolversSymmetricResiduals2() throws {
    let turned = LinearOperator(shape: [2, 2], dtype: .float64) { flip($0) }
    try expect("round(try minres(turned, [1, 2]).solution, decimals: 9)", round(try minres(turned, [1, 2]).solution, decimals: 9), "[2. 1.]")
  }
}
