import WeftIR

/// Which norm: of vectors, of matrices, or of both.
public enum NormOrder: Hashable, Sendable {
  /// The root of the sum of squares of all elements.
  case frobenius
  /// The sum of singular values; of matrices only.
  case nuclear
  /// Vectors: the p-norm, any p; 0 counts elements, infinities are the greatest and the least.
  /// Matrices: 1 and infinity are the greatest column and row sum, 2 the greatest singular value;
  /// with a minus sign the least.
  case number(Double)
}

extension NormOrder: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  /// The greatest.
  public static let infinity = NormOrder.number(.infinity)
  /// A p-norm.
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  /// A p-norm.
  public init(floatLiteral value: Double) { self = .number(value) }
}

/// The p-norm over some axes, or over all.
///
/// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
/// - DType: the real dtype; integers convert to float64.
/// - Throws: from `compute()`: `axis`, `axis-duplicate`; `empty-reduction` for the least of none.
/// - Accuracy: squares are not scaled: the 2-norm overflows where they do, as NumPy's.
/// - NumPy: `numpy.linalg.vector_norm`.
///
/// ```swift
/// vectorNorm([3, 4])  // 5.0
/// vectorNorm([[3, 4], [6, 8]], order: 1, axes: [1])  // [ 7. 14.]
/// ```
public func vectorNorm(
  _ a: NDArray, order: Double = 2, axes: [Int]? = nil, keepAxes: Bool = false,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("vector_norm", file, line)
  return c.one([a]) { () throws(WeftError) in
    let axes = try Axes.normalized(axes, c.name, a, c.site)
    return c.vectorNorm(a, order, axes, keepAxes: keepAxes)
  }
}

/// The norm of matrices, which are the last two axes or those given.
///
/// - Shape: without the two axes; with extent 1 in their places for `keepAxes`.
/// - DType: the real dtype; integers convert to float64.
/// - Throws: from `compute()`: `value` for an order that matrices have not; `shape-mismatch`,
///   `axis`, `axis-duplicate`; `no-convergence` where singular values are asked of NaN.
/// - Accuracy: of a sparse matrix orders 2 and -2 are found alone, by `svds`, without a dense matrix: the least one
///   with an error of the dtype's rounding times the greatest. `nuclear` asks for all of them.
/// - NumPy: `numpy.linalg.matrix_norm`.
///
/// ```swift
/// matrixNorm([[3, 0], [0, 4]])  // 5.0
/// matrixNorm([[3, 0], [0, 4]], order: 2)  // 4.0
/// ```
public func matrixNorm(
  _ a: NDArray, order: NormOrder = .frobenius, axes: (row: Int, column: Int) = (-2, -1),
  keepAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("matrix_norm", file, line)
  return c.one([a]) { () throws(WeftError) in
    try c.matrixNorm(a, order, [axes.row, axes.column], keepAxes: keepAxes)
  }
}

/// The norm of vectors along one axis, of matrices along two, or of all elements.
///
/// Without axes a nil order is the 2-norm of all elements; another order takes a 1-d array as a
/// vector and a 2-d one as a matrix.
///
/// - Shape: without the axes; with extent 1 in their places for `keepAxes`.
/// - DType: the real dtype; integers convert to float64.
/// - Throws: from `compute()`: `value` for an order that does not fit; `shape-mismatch`, `axis`.
/// - NumPy: `numpy.linalg.norm`.
///
/// ```swift
/// norm([[1, 2], [2, 4]])  // 5.0
/// norm([[1, 2], [2, 4]], axes: [1])  // [2.23606798 4.47213595]
/// norm([[1, -2], [2, 4]], order: .infinity)  // 6.0
/// ```
public func norm(
  _ a: NDArray, order: NormOrder? = nil, axes: [Int]? = nil, keepAxes: Bool = false,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("norm", file, line)
  return c.one([a]) { () throws(WeftError) in
    let own = try Axes.normalized(axes, c.name, a, c.site)
    guard axes != nil || order != nil else {
      return c.vectorNorm(a, 2, own, keepAxes: keepAxes)
    }
    // Axes as given: their order tells rows from columns.
    let given = axes ?? own
    switch (given.count, order) {
    case (1, nil): return c.vectorNorm(a, 2, own, keepAxes: keepAxes)
    case (1, .number(let p)?): return c.vectorNorm(a, p, own, keepAxes: keepAxes)
    case (2, let order): return try c.matrixNorm(a, order ?? .frobenius, given, keepAxes: keepAxes)
    case (1, _):
      throw c.error(.value, "\(order.map { "\($0)" } ?? "") is no norm of vectors")
    default:
      throw c.error(
        .shapeMismatch, "norms are of one or two axes, got \(given.count) for \(a.expr.type)")
    }
  }
}

/// The condition number: the norm of a matrix times that of its inverse.
///
/// With order 2, or nil, it is the ratio of the greatest to the least singular value.
///
/// - Shape: `[..., m, n]` to `[...]`; square unless the order is 2, -2 or nil.
/// - DType: the real dtype; integers convert to float64.
/// - Throws: from `compute()`: `not-square`, `value`, `empty-reduction`; `no-convergence` for NaN.
/// - NumPy: `numpy.linalg.cond`: infinite for singular matrices with order 2; `singular` else.
///
/// ```swift
/// cond([[1, 0], [0, 4]])  // 4.0
/// ```
public func cond(
  _ a: NDArray, order: NormOrder? = nil, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("cond", file, line)
  return c.one([a]) { () throws(WeftError) in
    let a = try c.matrix(a)
    if a.count == 0, a.codes.suffix(2).contains(0) {
      throw c.error(.emptyReduction, "\(a.expr.type) has no elements")
    }
    switch order {
    case nil, .number(2)?, .number(-2)?:
      let (most, least) = (try c.singularValue(.greatest, a), try c.singularValue(.least, a))
      let ratio =
        order == .number(-2) ? c(.divide, least, most) : c(.divide, most, least)
      // 0 / 0 of a zero matrix; NaN does not get here.
      return c.select(c.isNaN(ratio), c.number(.infinity, ratio.dtype), ratio)
    case let order?:
      let inverse = try c.results(.inv, [a])[0]
      return c(
        .multiply, try c.matrixNorm(a, order, [-2, -1], keepAxes: false),
        try c.matrixNorm(inverse, order, [-2, -1], keepAxes: false))
    }
  }
}

/// How many singular values are above a limit; for fewer than two axes, whether any element is
/// not 0.
///
/// The limit is `rtol` times the greatest; nil is eps max(m, n).
///
/// - Shape: `[..., m, n]` to `[...]`.
/// - DType: int64.
/// - Throws: from `compute()`: `no-convergence` for NaN.
/// - NumPy: `numpy.linalg.matrix_rank`.
///
/// ```swift
/// matrixRank([[1, 2], [2, 4]])  // 1
/// ```
public func matrixRank(
  _ a: NDArray, rtol: Double? = nil, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("matrix_rank", file, line)
  return c.one([a]) { () throws(WeftError) in
    if a.rank < 2 {
      let isSet = c(.notEqual, a.strong, c.number(0, a.dtype))
      return c.convert(c.reduce(.logicalOr, isSet, Array(0..<a.rank)), .int64)
    }
    let a = try c.matrix(a)
    let s = try c.results(.svdvals, [a])[0]
    let limit = s.codes.last == 0 ? c.number(0, s.dtype) : c.singularLimit(s, a, rtol)
    let isAbove = c(.greater, s, limit)
    return c.reduce(.add, c.convert(isAbove, .int64), [s.rank - 1])
  }
}

// MARK: - Compositions

extension Composition {
  /// The magnitudes of elements, in the dtype of norms.
  private func magnitudes(_ a: NDArray) -> NDArray {
    self(.abs, a.dtype.isInexact ? a.strong : convert(a, .float64))
  }

  /// The greatest over some axes; 0 where they have no elements, since norms are not negative.
  private func greatest(_ a: NDArray, _ axes: [Int], keepAxes: Bool) -> NDArray {
    if axes.contains(where: { a.codes[$0] == 0 }) {
      let zeros = fill(Scalar(0 as Int64, .bool), like: a)
      return convert(reduce(.logicalOr, zeros, axes, keepAxes: keepAxes), a.dtype)
    }
    let more = withOneMore(a, axes, constant(Scalar(0 as Int64, a.dtype)))
    return reduce(.maximum, more, axes, keepAxes: keepAxes)
  }

  func vectorNorm(
    _ a: NDArray, _ p: Double, _ axes: [Int], keepAxes: Bool
  ) -> NDArray {
    let a = a.dtype.isInexact ? a.strong : convert(a, .float64)
    if p == 2 {
      return self(.sqrt, reduce(.add, squaredMagnitude(a), axes, keepAxes: keepAxes))
    }
    let sizes = magnitudes(a)
    switch p {
    case .infinity: return greatest(sizes, axes, keepAxes: keepAxes)
    case -.infinity: return reduce(.minimum, sizes, axes, keepAxes: keepAxes)
    case 0:
      let isSet = self(.notEqual, sizes, number(0, sizes.dtype))
      return reduce(.add, convert(isSet, sizes.dtype), axes, keepAxes: keepAxes)
    case 1: return reduce(.add, sizes, axes, keepAxes: keepAxes)
    default:
      let powers = self(.pow, sizes, number(p, sizes.dtype))
      let sum = reduce(.add, powers, axes, keepAxes: keepAxes)
      return self(.pow, sum, number(1 / p, sizes.dtype))
    }
  }

  func matrixNorm(
    _ a: NDArray, _ order: NormOrder, _ axes: [Int], keepAxes: Bool
  ) throws(WeftError) -> NDArray {
    if a.rank < 2 {
      throw error(.shapeMismatch, "\(a.expr.type) is no matrix: it has fewer than two axes")
    }
    let own = try axes.map { axis throws(WeftError) in
      try Axes.normalized(axis, rank: a.rank, name, a, site)
    }
    if own[0] == own[1] { throw error(.axisDuplicate, "axis \(axes[0]) is given twice") }
    if order == .frobenius { return vectorNorm(a, 2, own.sorted(), keepAxes: keepAxes) }
    let others = (0..<a.rank).filter { !own.contains($0) }
    let moved = permute(a.strong, others + own)
    let (row, column) = (others.count, others.count + 1)
    let result: NDArray
    switch order {
    case .number(1), .number(-1):
      let sums = reduce(.add, magnitudes(moved), [row])
      result = extreme(sums, row, isGreatest: order == .number(1))
    case .number(.infinity), .number(-.infinity):
      let sums = reduce(.add, magnitudes(moved), [column])
      result = extreme(sums, row, isGreatest: order == .infinity)
    case .number(2), .number(-2):
      let end: SingularValueEnd = order == .number(2) ? .greatest : .least
      result = try singularValue(end, try matrix(moved))
    case .nuclear:
      let s = try results(.svdvals, [try matrix(moved)])[0]
      result = reduce(.add, s, [row])
    default: throw error(.value, "\(order) is no norm of matrices")
    }
    return keepAxes ? restore(result, own.sorted()) : result
  }

  /// The greatest or the least singular value of matrices; 0 is the greatest of none.
  fileprivate func singularValue(_ end: SingularValueEnd, _ a: NDArray) throws(WeftError) -> NDArray
  {
    if end.isFoundAlone(of: a) { return try results(end.routine, [a])[0] }
    let s = try results(.svdvals, [a])[0]
    let (last, count) = (s.rank - 1, s.codes[s.rank - 1])
    if count <= 0 { return extreme(s, last, isGreatest: end == .greatest) }
    return at(s, last, end == .greatest ? 0 : count - 1)
  }

  private func extreme(_ a: NDArray, _ axis: Int, isGreatest: Bool) -> NDArray {
    isGreatest ? greatest(a, [axis], keepAxes: false) : reduce(.minimum, a, [axis])
  }
}
