// Written from Sources/Frontend/Manipulation/Splitting.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendManipulationSplitting: [Example] = [
    Example("Frontend/Manipulation/Splitting.swift: split(_:_:axis:file:line:)", frontendManipulationSplitting1),
    Example("Frontend/Manipulation/Splitting.swift: split(_:at:axis:file:line:)", frontendManipulationSplitting2),
    Example("Frontend/Manipulation/Splitting.swift: arraySplit(_:_:axis:file:line:)", frontendManipulationSplitting3),
    Example("Frontend/Manipulation/Splitting.swift: unstack(_:axis:file:line:)", frontendManipulationSplitting4),
    Example("Frontend/Manipulation/Splitting.swift: hsplit(_:_:file:line:)", frontendManipulationSplitting5),
    Example("Frontend/Manipulation/Splitting.swift: vsplit(_:_:file:line:)", frontendManipulationSplitting6),
    Example("Frontend/Manipulation/Splitting.swift: dsplit(_:_:file:line:)", frontendManipulationSplitting7),
  ]

  private static func frontendManipulationSplitting1() throws {
    try expect("split([1, 2, 3, 4], 2)", split([1, 2, 3, 4], 2), "[1 2]\n[3 4]")
  }

  private static func frontendManipulationSplitting2() throws {
    try expect("split([1, 2, 3, 4, 5], at: [1, 3])", split([1, 2, 3, 4, 5], at: [1, 3]), "[1]\n[2 3]\n[4 5]")
  }

  private static func frontendManipulationSplitting3() throws {
    try expect("arraySplit([1, 2, 3, 4, 5], 2)", arraySplit([1, 2, 3, 4, 5], 2), "[1 2 3]\n[4 5]")
  }

  private static func frontendManipulationSplitting4() throws {
    try expect("unstack([[1, 2], [3, 4]], axis: 1)", unstack([[1, 2], [3, 4]], axis: 1), "[1 3]\n[2 4]")
  }

  private static func frontendManipulationSplitting5() throws {
    try expect("hsplit([[1, 2], [3, 4]], 2)[1]", hsplit([[1, 2], [3, 4]], 2)[1], "[[2]\n [4]]")
  }

  private static func frontendManipulationSplitting6() throws {
    try expect("vsplit([[1, 2], [3, 4]], 2)[1]", vsplit([[1, 2], [3, 4]], 2)[1], "[[3 4]]")
  }

  private static func frontendManipulationSplitting7() throws {
    try expect("dsplit(zeros([2, 3, 4]), 2)[0].type", dsplit(zeros([2, 3, 4]), 2)[0].type, "float64[2, 3, 2]")
  }
}
