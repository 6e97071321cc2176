import WeftIR

/// The array without a position along an axis; without an axis the array is flattened.
///
/// - Shape: the axis is shorter by one.
/// - DType: unchanged.
/// - Throws: from `compute()`: `index-out-of-bounds`; `axis`.
/// - NumPy: `numpy.delete`.
///
/// ```swift
/// delete([10, 20, 30], 1)  // [10 30]
/// delete([[1, 2, 3], [4, 5, 6]], -1, axis: 1)
/// // [[1 2]
/// //  [4 5]]
/// ```
public func delete(
  _ a: NDArray, _ position: Int, axis: Int? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let call = Call("delete", file, line)
  return call.build([a]) { () throws(WeftError) in
    let (operand, axis) = try axisOrFlat(a, axis, call)
    let extent = try call.extent(axis, of: operand)
    let index = try call.index(position, extent, axis, operand)
    return call.concatenate(
      [
        call.slice(operand, axis: axis, from: 0, count: index),
        call.slice(operand, axis: axis, from: index + 1, count: extent - index - 1),
      ], axis: axis)
  }
}

/// The array without the positions of a slice along an axis.
///
/// - Shape: the axis is shorter by the positions of the slice.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis`; `index` for anything but a slice or a position.
/// - NumPy: `numpy.delete` with a slice.
///
/// ```swift
/// delete(arange(6), .stride(by: 2))  // [1 3 5]
/// ```
public func delete(
  _ a: NDArray, _ positions: AxisIndex, axis: Int? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let call = Call("delete", file, line)
  switch positions {
  case .at(let position): return delete(a, position, axis: axis, file: file, line: line)
  case .array(let array): return delete(a, array, axis: axis, file: file, line: line)
  case .remaining, .inserted:
    return call.failure(.index, "positions are integers, a slice, an integer array or a mask")
  case .slice:
    return call.build([a]) { () throws(WeftError) in
      let (operand, axis) = try axisOrFlat(a, axis, call)
      let extent = try call.extent(axis, of: operand)
      let plan = try IndexPlan(
        [positions], of: TensorType(.int64, Shape([extent])), site: call.site)
      let (start, step, count) = (plan.cuts[0].start, plan.cuts[0].step, plan.cuts[0].count ?? 0)
      if count == 0 { return operand }
      let end = start + (count - 1) * step + 1
      var parts = [call.slice(operand, axis: axis, from: 0, count: start)]
      if step > 1 {
        // Between two deleted positions step - 1 stay.
        let position = call.counts([end - start])
        let stays = call.apply(
          .notEqual, call.apply(.remainder, position, call.integer(step)), call.integer(0))
        parts.append(
          call.node(
            .compress(axis: axis, extent: .known(end - start - count)),
            call.slice(operand, axis: axis, from: start, count: end - start), stays))
      }
      parts.append(call.slice(operand, axis: axis, from: end, count: extent - end))
      return call.concatenate(parts, axis: axis)
    }
  }
}

/// The array without the positions that integers or a mask tell, along an axis.
///
/// - Shape: the axis is shorter by the number of distinct positions; only the data tell it when the
///   positions are not computed yet.
/// - DType: unchanged.
/// - Throws: from `compute()`: `index-out-of-bounds`; `index` for a mask of another extent; `dtype`.
/// - NumPy: `numpy.delete`.
///
/// ```swift
/// let positions: NDArray = [0, 2]
/// delete([10, 20, 30], positions)  // [20]
/// let small: NDArray = [true, false, false]
/// delete([10, 20, 30], small)  // [20 30]
/// ```
public func delete(
  _ a: NDArray, _ positions: NDArray, axis: Int? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let call = Call("delete", file, line)
  return call.build([a, positions]) { () throws(WeftError) in
    let (operand, axis) = try axisOrFlat(a, axis, call)
    let extent = try call.extent(axis, of: operand)
    var keeps: NDArray
    var remaining: Int?
    if positions.dtype == .bool {
      guard positions.rank == 1, positions.count == extent || positions.count == nil else {
        throw call.error(
          .index,
          "the mask \(positions.expr.type) does not fit axis \(axis) of \(operand.expr.type)")
      }
      keeps = call.apply(.logicalNot, positions)
      remaining = ConstantReader.scalars(positions).map { extent - $0.count(where: \.boolValue) }
    } else {
      guard positions.dtype.isInteger || positions.count == 0 else {
        throw call.error(.dtype, "positions are \(positions.expr.type), expected integers")
      }
      if let values = ConstantReader.integers(positions) {
        var distinct: Set<Int> = []
        for value in values {
          distinct.insert(try call.index(value, extent, axis, operand))
        }
        remaining = extent - distinct.count
        if distinct.count <= ConstantReader.few,
          Composition(call.name, site: call.site).sparseFill(of: operand) != nil
        {
          return without(distinct.sorted(), operand, axis, call)
        }
      }
      let flat = call.flatten(call.convert(positions, to: .int64))
      let index = call.select(
        call.apply(.less, flat, call.integer(0)), call.apply(.add, flat, call.integer(extent)), flat
      )
      keeps = call.node(
        .scatter(axis: 0, .second),
        call.broadcast(call.constant(Scalar(true)), to: Shape([extent])), index,
        call.broadcast(call.constant(Scalar(false)), to: index.expr.type.shape))
    }
    let count = remaining.map { Extent.known($0) } ?? keeps.expr.selectionExtent
    return call.node(.compress(axis: axis, extent: count), operand, keeps)
  }
}

/// What stands between positions along an axis, which ascend: entries of a sparse array alone, and no mask as long as the axis.
private func without(_ positions: [Int], _ a: NDArray, _ axis: Int, _ call: Call) -> NDArray {
  var parts: [NDArray] = []
  var start = 0
  for position in positions + [a.codes[axis]] {
    if position > start {
      parts.append(call.slice(a, axis: axis, from: start, count: position - start))
    }
    start = position + 1
  }
  if parts.isEmpty { parts = [call.slice(a, axis: axis, from: 0, count: 0)] }
  return call.concatenate(parts, axis: axis)
}

/// The array with values put in before a position along an axis; without one it is flattened.
///
/// - Shape: the axis grows by the values' extent along it; 0-d values count as one.
/// - DType: the array's; values convert.
/// - Throws: from `compute()`: `index-out-of-bounds`; `broadcast`; `axis`.
/// - NumPy: `numpy.insert`.
///
/// ```swift
/// insert([1, 2, 3], 1, 99)  // [ 1 99  2  3]
/// insert([[1, 2], [3, 4]], 1, [10, 20], axis: 0)
/// // [[ 1  2]
/// //  [10 20]
/// //  [ 3  4]]
/// ```
public func insert(
  _ a: NDArray, _ position: Int, _ values: NDArray, axis: Int? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("insert", file, line)
  return call.build([a, values]) { () throws(WeftError) in
    let (operand, axis) = try axisOrFlat(a, axis, call)
    // As NumPy: the first axis of the values is the one that is inserted along.
    let part = call.moveAxis(try ranked(values, like: operand, call), 0, to: axis)
    return try inserting(operand, position, part, axis, call)
  }
}

/// The array with values put in before several positions, which count in the array as it was.
///
/// - Shape: the axis grows by the number of positions, or of values when there is one position.
/// - DType: the array's; values convert.
/// - Throws: from `compute()`: `index-out-of-bounds`; `broadcast`; `axis`.
/// - NumPy: `numpy.insert`.
///
/// ```swift
/// insert([1, 2, 3], [0, 3], [10, 40])  // [10  1  2  3 40]
/// ```
public func insert(
  _ a: NDArray, _ positions: [Int], _ values: NDArray, axis: Int? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("insert", file, line)
  return call.build([a, values]) { () throws(WeftError) in
    let (operand, axis) = try axisOrFlat(a, axis, call)
    let part = try ranked(values, like: operand, call)
    if positions.count == 1 { return try inserting(operand, positions[0], part, axis, call) }
    let extent = try call.extent(axis, of: operand)
    var starts: [Int] = []
    for position in positions {
      starts.append(try call.index(position, extent + 1, axis, operand, wrapping: extent))
    }
    // The k-th in ascending order moves by the k that stand before it.
    let order = starts.indices.sorted { (starts[$0], $0) < (starts[$1], $1) }
    var targets = starts
    for (rank, index) in order.enumerated() { targets[index] += rank }
    let count = starts.count
    let total = try call.sum(extent, count)
    var shape = operand.expr.type.shape
    shape[axis] = .known(count)
    let fitted = try spread(part, to: shape, call)
    if count == 0 { return operand }
    // Each position of the result shows a value or the next element of the array.
    let indices = NDArray(targets)
    let source = call.node(
      .scatter(axis: 0, .second), call.broadcast(call.integer(-1), to: Shape([total])), indices,
      call.counts([count]))
    let isOld = call.apply(.less, source, call.integer(0))
    let old = call.apply(
      .subtract, call.node(.scan(.add, axis: 0), call.convert(isOld, to: .int64)),
      call.integer(1))
    let index = call.select(isOld, old, call.apply(.add, source, call.integer(extent)))
    return call.gather(
      call.concatenate([operand, fitted], axis: axis), index, axis: axis)
  }
}

/// The array with values put in before the positions of an integer array or a mask, whose values
/// must be known already.
///
/// - Shape: the axis grows by the number of positions.
/// - DType: the array's; values convert.
/// - Throws: from `compute()`: `unknown-extent` for positions that are not known;
///   `index-out-of-bounds`; `broadcast`; `axis`.
/// - NumPy: `numpy.insert`.
///
/// ```swift
/// let isBig: NDArray = [false, true, true]
/// insert([1, 20, 30], isBig, 0)  // [ 1  0 20  0 30]
/// ```
public func insert(
  _ a: NDArray, _ positions: NDArray, _ values: NDArray, axis: Int? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("insert", file, line)
  return call.build([a, positions, values]) { () throws(WeftError) in
    guard positions.rank <= 1, !positions.dtype.isInexact || positions.count == 0 else {
      throw call.error(.dtype, "positions are \(positions.expr.type), expected integers")
    }
    guard var known = ConstantReader.integers(positions) else {
      throw call.error(
        .unknownExtent, "the positions are not computed yet",
        hint: "compute() the positions first")
    }
    if positions.dtype == .bool { known = known.indices.filter { known[$0] != 0 } }
    if positions.rank == 0 {
      return insert(a, known.first ?? 0, values, axis: axis, file: file, line: line)
    }
    return insert(a, known, values, axis: axis, file: file, line: line)
  }
}

private func inserting(
  _ a: NDArray, _ position: Int, _ values: NDArray, _ axis: Int, _ call: Call
) throws(WeftError) -> NDArray {
  let extent = try call.extent(axis, of: a)
  let index = try call.index(position, extent + 1, axis, a, wrapping: extent)
  var shape = a.expr.type.shape
  shape[axis] = values.expr.type.shape[axis]
  return call.concatenate(
    [
      call.slice(a, axis: axis, from: 0, count: index), try spread(values, to: shape, call),
      call.slice(a, axis: axis, from: index, count: extent - index),
    ], axis: axis)
}

/// Values in the array's dtype with leading axes of extent 1 up to its rank.
private func ranked(
  _ values: NDArray, like a: NDArray, _ call: Call
) throws(WeftError) -> NDArray {
  guard a.rank > 0 else {
    throw call.error(.axis, "\(a.expr.type) has no axes to insert along")
  }
  try values.requireFits(a.dtype, call.name, call.site)
  if values.weakKind == .complex, !a.dtype.isComplex, a.dtype != .bool {
    throw call.error(.dtype, "a complex number cannot be put into \(a.expr.type)")
  }
  let missing = max(0, a.rank - values.rank)
  let codes = Array(repeating: 1, count: missing) + values.expr.type.shape.codes
  return call.reshape(call.convert(values, to: a.dtype), codes: codes)
}

private func spread(
  _ values: NDArray, to shape: Shape, _ call: Call
) throws(WeftError) -> NDArray {
  // Leading axes of extent 1 may be left over, as in an assignment.
  let codes = values.expr.type.shape.codes
  let extra = max(0, codes.count - shape.rank)
  if extra > 0, codes.prefix(extra).allSatisfy({ $0 == 1 }) {
    return try spread(call.reshape(values, codes: Array(codes.dropFirst(extra))), to: shape, call)
  }
  guard values.expr.type.shape.broadcasted(with: shape) == shape else {
    throw call.error(
      .broadcast, "the values have shape \(values.expr.type.shape), which does not fit \(shape)")
  }
  return call.broadcast(values, to: shape)
}

extension Call {
  /// A position counted from the front, below a limit; negative ones count from an extent.
  func index(
    _ position: Int, _ limit: Int, _ axis: Int, _ a: NDArray, wrapping extent: Int? = nil
  ) throws(WeftError) -> Int {
    let extent = extent ?? limit
    guard position >= -extent, position < limit else {
      throw error(
        .indexOutOfBounds,
        "index \(position) is out of bounds for axis \(axis) of \(a.expr.type) with extent \(extent)"
      )
    }
    return position < 0 ? position + extent : position
  }
}

/// Which ends `trimZeros` cuts.
public enum TrimmedEnds: Sendable {
  /// The zeros before the first other element.
  case front
  /// The zeros after the last other element.
  case back
  /// Both.
  case both
}

/// The array without the zeros at its ends, along every axis or those given.
///
/// - Shape: only the data tell the extents.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis`, `axis-duplicate`.
/// - NumPy: `numpy.trim_zeros`.
///
/// ```swift
/// trimZeros([0, 0, 1, 0, 2, 0])  // [1 0 2]
/// trimZeros([0, 0, 1, 0, 2, 0], .front)  // [1 0 2 0]
/// ```
public func trimZeros(
  _ a: NDArray, _ ends: TrimmedEnds = .both, axes: [Int]? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let call = Call("trim_zeros", file, line)
  return call.build([a]) { () throws(WeftError) in
    let isSet = call.apply(.notEqual, a.strong, call.zero(a.dtype))
    var result = a.strong
    for axis in try call.axes(axes ?? Array(0..<a.rank), of: a) {
      let others = (0..<a.rank).filter { $0 != axis }
      let used = call.reduce(.logicalOr, isSet, others)
      let fromFront = call.node(.scan(.logicalOr, axis: 0), used)
      let fromBack = call.reverse(
        call.node(.scan(.logicalOr, axis: 0), call.reverse(used, [0])), [0])
      let keeps =
        switch ends {
        case .front: fromFront
        case .back: fromBack
        case .both: call.apply(.logicalAnd, fromFront, fromBack)
        }
      result = call.node(.compress(axis: axis, extent: keeps.expr.selectionExtent), result, keeps)
    }
    return result
  }
}
