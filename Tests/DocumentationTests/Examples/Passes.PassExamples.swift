// Written from Sources/Passes/Pass.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftIR
import WeftPasses

extension Example {
  static let passesPass: [Example] = [
    Example("Passes/Pass.swift: Pass", passesPass1),
  ]

  private static func passesPass1() throws {

    let countRows = Pass("count-rows", "note how many rows there are") { graph, context in
      context.report.note("there are \(graph.count) rows")
    }

    var session = Session.standard
    session.pipeline = Pipeline(session.pipeline.passes + [countRows])
    let root = sqrt(ones([3]) * 2)
    let text = try session.with { try root.explain(on: .reference) }
    try expect("text.contains(\"there are 2 rows\")", text.contains("there are 2 rows"), "true")
  }
}
