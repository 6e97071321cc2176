import WeftIR

/// Which bit of a byte is the first.
public enum BitOrder: String, Sendable, CaseIterable {
  /// The highest: 128.
  case big
  /// The lowest: 1.
  case little
}

/// Truth values as the bits of bytes, eight a byte; the last byte is filled up with zeros.
///
/// - Shape: an eighth of the extent along the axis, rounded up; flattened without an axis.
/// - DType: uint8, of bool or integers: what is not zero is a one.
/// - Throws: from `compute()`: `dtype` for floats; `axis`.
/// - NumPy: `numpy.packbits`.
///
/// ```swift
/// packbits([1, 0, 1, 1])  // [176]
/// ```
public func packbits(
  _ a: NDArray, axis: Int? = nil, order: BitOrder = .big, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let call = Call("packbits", file, line)
  return call.build([a]) { () throws(WeftError) in
    guard !a.dtype.isInexact else {
      throw call.error(.dtype, "takes integers or bool, not \(a.expr.type)")
    }
    let (operand, axis) = try axisOrFlat(a, axis, call)
    let extent = try call.extent(axis, of: operand)
    let bytes = (extent + 7) / 8
    var bits = call.convert(call.convert(operand, to: .bool), to: .uint8)
    if extent % 8 != 0 {
      var shape = bits.expr.type.shape
      shape[axis] = .known(bytes * 8 - extent)
      bits = call.concatenate([bits, call.broadcast(call.zero(.uint8), to: shape)], axis: axis)
    }
    var codes = bits.codes
    codes.replaceSubrange(axis...axis, with: [bytes, 8])
    let places = call.apply(
      .bitwiseLeftShift, call.constant(Scalar(1 as Int64, .uint8)),
      shifts(order, axis + 1, rank: codes.count, call))
    return call.reduce(
      .bitwiseOr, call.apply(.multiply, call.reshape(bits, codes: codes), places), [axis + 1])
  }
}

/// The bits of bytes, eight a byte.
///
/// - Shape: eight times the extent along the axis, or `count`; flattened without an axis.
/// - DType: uint8, of uint8.
/// - Throws: from `compute()`: `dtype` for another dtype; `axis`.
/// - NumPy: `numpy.unpackbits`: a negative `count` leaves bits out at the end, a large one adds zeros.
///
/// ```swift
/// unpackbits(NDArray([176] as [UInt8]), count: 4)  // [1 0 1 1]
/// ```
public func unpackbits(
  _ a: NDArray, axis: Int? = nil, count: Int? = nil, order: BitOrder = .big,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("unpackbits", file, line)
  return call.build([a]) { () throws(WeftError) in
    guard a.dtype == .uint8 else { throw call.error(.dtype, "takes uint8, not \(a.expr.type)") }
    let (operand, axis) = try axisOrFlat(a, axis, call)
    let extent = try call.extent(axis, of: operand)
    let total = try call.product(extent, 8)
    var codes = operand.codes
    codes.insert(1, at: axis + 1)
    let bits = call.apply(
      .bitwiseAnd,
      call.apply(
        .bitwiseRightShift, call.reshape(operand, codes: codes),
        shifts(order, axis + 1, rank: codes.count, call)),
      call.constant(Scalar(1 as Int64, .uint8)))
    codes = operand.codes
    codes[axis] = total
    let whole = call.reshape(bits, codes: codes)
    guard let count else { return whole }
    guard count >= -total else {
      throw call.error(.value, "count \(count) leaves out more than the \(total) bits")
    }
    let wanted = count < 0 ? total + count : count
    if wanted <= total { return call.slice(whole, axis: axis, from: 0, count: wanted) }
    codes[axis] = wanted - total
    return call.concatenate(
      [whole, call.broadcast(call.zero(.uint8), to: try call.shape(codes))], axis: axis)
  }
}

/// By how much the bits of a byte are shifted, along an axis of extent 8.
private func shifts(_ order: BitOrder, _ axis: Int, rank: Int, _ call: Call) -> NDArray {
  let counts = call.convert(call.counts(8, axis: axis, rank: rank), to: .uint8)
  guard order == .big else { return counts }
  return call.apply(.subtract, call.constant(Scalar(7 as Int64, .uint8)), counts)
}

extension NDArray {
  /// The bytes of the elements under another dtype.
  ///
  /// - Shape: unchanged for a dtype of the same size; else the last axis holds as many bytes.
  /// - DType: `dtype`.
  /// - Throws: from `compute()`: `shape-mismatch` when the bytes of the last axis are not a whole
  ///   number of elements, or there is no axis.
  /// - NumPy: `ndarray.view`; a value, which shares nothing that can be written.
  ///
  /// ```swift
  /// NDArray([1.0]).view(.uint64)  // [4607182418800017408]
  /// NDArray([1, 256] as [Int32]).view(.uint8)  // [1 0 0 0 0 1 0 0]
  /// ```
  public func view(
    _ dtype: DType, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    let c = Composition("view", file, line)
    return c.one([self]) { () throws(WeftError) in
      if dtype == self.dtype { return strong }
      return try c.results(.view(dtype), [strong])[0]
    }
  }

  /// The bytes of one element.
  ///
  /// - NumPy: `ndarray.itemsize`; `byteCount` is its `nbytes`.
  public var itemSize: Int { dtype.itemSize }
}
