// Written from Sources/Frontend/LinearAlgebra/Dot.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendLinearAlgebraDot: [Example] = [
    Example("Frontend/LinearAlgebra/Dot.swift: dot(_:_:file:line:)", frontendLinearAlgebraDot1),
    Example("Frontend/LinearAlgebra/Dot.swift: tensordot(_:_:axes:file:line:)", frontendLinearAlgebraDot2),
    Example("Frontend/LinearAlgebra/Dot.swift: tensordot(_:_:axes:file:line:)", frontendLinearAlgebraDot3),
    Example("Frontend/LinearAlgebra/Dot.swift: inner(_:_:file:line:)", frontendLinearAlgebraDot4),
    Example("Frontend/LinearAlgebra/Dot.swift: outer(_:_:file:line:)", frontendLinearAlgebraDot5),
    Example("Frontend/LinearAlgebra/Dot.swift: vdot(_:_:file:line:)", frontendLinearAlgebraDot6),
    Example("Frontend/LinearAlgebra/Dot.swift: vecdot(_:_:axis:file:line:)", frontendLinearAlgebraDot7),
    Example("Frontend/LinearAlgebra/Dot.swift: matvec(_:_:file:line:)", frontendLinearAlgebraDot8),
    Example("Frontend/LinearAlgebra/Dot.swift: vecmat(_:_:file:line:)", frontendLinearAlgebraDot9),
  ]

  private static func frontendLinearAlgebraDot1() throws {
    try expect("dot([1, 2, 3], [4, 5, 6])", dot([1, 2, 3], [4, 5, 6]), "32")
    try expect("dot([[1, 2], [3, 4]], [10, 100])", dot([[1, 2], [3, 4]], [10, 100]), "[210 430]")
  }

  private static func frontendLinearAlgebraDot2() throws {
    let a = arange(12).reshaped([2, 2, 3])
    try expect("tensordot(a, ones([2, 3], dtype: .int64))", tensordot(a, ones([2, 3], dtype: .int64)), "[15 51]")
  }

  private static func frontendLinearAlgebraDot3() throws {
    try expect("tensordot([[1, 2], [3, 4]], [[1, 10], [100, 1000]], axes: ([0], [1]))", tensordot([[1, 2], [3, 4]], [[1, 10], [100, 1000]], axes: ([0], [1])), "[[  31 3100]\n [  42 4200]]")
  }

  private static func frontendLinearAlgebraDot4() throws {
    try expect("inner([1, 2, 3], [0, 1, 2])", inner([1, 2, 3], [0, 1, 2]), "8")
    try expect("inner([[1, 2], [3, 4]], [10, 1])", inner([[1, 2], [3, 4]], [10, 1]), "[12 34]")
  }

  private static func frontendLinearAlgebraDot5() throws {
    try expect("outer([1, 2, 3], [1, 10])", outer([1, 2, 3], [1, 10]), "[[ 1 10]\n [ 2 20]\n [ 3 30]]")
  }

  private static func frontendLinearAlgebraDot6() throws {
    try expect("vdot([[1, 2], [3, 4]], [[1, 1], [1, 1]])", vdot([[1, 2], [3, 4]], [[1, 1], [1, 1]]), "10")
    try expect("vdot(NDArray([Complex(0.0, 1.0)]), NDArray([Complex(0.0, 1.0)]))", vdot(NDArray([Complex(0.0, 1.0)]), NDArray([Complex(0.0, 1.0)])), "(1+0j)")
  }

  private static func frontendLinearAlgebraDot7() throws {
    try expect("vecdot([[1, 2], [3, 4]], [[10, 1], [1, 10]])", vecdot([[1, 2], [3, 4]], [[10, 1], [1, 10]]), "[12 43]")
  }

  private static func frontendLinearAlgebraDot8() throws {
    try expect("matvec([[1, 2], [3, 4]], [1, 10])", matvec([[1, 2], [3, 4]], [1, 10]), "[21 43]")
  }

  private static func frontendLinearAlgebraDot9() throws {
    try expect("vecmat([1, 10], [[1, 2], [3, 4]])", vecmat([1, 10], [[1, 2], [3, 4]]), "[31 42]")
  }
}
