import WeftIR

/// How far blocks reach over into their neighbours along an axis.
///
/// ```swift
/// let same: OverlapDepth = 2
/// same.before  // 2
/// OverlapDepth(before: 1, after: 0).after  // 0
/// ```
public struct OverlapDepth: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// Positions before the block.
  public var before: Int
  /// Positions after the block.
  public var after: Int

  /// As many positions before as said, and after.
  public init(before: Int, after: Int) {
    self.before = before
    self.after = after
  }
  /// As many before as after.
  public init(integerLiteral depth: Int) { self.init(before: depth, after: depth) }
}

/// What lies beyond the borders of an array, for blocks that reach over them.
public enum OverlapBoundary: Sendable {
  /// Nothing: blocks end at the border.
  case none
  /// The array once more.
  case periodic
  /// The array mirrored, its border element twice; NumPy's `symmetric`.
  case reflect
  /// The border element.
  case nearest
  /// A number.
  case constant(NDArray)
}

extension NDArray {
  /// The array made of what a function gives for each block with some of its neighbours' elements, of
  /// which as much is cut off again.
  ///
  /// Blocks reach `depth` positions along every axis, over several neighbours where those are small
  /// (Dask cuts the array anew then), and over the border to what `boundary` says; with `trim` false
  /// results keep what was reached. Results are converted to `dtype`, where one is given.
  ///
  /// - Shape: that of the results of the blocks together: the array's, where the function keeps extents
  ///   and they are trimmed.
  /// - DType: the results', promoted; or `dtype`.
  /// - Throws: from `compute()`: what the function's expressions throw; `value` for depths that are
  ///   negative or greater than the array; `shape-mismatch` for results that do not fit.
  /// - NumPy: none; `dask.array.map_overlap`.
  ///
  /// ```swift
  /// let x = arange(8).rechunked(3)
  /// x.mapOverlap(depth: 1, boundary: .periodic) { roll($0, 1) + roll($0, -1) }
  /// // [ 8  2  4  6  8 10 12  6]
  /// x.mapOverlap(depth: 9) { $0 }
  /// // error: mapOverlap: depth 9 is greater than axis 0 of int64[8] [value]
  /// ```
  public func mapOverlap(
    depth: OverlapDepth, boundary: OverlapBoundary = .none, trim: Bool = true, dtype: DType? = nil,
    file: StaticString = #fileID, line: UInt = #line, _ body: (NDArray) -> NDArray
  ) -> NDArray {
    mapOverlap(
      depths: Array(repeating: depth, count: rank),
      boundaries: Array(repeating: boundary, count: rank), trim: trim, dtype: dtype, file: file,
      line: line, body)
  }

  /// As with one depth for all axes; axes that are not named have none. See `mapOverlap`.
  ///
  /// ```swift
  /// let x = arange(8).reshaped([2, 4]).rechunked([1, 2])
  /// x.mapOverlap(axes: [1: OverlapDepth(before: 1, after: 0)], boundary: .constant(100)) {
  ///   cumsum($0, axis: 1)
  /// }
  /// // [[100 101   3   6]
  /// //  [104 109  11  18]]
  /// ```
  public func mapOverlap(
    axes: [Int: OverlapDepth], boundary: OverlapBoundary = .none, trim: Bool = true,
    dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line,
    _ body: (NDArray) -> NDArray
  ) -> NDArray {
    var depths = Array(repeating: OverlapDepth(before: 0, after: 0), count: rank)
    for (axis, depth) in axes {
      let place = axis < 0 ? axis + rank : axis
      guard depths.indices.contains(place) else {
        let call = Call("mapOverlap", file, line)
        return call.build([self]) { () throws(WeftError) in
          throw call.error(.axis, "axis \(axis) is out of range for \(expr.type)")
        }
      }
      depths[place] = depth
    }
    return mapOverlap(
      depths: depths, boundaries: Array(repeating: boundary, count: rank), trim: trim,
      dtype: dtype, file: file, line: line, body)
  }

  /// As with one depth for all axes; here each has a depth and a boundary. See `mapOverlap`.
  ///
  /// ```swift
  /// let x = arange(6).reshaped([3, 2]).rechunked([2, 2])
  /// x.mapOverlap(depths: [1, 0], boundaries: [.nearest, .none]) { 2 * $0 - roll($0, 1, axis: 0) }
  /// // [[0 1]
  /// //  [4 5]
  /// //  [6 7]]
  /// ```
  public func mapOverlap(
    depths: [OverlapDepth], boundaries: [OverlapBoundary], trim: Bool = true, dtype: DType? = nil,
    file: StaticString = #fileID, line: UInt = #line, _ body: (NDArray) -> NDArray
  ) -> NDArray {
    let call = Call("mapOverlap", file, line)
    return call.build([self]) { () throws(WeftError) in
      let overlap = try Overlap(strong, depths, boundaries, call)
      let mapping = try BlockMapping([strong], call)
      return try mapping.result(dtype, nil) { place in
        let ranges = place.enumerated().map { mapping.grid.range($0, $1) }
        let result = body(overlap.extended(ranges))
        return trim ? overlap.trimmed(result, ranges) : result
      }
    }
  }
}

/// An array whose blocks reach over into their neighbours and over its borders.
private struct Overlap {
  let array: NDArray
  let depths: [OverlapDepth]
  let boundaries: [OverlapBoundary]
  let extents: [Int]
  let call: Call

  init(
    _ array: NDArray, _ depths: [OverlapDepth], _ boundaries: [OverlapBoundary], _ call: Call
  ) throws(WeftError) {
    let extents = try call.extents(of: array)
    guard depths.count == extents.count, boundaries.count == extents.count else {
      throw call.error(
        .argument,
        "\(depths.count) depths and \(boundaries.count) boundaries for \(array.expr.type)")
    }
    for (axis, depth) in depths.enumerated() {
      let most = max(depth.before, depth.after)
      guard depth.before >= 0, depth.after >= 0 else {
        throw call.error(
          .value, "depth \(min(depth.before, depth.after)) along axis \(axis) is negative")
      }
      guard most <= extents[axis] else {
        throw call.error(.value, "depth \(most) is greater than axis \(axis) of \(array.expr.type)")
      }
    }
    self.array = array
    self.depths = depths
    self.boundaries = boundaries
    self.extents = extents
    self.call = call
  }

  /// How far a block reaches along an axis; without a boundary not over the border.
  private func reach(_ axis: Int, _ range: Range<Int>) -> OverlapDepth {
    guard case .none = boundaries[axis] else { return depths[axis] }
    return OverlapDepth(
      before: min(depths[axis].before, range.lowerBound),
      after: min(depths[axis].after, extents[axis] - range.upperBound))
  }

  /// A block with what it reaches over.
  func extended(_ ranges: [Range<Int>]) -> NDArray {
    var result = array
    for (axis, range) in ranges.enumerated() {
      let reach = reach(axis, range)
      let (first, end) = (range.lowerBound - reach.before, range.upperBound + reach.after)
      let (low, high) = (max(0, -first), max(0, end - extents[axis]))
      let inner = call.slice(
        result, axis: axis, from: first + low, count: end - first - low - high)
      result = beyond(result, axis, low, high, around: inner)
    }
    return result
  }

  /// A part of an array with what lies before its first and after its last position.
  private func beyond(
    _ whole: NDArray, _ axis: Int, _ low: Int, _ high: Int, around inner: NDArray
  ) -> NDArray {
    if low == 0 && high == 0 { return inner }
    let n = extents[axis]
    func part(_ start: Int, _ count: Int) -> NDArray {
      call.slice(whole, axis: axis, from: start, count: count)
    }
    func repeated(_ position: Int, _ count: Int) -> NDArray {
      let one = part(position, 1)
      guard let extents = one.expr.type.shape.known else { return one }
      var target = extents
      target[axis] = count
      return call.broadcast(one, to: Shape(target))
    }
    let before: NDArray
    let after: NDArray
    switch boundaries[axis] {
    case .none: return inner
    case .constant(let value):
      var spans = Array(repeating: PadSpan(low: 0, high: 0), count: inner.rank)
      spans[axis] = PadSpan(low: low, high: high)
      return call.node(.pad(spans), inner, call.convert(value, to: inner.dtype))
    case .periodic: (before, after) = (part(n - low, low), part(0, high))
    case .reflect:
      (before, after) = (
        call.reverse(part(0, low), [axis]), call.reverse(part(n - high, high), [axis])
      )
    case .nearest: (before, after) = (repeated(0, low), repeated(n - 1, high))
    }
    return call.concatenate(
      (low > 0 ? [before] : []) + [inner] + (high > 0 ? [after] : []), axis: axis)
  }

  /// A result without what its block reached over.
  func trimmed(_ result: NDArray, _ ranges: [Range<Int>]) -> NDArray {
    if result.expr.isPoison { return result }
    guard result.rank == ranges.count, let found = result.expr.type.shape.known else {
      return result
    }
    var trimmed = result
    for (axis, range) in ranges.enumerated() {
      let reach = reach(axis, range)
      let count = found[axis] - reach.before - reach.after
      guard count >= 0 else {
        return call.failure(
          .shapeMismatch,
          "the function gives \(result.expr.type) for a block that reaches over \(reach.before) and "
            + "\(reach.after) positions along axis \(axis); they cannot be cut off",
          hint: "trim: false leaves results as they are")
      }
      trimmed = call.slice(trimmed, axis: axis, from: reach.before, count: count)
    }
    return trimmed
  }
}
