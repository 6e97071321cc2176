// Written from Sources/Passes/Rewriting/Rule.swift by `BLESS=1 swift test --filter DocumentationTests`.
// swift-format-ignore-file

import Weft
import WeftIR
import WeftPasses

extension Example {
  static let passesRewritingRule: [Example] = [
    Example("Passes/Rewriting/Rule.swift: Rule", passesRewritingRule1),
  ]

  private static func passesRewritingRule1() throws {

    let double = Rule("double", on: .floats) { x in x + x => x * 2 }
    let x = random.uniform([3], key: 1)
    var graph = try (x + x).graph()
    let context = PassContext()
    try Pass.simplify(RuleSet([double])).run(&graph, context)
    try expect("context.report.rules[\"double\"]", context.report.rules["double"], "1")
  }
}
