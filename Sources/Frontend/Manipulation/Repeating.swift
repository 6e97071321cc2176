import WeftIR

/// The array repeated as a tile, as often along each axis as given.
///
/// - Shape: the extents times `counts`; the shorter list gets ones in front.
/// - DType: unchanged.
/// - Throws: from `compute()`: `negative-extent`; `too-large`.
/// - NumPy: `numpy.tile`.
///
/// ```swift
/// tile([[1, 2], [3, 4]], [1, 2])
/// // [[1 2 1 2]
/// //  [3 4 3 4]]
/// ```
public func tile(
  _ a: NDArray, _ counts: [Int], file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("tile", file, line)
  return call.build([a]) { () throws(WeftError) in
    guard counts.allSatisfy({ $0 >= 0 }) else {
      throw call.error(.negativeExtent, "counts \(counts) have a negative one")
    }
    let rank = max(a.rank, counts.count)
    let extents =
      Array(repeating: 1, count: rank - a.rank) + (try call.extents(of: a))
    let repeats = Array(repeating: 1, count: rank - counts.count) + counts
    var result: [Int] = []
    for (n, r) in zip(extents, repeats) { result.append(try call.product(n, r)) }
    let target = try call.shape(result, of: [a])
    if target.count == 0 { return call.broadcast(call.zero(a.dtype), to: target) }
    // [n] repeated r times is [r, n] read as [r * n]; axes that do not repeat stay one.
    var (before, between): ([Int], [Int]) = ([], [])
    for (n, r) in zip(extents, repeats) {
      if r > 1 {
        before.append(1)
        between.append(r)
      }
      before.append(n)
      between.append(n)
    }
    guard between.count <= 64 else { throw call.error(.value, "too many axes repeat") }
    let spread = call.broadcast(call.reshape(a.strong, before), to: Shape(between))
    return call.reshape(spread, result)
  }
}

/// The array repeated as a tile along its last axis. See `tile(_:_:)`.
///
/// - NumPy: `numpy.tile`.
///
/// ```swift
/// tile([1, 2], 3)  // [1 2 1 2 1 2]
/// ```
public func tile(
  _ a: NDArray, _ count: Int, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  tile(a, [count], file: file, line: line)
}

/// Each element repeated a number of times in its place along an axis.
///
/// - Shape: the axis has `count` times its extent; without an axis the array is flattened.
/// - DType: unchanged.
/// - Throws: from `compute()`: `negative-extent`; `axis`; `too-large`.
/// - NumPy: `numpy.repeat` (`repeat` is a Swift keyword).
///
/// ```swift
/// repeated([1, 2], 3)  // [1 1 1 2 2 2]
/// repeated([[1, 2], [3, 4]], 2, axis: 0)
/// // [[1 2]
/// //  [1 2]
/// //  [3 4]
/// //  [3 4]]
/// ```
public func repeated(
  _ a: NDArray, _ count: Int, axis: Int? = nil, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("repeat", file, line)
  return call.build([a]) { () throws(WeftError) in
    try repeating(a, count, axis: axis, call)
  }
}

/// Each element repeated as often as its own count says.
///
/// - Shape: the axis has the sum of the counts.
/// - DType: unchanged.
/// - Throws: from `compute()`: `broadcast` when there is not a count for each position of the axis;
///   `negative-extent`; `axis`; `too-large`.
/// - NumPy: `numpy.repeat`.
///
/// ```swift
/// let counts = [2, 0, 1]
/// repeated([10, 20, 30], counts)  // [10 10 30]
/// ```
public func repeated(
  _ a: NDArray, _ counts: [Int], axis: Int? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let call = Call("repeat", file, line)
  return call.build([a]) { () throws(WeftError) in
    try repeating(a, counts, axis: axis, call)
  }
}

/// Each element repeated as often as an array of counts says, whose values must be known already.
///
/// - Shape: the axis has the sum of the counts.
/// - DType: unchanged.
/// - Throws: from `compute()`: as with a list; `unknown-extent` when the counts have yet to be
///   computed, since the shape depends on them.
/// - NumPy: `numpy.repeat`.
///
/// ```swift
/// let counts: NDArray = [2, 0, 1]
/// repeated([10, 20, 30], counts)  // [10 10 30]
/// ```
public func repeated(
  _ a: NDArray, _ counts: NDArray, axis: Int? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let call = Call("repeat", file, line)
  return call.build([a, counts]) { () throws(WeftError) in
    guard counts.rank <= 1, !counts.dtype.isInexact || counts.count == 0 else {
      throw call.error(.dtype, "counts are \(counts.expr.type), expected integers along one axis")
    }
    guard let values = ConstantReader.integers(counts) else {
      throw call.error(
        .unknownExtent, "the result's shape depends on counts that are not computed yet",
        hint: "compute() the counts first")
    }
    if counts.rank == 0 { return try repeating(a, values[0], axis: axis, call) }
    return try repeating(a, values, axis: axis, call)
  }
}

private func repeating(
  _ a: NDArray, _ count: Int, axis: Int?, _ call: Call
) throws(WeftError) -> NDArray {
  let (operand, axis) = try axisOrFlat(a, axis, call)
  let extents = try call.extents(of: operand)
  guard count >= 0 else { throw call.error(.negativeExtent, "the count is \(count)") }
  var target = extents
  target[axis] = try call.product(extents[axis], count)
  let shape = try call.shape(target, of: [a])
  if shape.count == 0 { return call.broadcast(call.zero(a.dtype), to: shape) }
  if count == 1 { return operand }
  guard extents.count < 64 else { throw call.error(.value, "an array has at most 64 axes") }
  var column = extents
  column.insert(1, at: axis + 1)
  var spread = extents
  spread.insert(count, at: axis + 1)
  return call.reshape(
    call.broadcast(call.reshape(operand, column), to: Shape(spread)), target)
}

private func repeating(
  _ a: NDArray, _ counts: [Int], axis: Int?, _ call: Call
) throws(WeftError) -> NDArray {
  let (operand, axis) = try axisOrFlat(a, axis, call)
  var extents = try call.extents(of: operand)
  if let negative = counts.first(where: { $0 < 0 }) {
    throw call.error(.negativeExtent, "a count is \(negative)")
  }
  if counts.count == 1, let count = counts.first {
    return try repeating(operand, count, axis: axis, call)
  }
  guard counts.count == extents[axis] else {
    throw call.error(
      .broadcast,
      "\(counts.count) counts for extent \(extents[axis]) of axis \(axis) of \(a.expr.type)")
  }
  var total = 0
  var ends: [Int] = []
  for count in counts {
    total = try call.sum(total, count)
    ends.append(total)
  }
  extents[axis] = total
  let shape = try call.shape(extents, of: [a])
  if shape.count == 0 { return call.broadcast(call.zero(a.dtype), to: shape) }
  // Position j shows element k where k ends lie at or before j: a running count of ends.
  let inside = ends.filter { $0 < total }
  let marks = call.node(
    .scatter(axis: 0, .add), call.broadcast(call.integer(0), to: Shape([total])),
    NDArray(inside), call.broadcast(call.integer(1), to: Shape([inside.count])))
  return call.gather(operand, call.node(.scan(.add, axis: 0), marks), axis: axis)
}

/// The array and its axis, or the flattened array and its only one; a 0-d array counts as flat.
func axisOrFlat(
  _ a: NDArray, _ axis: Int?, _ call: Call
) throws(WeftError) -> (NDArray, Int) {
  if let axis, a.rank > 0 || axis != 0 && axis != -1 {
    return (a.strong, try call.axis(axis, of: a))
  }
  let flat = call.flatten(a)
  if let error = flat.expr.error { throw error }
  return (flat, 0)
}

/// The elements in C order under a new shape: repeated as often as it takes, or cut off.
///
/// - Shape: `shape`.
/// - DType: unchanged.
/// - Throws: from `compute()`: `negative-extent`; `too-large`.
/// - NumPy: `numpy.resize`; nothing to repeat gives zeros.
///
/// ```swift
/// resize([1, 2, 3], [2, 4])
/// // [[1 2 3 1]
/// //  [2 3 1 2]]
/// ```
public func resize(
  _ a: NDArray, _ shape: [Int], file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("resize", file, line)
  return call.build([a]) { () throws(WeftError) in
    let target = try call.shape(shape)
    let count = try call.product(call.extents(of: a))
    let wanted = target.count ?? 0
    guard count > 0, wanted > 0 else { return call.broadcast(call.zero(a.dtype), to: target) }
    let rows = (wanted - 1) / count + 1
    let spread = call.broadcast(
      call.reshape(a.strong, [1, count]), to: try call.shape([rows, count]))
    let flat = call.reshape(spread, [-1])
    return call.reshape(call.slice(flat, axis: 0, from: 0, count: wanted), shape)
  }
}

extension NDArray {
  /// Each element repeated a number of times in its place along an axis. See `repeated(_:_:axis:)`.
  ///
  /// - NumPy: `ndarray.repeat`.
  public func repeated(
    _ count: Int, axis: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    Weft.repeated(self, count, axis: axis, file: file, line: line)
  }
}
