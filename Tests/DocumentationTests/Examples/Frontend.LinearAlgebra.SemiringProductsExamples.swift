// Written from Sources/Frontend/LinearAlgebra/SemiringProducts.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendLinearAlgebraSemiringProducts: [Example] = [
    Example("Frontend/LinearAlgebra/SemiringProducts.swift: matmul(_:_:over:file:line:)", frontendLinearAlgebraSemiringProducts1),
  ]

  private static func frontendLinearAlgebraSemiringProducts1() throws {
    let far = NDArray(floatLiteral: .infinity)
    let roads: NDArray = [[0, 4, far], [far, 0, 1], [2, far, 0]]
    let two = matmul(roads, roads, over: .minPlus)
    try expect("two", two, "[[0. 4. 5.]\n [3. 0. 1.]\n [2. 6. 0.]]")
    try expect("matmul(roads.asSparse(.csr, fill: far), [0, 9, 9], over: .minPlus)", matmul(roads.asSparse(.csr, fill: far), [0, 9, 9], over: .minPlus), "[0. 9. 2.]")
  }
}
