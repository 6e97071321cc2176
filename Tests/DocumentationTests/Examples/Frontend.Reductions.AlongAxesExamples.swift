// Written from Sources/Frontend/Reductions/AlongAxes.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft

extension Example {
  static let frontendReductionsAlongAxes: [Example] = [
    Example("Frontend/Reductions/AlongAxes.swift: applyAlongAxis(_:axis:file:line:_:)", frontendReductionsAlongAxes1),
    Example("Frontend/Reductions/AlongAxes.swift: applyOverAxes(_:_:file:line:_:)", frontendReductionsAlongAxes2),
  ]

  private static func frontendReductionsAlongAxes1() throws {
    try expect("applyAlongAxis([[3, 1], [2, 4]], axis: 1) { $0.max() - $0.min() }", applyAlongAxis([[3, 1], [2, 4]], axis: 1) { $0.max() - $0.min() }, "[2 2]")
  }

  private static func frontendReductionsAlongAxes2() throws {
    try expect("applyOverAxes(arange(8).reshaped([2, 2, 2]), [0, 2]) { $0.sum(axis: $1, keepAxes: true) }", applyOverAxes(arange(8).reshaped([2, 2, 2]), [0, 2]) { $0.sum(axis: $1, keepAxes: true) }, "[[[10]\n  [18]]]")
  }
}
