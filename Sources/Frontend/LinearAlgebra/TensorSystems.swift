import WeftIR

/// The inverse of an array as a linear map from its last axes to its first ones.
///
/// - Shape: the axes from `rank` on, then the first `rank` axes.
/// - DType: float or complex; integers convert to float64.
/// - Throws: from `compute()`: `argument` unless `rank` is positive; `not-square` when the products of
///   the two groups of extents differ; `singular` at run time.
/// - NumPy: `numpy.linalg.tensorinv`; `rank` is its `ind`.
///
/// ```swift
/// let a = eye(6).reshaped([6, 2, 3]) * 2
/// tensorinv(a, rank: 1).type  // float64[2, 3, 6]
/// tensordot(tensorinv(a, rank: 1), arange(6), axes: 1)
/// // [[0.  0.5 1. ]
/// //  [1.5 2.  2.5]]
/// ```
public func tensorinv(
  _ a: NDArray, rank: Int = 2, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("tensorinv", file, line)
  return call.build([a]) { () throws(WeftError) in
    guard rank > 0 else { throw call.error(.argument, "rank is \(rank), expected more than 0") }
    let extents = try call.extents(of: a)
    let (first, last) = (extents.prefix(rank), extents.dropFirst(rank))
    let (rows, columns) = (try call.product(first), try call.product(last))
    guard rows == columns else {
      throw call.error(
        .notSquare, "\(a.expr.type) maps \(columns) elements to \(rows): it has no inverse")
    }
    let inverse = inv(call.reshape(a.strong, [rows, columns]), file: file, line: line)
    return call.reshape(inverse, Array(last) + Array(first))
  }
}

/// x with `tensordot(a, x, axes: x.rank) == b`.
///
/// - Shape: the axes of `a` past those of `b`.
/// - DType: float or complex; integers convert to float64.
/// - Throws: from `compute()`: `not-square` when the axes past those of `b` do not hold as many
///   elements as `b`; `axis`; `singular` at run time.
/// - NumPy: `numpy.linalg.tensorsolve`: `axes` are moved to the end of `a` first.
///
/// ```swift
/// let a = eye(4).reshaped([2, 2, 2, 2]) * 2
/// tensorsolve(a, [[2, 4], [6, 8]])
/// // [[1. 2.]
/// //  [3. 4.]]
/// ```
public func tensorsolve(
  _ a: NDArray, _ b: NDArray, axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("tensorsolve", file, line)
  return call.build([a, b]) { () throws(WeftError) in
    var operand = a.strong
    if let axes {
      let moved = try call.axes(axes, of: a)
      operand = call.permute(operand, (0..<a.rank).filter { !moved.contains($0) } + moved)
    }
    let unknowns = Array(try call.extents(of: operand).dropFirst(b.rank))
    let count = try call.product(call.extents(of: b))
    let columns = try call.product(unknowns)
    guard columns == count, try operand.count == call.product(columns, count) else {
      throw call.error(
        .notSquare, "\(a.expr.type) does not map arrays \(Shape(unknowns)) to \(b.expr.type)")
    }
    let solution = solve(
      call.reshape(operand, [count, columns]), call.flatten(b), file: file, line: line)
    return call.reshape(solution, unknowns)
  }
}
