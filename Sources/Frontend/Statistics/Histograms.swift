import WeftIR

/// The intervals that a histogram counts in.
public enum HistogramBins: Sendable {
  /// Equal intervals, of which there are so many.
  case count(Int)
  /// Intervals between ascending edges: a 1-d array.
  case edges(NDArray)
}

extension HistogramBins: ExpressibleByIntegerLiteral {
  /// Equal intervals.
  public init(integerLiteral count: Int) { self = .count(count) }
}

/// How many elements lie in each interval, and the edges of the intervals.
///
/// The last interval includes its right edge, the others do not. Elements outside do not count.
///
/// - Shape: `[n]`; `[n + 1]`.
/// - DType: int64, or that of the weights, or float64 for a density; edges float or as given.
/// - Throws: from `compute()`: `value` for no intervals, a range that is not finite or descends,
///   or is too narrow for the intervals, edges that descend; `shape-mismatch` for weights of another shape.
/// - NumPy: `numpy.histogram`.
///
/// ```swift
/// let (counts, edges) = histogram([1, 2, 2, 3, 9], bins: 4)
/// counts  // [3 1 0 1]
/// edges  // [1. 3. 5. 7. 9.]
/// histogram([1, 2, 2, 3, 9], bins: .edges([0, 2, 4])).counts  // [1 3]
/// ```
public func histogram(
  _ a: NDArray, bins: HistogramBins = 10, range: ClosedRange<Double>? = nil,
  weights: NDArray? = nil, density: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> (counts: NDArray, edges: NDArray) {
  histogram(
    a, bins, range.map { ($0.lowerBound, $0.upperBound) }, weights, density,
    Composition("histogram", file, line))
}

/// The edges of a histogram's intervals.
///
/// - Shape: `[n + 1]`.
/// - DType: float64, or that of the edges given.
/// - Throws: from `compute()`: as `histogram`.
/// - NumPy: `numpy.histogram_bin_edges`.
///
/// ```swift
/// histogramEdges([0, 1, 10], bins: 5)  // [ 0.  2.  4.  6.  8. 10.]
/// ```
public func histogramEdges(
  _ a: NDArray, bins: HistogramBins = 10, range: ClosedRange<Double>? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("histogram_bin_edges", file, line)
  let bounds = range.map { ($0.lowerBound, $0.upperBound) }
  return c.one([a] + bins.arrays) { () throws(WeftError) in try c.edges(a, bins, bounds) }
}

/// How many points lie in each cell of a grid, and the edges along each axis.
///
/// - Shape: `[n0, n1, ...]`; `[n + 1]` each. Samples are `[points, axes]`.
/// - DType: float64.
/// - Throws: from `compute()`: as `histogram`; `argument` when bins are not one or one an axis.
/// - NumPy: `numpy.histogramdd`, and `numpy.histogram2d` for two columns.
///
/// ```swift
/// let x: NDArray = [0, 1, 1]
/// let y: NDArray = [0, 2, 2]
/// histogramGrid([x, y], bins: [2]).counts
/// // [[1. 0.]
/// //  [0. 2.]]
/// ```
public func histogramGrid(
  _ columns: [NDArray], bins: [HistogramBins] = [10], ranges: [ClosedRange<Double>?]? = nil,
  weights: NDArray? = nil, density: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> (counts: NDArray, edges: [NDArray]) {
  let c = Composition("histogramdd", file, line)
  let bounds = ranges.map { $0.map { range in range.map { ($0.lowerBound, $0.upperBound) } } }
  return histogramGrid(columns, bins, bounds, weights, density, c)
}

// MARK: - Compositions

extension Composition {
  /// The columns of samples, `[points, axes]`.
  func columns(_ sample: NDArray) throws(WeftError) -> [NDArray] {
    let x = sample.rank == 1 ? expand(sample.strong, 1) : sample.strong
    guard x.rank == 2, let count = x.extent(1), count <= 64 else {
      throw error(.value, "samples are \(sample.expr.type), expected points by axes, at most 64")
    }
    return (0..<count).map { at(x, 1, $0) }
  }
}

extension HistogramBins {
  var arrays: [NDArray] { if case .edges(let edges) = self { [edges] } else { [] } }
}

func histogram(
  _ a: NDArray, _ bins: HistogramBins, _ range: (Double, Double)?, _ weights: NDArray?,
  _ density: Bool, _ c: Composition
) -> (counts: NDArray, edges: NDArray) {
  let operands = [a] + bins.arrays + [weights].compactMap { $0 }
  let parts = c.several(2, operands) { () throws(WeftError) in
    if let weights, weights.expr.type.shape != a.expr.type.shape {
      throw c.error(
        .shapeMismatch, "weights \(weights.expr.type) for elements \(a.expr.type)")
    }
    let edges = try c.edges(a, bins, range)
    guard let count = edges.extent(0).map({ $0 - 1 }) else {
      throw c.error(.unknownExtent, "edges \(edges.expr.type) of unknown number")
    }
    var values = c.flat(a.dtype == .bool ? c.convert(a, .uint8) : a)
    let counted: NDArray
    if let weights {
      counted = c.flat(weights)
    } else if let stored = c.stored(values) {
      (values, counted) = (stored.elements, stored.counts)
    } else {
      counted = c.fill(Scalar(1 as Int64, .int64), like: values)
    }
    let counts = c.tally(c.bin(values, edges, count), counted, count)
    if !density { return [counts, edges] }
    let widths = c.convert(try c.difference(edges, 0), .float64)
    return [c(.divide, c(.divide, counts, widths), c.reduce(.add, counts, [0])), edges]
  }
  return (parts[0], parts[1])
}

func histogramGrid(
  _ columns: [NDArray], _ bins: [HistogramBins], _ ranges: [(Double, Double)?]?,
  _ weights: NDArray?, _ density: Bool, _ c: Composition
) -> (counts: NDArray, edges: [NDArray]) {
  let operands = columns + bins.flatMap(\.arrays) + [weights].compactMap { $0 }
  let parts = c.several(columns.count + 1, operands) { () throws(WeftError) in
    guard let first = columns.first, let dtype = DType.promoted(columns.map(\.dtype)),
      bins.count == 1 || bins.count == columns.count,
      ranges == nil || ranges?.count == columns.count
    else {
      throw c.error(
        .argument, "\(bins.count) bins and \(ranges?.count ?? 0) ranges for \(columns.count) axes")
    }
    var edges: [NDArray] = []
    var extents: [Int] = []
    var place = c.fill(Scalar(0 as Int64, .int64), like: c.flat(first))
    var isInside = c.fill(Scalar(true), like: place)
    for (axis, column) in columns.enumerated() {
      let column = c.convert(column, dtype)
      let one = try c.edges(
        column, bins[bins.count == 1 ? 0 : axis], ranges?[axis], isGrid: true)
      guard let count = one.extent(0).map({ $0 - 1 }) else {
        throw c.error(.unknownExtent, "edges \(one.expr.type) of unknown number")
      }
      let own = c.bin(c.flat(column), one, count)
      isInside = c.and(isInside, c(.less, own, c.integer(count)))
      place = c(.add, c(.multiply, place, c.integer(count)), own)
      edges.append(one)
      extents.append(count)
    }
    let cells = try Call(c.name, c.site).product(extents)
    let one = c.fill(Scalar(1.0, .float64), like: place)
    let flat = c.tally(
      c.select(isInside, place, c.integer(cells)),
      weights.map { c.convert(c.flat($0), .float64) } ?? one, cells)
    var counts = c.reshape(flat, extents)
    if density {
      let total = c.reduce(.add, flat, [0])
      for (axis, one) in edges.enumerated() {
        var codes = Array(repeating: 1, count: columns.count)
        codes[axis] = extents[axis]
        counts = c(.divide, counts, c.reshape(try c.difference(one, 0), codes))
      }
      counts = c(.divide, counts, total)
    }
    return [counts] + edges
  }
  return (parts[0], Array(parts.dropFirst()))
}

extension Composition {
  /// The edges of intervals: as given, or equal ones from the least to the greatest element.
  ///
  /// Those of a grid need not ascend strictly.
  func edges(
    _ a: NDArray, _ bins: HistogramBins, _ range: (Double, Double)?, isGrid: Bool = false
  ) throws(WeftError) -> NDArray {
    switch bins {
    case .edges(let edges):
      guard edges.rank == 1, edges.extent(0) != 0 else {
        throw error(.value, "edges are \(edges.expr.type), expected a 1-d array with elements")
      }
      try requireAscending(edges)
      return edges.strong
    case .count(let count):
      if count < 1 { throw error(.value, "\(count) bins, expected at least 1") }
      if count > Int.max / 16 { throw error(.tooLarge, "\(count) bins are too many") }
      let own = a.dtype == .bool ? DType.uint8 : a.dtype
      let dtype = own.isInexact ? own : .float64
      var (low, high): (NDArray, NDArray)
      if let range {
        guard range.0 <= range.1, range.0.isFinite, range.1.isFinite else {
          throw error(.value, "the range \(range.0) to \(range.1) is not finite or descends")
        }
        let isPoint = range.0 == range.1
        low = number(range.0 - (isPoint ? 0.5 : 0), dtype)
        high = number(range.1 + (isPoint ? 0.5 : 0), dtype)
      } else if a.count == 0 {
        (low, high) = (number(0, dtype), number(1, dtype))
      } else if a.count == nil {
        throw error(.unknownExtent, "\(a.expr.type) has extents that only the data tell")
      } else {
        let x = convert(a, own)
        let least = reduce(.minimum, x, Array(0..<a.rank))
        let greatest = reduce(.maximum, x, Array(0..<a.rank))
        let half = select(self(.equal, least, greatest), number(0.5, dtype), number(0, dtype))
        low = self(.subtract, convert(least, dtype), half)
        high = self(.add, convert(greatest, dtype), half)
      }
      let edges = linspace(low, high, count: count + 1, dtype: dtype)
      if isGrid {
        let isFinite = self(.isfinite, self(.subtract, high, low))
        return require(isFinite, edges, .value, "the range of the elements is not finite")
      }
      let ascends = self(
        .less, slice(edges, 0, from: 0, count), slice(edges, 0, from: 1, count))
      return require(
        ascends, edges, .value, "the range of the elements is not \(count) intervals that ascend")
    }
  }

  private func requireAscending(_ edges: NDArray) throws(WeftError) {
    var last = -Double.infinity
    let isDescending = edges.firstKnown { value in
      defer { last = value }
      return value < last
    }
    if isDescending != nil { throw error(.value, "edges must ascend") }
  }

  /// The interval of each element; `count` for those outside.
  func bin(_ values: NDArray, _ edges: NDArray, _ count: Int) -> NDArray {
    let dtype = values.dtype.promoted(with: edges.dtype)
    let (x, sorted) = (convert(values, dtype), convert(edges, dtype))
    let before = search(sorted, x, .right)
    // The greatest edge belongs to the last interval.
    let isEnd = self(.equal, x, at(sorted, 0, count))
    let place = select(isEnd, integer(count - 1), self(.subtract, before, integer(1)))
    let isOutside = or(self(.less, place, integer(0)), isNaN(x))
    return select(isOutside, integer(count), place)
  }

  /// Sums of weights by place from 0 to count - 1; others do not count.
  func tally(_ places: NDArray, _ weights: NDArray, _ count: Int) -> NDArray {
    let none = fill(Scalar(0 as Int64, weights.dtype), Shape([count + 1]))
    let bounded = self(.minimum, places, integer(count))
    return slice(node(.scatter(axis: 0, .add), [none, bounded, weights]), 0, from: 0, count)
  }
}
