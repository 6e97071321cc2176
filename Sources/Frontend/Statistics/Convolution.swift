import WeftIR

/// How much of a convolution is wanted.
public enum ConvolutionMode: String, Sendable, CaseIterable {
  /// Wherever the operands overlap at all.
  case full
  /// As long as the longer operand, from the middle.
  case same
  /// Where the operands overlap completely.
  case valid
}

/// The discrete linear convolution of two 1-d arrays.
///
/// - Shape: `[n + k - 1]`, `[max(n, k)]` or `[max(n, k) - min(n, k) + 1]` by the mode.
/// - DType: promoted.
/// - Throws: from `compute()`: `value` for an empty array or one of several axes.
/// - NumPy: `numpy.convolve`.
///
/// ```swift
/// convolve([1, 2, 3], [0, 1, 0.5])  // [0.  1.  2.5 4.  1.5]
/// convolve([1, 2, 3, 4], [1, 1], mode: .valid)  // [3 5 7]
/// ```
public func convolve(
  _ a: NDArray, _ v: NDArray, mode: ConvolutionMode = .full, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let c = Composition("convolve", file, line)
  return c.one([a, v]) { () throws(WeftError) in
    let (x, y) = (try c.sequence(a), try c.sequence(v))
    let isLonger = (x.count ?? 0) >= (y.count ?? 0)
    return c.slide(isLonger ? x : y, isLonger ? y : x, mode)
  }
}

/// The cross-correlation of two 1-d arrays; conjugates the second.
///
/// - Shape: as `convolve`.
/// - DType: promoted.
/// - Throws: from `compute()`: `value` for an empty array or one of several axes.
/// - NumPy: `numpy.correlate`.
///
/// ```swift
/// correlate([1, 2, 3, 4], [1, 0, -1])  // [-2 -2]
/// ```
public func correlate(
  _ a: NDArray, _ v: NDArray, mode: ConvolutionMode = .valid, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let c = Composition("correlate", file, line)
  return c.one([a, v]) { () throws(WeftError) in
    let (x, plain) = (try c.sequence(a), try c.sequence(v))
    let y = plain.dtype.isComplex ? c(.conj, plain) : plain
    if (x.count ?? 0) >= (y.count ?? 0) { return c.slide(x, c.reverse(y, 0), mode) }
    return c.reverse(c.slide(y, c.reverse(x, 0), mode), 0)
  }
}

extension Composition {
  /// A 1-d array of known extent with at least one element.
  fileprivate func sequence(_ a: NDArray) throws(WeftError) -> NDArray {
    if a.rank > 1 { throw error(.value, "takes 1-d arrays, not \(a.expr.type)") }
    guard let count = a.count else {
      throw error(.unknownExtent, "\(a.expr.type) has an extent that only the data tell")
    }
    if count == 0 { throw error(.value, "the array \(a.expr.type) is empty") }
    return reshape(a.strong, [count])
  }

  /// Sums of `a[i - j] * v[j]` for the shifts i of a mode; `v` is not longer than `a`.
  fileprivate func slide(_ a: NDArray, _ v: NDArray, _ mode: ConvolutionMode) -> NDArray {
    let (n, k) = (a.count ?? 0, v.count ?? 0)
    let (start, count) =
      switch mode {
      case .full: (0, n + k - 1)
      case .same: ((k - 1) / 2, n)
      case .valid: (k - 1, n - k + 1)
      }
    let dtype = a.dtype.promoted(with: v.dtype)
    let (x, y) = (convert(a, dtype), convert(v, dtype))
    if let entries = slideEntries(x, y) { return slice(entries, 0, from: start, count) }
    let shape = Shape([count, k])
    let shifts = self(.add, iota(shape, axis: 0), integer(start))
    let places = self(.subtract, shifts, iota(shape, axis: 1))
    if mode == .valid && dtype != .bool {
      return node(.contract(Contraction([[0, 1], [1]], to: [0])), [gather(x, places), y])
    }
    // What does not overlap adds nothing, not even a NaN from an infinite factor.
    let isInside = and(
      self(.greaterEqual, places, integer(0)), self(.less, places, integer(n)))
    let bounded = self(.maximum, self(.minimum, places, integer(n - 1)), integer(0))
    let products = self(.multiply, gather(x, bounded), y)
    let none = constant(Scalar(0 as Int64, dtype))
    return reduce(.add, select(isInside, products, none), [1])
  }

  /// The full convolution of an array that is stored sparsely with few others: the sum of its shifts; nil for other
  /// arrays.
  private func slideEntries(_ x: NDArray, _ y: NDArray) -> NDArray? {
    let k = y.count ?? 0
    guard k <= Self.mostShifts, ![.bool, .float16, .bfloat16].contains(x.dtype),
      let fill = sparseFill(of: x), !fill.boolValue
    else { return nil }
    let none = constant(Scalar(0 as Int64, x.dtype))
    return (0..<k).reduce(NDArray?.none) { sum, shift in
      let factor = reshape(slice(y, 0, from: shift, 1), [])
      let term = node(
        .pad([PadSpan(low: shift, high: k - 1 - shift, interior: 0)]),
        [self(.multiply, x, factor), none])
      return sum.map { self(.add, $0, term) } ?? term
    }
  }

  private static let mostShifts = 32
}
