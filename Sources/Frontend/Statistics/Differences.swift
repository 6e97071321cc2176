import WeftIR

/// Differences of neighbours along an axis, n times.
///
/// - Shape: `n` less along the axis, not below 0.
/// - DType: the same; bool compares.
/// - Throws: from `compute()`: `axis`; `value` for a negative n.
/// - NumPy: `numpy.diff`.
///
/// ```swift
/// diff([1, 4, 9, 16])  // [3 5 7]
/// diff([1, 4, 9, 16], n: 2)  // [2 2]
/// diff([[1, 4], [9, 16]], axis: 0, prepend: 0)
/// // [[ 1  4]
/// //  [ 8 12]]
/// ```
public func diff(
  _ a: NDArray, n: Int = 1, axis: Int = -1, prepend: NDArray? = nil, append: NDArray? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("diff", file, line)
  return c.one([a] + [prepend, append].compactMap { $0 }) { () throws(WeftError) in
    if n < 0 { throw c.error(.value, "n is \(n), expected 0 or more") }
    if n == 0 { return a.strong }
    let axis = try Axes.normalized(axis, rank: a.rank, c.name, a, c.site)
    func piece(_ part: NDArray?) -> [NDArray] {
      guard let part else { return [] }
      if part.rank > 0 { return [part] }
      var codes = a.codes
      codes[axis] = 1
      return [c.broadcast(part.strong, Shape(codes: codes))]
    }
    let parts = piece(prepend) + [a.strong] + piece(append)
    var result = parts.count == 1 ? a.strong : c.join(parts, axis)
    for _ in 0..<n {
      result = try c.difference(result, axis)
      if result.expr.isPoison || result.extent(axis) == 0 { break }
    }
    return result
  }
}

/// Differences of neighbours in the flattened array, with what stands before and after.
///
/// - Shape: 1-d.
/// - DType: the same.
/// - Throws: from `compute()`: `dtype` when an end does not convert by the same-kind rule.
/// - NumPy: `numpy.ediff1d`.
///
/// ```swift
/// ediff1d([1, 4, 9], toEnd: 99)  // [ 3  5 99]
/// ```
public func ediff1d(
  _ a: NDArray, toEnd: NDArray? = nil, toBegin: NDArray? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let c = Composition("ediff1d", file, line)
  return c.one([a] + [toEnd, toBegin].compactMap { $0 }) { () throws(WeftError) in
    if a.dtype == .bool { throw c.error(.dtype, "is not defined for \(a.expr.type)") }
    let differences = try c.difference(c.flat(a), 0)
    func piece(_ part: NDArray?) throws(WeftError) -> [NDArray] {
      guard let part else { return [] }
      let isFitting = part.dtype.canConvert(to: a.dtype, casting: .sameKind)
      guard isFitting else {
        throw c.error(.dtype, "\(part.expr.type) does not convert to \(a.dtype)")
      }
      return [c.flat(c.convert(part, a.dtype))]
    }
    let parts = try piece(toBegin) + [differences] + piece(toEnd)
    return parts.count == 1 ? differences : c.join(parts, 0)
  }
}

/// The integral along an axis by the trapezoidal rule.
///
/// - Shape: without the axis. `x` is 1-d, or of the array's rank.
/// - DType: float64 for integers, else promoted.
/// - Throws: from `compute()`: `axis` for an axis out of range; `broadcast` when `x` does not fit.
/// - NumPy: `numpy.trapezoid`.
///
/// ```swift
/// trapezoid([0, 1, 4, 9], dx: 0.5)  // 4.75
/// let x = linspace(0, 1, count: 1001)
/// round(trapezoid(x * x, x), decimals: 4)  // 0.3333
/// ```
public func trapezoid(
  _ y: NDArray, _ x: NDArray? = nil, dx: NDArray = 1.0, axis: Int = -1,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("trapezoid", file, line)
  return c.one([y, dx] + [x].compactMap { $0 }) { () throws(WeftError) in
    let axis = try Axes.normalized(axis, rank: y.rank, c.name, y, c.site)
    let values = y.strong
    guard let n = y.extent(axis) else {
      throw c.error(.unknownExtent, "\(y.expr.type) has an extent that only the data tell")
    }
    var width = dx
    if let x {
      if x.rank == 1 {
        width = try c.difference(x.strong, 0)
        var codes = Array(repeating: 1, count: y.rank)
        codes[axis] = width.codes[0]
        width = c.reshape(width, codes)
      } else {
        width = try c.difference(
          x.strong, try Axes.normalized(axis, rank: x.rank, c.name, x, c.site))
      }
    }
    let count = Swift.max(n - 1, 0)
    let pair = c(
      .add, c.slice(values, axis, from: n - count, count), c.slice(values, axis, from: 0, count))
    let areas = c(.divide, c(.multiply, width, pair), NDArray(scalar: 2.0))
    return c.reduce(.add, areas.strong, [axis + areas.rank - y.rank])
  }
}

/// Takes jumps of more than `discontinuity` out of phases by adding multiples of the period.
///
/// - Shape: the same.
/// - DType: float64 for integers, unless the period is an integer; else the same.
/// - Units: those of the period; radians by default.
/// - Throws: from `compute()`: `axis` for an axis out of range.
/// - NumPy: `numpy.unwrap`.
///
/// ```swift
/// unwrap([0, 170, 350, 10], period: 360)  // [  0 170 350 370]
/// ```
public func unwrap(
  _ p: NDArray, discontinuity: NDArray? = nil, axis: Int = -1,
  period: NDArray = NDArray(scalar: 2 * Double.pi), file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let c = Composition("unwrap", file, line)
  return c.one([p, period] + [discontinuity].compactMap { $0 }) { () throws(WeftError) in
    let axis = try Axes.normalized(axis, rank: p.rank, c.name, p, c.site)
    guard let n = p.extent(axis) else {
      throw c.error(.unknownExtent, "\(p.expr.type) has an extent that only the data tell")
    }
    let steps = try c.difference(p.strong, axis)
    let (dtype, _) = NDArray.promotedDType(steps, period)
    if n == 0 { return c.convert(p, dtype) }
    let period = NDArray(try period.operand(.add, dtype, c.site))
    let isWhole = dtype.isInteger
    let two = c.constant(Scalar(2 as Int64, dtype))
    let high = c(isWhole ? .floorDivide : .divide, period, two)
    let low = c(.negative, high)
    var folded = c(.add, c(.remainder, c(.subtract, steps, low), period), low)
    let zero = c.constant(Scalar(0 as Int64, dtype))
    var isAmbiguous = c.and(
      c(.equal, folded, low), c(.greater, steps, zero))
    if isWhole {
      isAmbiguous = c.and(isAmbiguous, c(.equal, c(.remainder, period, two), zero))
    }
    folded = c.select(isAmbiguous, high, folded)
    let limit = discontinuity ?? c(.divide, period, two)
    let correction = c.select(
      c(.less, c(.abs, steps), limit), zero, c(.subtract, folded, steps))
    let whole = c.convert(p, dtype)
    let shifted = c(
      .add, c.slice(whole, axis, from: 1, n - 1), c.scan(.add, correction, axis))
    return c.join([c.slice(whole, axis, from: 0, 1), c.convert(shifted, dtype)], axis)
  }
}

extension Composition {
  /// Each element less the one before it along an axis; bool compares.
  func difference(_ a: NDArray, _ axis: Int) throws(WeftError) -> NDArray {
    guard let n = a.extent(axis) else {
      guard a.rank == 1 else {
        throw error(.unknownExtent, "\(a.expr.type) has an extent that only the data tell")
      }
      let (before, isFirst) = previous(a)
      let all = self(a.dtype == .bool ? .notEqual : .subtract, a, before)
      return compress(all, not(isFirst))
    }
    let count = Swift.max(n - 1, 0)
    return self(
      a.dtype == .bool ? .notEqual : .subtract, slice(a, axis, from: n - count, count),
      slice(a, axis, from: 0, count))
  }
}
