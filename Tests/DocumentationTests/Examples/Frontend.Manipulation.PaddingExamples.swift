// Written from Sources/Frontend/Manipulation/Padding.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendManipulationPadding: [Example] = [
    Example("Frontend/Manipulation/Padding.swift: PadMode", frontendManipulationPadding1),
    Example("Frontend/Manipulation/Padding.swift: pad(_:_:mode:file:line:)", frontendManipulationPadding2),
    Example("Frontend/Manipulation/Padding.swift: pad(_:_:mode:file:line:)", frontendManipulationPadding3),
  ]

  private static func frontendManipulationPadding1() throws {
    try expect("pad([1, 2, 3], 2, mode: .reflect())", pad([1, 2, 3], 2, mode: .reflect()), "[3 2 1 2 3 2 1]")
    try expect("pad([1, 2, 3], 2, mode: .symmetric())", pad([1, 2, 3], 2, mode: .symmetric()), "[2 1 1 2 3 3 2]")
    try expect("pad([1, 2, 3], 2, mode: .wrap)", pad([1, 2, 3], 2, mode: .wrap), "[2 3 1 2 3 1 2]")
  }

  private static func frontendManipulationPadding2() throws {
    try expect("pad([1, 2, 3], [(before: 1, after: 2)])", pad([1, 2, 3], [(before: 1, after: 2)]), "[0 1 2 3 0 0]")
    try expect("pad([[1, 2], [3, 4]], [(before: 1, after: 0), (before: 0, after: 1)], mode: .edge)", pad([[1, 2], [3, 4]], [(before: 1, after: 0), (before: 0, after: 1)], mode: .edge), "[[1 2 2]\n [1 2 2]\n [3 4 4]]")
  }

  private static func frontendManipulationPadding3() throws {
    try expect("pad([[1, 2], [3, 4]], 1)", pad([[1, 2], [3, 4]], 1), "[[0 0 0 0]\n [0 1 2 0]\n [0 3 4 0]\n [0 0 0 0]]")
    try expect("pad([1, 2, 3], 2, mode: .edge)", pad([1, 2, 3], 2, mode: .edge), "[1 1 1 2 3 3 3]")
  }
}
