// Written from Sources/Frontend/Sparse/Solvers/FactoredSystem.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendSparseSolversFactoredSystem: [Example] = [
    Example("Frontend/Sparse/Solvers/FactoredSystem.swift: FactoredSystem", frontendSparseSolversFactoredSystem1),
    Example("Frontend/Sparse/Solvers/FactoredSystem.swift: FactoredSystem.solve(_:file:line:)", frontendSparseSolversFactoredSystem2),
    Example("Frontend/Sparse/Solvers/FactoredSystem.swift: factorized(_:file:line:)", frontendSparseSolversFactoredSystem3),
  ]

  private static func frontendSparseSolversFactoredSystem1() throws {
    let a: NDArray = [[4, 1], [1, 3]]
    let factors = try factorized(a.asSparse(.csr))
    try expect("round(factors.solve([1, 2]) * 11, decimals: 9)", round(factors.solve([1, 2]) * 11, decimals: 9), "[1. 7.]")
    try expect("factors.method", factors.method, "CHOLMOD")
  }

  private static func frontendSparseSolversFactoredSystem2() throws {
    let factors = try factorized(eye(2).asSparse(.csr))
    try expect("factors.solve([[1, 2], [3, 4]])", factors.solve([[1, 2], [3, 4]]), "[[1. 2.]\n [3. 4.]]")
  }

  private static func frontendSparseSolversFactoredSystem3() throws {
    let a: NDArray = [[0, 2], [1, 0]]
    try expect("try factorized(a.asSparse()).solve([4, 5])", try factorized(a.asSparse()).solve([4, 5]), "[5. 2.]")
  }
}
