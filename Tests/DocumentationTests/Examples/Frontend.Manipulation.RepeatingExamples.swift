// Written from Sources/Frontend/Manipulation/Repeating.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendManipulationRepeating: [Example] = [
    Example("Frontend/Manipulation/Repeating.swift: tile(_:_:file:line:)", frontendManipulationRepeating1),
    Example("Frontend/Manipulation/Repeating.swift: tile(_:_:file:line:)", frontendManipulationRepeating2),
    Example("Frontend/Manipulation/Repeating.swift: repeated(_:_:axis:file:line:)", frontendManipulationRepeating3),
    Example("Frontend/Manipulation/Repeating.swift: repeated(_:_:axis:file:line:)", frontendManipulationRepeating4),
    Example("Frontend/Manipulation/Repeating.swift: repeated(_:_:axis:file:line:)", frontendManipulationRepeating5),
    Example("Frontend/Manipulation/Repeating.swift: resize(_:_:file:line:)", frontendManipulationRepeating6),
  ]

  private static func frontendManipulationRepeating1() throws {
    try expect("tile([[1, 2], [3, 4]], [1, 2])", tile([[1, 2], [3, 4]], [1, 2]), "[[1 2 1 2]\n [3 4 3 4]]")
  }

  private static func frontendManipulationRepeating2() throws {
    try expect("tile([1, 2], 3)", tile([1, 2], 3), "[1 2 1 2 1 2]")
  }

  private static func frontendManipulationRepeating3() throws {
    try expect("repeated([1, 2], 3)", repeated([1, 2], 3), "[1 1 1 2 2 2]")
    try expect("repeated([[1, 2], [3, 4]], 2, axis: 0)", repeated([[1, 2], [3, 4]], 2, axis: 0), "[[1 2]\n [1 2]\n [3 4]\n [3 4]]")
  }

  private static func frontendManipulationRepeating4() throws {
    let counts = [2, 0, 1]
    try expect("repeated([10, 20, 30], counts)", repeated([10, 20, 30], counts), "[10 10 30]")
  }

  private static func frontendManipulationRepeating5() throws {
    let counts: NDArray = [2, 0, 1]
    try expect("repeated([10, 20, 30], counts)", repeated([10, 20, 30], counts), "[10 10 30]")
  }

  private static func frontendManipulationRepeating6() throws {
    try expect("resize([1, 2, 3], [2, 4])", resize([1, 2, 3], [2, 4]), "[[1 2 3 1]\n [2 3 1 2]]")
  }
}
