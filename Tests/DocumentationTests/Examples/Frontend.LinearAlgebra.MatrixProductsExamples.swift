// Written from Sources/Frontend/LinearAlgebra/MatrixProducts.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendLinearAlgebraMatrixProducts: [Example] = [
    Example("Frontend/LinearAlgebra/MatrixProducts.swift: kron(_:_:file:line:)", frontendLinearAlgebraMatrixProducts1),
    Example("Frontend/LinearAlgebra/MatrixProducts.swift: matrixPower(_:_:file:line:)", frontendLinearAlgebraMatrixProducts2),
    Example("Frontend/LinearAlgebra/MatrixProducts.swift: multiDot(_:file:line:)", frontendLinearAlgebraMatrixProducts3),
    Example("Frontend/LinearAlgebra/MatrixProducts.swift: cross(_:_:axis:file:line:)", frontendLinearAlgebraMatrixProducts4),
  ]

  private static func frontendLinearAlgebraMatrixProducts1() throws {
    try expect("kron([1, 10], [1, 2, 3])", kron([1, 10], [1, 2, 3]), "[ 1  2  3 10 20 30]")
    try expect("kron([[1, 0], [0, 1]], [[1, 2], [3, 4]])", kron([[1, 0], [0, 1]], [[1, 2], [3, 4]]), "[[1 2 0 0]\n [3 4 0 0]\n [0 0 1 2]\n [0 0 3 4]]")
  }

  private static func frontendLinearAlgebraMatrixProducts2() throws {
    try expect("matrixPower([[1, 1], [1, 0]], 10)", matrixPower([[1, 1], [1, 0]], 10), "[[89 55]\n [55 34]]")
    try expect("matrixPower([[4, 7], [2, 6]], -1)", matrixPower([[4, 7], [2, 6]], -1), "[[ 0.6 -0.7]\n [-0.2  0.4]]")
  }

  private static func frontendLinearAlgebraMatrixProducts3() throws {
    try expect("multiDot([[[1, 2], [3, 4]], [[0, 1], [1, 0]], [1, 10]])", multiDot([[[1, 2], [3, 4]], [[0, 1], [1, 0]], [1, 10]]), "[12 34]")
  }

  private static func frontendLinearAlgebraMatrixProducts4() throws {
    try expect("cross([1, 0, 0], [0, 1, 0])", cross([1, 0, 0], [0, 1, 0]), "[0 0 1]")
  }
}
