// Written from Sources/Passes/Pipeline.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftIR
import WeftPasses

extension Example {
  static let passesPipeline: [Example] = [
    Example("Passes/Pipeline.swift: Pipeline", passesPipeline1),
  ]

  private static func passesPipeline1() throws {

    var graph = try (ones([3]) * 2 + 1).graph()
    try Pipeline.standard.run(&graph, PassContext())
    try expect("graph", graph, "graph @main() {\n  %0 = constant 3.0 : float64[]\n  %1 = broadcast %0 to [3] : float64[3]\n  return %1\n}")
  }
}
