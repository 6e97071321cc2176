import WeftIR

/// The array in parts of equal extent along an axis.
///
/// - Shape: the axis's extent is divided by the number of parts.
/// - DType: unchanged.
/// - Throws: from `compute()` of the only result: `shape-mismatch` when the extent does not divide;
///   `axis`; `value` for fewer than one part.
/// - NumPy: `numpy.split`.
///
/// ```swift
/// split([1, 2, 3, 4], 2)
/// // [1 2]
/// // [3 4]
/// ```
public func split(
  _ a: NDArray, _ parts: Int, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> [NDArray] {
  let call = Call("split", file, line)
  return call.buildAll([a]) { () throws(WeftError) in
    let position = try call.axis(axis, of: a)
    let extent = try call.extent(position, of: a)
    try requireParts(parts, call)
    guard extent % parts == 0 else {
      throw call.error(
        .shapeMismatch,
        "axis \(position) of \(a.expr.type) does not divide into \(parts) equal parts",
        hint: "arraySplit makes parts of nearly equal extent")
    }
    return try parted(a.strong, parts, position, call)
  }
}

/// The array in parts along an axis, cut before each of the given positions.
///
/// - Shape: the axis's extents add up to the array's.
/// - DType: unchanged.
/// - Throws: from `compute()` of the only result: `axis`.
/// - NumPy: `numpy.split` with a list; positions follow Python's slices.
///
/// ```swift
/// split([1, 2, 3, 4, 5], at: [1, 3])
/// // [1]
/// // [2 3]
/// // [4 5]
/// ```
public func split(
  _ a: NDArray, at positions: [Int], axis: Int = 0, file: StaticString = #fileID,
  line: UInt = #line
) -> [NDArray] {
  let call = Call("split", file, line)
  return call.buildAll([a]) { () throws(WeftError) in
    let axis = try call.axis(axis, of: a)
    let extent = try call.extent(axis, of: a)
    func clamped(_ bound: Int) -> Int {
      min(max(bound < 0 ? bound + extent : bound, 0), extent)
    }
    var parts: [NDArray] = []
    for (start, stop) in zip([0] + positions, positions + [extent]) {
      let first = clamped(start)
      parts.append(
        call.slice(a.strong, axis: axis, from: first, count: max(0, clamped(stop) - first)))
    }
    return parts
  }
}

/// The array in parts of nearly equal extent along an axis; the first ones are longer by one.
///
/// - Shape: the axis's extents add up to the array's.
/// - DType: unchanged.
/// - Throws: from `compute()` of the only result: `axis`; `value` for fewer than one part.
/// - NumPy: `numpy.array_split`.
///
/// ```swift
/// arraySplit([1, 2, 3, 4, 5], 2)
/// // [1 2 3]
/// // [4 5]
/// ```
public func arraySplit(
  _ a: NDArray, _ parts: Int, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> [NDArray] {
  let call = Call("array_split", file, line)
  return call.buildAll([a]) { () throws(WeftError) in
    let position = try call.axis(axis, of: a)
    try requireParts(parts, call)
    return try parted(a.strong, parts, position, call)
  }
}

private func requireParts(_ parts: Int, _ call: Call) throws(WeftError) {
  guard parts > 0 else { throw call.error(.value, "\(parts) parts; at least one is needed") }
  guard parts <= 1 << 20 else { throw call.error(.tooLarge, "\(parts) parts are too many") }
}

private func parted(
  _ a: NDArray, _ parts: Int, _ axis: Int, _ call: Call
) throws(WeftError) -> [NDArray] {
  let (size, longer) = try call.extent(axis, of: a).quotientAndRemainder(dividingBy: parts)
  return (0..<parts).map { part in
    call.slice(
      a, axis: axis, from: part * size + min(part, longer), count: size + (part < longer ? 1 : 0))
  }
}

/// The array's positions along an axis as arrays of one axis less.
///
/// - Shape: without the axis.
/// - DType: unchanged.
/// - Throws: from `compute()` of the only result: `axis`.
/// - NumPy: `numpy.unstack`.
///
/// ```swift
/// unstack([[1, 2], [3, 4]], axis: 1)
/// // [1 3]
/// // [2 4]
/// ```
public func unstack(
  _ a: NDArray, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> [NDArray] {
  let call = Call("unstack", file, line)
  return call.buildAll([a]) { () throws(WeftError) in
    guard a.rank > 0 else { throw call.error(.axis, "\(a.expr.type) has no axes") }
    let position = try call.axis(axis, of: a)
    let extent = try call.extent(position, of: a)
    guard extent <= 1 << 20 else { throw call.error(.tooLarge, "\(extent) parts are too many") }
    return (0..<extent).map { call.element(a.strong, axis: position, at: $0) }
  }
}

/// The array in equal parts side by side: along axis 1, along axis 0 when there is one axis.
///
/// See `split(_:_:axis:)`.
///
/// - NumPy: `numpy.hsplit`.
///
/// ```swift
/// hsplit([[1, 2], [3, 4]], 2)[1]
/// // [[2]
/// //  [4]]
/// ```
public func hsplit(
  _ a: NDArray, _ parts: Int, file: StaticString = #fileID, line: UInt = #line
) -> [NDArray] {
  split(a, parts, axis: a.rank > 1 ? 1 : 0, file: file, line: line)
}

/// The array in equal parts one below the other: along axis 0 of at least two.
///
/// See `split(_:_:axis:)`.
///
/// - NumPy: `numpy.vsplit`.
///
/// ```swift
/// vsplit([[1, 2], [3, 4]], 2)[1]  // [[3 4]]
/// ```
public func vsplit(
  _ a: NDArray, _ parts: Int, file: StaticString = #fileID, line: UInt = #line
) -> [NDArray] {
  guard a.rank >= 2 || a.expr.isPoison else {
    return [Call("vsplit", file, line).failure(.axis, "\(a.expr.type) has fewer than two axes")]
  }
  return split(a, parts, axis: 0, file: file, line: line)
}

/// The array in equal parts along axis 2. See `split(_:_:axis:)`.
///
/// - NumPy: `numpy.dsplit`.
///
/// ```swift
/// dsplit(zeros([2, 3, 4]), 2)[0].type  // float64[2, 3, 2]
/// ```
public func dsplit(
  _ a: NDArray, _ parts: Int, file: StaticString = #fileID, line: UInt = #line
) -> [NDArray] {
  split(a, parts, axis: 2, file: file, line: line)
}
