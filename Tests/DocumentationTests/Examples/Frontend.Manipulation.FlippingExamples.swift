// Written from Sources/Frontend/Manipulation/Flipping.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendManipulationFlipping: [Example] = [
    Example("Frontend/Manipulation/Flipping.swift: flip(_:axes:file:line:)", frontendManipulationFlipping1),
    Example("Frontend/Manipulation/Flipping.swift: flip(_:axis:file:line:)", frontendManipulationFlipping2),
    Example("Frontend/Manipulation/Flipping.swift: flipud(_:file:line:)", frontendManipulationFlipping3),
    Example("Frontend/Manipulation/Flipping.swift: fliplr(_:file:line:)", frontendManipulationFlipping4),
    Example("Frontend/Manipulation/Flipping.swift: rot90(_:turns:axes:file:line:)", frontendManipulationFlipping5),
    Example("Frontend/Manipulation/Flipping.swift: roll(_:_:axis:file:line:)", frontendManipulationFlipping6),
    Example("Frontend/Manipulation/Flipping.swift: roll(_:_:axes:file:line:)", frontendManipulationFlipping7),
  ]

  private static func frontendManipulationFlipping1() throws {
    try expect("flip([[1, 2], [3, 4]])", flip([[1, 2], [3, 4]]), "[[4 3]\n [2 1]]")
  }

  private static func frontendManipulationFlipping2() throws {
    try expect("flip([[1, 2], [3, 4]], axis: 1)", flip([[1, 2], [3, 4]], axis: 1), "[[2 1]\n [4 3]]")
  }

  private static func frontendManipulationFlipping3() throws {
    try expect("flipud([[1, 2], [3, 4]])", flipud([[1, 2], [3, 4]]), "[[3 4]\n [1 2]]")
  }

  private static func frontendManipulationFlipping4() throws {
    try expect("fliplr([[1, 2], [3, 4]])", fliplr([[1, 2], [3, 4]]), "[[2 1]\n [4 3]]")
  }

  private static func frontendManipulationFlipping5() throws {
    try expect("rot90([[1, 2], [3, 4]])", rot90([[1, 2], [3, 4]]), "[[2 4]\n [1 3]]")
  }

  private static func frontendManipulationFlipping6() throws {
    try expect("roll([1, 2, 3, 4, 5], 2)", roll([1, 2, 3, 4, 5], 2), "[4 5 1 2 3]")
    try expect("roll([[1, 2, 3], [4, 5, 6]], -1, axis: 1)", roll([[1, 2, 3], [4, 5, 6]], -1, axis: 1), "[[2 3 1]\n [5 6 4]]")
  }

  private static func frontendManipulationFlipping7() throws {
    try expect("roll([[1, 2, 3], [4, 5, 6]], [1, 1], axes: [0, 1])", roll([[1, 2, 3], [4, 5, 6]], [1, 1], axes: [0, 1]), "[[6 4 5]\n [3 1 2]]")
  }
}
