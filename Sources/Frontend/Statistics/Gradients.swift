import WeftIR

/// How far apart samples are along an axis.
public enum SampleSpacing: Sendable {
  /// One distance, a number or a 0-d array.
  case uniform(NDArray)
  /// The place of each sample: a 1-d array.
  case coordinates(NDArray)
}

/// The gradient along an axis: central differences inside, one-sided ones at the ends.
///
/// - Shape: the same.
/// - DType: float64 for bool and integers, else the same.
/// - Throws: from `compute()`: `axis`; `value` for fewer than `edgeOrder + 1` samples or an edge
///   order other than 1 and 2; `shape-mismatch` for coordinates that do not fit.
/// - Accuracy: second order inside, of order `edgeOrder` at the ends.
/// - NumPy: `numpy.gradient` with one axis.
///
/// ```swift
/// gradient([1, 4, 9, 16, 25], axis: 0)  // [3. 4. 6. 8. 9.]
/// gradient([1, 4, 9], spacing: .coordinates([0, 2, 3]), axis: 0)
/// // [1.5        3.83333333 5.        ]
/// ```
public func gradient(
  _ f: NDArray, spacing: SampleSpacing = .uniform(1.0), axis: Int, edgeOrder: Int = 1,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  gradient(f, [spacing], [axis], edgeOrder, Composition("gradient", file, line))[0]
}

/// The gradients along all axes, or some.
///
/// - Shape: that of the array, one for each axis.
/// - DType: float64 for bool and integers, else the same.
/// - Throws: from `compute()`: as with `axis:`; `argument` when there are neither one nor as many
///   spacings as axes.
/// - NumPy: `numpy.gradient`.
///
/// ```swift
/// gradient([[1, 2, 4], [2, 4, 8]])
/// // [[1. 2. 4.]
/// //  [1. 2. 4.]]
/// // [[1.  1.5 2. ]
/// //  [2.  3.  4. ]]
/// ```
public func gradient(
  _ f: NDArray, spacings: [SampleSpacing] = [.uniform(1.0)], axes: [Int]? = nil,
  edgeOrder: Int = 1, file: StaticString = #fileID, line: UInt = #line
) -> [NDArray] {
  gradient(f, spacings, axes, edgeOrder, Composition("gradient", file, line))
}

func gradient(
  _ f: NDArray, _ spacings: [SampleSpacing], _ axes: [Int]?, _ edgeOrder: Int, _ c: Composition
) -> [NDArray] {
  let operands = [f] + spacings.map(\.array)
  let count = axes?.count ?? f.rank
  return c.several(count, operands) { () throws(WeftError) in
    var order: [Int] = []
    for axis in axes ?? Array(0..<f.rank) {
      order.append(try Axes.normalized(axis, rank: f.rank, c.name, f, c.site))
    }
    _ = try Axes.normalized(axes, c.name, f, c.site)
    guard edgeOrder == 1 || edgeOrder == 2 else {
      throw c.error(.value, "the edge order is \(edgeOrder), expected 1 or 2")
    }
    var spacings = spacings
    if spacings.count == 1, case .uniform = spacings[0] {
      spacings = Array(repeating: spacings[0], count: count)
    }
    guard spacings.count == count else {
      throw c.error(.argument, "\(spacings.count) spacings for \(count) axes")
    }
    let x = f.dtype.isInteger ? c.convert(f, .float64) : f.strong
    var results: [NDArray] = []
    for (axis, spacing) in zip(order, spacings) {
      let one = try AxisGradient(c, x, axis, spacing).derivative(edgeOrder)
      results.append(c.convert(one, f.dtype.meanDType))
    }
    return results
  }
}

extension SampleSpacing {
  var array: NDArray {
    switch self {
    case .uniform(let array), .coordinates(let array): array
    }
  }
}

/// The gradient along one axis.
private struct AxisGradient {
  let c: Composition
  let f: NDArray
  let axis: Int
  let n: Int
  /// The distances: a number, or n - 1 along the axis.
  let spacing: NDArray
  let isUniform: Bool

  init(_ c: Composition, _ f: NDArray, _ axis: Int, _ spacing: SampleSpacing) throws(WeftError) {
    (self.c, self.f, self.axis) = (c, f, axis)
    guard let n = f.extent(axis) else {
      throw c.error(.unknownExtent, "\(f.expr.type) has an extent that only the data tell")
    }
    self.n = n
    switch spacing {
    case .uniform(let distance) where distance.rank == 0:
      (self.spacing, isUniform) = (distance, true)
    case .uniform(let places), .coordinates(let places):
      guard places.rank == 1, places.extent(0) == n else {
        throw c.error(
          .shapeMismatch, "coordinates \(places.expr.type) for an axis of extent \(n)")
      }
      let x = places.dtype.isInteger ? c.convert(places, .float64) : places.strong
      var codes = Array(repeating: 1, count: f.rank)
      codes[axis] = Swift.max(n - 1, 0)
      self.spacing = c.reshape(try c.difference(x, 0), codes)
      isUniform = false
    }
  }

  private func weak(_ x: Double) -> NDArray { NDArray(scalar: x) }
  private func part(_ start: Int, _ count: Int = 1) -> NDArray {
    c.slice(f, axis, from: start, count)
  }
  private func width(_ start: Int, _ count: Int = 1) -> NDArray {
    isUniform ? spacing : c.slice(spacing, axis, from: start, count)
  }

  func derivative(_ edgeOrder: Int) throws(WeftError) -> NDArray {
    guard n >= edgeOrder + 1 else {
      throw c.error(
        .value, "axis \(axis) of \(f.expr.type) has fewer than \(edgeOrder + 1) samples")
    }
    var parts = [edgeOrder == 1 ? slope(0) : curvedEdge(isFirst: true)]
    if n > 2 { parts.append(inside()) }
    parts.append(edgeOrder == 1 ? slope(n - 2) : curvedEdge(isFirst: false))
    return c.join(parts, axis)
  }

  /// The difference quotient of a sample and the next.
  private func slope(_ start: Int) -> NDArray {
    c(.divide, c(.subtract, part(start + 1), part(start)), width(start))
  }

  private func inside() -> NDArray {
    let count = n - 2
    if isUniform {
      let distance = c(.multiply, weak(2), spacing)
      return c(.divide, c(.subtract, part(2, count), part(0, count)), distance)
    }
    let (h, k) = (width(0, count), width(1, count))
    let sum = c(.add, h, k)
    return weighted(
      0, count,
      [
        c(.divide, c(.negative, k), c(.multiply, h, sum)),
        c(.divide, c(.subtract, k, h), c(.multiply, h, k)),
        c(.divide, h, c(.multiply, k, sum)),
      ])
  }

  /// The parabola through three samples, at one end.
  private func curvedEdge(isFirst: Bool) -> NDArray {
    if isUniform {
      let weights = isFirst ? [-1.5, 2, -0.5] : [0.5, -2, 1.5]
      return weighted(isFirst ? 0 : n - 3, 1, weights.map { c(.divide, weak($0), spacing) })
    }
    let start = isFirst ? 0 : n - 3
    let (h, k) = (width(start), width(start + 1))
    let sum = c(.add, h, k)
    let twice = { (a: NDArray, b: NDArray) in c(.add, c(.multiply, weak(2), a), b) }
    let weights =
      isFirst
      ? [
        c(.divide, c(.negative, twice(h, k)), c(.multiply, h, sum)),
        c(.divide, sum, c(.multiply, h, k)),
        c(.divide, c(.negative, h), c(.multiply, k, sum)),
      ]
      : [
        c(.divide, k, c(.multiply, h, sum)),
        c(.divide, c(.negative, sum), c(.multiply, h, k)),
        c(.divide, twice(k, h), c(.multiply, k, sum)),
      ]
    return weighted(start, 1, weights)
  }

  /// A weighted sum of three neighbours.
  private func weighted(_ start: Int, _ count: Int, _ weights: [NDArray]) -> NDArray {
    let terms = weights.enumerated().map { c(.multiply, $1, part(start + $0, count)) }
    return c(.add, c(.add, terms[0], terms[1]), terms[2])
  }
}
