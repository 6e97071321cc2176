import WeftIR

/// How a quantile that falls between two elements is found.
///
/// - Source: Hyndman & Fan 1996, "Sample quantiles in statistical packages"; NumPy's names.
public enum QuantileMethod: String, Sendable, CaseIterable {
  /// Steps of the empirical distribution.
  case invertedCDF = "inverted_cdf"
  /// The same with means at the steps.
  case averagedInvertedCDF = "averaged_inverted_cdf"
  /// The nearest order statistic.
  case closestObservation = "closest_observation"
  /// The distribution interpolated.
  case interpolatedInvertedCDF = "interpolated_inverted_cdf"
  /// Knots in the middle of steps.
  case hazen
  /// Knots at the means of order statistics.
  case weibull
  /// Between first and last; the default.
  case linear
  /// Knots about at the medians of order statistics.
  case medianUnbiased = "median_unbiased"
  /// Knots about at the means for normal data.
  case normalUnbiased = "normal_unbiased"
  /// The element before.
  case lower
  /// The element after.
  case higher
  /// The mean of the element before and after.
  case midpoint
  /// The nearer element.
  case nearest
}

/// Quantiles over an axis, or over all.
///
/// - Shape: that of `q`, then that of the array without the axis.
/// - DType: float64 for integers, else promoted with `q`, which as a number is weak.
/// - Throws: from `compute()`: `axis`; `value` for `q` outside [0, 1] where it is known, weights
///   with another method than `invertedCDF`, or that are negative, not finite or all zero; `dtype` for complex.
/// - NumPy: `numpy.quantile`: NaN where there is a NaN.
///
/// ```swift
/// quantile([1, 2, 3, 4], 0.5)  // 2.5
/// quantile([[1, 2, 3], [10, 20, 30]], [0.25, 0.75], axis: 1)
/// // [[ 1.5 15. ]
/// //  [ 2.5 25. ]]
/// quantile([1, 2, 3, 4], 0.4, method: .nearest)  // 2
/// ```
public func quantile(
  _ a: NDArray, _ q: NDArray, axis: Int? = nil, method: QuantileMethod = .linear,
  keepAxes: Bool = false, weights: NDArray? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  quantile(
    a, q, axis.map { [$0] }, method, keepAxes, weights, Composition("quantile", file, line))
}

/// Percentiles over an axis, or over all: quantiles in hundredths.
///
/// - Shape: that of `q`, then that of the array without the axis.
/// - DType: float64 for integers, else promoted with `q`, which as a number is weak.
/// - Throws: from `compute()`: as `quantile`, for `q` outside [0, 100].
/// - NumPy: `numpy.percentile`.
///
/// ```swift
/// percentile([1, 2, 3, 4], 25)  // 1.75
/// ```
public func percentile(
  _ a: NDArray, _ q: NDArray, axis: Int? = nil, method: QuantileMethod = .linear,
  keepAxes: Bool = false, weights: NDArray? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  quantile(
    a, q, axis.map { [$0] }, method, keepAxes, weights, inHundredths: true,
    Composition("percentile", file, line))
}

/// Quantiles of what is not NaN over an axis, or over all.
///
/// - Shape: as `quantile`.
/// - DType: as `quantile`.
/// - Throws: from `compute()`: as `quantile`.
/// - NumPy: `numpy.nanquantile`: NaN where all are NaN.
///
/// ```swift
/// nanquantile(NDArray([1, .nan, 3]), 0.5)  // 2.0
/// ```
public func nanquantile(
  _ a: NDArray, _ q: NDArray, axis: Int? = nil, method: QuantileMethod = .linear,
  keepAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  quantile(
    a, q, axis.map { [$0] }, method, keepAxes, nil, ignoringNaN: true,
    Composition("nanquantile", file, line))
}

/// Percentiles of what is not NaN over an axis, or over all.
///
/// - Shape: as `percentile`.
/// - DType: as `percentile`.
/// - Throws: from `compute()`: as `percentile`.
/// - NumPy: `numpy.nanpercentile`: NaN where all are NaN.
///
/// ```swift
/// nanpercentile(NDArray([1, .nan, 3]), 50)  // 2.0
/// ```
public func nanpercentile(
  _ a: NDArray, _ q: NDArray, axis: Int? = nil, method: QuantileMethod = .linear,
  keepAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  quantile(
    a, q, axis.map { [$0] }, method, keepAxes, nil, ignoringNaN: true, inHundredths: true,
    Composition("nanpercentile", file, line))
}

// MARK: - Compositions

func quantile(
  _ a: NDArray, _ q: NDArray, _ axes: [Int]?, _ method: QuantileMethod, _ keepAxes: Bool,
  _ weights: NDArray?, ignoringNaN: Bool = false, inHundredths: Bool = false, _ c: Composition
) -> NDArray {
  c.one([a, q] + [weights].compactMap { $0 }) { () throws(WeftError) in
    if a.dtype.isComplex || q.dtype.isComplex {
      throw c.error(.dtype, "is not defined for complex \(a.expr.type)")
    }
    let most: Double = inHundredths ? 100 : 1
    if let outside = q.firstKnown(where: { !($0 >= 0 && $0 <= most) }) {
      throw c.error(.value, "\(outside) is not in the range [0, \(Int(most))]")
    }
    // A share of integers is no integer: the literal 50 must not become one beside counts.
    let shares = inHundredths ? c(.divide, q, NDArray(scalar: 100)) : q
    let q = shares.weakKind == .integer ? NDArray(shares.expr, weak: .float) : shares
    // NumPy answers for an empty array without looking at q.
    if ignoringNaN && a.count == 0 { return nanMean(a, axes, keepAxes, c) }
    let normalized = try Axes.normalized(axes, c.name, a, c.site)
    try c.requireMergeable(a, normalized)
    let lanes =
      normalized.isEmpty ? c.expand(a.strong, 0) : try c.gathered(a, normalized)
    if lanes.extent(0) == 0 { throw c.error(.emptyReduction, "no elements in \(a.expr.type)") }
    var found: NDArray
    if let weights {
      guard method == .invertedCDF else {
        throw c.error(.value, "only the method inverted_cdf takes weights, not \(method.rawValue)")
      }
      let w = try c.gathered(
        c.broadcast(try c.weights(weights, for: a, axes, normalized), a.expr.type.shape),
        normalized)
      found = try QuantileSearch(c, lanes, q).weighted(w)
    } else {
      let search = QuantileSearch(c, lanes, q)
      found =
        ignoringNaN && a.dtype.isInexact
        ? try search.ignoringNaN(method) : try search.found(method)
    }
    if keepAxes {
      found = c.restore(found, normalized.map { $0 + q.rank })
    }
    return found
  }
}

extension NDArray {
  /// The first element of what is in memory, or of a constant, with a property.
  func firstKnown(where predicate: (Double) -> Bool) -> Double? {
    switch expr.node {
    case .op(.constant(let scalar), _):
      return predicate(scalar.doubleValue) ? scalar.doubleValue : nil
    case .leaf(let buffer):
      guard buffer.count <= 1 << 10 else { return nil }
      let size = dtype.itemSize
      for i in 0..<buffer.count {
        let value = Scalar(dtype, loading: UnsafeRawPointer(buffer.base) + i * size).doubleValue
        if predicate(value) { return value }
      }
      return nil
    case .op(let op, let operands):
      // Literals: constants reshaped, converted and joined.
      var found: Double?
      switch op {
      case .reshape, .convert, .concatenate, .broadcast:
        operands.forEach { found = found ?? NDArray($0).firstKnown(where: predicate) }
      default: break
      }
      return found
    default: return nil
    }
  }
}
