/// What sums and products are in a product of matrices.
///
/// GraphBLAS's names: the sum comes first. An array that stores entries beside the semiring's zero stores
/// what counts: zero adds nothing and annihilates.
///
/// - Source: Kepner and Gilbert, Graph Algorithms in the Language of Linear Algebra, SIAM 2011, 2.
public enum Semiring: String, Hashable, Sendable, CaseIterable {
  /// Sums of products.
  case plusTimes = "plus_times"
  /// Shortest paths: the least sum.
  case minPlus = "min_plus"
  /// Longest paths: the greatest sum.
  case maxPlus = "max_plus"
  /// Most reliable paths: the greatest product of numbers that are not negative.
  case maxTimes = "max_times"
  /// Widest paths turned round: the least of the greatest.
  case minMax = "min_max"
  /// Widest paths: the greatest of the least.
  case maxMin = "max_min"
  /// Reachability: whether some pair is true in both.
  case orAnd = "or_and"

  /// What sums: associative and commutative.
  public var add: ScalarFunction {
    switch self {
    case .plusTimes: .add
    case .minPlus, .minMax: .minimum
    case .maxPlus, .maxTimes, .maxMin: .maximum
    case .orAnd: .logicalOr
    }
  }

  /// What multiplies.
  public var multiply: ScalarFunction {
    switch self {
    case .plusTimes, .maxTimes: .multiply
    case .minPlus, .maxPlus: .add
    case .minMax: .maximum
    case .maxMin: .minimum
    case .orAnd: .logicalAnd
    }
  }

  /// The element that adds nothing and annihilates; nil for dtypes that have none.
  public func zero(_ dtype: DType) -> Scalar? {
    switch self {
    case .plusTimes, .maxTimes: return Scalar(0 as Int64, dtype)
    case .orAnd: return Scalar(false).converted(to: dtype)
    case .minPlus, .minMax:
      return dtype.isInexact ? Scalar(Double.infinity, dtype) : nil
    case .maxPlus, .maxMin:
      return dtype.isInexact ? Scalar(-Double.infinity, dtype) : nil
    }
  }
}

extension Routine {
  /// The product of two matrices over a semiring.
  ///
  /// - Shape: `[m, k]` and `[k, n]` to `[m, n]`.
  /// - DType: real, the same for both; bool for `orAnd`.
  public static func semiringProduct(_ semiring: Semiring) -> Routine {
    Routine("semiring_product", options: ["semiring": semiring.rawValue], arity: 2) { types in
      let (a, b) = (types[0], types[1])
      guard a.rank == 2, b.rank == 2, TypeInference.mayEqual(a.shape[1], b.shape[0]) else {
        throw WeftError(
          .shapeMismatch, "matmul", "\(a) and \(b) are no matrices that fit each other")
      }
      guard a.dtype == b.dtype, !a.dtype.isComplex else {
        throw WeftError(.dtype, "matmul", "\(a) and \(b) have no product over \(semiring.rawValue)")
      }
      return [TensorType(a.dtype, Shape(codes: [a.shape.codes[0], b.shape.codes[1]]))]
    }
  }

  /// The semiring of a product over one; nil for other routines.
  public var semiring: Semiring? {
    name == "semiring_product" ? options["semiring"].flatMap(Semiring.init) : nil
  }
}

extension Graph {
  /// A product over a semiring as elementwise products and a fold: what it means for dense arrays.
  public mutating func addSemiringProduct(
    _ semiring: Semiring, _ a: Value, _ b: Value, site: SourceSite
  ) throws(WeftError) -> Value {
    let (left, right) = (type(a), type(b))
    if left.dtype == .bool && semiring == .orAnd || semiring == .plusTimes {
      return try add(
        .contract(Contraction([[0, 1], [1, 2]], to: [0, 2])), [a, b], site: site)
    }
    // The summed axis comes last, where a row of both is read.
    let shape = Shape(
      codes: [left.shape.codes[0], right.shape.codes[1], left.shape.codes[1]])
    let turned = try add(.permute([1, 0]), [b], site: site)
    let rows = try add(.broadcast(to: shape, axes: [0, 2]), [a], site: site)
    let columns = try add(.broadcast(to: shape, axes: [1, 2]), [turned], site: site)
    let products = try add(.map(semiring.multiply), [rows, columns], site: site)
    return try add(.reduce(semiring.add, [2]), [products], site: site)
  }
}
