// Written from Sources/Frontend/Reductions/ExtremePositions.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendReductionsExtremePositions: [Example] = [
    Example("Frontend/Reductions/ExtremePositions.swift: NDArray.argmin(axis:keepAxes:file:line:)", frontendReductionsExtremePositions1),
    Example("Frontend/Reductions/ExtremePositions.swift: NDArray.argmax(axis:keepAxes:file:line:)", frontendReductionsExtremePositions2),
  ]

  private static func frontendReductionsExtremePositions1() throws {
    let a: NDArray = [[3, 1, 2], [0, 9, 0]]
    try expect("a.argmin()", a.argmin(), "3")
    try expect("a.argmin(axis: 1)", a.argmin(axis: 1), "[1 0]")
  }

  private static func frontendReductionsExtremePositions2() throws {
    let a: NDArray = [[3, 1, 2], [0, 9, 0]]
    try expect("a.argmax()", a.argmax(), "4")
    try expect("a.argmax(axis: 0, keepAxes: true)", a.argmax(axis: 0, keepAxes: true), "[[0 1 0]]")
  }
}
