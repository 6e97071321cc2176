// Written from Sources/Frontend/LinearAlgebra/Products.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendLinearAlgebraProducts: [Example] = [
    Example("Frontend/LinearAlgebra/Products.swift: matmul(_:_:file:line:)", frontendLinearAlgebraProducts1),
  ]

  private static func frontendLinearAlgebraProducts1() throws {
    let a: NDArray = [[1, 2], [3, 4]]
    try expect("matmul(a, [[0, 1], [1, 0]])", matmul(a, [[0, 1], [1, 0]]), "[[2 1]\n [4 3]]")
    try expect("a • [1, 10]", a • [1, 10], "[21 43]")
    try expect("matmul(a, [1, 2, 3])", matmul(a, [1, 2, 3]), "error: matmul: inner extents 2 and 3 differ: int64[2, 2] and int64[3] [shape-mismatch]")
  }
}
