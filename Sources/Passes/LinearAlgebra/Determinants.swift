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
      guard let source = LoggedDeterminant(row, in: g),
        let parts = try LowRankMatrix(source.matrix, known, in: &g, site: row.site),
        parts.isDefinite
      else { return nil }
      return .value(try parts.logarithmOfDeterminant(in: &g, site: row.site))
    }
  ]

  /// Rules about determinants.
  static let determinants = [
    FactRule(
      "log-determinant", "the logarithm of a determinant is a sum of logarithms", .stable
    ) { g, row, _ in
      guard case .map(.log) = row.op, !row.type.dtype.isComplex,
        let source = LoggedDeterminant(row, in: g)
      else { return nil }
      return .value(try source.sum(of: [(source.matrix, 1)], isNegative: false, in: &g, row))
    }
  ]
}

/// The logarithm of a determinant, or of its magnitude.
struct LoggedDeterminant {
  let matrix: Value
  let isAbsolute: Bool
  let site: SourceSite

  init?(_ row: FactCandidate, in g: Graph) {
    var source = row.operands[0]
    var isAbsolute = false
    if case .map(.abs) = g.op(source), let inner = g.operands(source.index).first {
      source = inner
      isAbsolute = true
    }
    guard case .call(.det) = g.op(source), let matrix = g.operands(source.index).first,
      g.type(matrix).dtype == row.type.dtype
    else { return nil }
    (self.matrix, self.isAbsolute, site) = (matrix, isAbsolute, g.rows[source.index].site)
  }

  /// The logarithm of the product of powers of matrices' determinants, or of its reciprocal.
  func sum(
    of factors: [(matrix: Value, power: Int)], isNegative: Bool, in g: inout Graph,
    _ row: FactCandidate
  ) throws -> Value {
    var total: Value?
    var sign: Value?
    for (factor, power) in factors {
      let parts = try g.add(.call(.slogdet), [factor], site: site)
      var logarithm = Value(row: parts.index, result: 1)
      if power != 1 {
        let times = try g.add(.constant(Scalar(Int64(power), row.type.dtype)), site: row.site)
        logarithm = try g.add(.map(.multiply), [logarithm, times], site: row.site)
      }
      total =
        try total.map { try g.add(.map(.add), [$0, logarithm], site: row.site) } ?? logarithm
      // Of an even power the magnitude alone: 0 or 1.
      let part = power % 2 == 0 ? try g.add(.map(.abs), [parts], site: row.site) : parts
      sign = try sign.map { try g.add(.map(.multiply), [$0, part], site: row.site) } ?? part
    }
    guard var total, let sign else {
      throw WeftError(.internal, "determinant-of-product", "a product without factors")
    }
    if isNegative { total = try g.add(.map(.negative), [total], site: row.site) }
    if isAbsolute { return total }
    // log(1) is 0 and log(-1) is NaN; a magnitude of 0 has its own infinite logarithm.
    let added = try g.add(.map(.log), [sign], site: row.site)
    return try g.add(.map(.add), [added, total], site: row.site)
  }
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
