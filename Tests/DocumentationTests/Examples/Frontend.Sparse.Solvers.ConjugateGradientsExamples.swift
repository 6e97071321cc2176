// Written from Sources/Frontend/Sparse/Solvers/ConjugateGradients.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSparseSolversConjugateGradients: [Example] = [
    Example("Frontend/Sparse/Solvers/ConjugateGradients.swift: cg(_:_:start:rtol:atol:maxIterations:preconditioner:file:line:)", frontendSparseSolversConjugateGradients1),
    Example("Frontend/Sparse/Solvers/ConjugateGradients.swift: cg(_:_:start:rtol:atol:maxIterations:preconditioner:file:line:)", frontendSparseSolversConjugateGradients2),
  ]

  private static func frontendSparseSolversConjugateGradients1() throws {
    let a: NDArray = [[4, 1], [1, 3]]
    let found = try cg(a.asSparse(.csr), [1, 2], rtol: 1e-12)
    try expect("round(found.solution * 11, decimals: 9)", round(found.solution * 11, decimals: 9), "[1. 7.]")
    try expect("found.info", found.info, "0")
  }

  private static func frontendSparseSolversConjugateGradients2() throws {
    let half = LinearOperator(shape: [2, 2], dtype: .float64) { 0.5 * $0 }
    try expect("try cg(half, [1, 2]).solution", try cg(half, [1, 2]).solution, "[2. 4.]")
  }
}
