import WeftIR

/// What becomes of an index that lies outside an axis.
public enum OutOfBounds: Sendable {
  /// Negative ones count from the end; others are an error when computing.
  case error
  /// It counts around.
  case wrap
  /// The nearest position is taken; negative ones give the first.
  case clip
}

/// The elements at indices along an axis; without an axis of the flattened array.
///
/// - Shape: the axes of `indices` in place of the axis.
/// - DType: that of the array.
/// - Throws: from `compute()`: `dtype` for indices that are no integers; `axis`;
///   `index-out-of-bounds` at run time, or when building where the indices are known.
/// - NumPy: `numpy.take`.
///
/// ```swift
/// take([10, 20, 30], [2, 0, 2])  // [30 10 30]
/// take([[1, 2], [3, 4]], [-1], axis: 1)
/// // [[2]
/// //  [4]]
/// take([10, 20, 30], [5, -7], outOfBounds: .wrap)  // [30 30]
/// ```
public func take(
  _ a: NDArray, _ indices: NDArray, axis: Int? = nil, outOfBounds: OutOfBounds = .error,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("take", file, line)
  return call.build([a, indices]) { () throws(WeftError) in
    let (operand, axis) = try axisOrFlat(a, axis, call)
    let positions = try call.indices(indices)
    guard case .known(let extent) = operand.expr.type.shape[axis] else {
      if outOfBounds != .error
        || ConstantReader.integers(positions)?.contains(where: { $0 < 0 }) ?? true
      {
        throw call.error(
          .unknownExtent,
          "axis \(axis) of \(operand.expr.type) has an extent that only the data tell")
      }
      return call.gather(operand, positions, axis: axis)
    }
    var codes = operand.expr.type.shape.codes
    codes.replaceSubrange(axis...axis, with: positions.expr.type.shape.codes)
    // Indices are checked also where they take nothing.
    if codes.contains(0), codes.allSatisfy({ $0 >= 0 }),
      positions.count == 0 || outOfBounds != .error
    {
      return call.broadcast(call.zero(a.dtype), to: Shape(codes: codes))
    }
    if extent == 0, positions.count != 0 {
      throw call.error(
        .indexOutOfBounds, "axis \(axis) of \(operand.expr.type) has no elements to take")
    }
    if outOfBounds == .error {
      for index in ConstantReader.integers(positions, atMost: ConstantReader.few) ?? [] {
        _ = try call.index(index, extent, axis, operand)
      }
    }
    let index = try call.bounded(positions, extent, outOfBounds)
    return call.gather(operand, index, axis: axis)
  }
}

extension Call {
  /// Indices as `int64`; an empty float array, as an empty list gives, counts as integers.
  func indices(_ a: NDArray) throws(WeftError) -> NDArray {
    guard a.dtype.isInteger || a.dtype == .bool || a.count == 0 else {
      throw error(.dtype, "the indices are \(a.expr.type), expected integers")
    }
    return convert(a, to: .int64)
  }

  /// Indices brought into an extent; with `error` those that cannot be stay outside it.
  func bounded(
    _ indices: NDArray, _ extent: Int, _ outOfBounds: OutOfBounds
  ) throws(WeftError) -> NDArray {
    switch outOfBounds {
    case .error:
      return select(
        apply(.less, indices, integer(0)), apply(.add, indices, integer(extent)), indices)
    case .wrap: return apply(.remainder, indices, integer(max(extent, 1)))
    case .clip:
      return apply(
        .minimum, apply(.maximum, indices, integer(0)), integer(max(extent - 1, 0)))
    }
  }
}

extension NDArray {
  /// The elements at indices along an axis; without an axis of the flattened array.
  ///
  /// See `take(_:_:axis:)`.
  ///
  /// - NumPy: `ndarray.take`.
  public func take(
    _ indices: NDArray, axis: Int? = nil, outOfBounds: OutOfBounds = .error,
    file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    Weft.take(self, indices, axis: axis, outOfBounds: outOfBounds, file: file, line: line)
  }
}

/// For each position of the other axes the elements at that position's own indices along an axis.
///
/// - Shape: that of `indices`, whose other extents broadcast with the array's.
/// - DType: that of the array.
/// - Throws: from `compute()`: `shape-mismatch` when the ranks differ; `broadcast`; `dtype`;
///   `index-out-of-bounds` at run time.
/// - NumPy: `numpy.take_along_axis`; without an axis both are flattened.
///
/// ```swift
/// let a: NDArray = [[3, 1, 2], [9, 8, 7]]
/// takeAlongAxis(a, argsort(a), axis: 1)
/// // [[1 2 3]
/// //  [7 8 9]]
/// ```
public func takeAlongAxis(
  _ a: NDArray, _ indices: NDArray, axis: Int? = -1, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let call = Call("take_along_axis", file, line)
  return call.build([a, indices]) { () throws(WeftError) in
    let (operand, index) = try alongAxis(a, indices, axis, call)
    return operand.selecting(index, site: call.site)
  }
}

/// The array with values put at indices along an axis, for each position of the other axes its own.
///
/// - Shape: the array's; indices and values broadcast.
/// - DType: the array's; values convert.
/// - Throws: from `compute()`: as `takeAlongAxis`.
/// - NumPy: `numpy.put_along_axis`, which writes into the array instead.
///
/// ```swift
/// putAlongAxis([[1, 2, 3], [4, 5, 6]], [[0], [2]], 0, axis: 1)
/// // [[0 2 3]
/// //  [4 5 0]]
/// ```
public func putAlongAxis(
  _ a: NDArray, _ indices: NDArray, _ values: NDArray, axis: Int? = -1,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("put_along_axis", file, line)
  return call.build([a, indices, values]) { () throws(WeftError) in
    let (operand, index) = try alongAxis(a, indices, axis, call)
    let result = operand.replacing(index, with: values, site: call.site)
    return axis == nil ? call.reshape(result, try call.extents(of: a)) : result
  }
}

/// One index array an axis: the given one, and counts along each other axis.
private func alongAxis(
  _ a: NDArray, _ indices: NDArray, _ axis: Int?, _ call: Call
) throws(WeftError) -> (NDArray, [AxisIndex]) {
  let (operand, axis) = try axisOrFlat(a, axis, call)
  guard indices.dtype.isInteger else {
    throw call.error(.dtype, "the indices are \(indices.expr.type), expected integers")
  }
  guard indices.rank == operand.rank else {
    throw call.error(
      .shapeMismatch, "\(indices.expr.type) and \(operand.expr.type) have different ranks")
  }
  let extents = try call.extents(of: operand)
  let columns = (0..<operand.rank).map { other in
    AxisIndex.array(
      other == axis
        ? indices.strong : call.counts(extents[other], axis: other, rank: operand.rank))
  }
  return (operand, columns)
}

/// The positions along an axis at which a condition holds; without an axis of the flattened array.
///
/// - Shape: only the data tell the extent; positions past the condition's end are left out.
/// - DType: that of the array.
/// - Throws: from `compute()`: `index` for a condition that is not 1-d; `index-out-of-bounds` where it is
///   true past the axis.
/// - NumPy: `numpy.compress`; a longer condition must have nothing true past the axis.
///
/// ```swift
/// compress([false, true, true], [[1, 2, 3], [4, 5, 6]], axis: 1)
/// // [[2 3]
/// //  [5 6]]
/// ```
public func compress(
  _ condition: NDArray, _ a: NDArray, axis: Int? = nil, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let call = Call("compress", file, line)
  return call.build([condition, a]) { () throws(WeftError) in
    guard condition.rank == 1 else {
      throw call.error(.index, "the condition is \(condition.expr.type), expected one axis")
    }
    let (operand, axis) = try axisOrFlat(a, axis, call)
    return try compressing(call.convert(condition, to: .bool), operand, axis, call)
  }
}

private func compressing(
  _ mask: NDArray, _ a: NDArray, _ axis: Int, _ call: Call
) throws(WeftError) -> NDArray {
  var operand = a
  if case .known(let have) = mask.expr.type.shape[0],
    case .known(let extent) = a.expr.type.shape[axis]
  {
    if have > extent {
      // Right where nothing past the axis is true.
      return call.gather(a, mask.truePositions(call.site)[0], axis: axis)
    }
    operand = call.slice(a, axis: axis, from: 0, count: have)
  } else if mask.expr.type.shape[0] != a.expr.type.shape[axis] {
    throw call.error(
      .unknownExtent,
      "only the data tell whether \(mask.expr.type) is shorter than axis \(axis) of \(a.expr.type)",
      hint: "compute() both first")
  }
  return call.node(.compress(axis: axis, extent: mask.expr.selectionExtent), operand, mask)
}

/// The elements at which a condition holds, both flattened.
///
/// - Shape: only the data tell the extent.
/// - DType: that of the array.
/// - Throws: from `compute()`: as `compress`.
/// - NumPy: `numpy.extract`.
///
/// ```swift
/// extract([[true, false], [false, true]], [[1, 2], [3, 4]])  // [1 4]
/// ```
public func extract(
  _ condition: NDArray, _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("extract", file, line)
  return call.build([condition, a]) { () throws(WeftError) in
    let mask = call.flatten(call.convert(condition, to: .bool))
    return try compressing(mask, call.flatten(a), 0, call)
  }
}

/// The elements of the first choice whose condition holds; the default where none does.
///
/// - Shape: all shapes broadcast.
/// - DType: choices and default promoted.
/// - Throws: from `compute()`: `argument` unless there are as many conditions as choices, at least
///   one; `dtype` for conditions that are not bool; `broadcast`.
/// - NumPy: `numpy.select`.
///
/// ```swift
/// let x = arange(6)
/// select([x .< 2, x .> 3], [x, x * 10], default: -1)  // [ 0  1 -1 -1 40 50]
/// ```
public func select(
  _ conditions: [NDArray], _ choices: [NDArray], default fallback: NDArray = 0,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("select", file, line)
  return call.build(conditions + choices + [fallback]) { () throws(WeftError) in
    guard conditions.count == choices.count, !conditions.isEmpty else {
      throw call.error(
        .argument,
        "\(conditions.count) conditions for \(choices.count) choices; "
          + "there are as many, and at least one")
    }
    if let wrong = conditions.first(where: { $0.dtype != .bool }) {
      throw call.error(.dtype, "a condition is \(wrong.expr.type), expected bool")
    }
    let dtype = call.promotedDType(choices + [fallback])
    let shape = try call.broadcastShape(conditions + choices + [fallback])
    // As in `which`, host integers that the dtype lacks wrap.
    var result = call.broadcast(call.convert(fallback, to: dtype), to: shape)
    for (condition, choice) in zip(conditions, choices).reversed() {
      result = call.select(condition, call.convert(choice, to: dtype), result)
    }
    return result
  }
}

/// For each element the value of the choice whose number it is.
///
/// - Shape: all shapes broadcast.
/// - DType: the choices promoted.
/// - Throws: from `compute()`: `dtype` for numbers that are no integers; `argument` without choices;
///   `index-out-of-bounds` at run time; with `.error` negative numbers are out of bounds too.
/// - NumPy: `numpy.choose`.
///
/// ```swift
/// choose([0, 1, 0], [[1, 2, 3], [10, 20, 30]])  // [ 1 20  3]
/// ```
public func choose(
  _ numbers: NDArray, _ choices: [NDArray], outOfBounds: OutOfBounds = .error,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("choose", file, line)
  return call.build([numbers] + choices) { () throws(WeftError) in
    guard !choices.isEmpty else { throw call.error(.argument, "there are no choices") }
    guard !numbers.dtype.isInexact else {
      throw call.error(.dtype, "the numbers are \(numbers.expr.type), expected integers")
    }
    let dtype = call.promotedDType(choices)
    let shape = try call.broadcastShape([numbers] + choices)
    var number = call.convert(numbers, to: .int64)
    if outOfBounds == .error {
      // The table of numbers has no entry for others.
      number = call.gather(call.counts([choices.count]), number, axis: 0)
    } else {
      number = try call.bounded(number, choices.count, outOfBounds)
    }
    var result = call.broadcast(try call.operand(choices[choices.count - 1], dtype), to: shape)
    for (position, choice) in choices.enumerated().dropLast().reversed() {
      result = call.select(
        call.apply(.equal, number, call.integer(position)), try call.operand(choice, dtype), result)
    }
    if choices.count == 1 {
      // One choice: the numbers still have to be looked at; none but 0 comes through the table.
      let other = call.convert(number, to: dtype)
      return call.select(call.apply(.equal, number, call.integer(0)), result, other)
    }
    return result
  }
}
