import WeftIR

/// The distinct elements.
///
/// - Shape: `[?]`: how many there are only the data tell.
/// - DType: that of the array.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.unique_values`, in its order: floats and bool ascend; integers and complex
///   numbers come in the order of a hash table, by which NumPy 2.3 and later find them. `unique`
///   ascends. Each NaN counts as distinct.
///
/// ```swift
/// uniqueValues([3, 1, 3, 2])  // [2 1 3]
/// ```
public func uniqueValues(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  distinct(a, equalNaN: false, Composition("unique_values", file, line))
}

/// The distinct elements in ascending order and how often each occurs.
///
/// - Shape: `[?]` both.
/// - DType: that of the array; int64.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.unique_counts`; each NaN counts as distinct.
///
/// ```swift
/// let (values, counts) = uniqueCounts([3, 1, 3, 2])
/// values  // [1 2 3]
/// counts  // [1 1 2]
/// ```
public func uniqueCounts(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> (values: NDArray, counts: NDArray) {
  let all = unique(a, equalNaN: false, Composition("unique_counts", file, line))
  return (all.values, all.counts)
}

/// The distinct elements in ascending order and, for each element, which of them it is.
///
/// - Shape: `[?]`; that of the array.
/// - DType: that of the array; int64.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.unique_inverse`; each NaN counts as distinct.
///
/// ```swift
/// let (values, inverse) = uniqueInverse([3, 1, 3, 2])
/// inverse  // [2 0 2 1]
/// values[inverse]  // [3 1 3 2]
/// ```
public func uniqueInverse(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> (values: NDArray, inverse: NDArray) {
  let all = unique(a, equalNaN: false, Composition("unique_inverse", file, line))
  return (all.values, all.inverse)
}

/// Distinct elements with all that can be told of them.
public struct UniqueElements: Sendable {
  /// The distinct elements, ascending.
  public let values: NDArray
  /// Where each occurs first.
  public let indices: NDArray
  /// For each element of the array, which of the values it is.
  public let inverse: NDArray
  /// How often each occurs.
  public let counts: NDArray
}

/// The distinct elements, where each occurs first, which one each element is, and counts.
///
/// - Shape: `[?]`, but `inverse` has that of the array.
/// - DType: int64 but for the values.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.unique_all`; each NaN counts as distinct.
///
/// ```swift
/// let all = uniqueAll([3, 1, 3, 2])
/// all.values  // [1 2 3]
/// all.indices  // [1 3 0]
/// all.counts  // [1 1 2]
/// ```
public func uniqueAll(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> UniqueElements {
  unique(a, equalNaN: false, Composition("unique_all", file, line))
}

/// The distinct elements in ascending order, or the distinct parts along an axis.
///
/// - Shape: `[?]`; with an axis that of the array with `?` in its place.
/// - DType: that of the array.
/// - Throws: from `compute()`: `axis` for an axis out of range; `unknown-extent` for parts of an
///   array whose extents only the data tell, `too-large` for parts of one with more elements than are counted.
/// - NumPy: `numpy.unique`; NaN are equal unless `equalNaN` is false or there is an axis. With
///   `sorted` false and no axis in the order of `uniqueValues`.
///
/// ```swift
/// unique([3, 1, 3, 2])  // [1 2 3]
/// unique([[1, 2], [3, 4], [1, 2]], axis: 0)
/// // [[1 2]
/// //  [3 4]]
/// ```
public func unique(
  _ a: NDArray, axis: Int? = nil, equalNaN: Bool = true, sorted: Bool = true,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  if !sorted, axis == nil || axis == 0 && a.rank == 1 {
    return distinct(a, equalNaN: equalNaN, Composition("unique", file, line))
  }
  if axis == nil { return ascending(a, equalNaN: equalNaN, Composition("unique", file, line)) }
  return uniqueElements(a, axis: axis, equalNaN: equalNaN, file: file, line: line).values
}

/// As `unique`, with first positions, inverse and counts, each computed only if it is used.
///
/// - Shape: as `unique`; the others `[?]`, but `inverse` has the array's shape, 1-d with an axis.
/// - DType: int64 but for the values.
/// - Throws: from `compute()`: as `unique`.
/// - NumPy: `numpy.unique` with `return_index`, `return_inverse` and `return_counts`.
///
/// ```swift
/// uniqueElements([3, 1, 3, 2]).counts  // [1 1 2]
/// ```
public func uniqueElements(
  _ a: NDArray, axis: Int? = nil, equalNaN: Bool = true, file: StaticString = #fileID,
  line: UInt = #line
) -> UniqueElements {
  let c = Composition("unique", file, line)
  guard let axis else { return unique(a, equalNaN: equalNaN, c) }
  return uniqueParts(a, axis, equalNaN: equalNaN, c)
}

// MARK: - Compositions

extension UniqueElements {
  init(_ parts: [NDArray]) {
    self.init(values: parts[0], indices: parts[1], inverse: parts[2], counts: parts[3])
  }
}

/// The distinct elements in NumPy's order without sorting: that of its hash table for what it
/// hashes, ascending for the others.
func distinct(_ a: NDArray, equalNaN: Bool, _ c: Composition) -> NDArray {
  c.one([a]) { () throws(WeftError) in
    guard a.dtype.isInteger || a.dtype.isComplex else {
      return unique(a, equalNaN: equalNaN, c).values
    }
    let found = try c.results(.distinct(equalNaN: equalNaN), [c.flat(a)])
    return c.compress(found[0], found[1])
  }
}

/// The distinct elements in ascending order. Of complex NaN the first stays, as in NumPy, which
/// finds them by a hash table and then sorts.
func ascending(_ a: NDArray, equalNaN: Bool, _ c: Composition) -> NDArray {
  let a = a.dtype.isComplex && equalNaN ? c.members(a) : a
  guard a.dtype.isComplex, equalNaN else { return unique(a, equalNaN: equalNaN, c).values }
  return sort(distinct(a, equalNaN: true, c), 0, descending: false, c)
}

func unique(_ a: NDArray, equalNaN: Bool, _ c: Composition) -> UniqueElements {
  UniqueElements(
    c.several(4, [a]) {
      let all = c.distinctSorted(c.flat(a), equalNaN: equalNaN)
      let inverse = c.reshape(all.inverse, a.codes)
      // Each NaN that is not stored would be an element of its own.
      guard let stored = c.stored(a), equalNaN || !c.isFillNaN(a) else {
        return [all.values, all.indices, inverse, all.counts]
      }
      let own = c.distinctSorted(stored.elements, equalNaN: equalNaN)
      // The fill stands last, once for all.
      let isFill = c(.equal, own.indices, stored.storedCount)
      let spread = a.count == 0 ? inverse : c.spread(own.inverse, over: stored, of: a)
      return [
        own.values, c.gather(stored.positions, own.indices), spread,
        c.select(isFill, stored.fillCount, own.counts),
      ]
    })
}

extension Composition {
  /// The distinct elements of an array of one axis, by sorting it.
  fileprivate func distinctSorted(_ a: NDArray, equalNaN: Bool) -> UniqueElements {
    let (keys, positions) = sort(a, 0)
    let isFirst = differsFromPrevious(keys, collapsesNaN: equalNaN)
    let groups = groups(isFirst, positions)
    return UniqueElements(
      values: compress(keys, isFirst), indices: groups.indices, inverse: groups.inverse,
      counts: groups.counts)
  }

  /// What follows from where groups of equal elements begin in sorted order.
  func groups(
    _ isFirst: NDArray, _ positions: NDArray
  ) -> (indices: NDArray, inverse: NDArray, counts: NDArray) {
    let places = iota(positions.expr.type.shape)
    // A group ends where the next one begins: as many ends as beginnings.
    let (nextIsFirst, isEnd) = next(isFirst)
    let isLast = or(isEnd, nextIsFirst)
    let starts = compress(places, isFirst)
    let ends = node(
      .compress(axis: 0, extent: isFirst.expr.selectionExtent), [places, isLast])
    let counts = self(.add, self(.subtract, ends, starts), integer(1))
    let number = self(.subtract, scan(.add, convert(isFirst, .int64), 0), integer(1))
    let inverse = node(
      .scatter(axis: 0, .second), [self(.subtract, places, places), positions, number])
    return (compress(positions, isFirst), inverse, counts)
  }

  /// For rows of a matrix the rank of each row in lexicographic order; equal rows share it.
  ///
  /// - Source: prefix doubling (Manber & Myers 1993): ranks of columns, then of pairs of them.
  func rowRanks(_ rows: NDArray, _ count: Int, _ width: Int) throws(WeftError) -> NDArray {
    var ranks = try columnRanks(rows, [count, width])
    var width = width
    while width > 1 {
      let pairs = width / 2
      let left = slice(ranks, 1, from: 0, pairs, step: 2)
      let right = slice(ranks, 1, from: 1, pairs, step: 2)
      // Ranks are below the number of rows, so that a pair is one number.
      let joined = self(.add, self(.multiply, left, integer(Swift.max(count, 1))), right)
      let paired = try columnRanks(joined, [count, pairs])
      ranks = width % 2 == 0 ? paired : join([paired, slice(ranks, 1, from: width - 1, 1)], 1)
      width -= pairs
    }
    return reshape(ranks, [count])
  }

  /// The rank of each element in its column; elements that sorting does not tell apart share it.
  private func columnRanks(_ a: NDArray, _ extents: [Int]) throws(WeftError) -> NDArray {
    let (keys, positions) = sort(a, 0)
    let (before, isFirst) = previous(keys)
    let isNew = and(sortsApart(keys, before), not(broadcast(isFirst, Shape(extents))))
    return try unsort(scan(.add, convert(isNew, .int64), 0), positions)
  }

  /// Whether elements differ for sorting, to which NaN in the same parts are equal.
  private func sortsApart(_ a: NDArray, _ b: NDArray) -> NDArray {
    if a.dtype.isComplex {
      return or(
        sortsApart(self(.real, a), self(.real, b)), sortsApart(self(.imag, a), self(.imag, b)))
    }
    let differs = self(.notEqual, a, b)
    return a.dtype.isInexact ? and(differs, not(and(isNaN(a), isNaN(b)))) : differs
  }
}

/// The distinct parts of an array along an axis, in lexicographic order.
private func uniqueParts(
  _ a: NDArray, _ axis: Int, equalNaN: Bool, _ c: Composition
) -> UniqueElements {
  UniqueElements(
    c.several(4, [a]) { () throws(WeftError) in
      let axis = try Axes.normalized(axis, rank: a.rank, c.name, a, c.site)
      if a.rank == 1 {
        let all = unique(a, equalNaN: equalNaN, c)
        return [all.values, all.indices, all.inverse, all.counts]
      }
      let total = try c.elementCount(a)
      let count = a.codes[axis]
      let moved = c.move(a.strong, axis, to: 0)
      let width = try Call(c.name, c.site).product(moved.codes.dropFirst())
      let ranks =
        total == 0
        ? c.fill(Scalar(0 as Int64, .int64), Shape([count]))
        : try c.rowRanks(c.reshape(moved, [count, width]), count, width)
      let (keys, positions) = c.sort(ranks, 0)
      var isFirst = c.differsFromPrevious(keys, collapsesNaN: false)
      if moved.dtype.isInexact, moved.rank > 1 {
        // Parts with NaN equal no other.
        let hasNaN = c.reduce(.logicalOr, c.isNaN(moved), Array(1..<moved.rank))
        isFirst = c.or(isFirst, c.gather(hasNaN, positions))
      }
      let groups = c.groups(isFirst, positions)
      let values = c.move(c.gather(moved, groups.indices), 0, to: axis)
      return [values, groups.indices, groups.inverse, groups.counts]
    })
}
