import WeftIR

/// The array with new axes of extent 1 where the result has the given positions.
///
/// - Shape: the operand's with 1 at each of `axes`, which count in the result.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis`; `axis-duplicate`.
/// - NumPy: `numpy.expand_dims`.
///
/// ```swift
/// expandDims([1, 2, 3], axis: 0)  // [[1 2 3]]
/// expandDims([1, 2, 3], axis: -1).type  // int64[3, 1]
/// ```
public func expandDims(
  _ a: NDArray, axis: Int, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  expandDims(a, axes: [axis], file: file, line: line)
}

/// As `expandDims(_:axis:)` for several new axes. See `expandDims(_:axis:)`.
///
/// ```swift
/// expandDims([1, 2, 3], axes: [0, 2]).type  // int64[1, 3, 1]
/// ```
public func expandDims(
  _ a: NDArray, axes: [Int], file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("expand_dims", file, line)
  return call.build([a]) { () throws(WeftError) in
    guard a.rank + axes.count <= 64 else {
      throw call.error(.value, "\(a.rank + axes.count) axes; an array has at most 64")
    }
    let new = try call.axes(axes, rank: a.rank + axes.count, of: a)
    var codes = a.expr.type.shape.codes
    for axis in new.sorted() { codes.insert(1, at: axis) }
    return call.reshape(a.strong, codes: codes)
  }
}

/// The array without axes of extent 1: all of them, or those given.
///
/// - Shape: without those axes.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis`; `shape-mismatch` when a given axis has another extent;
///   `unknown-extent` where only the data tell which axes these are.
/// - NumPy: `numpy.squeeze`.
///
/// ```swift
/// squeeze([[[1], [2]]])  // [1 2]
/// squeeze([[[1], [2]]], axes: [0]).type  // int64[2, 1]
/// ```
public func squeeze(
  _ a: NDArray, axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("squeeze", file, line)
  return call.build([a]) { () throws(WeftError) in
    let codes = a.expr.type.shape.codes
    // As in NumPy, the axis that a 0-d array has not can be dropped too.
    if a.rank == 0, axes == [0] || axes == [-1] { return a }
    let dropped = try axes.map { axes throws(WeftError) in try call.axes(axes, of: a) }
    for axis in dropped ?? [] where codes[axis] > 1 || codes[axis] == 0 {
      throw call.error(
        .shapeMismatch, "axis \(axis) of \(a.expr.type) has extent \(codes[axis]), not 1")
    }
    if axes == nil, codes.contains(where: { $0 < 0 }) {
      throw call.error(
        .unknownExtent, "\(a.expr.type) has an extent that only the data tell, which may be 1",
        hint: "name the axes, or compute() the array first")
    }
    let kept = codes.indices.filter { axis in
      dropped.map { !$0.contains(axis) } ?? (codes[axis] != 1)
    }
    return call.reshape(a.strong, codes: kept.map { codes[$0] })
  }
}

extension NDArray {
  /// The array without axes of extent 1: all of them, or those given. See `squeeze`.
  ///
  /// - NumPy: `ndarray.squeeze`.
  public func squeezed(
    axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    squeeze(self, axes: axes, file: file, line: line)
  }

  /// The elements along one axis. See `ravel`.
  ///
  /// - NumPy: `ndarray.flatten`, `ndarray.ravel`.
  public func flattened(
    order: IndexOrder = .c, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    ravel(self, order: order, file: file, line: line)
  }
}

/// The elements along one axis, row by row, or column by column in Fortran's order.
///
/// - Shape: `[count]`.
/// - DType: unchanged.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.ravel`.
///
/// ```swift
/// ravel([[1, 2], [3, 4]])  // [1 2 3 4]
/// ravel([[1, 2], [3, 4]], order: .fortran)  // [1 3 2 4]
/// ```
public func ravel(
  _ a: NDArray, order: IndexOrder = .c, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("ravel", file, line)
  return call.flatten(order == .c ? a : a.permuted(nil, name: call.name, site: call.site))
}

/// The array with axes moved to new places; the others keep their order.
///
/// - Shape: the extents move with their axes.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis`, `axis-duplicate`; `argument` when the lists differ in length.
/// - NumPy: `numpy.moveaxis`.
///
/// ```swift
/// moveAxis(zeros([2, 3, 4]), [0, 1], to: [-1, 0]).type  // float64[3, 4, 2]
/// ```
public func moveAxis(
  _ a: NDArray, _ sources: [Int], to targets: [Int], file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let call = Call("moveaxis", file, line)
  return call.build([a]) { () throws(WeftError) in
    guard sources.count == targets.count else {
      throw call.error(.argument, "\(sources) and \(targets) have different numbers of axes")
    }
    let from = try call.axes(sources, of: a)
    let to = try call.axes(targets, of: a)
    var order = (0..<a.rank).filter { !from.contains($0) }
    for (target, source) in zip(to, from).sorted(by: { $0.0 < $1.0 }) {
      order.insert(source, at: target)
    }
    return call.permute(a, order)
  }
}

/// The array with an axis moved to a new place; the others keep their order.
///
/// - Shape: the extents move with their axes.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis`.
/// - NumPy: `numpy.moveaxis`.
///
/// ```swift
/// moveAxis(zeros([2, 3, 4]), 0, to: -1).type  // float64[3, 4, 2]
/// ```
public func moveAxis(
  _ a: NDArray, _ source: Int, to target: Int, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  moveAxis(a, [source], to: [target], file: file, line: line)
}

/// The array with two axes exchanged.
///
/// - Shape: the two extents exchanged.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis`.
/// - NumPy: `numpy.swapaxes`.
///
/// ```swift
/// swapAxes([[1, 2, 3], [4, 5, 6]], 0, 1)
/// // [[1 4]
/// //  [2 5]
/// //  [3 6]]
/// ```
public func swapAxes(
  _ a: NDArray, _ first: Int, _ second: Int, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("swapaxes", file, line)
  return call.build([a]) { () throws(WeftError) in
    var order = Array(0..<a.rank)
    order.swapAt(try call.axis(first, of: a), try call.axis(second, of: a))
    return call.permute(a, order)
  }
}

/// The last two axes exchanged.
///
/// - Shape: `[..., m, n]` to `[..., n, m]`.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis` for fewer than two axes.
/// - NumPy: `numpy.matrix_transpose`.
///
/// ```swift
/// matrixTranspose([[1, 2, 3], [4, 5, 6]])
/// // [[1 4]
/// //  [2 5]
/// //  [3 6]]
/// ```
public func matrixTranspose(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("matrix_transpose", file, line)
  return call.build([a]) { () throws(WeftError) in
    guard a.rank >= 2 else {
      throw call.error(.axis, "\(a.expr.type) has fewer than two axes")
    }
    return swapAxes(a, -1, -2, file: file, line: line)
  }
}

/// The axes in another order.
///
/// - Shape: the extents in the given order of their axes.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis`, `axis-duplicate` when the axes are no permutation.
/// - NumPy: `numpy.permute_dims`, `numpy.transpose`.
///
/// ```swift
/// permuteDims(zeros([2, 3, 4]), [2, 0, 1]).type  // float64[4, 2, 3]
/// ```
public func permuteDims(
  _ a: NDArray, _ axes: [Int], file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  a.permuted(axes, name: "permute_dims", site: SourceSite(file: file, line: line))
}

/// The array; a 0-d one with an axis of extent 1.
///
/// - Shape: `[]` to `[1]`; others unchanged.
/// - DType: unchanged.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.atleast_1d`.
///
/// ```swift
/// atLeast1D(5)  // [5]
/// ```
public func atLeast1D(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("atleast_1d", file, line)
  return a.rank == 0 ? call.reshape(a.strong, [1]) : a
}

/// The array with leading axes of extent 1 until it has two.
///
/// - Shape: `[]` to `[1, 1]`, `[n]` to `[1, n]`; others unchanged.
/// - DType: unchanged.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.atleast_2d`.
///
/// ```swift
/// atLeast2D([1, 2, 3])  // [[1 2 3]]
/// ```
public func atLeast2D(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("atleast_2d", file, line)
  if a.rank >= 2 || a.expr.isPoison { return a }
  let codes = a.expr.type.shape.codes
  return call.reshape(a.strong, codes: Array(repeating: 1, count: 2 - a.rank) + codes)
}

/// The array with axes of extent 1 until it has three: `[n]` becomes `[1, n, 1]`, `[m, n]`
/// becomes `[m, n, 1]`.
///
/// - Shape: `[]` to `[1, 1, 1]`, `[n]` to `[1, n, 1]`, `[m, n]` to `[m, n, 1]`; others unchanged.
/// - DType: unchanged.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.atleast_3d`.
///
/// ```swift
/// atLeast3D([1, 2, 3]).type  // int64[1, 3, 1]
/// ```
public func atLeast3D(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("atleast_3d", file, line)
  if a.rank >= 3 || a.expr.isPoison { return a }
  let codes = a.expr.type.shape.codes
  switch a.rank {
  case 0: return call.reshape(a.strong, codes: [1, 1, 1])
  case 1: return call.reshape(a.strong, codes: [1] + codes + [1])
  default: return call.reshape(a.strong, codes: codes + [1])
  }
}

/// The arrays repeated to their common shape.
///
/// - Shape: the common one, each.
/// - DType: each keeps its own.
/// - Throws: from `compute()`: `broadcast` when they have none.
/// - NumPy: `numpy.broadcast_arrays`.
///
/// ```swift
/// broadcastArrays([[1, 2, 3], [[10], [20]]])[1]
/// // [[10 10 10]
/// //  [20 20 20]]
/// ```
public func broadcastArrays(
  _ arrays: [NDArray], file: StaticString = #fileID, line: UInt = #line
) -> [NDArray] {
  let call = Call("broadcast_arrays", file, line)
  return call.buildAll(arrays) { () throws(WeftError) in
    let shape = try call.broadcastShape(arrays)
    if shape.isKnown { return arrays.map { call.broadcast($0.strong, to: shape) } }
    // The others tell the extents that only the data tell.
    return arrays.map { array in
      arrays.reduce(array.strong) { call.apply(.second, call.convert($1, to: array.dtype), $0) }
    }
  }
}

/// The shape that shapes broadcast to.
///
/// - Throws: `broadcast` when there is none; `negative-extent`.
/// - NumPy: `numpy.broadcast_shapes`.
///
/// ```swift
/// try broadcastShapes([[3, 1], [4]])  // [3, 4]
/// ```
public func broadcastShapes(
  _ shapes: [[Int]], file: StaticString = #fileID, line: UInt = #line
) throws(WeftError) -> [Int] {
  let call = Call("broadcast_shapes", file, line)
  var common = Shape.scalar
  for extents in shapes {
    if extents.contains(where: { $0 < 0 }) {
      throw badShape(extents, call.name, call.site)
    }
    guard let next = common.broadcasted(with: Shape(extents)) else {
      throw call.error(
        .broadcast,
        "cannot broadcast " + shapes.map { Shape($0).description }.joined(separator: " with "))
    }
    common = next
  }
  return common.codes
}
