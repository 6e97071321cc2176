// Written from Sources/Frontend/LinearAlgebra/Decompositions.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendLinearAlgebraDecompositions: [Example] = [
    Example("Frontend/LinearAlgebra/Decompositions.swift: eigh(_:upper:file:line:)", frontendLinearAlgebraDecompositions1),
    Example("Frontend/LinearAlgebra/Decompositions.swift: eigvalsh(_:upper:file:line:)", frontendLinearAlgebraDecompositions2),
    Example("Frontend/LinearAlgebra/Decompositions.swift: eig(_:file:line:)", frontendLinearAlgebraDecompositions3),
    Example("Frontend/LinearAlgebra/Decompositions.swift: eigvals(_:file:line:)", frontendLinearAlgebraDecompositions4),
    Example("Frontend/LinearAlgebra/Decompositions.swift: qr(_:mode:file:line:)", frontendLinearAlgebraDecompositions5),
    Example("Frontend/LinearAlgebra/Decompositions.swift: svd(_:fullMatrices:file:line:)", frontendLinearAlgebraDecompositions6),
    Example("Frontend/LinearAlgebra/Decompositions.swift: svdvals(_:file:line:)", frontendLinearAlgebraDecompositions7),
  ]

  private static func frontendLinearAlgebraDecompositions1() throws {
    let (values, vectors) = eigh([[2, 1], [1, 2]])
    try expect("values", values, "[1. 3.]")
    try expect("round(vectors • (values * vectors).T, decimals: 6)", round(vectors • (values * vectors).T, decimals: 6), "[[2. 1.]\n [1. 2.]]")
  }

  private static func frontendLinearAlgebraDecompositions2() throws {
    try expect("eigvalsh([[2, 1], [1, 2]])", eigvalsh([[2, 1], [1, 2]]), "[1. 3.]")
  }

  private static func frontendLinearAlgebraDecompositions3() throws {
    let (values, _) = eig([[0, -1], [1, 0]])
    try expect("sortComplex(values)", sortComplex(values), "[0.-1.j 0.+1.j]")
  }

  private static func frontendLinearAlgebraDecompositions4() throws {
    try expect("eigvals([[2, 0], [0, 3]])", eigvals([[2, 0], [0, 3]]), "[2.+0.j 3.+0.j]")
  }

  private static func frontendLinearAlgebraDecompositions5() throws {
    let a: NDArray = [[3, 1], [4, 2]]
    let (q, r) = qr(a)
    try expect("allClose(q • r, a)", allClose(q • r, a), "True")
    try expect("round(abs(r), decimals: 6)", round(abs(r), decimals: 6), "[[5.  2.2]\n [0.  0.4]]")
  }

  private static func frontendLinearAlgebraDecompositions6() throws {
    let a: NDArray = [[3, 0], [0, 4], [0, 0]]
    let (u, s, vh) = svd(a, fullMatrices: false)
    try expect("s", s, "[4. 3.]")
    try expect("allClose(u * s • vh, a)", allClose(u * s • vh, a), "True")
  }

  private static func frontendLinearAlgebraDecompositions7() throws {
    try expect("svdvals([[3, 0], [0, 4]])", svdvals([[3, 0], [0, 4]]), "[4. 3.]")
  }
}
