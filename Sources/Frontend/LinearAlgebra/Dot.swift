import WeftIR

/// The dot product with NumPy's rules: of vectors, of matrices, of stacks over the last axis of a
/// and the second last of b.
///
/// - Shape: `[..., k]` and `[..., k, n]` give `[...a, ...b, n]`; `[..., k]` and `[k]` give `[...]`;
///   a 0-d operand multiplies.
/// - DType: promoted; integers keep their width.
/// - Throws: from `compute()`: `shape-mismatch` when the summed extents differ.
/// - NumPy: `numpy.dot`.
///
/// ```swift
/// dot([1, 2, 3], [4, 5, 6])  // 32
/// dot([[1, 2], [3, 4]], [10, 100])  // [210 430]
/// ```
public func dot(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("dot", file, line)
  return call.build([a, b]) { () throws(WeftError) in
    if a.rank == 0 || b.rank == 0 { return call.apply(.multiply, a, b).strong }
    let (axisA, axisB) = (a.rank - 1, max(0, b.rank - 2))
    return try call.summed(a, [axisA], b, [axisB])
  }
}

extension NDArray {
  /// The dot product with NumPy's rules. See `dot(_:_:)`.
  ///
  /// - NumPy: `ndarray.dot`.
  public func dot(
    _ other: NDArray, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    Weft.dot(self, other, file: file, line: line)
  }
}

extension Call {
  /// The sum of products over pairs of axes; the other axes of a, then those of b, remain.
  fileprivate func summed(
    _ a: NDArray, _ axesA: [Int], _ b: NDArray, _ axesB: [Int]
  ) throws(WeftError) -> NDArray {
    for (m, n) in zip(axesA, axesB) where !mayEqual(a, m, b, n) {
      throw error(
        .shapeMismatch,
        "axis \(m) of \(a.expr.type) and axis \(n) of \(b.expr.type) differ in extent")
    }
    let labelsA = Array(0..<a.rank)
    var labelsB = (0..<b.rank).map { a.rank + $0 }
    for (m, n) in zip(axesA, axesB) { labelsB[n] = m }
    let output = labelsA.filter { !axesA.contains($0) } + labelsB.filter { $0 >= a.rank }
    return try sumOfProducts(a, labelsA, b, labelsB, to: output)
  }
}

/// The sum of products over the last `axes` axes of a and the first ones of b.
///
/// - Shape: the other axes of a, then those of b.
/// - DType: promoted; integers keep their width.
/// - Throws: from `compute()`: `shape-mismatch` when extents differ; `axis` when there are not so
///   many axes.
/// - NumPy: `numpy.tensordot`; a negative number of axes is an error.
///
/// ```swift
/// let a = arange(12).reshaped([2, 2, 3])
/// tensordot(a, ones([2, 3], dtype: .int64))  // [15 51]
/// ```
public func tensordot(
  _ a: NDArray, _ b: NDArray, axes: Int = 2, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("tensordot", file, line)
  return call.build([a, b]) { () throws(WeftError) in
    guard axes >= 0, axes <= a.rank, axes <= b.rank else {
      throw call.error(.axis, "\(axes) axes of \(a.expr.type) and \(b.expr.type)")
    }
    return try call.summed(a, Array(a.rank - axes..<a.rank), b, Array(0..<axes))
  }
}

/// The sum of products over pairs of axes: the first of `axes.0` with the first of `axes.1` and
/// so on.
///
/// - Shape: the other axes of a, then those of b.
/// - DType: promoted; integers keep their width.
/// - Throws: from `compute()`: `shape-mismatch` when extents or the numbers of axes differ; `axis`;
///   `axis-duplicate`.
/// - NumPy: `numpy.tensordot`.
///
/// ```swift
/// tensordot([[1, 2], [3, 4]], [[1, 10], [100, 1000]], axes: ([0], [1]))
/// // [[  31 3100]
/// //  [  42 4200]]
/// ```
public func tensordot(
  _ a: NDArray, _ b: NDArray, axes: ([Int], [Int]), file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let call = Call("tensordot", file, line)
  return call.build([a, b]) { () throws(WeftError) in
    guard axes.0.count == axes.1.count else {
      throw call.error(.shapeMismatch, "\(axes.0) and \(axes.1) have different numbers of axes")
    }
    return try call.summed(
      a, try call.axes(axes.0, of: a), b, try call.axes(axes.1, of: b))
  }
}

/// The sum of products over the last axes.
///
/// - Shape: the other axes of a, then those of b; a 0-d operand multiplies.
/// - DType: promoted; integers keep their width.
/// - Throws: from `compute()`: `shape-mismatch`.
/// - NumPy: `numpy.inner`.
///
/// ```swift
/// inner([1, 2, 3], [0, 1, 2])  // 8
/// inner([[1, 2], [3, 4]], [10, 1])  // [12 34]
/// ```
public func inner(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("inner", file, line)
  return call.build([a, b]) { () throws(WeftError) in
    if a.rank == 0 || b.rank == 0 { return call.apply(.multiply, a, b).strong }
    return try call.summed(a, [a.rank - 1], b, [b.rank - 1])
  }
}

/// The products of all pairs of elements of two arrays, flattened.
///
/// - Shape: `[a.count, b.count]`.
/// - DType: promoted.
/// - Throws: from `compute()`: `too-large`.
/// - NumPy: `numpy.outer`.
///
/// ```swift
/// outer([1, 2, 3], [1, 10])
/// // [[ 1 10]
/// //  [ 2 20]
/// //  [ 3 30]]
/// ```
public func outer(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("outer", file, line)
  return call.build([a, b]) { () throws(WeftError) in
    let dtype = call.promotedDType([a, b])
    let (x, y) = (
      call.flatten(try call.operand(a, dtype)), call.flatten(try call.operand(b, dtype))
    )
    let column = call.reshape(x, codes: x.expr.type.shape.codes + [1])
    if let m = x.count, let n = y.count { _ = try call.shape([m, n], of: [a, b]) }
    return call.apply(.multiply, column, y)
  }
}

/// The dot product of two flattened arrays, the first conjugated.
///
/// - Shape: `[]`.
/// - DType: promoted; integers keep their width.
/// - Throws: from `compute()`: `shape-mismatch` when the numbers of elements differ.
/// - NumPy: `numpy.vdot`.
///
/// ```swift
/// vdot([[1, 2], [3, 4]], [[1, 1], [1, 1]])  // 10
/// vdot(NDArray([Complex(0.0, 1.0)]), NDArray([Complex(0.0, 1.0)]))  // (1+0j)
/// ```
public func vdot(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("vdot", file, line)
  return call.build([a, b]) { () throws(WeftError) in
    let (x, y) = (call.flatten(conjugated(a, call)), call.flatten(b))
    guard call.mayEqual(x, 0, y, 0) else {
      throw call.error(
        .shapeMismatch, "\(a.expr.type) and \(b.expr.type) differ in their numbers of elements")
    }
    return try call.sumOfProducts(x, [0], y, [0], to: [])
  }
}

private func conjugated(_ a: NDArray, _ call: Call) -> NDArray {
  a.dtype.isComplex ? call.apply(.conj, a.strong) : a
}

/// The dot products of vectors along an axis, the first ones conjugated; stacks broadcast.
///
/// - Shape: the other axes, broadcast.
/// - DType: promoted; integers keep their width.
/// - Throws: from `compute()`: `shape-mismatch` when the vectors' extents differ; `axis`;
///   `broadcast`.
/// - NumPy: `numpy.vecdot`.
///
/// ```swift
/// vecdot([[1, 2], [3, 4]], [[10, 1], [1, 10]])  // [12 43]
/// ```
public func vecdot(
  _ a: NDArray, _ b: NDArray, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("vecdot", file, line)
  return call.build([a, b]) { () throws(WeftError) in
    let (m, n) = (try call.axis(axis, of: a), try call.axis(axis, of: b))
    return try stacked(
      call.moveAxis(conjugated(a, call), m, to: a.rank - 1), [0],
      call.moveAxis(b.strong, n, to: b.rank - 1), [0], to: [], call)
  }
}

/// The products of matrices with vectors; stacks broadcast.
///
/// - Shape: `[..., m, n]` and `[..., n]` give `[..., m]`.
/// - DType: promoted; integers keep their width.
/// - Throws: from `compute()`: `shape-mismatch` when inner extents differ or axes are missing.
/// - NumPy: `numpy.matvec`.
///
/// ```swift
/// matvec([[1, 2], [3, 4]], [1, 10])  // [21 43]
/// ```
public func matvec(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("matvec", file, line)
  return call.build([a, b]) { () throws(WeftError) in
    try stacked(a.strong, [1, 0], b.strong, [0], to: [1], call)
  }
}

/// The products of vectors, conjugated, with matrices; stacks broadcast.
///
/// - Shape: `[..., n]` and `[..., n, m]` give `[..., m]`.
/// - DType: promoted; integers keep their width.
/// - Throws: from `compute()`: `shape-mismatch` when inner extents differ or axes are missing.
/// - NumPy: `numpy.vecmat`.
///
/// ```swift
/// vecmat([1, 10], [[1, 2], [3, 4]])  // [31 42]
/// ```
public func vecmat(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("vecmat", file, line)
  return call.build([a, b]) { () throws(WeftError) in
    try stacked(conjugated(a, call), [0], b.strong, [0, 1], to: [1], call)
  }
}

/// Contracts labels of the last axes; the axes before them broadcast. Label 0 is summed.
private func stacked(
  _ a: NDArray, _ ownA: [Int], _ b: NDArray, _ ownB: [Int], to output: [Int], _ call: Call
) throws(WeftError) -> NDArray {
  guard a.rank >= ownA.count, b.rank >= ownB.count else {
    throw call.error(
      .shapeMismatch, "\(a.expr.type) and \(b.expr.type) have too few axes")
  }
  let (coreA, coreB) = (a.rank - ownA.count, b.rank - ownB.count)
  let (inA, inB) = (ownA.firstIndex(of: 0) ?? 0, ownB.firstIndex(of: 0) ?? 0)
  guard call.mayEqual(a, coreA + inA, b, coreB + inB) else {
    throw call.error(
      .shapeMismatch, "inner extents of \(a.expr.type) and \(b.expr.type) differ")
  }
  // Labels of the stack count from the right, so that they meet.
  let rank = max(coreA, coreB)
  let batchA = (0..<coreA).map { 3 + rank - coreA + $0 }
  let batchB = (0..<coreB).map { 3 + rank - coreB + $0 }
  let stackA = Shape(codes: Array(a.expr.type.shape.codes.prefix(coreA)))
  guard stackA.broadcasted(with: Shape(codes: Array(b.expr.type.shape.codes.prefix(coreB)))) != nil
  else {
    throw call.error(.broadcast, "stacks of \(a.expr.type) and \(b.expr.type) do not broadcast")
  }
  return try call.contract(
    [(a, batchA + ownA), (b, batchB + ownB)], to: (0..<rank).map { 3 + $0 } + output)
}
