import WeftIR

extension FactRule {
  /// Rules about inverses of sums with an inverse, as users write gains.
  static let gains = [
    FactRule(
      "push-through", "a gain needs a system of as many equations as there are observations"
    ) { g, row, _ in
      guard case .contract(let contraction) = row.op, row.type.dtype.isInexact,
        let product = GraphFacts.MatrixProduct(contraction, row.operands),
        let gain = Gain(product, in: g)
      else { return nil }
      return .value(try gain.value(in: &g, site: row.site))
    }
  ]
}

/// A product inv(inv(B) + H^T inv(R) H) H^T inv(R), which is B H^T inv(R + H B H^T); R may be left out, an identity
/// then. Nothing cancels in the other form.
///
/// - Source: Henderson & Searle, SIAM Rev. 23, 53 (1981), (9).
private struct Gain {
  private let inner: Value
  /// The factors of H^T.
  private let observation: [ProductChain.Factor]
  private let noise: Value?

  init?(_ product: GraphFacts.MatrixProduct, in g: Graph) {
    guard Self.beginsWithInverse(product, of: g) else { return nil }
    let factors =
      Self.factors(product.left, product.isLeftTransposed, of: g)
      + Self.factors(product.right, product.isRightTransposed, of: g)
    guard factors.count > 1, !factors[0].isTransposed, let matrix = g.inverted(factors[0].value),
      g.type(matrix).isSquareMatrix, !g.type(matrix).dtype.isComplex,
      case .map(.add) = g.op(matrix)
    else { return nil }
    let terms = Array(g.operands(matrix.index))
    let gain = Array(factors.dropFirst())
    for (first, second) in [(terms[0], terms[1]), (terms[1], terms[0])] {
      guard let inner = g.inverted(first), g.type(inner).isSquareMatrix,
        second.result == 0
      else { continue }
      let chain = ProductChain(row: second.index, of: g).factors
      guard chain.count > gain.count, Array(chain.prefix(gain.count)) == gain else { continue }
      let observed = chain.count - gain.count
      // What follows must be what comes before, transposed.
      let observation = Array(gain.prefix(observed))
      let mirrored = observation.reversed().map(\.transposed)
      guard gain.count - observed <= 1, Array(chain.suffix(observed)) == mirrored,
        observation.allSatisfy({ !$0.isDiagonal })
      else { continue }
      var noise: Value?
      if gain.count > observed {
        guard !gain[observed].isDiagonal, !gain[observed].isTransposed,
          let covariance = g.inverted(gain[observed].value)
        else { continue }
        noise = covariance
      }
      guard let last = observation.last, let extents = g.type(last.value).shape.known,
        extents[last.isTransposed ? 0 : 1] <= g.type(matrix).shape.codes[0]
      else { continue }
      self.inner = inner
      self.observation = observation
      self.noise = noise
      return
    }
    return nil
  }

  /// Whether the first factor of all is an inverse; asked before factors are listed.
  private static func beginsWithInverse(
    _ product: GraphFacts.MatrixProduct, of g: Graph
  ) -> Bool {
    var (value, isTransposed) = (product.left, product.isLeftTransposed)
    for _ in 0..<16 {
      if case .permute([1, 0]) = g.op(value), let source = g.operands(value.index).first {
        value = source
        isTransposed.toggle()
      } else if value.result == 0,
        let inner = GraphFacts.matrixProduct(value.index, of: g)
      {
        (value, isTransposed) =
          isTransposed
          ? (inner.right, !inner.isRightTransposed) : (inner.left, inner.isLeftTransposed)
      } else {
        break
      }
    }
    return g.inverted(value) != nil
  }

  private static func factors(
    _ value: Value, _ isTransposed: Bool, of g: Graph
  ) -> [ProductChain.Factor] {
    guard value.result == 0 else { return [] }
    let own = ProductChain(row: value.index, of: g).factors
    return isTransposed ? own.reversed().map(\.transposed) : own
  }

  func value(in g: inout Graph, site: SourceSite) throws -> Value {
    func multiply(
      _ a: Value, _ isFirst: Bool, _ b: Value, _ isSecond: Bool, in g: inout Graph
    ) throws -> Value {
      try g.add(
        .contract(
          Contraction([isFirst ? [1, 0] : [0, 1], isSecond ? [2, 1] : [1, 2]], to: [0, 2])),
        [a, b], site: site)
    }
    // B H^T, and H times that.
    var right = inner
    for factor in observation {
      right = try multiply(right, false, factor.value, factor.isTransposed, in: &g)
    }
    var matrix = right
    for factor in observation {
      matrix = try multiply(factor.value, !factor.isTransposed, matrix, false, in: &g)
    }
    let type = g.type(matrix)
    let added = try noise ?? g.addIdentity(type, site: site)
    matrix = try g.add(.map(.add), [added, matrix], site: site)
    let inverse = try g.add(.call(.inv), [matrix], site: site)
    return try multiply(right, false, inverse, false, in: &g)
  }
}

extension Graph {
  /// Ones on the diagonal from a column on, with a step between the columns that are kept; zeros elsewhere.
  mutating func addIdentity(
    _ type: TensorType, from start: Int = 0, step: Int = 1, site: SourceSite
  ) throws -> Value {
    let counts = TensorType(.int64, type.shape)
    let rows = try add(.iota(counts, axis: 0), site: site)
    var columns = try add(.iota(counts, axis: 1), site: site)
    for (f, number, none) in [(ScalarFunction.multiply, step, 1), (.add, start, 0)]
    where number != none {
      let scalar = try add(.constant(Scalar(Int64(number), .int64)), site: site)
      let spread = try add(.broadcast(to: type.shape, axes: []), [scalar], site: site)
      columns = try add(.map(f), [columns, spread], site: site)
    }
    let mask = try add(.map(.equal), [rows, columns], site: site)
    return try add(.convert(type.dtype), [mask], site: site)
  }
}
