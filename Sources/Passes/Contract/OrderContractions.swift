import WeftIR

/// The order in which contractions of several operands are cut into ones of two.
enum OperandOrder {
  static let rule = "order-operands"
  static let summary = "several operands are multiplied two at a time, in a cheap order"
}

extension Pass {
  /// Cuts contractions of three and more operands into ones of two, in the cheapest order found.
  ///
  /// Needs: nothing. Leaves: contractions of at most two operands, and longer ones with one sparse
  /// operand where visiting its entries costs less than any order of pairs; what sparse operands
  /// cost is counted by stored elements. Of the contraction class: sums run in another order.
  public static let orderContractions = Pass(
    "order-contractions", "multiply two operands at a time, in a cheap order"
  ) { graph, context in
    guard context.exactness >= .contraction, graph.hasLongContraction else { return }
    let layouts = graph.isSparse ? GraphLayouts(graph) : nil
    graph = try graph.rebuilt { next, row, operands in
      guard case .contract(let contraction) = graph.rows[row].op, operands.count > 2,
        let type = graph.types(row).first, Collection.isRing(type.dtype),
        operands.allSatisfy({ next.type($0).shape.isKnown })
      else { return nil }
      let site = graph.rows[row].site
      let pairs = try next.addPairs(
        contraction, operands, shares: graph.shares(row, layouts), context, site)
      return pairs.map { [$0] }
    }
  }
}

extension Graph {
  fileprivate var hasLongContraction: Bool {
    rows.contains { row in
      if case .contract(let contraction) = row.op { contraction.operands.count > 2 } else { false }
    }
  }

  /// What a contraction is to an order of pairs: its operands' shares, where some are sparse.
  fileprivate func shares(_ row: Int, _ layouts: GraphLayouts?) -> [Double]? {
    guard let layouts, operands(row).contains(where: { layouts[$0].isSparse }) else { return nil }
    return operands(row).map { layouts[$0].isSparse ? layouts.density(of: $0) : 1 }
  }

  /// A contraction as rows of two operands each; nil where it stays whole.
  fileprivate mutating func addPairs(
    _ contraction: Contraction, _ operands: [Value], shares: [Double]?, _ context: PassContext,
    _ site: SourceSite
  ) throws -> Value? {
    var extents = Array(repeating: 1, count: contraction.labelCount)
    for (labels, operand) in zip(contraction.operands, operands) {
      for (label, code) in zip(labels, type(operand).shape.codes) { extents[label] = code }
    }
    let network = ContractionNetwork(
      contraction.operands, to: contraction.output, extents: extents)
    let stored = shares.map { StoredCost(network, $0, itemSize: itemSize(operands)) }
    let plan = network.plan(options(operands, stored, context))
    if let stored, stored.visitsEntries(insteadOf: plan.path) {
      context.report.note(later: {
        let place = site.description
        return
          "\(OperandOrder.rule): \(contraction.operands.count) operands at the entries of the sparse "
          + "one" + (place.isEmpty ? "" : " (\(place))")
      })
      return nil
    }
    if !context.disabledRules.contains(OperandOrder.rule) {
      context.report.fired(OperandOrder.rule)
      let (count, method, flops) = (operands.count, plan.method, plan.cost.log10Flops)
      context.report.note(later: {
        let place = site.description
        return "\(OperandOrder.rule): \(count) operands by \(method), 10^"
          + "\((flops * 10).rounded() / 10) operations" + (place.isEmpty ? "" : " (\(place))")
      })
    }
    // Labels with the number of values that still have them.
    var uses = Array(repeating: 0, count: extents.count)
    for labels in contraction.operands { for label in Set(labels) { uses[label] += 1 } }
    for label in contraction.output { uses[label] += 1 }
    var pieces = zip(operands, contraction.operands).map { Piece(value: $0, labels: $1) }
    for (n, step) in plan.path.steps.enumerated() {
      let (a, b) = (pieces[step.left], pieces[step.right])
      for label in Set(a.labels) { uses[label] -= 1 }
      for label in Set(b.labels) { uses[label] -= 1 }
      let isLast = n == plan.path.steps.count - 1
      let known = uses
      let piece = try a.times(
        b, keeping: { known[$0] > 0 }, order: isLast ? contraction.output : nil, extents,
        in: &self, site)
      for label in piece.labels { uses[label] += 1 }
      pieces.append(piece)
    }
    return pieces[pieces.count - 1].value
  }

  private func itemSize(_ operands: [Value]) -> Double {
    operands.first.map { Double(type($0).dtype.itemSize) } ?? 8
  }

  private func options(
    _ operands: [Value], _ stored: StoredCost?, _ context: PassContext
  ) -> PathOptions {
    var model = PathCostModel(.flops, writeWeight: 2 * itemSize(operands) * ContractionCost.byte)
    if let stored { model.pairCost = { stored.cost(of: $0) } }
    var options = PathOptions(model: model)
    options.threadCount = context.threadCount
    if context.disabledRules.contains(OperandOrder.rule) { options.method = .leftToRight }
    return options
  }
}
