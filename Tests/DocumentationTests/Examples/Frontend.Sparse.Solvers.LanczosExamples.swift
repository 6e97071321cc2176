// Written from Sources/Frontend/Sparse/Solvers/Lanczos.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSparseSolversLanczos: [Example] = [
    Example("Frontend/Sparse/Solvers/Lanczos.swift: eigsh(_:count:which:near:metric:start:basis:maxIterations:tolerance:file:line:)", frontendSparseSolversLanczos1),
    Example("Frontend/Sparse/Solvers/Lanczos.swift: eigsh(_:count:which:near:metric:inverse:start:basis:maxIterations:tolerance:file:line:)", frontendSparseSolversLanczos2),
  ]

  private static func frontendSparseSolversLanczos1() throws {
    let a = diag(arange(1, 41)).asType(.float64).asSparse(.csr)
    let found = try eigsh(a, count: 3)
    try expect("round(found.values, decimals: 8)", round(found.values, decimals: 8), "[38. 39. 40.]")
    try expect("round(try eigsh(a, count: 3, near: 7.2).values, decimals: 8)", round(try eigsh(a, count: 3, near: 7.2).values, decimals: 8), "[6. 7. 8.]")
  }

  private static func frontendSparseSolversLanczos2() throws {
    let scaled = LinearOperator(shape: [30, 30], dtype: .float64) { arange(30) * $0 }
    try expect("round(try eigsh(scaled, count: 2).values, decimals: 8)", round(try eigsh(scaled, count: 2).values, decimals: 8), "[28. 29.]")
  }
}
