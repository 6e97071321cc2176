import WeftIR

extension Pass {
  /// Turns products with inverses into solutions, solutions into factors that are shared, and
  /// products of structured matrices into ones that leave out zeros.
  ///
  /// Needs: products of two matrices, in the order they are to run. Leaves: no assumptions, and
  /// inverses only where their elements are asked for.
  public static let linearAlgebra = Pass("linear-algebra", "solve instead of inverting") {
    graph, context in
    guard graph.hasLinearAlgebra else { return }
    let facts = GraphFacts(graph)
    guard
      graph.hasRoutines
        || graph.hasFactor(where: { contraction, value in
          facts[value].hasZeros || !contraction.sumsSomething || graph.isScaled(value)
        })
    else { return }
    var rewriter = FactRewriter(context) { op in
      switch op {
      case .contract: FactRule.inverses + FactRule.grams + FactRule.products
      case .reduce(let f, _) where f == .add: FactRule.sums
      case .call: FactRule.inverses
      case .slice: FactRule.parts
      case .map(let f) where f == .log:
        FactRule.lemmas + FactRule.factorDeterminants + FactRule.determinants
      case .map(let f) where f == .multiply: FactRule.scalings
      default: []
      }
    }
    let result = try rewriter.rewrite(graph, facts)
    if rewriter.count > 0 { graph = result }
    if let stored = try BandStorage.rewrite(result, rewriter.known, context) { graph = stored }
    if let shared = try SharedDeterminant.rewrite(graph, context) { graph = shared }
  }
}

extension Graph {
  /// Whether a value is an elementwise product.
  fileprivate func isScaled(_ value: Value) -> Bool {
    if case .map(.multiply) = op(value) { true } else { false }
  }
}

extension Contraction {
  /// Whether it is the product of two stacks of matrices, rank 3 or more, position by position.
  fileprivate func isStackOfProducts(rank: Int) -> Bool {
    guard rank >= 3, operands.allSatisfy({ $0.count == rank && Set($0).count == rank }) else {
      return false
    }
    let (left, right) = (operands[0], operands[1])
    return left.dropLast(2) == right.dropLast(2) && left[rank - 1] == right[rank - 2]
      && output == left.dropLast() + [right[rank - 1]] && left[rank - 2] != right[rank - 1]
  }

  /// Whether some label is not the output's.
  fileprivate var sumsSomething: Bool {
    operands.contains { $0.contains { !output.contains($0) } }
  }
}

extension FactRule {
  /// Rules about inverses and solutions.
  static let inverses = [
    FactRule("assumption", "what is assumed was used", .exact) { _, row, _ in
      guard case .call(let routine) = row.op, routine.name == "assume" else { return nil }
      return .value(row.operands[0])
    },
    FactRule("inverse-inverse", "the inverse of an inverse is the matrix") { g, row, _ in
      guard case .call(.inv) = row.op, let inner = g.inverted(row.operands[0]) else { return nil }
      return .value(inner)
    },
    FactRule("solve-inverse", "a system of an inverse is a product") { g, row, _ in
      guard case .call(.solve) = row.op, let inner = g.inverted(row.operands[0]),
        g.type(inner).rank == 2, g.type(row.operands[1]).rank == 2
      else { return nil }
      return .value(
        try g.add(
          .contract(Contraction([[0, 1], [1, 2]], to: [0, 2])), [inner, row.operands[1]],
          site: row.site))
    },
    FactRule("solve-diagonal", "a diagonal system is a division") { g, row, _ in
      guard case .call(.solve) = row.op, row.facts[0].isDiagonal,
        g.type(row.operands[0]).isSquareMatrix
      else { return nil }
      return .value(
        try g.add(
          .call(.solveDiagonal(right: false, for: "solve")), row.operands, site: row.site))
    },
    FactRule(
      "woodbury-identity",
      "a system of a diagonal and a product of low rank needs a matrix of that rank"
    ) { g, row, known in
      if case .contract = row.op {
        return try InverseProduct.solution(of: row, known, in: &g, .lowRank)
      }
      guard case .call(.solve) = row.op, g.type(row.operands[1]).rank == 2,
        let matrix = try LowRankMatrix(row.operands[0], known, in: &g, site: row.site)
      else { return nil }
      return .value(
        try matrix.solution(
          of: row.operands[1], transposed: false, for: "solve", in: &g, site: row.site))
    },
    FactRule("solve-factored", "a system is solved by its matrix's structure") { g, row, known in
      guard case .call(.solve) = row.op, g.type(row.operands[0]).isSquareStack,
        let order = g.type(row.operands[0]).shape.codes.last, order >= leastOrder
      else { return nil }
      let factors = try g.addFactors(
        row.operands[0], row.facts[0], for: "solve", site: row.site)
      return .value(
        try g.add(
          .call(.solveFactored(transposed: false, right: false)),
          factors + [row.operands[1]], site: row.site))
    },
    FactRule("inverse-diagonal", "a product with a diagonal's inverse is a division") {
      g, row, known in
      try InverseProduct.solution(of: row, known, in: &g, .division)
    },
    FactRule("inverse-product", "a product with an inverse is a solution") { g, row, known in
      try InverseProduct.solution(of: row, known, in: &g, .factors)
    },
    FactRule("inverse-stack", "products with a stack of inverses are solutions") { g, row, known in
      guard case .contract(let contraction) = row.op, contraction.operands.count == 2 else {
        return nil
      }
      for i in 0..<2 {
        guard let matrix = g.inverted(row.operands[i]),
          contraction.isStackOfProducts(rank: g.type(matrix).rank),
          let order = g.type(matrix).shape.codes.last, order >= leastOrder,
          g.type(matrix).shape.isKnown
        else { continue }
        let site = g.rows[row.operands[i].index].site
        let factors = try g.addFactors(matrix, known[matrix], for: "inv", site: site)
        return .value(
          try g.add(
            .call(.solveFactored(transposed: false, right: i == 1)),
            factors + [row.operands[1 - i]], site: site))
      }
      return nil
    },
  ]

  /// Systems of fewer equations are solved before a look at them pays.
  private static let leastOrder = 16
}

extension Graph {
  /// The matrix that a value is the inverse of.
  func inverted(_ value: Value) -> Value? {
    guard case .call(.inv) = op(value) else { return nil }
    return operands(value.index).first
  }

  /// A matrix and its factors, as `solveFactored` takes them.
  mutating func addFactors(
    _ matrix: Value, _ facts: Facts, for user: String, site: SourceSite
  ) throws -> [Value] {
    var hints = Facts(
      facts.properties.intersection([.symmetric, .positiveDefinite]), lower: facts.lower,
      upper: facts.upper, blocks: facts.blocks)
    // Definite or not, Cholesky's method is tried on what is symmetric.
    if hints.contains(.positiveDefinite) { hints.properties = [.symmetric] }
    if case .contract(let contraction) = op(matrix), !type(matrix).dtype.isComplex,
      isSquare(contraction, Array(operands(matrix.index)))
    {
      hints.properties.insert(.symmetric)
    }
    let factors = try add(.call(.factor(hints, for: user)), [matrix], site: site)
    return [matrix, factors, Value(row: factors.index, result: 1)]
  }
}

/// A product of an inverse with a matrix or a vector.
private struct InverseProduct {
  private let matrix: Value
  private let other: Value
  private let site: SourceSite
  /// Whether the inverse of the transpose stands there.
  private let isTransposed: Bool
  /// The labels of the other operand and of the output; the summed one and the inverse's own.
  private let labels: [Int]
  private let output: [Int]
  private let summed: Int
  private let own: Int

  init?(_ contraction: Contraction, _ operands: [Value], inverse: Int, in graph: Graph) {
    let (own, others) = (contraction.operands[inverse], contraction.operands[1 - inverse])
    guard own.count == 2, own[0] != own[1], Set(others).count == others.count,
      (1...2).contains(others.count), var matrix = graph.inverted(operands[inverse]),
      graph.type(matrix).isSquareMatrix
    else { return nil }
    let shared = own.filter { others.contains($0) && !contraction.output.contains($0) }
    guard shared.count == 1, let summed = shared.first,
      let free = own.first(where: { $0 != summed }), contraction.output.contains(free),
      !others.contains(free), contraction.output.count == others.count
    else { return nil }
    var isTransposed = own[0] == summed
    if case .permute([1, 0]) = graph.op(matrix), let source = graph.operands(matrix.index).first {
      matrix = source
      isTransposed.toggle()
    }
    if isTransposed, graph.type(matrix).dtype.isComplex { return nil }
    self.matrix = matrix
    other = operands[1 - inverse]
    site = graph.rows[operands[inverse].index].site
    self.isTransposed = isTransposed
    labels = others
    output = contraction.output
    self.summed = summed
    self.own = free
  }

  /// How a product with an inverse is made.
  enum Method { case division, lowRank, factors }

  /// What stands for a product of two operands of which one is an inverse: a solution with factors,
  /// a division by a diagonal, or a solution with a matrix of lesser order.
  static func solution(
    of row: FactCandidate, _ known: KnownFacts, in g: inout Graph, _ method: Method
  ) throws -> FactReplacement? {
    guard case .contract(let contraction) = row.op, contraction.operands.count == 2 else {
      return nil
    }
    for i in 0..<2 {
      guard let product = InverseProduct(contraction, row.operands, inverse: i, in: g),
        method != .division || known[product.matrix].isDiagonal,
        // Where its elements are there anyway, they are multiplied with.
        method == .division || !known.needsElements(row.operands[i]),
        let value = try product.solution(of: row, known, in: &g, method)
      else { continue }
      return .value(value)
    }
    return nil
  }

  /// The solution of A X = B, or of X A = B where the output has the inverse's label last.
  private func solution(
    of row: FactCandidate, _ known: KnownFacts, in g: inout Graph, _ method: Method
  ) throws -> Value? {
    var lowRank: LowRankMatrix?
    if method == .lowRank {
      lowRank = try LowRankMatrix(matrix, known, in: &g, site: site)
      if lowRank == nil { return nil }
    }
    let factors =
      method == .factors ? try g.addFactors(matrix, known[matrix], for: "inv", site: site) : []
    func solve(_ right: Bool, _ b: Value) throws -> Value {
      if method == .division {
        return try g.add(
          .call(.solveDiagonal(right: right, for: "inv")), [matrix, b], site: site)
      }
      if let lowRank {
        // The X of X A = B is the transpose of that of A^T X^T = B^T.
        var columns = b
        if right {
          if case .permute([1, 0]) = g.op(b), let source = g.operands(b.index).first {
            columns = source
          } else {
            columns = try g.add(.permute([1, 0]), [b], site: site)
          }
        }
        let x = try lowRank.solution(
          of: columns, transposed: isTransposed, for: "inv", in: &g, site: site)
        return right ? try g.add(.permute([1, 0]), [x], site: site) : x
      }
      // result[j, r] = sum over k of B[j, k] inv(A)[r, k] is X A^T = B.
      return try g.add(
        .call(.solveFactored(transposed: isTransposed != right, right: right)), factors + [b],
        site: site)
    }
    let shape = g.type(other).shape
    if labels.count == 1 {
      let column = try g.add(
        .reshape(Shape(codes: shape.codes + [1])), [other], site: row.site)
      return try g.add(.reshape(row.type.shape), [solve(false, column)], site: row.site)
    }
    let isRight = output[1] == own
    if isRight != isTransposed, isRight, row.type.dtype.isComplex { return nil }
    let isInOrder = (labels[1] == summed) == isRight
    let b = isInOrder ? other : try g.add(.permute([1, 0]), [other], site: row.site)
    return try solve(isRight, b)
  }
}
