import WeftIR

/// The fractional and the integral part, both with the sign of a.
///
/// - Shape: unchanged, both.
/// - DType: float; integers convert by width.
/// - Throws: from `compute()`: `dtype` for complex.
/// - NumPy: `numpy.modf`.
///
/// ```swift
/// let (fraction, integral) = modf([2.75, -1.5])
/// fraction  // [ 0.75 -0.5 ]
/// integral  // [ 2. -1.]
/// ```
public func modf(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> (fraction: NDArray, integral: NDArray) {
  let call = Call("modf", file, line)
  return call.buildPair([a]) { () throws(WeftError) in
    let x = try call.float(a)
    let integral = call.apply(.trunc, x)
    let rest = call.apply(.subtract, x, integral)
    let fraction = call.select(call.apply(.isinf, x), call.zero(x.dtype), rest)
    return (call.apply(.copysign, fraction, x), call.apply(.copysign, integral, x))
  }
}

/// The fraction in [0.5, 1) by magnitude, and the power of two that it stands for.
///
/// - Shape: unchanged, both.
/// - DType: float and int32; integers convert by width.
/// - Throws: from `compute()`: `dtype` for complex.
/// - NumPy: `numpy.frexp`.
///
/// ```swift
/// let (mantissa, exponent) = frexp([8, 0.75, -3])
/// mantissa  // [ 0.5   0.75 -0.75]
/// exponent  // [4 0 2]
/// ```
public func frexp(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> (mantissa: NDArray, exponent: NDArray) {
  let call = Call("frexp", file, line)
  return call.buildPair([a]) { () throws(WeftError) in
    let x = try call.float(a)
    return (
      call.apply(.mantissa, x), call.convert(call.apply(.exponent, x), to: .int32)
    )
  }
}

/// a times 2 to the power b.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: the float dtype of a by width; b is an integer.
/// - Throws: from `compute()`: `dtype`; `broadcast`.
/// - NumPy: `numpy.ldexp`.
///
/// ```swift
/// ldexp([0.5, 0.75], [4, 0])  // [8.   0.75]
/// ```
public func ldexp(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("ldexp", file, line)
  return call.build([a, b]) { () throws(WeftError) in
    guard b.dtype.isInteger || b.dtype == .bool else {
      throw call.error(.dtype, "the exponent is \(b.expr.type), expected integers")
    }
    let x = try call.float(a)
    // No float is scaled further than from the least to the greatest: float64 needs 2098. 4096 is
    // exact in all dtypes.
    let limited = call.apply(
      .minimum, call.apply(.maximum, call.convert(b, to: .int64), call.integer(-4096)),
      call.integer(4096))
    return call.apply(.ldexp, x, call.convert(limited, to: x.dtype))
  }
}

/// The quotient rounded towards -inf and the remainder with the divisor's sign.
///
/// - Shape: the operands' shapes broadcast, both.
/// - DType: promoted; bool gives int8.
/// - Throws: from `compute()`: `dtype` for complex; `broadcast`.
/// - NumPy: `numpy.divmod`.
///
/// ```swift
/// let (quotient, remainder) = divmod([7, -7], 3)
/// quotient  // [ 2 -3]
/// remainder  // [1 2]
/// ```
public func divmod(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> (quotient: NDArray, remainder: NDArray) {
  let call = Call("divmod", file, line)
  return (
    call.apply(.floorDivide, a, b).strong, call.apply(.remainder, a, b).strong
  )
}

/// The angle of a complex number; 0 or pi for real ones.
///
/// - Shape: unchanged.
/// - DType: float; integers convert by width.
/// - Units: radians unless degrees are asked for.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.angle`.
///
/// ```swift
/// angle(NDArray([Complex(1.0, 1.0), Complex(-2.0, 0.0)]), degrees: true)  // [ 45. 180.]
/// ```
public func angle(
  _ a: NDArray, degrees: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("angle", file, line)
  return call.build([a]) { () throws(WeftError) in
    let radians: NDArray
    if a.dtype.isComplex {
      radians = call.apply(.atan2, call.apply(.imag, a.strong), call.apply(.real, a.strong))
    } else {
      radians = call.apply(.atan2, NDArray(scalar: 0), a.strong)
    }
    return degrees ? call.apply(.multiply, radians, NDArray(scalar: 180 / Double.pi)) : radians
  }
}

extension Call {
  /// The operand in the float dtype that functions like `sin` compute in.
  func float(_ a: NDArray) throws(WeftError) -> NDArray {
    guard !a.dtype.isComplex else { throw error(.dtype, "is not defined for \(a.expr.type)") }
    return convert(a, to: a.dtype.floatCounterpart)
  }
}
