import WeftIR

extension FactRule {
  /// Rules about operands that are made of smaller ones.
  static let unfolded = [
    FactRule("uniform-term", "a diagonal and a matrix of equal elements are multiplied apart") {
      g, row, known in
      guard case .contract(let contraction) = row.op, contraction.operands.count == 2,
        row.type.dtype.isInexact, row.type.shape.isKnown
      else { return nil }
      for i in 0..<2 {
        guard let sum = UniformSum(row.operands[i], known, in: g),
          known[sum.diagonal].contains(.absentZeros) || row.facts[1 - i].contains(.finite),
          let rest = try g.addSums(
            of: row.operands[1 - i], contraction.operands[1 - i], contraction.operands[i],
            to: contraction.output, row.type.shape, site: row.site)
        else { continue }
        var apart = row
        apart.operands[i] = sum.diagonal
        apart.facts[i] = known[sum.diagonal]
        var product = try operandOfDiagonal(apart, known, in: &g)
        if sum.isNegated { product = try g.add(.map(.negative), [product], site: row.site) }
        guard let scale = try g.addUniform(sum.scalar, row.type.shape, site: row.site) else {
          return nil
        }
        let scaled = try g.add(.map(.multiply), [rest, scale], site: row.site)
        return .value(
          try g.add(.map(sum.subtracts ? .subtract : .add), [product, scaled], site: row.site))
      }
      return nil
    },
    FactRule(
      "unfold-operand", "a product of a matrix whose axes are joined is one of its factors"
    ) { g, row, _ in
      guard case .contract(let contraction) = row.op, contraction.operands.count == 2,
        row.type.shape.isKnown
      else { return nil }
      for i in 0..<2 {
        guard case .reshape(let shape) = g.op(row.operands[i]),
          let source = g.operands(row.operands[i].index).first, g.isOuterProduct(source),
          let groups = Reshaping.joined(g.type(source).shape, shape),
          Set(contraction.operands[i]).count == contraction.operands[i].count
        else { continue }
        return .value(
          try g.addUnfolded(contraction, row, i, source, groups, site: row.site))
      }
      return nil
    },
    FactRule(
      "unfold-sum", "a product with a sum of matrices whose axes are joined is made term by term"
    ) { g, row, known in
      guard case .contract(let contraction) = row.op, contraction.operands.count == 2,
        row.type.shape.isKnown, row.type.dtype.isInexact
      else { return nil }
      for i in 0..<2 {
        guard Set(contraction.operands[i]).count == contraction.operands[i].count,
          case .map = g.op(row.operands[i]),
          g.isUnfoldable(row.operands[i], known) == .folded
        else { continue }
        return .value(try productByTerms(row, i, row.operands[i], known, in: &g))
      }
      return nil
    },
  ]

  /// A product in which a sum that `isUnfoldable` has looked through stands for an operand, made term by
  /// term.
  private static func productByTerms(
    _ row: FactCandidate, _ i: Int, _ value: Value, _ known: KnownFacts, in g: inout Graph
  ) throws -> Value {
    let operands = Array(g.operands(value.index))
    if case .map(let f) = g.op(value) {
      if f == .multiply {
        let scale = g.isSpreadNumber(operands[0]) ? 0 : 1
        let product = try productByTerms(row, i, operands[1 - scale], known, in: &g)
        let number = g.operands(operands[scale].index)
        let spread = try g.add(
          .broadcast(to: row.type.shape, axes: []), Array(number), site: row.site)
        return try g.add(.map(.multiply), [product, spread], site: row.site)
      }
      let terms = try operands.map { try productByTerms(row, i, $0, known, in: &g) }
      return try g.add(.map(f), terms, site: row.site)
    }
    var apart = row
    apart.operands[i] = value
    apart.facts[i] = known[value]
    for rule in unfolded where rule.name == "unfold-operand" {
      if case .value(let product) = try rule.apply(&g, apart, known) { return product }
    }
    return try operandOfDiagonal(apart, known, in: &g)
  }
}

extension FactRule {
  /// A product with a diagonal as the rules about operands make it.
  private static func operandOfDiagonal(
    _ row: FactCandidate, _ known: KnownFacts, in g: inout Graph
  ) throws -> Value {
    for rule in operands {
      switch try rule.apply(&g, row, known) {
      case .value(let value): return value
      case .row(let next): return try g.add(next.op, next.operands, site: next.site)
      case nil: continue
      }
    }
    return try g.add(row.op, row.operands, site: row.site)
  }
}

/// A diagonal matrix plus or minus a matrix of equal elements.
private struct UniformSum {
  let diagonal: Value
  let scalar: Scalar
  /// Whether the equal elements are subtracted, and whether the diagonal is.
  let subtracts: Bool
  let isNegated: Bool

  init?(_ value: Value, _ known: KnownFacts, in g: Graph) {
    guard case .map(let f) = g.op(value), f == .add || f == .subtract else { return nil }
    let operands = Array(g.operands(value.index))
    for i in 0..<2 {
      guard let scalar = g.uniformScalar(operands[i]), scalar.doubleValue.isFinite,
        scalar.imaginary.isFinite, known[operands[1 - i]].isDiagonal,
        g.type(value).isSquareMatrix
      else { continue }
      (diagonal, self.scalar) = (operands[1 - i], scalar)
      subtracts = f == .subtract && i == 1
      isNegated = f == .subtract && i == 0
      return
    }
    return nil
  }
}

extension Reshaping {
  /// For each axis of a result the axes of the operand that are joined to it; nil where an axis is split.
  fileprivate static func joined(_ from: Shape, _ to: Shape) -> [[Int]]? {
    guard let old = from.known, let new = to.known, !old.contains(0), old.count > new.count else {
      return nil
    }
    var groups: [[Int]] = []
    var axis = 0
    for extent in new {
      var (size, group) = (1, [Int]())
      while axis < old.count, size < extent || group.isEmpty {
        size *= old[axis]
        group.append(axis)
        axis += 1
      }
      guard size == extent else { return nil }
      groups.append(group)
    }
    return axis == old.count ? groups : nil
  }
}

/// What a product with a matrix can be taken apart to.
enum Unfolding: Int {
  case none, diagonal, folded
}

extension Graph {
  /// What is in a sum of matrices that are diagonal or have joined axes, times numbers.
  func isUnfoldable(_ value: Value, _ known: KnownFacts, depth: Int = 0) -> Unfolding {
    let operands = Array(operands(value.index))
    switch op(value) {
    case .reshape(let shape):
      if let source = operands.first, isOuterProduct(source),
        Reshaping.joined(type(source).shape, shape) != nil
      {
        return .folded
      }
    case .map(let f) where depth < 4 && (f == .add || f == .subtract || f == .negative):
      let parts = operands.map { isUnfoldable($0, known, depth: depth + 1) }
      if parts.contains(.none) { break }
      return parts.contains(.folded) ? .folded : .diagonal
    case .map(let f) where depth < 4 && f == .multiply:
      for n in 0..<2 where isSpreadNumber(operands[n]) {
        let part = isUnfoldable(operands[1 - n], known, depth: depth + 1)
        if part == .folded { return part }
      }
    default: break
    }
    return known[value].isDiagonal && known[value].contains(.absentZeros) ? .diagonal : .none
  }

  /// Whether a value is one number everywhere.
  func isSpreadNumber(_ value: Value) -> Bool {
    guard case .broadcast(_, let axes) = op(value), axes.isEmpty else { return false }
    return operands(value.index).first.map { type($0).rank == 0 } ?? false
  }

  /// Whether a value is a product of arrays of fewer axes: more elements than they have together.
  fileprivate func isOuterProduct(_ value: Value) -> Bool {
    switch op(value) {
    case .map(.multiply):
      return operands(value.index).allSatisfy { operand in
        if case .broadcast(_, let axes) = op(operand) { !axes.isEmpty } else { false }
      }
    case .contract(let contraction):
      return contraction.operands.count == 2
        && contraction.operands.allSatisfy { $0.count < contraction.output.count }
    default: return false
    }
  }

  /// The sums of an operand over the labels that only another one shares with it, spread over the output; nil
  /// where that one has a label to itself.
  fileprivate mutating func addSums(
    of value: Value, _ labels: [Int], _ others: [Int], to output: [Int], _ shape: Shape,
    site: SourceSite
  ) throws -> Value? {
    guard others.allSatisfy({ labels.contains($0) || output.contains($0) }),
      Set(others).count == others.count, Set(labels).count == labels.count
    else { return nil }
    let dropped = labels.indices.filter { !output.contains(labels[$0]) }
    let kept = labels.filter { output.contains($0) }
    let sum =
      dropped.isEmpty ? value : try add(.reduce(.add, AxisSet(dropped)), [value], site: site)
    let axes = kept.map { output.firstIndex(of: $0) ?? 0 }
    if kept == output { return sum }
    // Axes of broadcasts ascend where the sum's own order does.
    let order = axes.indices.sorted { axes[$0] < axes[$1] }
    let turned =
      order == Array(axes.indices) ? sum : try add(.permute(order), [sum], site: site)
    return try add(.broadcast(to: shape, axes: axes.sorted()), [turned], site: site)
  }

  /// A contraction with the axes of one operand apart, and its result with those joined again.
  fileprivate mutating func addUnfolded(
    _ contraction: Contraction, _ row: FactCandidate, _ i: Int, _ source: Value, _ groups: [[Int]],
    site: SourceSite
  ) throws -> Value {
    let extents = type(source).shape.codes
    var next = contraction.labelCount
    var parts: [Int: [Int]] = [:]
    var inner = Array(repeating: 0, count: extents.count)
    for (label, group) in zip(contraction.operands[i], groups) {
      var labels = [label]
      while labels.count < group.count {
        labels.append(next)
        next += 1
      }
      parts[label] = labels
      for (axis, part) in zip(group, labels) { inner[axis] = part }
    }
    func sizes(_ label: Int) -> [Int]? {
      contraction.operands[i].firstIndex(of: label).map { groups[$0].map { extents[$0] } }
    }
    let other = row.operands[1 - i]
    let codes = type(other).shape.codes
    let outer = contraction.operands[1 - i]
    let split = zip(outer, codes).flatMap { sizes($0) ?? [$1] }
    let unfolded =
      split == codes ? other : try add(.reshape(Shape(split)), [other], site: site)
    let labels = outer.flatMap { parts[$0] ?? [$0] }
    let output = contraction.output.flatMap { parts[$0] ?? [$0] }
    let product = try add(
      .contract(
        Contraction(i == 0 ? [inner, labels] : [labels, inner], to: output)),
      i == 0 ? [source, unfolded] : [unfolded, source], site: site)
    return type(product).shape == row.type.shape
      ? product : try add(.reshape(row.type.shape), [product], site: site)
  }
}
