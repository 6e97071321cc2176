import WeftIR

/// The elements in ascending or descending order along an axis; of the flattened array for nil.
///
/// - Shape: the same; 1-d for a nil axis.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis` for an axis out of range.
/// - NumPy: `numpy.sort`, reversed for `descending`: NaN come last, or first descending.
///
/// ```swift
/// sort([3, 1, 2])  // [1 2 3]
/// sort([[3, 1], [2, 4]], axis: 0, descending: true)
/// // [[3 4]
/// //  [2 1]]
/// sort(NDArray([2, .nan, 1]))  // [ 1.  2. nan]
/// ```
public func sort(
  _ a: NDArray, axis: Int? = -1, descending: Bool = false, stable: Bool = true,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  sort(a, axis, descending: descending, Composition("sort", file, line))
}

/// The positions that would sort along an axis; of the flattened array for nil.
///
/// - Shape: the same; 1-d for a nil axis.
/// - DType: int64.
/// - Throws: from `compute()`: `axis` for an axis out of range.
/// - NumPy: `numpy.argsort(stable=True)`; descending order keeps equal elements in their order.
///
/// ```swift
/// argsort([30, 10, 20])  // [1 2 0]
/// argsort([[3, 1], [2, 4]], axis: nil)  // [1 2 0 3]
/// ```
public func argsort(
  _ a: NDArray, axis: Int? = -1, descending: Bool = false, stable: Bool = true,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  argsort(a, axis, descending: descending, Composition("argsort", file, line))
}

extension NDArray {
  /// The elements in order along an axis; of the flattened array for nil. See `sort`.
  public func sorted(
    axis: Int? = -1, descending: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    sort(self, axis, descending: descending, Composition("sort", file, line))
  }

  /// The positions that would sort along an axis; of the flattened array for nil. See `argsort`.
  public func argsort(
    axis: Int? = -1, descending: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    Weft.argsort(self, axis, descending: descending, Composition("argsort", file, line))
  }
}

/// The elements so that the one at `kth` stands where sorting puts it, smaller ones before it.
///
/// - Shape: the same; 1-d for a nil axis.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis`; `value` when `kth` is no position along the axis.
/// - NumPy: `numpy.partition`; the whole axis is sorted, which is one of the answers.
///
/// ```swift
/// partition([5, 1, 4, 2], kth: 1)[1]  // 2
/// ```
public func partition(
  _ a: NDArray, kth: Int, axis: Int? = -1, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  partition(a, [kth], axis, Composition("partition", file, line))
}

/// The positions that would partition along an axis.
///
/// - Shape: the same; 1-d for a nil axis.
/// - DType: int64.
/// - Throws: from `compute()`: `axis`; `value` when `kth` is no position along the axis.
/// - NumPy: `numpy.argpartition`; the whole axis is sorted, which is one of the answers.
///
/// ```swift
/// argpartition([5, 1, 4, 2], kth: 1)[1]  // 3
/// ```
public func argpartition(
  _ a: NDArray, kth: Int, axis: Int? = -1, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  argpartition(a, [kth], axis, Composition("argpartition", file, line))
}

/// The positions that sort by several keys along an axis; the last key decides first.
///
/// - Shape: that of each key.
/// - DType: int64.
/// - Throws: from `compute()`: `value` for no keys; `shape-mismatch` when their shapes differ.
/// - NumPy: `numpy.lexsort`.
///
/// ```swift
/// let given: NDArray = [2, 1, 2, 1]
/// let family: NDArray = [7, 7, 3, 3]
/// lexsort([given, family])  // [3 2 1 0]
/// ```
public func lexsort(
  _ keys: [NDArray], axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  lexsort(keys, axis, Composition("lexsort", file, line))
}

/// Complex elements in order of real, then imaginary parts, along the last axis.
///
/// - Shape: unchanged.
/// - DType: complex64 for complex64 and integers of up to 16 bits, else complex128.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.sort_complex`.
///
/// ```swift
/// sortComplex(NDArray([Complex(2.0, 0.0), Complex(1.0, 3.0), Complex(1.0, -3.0)]))
/// // [1.-3.j 1.+3.j 2.+0.j]
/// ```
public func sortComplex(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let c = Composition("sort_complex", file, line)
  let isNarrow = a.dtype == .complex64 || a.dtype.isInteger && a.dtype.itemSize <= 2
  let dtype: DType = isNarrow ? .complex64 : .complex128
  return sort(c.convert(a, dtype), -1, descending: false, c)
}

// MARK: - Compositions

func sort(_ a: NDArray, _ axis: Int?, descending: Bool, _ c: Composition) -> NDArray {
  c.one([a]) { () throws(WeftError) in
    guard let axis else { return sort(c.flat(a), 0, descending: descending, c) }
    let position = try Axes.normalized(axis, rank: a.rank, c.name, a, c.site)
    let keys = c.sort(a, position).keys
    return descending ? c.reverse(keys, position) : keys
  }
}

func argsort(_ a: NDArray, _ axis: Int?, descending: Bool, _ c: Composition) -> NDArray {
  c.one([a]) { () throws(WeftError) in
    guard let axis else { return argsort(c.flat(a), 0, descending: descending, c) }
    // NumPy takes a 0-d array for one of one element here.
    if a.rank == 0 && (axis == 0 || axis == -1) { return c.reshape(c.integer(0), [1]) }
    let position = try Axes.normalized(axis, rank: a.rank, c.name, a, c.site)
    if !descending { return c.sort(a, position).positions }
    // Sorting backwards and turning the result round keeps equal elements in their order.
    let backwards = c.sort(c.reverse(a.strong, position), position).positions
    let end = c(.subtract, c.convert(c.extent(a, [position]), .int64), c.integer(1))
    return c(.subtract, end, c.reverse(backwards, position))
  }
}

func partition(_ a: NDArray, _ kth: [Int], _ axis: Int?, _ c: Composition) -> NDArray {
  c.one([a]) { () throws(WeftError) in
    for one in kth { try checkKth(one, a, axis, c) }
    return sort(a, axis, descending: false, c)
  }
}

func argpartition(_ a: NDArray, _ kth: [Int], _ axis: Int?, _ c: Composition) -> NDArray {
  c.one([a]) { () throws(WeftError) in
    for one in kth { try checkKth(one, a, axis, c) }
    return argsort(a, axis, descending: false, c)
  }
}

private func checkKth(
  _ kth: Int, _ a: NDArray, _ axis: Int?, _ c: Composition
) throws(WeftError) {
  let extent: Int?
  if let axis {
    extent = a.extent(try Axes.normalized(axis, rank: a.rank, c.name, a, c.site))
  } else {
    extent = a.count
  }
  guard let extent, kth < -extent || kth >= extent else { return }
  throw c.error(.value, "kth is \(kth), out of bounds for an extent of \(extent)")
}

func lexsort(_ keys: [NDArray], _ axis: Int, _ c: Composition) -> NDArray {
  c.one(keys) { () throws(WeftError) in
    guard let first = keys.first else { throw c.error(.value, "needs at least one key") }
    for key in keys where key.expr.type.shape != first.expr.type.shape {
      throw c.error(
        .shapeMismatch, "keys differ in shape: \(first.expr.type) and \(key.expr.type)")
    }
    if first.rank == 0 { return c.integer(0) }
    let axis = try Axes.normalized(axis, rank: first.rank, c.name, first, c.site)
    var order = c.sort(first, axis).positions
    for key in keys.dropFirst() {
      let arranged = try c.take(key.strong, along: axis, order)
      order = try c.take(order, along: axis, c.sort(arranged, axis).positions)
    }
    return order
  }
}
