// Written from Sources/Frontend/Sparse/Solvers/SingularTriplets.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSparseSolversSingularTriplets: [Example] = [
    Example("Frontend/Sparse/Solvers/SingularTriplets.swift: svds(_:count:smallest:start:basis:maxIterations:tolerance:file:line:)", frontendSparseSolversSingularTriplets1),
    Example("Frontend/Sparse/Solvers/SingularTriplets.swift: svds(_:count:smallest:start:basis:maxIterations:tolerance:file:line:)", frontendSparseSolversSingularTriplets2),
  ]

  private static func frontendSparseSolversSingularTriplets1() throws {
    let a = diag(arange(1, 41)).asType(.float64)[.all, ..<30].asSparse(.csr)
    let found = try svds(a, count: 2)
    try expect("round(found.s, decimals: 8)", round(found.s, decimals: 8), "[29. 30.]")
  }

  private static func frontendSparseSolversSingularTriplets2() throws {
    let numbers = arange(1, 31).asType(.float64)
    let scaled = LinearOperator(
      shape: [30, 30], dtype: .float64, adjoint: { numbers * $0 }, multiply: { numbers * $0 })
    try expect("round(try svds(scaled, count: 2).s, decimals: 8)", round(try svds(scaled, count: 2).s, decimals: 8), "[29. 30.]")
  }
}
