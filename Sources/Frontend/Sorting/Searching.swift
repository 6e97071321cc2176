import WeftIR

/// On which side of equal elements a place is found.
public enum SearchSide: String, Sendable, CaseIterable {
  /// Before equal elements.
  case left
  /// After equal elements.
  case right
}

/// Where values would be inserted into a sorted array to keep it sorted.
///
/// - Shape: that of `values`.
/// - DType: int64.
/// - Throws: from `compute()`: `shape-mismatch` when `a` or `sorter` is not 1-d.
/// - NumPy: `numpy.searchsorted`; NaN counts as greater than all numbers.
/// - Source: binary search, unrolled: one round for each bit of the extent.
///
/// ```swift
/// searchsorted([1, 3, 5], [0, 3, 4, 9])  // [0 1 2 3]
/// searchsorted([1, 3, 5], 3, side: .right)  // 2
/// ```
public func searchsorted(
  _ a: NDArray, _ values: NDArray, side: SearchSide = .left, sorter: NDArray? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  searchsorted(a, values, side, sorter, Composition("searchsorted", file, line))
}

func searchsorted(
  _ a: NDArray, _ values: NDArray, _ side: SearchSide, _ sorter: NDArray?, _ c: Composition
) -> NDArray {
  c.one([a, values] + [sorter].compactMap { $0 }) { () throws(WeftError) in
    guard a.rank == 1 else {
      throw c.error(.shapeMismatch, "searches a 1-d array, not \(a.expr.type)")
    }
    var sorted = a.strong
    if let sorter {
      guard sorter.rank == 1, sorter.dtype.isInteger,
        sorter.extent(0) == nil || a.extent(0) == nil || sorter.extent(0) == a.extent(0)
      else {
        throw c.error(
          .shapeMismatch, "the sorter \(sorter.expr.type) does not order \(a.expr.type)")
      }
      sorted = c.gather(sorted, c.convert(sorter, .int64))
    }
    let (dtype, _) = NDArray.promotedDType(a, values)
    return c.search(c.convert(sorted, dtype), c.convert(values, dtype), side)
  }
}

extension Composition {
  /// The most known numbers that the elements of a sparse array are compared with one after the other.
  static var mostCompared: Int { 32 }

  /// How many elements of a sorted array come before each value (or with `right`: not after).
  func search(_ sorted: NDArray, _ values: NDArray, _ side: SearchSide) -> NDArray {
    let isKnown = ConstantReader.scalars(sorted, atMost: Self.mostCompared)?.isEmpty == false
    if !isKnown, let found = spreading(values, { search(sorted, $0, side) }) { return found }
    guard let n = sorted.extent(0) else { return rank(sorted, values, side) }
    if let known = ConstantReader.scalars(sorted, atMost: Self.mostCompared), !known.isEmpty,
      sparseFill(of: values) != nil
    {
      // As many as come before the fill are known as well.
      let isBefore = known.map { element in
        let element = constant(element.converted(to: sorted.dtype))
        return convert(
          side == .left ? precedes(element, values) : not(precedes(values, element)), .int64)
      }
      return isBefore.dropFirst().reduce(isBefore[0]) { self(.add, $0, $1) }
    }
    var found = fill(Scalar(0 as Int64, .int64), like: values)
    if n == 0 { return found }
    // Adds the greatest powers of two for which the element before still precedes the value.
    for bit in stride(from: Int.bitWidth - 1 - n.leadingZeroBitCount, through: 0, by: -1) {
      let candidate = self(.add, found, integer(1 << bit))
      let index = self(.minimum, self(.subtract, candidate, integer(1)), integer(n - 1))
      let element = gather(sorted, index)
      let isBefore =
        side == .left ? precedes(element, values) : not(precedes(values, element))
      let isFound = and(isBefore, self(.lessEqual, candidate, integer(n)))
      found = select(isFound, candidate, found)
    }
    return found
  }

  /// As `search`, by one stable sort of both: needs no known extent.
  private func rank(_ sorted: NDArray, _ values: NDArray, _ side: SearchSide) -> NDArray {
    let wanted = flat(values)
    let joined = side == .left ? join([wanted, sorted], 0) : join([sorted, wanted], 0)
    let positions = sort(joined, 0).positions
    let count = convert(extent(side == .left ? wanted : sorted, [0]), .int64)
    let isFirst = self(.less, positions, count)
    let isElement = side == .left ? not(isFirst) : isFirst
    let before = scan(.add, convert(isElement, .int64), 0)
    let ranks = node(
      .scatter(axis: 0, .second), [self(.subtract, positions, positions), positions, before])
    let own = iota(wanted.expr.type.shape)
    let places = side == .left ? own : self(.add, own, count)
    return reshape(gather(ranks, places), values.codes)
  }
}
