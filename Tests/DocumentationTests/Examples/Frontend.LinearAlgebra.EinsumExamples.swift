// Written from Sources/Frontend/LinearAlgebra/Einsum.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendLinearAlgebraEinsum: [Example] = [
    Example("Frontend/LinearAlgebra/Einsum.swift: einsum(_:_:optimize:file:line:)", frontendLinearAlgebraEinsum1),
    Example("Frontend/LinearAlgebra/Einsum.swift: einsum(operands:output:optimize:file:line:)", frontendLinearAlgebraEinsum2),
    Example("Frontend/LinearAlgebra/Einsum.swift: einsum(operands:output:optimize:file:line:)", frontendLinearAlgebraEinsum3),
  ]

  private static func frontendLinearAlgebraEinsum1() throws {
    let a: NDArray = [[1, 2], [3, 4]]
    try expect("einsum(\"ij,jk->ik\", a, a)", einsum("ij,jk->ik", a, a), "[[ 7 10]\n [15 22]]")
    try expect("einsum(\"ii\", a)", einsum("ii", a), "5")
    try expect("einsum(\"ij->j\", a)", einsum("ij->j", a), "[4 6]")
  }

  private static func frontendLinearAlgebraEinsum2() throws {
    let a: NDArray = [[1, 2], [3, 4]]
    let b: NDArray = [[1, 10], [100, 1000]]
    try expect("einsum(operands: [(a, [0, 1]), (b, [1, 2])], output: [0, 2])", einsum(operands: [(a, [0, 1]), (b, [1, 2])], output: [0, 2]), "[[ 201 2010]\n [ 403 4030]]")
  }

  private static func frontendLinearAlgebraEinsum3() throws {
    let stack = arange(8).reshaped([2, 2, 2])
    try expect("einsum(operands: [(stack, [.ellipsis, .index(0)])], output: [.ellipsis])", einsum(operands: [(stack, [.ellipsis, .index(0)])], output: [.ellipsis]), "[[ 1  5]\n [ 9 13]]")
  }
}
