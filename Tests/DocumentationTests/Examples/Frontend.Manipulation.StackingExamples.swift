// Written from Sources/Frontend/Manipulation/Stacking.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendManipulationStacking: [Example] = [
    Example("Frontend/Manipulation/Stacking.swift: hstack(_:file:line:)", frontendManipulationStacking1),
    Example("Frontend/Manipulation/Stacking.swift: vstack(_:file:line:)", frontendManipulationStacking2),
    Example("Frontend/Manipulation/Stacking.swift: dstack(_:file:line:)", frontendManipulationStacking3),
    Example("Frontend/Manipulation/Stacking.swift: columnStack(_:file:line:)", frontendManipulationStacking4),
    Example("Frontend/Manipulation/Stacking.swift: append(_:_:axis:file:line:)", frontendManipulationStacking5),
  ]

  private static func frontendManipulationStacking1() throws {
    try expect("hstack([[1, 2], [3]])", hstack([[1, 2], [3]]), "[1 2 3]")
    try expect("hstack([[[1], [2]], [[3], [4]]])", hstack([[[1], [2]], [[3], [4]]]), "[[1 3]\n [2 4]]")
  }

  private static func frontendManipulationStacking2() throws {
    try expect("vstack([[1, 2], [3, 4]])", vstack([[1, 2], [3, 4]]), "[[1 2]\n [3 4]]")
  }

  private static func frontendManipulationStacking3() throws {
    try expect("dstack([[1, 2], [3, 4]])", dstack([[1, 2], [3, 4]]), "[[[1 3]\n  [2 4]]]")
  }

  private static func frontendManipulationStacking4() throws {
    try expect("columnStack([[1, 2, 3], [10, 20, 30]])", columnStack([[1, 2, 3], [10, 20, 30]]), "[[ 1 10]\n [ 2 20]\n [ 3 30]]")
  }

  private static func frontendManipulationStacking5() throws {
    try expect("append([1, 2], [3, 4])", append([1, 2], [3, 4]), "[1 2 3 4]")
    try expect("append([[1, 2]], [[3, 4]], axis: 0)", append([[1, 2]], [[3, 4]], axis: 0), "[[1 2]\n [3 4]]")
  }
}
