import WeftIR

/// Finds quantiles along the first axis of an array.
struct QuantileSearch {
  let c: Composition
  /// `[n] + others`, sorted along the first axis.
  let sorted: NDArray
  /// The place of each sorted element.
  let positions: NDArray
  let q: NDArray
  /// The shape of q and 1 for each other axis.
  private let qColumn: [Int]

  init(_ c: Composition, _ lanes: NDArray, _ q: NDArray) {
    self.c = c
    self.q = q
    (sorted, positions) = c.sort(lanes, 0)
    qColumn = q.codes + Array(repeating: 1, count: Swift.max(lanes.rank - 1, 0))
  }

  /// As NumPy's `quantile`; NaN where the last element is.
  func found(_ method: QuantileMethod) throws(WeftError) -> NDArray {
    let n = c.extent(sorted, [0])
    let last = c(.subtract, c.convert(n, .int64), c.integer(1))
    let result = interpolate(method, q, n, last) { c.gather(sorted, $0) }
    if !sorted.dtype.isInexact { return result }
    let end = c.last(sorted)
    return c.select(c.isNaN(end), end, result)
  }

  /// As NumPy's `nanquantile`: each lane has as many elements as are not NaN.
  func ignoringNaN(_ method: QuantileMethod) throws(WeftError) -> NDArray {
    guard let total = sorted.extent(0), let others = sorted.expr.type.shape.removing([0]).known
    else {
      throw c.error(.unknownExtent, "\(sorted.expr.type) has extents that only the data tell")
    }
    let lanes = try Call(c.name, c.site).product(others)
    // One count and one first element a lane, against q in front.
    let count = c.countNumbers(sorted, [0], keepAxes: false, .int64)
    let n = c.convert(count, q.dtype.isInexact ? q.dtype : .float64)
    let column = c.reshape(q.strong, qColumn)
    let first = c.reshape(c.iota(Shape([lanes])), others)
    let end = c(.maximum, c(.subtract, count, c.integer(1)), c.integer(0))
    let flat = c.flat(sorted)
    let result = interpolate(method, NDArray(column.expr, weak: q.weakKind), n, end) { index in
      let bounded = c(.minimum, c(.maximum, index, c.integer(0)), c.integer(total - 1))
      return c.gather(flat, c(.add, c(.multiply, bounded, c.integer(lanes)), first))
    }
    let isNone = c(.equal, count, c.integer(0))
    return c.select(isNone, c.number(.nan, result.dtype), result)
  }

  /// The element at which the running share of the weights reaches q.
  func weighted(_ weights: NDArray) throws(WeftError) -> NDArray {
    let given = c.require(
      c(.logicalNot, c(.less, weights, c.constant(Scalar(0 as Int64, weights.dtype)))), weights,
      .value,
      "weights are negative")
    let arranged = try c.take(c.convert(given, .float64), along: 0, positions)
    let running = c.scan(.add, arranged, 0)
    var share = c(.divide, running, c.last(running))
    let hasWeight = c(.logicalNot, c.isNaN(c.last(share)))
    if q.weakKind == nil, q.dtype.isFloat { share = c.convert(share, q.dtype) }
    share = c.select(c(.equal, share, c.number(0, share.dtype)), c.number(-1, share.dtype), share)
    let column = c.convert(c.reshape(q.strong, qColumn), share.dtype)
    // How many shares are below q, by q's axes in front.
    let behind = q.rank + sorted.rank - 1
    let shares = c.move(c.reshape(share, share.codes), 0, to: sorted.rank - 1)
    let below = c(.less, shares, c.expand(column, behind))
    let count = c.reduce(.add, c.convert(below, .int64), [behind])
    let end = c(.subtract, c.extent64(sorted), c.integer(1))
    let index = c(.minimum, count, end)
    guard let others = sorted.expr.type.shape.removing([0]).known else {
      throw c.error(.unknownExtent, "\(sorted.expr.type) has extents that only the data tell")
    }
    let lanes = try Call(c.name, c.site).product(others)
    let first = c.reshape(c.iota(Shape([lanes])), others)
    let result = c.require(
      hasWeight,
      c.gather(c.flat(sorted), c(.add, c(.multiply, index, c.integer(lanes)), first)), .value,
      "weights are NaN, infinite or all zero")
    if !sorted.dtype.isInexact { return result }
    let last = c.last(sorted)
    return c.select(c.isNaN(last), last, result)
  }

  /// The place among n sorted elements by the method, and what stands there.
  private func interpolate(
    _ method: QuantileMethod, _ q: NDArray, _ n: NDArray, _ last: NDArray,
    _ take: (NDArray) -> NDArray
  ) -> NDArray {
    let one = NDArray(weak: Scalar(1 as Int64, .int64), .integer, site: c.site)
    if method == .linear, q.dtype.isInteger { return take(c(.multiply, last, q.strong)) }
    let between = c(.multiply, c(.subtract, n, one), q)
    switch method {
    case .lower: return take(c.convert(c(.floor, between), .int64))
    case .higher: return take(c.convert(c(.ceil, between), .int64))
    case .nearest: return take(c.convert(c(.round, between), .int64))
    case .invertedCDF:
      return take(step(c(.subtract, c(.multiply, n, q), one)) { gamma, _ in gamma })
    case .closestObservation:
      let index = c(.subtract, c(.multiply, n, q), weak(1.5))
      return take(
        step(index) { gamma, floor in
          c.and(gamma, c(.equal, c(.remainder, floor, weak(2)), weak(1)))
        })
    default:
      return lerp(method, virtualIndex(method, n, q, between), q, last, take)
    }
  }

  private func weak(_ x: Double) -> NDArray { NDArray(scalar: x) }

  /// The step function's index: the one before where the condition holds, else the one after.
  private func step(
    _ index: NDArray, _ condition: (NDArray, NDArray) -> NDArray
  ) -> NDArray {
    let floor = c(.floor, index)
    let isWhole = c(.equal, c(.subtract, index, floor), weak(0))
    let chosen = c.select(condition(isWhole, floor), floor, c(.add, floor, weak(1)))
    return c(.maximum, c.convert(chosen, .int64), c.integer(0))
  }

  /// The place among the sorted elements as a number that may fall between two.
  private func virtualIndex(
    _ method: QuantileMethod, _ n: NDArray, _ q: NDArray, _ between: NDArray
  ) -> NDArray {
    func hyndmanFan(_ alpha: Double, _ beta: Double) -> NDArray {
      let offset = c(.add, weak(alpha), c(.multiply, q, weak(1 - alpha - beta)))
      return c(.subtract, c(.add, c(.multiply, n, q), offset), weak(1))
    }
    switch method {
    case .averagedInvertedCDF: return c(.subtract, c(.multiply, n, q), weak(1))
    case .interpolatedInvertedCDF: return hyndmanFan(0, 1)
    case .hazen: return hyndmanFan(0.5, 0.5)
    case .weibull: return hyndmanFan(0, 0)
    case .medianUnbiased: return hyndmanFan(1 / 3, 1 / 3)
    case .normalUnbiased: return hyndmanFan(3 / 8, 3 / 8)
    case .midpoint:
      let sum = c(.add, c(.floor, between), c(.ceil, between))
      return c(.multiply, weak(0.5), sum)
    case .linear, .lower, .higher, .nearest, .invertedCDF, .closestObservation: return between
    }
  }

  private func lerp(
    _ method: QuantileMethod, _ index: NDArray, _ q: NDArray, _ last: NDArray,
    _ take: (NDArray) -> NDArray
  ) -> NDArray {
    let floor = c(.floor, index)
    let isAbove = c(.greaterEqual, index, c.convert(last, index.dtype))
    let isBelow = c(.less, index, weak(0))
    func bounded(_ place: NDArray) -> NDArray {
      let inside = c.select(isBelow, c.integer(0), c.convert(place, .int64))
      return c.select(isAbove, last, inside)
    }
    // NumPy's fraction counts from -1 above the bounds and from 0 below; there both ends are one.
    var gamma = c(.subtract, index, floor)
    if method == .averagedInvertedCDF {
      gamma = c.select(c(.equal, gamma, weak(0)), weak(0.5), weak(1))
    } else if method == .midpoint {
      gamma = c.select(c(.equal, gamma, weak(0)), weak(0), weak(0.5))
    }
    if q.weakKind != nil {
      gamma = c.convert(gamma, sorted.dtype.isFloat ? sorted.dtype : .float64)
    } else {
      gamma = c.convert(gamma, index.dtype)
    }
    let (a, b) = (take(bounded(floor)), take(bounded(c(.add, floor, weak(1)))))
    let missing = a.rank - gamma.rank
    let t =
      missing > 0
      ? c.reshape(gamma, gamma.codes + Array(repeating: 1, count: missing)) : gamma
    let distance = c(.subtract, b, a)
    let fromLeft = c(.add, a, c(.multiply, distance, t))
    let fromRight = c(.subtract, b, c(.multiply, distance, c(.subtract, weak(1), t)))
    return c.select(c(.greaterEqual, t, weak(0.5)), fromRight, fromLeft)
  }
}
