import WeftIR

/// The elements in reverse order along the given axes, or along all.
///
/// - Shape: unchanged.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis`, `axis-duplicate`.
/// - NumPy: `numpy.flip`.
///
/// ```swift
/// flip([[1, 2], [3, 4]])
/// // [[4 3]
/// //  [2 1]]
/// ```
public func flip(
  _ a: NDArray, axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  flip(a, axes: axes, Call("flip", file, line))
}

/// The elements in reverse order along an axis.
///
/// - Shape: unchanged.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis`.
/// - NumPy: `numpy.flip`.
///
/// ```swift
/// flip([[1, 2], [3, 4]], axis: 1)
/// // [[2 1]
/// //  [4 3]]
/// ```
public func flip(
  _ a: NDArray, axis: Int, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  flip(a, axes: [axis], Call("flip", file, line))
}

/// The rows in reverse order.
///
/// - Shape: unchanged.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis` for a 0-d array.
/// - NumPy: `numpy.flipud`.
///
/// ```swift
/// flipud([[1, 2], [3, 4]])
/// // [[3 4]
/// //  [1 2]]
/// ```
public func flipud(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  flip(a, axes: [0], Call("flipud", file, line))
}

/// The columns in reverse order.
///
/// - Shape: unchanged.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis` for fewer than two axes.
/// - NumPy: `numpy.fliplr`.
///
/// ```swift
/// fliplr([[1, 2], [3, 4]])
/// // [[2 1]
/// //  [4 3]]
/// ```
public func fliplr(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  flip(a, axes: [1], Call("fliplr", file, line))
}

private func flip(_ a: NDArray, axes: [Int]?, _ call: Call) -> NDArray {
  call.build([a]) { () throws(WeftError) in
    call.reverse(a.strong, try call.axes(axes ?? Array(0..<a.rank), of: a))
  }
}

/// The array turned by quarter turns in the plane of two axes, from the first towards the second.
///
/// - Shape: the two extents exchanged for odd turns.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis`, `axis-duplicate` unless two different axes are given.
/// - NumPy: `numpy.rot90`; `turns` is NumPy's `k`.
///
/// ```swift
/// rot90([[1, 2], [3, 4]])
/// // [[2 4]
/// //  [1 3]]
/// ```
public func rot90(
  _ a: NDArray, turns: Int = 1, axes: [Int] = [0, 1], file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let call = Call("rot90", file, line)
  return call.build([a]) { () throws(WeftError) in
    guard axes.count == 2 else {
      throw call.error(.argument, "axes are \(axes); a plane has two")
    }
    let plane = try call.axes(axes, of: a)
    var order = Array(0..<a.rank)
    order.swapAt(plane[0], plane[1])
    switch turns & 3 {
    case 1: return call.permute(call.reverse(a.strong, [plane[1]]), order)
    case 2: return call.reverse(a.strong, plane)
    case 3: return call.reverse(call.permute(a.strong, order), [plane[1]])
    default: return a
    }
  }
}

/// The elements moved along an axis; those that leave at one end enter at the other.
///
/// - Shape: unchanged.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis`.
/// - NumPy: `numpy.roll`; without an axis the flattened elements move.
///
/// ```swift
/// roll([1, 2, 3, 4, 5], 2)  // [4 5 1 2 3]
/// roll([[1, 2, 3], [4, 5, 6]], -1, axis: 1)
/// // [[2 3 1]
/// //  [5 6 4]]
/// ```
public func roll(
  _ a: NDArray, _ shift: Int, axis: Int? = nil, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("roll", file, line)
  return call.build([a]) { () throws(WeftError) in
    guard let axis else {
      let extents = try call.extents(of: a)
      return call.reshape(
        try rolled(call.flatten(a), [shift], axes: [0], call), extents)
    }
    return try rolled(a.strong, [shift], axes: [axis], call)
  }
}

/// The elements moved along several axes; an axis given twice moves by the sum.
///
/// - Shape: unchanged.
/// - DType: unchanged.
/// - Throws: from `compute()`: `axis`; `argument` when the lists differ in length and neither has
///   just one element.
/// - NumPy: `numpy.roll`.
///
/// ```swift
/// roll([[1, 2, 3], [4, 5, 6]], [1, 1], axes: [0, 1])
/// // [[6 4 5]
/// //  [3 1 2]]
/// ```
public func roll(
  _ a: NDArray, _ shifts: [Int], axes: [Int], file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("roll", file, line)
  return call.build([a]) { () throws(WeftError) in
    try rolled(a.strong, shifts, axes: axes, call)
  }
}

private func rolled(
  _ a: NDArray, _ shifts: [Int], axes: [Int], _ call: Call
) throws(WeftError) -> NDArray {
  guard shifts.count == axes.count || shifts.count == 1 || axes.count == 1 else {
    throw call.error(.argument, "\(shifts.count) shifts for \(axes.count) axes")
  }
  let pairs = shifts.isEmpty || axes.isEmpty ? 0 : max(shifts.count, axes.count)
  var result = a
  for i in 0..<pairs {
    let axis = try call.axis(axes[axes.count == 1 ? 0 : i], of: a)
    let extent = try call.extent(axis, of: a)
    if extent == 0 { continue }
    let remainder = shifts[shifts.count == 1 ? 0 : i] % extent
    let shift = remainder < 0 ? remainder + extent : remainder
    if shift == 0 { continue }
    result = call.concatenate(
      [
        call.slice(result, axis: axis, from: extent - shift, count: shift),
        call.slice(result, axis: axis, from: 0, count: extent - shift),
      ], axis: axis)
  }
  return result
}
