/// What products and routines keep.
extension GraphFacts {
  /// A product of two matrices in a contraction: rows of the first, a summed index, columns of the
  /// second.
  public struct MatrixProduct: Sendable {
    /// The first factor.
    public var left: Value
    /// The second factor.
    public var right: Value
    /// Whether the summed index is the first axis of the left operand.
    public var isLeftTransposed: Bool
    /// Whether the summed index is the second axis of the right operand.
    public var isRightTransposed: Bool

    /// A contraction as a product of two matrices, without stacks; nil for other contractions.
    public init?(_ contraction: Contraction, _ operands: some Collection<Value>) {
      guard contraction.operands.count == 2, contraction.output.count == 2 else { return nil }
      let operands = Array(operands)
      let (i, j) = (contraction.output[0], contraction.output[1])
      for (first, second) in [(0, 1), (1, 0)] {
        let (a, b) = (contraction.operands[first], contraction.operands[second])
        guard a.count == 2, b.count == 2, a.contains(i), !a.contains(j), b.contains(j),
          !b.contains(i)
        else { continue }
        let k = a[0] == i ? a[1] : a[0]
        guard k != i, b.contains(k) else { continue }
        left = operands[first]
        right = operands[second]
        isLeftTransposed = a[0] == k
        isRightTransposed = b[1] == k
        return
      }
      return nil
    }

    /// A product that leaves out zeros, unless it is scaled or a band alone is stored.
    init?(_ routine: Routine, _ operands: [Value]) {
      guard routine.name == "structured_product", routine.options["scale"] == nil,
        routine.options["columns"] == nil
      else { return nil }
      let isRight = routine.options["right"] == "true"
      let (own, other) = (
        routine.options["transposed"] == "true", routine.options["other"] == "true"
      )
      (left, right) = isRight ? (operands[1], operands[0]) : (operands[0], operands[1])
      (isLeftTransposed, isRightTransposed) = isRight ? (other, own) : (own, other)
    }
  }

  /// A row as a product of two matrices; nil for other rows.
  public static func matrixProduct(_ row: Int, of graph: Graph) -> MatrixProduct? {
    switch graph.rows[row].op {
    case .contract(let contraction): MatrixProduct(contraction, graph.operands(row))
    case .call(let routine): MatrixProduct(routine, Array(graph.operands(row)))
    default: nil
    }
  }

  func contract(_ contraction: Contraction, _ row: Int) -> Facts {
    var facts = places(contraction, row)
    if graph.operands(row).allSatisfy({ self[$0].contains(.finiteUnlessOverflow) }) {
      facts.properties.insert(.finiteUnlessOverflow)
    }
    return facts
  }

  private func places(_ contraction: Contraction, _ row: Int) -> Facts {
    if let product = Self.matrixProduct(row, of: graph) { return self.product(product, row) }
    let operands = Array(graph.operands(row))
    let others = operands.map { self[$0] }
    if contraction == Contraction([[0, 0]], to: [0]), others[0].contains(.positiveDefinite) {
      return Facts(others[0].properties.intersection(.finite).union(.positive))
    }
    if others.contains(where: { facts in
      facts.contains(.zero)
        && (facts.contains(.absentZeros) || others.allSatisfy { $0.contains(.finite) })
    }) {
      return .zero
    }
    return elementwise(contraction, operands)
  }

  /// A contraction that scales one matrix: every other operand's axes are axes of that one.
  private func elementwise(_ contraction: Contraction, _ operands: [Value]) -> Facts {
    let output = contraction.output
    guard output.count >= 2, Set(contraction.operands.joined()) == Set(output) else {
      return .none
    }
    var facts = Facts.none
    for (i, labels) in contraction.operands.enumerated() {
      guard labels.suffix(2) == output.suffix(2), Set(labels).count == labels.count else {
        continue
      }
      let others = operands.indices.filter { $0 != i }.map { self[operands[$0]] }
      let own = self[operands[i]]
      if own.contains(.absentZeros) || others.allSatisfy({ $0.contains(.finite) }) {
        facts = facts.and(own.zeros)
      }
    }
    return facts
  }

  private func product(_ product: MatrixProduct, _ row: Int) -> Facts {
    let (a, b) = (self[product.left], self[product.right])
    let left = product.isLeftTransposed ? a.transposed : a
    let right = product.isRightTransposed ? b.transposed : b
    var facts = left.product(right)
    if left.contains(.identity), left.contains(.absentZeros) || right.contains(.finite) {
      return right
    }
    if right.contains(.identity), right.contains(.absentZeros) || left.contains(.finite) {
      return left
    }
    facts.properties.formUnion(
      left.properties.intersection(right.properties).intersection(.orthogonal))
    guard !graph.type(Value(row: row)).dtype.isComplex else { return facts }
    let factors = ProductChain(row: row, of: graph).factors
    if let center = ProductChain.center(of: factors) {
      facts.properties.insert(.symmetric)
      facts.properties.insert(.positiveSemidefinite)
      if let middle = center {
        let inner = self[middle.value]
        if middle.isDiagonal {
          if !inner.contains(.positive) { facts.properties.remove(.positiveSemidefinite) }
        } else if !inner.contains(.symmetric) {
          facts.properties.subtract([.symmetric, .positiveSemidefinite])
        } else if !inner.contains(.positiveSemidefinite) {
          facts.properties.remove(.positiveSemidefinite)
        }
      }
    }
    return facts
  }

  // MARK: - Routines

  func call(_ routine: Routine, _ row: Int) -> Facts {
    guard !graph.operands(row).isEmpty else { return .none }
    let facts = operand(0, of: row)
    switch routine.name {
    case "assume":
      return facts.and(Facts(options: routine.options) ?? .none)
    case "inv":
      // An inverse of a triangle is one, with all of its own places.
      var inverse = Facts(
        facts.properties.intersection([
          .symmetric, .positiveDefinite, .orthogonal, .identity, .absentZeros,
        ]), blocks: facts.blocks)
      if facts.isLower { inverse.upper = 0 }
      if facts.isUpper { inverse.lower = 0 }
      return inverse
    case "structured_product":
      guard let factors = Self.matrixProduct(row, of: graph) else { return .none }
      var result = product(factors, row)
      if self[factors.left].contains(.finiteUnlessOverflow),
        self[factors.right].contains(.finiteUnlessOverflow)
      {
        result.properties.insert(.finiteUnlessOverflow)
      }
      return result
    case "sampled_product":
      guard routine.options["mask"] == Routine.Sampling.band.rawValue,
        var band = Facts(
          options: routine.options.filter { $0.key == "lower" || $0.key == "upper" })
      else { return .none }
      band.properties = .absentZeros
      return band
    case "cholesky":
      return routine.options["upper"] == "true" ? .upperTriangular : .lowerTriangular
    default: return .none
    }
  }
}

/// The factors of a product of matrices that is written as products of two.
public struct ProductChain: Sendable {
  /// One factor.
  public struct Factor: Hashable, Sendable {
    /// The matrix, or the diagonal of one.
    public var value: Value
    /// Whether its transpose stands in the product.
    public var isTransposed: Bool
    /// Whether the value is a vector that stands for a diagonal matrix.
    public var isDiagonal: Bool

    /// The factor's transpose.
    public var transposed: Factor {
      Factor(
        value: value, isTransposed: isTransposed == isDiagonal, isDiagonal: isDiagonal)
    }
  }

  /// The factors from left to right.
  public private(set) var factors: [Factor] = []

  /// More factors than this are not looked for.
  private static let mostFactors = 16

  /// The factors of a row's first result; the result itself where it is no product.
  public init(row: Int, of graph: Graph) {
    var stack = [Factor(value: Value(row: row), isTransposed: false, isDiagonal: false)]
    while let next = stack.popLast() {
      guard factors.count + stack.count < Self.mostFactors, !next.isDiagonal else {
        factors.append(next)
        continue
      }
      if case .permute([1, 0]) = graph.op(next.value),
        let source = graph.operands(next.value.index).first
      {
        stack.append(
          Factor(value: source, isTransposed: !next.isTransposed, isDiagonal: false))
      } else if let product = GraphFacts.matrixProduct(next.value.index, of: graph) {
        let left = Factor(
          value: product.left, isTransposed: product.isLeftTransposed != next.isTransposed,
          isDiagonal: false)
        let right = Factor(
          value: product.right, isTransposed: product.isRightTransposed != next.isTransposed,
          isDiagonal: false)
        stack += next.isTransposed ? [left, right] : [right, left]
      } else if let scaled = Self.scaled(next, graph) {
        stack += scaled.reversed()
      } else {
        factors.append(next)
      }
    }
  }

  /// A matrix whose rows or columns are multiplied by a vector, as two factors.
  private static func scaled(_ factor: Factor, _ graph: Graph) -> [Factor]? {
    if case .map(let f) = graph.op(factor.value), f == .multiply {
      return scaledElements(factor, Array(graph.operands(factor.value.index)), graph)
    }
    guard case .contract(let contraction) = graph.op(factor.value),
      contraction.operands.count == 2, contraction.output.count == 2
    else { return nil }
    let operands = Array(graph.operands(factor.value.index))
    for (vector, matrix) in [(0, 1), (1, 0)] {
      let (one, two) = (contraction.operands[vector], contraction.operands[matrix])
      guard one.count == 1, two.count == 2, Set(two) == Set(contraction.output),
        two[0] != two[1]
      else { continue }
      let isTransposed = two != contraction.output
      let diagonal = Factor(value: operands[vector], isTransposed: false, isDiagonal: true)
      let full = Factor(
        value: operands[matrix], isTransposed: isTransposed != factor.isTransposed,
        isDiagonal: false)
      let scalesRows = (one[0] == contraction.output[0]) != factor.isTransposed
      return scalesRows ? [diagonal, full] : [full, diagonal]
    }
    return nil
  }

  /// An elementwise product of a matrix with a vector that is spread over its rows or columns.
  private static func scaledElements(
    _ factor: Factor, _ operands: [Value], _ graph: Graph
  ) -> [Factor]? {
    for (matrix, spread) in [(operands[0], operands[1]), (operands[1], operands[0])] {
      guard case .broadcast(let shape, let axes) = graph.op(spread), axes.count == 1,
        shape.rank == 2, let vector = graph.operands(spread.index).first,
        graph.type(vector).shape[0] == shape[axes[0]]
      else { continue }
      let diagonal = Factor(value: vector, isTransposed: false, isDiagonal: true)
      let full = Factor(value: matrix, isTransposed: factor.isTransposed, isDiagonal: false)
      return (axes[0] == 0) != factor.isTransposed ? [diagonal, full] : [full, diagonal]
    }
    return nil
  }

  /// Whether factors read the same from both ends, transposed: nil when they do not, else the factor
  /// in the middle, or nil inside when there is none.
  public static func center(of factors: [Factor]) -> Factor?? {
    guard factors.count > 1 else { return nil }
    for (left, right) in zip(factors, factors.reversed()).prefix(factors.count / 2) {
      guard left.value == right.value, left.isDiagonal == right.isDiagonal,
        left.isDiagonal || left.isTransposed != right.isTransposed
      else { return nil }
    }
    return .some(factors.count % 2 == 1 ? factors[factors.count / 2] : nil)
  }
}
