import WeftIR

extension FactRule {
  /// Rules about products with an inverse in the middle.
  static let grams = [
    FactRule("inverse-gram", "X^T inv(A) X needs half a solution where A is definite") {
      g, row, known in
      guard case .contract(let contraction) = row.op, !row.type.dtype.isComplex,
        let product = GraphFacts.MatrixProduct(contraction, row.operands)
      else { return nil }
      // X^T times A^-1 X, or Y A^-1 times Y^T.
      let left = GramSide(product.left, isTransposed: product.isLeftTransposed, in: g)
      let right = GramSide(product.right, isTransposed: product.isRightTransposed, in: g)
      for (solution, other, isRight) in [(right, left, false), (left, right, true)] {
        guard !solution.isTransposed, case .call(let routine) = g.op(solution.value),
          routine.name == "solve_factored", known.isUsedOnce(solution.value)
        else { continue }
        let operands = Array(g.operands(solution.value.index))
        let isOfTranspose = routine.options["transposed"] == "true"
        guard routine.options["right"] == "\(isRight)",
          !isOfTranspose || known[operands[0]].contains(.symmetric),
          GramSide(operands[3], isTransposed: true, in: g) == other
        else { continue }
        return .value(
          try g.add(
            .call(.inverseGram(right: isRight)), operands, site: g.rows[solution.value.index].site))
      }
      return nil
    },
    FactRule(
      "inverse-forms", "forms x^T inv(A) x of many x need half a solution where A is definite"
    ) {
      g, row, known in
      guard case .contract(let contraction) = row.op, contraction.operands.count == 2,
        contraction.output.count == 1, !row.type.dtype.isComplex
      else { return nil }
      for i in 0..<2 {
        let (labels, others) = (contraction.operands[i], contraction.operands[1 - i])
        guard labels.count == 2, labels[0] != labels[1], Set(labels) == Set(others),
          case .call(let routine) = g.op(row.operands[i]), routine.name == "solve_factored",
          known.isUsedOnce(row.operands[i])
        else { continue }
        let isRight = labels[0] == contraction.output[0]
        let operands = Array(g.operands(row.operands[i].index))
        let isOfTranspose = routine.options["transposed"] == "true"
        guard isRight || labels[1] == contraction.output[0],
          routine.options["right"] == "\(isRight)",
          !isOfTranspose || known[operands[0]].contains(.symmetric),
          GramSide(operands[3], isTransposed: false, in: g)
            == GramSide(row.operands[1 - i], isTransposed: labels != others, in: g)
        else { continue }
        return .value(
          try g.add(
            .call(.inverseGram(right: isRight, diagonal: true)), operands,
            site: g.rows[row.operands[i].index].site))
      }
      return nil
    },
  ]

  /// Rules about sums over inverses.
  static let sums = [
    FactRule("inverse-sum", "a sum over an inverse is a solution for ones") { g, row, known in
      guard case .reduce(.add, let axes) = row.op, let matrix = g.inverted(row.operands[0]),
        known.needsNoElements(row.operands[0]), g.type(matrix).isSquareMatrix
      else { return nil }
      let type = g.type(matrix)
      let order = type.shape.codes[0]
      // Sums over rows stand on the left: ones^T A^-1.
      let isRight = !axes.contains(1)
      let shape = Shape(isRight ? [1, order] : [order, 1])
      guard let ones = try g.addUniform(Scalar(1 as Int64, type.dtype), shape, site: row.site)
      else { return nil }
      let site = g.rows[row.operands[0].index].site
      let factors = try g.addFactors(matrix, known[matrix], for: "inv", site: site)
      let solution = try g.add(
        .call(.solveFactored(transposed: false, right: isRight)), factors + [ones], site: site)
      if axes.count == 2 {
        return .value(try g.add(.reduce(.add, [0, 1]), [solution], site: row.site))
      }
      return .value(try g.add(.reshape(Shape([order])), [solution], site: row.site))
    }
  ]
}

extension FactRule {
  /// Rules about parts of inverses.
  static let parts = [
    FactRule("inverse-part", "a part of an inverse is a solution for some columns of an identity") {
      g, row, known in
      guard case .slice(let spans) = row.op, let matrix = g.inverted(row.operands[0]),
        known.isUsedOnce(row.operands[0]), g.type(matrix).isSquareMatrix,
        let rows = spans[0].count, let columns = spans[1].count
      else { return nil }
      let order = g.type(matrix).shape.codes[0]
      // Rows are asked for on the left: E^T A^-1.
      let isRight = rows < columns
      guard min(rows, columns) * leastShare <= order, min(rows, columns) > 0 else { return nil }
      let span = spans[isRight ? 0 : 1]
      let count = min(rows, columns)
      let dtype = row.type.dtype
      var some = try g.addIdentity(
        TensorType(dtype, Shape([order, count])), from: span.start, step: span.step, site: row.site)
      if isRight { some = try g.add(.permute([1, 0]), [some], site: row.site) }
      let site = g.rows[row.operands[0].index].site
      let factors = try g.addFactors(matrix, known[matrix], for: "inv", site: site)
      let solution = try g.add(
        .call(.solveFactored(transposed: false, right: isRight)), factors + [some], site: site)
      let whole = SliceSpan(start: 0, count: count)
      let kept = isRight ? [whole, spans[1]] : [spans[0], whole]
      return .value(try g.add(.slice(kept), [solution], site: row.site))
    }
  ]

  /// An inverse must be so many times as wide as the part that is asked for.
  private static let leastShare = 4
}

/// A matrix in a product, seen through a permute.
struct GramSide: Equatable {
  var value: Value
  var isTransposed: Bool

  init(_ value: Value, isTransposed: Bool, in graph: Graph) {
    self.value = value
    self.isTransposed = isTransposed
    if case .permute([1, 0]) = graph.op(value), let source = graph.operands(value.index).first {
      self.value = source
      self.isTransposed.toggle()
    }
  }
}
