// Written from Sources/Frontend/Manipulation/Axes.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendManipulationAxes: [Example] = [
    Example("Frontend/Manipulation/Axes.swift: expandDims(_:axis:file:line:)", frontendManipulationAxes1),
    Example("Frontend/Manipulation/Axes.swift: expandDims(_:axes:file:line:)", frontendManipulationAxes2),
    Example("Frontend/Manipulation/Axes.swift: squeeze(_:axes:file:line:)", frontendManipulationAxes3),
    Example("Frontend/Manipulation/Axes.swift: ravel(_:order:file:line:)", frontendManipulationAxes4),
    Example("Frontend/Manipulation/Axes.swift: moveAxis(_:_:to:file:line:)", frontendManipulationAxes5),
    Example("Frontend/Manipulation/Axes.swift: moveAxis(_:_:to:file:line:)", frontendManipulationAxes6),
    Example("Frontend/Manipulation/Axes.swift: swapAxes(_:_:_:file:line:)", frontendManipulationAxes7),
    Example("Frontend/Manipulation/Axes.swift: matrixTranspose(_:file:line:)", frontendManipulationAxes8),
    Example("Frontend/Manipulation/Axes.swift: permuteDims(_:_:file:line:)", frontendManipulationAxes9),
    Example("Frontend/Manipulation/Axes.swift: atLeast1D(_:file:line:)", frontendManipulationAxes10),
    Example("Frontend/Manipulation/Axes.swift: atLeast2D(_:file:line:)", frontendManipulationAxes11),
    Example("Frontend/Manipulation/Axes.swift: atLeast3D(_:file:line:)", frontendManipulationAxes12),
    Example("Frontend/Manipulation/Axes.swift: broadcastArrays(_:file:line:)", frontendManipulationAxes13),
    Example("Frontend/Manipulation/Axes.swift: broadcastShapes(_:file:line:)", frontendManipulationAxes14),
  ]

  private static func frontendManipulationAxes1() throws {
    try expect("expandDims([1, 2, 3], axis: 0)", expandDims([1, 2, 3], axis: 0), "[[1 2 3]]")
    try expect("expandDims([1, 2, 3], axis: -1).type", expandDims([1, 2, 3], axis: -1).type, "int64[3, 1]")
  }

  private static func frontendManipulationAxes2() throws {
    try expect("expandDims([1, 2, 3], axes: [0, 2]).type", expandDims([1, 2, 3], axes: [0, 2]).type, "int64[1, 3, 1]")
  }

  private static func frontendManipulationAxes3() throws {
    try expect("squeeze([[[1], [2]]])", squeeze([[[1], [2]]]), "[1 2]")
    try expect("squeeze([[[1], [2]]], axes: [0]).type", squeeze([[[1], [2]]], axes: [0]).type, "int64[2, 1]")
  }

  private static func frontendManipulationAxes4() throws {
    try expect("ravel([[1, 2], [3, 4]])", ravel([[1, 2], [3, 4]]), "[1 2 3 4]")
    try expect("ravel([[1, 2], [3, 4]], order: .fortran)", ravel([[1, 2], [3, 4]], order: .fortran), "[1 3 2 4]")
  }

  private static func frontendManipulationAxes5() throws {
    try expect("moveAxis(zeros([2, 3, 4]), [0, 1], to: [-1, 0]).type", moveAxis(zeros([2, 3, 4]), [0, 1], to: [-1, 0]).type, "float64[3, 4, 2]")
  }

  private static func frontendManipulationAxes6() throws {
    try expect("moveAxis(zeros([2, 3, 4]), 0, to: -1).type", moveAxis(zeros([2, 3, 4]), 0, to: -1).type, "float64[3, 4, 2]")
  }

  private static func frontendManipulationAxes7() throws {
    try expect("swapAxes([[1, 2, 3], [4, 5, 6]], 0, 1)", swapAxes([[1, 2, 3], [4, 5, 6]], 0, 1), "[[1 4]\n [2 5]\n [3 6]]")
  }

  private static func frontendManipulationAxes8() throws {
    try expect("matrixTranspose([[1, 2, 3], [4, 5, 6]])", matrixTranspose([[1, 2, 3], [4, 5, 6]]), "[[1 4]\n [2 5]\n [3 6]]")
  }

  private static func frontendManipulationAxes9() throws {
    try expect("permuteDims(zeros([2, 3, 4]), [2, 0, 1]).type", permuteDims(zeros([2, 3, 4]), [2, 0, 1]).type, "float64[4, 2, 3]")
  }

  private static func frontendManipulationAxes10() throws {
    try expect("atLeast1D(5)", atLeast1D(5), "[5]")
  }

  private static func frontendManipulationAxes11() throws {
    try expect("atLeast2D([1, 2, 3])", atLeast2D([1, 2, 3]), "[[1 2 3]]")
  }

  private static func frontendManipulationAxes12() throws {
    try expect("atLeast3D([1, 2, 3]).type", atLeast3D([1, 2, 3]).type, "int64[1, 3, 1]")
  }

  private static func frontendManipulationAxes13() throws {
    try expect("broadcastArrays([[1, 2, 3], [[10], [20]]])[1]", broadcastArrays([[1, 2, 3], [[10], [20]]])[1], "[[10 10 10]\n [20 20 20]]")
  }

  private static func frontendManipulationAxes14() throws {
    try expect("try broadcastShapes([[3, 1], [4]])", try broadcastShapes([[3, 1], [4]]), "[3, 4]")
  }
}
