import WeftIR

/// Index arrays that select a grid: `a[ix([0, 2], [1, 3])]` are the crossings of rows and columns.
///
/// - Shape: array i has its positions along axis i, and extent 1 along the others.
/// - DType: int64; masks become the positions of their true elements.
/// - Throws: from `compute()`: `shape-mismatch` for arrays that have not one axis.
/// - NumPy: `numpy.ix_`.
///
/// ```swift
/// let a = arange(12).reshaped([3, 4])
/// let grid = ix([0, 2], [1, 3])
/// a[grid[0], grid[1]]
/// // [[ 1  3]
/// //  [ 9 11]]
/// ```
public func ix(
  _ arrays: NDArray..., file: StaticString = #fileID, line: UInt = #line
) -> [NDArray] {
  ix(arrays, Call("ix_", file, line))
}

func ix(_ arrays: [NDArray], _ call: Call) -> [NDArray] {
  call.buildAll(arrays) { () throws(WeftError) in
    guard arrays.count <= 64 else {
      throw call.error(.value, "\(arrays.count) axes; an array has at most 64")
    }
    return try arrays.enumerated().map { axis, array throws(WeftError) in
      guard array.rank == 1 else {
        throw call.error(.shapeMismatch, "\(array.expr.type) has not one axis")
      }
      var positions = array.strong
      if array.count == 0 { positions = call.convert(array, to: .int64) }
      if array.dtype == .bool { positions = array.truePositions(call.site)[0] }
      var codes = Array(repeating: 1, count: arrays.count)
      codes[axis] = positions.codes[0]
      return call.reshape(positions, codes: codes)
    }
  }
}

/// The indices of the main diagonal of an array of equal extents, one array an axis.
///
/// - Shape: `[extent]` each.
/// - DType: int64.
/// - Throws: from `compute()`: `negative-extent`; `value` for a rank below 1.
/// - NumPy: `numpy.diag_indices`.
///
/// ```swift
/// let a = arange(9).reshaped([3, 3])
/// let diagonal = diagIndices(3)
/// a[diagonal[0], diagonal[1]]  // [0 4 8]
/// ```
public func diagIndices(
  _ extent: Int, rank: Int = 2, file: StaticString = #fileID, line: UInt = #line
) -> [NDArray] {
  let call = Call("diag_indices", file, line)
  return call.buildAll([]) { () throws(WeftError) in
    guard rank <= 64 else { throw call.error(.value, "\(rank) axes; an array has at most 64") }
    _ = try call.shape([max(extent, 0)])
    return Array(repeating: call.counts([max(extent, 0)]), count: max(rank, 0))
  }
}

/// The indices of an array's main diagonal, one array an axis. See `diagIndices(_:rank:)`.
///
/// - Throws: from `compute()`: `axis` for fewer than two axes; `shape-mismatch` for unequal extents.
/// - NumPy: `numpy.diag_indices_from`.
public func diagIndices(
  from a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> [NDArray] {
  let call = Call("diag_indices_from", file, line)
  return call.buildAll([a]) { () throws(WeftError) in
    guard a.rank >= 2 else { throw call.error(.axis, "\(a.expr.type) has fewer than two axes") }
    let extents = try call.extents(of: a)
    guard Set(extents).count == 1 else {
      throw call.error(.shapeMismatch, "the extents of \(a.expr.type) differ")
    }
    return diagIndices(extents[0], rank: a.rank, file: file, line: line)
  }
}

/// The row and column indices on and below a diagonal.
///
/// - Shape: `[?]` each: found when computing.
/// - DType: int64.
/// - Throws: from `compute()`: `negative-extent`.
/// - NumPy: `numpy.tril_indices`; `offset` is NumPy's `k`, `columns` its `m`.
///
/// ```swift
/// trilIndices(2)
/// // [0 1 1]
/// // [0 0 1]
/// ```
public func trilIndices(
  _ rows: Int, _ columns: Int? = nil, offset: Int = 0, file: StaticString = #fileID,
  line: UInt = #line
) -> [NDArray] {
  tri(rows, columns, offset: offset, dtype: .bool, file: file, line: line)
    .truePositions(SourceSite(file: file, line: line))
}

/// The row and column indices on and above a diagonal.
///
/// - Shape: `[?]` each: found when computing.
/// - DType: int64.
/// - Throws: from `compute()`: `negative-extent`.
/// - NumPy: `numpy.triu_indices`; `offset` is NumPy's `k`, `columns` its `m`.
///
/// ```swift
/// triuIndices(2)
/// // [0 0 1]
/// // [0 1 1]
/// ```
public func triuIndices(
  _ rows: Int, _ columns: Int? = nil, offset: Int = 0, file: StaticString = #fileID,
  line: UInt = #line
) -> [NDArray] {
  let site = SourceSite(file: file, line: line)
  let below = offset == .min ? offset : offset - 1
  let lower = tri(rows, columns, offset: below, dtype: .bool, file: file, line: line)
  return NDArray.apply(.logicalNot, lower, site: site).truePositions(site)
}

/// The row and column indices of a matrix on and below a diagonal. See `trilIndices(_:_:offset:)`.
///
/// - Throws: from `compute()`: `axis` unless there are two axes.
/// - NumPy: `numpy.tril_indices_from`.
public func trilIndices(
  from a: NDArray, offset: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> [NDArray] {
  matrixIndices(a, Call("tril_indices_from", file, line)) {
    trilIndices($0, $1, offset: offset, file: file, line: line)
  }
}

/// The row and column indices of a matrix on and above a diagonal. See `triuIndices(_:_:offset:)`.
///
/// - Throws: from `compute()`: `axis` unless there are two axes.
/// - NumPy: `numpy.triu_indices_from`.
public func triuIndices(
  from a: NDArray, offset: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> [NDArray] {
  matrixIndices(a, Call("triu_indices_from", file, line)) {
    triuIndices($0, $1, offset: offset, file: file, line: line)
  }
}

private func matrixIndices(
  _ a: NDArray, _ call: Call, _ body: (Int, Int) -> [NDArray]
) -> [NDArray] {
  call.buildAll([a]) { () throws(WeftError) in
    guard a.rank == 2 else { throw call.error(.axis, "\(a.expr.type) has not two axes") }
    let extents = try call.extents(of: a)
    return body(extents[0], extents[1])
  }
}

/// The indices at which a mask function, such as `triu`, leaves a square of ones.
///
/// - Shape: `[?]` each: found when computing.
/// - DType: int64.
/// - Throws: from `compute()`: `negative-extent`; what the function's result throws.
/// - NumPy: `numpy.mask_indices`; an offset is captured by the function.
///
/// ```swift
/// maskIndices(3) { triu($0, offset: 1) }
/// // [0 0 1]
/// // [1 2 2]
/// ```
public func maskIndices(
  _ extent: Int, file: StaticString = #fileID, line: UInt = #line,
  _ mask: (NDArray) -> NDArray
) -> [NDArray] {
  let call = Call("mask_indices", file, line)
  return call.buildAll([]) { () throws(WeftError) in
    mask(ones([extent, extent], dtype: .int64, file: file, line: line)).truePositions(call.site)
  }
}

/// Arrays and ranges joined along the first axis; ranges count.
///
/// - Shape: the first extents added up.
/// - DType: promoted.
/// - Throws: from `compute()`: `concatenate`.
/// - NumPy: `numpy.r_`.
///
/// ```swift
/// rowConcatenated([.range(0..<3), .array([7, 8])])  // [0 1 2 7 8]
/// ```
public func rowConcatenated(
  _ parts: [RowPart], file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let arrays = parts.map { atLeast1D($0.array(file, line)) }
  return concatenate(arrays, axis: 0, name: "r_", site: SourceSite(file: file, line: line))
}

/// Arrays and ranges as columns, joined along the second axis.
///
/// - Shape: the second extents added up; `[n]` counts as `[n, 1]`.
/// - DType: promoted.
/// - Throws: from `compute()`: `concatenate`.
/// - NumPy: `numpy.c_`.
///
/// ```swift
/// columnConcatenated([.range(0..<2), .array([7, 8])])
/// // [[0 7]
/// //  [1 8]]
/// ```
public func columnConcatenated(
  _ parts: [RowPart], file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("c_", file, line)
  let columns = parts.map { part -> NDArray in
    let array = part.array(file, line)
    if array.rank >= 2 || array.expr.isPoison { return array }
    return call.reshape(array, codes: array.rank == 0 ? [1, 1] : array.codes + [1])
  }
  return concatenate(columns, axis: -1, name: "c_", site: call.site)
}

/// What `rowConcatenated` joins.
public enum RowPart: Sendable {
  /// An array, or a number.
  case array(NDArray)
  /// Integers by a step.
  case range(Range<Int>, by: Int = 1)
  /// A count of numbers from one to another, both included.
  case points(from: Double, through: Double, count: Int)

  fileprivate func array(_ file: StaticString, _ line: UInt) -> NDArray {
    switch self {
    case .array(let array): array.strong
    case .range(let range, let step):
      arange(range.lowerBound, range.upperBound, step, file: file, line: line)
    case .points(let first, let last, let count):
      linspace(
        NDArray(scalar: first), NDArray(scalar: last), count: count, file: file, line: line)
    }
  }
}
