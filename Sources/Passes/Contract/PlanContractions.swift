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
    guard context.exactness >= .contraction,
      !context.disabledRules.contains(ContractionRewrite.orderRule)
    else { return }
    let (divided, divisions) = try DividedProducts.rewrite(graph, context)
    guard divided.hasPlannableContraction else { return }
    var rewrite = ContractionRewrite(divided, context)
    var best: PlannedGraph?
    var least = rewrite.presentCost * ContractionCost.gain
    func consider(_ rewrite: ContractionRewrite, shared: Bool) throws {
      let candidate = try rewrite.rewritten()
      let cost = candidate.contractionCosts(rewrite.rates).reduce(0, +)
      guard cost < least else { return }
      least = cost
      var rules = rewrite.rules
      if shared { rules[ContractionRewrite.shareRule, default: 0] += 1 }
      best = PlannedGraph(graph: candidate, rules: rules, notes: rewrite.notes)
    }
    if rewrite.plan() { try consider(rewrite, shared: false) }
    if !context.disabledRules.contains(ContractionRewrite.shareRule) {
      if let shared = rewrite.sharedProducts(below: least), rewrite.plan(shared) {
        try consider(rewrite, shared: true)
      }
      // What one product makes on the way is there for the others.
      if rewrite.noteMadeProducts(), rewrite.plan() { try consider(rewrite, shared: true) }
    }
    guard let best else { return }
    graph = try best.graph.mergingTurnedProducts()
    if divisions > 0 { context.noteFired(DividedProducts.rule, because: DividedProducts.summary) }
    for (rule, count) in best.rules { for _ in 0..<count { context.report.fired(rule) } }
    if best.rules[ContractionRewrite.shareRule] != nil {
      context.report.note("\(ContractionRewrite.shareRule): \(ContractionRewrite.shareSummary)")
    }
    for note in best.notes { context.report.note(later: { note.text }) }
    // Identities and diagonals that were terms of sums may be operands now.
    if !context.disabledPasses.contains(Pass.structure.name) {
      try Pass.structure.run(&graph, context)
    }
    // Parts of what is now an operand move on towards the leaves.
    try Pass.pushDown.run(&graph, context)
    try Pass.simplify.run(&graph, context)
  }
}

/// A graph that plans made, and what they did.
private struct PlannedGraph {
  let graph: Graph
  let rules: [String: Int]
  let notes: [ContractionRewrite.Note]
}

extension Graph {
  /// The graph with products that differ in the order of their two operands made once: plans count on it.
  fileprivate func mergingTurnedProducts() throws -> Graph {
    struct Product: Hashable {
      let contraction: Contraction
      let operands: [Value]
    }
    var made: [Product: Value] = [:]
    return try rebuilt { next, row, operands in
      guard case .contract(let contraction) = rows[row].op, contraction.operands.count == 2 else {
        return nil
      }
      let turned = Product(
        contraction: Contraction(contraction.operands.reversed(), to: contraction.output),
        operands: operands.reversed())
      if let known = made[turned] { return [known] }
      let value = try next.add(.contract(contraction), operands, site: rows[row].site)
      made[Product(contraction: contraction, operands: operands)] = value
      return [value]
    }
  }

  /// Whether some product of arrays may be made in another way: there are several, or there is one
  /// with more than two operands, or with something before or after it that it can take in.
  fileprivate var hasPlannableContraction: Bool {
    var product: Int?
    for row in 0..<count {
      guard case .contract(let contraction) = rows[row].op else { continue }
      if product != nil || contraction.operands.count != 2 { return true }
      product = row
    }
    guard let product else { return false }
    for operand in operands(product) {
      if case .input = op(operand) { continue }
      if Collection.mayCollect(operand.index, of: self) { return true }
    }
    // Elementwise users are made as they are; only what cuts or folds can be pushed in.
    return (product..<count).contains { row in
      switch rows[row].op {
      case .reduce, .slice, .permute, .reshape: true
      case .broadcast: operands(row).first.map { uniformScalar($0) == nil } ?? true
      default: false
      }
    }
  }
}
