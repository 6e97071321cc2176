// Written from Sources/Frontend/LinearAlgebra/Norms.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendLinearAlgebraNorms: [Example] = [
    Example("Frontend/LinearAlgebra/Norms.swift: vectorNorm(_:order:axes:keepAxes:file:line:)", frontendLinearAlgebraNorms1),
    Example("Frontend/LinearAlgebra/Norms.swift: matrixNorm(_:order:axes:keepAxes:file:line:)", frontendLinearAlgebraNorms2),
    Example("Frontend/LinearAlgebra/Norms.swift: norm(_:order:axes:keepAxes:file:line:)", frontendLinearAlgebraNorms3),
    Example("Frontend/LinearAlgebra/Norms.swift: cond(_:order:file:line:)", frontendLinearAlgebraNorms4),
    Example("Frontend/LinearAlgebra/Norms.swift: matrixRank(_:rtol:file:line:)", frontendLinearAlgebraNorms5),
  ]

  private static func frontendLinearAlgebraNorms1() throws {
    try expect("vectorNorm([3, 4])", vectorNorm([3, 4]), "5.0")
    try expect("vectorNorm([[3, 4], [6, 8]], order: 1, axes: [1])", vectorNorm([[3, 4], [6, 8]], order: 1, axes: [1]), "[ 7. 14.]")
  }

  private static func frontendLinearAlgebraNorms2() throws {
    try expect("matrixNorm([[3, 0], [0, 4]])", matrixNorm([[3, 0], [0, 4]]), "5.0")
    try expect("matrixNorm([[3, 0], [0, 4]], order: 2)", matrixNorm([[3, 0], [0, 4]], order: 2), "4.0")
  }

  private static func frontendLinearAlgebraNorms3() throws {
    try expect("norm([[1, 2], [2, 4]])", norm([[1, 2], [2, 4]]), "5.0")
    try expect("norm([[1, 2], [2, 4]], axes: [1])", norm([[1, 2], [2, 4]], axes: [1]), "[2.23606798 4.47213595]")
    try expect("norm([[1, -2], [2, 4]], order: .infinity)", norm([[1, -2], [2, 4]], order: .infinity), "6.0")
  }

  private static func frontendLinearAlgebraNorms4() throws {
    try expect("cond([[1, 0], [0, 4]])", cond([[1, 0], [0, 4]]), "4.0")
  }

  private static func frontendLinearAlgebraNorms5() throws {
    try expect("matrixRank([[1, 2], [2, 4]])", matrixRank([[1, 2], [2, 4]]), "1")
  }
}
