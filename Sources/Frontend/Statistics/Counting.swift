import WeftIR

/// How often each number from 0 on occurs, or the sums of weights at each.
///
/// - Shape: `[?]`: the greatest number and one, at least `minLength`.
/// - DType: int64; float64 with weights.
/// - Throws: from `compute()`: `value` for an array that is not 1-d or weights that do not fit;
///   `dtype` for numbers that are no integers; `index-out-of-bounds` for a negative one.
/// - NumPy: `numpy.bincount`.
///
/// ```swift
/// bincount([0, 1, 1, 3])  // [1 2 0 1]
/// bincount([0, 1, 1], weights: [0.5, 1, 2], minLength: 4)  // [0.5 3.  0.  0. ]
/// ```
public func bincount(
  _ x: NDArray, weights: NDArray? = nil, minLength: Int = 0, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let c = Composition("bincount", file, line)
  return c.one([x] + [weights].compactMap { $0 }) { () throws(WeftError) in
    guard x.rank == 1 else { throw c.error(.value, "takes a 1-d array, not \(x.expr.type)") }
    if minLength < 0 { throw c.error(.value, "minLength is \(minLength), expected 0 or more") }
    let isEmptyLiteral = x.extent(0) == 0
    guard x.dtype == .bool || x.dtype.isInteger && x.dtype != .uint64 || isEmptyLiteral else {
      throw c.error(.dtype, "\(x.expr.type) does not convert to int64 safely")
    }
    if x.firstKnown(where: { $0 < 0 }) != nil {
      throw c.error(.value, "the numbers must not be negative")
    }
    if let weights, weights.rank != 1 || weights.codes != x.codes {
      throw c.error(.value, "weights are \(weights.expr.type) for \(x.expr.type)")
    }
    // NumPy counts nothing in int64, with weights too.
    if x.extent(0) == 0 { return c.fill(Scalar(0 as Int64, .int64), Shape([minLength])) }
    let dtype: DType = weights == nil ? .int64 : .float64
    let values = c.convert(x, .int64)
    let length = c(
      .maximum, c(.add, c.reduce(.maximum, values, [0]), c.integer(1)), c.integer(minLength))
    let counted: NDArray
    var places = values
    if let weights {
      counted = c.convert(weights, .float64)
    } else if let stored = c.stored(values) {
      (places, counted) = (stored.elements, stored.counts)
    } else {
      counted = c.fill(Scalar(1 as Int64, .int64), like: values)
    }
    // What the dtype holds bounds the length.
    let bits = Swift.min(x.dtype.bitWidth, 40)
    let most = Swift.max(bits + 1, Int.bitWidth - minLength.leadingZeroBitCount)
    return c.node(
      .scatter(axis: 0, .add), [c.zeros(length: length, bits: most, dtype), places, counted])
  }
}

/// Which of the intervals between bins each element falls in.
///
/// - Shape: that of `x`.
/// - DType: int64.
/// - Throws: from `compute()`: `dtype` for complex; `value` for known bins that neither ascend nor
///   descend.
/// - NumPy: `numpy.digitize`; bins that only `compute()` tells are not checked.
///
/// ```swift
/// digitize([0.2, 6.4, 3.0], [0, 1, 2.5, 4, 10])  // [1 4 3]
/// ```
public func digitize(
  _ x: NDArray, _ bins: NDArray, right: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let c = Composition("digitize", file, line)
  return c.one([x, bins]) { () throws(WeftError) in
    if x.dtype.isComplex { throw c.error(.dtype, "is not defined for complex \(x.expr.type)") }
    guard bins.rank == 1, let n = bins.extent(0) else {
      throw c.error(.value, "bins are \(bins.expr.type), expected a 1-d array of known extent")
    }
    try c.requireMonotonic(bins)
    let dtype = x.dtype.promoted(with: bins.dtype)
    let (values, edges) = (c.convert(x, dtype), c.convert(bins, dtype))
    let side: SearchSide = right ? .left : .right
    if n < 2 || c.ascends(edges) && c.sparseFill(of: values) != nil {
      return c.search(edges, values, side)
    }
    let isDescending = c(.less, c.at(edges, 0, n - 1), c.at(edges, 0, 0))
    let place = c.search(c.select(isDescending, c.reverse(edges, 0), edges), values, side)
    return c.select(isDescending, c(.subtract, c.integer(n), place), place)
  }
}

extension Composition {
  fileprivate func requireMonotonic(_ bins: NDArray) throws(WeftError) {
    var last: Double?
    var (ascends, descends) = (true, true)
    _ = bins.firstKnown { value in
      if let last {
        if value < last { ascends = false }
        if value > last { descends = false }
      }
      last = value
      return false
    }
    if !ascends && !descends { throw error(.value, "bins must ascend or descend") }
  }

  /// Zeros of a length that only the data tell: the length's hexadecimal digits select blocks.
  ///
  /// Digit d of value v gives v blocks of 16^d; a length past the bits gives what the bits say.
  func zeros(length: NDArray, bits: Int, _ dtype: DType) -> NDArray {
    var blocks: [NDArray] = []
    let digits = iota(Shape([15]))
    for shift in stride(from: 0, to: bits, by: 4) {
      let digit = self(
        .bitwiseAnd, self(.bitwiseRightShift, length, integer(shift)), integer(15))
      let selected = compress(
        fill(Scalar(0 as Int64, dtype), Shape([15])), self(.less, digits, digit))
      guard case .unknown = selected.expr.type.shape[0] else { continue }
      let block = Shape(codes: [selected.codes[0], 1 << shift])
      let wide = NDArray(
        Expr(
          .broadcast(to: block, axes: [0]), .one(selected.expr), type: TensorType(dtype, block),
          site: site))
      blocks.append(shift == 0 ? selected : flat(wide))
    }
    return join(blocks, 0)
  }
}

extension Composition {
  /// Whether the first number of a list is known to be at most the last, and both are few and no NaN.
  fileprivate func ascends(_ list: NDArray) -> Bool {
    guard let known = ConstantReader.scalars(list, atMost: Self.mostCompared),
      let first = known.first, let last = known.last
    else { return false }
    return first.doubleValue <= last.doubleValue
  }
}
