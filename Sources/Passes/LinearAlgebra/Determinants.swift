import WeftIR

extension FactRule {
  /// Rules about determinants of sums with a product of low rank.
  static let lemmas = [
    FactRule(
      "determinant-lemma", "of a diagonal and a product of low rank a matrix of that rank tells"
    ) { g, row, known in
      guard case .map(.log) = row.op, row.type.rank == 0, !row.type.dtype.isComplex else {
        return nil
      }
      var source = row.operands[0]
      if case .map(.abs) = g.op(source), let inner = g.operands(source.index).first {
        source = inner
      }
      guard case .call(.det) = g.op(source), let matrix = g.operands(source.index).first,
        let parts = try LowRankMatrix(matrix, known, in: &g, site: row.site), parts.isDefinite
      else { return nil }
      return .value(try parts.logarithmOfDeterminant(in: &g, site: row.site))
    }
  ]

  /// Rules about determinants.
  static let determinants = [
    FactRule(
      "log-determinant", "the logarithm of a determinant is a sum of logarithms", .stable
    ) { g, row, _ in
      guard case .map(.log) = row.op, !row.type.dtype.isComplex else { return nil }
      var source = row.operands[0]
      var isAbsolute = false
      if case .map(.abs) = g.op(source), let inner = g.operands(source.index).first {
        source = inner
        isAbsolute = true
      }
      guard case .call(.det) = g.op(source), let matrix = g.operands(source.index).first,
        g.type(matrix).dtype == row.type.dtype
      else { return nil }
      let parts = try g.add(.call(.slogdet), [matrix], site: g.rows[source.index].site)
      let logarithm = Value(row: parts.index, result: 1)
      if isAbsolute { return .value(logarithm) }
      // log(1) is 0, log(-1) is NaN, and log(0) is the logarithm's own -inf.
      let sign = try g.add(.map(.log), [parts], site: row.site)
      return .value(try g.add(.map(.add), [sign, logarithm], site: row.site))
    }
  ]
}

/// Determinants of matrices that some system factors anyway.
enum SharedDeterminant {
  static let rule = "shared-determinant"
  static let summary = "a determinant takes the factors that a system needs"

  /// The graph with such determinants taken from factors; nil where there are none.
  ///
  /// A singular matrix is the system's error then as before. Of the contraction class: the products are
  /// those of another factorisation.
  static func rewrite(_ graph: Graph, _ context: PassContext) throws -> Graph? {
    guard context.exactness >= .contraction, !context.disabledRules.contains(rule) else {
      return nil
    }
    let live = graph.liveRows()
    func matrix(_ row: Int, of names: [String]) -> Value? {
      guard live[row], case .call(let routine) = graph.rows[row].op, names.contains(routine.name)
      else { return nil }
      return graph.operands(row).first
    }
    var factors: [(matrix: Value, row: Int)] = []
    var isNeeded = false
    for row in 0..<graph.count {
      if let matrix = matrix(row, of: ["factor"]) { factors.append((matrix, row)) }
      isNeeded = isNeeded || matrix(row, of: ["det", "slogdet"]) != nil
    }
    guard isNeeded, !factors.isEmpty else { return nil }
    var count = 0
    let result = try graph.rebuilt { new, row, operands in
      guard let value = matrix(row, of: ["det", "slogdet"]),
        let factor = factors.first(where: { $0.matrix == value })?.row
      else { return nil }
      count += 1
      let found = try new.add(graph.rows[factor].op, operands, site: graph.rows[factor].site)
      let results = graph.types(row).count
      let determinant = try new.add(
        .call(.determinantFactored(logarithm: results > 1)),
        [operands[0], found, Value(row: found.index, result: 1)], site: graph.rows[row].site)
      return (0..<results).map { Value(row: determinant.index, result: $0) }
    }
    guard count > 0 else { return nil }
    context.report.note("\(rule): \(summary)")
    for _ in 0..<count { context.report.fired(rule) }
    return result
  }
}
