import WeftIR

/// Joins arrays side by side: along axis 1, along axis 0 when they have one axis.
///
/// - Throws: from `compute()`: `concatenate`.
/// - NumPy: `numpy.hstack`.
public func hstack(
  _ arrays: [NDArray], file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("hstack", file, line)
  return joined(arrays.map { atLeast1D($0) }, axis: arrays.first?.rank ?? 0 > 1 ? 1 : 0, call)
}

/// Joins arrays one below the other; arrays of one axis are rows.
///
/// - Throws: from `compute()`: `concatenate`.
/// - NumPy: `numpy.vstack`.
public func vstack(
  _ arrays: [NDArray], file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  joined(arrays.map { atLeast2D($0) }, axis: 0, Call("vstack", file, line))
}

/// Joins arrays along the third axis.
///
/// - Throws: from `compute()`: `concatenate`.
/// - NumPy: `numpy.dstack`.
public func dstack(
  _ arrays: [NDArray], file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  joined(arrays.map { atLeast3D($0) }, axis: 2, Call("dstack", file, line))
}

/// Joins arrays as columns of a matrix; arrays of two axes keep theirs.
///
/// - Throws: from `compute()`: `concatenate`.
/// - NumPy: `numpy.column_stack`.
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
/// - Throws: from `compute()`: `concatenate`; `axis`.
/// - NumPy: `numpy.append`.
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
