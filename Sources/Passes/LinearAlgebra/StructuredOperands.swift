import WeftIR

extension Pass {
  /// Takes zeros, identities and diagonals out of contractions, and cuts systems of blocks.
  ///
  /// Needs: contractions as users wrote them. Leaves: diagonals as vectors, with fewer labels;
  /// slices that may meet the concatenations they cut.
  public static let structure = Pass("structure", "use zeros, identities, diagonals and blocks") {
    graph, context in
    guard context.exactness >= .contraction, graph.hasLinearAlgebra else { return }
    let facts = GraphFacts(graph)
    guard
      graph.hasRoutines
        || graph.hasFactor(where: { _, value in
          facts.leavesOut(value)
        }) || graph.picksElements(facts) || graph.hasUnfoldedOperand
    else { return }
    var rewriter = FactRewriter(context) { op in
      switch op {
      case .contract:
        FactRule.operands + FactRule.gains + FactRule.unfolded + FactRule.sampleSums
          + FactRule.gathers + FactRule.solutions
      case .gather: FactRule.gathers
      case .map(let f) where f == .multiply || f == .select: FactRule.samples
      case .reduce(let f, _) where f == .add: FactRule.sampleSums + FactRule.solutions
      case .call: FactRule.factored + FactRule.blocks + FactRule.kronecker
      default: []
      }
    }
    let result = try rewriter.rewrite(graph, facts)
    if rewriter.count > 0 { graph = result }
  }
}

extension GraphFacts {
  /// Whether rules may leave out some of a value.
  fileprivate func leavesOut(_ value: Value) -> Bool {
    self[value].isDiagonal || self[value].hasZeros
      || !self[value].properties.isDisjoint(with: [.zero, .sparse])
  }
}

extension Graph {
  /// Whether a product has an operand that is a sum with equal elements, or an array whose axes are joined.
  fileprivate var hasUnfoldedOperand: Bool {
    hasFactor { _, value in
      switch op(value) {
      case .reshape(let shape):
        operands(value.index).first.map { type($0).rank > shape.rank } ?? false
      case .map(let f) where f == .add || f == .subtract:
        operands(value.index).contains { uniformScalar($0) != nil || mayUnfold($0) }
      case .map(let f) where f == .multiply || f == .negative:
        operands(value.index).contains { mayUnfold($0) }
      default: false
      }
    }
  }

  /// Whether a term of a sum may have joined axes, some levels down.
  private func mayUnfold(_ value: Value, depth: Int = 0) -> Bool {
    switch op(value) {
    case .reshape(let shape):
      operands(value.index).first.map { type($0).rank > shape.rank } ?? false
    case .map(let f) where depth < 3 && f.arity <= 2:
      operands(value.index).contains { mayUnfold($0, depth: depth + 1) }
    default: false
    }
  }

  /// Whether some row takes elements at indices, or multiplies or chooses by a mask.
  fileprivate func picksElements(_ facts: GraphFacts) -> Bool {
    (0..<count).contains { row in
      switch rows[row].op {
      case .gather: true
      case .map(let f) where f == .multiply || f == .select:
        operands(row).contains { facts.leavesOut($0) }
      default: false
      }
    }
  }
}

extension FactRule {
  /// Rules about single operands of contractions.
  static let operands = [
    FactRule("zero-operand", "a product with zeros is zero") { g, row, _ in
      guard case .contract(let contraction) = row.op, contraction.operands.count > 1,
        row.facts.indices.contains(where: { row.facts[$0].contains(.zero) && row.hides($0) }),
        !g.mayThrow(row.operands)
      else { return nil }
      let zero = Scalar(0 as Int64, row.type.dtype)
      return try g.addUniform(zero, row.type.shape, site: row.site).map { .value($0) }
    },
    FactRule("identity-operand", "an identity matrix renames an index") { g, row, _ in
      guard case .contract(let contraction) = row.op, contraction.operands.count > 1 else {
        return nil
      }
      for i in row.operands.indices
      where row.facts[i].contains(.identity) && row.hides(i) {
        guard let renamed = contraction.renaming(i, keeping: nil) else { continue }
        var next = row
        next.op = .contract(renamed)
        next.operands.remove(at: i)
        next.facts.remove(at: i)
        return .row(next)
      }
      return nil
    },
    FactRule("diagonal-operand", "a diagonal matrix scales by its diagonal") { g, row, _ in
      guard case .contract(let contraction) = row.op, contraction.operands.count > 1 else {
        return nil
      }
      for i in row.operands.indices
      where row.facts[i].isDiagonal && row.hides(i) && g.type(row.operands[i]).isSquareMatrix
        // A product with an inverse becomes a division.
        && g.inverted(row.operands[i]) == nil
      {
        guard let renamed = contraction.renaming(i, keeping: i) else { continue }
        var next = row
        next.op = .contract(renamed)
        next.operands[i] = try g.addDiagonal(row.operands[i], site: row.site)
        // A positive diagonal is what a definite matrix has.
        next.facts[i] = Facts(
          row.facts[i].properties.intersection(.finite)
            .union(row.facts[i].contains(.positiveDefinite) ? .positive : []))
        return .row(next)
      }
      return nil
    },
  ]

  /// Rules about block-diagonal systems whose zeros are there by definition.
  static let blocks = [
    FactRule("block-solve", "a block-diagonal system is solved block by block") { g, row, known in
      guard case .call(let routine) = row.op, routine.name == "solve",
        row.facts[0].contains(.absentZeros), !row.facts[0].blocks.isEmpty,
        g.type(row.operands[0]).rank == 2, g.type(row.operands[1]).shape.known?.count == 2
      else { return nil }
      let columns = g.type(row.operands[1]).shape.codes[1]
      var parts: [Value] = []
      var start = 0
      for extent in row.facts[0].blocks {
        let span = SliceSpan(start: start, count: extent)
        let a = try g.add(.slice([span, span]), [row.operands[0]], site: row.site)
        let b = try g.add(
          .slice([span, SliceSpan(start: 0, count: columns)]), [row.operands[1]], site: row.site)
        parts.append(try g.add(row.op, [a, b], site: row.site))
        start += extent
      }
      return .value(try g.add(.concatenate(axis: 0), parts, site: row.site))
    }
  ]
}

extension FactCandidate {
  /// Whether zeros of an operand may stand for products with whatever the others hold.
  func hides(_ i: Int) -> Bool {
    facts[i].contains(.absentZeros)
      || facts.indices.allSatisfy { $0 == i || facts[$0].contains(.finite) }
  }
}

extension TensorType {
  /// Whether it is one square matrix of known extent.
  var isSquareMatrix: Bool {
    rank == 2 && isSquareStack
  }

  /// Whether it is one square matrix or a stack of them, of known extents.
  var isSquareStack: Bool {
    rank >= 2 && shape.isKnown && shape.codes[rank - 1] == shape.codes[rank - 2]
  }
}

extension Contraction {
  /// The contraction in which the two labels of an operand are one; the operand goes, or keeps that
  /// one label when it is the one to keep.
  ///
  /// Nil where both labels are the output's, or nothing else has either.
  func renaming(_ i: Int, keeping kept: Int?) -> Contraction? {
    guard operands[i].count == 2, operands[i][0] != operands[i][1] else { return nil }
    var (name, old) = (operands[i][0], operands[i][1])
    if output.contains(old) { swap(&name, &old) }
    guard !output.contains(old) else { return nil }
    let others = operands.indices.filter { $0 != i }
    guard others.contains(where: { operands[$0].contains(name) || operands[$0].contains(old) })
    else { return nil }
    var labels = operands.map { $0.map { $0 == old ? name : $0 } }
    if kept == i { labels[i] = [name] } else { labels.remove(at: i) }
    return Contraction(labels, to: output)
  }
}

extension Graph {
  /// The diagonal of a matrix, straight from the vector where it was made from one.
  mutating func addDiagonal(_ matrix: Value, site: SourceSite) throws -> Value {
    if case .reshape(let shape) = op(matrix), let padded = operands(matrix.index).first,
      case .pad(let spans) = op(padded), spans.count == 1, spans[0].low == 0,
      spans[0].interior == shape.codes[0], let vector = operands(padded.index).first
    {
      return vector
    }
    return try add(.contract(Contraction([[0, 0]], to: [0])), [matrix], site: site)
  }
}
