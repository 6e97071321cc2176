// Written from Sources/Frontend/Manipulation/Editing.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendManipulationEditing: [Example] = [
    Example("Frontend/Manipulation/Editing.swift: delete(_:_:axis:file:line:)", frontendManipulationEditing1),
    Example("Frontend/Manipulation/Editing.swift: delete(_:_:axis:file:line:)", frontendManipulationEditing2),
    Example("Frontend/Manipulation/Editing.swift: delete(_:_:axis:file:line:)", frontendManipulationEditing3),
    Example("Frontend/Manipulation/Editing.swift: insert(_:_:_:axis:file:line:)", frontendManipulationEditing4),
    Example("Frontend/Manipulation/Editing.swift: insert(_:_:_:axis:file:line:)", frontendManipulationEditing5),
    Example("Frontend/Manipulation/Editing.swift: insert(_:_:_:axis:file:line:)", frontendManipulationEditing6),
    Example("Frontend/Manipulation/Editing.swift: trimZeros(_:_:axes:file:line:)", frontendManipulationEditing7),
  ]

  private static func frontendManipulationEditing1() throws {
    try expect("delete([10, 20, 30], 1)", delete([10, 20, 30], 1), "[10 30]")
    try expect("delete([[1, 2, 3], [4, 5, 6]], -1, axis: 1)", delete([[1, 2, 3], [4, 5, 6]], -1, axis: 1), "[[1 2]\n [4 5]]")
  }

  private static func frontendManipulationEditing2() throws {
    try expect("delete(arange(6), .stride(by: 2))", delete(arange(6), .stride(by: 2)), "[1 3 5]")
  }

  private static func frontendManipulationEditing3() throws {
    let positions: NDArray = [0, 2]
    try expect("delete([10, 20, 30], positions)", delete([10, 20, 30], positions), "[20]")
    let small: NDArray = [true, false, false]
    try expect("delete([10, 20, 30], small)", delete([10, 20, 30], small), "[20 30]")
  }

  private static func frontendManipulationEditing4() throws {
    try expect("insert([1, 2, 3], 1, 99)", insert([1, 2, 3], 1, 99), "[ 1 99  2  3]")
    try expect("insert([[1, 2], [3, 4]], 1, [10, 20], axis: 0)", insert([[1, 2], [3, 4]], 1, [10, 20], axis: 0), "[[ 1  2]\n [10 20]\n [ 3  4]]")
  }

  private static func frontendManipulationEditing5() throws {
    try expect("insert([1, 2, 3], [0, 3], [10, 40])", insert([1, 2, 3], [0, 3], [10, 40]), "[10  1  2  3 40]")
  }

  private static func frontendManipulationEditing6() throws {
    let isBig: NDArray = [false, true, true]
    try expect("insert([1, 20, 30], isBig, 0)", insert([1, 20, 30], isBig, 0), "[ 1  0 20  0 30]")
  }

  private static func frontendManipulationEditing7() throws {
    try expect("trimZeros([0, 0, 1, 0, 2, 0])", trimZeros([0, 0, 1, 0, 2, 0]), "[1 0 2]")
    try expect("trimZeros([0, 0, 1, 0, 2, 0], .front)", trimZeros([0, 0, 1, 0, 2, 0], .front), "[1 0 2 0]")
  }
}
