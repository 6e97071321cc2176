import WeftIR

/// The fractional and the integral part, both with the sign of a.
///
/// - DType: float; integers convert by width.
/// - NumPy: `numpy.modf`.
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
/// - DType: float and int32; integers convert by width.
/// - NumPy: `numpy.frexp`.
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
/// - DType: the float dtype of a by width; b is an integer.
/// - Throws: from `compute()`: `dtype`; `broadcast`.
/// - NumPy: `numpy.ldexp`.
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
/// - NumPy: `numpy.divmod`.
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
/// - DType: float; integers convert by width.
/// - Units: radians unless degrees are asked for.
/// - NumPy: `numpy.angle`.
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
