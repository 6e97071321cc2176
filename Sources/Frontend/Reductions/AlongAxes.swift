import WeftIR

/// What a function gives for every 1-d slice along an axis.
///
/// The function is called once a slice, with an expression: nothing runs.
///
/// - Shape: the axes of the function's result in place of the axis; alike for all slices.
/// - DType: that of the function's result.
/// - Throws: from `compute()`: `axis`; `value` for no slices; `too-large` for more than 65,536;
///   `concatenate` for results of different shapes.
/// - NumPy: `numpy.apply_along_axis`.
///
/// ```swift
/// applyAlongAxis([[3, 1], [2, 4]], axis: 1) { $0.max() - $0.min() }  // [2 2]
/// ```
public func applyAlongAxis(
  _ a: NDArray, axis: Int, file: StaticString = #fileID, line: UInt = #line,
  _ body: (NDArray) throws -> NDArray
) rethrows -> NDArray {
  let call = Call("apply_along_axis", file, line)
  var parts: [NDArray] = []
  var others: [Int] = []
  var place = 0
  let rows = call.build([a]) { () throws(WeftError) in
    guard a.rank > 0 else { throw call.error(.axis, "\(a.expr.type) has no axes") }
    place = try call.axis(axis, of: a)
    var extents = try call.extents(of: a)
    let extent = extents.remove(at: place)
    others = extents
    let count = try call.product(others)
    guard count > 0 else { throw call.error(.value, "\(a.expr.type) has no slices") }
    guard count <= 1 << 16 else {
      throw call.error(.tooLarge, "\(a.expr.type) has \(count) slices", hint: "use axes instead")
    }
    return call.reshape(call.moveAxis(a.strong, place, to: a.rank - 1), [count, extent])
  }
  if rows.expr.isPoison { return rows }
  for row in 0..<(rows.extent(0) ?? 0) {
    parts.append(try body(call.element(rows, axis: 0, at: row)).strong)
  }
  let stacked = stack(parts, name: call.name, site: call.site)
  return call.build([stacked]) { () throws(WeftError) in
    let own = try call.extents(of: stacked).dropFirst()
    let result = call.reshape(stacked, others + own)
    // The axes of a slice's result go where the axis was.
    let order =
      Array(0..<place) + Array(others.count..<others.count + own.count)
      + Array(place..<others.count)
    return call.permute(result, order)
  }
}

/// A reduction applied over several axes, one after the other, each keeping its axis.
///
/// - Shape: as many axes as the array.
/// - DType: that of the function's result.
/// - Throws: from `compute()`: `axis`; `value` for a result of another number of axes.
/// - NumPy: `numpy.apply_over_axes`.
///
/// ```swift
/// applyOverAxes(arange(8).reshaped([2, 2, 2]), [0, 2]) { $0.sum(axis: $1, keepAxes: true) }
/// // [[[10]
/// //   [18]]]
/// ```
public func applyOverAxes(
  _ a: NDArray, _ axes: [Int], file: StaticString = #fileID, line: UInt = #line,
  _ body: (NDArray, Int) throws -> NDArray
) rethrows -> NDArray {
  let call = Call("apply_over_axes", file, line)
  var result = a.strong
  for axis in axes {
    let position = axis < 0 ? axis + a.rank : axis
    let part = try body(result, position)
    result = call.build([result, part]) { () throws(WeftError) in
      if part.rank == result.rank { return part.strong }
      guard part.rank + 1 == result.rank, position >= 0, position < result.rank else {
        throw call.error(
          .value, "the function gives \(part.expr.type) for \(result.expr.type)")
      }
      var codes = part.codes
      codes.insert(1, at: position)
      return call.reshape(part.strong, codes: codes)
    }
  }
  return result
}
