import WeftIR

/// Quotients among the operands of products, as products with reciprocals.
///
/// Where A / s is multiplied with something, s having fewer elements than A, orders of A, 1 / s and the rest
/// are open: (I - 2 v v^T / s) A, (W / W.sum(axis=1)) x.
enum DividedProducts {
  static let rule = "divide-once"
  static let summary = "a quotient in a product is multiplied by the reciprocal of its divisor"

  /// The graph with reciprocals, and their number: what a plan is made from, for nothing is gained yet.
  ///
  /// Of the contraction class: a quotient is rounded twice in place of once. Divisors of less than the reciprocal
  /// of the greatest number have infinite reciprocals.
  static func rewrite(_ graph: Graph, _ context: PassContext) throws -> (Graph, count: Int) {
    let found = graph.quotientsInProducts()
    if found.isEmpty || context.disabledRules.contains(rule) { return (graph, 0) }
    var count = 0
    let result = try graph.rebuilt { next, row, operands in
      guard found.contains(row), let type = graph.types(row).first,
        case .broadcast(_, let axes) = next.op(operands[1]),
        let source = next.operands(operands[1].index).first
      else { return nil }
      let site = graph.rows[row].site
      let one = Scalar(1 as Int64, type.dtype)
      guard let ones = try next.addUniform(one, next.type(source).shape, site: site) else {
        return nil
      }
      let reciprocal = try next.add(.map(.divide), [ones, source], site: site)
      let spread = try next.add(
        .broadcast(to: type.shape, axes: axes), [reciprocal], site: site)
      count += 1
      return [try next.add(.map(.multiply), [operands[0], spread], site: site)]
    }
    return (result, count)
  }
}

extension Graph {
  /// The divisions by values of fewer elements that some product of arrays reads, through what sums of products
  /// consist of.
  fileprivate func quotientsInProducts() -> Set<Int> {
    let hasDivision = rows.contains { if case .map(.divide) = $0.op { true } else { false } }
    if !hasDivision { return [] }
    var isRead = Array(repeating: false, count: count)
    var found: Set<Int> = []
    for row in (0..<count).reversed() {
      let reads: Bool
      switch rows[row].op {
      case .contract(let contraction): reads = isRead[row] || contraction.operands.count > 1
      case .map(let f) where f == .divide:
        reads = isRead[row]
        if reads, isQuotient(row) { found.insert(row) }
      default: reads = isRead[row] && Collection.mayCollect(row, of: self)
      }
      if reads { for operand in operands(row) { isRead[operand.index] = true } }
    }
    return found
  }

  private func isQuotient(_ row: Int) -> Bool {
    guard let type = types(row).first, type.dtype.isInexact, Collection.isRing(type.dtype),
      let count = type.shape.count, let divisor = operands(row).last,
      uniformScalar(divisor) == nil, case .broadcast = op(divisor),
      let source = operands(divisor.index).first, let least = self.type(source).shape.count
    else { return false }
    return least < count
  }
}
