import WeftIR

extension FactRule {
  /// Rules about masks of products.
  static let samples = [
    FactRule("sampled-product", "a mask of zeros leaves out most of a product") { g, row, known in
      guard case .map(let f) = row.op else { return nil }
      if f == .select {
        // where(mask, product, 0)
        guard row.facts[0].contains(.sparse), row.facts[2].contains(.zero),
          let product = SampleOperands(row.operands[1], known, in: g)
        else { return nil }
        return .value(
          try product.add(.choice, mask: row.operands[0], to: &g, site: row.site))
      }
      for (i, j) in [(0, 1), (1, 0)] where row.facts[i].contains(.sparse) {
        guard let product = SampleOperands(row.operands[j], known, in: g) else { continue }
        return .value(try product.add(.factor, mask: row.operands[i], to: &g, site: row.site))
      }
      return nil
    },
    FactRule("banded-product", "elements of a product outside a band are not computed") {
      g, row, known in
      guard case .map(let f) = row.op, row.type.rank == 2, let shape = row.type.shape.known,
        row.result.contains(.absentZeros),
        row.result.keptShare(shape[0], shape[1]) < mostSampled
      else { return nil }
      for place in (f == .select ? [1, 2] : [0, 1]) {
        let rest = row.facts.indices.filter { $0 != place }
        // The zeros must be those of the other operands.
        let isBand = g.isBandOfProduct(row.operands[place])
        guard isBand ? f == .select : !row.facts[place].hasZeros,
          f == .select
            ? row.facts[3 - place].contains(.zero)
            : rest.allSatisfy({ row.facts[$0].contains(.absentZeros) }),
          let product = SampleOperands(row.operands[place], known, in: g)
        else { continue }
        let band = try product.add(
          .band, places: row.result, mask: nil, to: &g, site: row.site)
        // A mask of truths picks what is there; the band says the same.
        if f == .select { return .value(band) }
        var next = row.operands
        next[place] = band
        return .value(try g.add(row.op, next, site: row.site))
      }
      return nil
    },
  ]

  /// Products that keep more than this share of their elements run as they are.
  private static let mostSampled = 0.85

  /// Rules about sums of products with masks.
  static let sampleSums = [
    FactRule("sampled-sum", "a sum of chosen elements of a product needs no other") {
      g, row, known in
      switch row.op {
      case .reduce(_, let axes):
        guard let sum = sampleSum(keeping: [0, 1].filter { !axes.contains($0) }) else { return nil }
        return try summed(row.operands[0], sum, known, &g, row.site)
      case .contract(let contraction):
        for i in row.operands.indices where row.facts[i].contains(.sparse) {
          guard
            let value = try chosen(contraction, row, mask: i, known, in: &g)
          else { continue }
          return .value(value)
        }
        return nil
      default: return nil
      }
    }
  ]

  private static func sampleSum(keeping axes: [Int]) -> Routine.SampleSum? {
    switch axes {
    case []: .all
    case [0]: .rows
    default: nil
    }
  }

  /// The call that makes chosen elements, summed in the same way.
  private static func summed(
    _ value: Value, _ sum: Routine.SampleSum, _ known: KnownFacts, _ g: inout Graph,
    _ site: SourceSite
  ) throws -> FactReplacement? {
    guard known.isUsedOnce(value), case .call(let routine) = g.op(value),
      routine.name == "sampled_product", routine.options["sum"] == "none",
      let sampling = routine.options["mask"].flatMap({ Routine.Sampling(rawValue: $0) }),
      sampling != .band
    else { return nil }
    let call = Routine.sampledProduct(
      sampling, left: routine.options["left"] == "true",
      right: routine.options["right"] == "true", sum: sum)
    return .value(try g.add(.call(call), Array(g.operands(value.index)), site: site))
  }

  /// A contraction of a mask [i, j] with a product, or with its two matrices, summed over i and j or
  /// not.
  private static func chosen(
    _ contraction: Contraction, _ row: FactCandidate, mask: Int, _ known: KnownFacts,
    in g: inout Graph
  ) throws -> Value? {
    let labels = contraction.operands[mask]
    guard labels.count == 2, labels[0] != labels[1],
      contraction.output.allSatisfy({ labels.contains($0) })
    else { return nil }
    let others = row.operands.indices.filter { $0 != mask }
    let product: SampleOperands?
    if others.count == 1 {
      // A product made before.
      let other = contraction.operands[others[0]]
      guard Set(other) == Set(labels), other.count == 2,
        var made = SampleOperands(row.operands[others[0]], known, in: g)
      else { return nil }
      if other != labels { made.transpose() }
      product = made
    } else if others.count == 2 {
      product = SampleOperands(
        Contraction(others.map { contraction.operands[$0] }, to: labels),
        others.map { row.operands[$0] }, in: g)
    } else {
      product = nil
    }
    guard let product, g.type(row.operands[mask]).dtype == row.type.dtype,
      let shape = row.type.shape.known
    else { return nil }
    let kept = labels.indices.filter { contraction.output.contains(labels[$0]) }
    if let sum = sampleSum(keeping: kept) {
      return try product.add(.factor, mask: row.operands[mask], sum: sum, to: &g, site: row.site)
    }
    var value = try product.add(.factor, mask: row.operands[mask], to: &g, site: row.site)
    if kept == [1] {
      value = try g.add(.reduce(.add, [0]), [value], site: row.site)
    } else if contraction.output != labels {
      value = try g.add(.permute([1, 0]), [value], site: row.site)
    }
    return g.type(value).shape.known == shape ? value : nil
  }
}

extension Graph {
  /// Whether a value is the band of a product that an earlier rule made.
  fileprivate func isBandOfProduct(_ value: Value) -> Bool {
    guard case .call(let routine) = op(value) else { return false }
    return routine.name == "sampled_product"
      && routine.options["mask"] == Routine.Sampling.band.rawValue
  }
}

/// The matrices of a product that nothing else reads.
private struct SampleOperands {
  private var left: Value
  private var right: Value
  private var isLeftTransposed: Bool
  private var isRightTransposed: Bool

  /// Products of fewer multiplications are done before a choice pays.
  private static let leastMultiplications = 1 << 18
  /// Shorter sums cost less than looking for the places.
  private static let leastSummed = 8

  init?(_ value: Value, _ known: KnownFacts, in graph: Graph) {
    guard known.isUsedOnce(value) else { return nil }
    if case .call(let routine) = graph.op(value), graph.isBandOfProduct(value) {
      let operands = graph.operands(value.index)
      guard let first = operands.first, let last = operands.last else { return nil }
      self.init(
        left: first, right: last, isLeftTransposed: routine.options["left"] == "true",
        isRightTransposed: routine.options["right"] == "true")
      return
    }
    guard case .contract(let contraction) = graph.op(value) else { return nil }
    self.init(contraction, Array(graph.operands(value.index)), in: graph)
  }

  init?(_ contraction: Contraction, _ operands: [Value], in graph: Graph) {
    guard let product = GraphFacts.MatrixProduct(contraction, operands) else { return nil }
    let (l, r) = (graph.type(product.left), graph.type(product.right))
    guard l.dtype == .float32 || l.dtype == .float64, l.shape.isKnown, r.shape.isKnown else {
      return nil
    }
    let (inner, rows) =
      product.isLeftTransposed
      ? (l.shape.codes[0], l.shape.codes[1]) : (l.shape.codes[1], l.shape.codes[0])
    let columns = r.shape.codes[product.isRightTransposed ? 0 : 1]
    let (area, overflows) = rows.multipliedReportingOverflow(by: columns)
    guard inner >= Self.leastSummed, overflows || area >= Self.leastMultiplications / inner else {
      return nil
    }
    self.init(
      left: product.left, right: product.right, isLeftTransposed: product.isLeftTransposed,
      isRightTransposed: product.isRightTransposed)
  }

  private init(left: Value, right: Value, isLeftTransposed: Bool, isRightTransposed: Bool) {
    self.left = left
    self.right = right
    self.isLeftTransposed = isLeftTransposed
    self.isRightTransposed = isRightTransposed
  }

  /// (L R)^T is R^T L^T.
  mutating func transpose() {
    swap(&left, &right)
    (isLeftTransposed, isRightTransposed) = (!isRightTransposed, !isLeftTransposed)
  }

  /// The call of the routine; a mask that was converted is taken as it was.
  func add(
    _ sampling: Routine.Sampling, places: Facts = .none, mask: Value?,
    sum: Routine.SampleSum = .none, to graph: inout Graph, site: SourceSite
  ) throws -> Value {
    var operands = [left, right]
    if var mask {
      if case .convert = graph.op(mask), let source = graph.operands(mask.index).first,
        graph.type(source).dtype == .bool
      {
        mask = source
      }
      operands.insert(mask, at: 0)
    }
    let routine = Routine.sampledProduct(
      sampling, places: places, left: isLeftTransposed, right: isRightTransposed, sum: sum)
    return try graph.add(.call(routine), operands, site: site)
  }
}
