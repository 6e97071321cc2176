import WeftIR

/// The distinct elements that two arrays share, ascending.
///
/// - Shape: `[?]`.
/// - DType: promoted.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.intersect1d`; NaN is in no intersection.
///
/// ```swift
/// intersect1d([1, 2, 2, 3], [2, 3, 4])  // [2 3]
/// ```
public func intersect1d(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("intersect1d", file, line)
  return c.one([a, b]) { intersection(c.members(a), c.members(b), c)[0] }
}

/// The distinct elements that two arrays share, and where each occurs first in both.
///
/// - Shape: `[?]` all.
/// - DType: promoted; int64.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.intersect1d(return_indices=True)`.
///
/// ```swift
/// let (values, first, second) = intersect1dIndices([5, 2, 3], [3, 2, 9])
/// values  // [2 3]
/// first  // [1 2]
/// second  // [1 0]
/// ```
public func intersect1dIndices(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> (values: NDArray, first: NDArray, second: NDArray) {
  let parts = intersection(a, b, Composition("intersect1d", file, line))
  return (parts[0], parts[1], parts[2])
}

/// The distinct elements that are in either of two arrays, ascending.
///
/// - Shape: `[?]`.
/// - DType: promoted.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.union1d`.
///
/// ```swift
/// union1d([1, 2, 2], [3, 2])  // [1 2 3]
/// ```
public func union1d(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("union1d", file, line)
  return c.one([a, b]) { ascending(c.join([c.members(a), c.members(b)], 0), equalNaN: true, c) }
}

/// The distinct elements of an array that are not in another, ascending.
///
/// - Shape: `[?]`.
/// - DType: that of the first array.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.setdiff1d`; with `assumeUnique` elements keep their order and number.
///
/// ```swift
/// setdiff1d([3, 1, 2, 1], [2])  // [1 3]
/// ```
public func setdiff1d(
  _ a: NDArray, _ b: NDArray, assumeUnique: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let c = Composition("setdiff1d", file, line)
  return c.one([a, b]) {
    if assumeUnique {
      let own = c.flat(a)
      return c.compress(own, c.not(c.contains(own, b)))
    }
    // Elements of b stand first among equals: a group that begins in a has none of b.
    let merged = c.merge(c.members(b), c.members(a))
    let isNew = c.and(merged.isSecond, c.differs(merged))
    return c.convert(c.compress(merged.keys, isNew), a.dtype)
  }
}

/// The distinct elements that are in just one of two arrays, ascending.
///
/// - Shape: `[?]`.
/// - DType: promoted.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.setxor1d`.
///
/// ```swift
/// setxor1d([1, 2, 3], [2, 3, 4])  // [1 4]
/// ```
public func setxor1d(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("setxor1d", file, line)
  return c.one([a, b]) {
    let merged = c.merge(c.members(a), c.members(b))
    let isStart = c.differs(merged)
    let (nextIsStart, isLast) = c.next(isStart)
    let isEnd = c.or(isLast, nextIsStart)
    // A group begins in b when it has none of a, and ends in a when it has none of b.
    let isAlone = c.or(
      c.and(isStart, merged.isSecond), c.and(isEnd, c.not(merged.isSecond)))
    return c.compress(merged.keys, isAlone)
  }
}

/// Where elements are in another array.
///
/// - Shape: that of the first array.
/// - DType: bool.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.isin`; NaN is in no array.
///
/// ```swift
/// isin([[1, 2], [3, 4]], [2, 4, 9])
/// // [[False  True]
/// //  [False  True]]
/// ```
public func isin(
  _ elements: NDArray, _ others: NDArray, invert: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let c = Composition("isin", file, line)
  return c.one([elements, others]) {
    let isFound = c.contains(elements, others)
    return invert ? c.not(isFound) : isFound
  }
}

// MARK: - Compositions

/// Two arrays sorted as one; equal elements of the first stand before those of the second.
struct MergedArrays {
  let keys: NDArray
  /// Where each key comes from, counted through both.
  let positions: NDArray
  /// Whether a key comes from the second array.
  let isSecond: NDArray
  /// How many elements the first array has.
  let firstCount: NDArray
}

extension Composition {
  func merge(_ a: NDArray, _ b: NDArray) -> MergedArrays {
    let first = flat(a)
    let (keys, positions) = sort(join([first, flat(b)], 0), 0)
    let count = convert(extent(first, [0]), .int64)
    return MergedArrays(
      keys: keys, positions: positions, isSecond: self(.greaterEqual, positions, count),
      firstCount: count)
  }

  /// Whether each key differs from the one before. NaN are equal when they come from one array.
  func differs(_ merged: MergedArrays) -> NDArray {
    let (before, isFirst) = previous(merged.keys)
    var differs = self(.notEqual, merged.keys, before)
    if merged.keys.dtype.isInexact {
      let bothNaN = and(isNaN(merged.keys), isNaN(before))
      let isSameSource = self(.equal, merged.isSecond, previous(merged.isSecond).elements)
      differs = and(differs, not(and(bothNaN, isSameSource)))
    }
    return or(isFirst, differs)
  }

  /// Whether each element equals one of others.
  func contains(_ elements: NDArray, _ others: NDArray) -> NDArray {
    let (dtype, _) = NDArray.promotedDType(elements, others)
    if let known = ConstantReader.scalars(others, atMost: Self.mostCompared), !known.isEmpty,
      sparseFill(of: elements) != nil
    {
      // Whether the fill is one of them is known as well.
      let x = convert(elements, dtype)
      let isEach = known.map { self(.equal, x, constant($0.converted(to: dtype))) }
      return isEach.dropFirst().reduce(isEach[0]) { or($0, $1) }
    }
    if let found = spreading(elements, { contains($0, others) }) { return found }
    let sorted = sort(members(convert(others, dtype)), 0).keys
    if sorted.extent(0) == 0 { return fill(Scalar(false), like: elements) }
    let x = convert(elements, dtype)
    let place = search(sorted, x, .left)
    if let n = sorted.extent(0) {
      let found = gather(sorted, self(.minimum, place, integer(n - 1)))
      return self(.equal, found, x)
    }
    // How many are not after, less how many are before: how often the element occurs.
    let isFound = self(.greater, search(sorted, x, .right), place)
    return and(isFound, not(isNaN(x)))
  }
}

private func intersection(_ a: NDArray, _ b: NDArray, _ c: Composition) -> [NDArray] {
  c.several(3, [a, b]) {
    let merged = c.merge(a, b)
    let (before, isFirst) = c.previous(merged.keys)
    let beforeIsFirst = c.not(c.previous(merged.isSecond).elements)
    // Where a's run of equal elements meets b's: once in each shared group.
    let isShared = c.and(
      c.and(c.not(isFirst), c(.equal, merged.keys, before)),
      c.and(merged.isSecond, beforeIsFirst))
    // The first of a's run stands where the group begins.
    let isStart = c.differsFromPrevious(merged.keys, collapsesNaN: false)
    let places = c.iota(merged.keys.expr.type.shape)
    let starts = c.scan(.maximum, c.select(isStart, places, c.integer(0)), 0)
    let first = c.gather(merged.positions, starts)
    let second = c(.subtract, merged.positions, merged.firstCount)
    return [
      c.compress(merged.keys, isShared), c.compress(first, isShared),
      c.compress(second, isShared),
    ]
  }
}
