// Written from Sources/Frontend/Manipulation/Shaping.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendManipulationShaping: [Example] = [
    Example("Frontend/Manipulation/Shaping.swift: NDArray.asType(_:file:line:)", frontendManipulationShaping1),
    Example("Frontend/Manipulation/Shaping.swift: NDArray.reshaped(_:order:file:line:)", frontendManipulationShaping2),
    Example("Frontend/Manipulation/Shaping.swift: NDArray.broadcasted(to:file:line:)", frontendManipulationShaping3),
    Example("Frontend/Manipulation/Shaping.swift: NDArray.transposed(_:file:line:)", frontendManipulationShaping4),
    Example("Frontend/Manipulation/Shaping.swift: NDArray.T", frontendManipulationShaping5),
    Example("Frontend/Manipulation/Shaping.swift: NDArray.mT", frontendManipulationShaping6),
  ]

  private static func frontendManipulationShaping1() throws {
    try expect("NDArray([1.7, -1.7]).asType(.int64)", NDArray([1.7, -1.7]).asType(.int64), "[ 1 -1]")
    try expect("NDArray([0, 2]).asType(.bool)", NDArray([0, 2]).asType(.bool), "[False  True]")
  }

  private static func frontendManipulationShaping2() throws {
    try expect("arange(6).reshaped([2, -1])", arange(6).reshaped([2, -1]), "[[0 1 2]\n [3 4 5]]")
    try expect("arange(6).reshaped([4, 2])", arange(6).reshaped([4, 2]), "error: reshape: cannot reshape int64[6] to [4, 2]: 6 elements, not 8 [reshape]")
    try expect("arange(6).reshaped([2, 3], order: .fortran)", arange(6).reshaped([2, 3], order: .fortran), "[[0 2 4]\n [1 3 5]]")
  }

  private static func frontendManipulationShaping3() throws {
    try expect("NDArray([1, 2, 3]).broadcasted(to: [2, 3])", NDArray([1, 2, 3]).broadcasted(to: [2, 3]), "[[1 2 3]\n [1 2 3]]")
  }

  private static func frontendManipulationShaping4() throws {
    let a: NDArray = [[1, 2, 3], [4, 5, 6]]
    try expect("a.transposed()", a.transposed(), "[[1 4]\n [2 5]\n [3 6]]")
    try expect("zeros([2, 3, 4]).transposed([1, 0, 2]).type", zeros([2, 3, 4]).transposed([1, 0, 2]).type, "float64[3, 2, 4]")
  }

  private static func frontendManipulationShaping5() throws {
    let a: NDArray = [[1, 2, 3], [4, 5, 6]]
    try expect("a.T", a.T, "[[1 4]\n [2 5]\n [3 6]]")
  }

  private static func frontendManipulationShaping6() throws {
    try expect("zeros([5, 2, 3]).mT.type", zeros([5, 2, 3]).mT.type, "float64[5, 3, 2]")
  }
}
