// Written from Sources/Frontend/LinearAlgebra/TensorSystems.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendLinearAlgebraTensorSystems: [Example] = [
    Example("Frontend/LinearAlgebra/TensorSystems.swift: tensorinv(_:rank:file:line:)", frontendLinearAlgebraTensorSystems1),
    Example("Frontend/LinearAlgebra/TensorSystems.swift: tensorsolve(_:_:axes:file:line:)", frontendLinearAlgebraTensorSystems2),
  ]

  private static func frontendLinearAlgebraTensorSystems1() throws {
    let a = eye(6).reshaped([6, 2, 3]) * 2
    try expect("tensorinv(a, rank: 1).type", tensorinv(a, rank: 1).type, "float64[2, 3, 6]")
    try expect("tensordot(tensorinv(a, rank: 1), arange(6), axes: 1)", tensordot(tensorinv(a, rank: 1), arange(6), axes: 1), "[[0.  0.5 1. ]\n [1.5 2.  2.5]]")
  }

  private static func frontendLinearAlgebraTensorSystems2() throws {
    let a = eye(4).reshaped([2, 2, 2, 2]) * 2
    try expect("tensorsolve(a, [[2, 4], [6, 8]])", tensorsolve(a, [[2, 4], [6, 8]]), "[[1. 2.]\n [3. 4.]]")
  }
}
