// Written from Sources/Frontend/Sparse/Solvers/LinearOperator.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSparseSolversLinearOperator: [Example] = [
    Example("Frontend/Sparse/Solvers/LinearOperator.swift: LinearOperator", frontendSparseSolversLinearOperator1),
  ]

  private static func frontendSparseSolversLinearOperator1() throws {
    let second = LinearOperator(shape: [4, 4], dtype: .float64) { x in
      2 * x - pad(x[..<3], [(before: 1, after: 0)]) - pad(x[1...], [(before: 0, after: 1)])
    }
    let found = try cg(second, ones([4]), rtol: 1e-12)
    try expect("round(found.solution, decimals: 9)", round(found.solution, decimals: 9), "[2. 3. 3. 2.]")
  }
}
