import WeftIR

/// Joins arrays side by side: along axis 1, along axis 0 when they have one axis.
///
/// - Shape: the extents along the axis added up.
/// - DType: promoted.
/// - Throws: from `compute()`: `concatenate`.
/// - NumPy: `numpy.hstack`.
///
/// ```swift
/// hstack([[1, 2], [3]])  // [1 2 3]
/// hstack([[[1], [2]], [[3], [4]]])
/// // [[1 3]
/// //  [2 4]]
/// ```
public func hstack(
  _ arrays: [NDArray], file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("hstack", file, line)
  return joined(arrays.map { atLeast1D($0) }, axis: arrays.first?.rank ?? 0 > 1 ? 1 : 0, call)
}

/// Joins arrays one below the other; arrays of one axis are rows.
///
/// - Shape: the first extents added up; `[n]` counts as `[1, n]`.
/// - DType: promoted.
/// - Throws: from `compute()`: `concatenate`.
/// - NumPy: `numpy.vstack`.
///
/// ```swift
/// vstack([[1, 2], [3, 4]])
/// // [[1 2]
/// //  [3 4]]
/// ```
public func vstack(
  _ arrays: [NDArray], file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  joined(arrays.map { atLeast2D($0) }, axis: 0, Call("vstack", file, line))
}

/// Joins arrays along the third axis.
///
/// - Shape: the third extents added up; `[n]` counts as `[1, n, 1]`, `[m, n]` as `[m, n, 1]`.
/// - DType: promoted.
/// - Throws: from `compute()`: `concatenate`.
/// - NumPy: `numpy.dstack`.
///
/// ```swift
/// dstack([[1, 2], [3, 4]])
/// // [[[1 3]
/// //   [2 4]]]
/// ```
public func dstack(
  _ arrays: [NDArray], file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  joined(arrays.map { atLeast3D($0) }, axis: 2, Call("dstack", file, line))
}

/// Joins arrays as columns of a matrix; arrays of two axes keep theirs.
///
/// - Shape: the second extents added up; `[n]` counts as `[n, 1]`.
/// - DType: promoted.
/// - Throws: from `compute()`: `concatenate`.
/// - NumPy: `numpy.column_stack`.
///
/// ```swift
/// columnStack([[1, 2, 3], [10, 20, 30]])
/// // [[ 1 10]
/// //  [ 2 20]
/// //  [ 3 30]]
/// ```
public func columnStack(
  _ arrays: [NDArray], file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("column_stack", file, line)
  let columns = arrays.map { a in
    if a.rank >= 2 || a.expr.isPoison { return a }
    return call.reshape(a.strong, codes: (a.rank == 0 ? [1] : a.expr.type.shape.codes) + [1])
  }
  return joined(columns, axis: 1, call)
}

/// The values joined behind an array along an axis; without one both are flattened.
///
/// - Shape: the extents along the axis added up; 1-d without an axis.
/// - DType: promoted.
/// - Throws: from `compute()`: `concatenate`; `axis`.
/// - NumPy: `numpy.append`.
///
/// ```swift
/// append([1, 2], [3, 4])  // [1 2 3 4]
/// append([[1, 2]], [[3, 4]], axis: 0)
/// // [[1 2]
/// //  [3 4]]
/// ```
public func append(
  _ a: NDArray, _ values: NDArray, axis: Int? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  Weft.concatenate(
    [a.strong, values.strong], axis: axis, name: "append", site: SourceSite(file: file, line: line))
}

private func joined(_ arrays: [NDArray], axis: Int, _ call: Call) -> NDArray {
  Weft.concatenate(arrays.map(\.strong), axis: axis, name: call.name, site: call.site)
}
