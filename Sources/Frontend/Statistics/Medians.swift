import WeftIR

/// The greatest less the least element over an axis, or over all.
///
/// - Shape: without the axis; with extent 1 in its place for `keepAxes`.
/// - DType: the same; not defined for bool.
/// - Throws: from `compute()`: `axis`; `empty-reduction` for no elements.
/// - NumPy: `numpy.ptp`.
///
/// ```swift
/// ptp([[1, 5], [2, 9]], axis: 0)  // [1 4]
/// ```
public func ptp(
  _ a: NDArray, axis: Int? = nil, keepAxes: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  ptp(a, axis.map { [$0] }, keepAxes, Composition("ptp", file, line))
}

/// The middle element over an axis, or over all; the mean of two for an even number.
///
/// - Shape: without the axis; with extent 1 in its place for `keepAxes`.
/// - DType: float64 for bool and integers, else the same.
/// - Throws: from `compute()`: `axis` for an axis out of range.
/// - NumPy: `numpy.median`: NaN where there is a NaN or nothing.
///
/// ```swift
/// median([3, 1, 2])  // 2.0
/// median([[1, 2, 3, 4], [10, 20, 30, 40]], axis: 1)  // [ 2.5 25. ]
/// ```
public func median(
  _ a: NDArray, axis: Int? = nil, keepAxes: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  median(a, axis.map { [$0] }, keepAxes, Composition("median", file, line))
}

/// The middle element over some axes; the mean of two for an even number. See `median(_:axis:)`.
///
/// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
public func median(
  _ a: NDArray, axes: [Int], keepAxes: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  median(a, axes, keepAxes, Composition("median", file, line))
}

/// The middle of the elements that are not NaN over an axis, or over all.
///
/// - Shape: without the axis; with extent 1 in its place for `keepAxes`.
/// - DType: float64 for bool and integers, else the same.
/// - Throws: from `compute()`: `axis` for an axis out of range.
/// - NumPy: `numpy.nanmedian`: NaN where all are NaN.
///
/// ```swift
/// nanmedian(NDArray([3, .nan, 1]))  // 2.0
/// ```
public func nanmedian(
  _ a: NDArray, axis: Int? = nil, keepAxes: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  nanMedian(a, axis.map { [$0] }, keepAxes, Composition("nanmedian", file, line))
}

/// The middle of the elements that are not NaN over some axes. See `nanmedian(_:axis:)`.
///
/// - Throws: from `compute()`: as with `axis:`; `axis-duplicate` for an axis given twice.
public func nanmedian(
  _ a: NDArray, axes: [Int], keepAxes: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  nanMedian(a, axes, keepAxes, Composition("nanmedian", file, line))
}

/// The mean over an axis, or over all, with weights.
///
/// - Shape: without the axis. Weights have the array's shape, or are 1-d along the axis.
/// - DType: promoted; float64 for bool and integers.
/// - Throws: from `compute()`: `axis`; `shape-mismatch` for weights that do not fit; `value` for
///   weights that sum to 0.
/// - NumPy: `numpy.average`.
///
/// ```swift
/// average([1, 2, 6], weights: [3, 2, 1])  // 2.1666666666666665
/// ```
public func average(
  _ a: NDArray, axis: Int? = nil, weights: NDArray? = nil, keepAxes: Bool = false,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  average(a, axis.map { [$0] }, weights, keepAxes, Composition("average", file, line)).average
}

/// As `average`, with the sum of the weights (the count when there are none). See `average`.
///
/// - NumPy: `numpy.average(returned=True)`.
///
/// ```swift
/// averageAndWeight([1, 2, 6], weights: [3, 2, 1]).weight  // 6.0
/// ```
public func averageAndWeight(
  _ a: NDArray, axis: Int? = nil, weights: NDArray? = nil, keepAxes: Bool = false,
  file: StaticString = #fileID, line: UInt = #line
) -> (average: NDArray, weight: NDArray) {
  average(a, axis.map { [$0] }, weights, keepAxes, Composition("average", file, line))
}

// MARK: - Compositions

func ptp(_ a: NDArray, _ axes: [Int]?, _ keepAxes: Bool, _ c: Composition) -> NDArray {
  c.one([a]) {
    let most = a.extreme(.maximum, axes, keepAxes, nil, nil, c)
    return c(.subtract, most, a.extreme(.minimum, axes, keepAxes, nil, nil, c))
  }
}

func median(_ a: NDArray, _ axes: [Int]?, _ keepAxes: Bool, _ c: Composition) -> NDArray {
  c.one([a]) { () throws(WeftError) in
    let axes = try Axes.normalized(axes, c.name, a, c.site)
    let result: NDArray
    if axes.isEmpty {
      result = c.convert(a, a.dtype.meanDType)
    } else {
      try c.requireMergeable(a, axes)
      let sorted = c.sort(try c.gathered(a, axes), 0).keys
      result = c.middle(sorted, a.dtype)
    }
    return keepAxes ? c.restore(result, axes) : result
  }
}

func nanMedian(_ a: NDArray, _ axes: [Int]?, _ keepAxes: Bool, _ c: Composition) -> NDArray {
  if !a.dtype.isInexact { return median(a, axes, keepAxes, c) }
  return c.one([a]) { () throws(WeftError) in
    let axes = try Axes.normalized(axes, c.name, a, c.site)
    if axes.isEmpty { return a.strong }
    var lanes = try c.gathered(a, axes)
    if lanes.extent(0) == nil {
      // One NaN more is the median of nothing, and does not count beside others.
      var codes = lanes.codes
      codes[0] = 1
      lanes = c.join([lanes, c.fill(Scalar(.nan, a.dtype), Shape(codes: codes))], 0)
    }
    var result: NDArray
    if lanes.extent(0) == 0 {
      result = c.fill(Scalar(.nan, a.dtype), lanes.expr.type.shape.removing([0]))
    } else {
      // NaN are sorted last: the middle of what stands before them.
      let sorted = c.sort(lanes, 0).keys
      let count = c.countNumbers(lanes, [0], keepAxes: true, .int64)
      let one = c.integer(1)
      let low = c(.maximum, c(.floorDivide, c(.subtract, count, one), c.integer(2)), c.integer(0))
      let high = c(
        .minimum, c(.floorDivide, count, c.integer(2)), c(.subtract, c.extent64(lanes), one))
      let pair = [
        try c.take(sorted, along: 0, low), try c.take(sorted, along: 0, high),
      ].map { c.convert(c.squeeze($0, 0), a.dtype.meanComputing) }
      let mean = c.quotient(c(.add, pair[0], pair[1]), c.integer(2))
      result = c.convert(mean, a.dtype)
    }
    return keepAxes ? c.restore(result, axes) : result
  }
}

func average(
  _ a: NDArray, _ axes: [Int]?, _ weights: NDArray?, _ keepAxes: Bool, _ c: Composition
) -> (average: NDArray, weight: NDArray) {
  let parts = c.several(2, [a] + [weights].compactMap { $0 }) { () throws(WeftError) in
    let normalized = try Axes.normalized(axes, c.name, a, c.site)
    guard let weights else {
      let mean = a.mean(axes, keepAxes: keepAxes, dtype: nil, where: nil, c)
      let count = c.convert(c.extent(a, normalized), mean.dtype)
      return [mean, c.broadcast(count, mean.expr.type.shape)]
    }
    let promoted = a.dtype.promoted(with: weights.dtype)
    let dtype = a.dtype.isInexact ? promoted : promoted.promoted(with: .float64)
    let w = c.convert(try c.weights(weights, for: a, axes, normalized), dtype)
    let scale = c.reduce(.add, w, normalized, keepAxes: keepAxes)
    let total = c.reduce(
      .add, c(.multiply, c.convert(a, dtype), w), normalized, keepAxes: keepAxes)
    let isSound = c(.notEqual, scale, c.number(0, dtype))
    let sound = c.require(isSound, scale, .value, "the weights sum to zero")
    return [c(.divide, total, sound), c.broadcast(sound, total.expr.type.shape)]
  }
  return (parts[0], parts[1])
}

extension Composition {
  /// The extent of the first axis as int64.
  func extent64(_ a: NDArray) -> NDArray { convert(extent(a, [0]), .int64) }

  /// The middle along the first axis of sorted elements; NaN where the last is, or where none is.
  func middle(_ sorted: NDArray, _ dtype: DType) -> NDArray {
    let (result, computing) = (dtype.meanDType, dtype.meanComputing)
    guard sorted.extent(0) != 0 else {
      return fill(Scalar(.nan, result), sorted.expr.type.shape.removing([0]))
    }
    let (pair, end): ([NDArray], NDArray)
    if let n = sorted.extent(0) {
      pair = [at(sorted, 0, (n - 1) / 2), at(sorted, 0, n / 2)]
      end = last(sorted)
    } else {
      // A NaN behind the last is the median of nothing.
      let n = extent64(sorted)
      var codes = sorted.codes
      codes[0] = 1
      let padded = join(
        [convert(sorted, result), fill(Scalar(.nan, result), Shape(codes: codes))], 0)
      let top = self(.maximum, self(.subtract, n, integer(1)), integer(0))
      pair = [
        gather(padded, self(.floorDivide, top, integer(2))),
        gather(padded, self(.floorDivide, n, integer(2))),
      ]
      end = gather(padded, top)
    }
    let (a, b) = (self.convert(pair[0], computing), self.convert(pair[1], computing))
    let isOdd = sorted.extent(0).map { $0 % 2 == 1 } ?? false
    let mean = isOdd ? a : quotient(self(.add, a, b), integer(2))
    if !dtype.isInexact { return convert(mean, result) }
    return select(isNaN(end), end, convert(mean, result))
  }

  /// Weights in a shape that broadcasts with the array.
  func weights(
    _ w: NDArray, for a: NDArray, _ axes: [Int]?, _ normalized: [Int]
  ) throws(WeftError) -> NDArray {
    if w.expr.type.shape == a.expr.type.shape { return w.strong }
    // NumPy's order of axes is the user's.
    let order = (axes ?? []).map { $0 < 0 ? $0 + a.rank : $0 }
    guard !order.isEmpty, w.codes == order.map({ a.codes[$0] }) else {
      throw error(
        .shapeMismatch,
        "the weights \(w.expr.type) have neither the shape of \(a.expr.type) nor that of the axes")
    }
    let sorted = permute(w.strong, order.indices.sorted { order[$0] < order[$1] })
    return reshape(sorted, (0..<a.rank).map { normalized.contains($0) ? a.codes[$0] : 1 })
  }
}
