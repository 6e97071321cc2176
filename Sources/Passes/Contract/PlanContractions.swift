import WeftIR

extension Pass {
  /// Plans sums of products across the rows that make them up.
  ///
  /// Products, sums, transposes, diagonals and parts of them are read as sums of n-ary products;
  /// each that is needed is made in the cheapest order found, common factors taken out and sums
  /// taken apart where that is cheaper. Rules are of the contraction class: they reorder sums.
  /// Needs: explicit broadcasts, slices near the leaves. Leaves: contractions of two operands where
  /// it changed something.
  public static let contractions = Pass(
    "contractions", "plan sums of products across rows"
  ) { graph, context in
    guard context.exactness >= .contraction, graph.hasContraction,
      !context.disabledRules.contains(ContractionRewrite.orderRule)
    else { return }
    var rewrite = ContractionRewrite(graph, context)
    var best: (graph: Graph, rules: [String: Int], notes: [String])?
    var least = graph.contractionCost * ContractionCost.gain
    func consider(_ rewrite: ContractionRewrite, shared: Bool) throws {
      let candidate = try rewrite.rewritten()
      let cost = candidate.contractionCost
      guard cost < least else { return }
      least = cost
      var rules = rewrite.rules
      if shared { rules[ContractionRewrite.shareRule, default: 0] += 1 }
      best = (candidate, rules, rewrite.notes)
    }
    if rewrite.plan() { try consider(rewrite, shared: false) }
    if !context.disabledRules.contains(ContractionRewrite.shareRule),
      let shared = rewrite.sharedProducts(), rewrite.plan(shared)
    {
      try consider(rewrite, shared: true)
    }
    guard let best else { return }
    graph = best.graph
    for (rule, count) in best.rules { for _ in 0..<count { context.report.fired(rule) } }
    best.notes.forEach { context.report.note($0) }
    // Parts of what is now an operand move on towards the leaves.
    try Pass.pushDown.run(&graph, context)
    try Pass.simplify.run(&graph, context)
  }
}

extension Graph {
  fileprivate var hasContraction: Bool {
    rows.contains { if case .contract = $0.op { true } else { false } }
  }

  /// The cost of all live rows.
  fileprivate var contractionCost: Double { contractionCosts().reduce(0, +) }
}
