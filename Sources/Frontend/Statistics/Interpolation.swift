import WeftIR

/// Values between sample points by straight lines.
///
/// - Shape: that of `x`.
/// - DType: float64; complex128 for complex values.
/// - Throws: from `compute()`: `value` for sample points that are not 1-d, empty or of different
///   numbers, or a period of zero.
/// - NumPy: `numpy.interp`: sample points must ascend (unless there is a period); outside them the
///   first and last value hold, or `left` and `right`.
///
/// ```swift
/// interp([0.5, 1.5, 9], [0, 1, 2], [0, 10, 40])  // [ 5. 25. 40.]
/// interp([-90, 370], [0, 180], [0, 1], period: 360)  // [0.5        0.05555556]
/// ```
public func interp(
  _ x: NDArray, _ xp: NDArray, _ fp: NDArray, left: NDArray? = nil, right: NDArray? = nil,
  period: Double? = nil, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("interp", file, line)
  let operands = [x, xp, fp] + [left, right].compactMap { $0 }
  return c.one(operands) { () throws(WeftError) in
    guard xp.rank == 1, fp.rank == 1, let n = xp.extent(0), n > 0, fp.extent(0) == n else {
      throw c.error(
        .value, "sample points are \(xp.expr.type) and \(fp.expr.type), expected 1-d alike")
    }
    let dtype: DType = fp.dtype.isComplex ? .complex128 : .float64
    var (x, xp, fp) = (c.convert(x, .float64), c.convert(xp, .float64), c.convert(fp, dtype))
    var (left, right) = (left, right)
    if let period {
      if period == 0 { throw c.error(.value, "the period is 0") }
      (left, right) = (nil, nil)
      let length = c.number(Swift.abs(period), .float64)
      x = c(.remainder, x, length)
      let (places, order) = c.sort(c(.remainder, xp, length), 0)
      let values = c.gather(fp, order)
      xp = c.join(
        [
          c(.subtract, c.slice(places, 0, from: n - 1, 1), length), places,
          c(.add, c.slice(places, 0, from: 0, 1), length),
        ], 0)
      fp = c.join(
        [c.slice(values, 0, from: n - 1, 1), values, c.slice(values, 0, from: 0, 1)], 0)
    }
    func values(_ x: NDArray) -> NDArray {
      let line = Interpolant(c, x, xp)
      guard dtype.isComplex else { return line.values(fp, left, right) }
      func part(_ f: ScalarFunction) -> NDArray {
        line.values(c(f, fp), left.map { c(f, $0) }, right.map { c(f, $0) })
      }
      return c(.complex, part(.real), part(.imag))
    }
    return c.spreading(x) { values($0) } ?? values(x)
  }
}

/// Where points lie among sample points.
private struct Interpolant {
  let c: Composition
  let x: NDArray
  let xp: NDArray
  private let n: Int
  /// The interval of each point, and the next one.
  private let low: NDArray
  private let high: NDArray
  private let place: NDArray

  init(_ c: Composition, _ x: NDArray, _ xp: NDArray) {
    (self.c, self.x, self.xp) = (c, x, xp)
    n = xp.extent(0) ?? 1
    place = c(.subtract, c.search(xp, x, .right), c.integer(1))
    low = c(.maximum, c(.minimum, place, c.integer(n - 2)), c.integer(0))
    high = c(.minimum, c(.add, low, c.integer(1)), c.integer(n - 1))
  }

  /// The values of real samples.
  func values(_ fp: NDArray, _ left: NDArray?, _ right: NDArray?) -> NDArray {
    let (x0, x1) = (c.gather(xp, low), c.gather(xp, high))
    let (y0, y1) = (c.gather(fp, low), c.gather(fp, high))
    let slope = c(.divide, c(.subtract, y1, y0), c(.subtract, x1, x0))
    let fromLow = c(.add, c(.multiply, slope, c(.subtract, x, x0)), y0)
    // Infinite samples: from the other end, and between equal ones the same.
    let fromHigh = c(.add, c(.multiply, slope, c(.subtract, x, x1)), y1)
    let other = c.select(c.and(c.isNaN(fromHigh), c(.equal, y0, y1)), y0, fromHigh)
    var result = c.select(c.isNaN(fromLow), other, fromLow)
    result = c.select(c(.equal, x, x0), y0, result)
    let last = c.at(fp, 0, n - 1)
    let end = c.at(xp, 0, n - 1)
    result = c.select(c(.greaterEqual, place, c.integer(n - 1)), last, result)
    if let right { result = c.select(c(.greater, x, end), c.convert(right, .float64), result) }
    let first = left.map { c.convert($0, .float64) } ?? c.at(fp, 0, 0)
    result = c.select(c(.less, place, c.integer(0)), first, result)
    // NumPy compares with a single sample point, which NaN neither precedes nor follows.
    return n == 1 ? result : c.select(c.isNaN(x), x, result)
  }
}
