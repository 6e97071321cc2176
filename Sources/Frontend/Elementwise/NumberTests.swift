import WeftIR

/// Whether elements are -inf.
///
/// - Shape: unchanged.
/// - DType: bool.
/// - Throws: from `compute()`: `dtype` for complex.
/// - NumPy: `numpy.isneginf`.
///
/// ```swift
/// isNegInf(NDArray([-Double.infinity, 0, .infinity]))  // [ True False False]
/// ```
public func isNegInf(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  isInfinite(a, -.infinity, Call("isneginf", file, line))
}

/// Whether elements are +inf.
///
/// - Shape: unchanged.
/// - DType: bool.
/// - Throws: from `compute()`: `dtype` for complex.
/// - NumPy: `numpy.isposinf`.
///
/// ```swift
/// isPosInf(NDArray([-Double.infinity, 0, .infinity]))  // [False False  True]
/// ```
public func isPosInf(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  isInfinite(a, .infinity, Call("isposinf", file, line))
}

private func isInfinite(_ a: NDArray, _ value: Double, _ call: Call) -> NDArray {
  call.build([a]) { () throws(WeftError) in
    guard !a.dtype.isComplex else {
      throw call.error(.dtype, "is not defined for \(a.expr.type)")
    }
    guard a.dtype.isFloat else { return call.apply(.isinf, a.strong) }
    return call.apply(.equal, a.strong, call.number(value, a.dtype))
  }
}

/// Whether the imaginary part is zero.
///
/// - Shape: unchanged.
/// - DType: bool.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.isreal`.
///
/// ```swift
/// isReal(NDArray([Complex(1.0, 0.0), Complex(1.0, 2.0)]))  // [ True False]
/// ```
public func isReal(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("isreal", file, line)
  return call.build([a]) { () throws(WeftError) in
    call.apply(.logicalNot, call.apply(.imag, a.strong))
  }
}

/// Whether the imaginary part is not zero.
///
/// - Shape: unchanged.
/// - DType: bool.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.iscomplex`.
///
/// ```swift
/// isComplex(NDArray([Complex(1.0, 0.0), Complex(1.0, 2.0)]))  // [False  True]
/// ```
public func isComplex(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("iscomplex", file, line)
  return call.build([a]) { () throws(WeftError) in
    call.convert(call.apply(.imag, a.strong), to: .bool)
  }
}

/// The elements with NaN and infinities replaced by numbers.
///
/// - Shape: unchanged.
/// - DType: unchanged; complex numbers part by part.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.nan_to_num`: the dtype's greatest numbers unless others are given.
///
/// ```swift
/// nanToNum(NDArray([1, .nan, .infinity]), positiveInfinity: 99)  // [ 1.  0. 99.]
/// ```
public func nanToNum(
  _ a: NDArray, nan: Double = 0, positiveInfinity: Double? = nil, negativeInfinity: Double? = nil,
  file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("nan_to_num", file, line)
  return call.build([a]) { () throws(WeftError) in
    let a = a.strong
    guard a.dtype.isInexact else { return a }
    if a.dtype.isComplex {
      let parts = [call.apply(.real, a), call.apply(.imag, a)].map {
        nanToNum(
          $0, nan: nan, positiveInfinity: positiveInfinity, negativeInfinity: negativeInfinity,
          file: file, line: line)
      }
      return call.apply(.complex, parts[0], parts[1])
    }
    let greatest = a.dtype.greatestFinite
    func replaced(_ x: NDArray, _ infinity: Double, _ value: Double) -> NDArray {
      call.select(
        call.apply(.equal, a, call.number(infinity, a.dtype)), call.number(value, a.dtype), x)
    }
    var result = call.select(call.apply(.isnan, a), call.number(nan, a.dtype), a)
    result = replaced(result, .infinity, positiveInfinity ?? greatest)
    return replaced(result, -.infinity, negativeInfinity ?? -greatest)
  }
}

extension DType {
  /// The greatest finite value of a float dtype.
  fileprivate var greatestFinite: Double {
    switch self {
    case .float16: 65504
    case .bfloat16: 0x1.FEp127
    case .float32: Double(Float.greatestFiniteMagnitude)
    default: .greatestFiniteMagnitude
    }
  }
}

/// Whether elements are equal up to `absolute + relative * |b|`.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: bool.
/// - Throws: from `compute()`: `broadcast`; `dtype`.
/// - NumPy: `numpy.isclose`; not symmetric in a and b.
///
/// ```swift
/// isClose([1, 2, 3], [1 + 1e-9, 2.1, 3])  // [ True False  True]
/// isClose([1, 2, 3], [1.05, 2.1, 3], relative: 0.1)  // [ True  True  True]
/// ```
public func isClose(
  _ a: NDArray, _ b: NDArray, relative: NDArray = 1e-5, absolute: NDArray = 1e-8,
  equalNaN: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("isclose", file, line)
  return call.build([a, b, relative, absolute]) { () throws(WeftError) in
    // As NumPy: b as float, so that the magnitude of the least integer fits.
    var y = b
    if !b.dtype.isInexact {
      y =
        b.weakKind == nil
        ? call.convert(b, to: .float64)
        : NDArray(
          weak: (ConstantReader.scalars(b)?.first ?? Scalar(0 as Int64, .float64)).converted(
            to: .float64),
          .float, site: call.site)
    }
    let distance = call.apply(.abs, call.apply(.subtract, a, y))
    let tolerance = call.apply(
      .add, absolute, call.apply(.multiply, relative, call.apply(.abs, y)))
    var result = call.apply(
      .logicalAnd, call.apply(.lessEqual, distance, tolerance), call.apply(.isfinite, y))
    result = call.apply(.logicalOr, result, call.apply(.equal, a, y))
    guard equalNaN else { return result.strong }
    let bothNaN = call.apply(.logicalAnd, call.apply(.isnan, a), call.apply(.isnan, y))
    return call.apply(.logicalOr, result, bothNaN).strong
  }
}

/// Whether all elements are equal up to a tolerance.
///
/// - Shape: `[]`.
/// - DType: bool.
/// - Throws: from `compute()`: `broadcast`; `dtype`.
/// - NumPy: `numpy.allclose`.
///
/// ```swift
/// allClose([0.1 + 0.2, 1], [0.3, 1])  // True
/// ```
public func allClose(
  _ a: NDArray, _ b: NDArray, relative: NDArray = 1e-5, absolute: NDArray = 1e-8,
  equalNaN: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("allclose", file, line)
  let close = isClose(
    a, b, relative: relative, absolute: absolute, equalNaN: equalNaN, file: file, line: line)
  return call.build([close]) { () throws(WeftError) in
    call.reduce(.logicalAnd, close, Array(0..<close.rank))
  }
}

/// Whether two arrays have one shape and equal elements.
///
/// - Shape: `[]`.
/// - DType: bool.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.array_equal`.
///
/// ```swift
/// arrayEqual([1, 2], [1, 2])  // True
/// arrayEqual([1, 2], [[1, 2]])  // False
/// ```
public func arrayEqual(
  _ a: NDArray, _ b: NDArray, equalNaN: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> NDArray {
  let call = Call("array_equal", file, line)
  return call.build([a, b]) { () throws(WeftError) in
    let isSame =
      a.rank == b.rank && (0..<a.rank).allSatisfy { call.mayEqual(a, $0, b, $0) }
    guard isSame else { return call.constant(Scalar(false)) }
    return allEqual(a, b, equalNaN, call)
  }
}

/// Whether two arrays broadcast to one shape with equal elements.
///
/// - Shape: `[]`.
/// - DType: bool.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.array_equiv`.
///
/// ```swift
/// arrayEquivalent([1, 2], [[1, 2], [1, 2]])  // True
/// ```
public func arrayEquivalent(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("array_equiv", file, line)
  return call.build([a, b]) { () throws(WeftError) in
    guard a.expr.type.shape.broadcasted(with: b.expr.type.shape) != nil else {
      return call.constant(Scalar(false))
    }
    return allEqual(a, b, false, call)
  }
}

private func allEqual(_ a: NDArray, _ b: NDArray, _ equalNaN: Bool, _ call: Call) -> NDArray {
  var equal = call.apply(.equal, a.strong, b.strong)
  if equalNaN {
    let both = call.apply(
      .logicalAnd, call.apply(.isnan, a.strong), call.apply(.isnan, b.strong))
    equal = call.apply(.logicalOr, equal, both)
  }
  return call.reduce(.logicalAnd, equal, Array(0..<equal.rank))
}
