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
    var rewriter = FactRewriter(context) { op in
      switch op {
      case .contract: FactRule.inverses + FactRule.grams + FactRule.products
      case .reduce(let f, _) where f == .add: FactRule.sums
      case .call: FactRule.inverses
      case .map(let f) where f == .log: FactRule.determinants
      default: []
      }
    }
    let result = try rewriter.rewrite(graph)
    if rewriter.count > 0 { graph = result }
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
    FactRule("solve-factored", "a system is solved by its matrix's structure") { g, row, known in
      guard case .call(.solve) = row.op, g.type(row.operands[0]).isSquareMatrix,
        g.type(row.operands[0]).shape.codes[0] >= leastOrder
      else { return nil }
      let factors = try g.addFactors(
        row.operands[0], row.facts[0], for: "solve", site: row.site)
      return .value(
        try g.add(
          .call(.solveFactored(transposed: false, right: false)),
          factors + [row.operands[1]], site: row.site))
    },
    FactRule("inverse-product", "a product with an inverse is a solution") { g, row, known in
      guard case .contract(let contraction) = row.op, contraction.operands.count == 2 else {
        return nil
      }
      for i in 0..<2 {
        guard let product = InverseProduct(contraction, row.operands, inverse: i, in: g),
          let value = try product.solution(of: row, known, in: &g)
        else { continue }
        return .value(value)
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

  /// The solution of A X = B, or of X A = B where the output has the inverse's label last.
  func solution(
    of row: FactCandidate, _ known: KnownFacts, in g: inout Graph
  ) throws -> Value? {
    let factors = try g.addFactors(matrix, known[matrix], for: "inv", site: site)
    func solve(_ right: Bool, _ b: Value) throws -> Value {
      // result[j, r] = sum over k of B[j, k] inv(A)[r, k] is X A^T = B.
      try g.add(
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
