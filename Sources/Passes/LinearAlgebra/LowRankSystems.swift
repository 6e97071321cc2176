import WeftIR

/// A matrix that is a diagonal and a product of two matrices of lesser order: D + U V.
struct LowRankMatrix {
  /// The diagonal as a column.
  let diagonal: Value
  let left: Value
  let right: Value
  let isLeftTransposed: Bool
  let isRightTransposed: Bool
  /// Whether V is U's transpose.
  let isSymmetric: Bool
  /// Whether the diagonal is known to be positive and V is U's transpose.
  let isDefinite: Bool
  /// Whether the diagonal is known to be all ones.
  let isIdentity: Bool

  /// The order must be so many times the rank: both making the matrix and factoring it cost more then.
  private static let leastShare = 3
  /// Systems of fewer equations are solved as quickly as they are.
  private static let leastOrder = 48

  /// The matrix as such a sum; nil for others.
  init?(_ matrix: Value, _ known: KnownFacts, in g: inout Graph, site: SourceSite) throws {
    guard let terms = Self.terms(of: matrix, in: g) else { return nil }
    let type = g.type(matrix)
    var product: (term: Value, parts: GraphFacts.MatrixProduct, isNegative: Bool)?
    var diagonals: [(value: Value, isNegative: Bool)] = []
    for term in terms {
      if known[term.value].isDiagonal {
        diagonals.append(term)
      } else if product == nil, let parts = try Self.product(term.value, in: &g, site: site) {
        product = (term.value, parts, term.isNegative)
      } else {
        return nil
      }
    }
    let n = type.shape.codes[0]
    guard let product, !diagonals.isEmpty, Self.isLow(product.parts, n, in: g) else { return nil }
    var sum: Value?
    for term in diagonals {
      guard var value = try g.addDiagonal(of: term.value, known, site) else { return nil }
      if term.isNegative, sum == nil {
        value = try g.add(.map(.negative), [value], site: site)
      }
      sum =
        try sum.map {
          try g.add(.map(term.isNegative ? .subtract : .add), [$0, value], site: site)
        } ?? value
    }
    guard let sum else { return nil }
    diagonal = try g.add(.reshape(Shape([n, 1])), [sum], site: site)
    left =
      product.isNegative
      ? try g.add(.map(.negative), [product.parts.left], site: site) : product.parts.left
    right = product.parts.right
    isLeftTransposed = product.parts.isLeftTransposed
    isRightTransposed = product.parts.isRightTransposed
    isSymmetric = left == right && isLeftTransposed != isRightTransposed
    isIdentity =
      diagonals.count == 1 && !diagonals[0].isNegative
      && known[diagonals[0].value].contains(.identity)
    isDefinite =
      isSymmetric
      && diagonals.allSatisfy { !$0.isNegative && known[$0.value].contains(.positiveDefinite) }
  }

  /// A term as a product of two matrices: one, an outer product of vectors, or a number times either.
  private static func product(
    _ value: Value, in g: inout Graph, site: SourceSite, depth: Int = 0
  ) throws -> GraphFacts.MatrixProduct? {
    let operands = Array(g.operands(value.index))
    switch g.op(value) {
    case .contract(let contraction):
      if let product = GraphFacts.MatrixProduct(contraction, operands) { return product }
      guard contraction.operands.count == 2, contraction.output.count == 2,
        let first = contraction.operands.firstIndex(of: [contraction.output[0]]),
        contraction.operands[1 - first] == [contraction.output[1]]
      else { return nil }
      return try outer(operands[first], operands[1 - first], in: &g, site: site)
    case .map(let f) where f == .multiply && depth < 3:
      var vectors: [Value?] = [nil, nil]
      for (n, operand) in operands.enumerated() {
        guard case .broadcast(_, let axes) = g.op(operand),
          let source = g.operands(operand.index).first
        else { continue }
        if axes.count == 1, g.type(source).shape.codes[0] == g.type(value).shape.codes[axes[0]] {
          vectors[axes[0]] = source
        }
        guard g.isSpreadNumber(operand),
          var product = try product(operands[1 - n], in: &g, site: site, depth: depth + 1)
        else { continue }
        let spread = try g.add(
          .broadcast(to: g.type(product.left).shape, axes: []), [source], site: site)
        product.left = try g.add(.map(.multiply), [product.left, spread], site: site)
        return product
      }
      guard let first = vectors[0], let second = vectors[1] else { return nil }
      return try outer(first, second, in: &g, site: site)
    default: return nil
    }
  }

  private static func outer(
    _ first: Value, _ second: Value, in g: inout Graph, site: SourceSite
  ) throws -> GraphFacts.MatrixProduct {
    func column(_ vector: Value) throws -> Value {
      let order = g.type(vector).shape.codes[0]
      return try g.add(.reshape(Shape(codes: [order, 1])), [vector], site: site)
    }
    let labels = Contraction([[0, 2], [1, 2]], to: [0, 1])
    let columns = [try column(first), try column(second)]
    guard let product = GraphFacts.MatrixProduct(labels, columns) else {
      throw WeftError(.internal, "woodbury-identity", "an outer product is no product")
    }
    return product
  }

  private static func isLow(
    _ parts: GraphFacts.MatrixProduct, _ order: Int, in graph: Graph
  ) -> Bool {
    guard let extents = graph.type(parts.left).shape.known else { return false }
    return extents[parts.isLeftTransposed ? 0 : 1] * leastShare <= order
  }

  /// The terms of a matrix of a system that is a sum and of some size.
  private static func terms(
    of matrix: Value, in graph: Graph
  ) -> [(value: Value, isNegative: Bool)]? {
    let type = graph.type(matrix)
    guard type.isSquareMatrix, type.dtype == .float32 || type.dtype == .float64,
      type.shape.codes[0] >= leastOrder
    else { return nil }
    var terms: [(value: Value, isNegative: Bool)] = []
    collect(matrix, false, into: &terms, in: graph)
    return terms.count > 1 ? terms : nil
  }

  /// The terms of a sum, with their signs.
  private static func collect(
    _ value: Value, _ isNegative: Bool, into terms: inout [(value: Value, isNegative: Bool)],
    in g: Graph
  ) {
    if terms.count <= 4, case .map(let f) = g.op(value), f == .add || f == .subtract {
      let operands = Array(g.operands(value.index))
      collect(operands[0], isNegative, into: &terms, in: g)
      collect(operands[1], isNegative != (f == .subtract), into: &terms, in: g)
    } else {
      terms.append((value, isNegative))
    }
  }

  /// The logarithm of a definite matrix's determinant: that of I + U^T D^-1 U and the sum of D's.
  ///
  /// - Accuracy: no eigenvalue of that matrix is less than 1.
  /// - Source: Sylvester's identity; Golub & Van Loan 4th ed. 2.1.5.
  func logarithmOfDeterminant(in g: inout Graph, site: SourceSite) throws -> Value {
    let half = isIdentity ? left : try scaledLeft(in: &g, site: site)
    let labels = isLeftTransposed ? [[0, 2], [1, 2]] : [[2, 0], [2, 1]]
    let square = try g.add(
      .contract(Contraction(labels, to: [0, 1])), [half, half], site: site)
    let matrix = try g.add(
      .map(.add), [square, g.addIdentity(g.type(square), site: site)], site: site)
    let determinant = try g.add(.call(.slogdet), [matrix], site: site)
    let logarithm = Value(row: determinant.index, result: 1)
    if isIdentity { return logarithm }
    let logarithms = try g.add(.map(.log), [diagonal], site: site)
    let sum = try g.add(.reduce(.add, [0, 1]), [logarithms], site: site)
    return try g.add(.map(.add), [logarithm, sum], site: site)
  }

  /// D^-1/2 U, as U stands.
  private func scaledLeft(in g: inout Graph, site: SourceSite) throws -> Value {
    let order = g.type(diagonal).shape.codes[0]
    let scale = try g.add(
      .map(.sqrt), [g.add(.reshape(Shape([order])), [diagonal], site: site)], site: site)
    let spread = try g.add(
      .broadcast(to: g.type(left).shape, axes: [isLeftTransposed ? 1 : 0]), [scale], site: site)
    return try g.add(.map(.divide), [left, spread], site: site)
  }

  /// The solution of a system of the matrix, or of its transpose, for a matrix of right-hand sides.
  func solution(
    of b: Value, transposed: Bool, for user: String, in g: inout Graph, site: SourceSite
  ) throws -> Value {
    // (U V)^T = V^T U^T.
    let (first, second) = transposed ? (right, left) : (left, right)
    let (isFirst, isSecond) =
      transposed
      ? (!isRightTransposed, !isLeftTransposed) : (isLeftTransposed, isRightTransposed)
    let routine = Routine.lowRankSolve(
      left: isFirst, right: isSecond, symmetric: isSymmetric, for: user)
    return try g.add(.call(routine), [first, second, diagonal, b], site: site)
  }
}

extension Graph {
  /// The diagonal of a diagonal matrix as a vector, without making the matrix; nil where it is not plain.
  fileprivate mutating func addDiagonal(
    of matrix: Value, _ known: KnownFacts, _ site: SourceSite
  ) throws -> Value? {
    let type = type(matrix)
    let shape = Shape([type.shape.codes[0]])
    if known[matrix].contains(.identity) {
      return try addUniform(Scalar(1 as Int64, type.dtype), shape, site: site)
    }
    switch op(matrix) {
    case .map(let f):
      var operands: [Value] = []
      for operand in Array(self.operands(matrix.index)) {
        guard let part = try addDiagonal(of: operand, known, site) else { return nil }
        operands.append(part)
      }
      return try add(.map(f), operands, site: site)
    case .broadcast(_, let axes):
      guard axes.isEmpty, let scalar = self.operands(matrix.index).first else {
        return try addDiagonal(matrix, site: site)
      }
      return try add(.broadcast(to: shape, axes: []), [scalar], site: site)
    default: return try addDiagonal(matrix, site: site)
    }
  }
}
