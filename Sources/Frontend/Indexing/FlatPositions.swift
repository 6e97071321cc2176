import WeftIR

/// The positions of elements that are not zero, one array of `int64` an axis.
///
/// - Shape: `[n]` each, with n known only from the data.
/// - DType: int64.
/// - Throws: from `compute()` of the only result: `axis` for a 0-d array.
/// - NumPy: `numpy.nonzero`.
///
/// ```swift
/// nonzero([[0, 5], [6, 0]])
/// // [0 1]
/// // [1 0]
/// ```
public func nonzero(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> [NDArray] {
  a.strong.nonzero(file: file, line: line)
}

/// The positions of elements that are not zero in the flattened array.
///
/// - Shape: `[n]`, known only from the data.
/// - DType: int64.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.flatnonzero`.
///
/// ```swift
/// flatNonzero([[0, 5], [6, 0]])  // [1 2]
/// ```
public func flatNonzero(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("flatnonzero", file, line)
  return call.build([a]) { () throws(WeftError) in
    call.flatten(a).truePositions(call.site)[0]
  }
}

/// The positions of elements that are not zero, one row each.
///
/// - Shape: `[n, rank]`, with n known only from the data.
/// - DType: int64.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.argwhere`.
///
/// ```swift
/// argWhere([[0, 5], [6, 0]])
/// // [[0 1]
/// //  [1 0]]
/// ```
public func argWhere(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("argwhere", file, line)
  return call.build([a]) { () throws(WeftError) in
    let columns = (a.rank == 0 ? call.reshape(a.strong, [1]) : a.strong).truePositions(call.site)
    if let poison = Building.poison(columns.map(\.expr)) { return NDArray(poison) }
    let rows = call.concatenate(
      columns.map { call.reshape($0, codes: [$0.expr.type.shape.codes[0], 1]) }, axis: 1)
    return a.rank == 0 ? call.slice(rows, axis: 1, from: 0, count: 0) : rows
  }
}

/// In which order flat positions count through an array.
public enum IndexOrder: Sendable {
  /// The last axis first (row by row).
  case c
  /// The first axis first (column by column).
  case fortran
}

/// The position along each axis of flat positions in a shape.
///
/// - Shape: that of `positions`, one array an axis.
/// - DType: int64.
/// - Throws: from `compute()`: `dtype`; `negative-extent`; `index-out-of-bounds`, at run time unless
///   the positions are known.
/// - NumPy: `numpy.unravel_index`.
///
/// ```swift
/// unravelIndex([1, 5], [2, 3])
/// // [0 1]
/// // [1 2]
/// ```
public func unravelIndex(
  _ positions: NDArray, _ shape: [Int], order: IndexOrder = .c, file: StaticString = #fileID,
  line: UInt = #line
) -> [NDArray] {
  let call = Call("unravel_index", file, line)
  return call.buildAll([positions]) { () throws(WeftError) in
    let count = try call.shape(shape).count ?? 0
    guard positions.dtype.isInteger || positions.count == 0 else {
      throw call.error(.dtype, "the positions are \(positions.expr.type), expected integers")
    }
    for position in ConstantReader.integers(positions, atMost: ConstantReader.few) ?? []
    where position < 0 || position >= count {
      throw call.error(
        .indexOutOfBounds, "position \(position) is out of bounds for \(count) elements of \(shape)"
      )
    }
    let index = call.convert(positions, to: .int64)
    let isValid = call.apply(
      .logicalAnd, call.apply(.greaterEqual, index, call.integer(0)),
      call.apply(.less, index, call.integer(count)))
    var rest = call.require(
      isValid, index, .indexOutOfBounds, "a position is out of bounds for \(count) elements")
    var result: [NDArray] = []
    let extents = order == .c ? shape.reversed() : shape
    for extent in extents {
      let divisor = call.integer(max(extent, 1))
      result.append(call.apply(.remainder, rest, divisor))
      rest = call.apply(.floorDivide, rest, divisor)
    }
    return order == .c ? result.reversed() : result
  }
}

/// Flat positions in a shape of positions along each axis.
///
/// - Shape: the positions' shapes broadcast.
/// - DType: int64.
/// - Throws: from `compute()`: `argument` unless there is an array for each axis; `dtype`;
///   `index-out-of-bounds`, at run time unless the positions are known.
/// - NumPy: `numpy.ravel_multi_index`; one rule serves all axes or each has its own. Negative
///   positions are out of bounds unless they wrap or are clipped.
///
/// ```swift
/// ravelMultiIndex([[0, 1], [1, 2]], [2, 3])  // [1 5]
/// ```
public func ravelMultiIndex(
  _ positions: [NDArray], _ shape: [Int], outOfBounds: [OutOfBounds] = [.error],
  order: IndexOrder = .c, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("ravel_multi_index", file, line)
  return call.build(positions) { () throws(WeftError) in
    guard positions.count == shape.count, !shape.isEmpty else {
      throw call.error(.argument, "\(positions.count) arrays of positions for shape \(shape)")
    }
    _ = try call.shape(shape)
    let rules = try call.pairs(outOfBounds, rank: shape.count, "rules")
    _ = try call.broadcastShape(positions)
    var total: NDArray?
    let axes = order == .c ? Array(shape.indices) : Array(shape.indices.reversed())
    for axis in axes {
      let (extent, array) = (shape[axis], positions[axis])
      guard array.dtype.isInteger || array.count == 0 else {
        throw call.error(.dtype, "positions are \(array.expr.type), expected integers")
      }
      var index = call.convert(array, to: .int64)
      if rules[axis] == .error {
        for position in ConstantReader.integers(array, atMost: ConstantReader.few) ?? []
        where position < 0 || position >= extent {
          throw call.error(
            .indexOutOfBounds, "position \(position) is out of bounds for axis \(axis) of \(shape)")
        }
        let isValid = call.apply(
          .logicalAnd, call.apply(.greaterEqual, index, call.integer(0)),
          call.apply(.less, index, call.integer(extent)))
        index = call.require(
          isValid, index, .indexOutOfBounds,
          "a position is out of bounds for axis \(axis) of \(shape)")
      } else {
        index = try call.bounded(index, extent, rules[axis])
      }
      guard let before = total else {
        total = index
        continue
      }
      total = call.apply(.add, call.apply(.multiply, before, call.integer(extent)), index)
    }
    return total ?? call.integer(0)
  }
}
