import WeftIR

/// The dot product with NumPy's rules: of vectors, of matrices, of stacks over the last axis of a
/// and the second last of b.
///
/// - Shape: `[..., k]` and `[..., k, n]` give `[...a, ...b, n]`; `[..., k]` and `[k]` give `[...]`;
///   a 0-d operand multiplies.
/// - Throws: from `compute()`: `shape-mismatch` when the summed extents differ.
/// - NumPy: `numpy.dot`.
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
  /// The dot product with NumPy's rules.
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
/// - Throws: from `compute()`: `shape-mismatch` when extents differ; `axis` when there are not so
///   many axes.
/// - NumPy: `numpy.tensordot`; a negative number of axes is an error.
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
/// - Throws: from `compute()`: `shape-mismatch` when extents or the numbers of axes differ; `axis`;
///   `axis-duplicate`.
/// - NumPy: `numpy.tensordot`.
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
/// - Throws: from `compute()`: `shape-mismatch`.
/// - NumPy: `numpy.inner`.
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
/// - NumPy: `numpy.outer`.
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
    if let m = x.count, let n = y.count { _ = try call.shape([m, n]) }
    return call.apply(.multiply, column, y)
  }
}

/// The dot product of two flattened arrays, the first conjugated.
///
/// - Shape: `[]`.
/// - Throws: from `compute()`: `shape-mismatch` when the numbers of elements differ.
/// - NumPy: `numpy.vdot`.
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
/// - Throws: from `compute()`: `shape-mismatch` when the vectors' extents differ; `axis`;
///   `broadcast`.
/// - NumPy: `numpy.vecdot`.
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
/// - Throws: from `compute()`: `shape-mismatch` when inner extents differ or axes are missing.
/// - NumPy: `numpy.matvec`.
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
/// - Throws: from `compute()`: `shape-mismatch` when inner extents differ or axes are missing.
/// - NumPy: `numpy.vecmat`.
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
