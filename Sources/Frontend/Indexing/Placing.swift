import WeftIR

/// The array with values put at flat positions; a shorter list of values is repeated.
///
/// - Shape: the array's.
/// - DType: the array's; values convert.
/// - Throws: from `compute()`: `dtype` for positions that are no integers; `index-out-of-bounds`.
/// - NumPy: `numpy.put` and `ndarray.put`, which write into the array instead.
///
/// ```swift
/// put([0, 0, 0, 0], [0, -1], [5, 7])  // [5 0 0 7]
/// ```
public func put(
  _ a: NDArray, _ positions: NDArray, _ values: NDArray, outOfBounds: OutOfBounds = .error,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("put", file, line)
  return call.build([a, positions, values]) { () throws(WeftError) in
    let extents = try call.extents(of: a)
    let index = call.flatten(try call.indices(positions))
    let count = try call.extent(0, of: index)
    if count == 0 || values.count == 0 { return a.strong }
    let total = try call.product(extents)
    guard total > 0 else {
      throw call.error(.indexOutOfBounds, "\(a.expr.type) has no elements to put at")
    }
    let updates = call.repeated(call.convert(values, to: a.dtype), count)
    let bounded = try call.bounded(index, total, outOfBounds)
    let result = call.node(.scatter(axis: 0, .second), call.flatten(a), bounded, updates)
    return call.reshape(result, extents)
  }
}

/// The array with values put where a mask holds, in order; a shorter list of values is repeated.
///
/// - Shape: the array's.
/// - DType: the array's; values convert.
/// - Throws: from `compute()`: `shape-mismatch` for a mask of another size; `value` without values
///   where the mask may hold.
/// - NumPy: `numpy.place`, which writes into the array instead; there a mask without true elements
///   needs no values.
///
/// ```swift
/// place([1, 2, 3, 4], [true, false, true, true], [8, 9])  // [8 2 9 8]
/// ```
public func place(
  _ a: NDArray, _ mask: NDArray, _ values: NDArray, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let call = Call("place", file, line)
  return call.build([a, mask, values]) { () throws(WeftError) in
    let extents = try call.extents(of: a)
    guard mask.count == a.count else {
      throw call.error(
        .shapeMismatch, "the mask \(mask.expr.type) has not as many elements as \(a.expr.type)")
    }
    if a.count == 0 { return a.strong }
    let list = call.flatten(call.convert(values, to: a.dtype))
    let count = try call.extent(0, of: list)
    guard count > 0 else { throw call.error(.value, "there are no values to place") }
    if count == 1 {
      let holds = call.reshape(call.convert(mask, to: .bool), extents)
      return call.select(holds, call.reshape(list, []), a.strong)
    }
    let holds = call.flatten(call.convert(mask, to: .bool))
    // The k-th true element gets value k.
    let rank = call.apply(
      .subtract, call.node(.scan(.add, axis: 0), call.convert(holds, to: .int64)),
      call.integer(1))
    let chosen = call.gather(
      list, call.apply(.remainder, rank, call.integer(count)), axis: 0)
    return call.reshape(call.select(holds, chosen, call.flatten(a)), extents)
  }
}

/// The array with its main diagonal replaced by values, which are repeated along it.
///
/// - Shape: the array's: two axes, or more of equal extents.
/// - DType: the array's; values convert.
/// - Throws: from `compute()`: `axis` for fewer than two axes; `shape-mismatch` for unequal extents
///   of more than two.
/// - NumPy: `numpy.fill_diagonal`, which writes into the array instead; `wraps` is its `wrap`.
///
/// ```swift
/// fillDiagonal(zeros([3, 3], dtype: .int64), [1, 2])
/// // [[1 0 0]
/// //  [0 2 0]
/// //  [0 0 1]]
/// ```
public func fillDiagonal(
  _ a: NDArray, _ values: NDArray, wraps: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let call = Call("fill_diagonal", file, line)
  return call.build([a, values]) { () throws(WeftError) in
    guard a.rank >= 2 else { throw call.error(.axis, "\(a.expr.type) has fewer than two axes") }
    let extents = try call.extents(of: a)
    let total = try call.product(extents)
    var (step, end) = (extents[1] + 1, total)
    if a.rank == 2 {
      // Tall matrices stop at the end of the square unless the diagonal wraps.
      if !wraps, extents[0] > extents[1] { end = extents[1] * extents[1] }
    } else {
      guard Set(extents).count == 1 else {
        throw call.error(.shapeMismatch, "the extents of \(a.expr.type) differ")
      }
      step = extents.indices.reduce(0) { sum, axis in sum + extents[(axis + 1)...].reduce(1, *) }
    }
    if total == 0 { return a.strong }
    let count = (end + step - 1) / step
    if count == 0 || values.count == 0 { return a.strong }
    let positions = call.apply(.multiply, call.counts([count]), call.integer(step))
    let updates = call.repeated(call.convert(values, to: a.dtype), count)
    return call.reshape(
      call.node(.scatter(axis: 0, .second), call.flatten(a), positions, updates), extents)
  }
}

extension Call {
  /// The elements in C order, repeated or cut to a count.
  fileprivate func repeated(_ a: NDArray, _ count: Int) -> NDArray {
    let flat = flatten(a)
    guard let own = flat.count else { return flat }
    if own == count { return flat }
    if own > count { return slice(flat, axis: 0, from: 0, count: count) }
    if own == 1 { return broadcast(flat, to: Shape([count])) }
    return gather(flat, apply(.remainder, counts([count]), integer(own)), axis: 0)
  }
}
