// Written from Sources/Frontend/LinearAlgebra/Solving.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendLinearAlgebraSolving: [Example] = [
    Example("Frontend/LinearAlgebra/Solving.swift: inv(_:file:line:)", frontendLinearAlgebraSolving1),
    Example("Frontend/LinearAlgebra/Solving.swift: solve(_:_:file:line:)", frontendLinearAlgebraSolving2),
    Example("Frontend/LinearAlgebra/Solving.swift: cholesky(_:upper:file:line:)", frontendLinearAlgebraSolving3),
    Example("Frontend/LinearAlgebra/Solving.swift: det(_:file:line:)", frontendLinearAlgebraSolving4),
    Example("Frontend/LinearAlgebra/Solving.swift: slogdet(_:file:line:)", frontendLinearAlgebraSolving5),
    Example("Frontend/LinearAlgebra/Solving.swift: lstsq(_:_:rcond:file:line:)", frontendLinearAlgebraSolving6),
    Example("Frontend/LinearAlgebra/Solving.swift: pinv(_:rtol:file:line:)", frontendLinearAlgebraSolving7),
  ]

  private static func frontendLinearAlgebraSolving1() throws {
    try expect("inv([[4, 7], [2, 6]])", inv([[4, 7], [2, 6]]), "[[ 0.6 -0.7]\n [-0.2  0.4]]")
    try expect("inv([[1, 2], [2, 4]])", inv([[1, 2], [2, 4]]), "error: inv: the matrix is singular [singular]")
  }

  private static func frontendLinearAlgebraSolving2() throws {
    try expect("solve([[3, 1], [1, 2]], [9, 8])", solve([[3, 1], [1, 2]], [9, 8]), "[2. 3.]")
  }

  private static func frontendLinearAlgebraSolving3() throws {
    try expect("cholesky([[4, 2], [2, 5]])", cholesky([[4, 2], [2, 5]]), "[[2. 0.]\n [1. 2.]]")
  }

  private static func frontendLinearAlgebraSolving4() throws {
    try expect("det([[2, 1], [0, 3]])", det([[2, 1], [0, 3]]), "6.0")
  }

  private static func frontendLinearAlgebraSolving5() throws {
    let (sign, logabsdet) = slogdet([[-2, 0], [0, 3]])
    try expect("sign", sign, "-1.0")
    try expect("exp(logabsdet)", exp(logabsdet), "6.0")
  }

  private static func frontendLinearAlgebraSolving6() throws {
    let x: NDArray = [0, 1, 2, 3]
    let line = lstsq(columnStack([x, ones(like: x)]), 2 * x - 1)
    try expect("round(line.solution, decimals: 10)", round(line.solution, decimals: 10), "[ 2. -1.]")
    try expect("line.rank", line.rank, "2")
  }

  private static func frontendLinearAlgebraSolving7() throws {
    try expect("round(pinv([[1, 0], [0, 2], [0, 0]]), decimals: 10)", round(pinv([[1, 0], [0, 2], [0, 0]]), decimals: 10), "[[1.  0.  0. ]\n [0.  0.5 0. ]]")
  }
}
