// Written from Sources/Frontend/Sparse/Solvers/Stabilized.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSparseSolversStabilized: [Example] = [
    Example("Frontend/Sparse/Solvers/Stabilized.swift: bicgstab(_:_:start:rtol:atol:maxIterations:preconditioner:file:line:)", frontendSparseSolversStabilized1),
    Example("Frontend/Sparse/Solvers/Stabilized.swift: bicgstab(_:_:start:rtol:atol:maxIterations:preconditioner:file:line:)", frontendSparseSolversStabilized2),
  ]

  private static func frontendSparseSolversStabilized1() throws {
    let a: NDArray = [[4, 1], [2, 3]]
    let found = try bicgstab(a.asSparse(.csr), [1, 2], rtol: 1e-12)
    try expect("round(found.solution, decimals: 9)", round(found.solution, decimals: 9), "[0.1 0.6]")
  }

  private static func frontendSparseSolversStabilized2() throws {
    let half = LinearOperator(shape: [2, 2], dtype: .float64) { 0.5 * $0 }
    try expect("try bicgstab(half, [1, 2]).solution", try bicgstab(half, [1, 2]).solution, "[2. 4.]")
  }
}
