import WeftIR

extension Pass {
  /// Cuts contractions of three and more operands into ones of two, in the cheapest order found.
  ///
  /// Needs: nothing. Leaves: contractions of at most two operands, and longer ones with one sparse
  /// operand whose dense ones would make something greater together. Of the contraction class: sums
  /// run in another order.
  public static let orderContractions = Pass(
    "order-contractions", "multiply two operands at a time, in a cheap order"
  ) { graph, context in
    guard context.exactness >= .contraction, graph.hasLongContraction else { return }
    let layouts = graph.isSparse ? GraphLayouts(graph) : nil
    graph = try graph.rebuilt { next, row, operands in
      guard case .contract(let contraction) = graph.rows[row].op, operands.count > 2,
        let type = graph.types(row).first, Collection.isRing(type.dtype),
        operands.allSatisfy({ next.type($0).shape.isKnown }),
        !graph.visitsEntries(contraction, row, layouts)
      else { return nil }
      let site = graph.rows[row].site
      return [try next.addPairs(contraction, operands, context, site)]
    }
  }
}

extension Graph {
  fileprivate var hasLongContraction: Bool {
    rows.contains { row in
      if case .contract(let contraction) = row.op { contraction.operands.count > 2 } else { false }
    }
  }

  /// Whether a contraction is best done at the entries of its only sparse operand: no two dense ones
  /// make together something that is not greater than either.
  fileprivate func visitsEntries(
    _ contraction: Contraction, _ row: Int, _ layouts: GraphLayouts?
  ) -> Bool {
    guard let layouts else { return false }
    let operands = Array(self.operands(row))
    let dense = operands.indices.filter { !layouts[operands[$0]].isSparse }
    guard dense.count == operands.count - 1 else { return false }
    var extents = Array(repeating: 1.0, count: contraction.labelCount)
    for (labels, operand) in zip(contraction.operands, operands) {
      for (label, code) in zip(labels, type(operand).shape.codes) { extents[label] = Double(code) }
    }
    func size(_ labels: Set<Int>) -> Double { labels.reduce(1) { $0 * extents[$1] } }
    for (place, a) in dense.enumerated() {
      for b in dense.dropFirst(place + 1) {
        let (left, right) = (Set(contraction.operands[a]), Set(contraction.operands[b]))
        let others = operands.indices.filter { $0 != a && $0 != b }
          .flatMap { contraction.operands[$0] }
        let kept = left.union(right).intersection(others + contraction.output)
        if size(kept) <= max(size(left), size(right)) { return false }
      }
    }
    return true
  }

  /// A contraction as rows of two operands each.
  fileprivate mutating func addPairs(
    _ contraction: Contraction, _ operands: [Value], _ context: PassContext, _ site: SourceSite
  ) throws -> Value {
    var extents = Array(repeating: 1, count: contraction.labelCount)
    for (labels, operand) in zip(contraction.operands, operands) {
      for (label, code) in zip(labels, type(operand).shape.codes) { extents[label] = code }
    }
    let network = ContractionNetwork(
      contraction.operands, to: contraction.output, extents: extents)
    let plan = network.plan(options(operands, context))
    context.report.fired("order-operands")
    let (count, method, flops) = (operands.count, plan.method, plan.cost.log10Flops)
    context.report.note(later: {
      let place = site.description
      return "order-operands: \(count) operands by \(method), 10^"
        + "\((flops * 10).rounded() / 10) operations" + (place.isEmpty ? "" : " (\(place))")
    })
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

  private func options(_ operands: [Value], _ context: PassContext) -> PathOptions {
    let size = operands.first.map { Double(type($0).dtype.itemSize) } ?? 8
    var options = PathOptions(
      model: PathCostModel(.flops, writeWeight: 2 * size * ContractionCost.byte))
    options.threadCount = context.threadCount
    return options
  }
}
