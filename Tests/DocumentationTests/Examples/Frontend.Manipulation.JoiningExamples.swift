// Written from Sources/Frontend/Manipulation/Joining.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendManipulationJoining: [Example] = [
    Example("Frontend/Manipulation/Joining.swift: concatenate(_:axis:file:line:)", frontendManipulationJoining1),
    Example("Frontend/Manipulation/Joining.swift: stack(_:axis:file:line:)", frontendManipulationJoining2),
  ]

  private static func frontendManipulationJoining1() throws {
    try expect("concatenate([[[1, 2]], [[3, 4], [5, 6]]])", concatenate([[[1, 2]], [[3, 4], [5, 6]]]), "[[1 2]\n [3 4]\n [5 6]]")
    try expect("concatenate([[[1], [2]], [[3], [4]]], axis: 1)", concatenate([[[1], [2]], [[3], [4]]], axis: 1), "[[1 3]\n [2 4]]")
  }

  private static func frontendManipulationJoining2() throws {
    try expect("stack([[1, 2, 3], [4, 5, 6]])", stack([[1, 2, 3], [4, 5, 6]]), "[[1 2 3]\n [4 5 6]]")
    try expect("stack([[1, 2, 3], [4, 5, 6]], axis: 1)", stack([[1, 2, 3], [4, 5, 6]], axis: 1), "[[1 4]\n [2 5]\n [3 6]]")
  }
}
