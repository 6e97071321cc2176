import WeftIR

/// The elements as they are; not for bool.
///
/// - NumPy: `numpy.positive`.
public func positive(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("positive", file, line)
  return call.build([a]) { () throws(WeftError) in
    guard a.dtype != .bool else { throw call.error(.dtype, "is not defined for bool") }
    return a
  }
}

/// a * a; bool gives int8.
///
/// - NumPy: `numpy.square`.
public func square(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("square", file, line)
  let x = a.dtype == .bool ? call.convert(a, to: .int8) : a.strong
  return call.apply(.multiply, x, x)
}

/// 1 / a; integers truncate.
///
/// - NumPy: `numpy.reciprocal`.
public func reciprocal(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  Call("reciprocal", file, line).apply(.reciprocal, a.strong)
}

/// a to the power b in float64 or complex128.
///
/// - NumPy: `numpy.float_power`.
public func floatPower(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("float_power", file, line)
  return call.build([a, b]) { () throws(WeftError) in
    let wide: DType = a.dtype.isComplex || b.dtype.isComplex ? .complex128 : .float64
    return call.apply(.pow, call.convert(a, to: wide), call.convert(b, to: wide))
  }
}

/// The magnitude of real numbers as floats.
///
/// - DType: float; integers convert by width.
/// - NumPy: `numpy.fabs`.
public func fabs(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("fabs", file, line)
  return call.build([a]) { () throws(WeftError) in call.apply(.abs, try call.float(a)) }
}

/// The nearest integral value, halves to even, as float.
///
/// - DType: float or complex; integers convert by width.
/// - NumPy: `numpy.rint`.
public func rint(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("rint", file, line)
  return call.apply(.round, call.convert(a, to: a.dtype.floatCounterpart))
}

/// The elements rounded to a number of decimal places, halves to even; before the point when it is
/// negative.
///
/// - DType: unchanged; bool gives float16, as in NumPy.
/// - NumPy: `numpy.round`: scales, rounds and scales back, so that 0.285 may round down.
public func round(
  _ a: NDArray, decimals: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("round", file, line)
  return call.build([a]) { () throws(WeftError) in
    if decimals == 0 {
      return call.apply(.round, a.dtype == .bool ? call.convert(a, to: .float16) : a.strong)
    }
    guard a.dtype != .bool else { throw call.error(.dtype, "places of bool cannot be rounded") }
    if a.dtype.isInteger && decimals > 0 { return a }
    if a.dtype.isComplex {
      return call.apply(
        .complex,
        round(call.apply(.real, a.strong), decimals: decimals, file: file, line: line),
        round(call.apply(.imag, a.strong), decimals: decimals, file: file, line: line))
    }
    let dtype = a.dtype.isInteger ? .float64 : a.dtype
    // Powers of ten are exact up to 10^22; beyond the greatest float they are infinite.
    let exponent = min(decimals.magnitude, 400)
    var factor = 1.0
    for _ in 0..<exponent { factor *= 10 }
    if exponent > 22, let parsed = Double("1e\(exponent)") { factor = parsed }
    let scale = call.number(factor, dtype)
    let x = call.convert(a, to: dtype)
    let (there, back): (ScalarFunction, ScalarFunction) =
      decimals > 0 ? (.multiply, .divide) : (.divide, .multiply)
    let rounded = call.apply(back, call.apply(.round, call.apply(there, x, scale)), scale)
    return a.dtype.isInteger ? call.convert(rounded, to: a.dtype) : rounded
  }
}

/// Radians as degrees.
///
/// - DType: float; integers convert by width.
/// - NumPy: `numpy.degrees`, `numpy.rad2deg`.
public func degrees(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  scaled(a, Call("degrees", file, line), { 180 / Float.pi }, { 180 / Double.pi })
}

/// Degrees as radians.
///
/// - DType: float; integers convert by width.
/// - NumPy: `numpy.radians`, `numpy.deg2rad`.
public func radians(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  scaled(a, Call("radians", file, line), { Float.pi / 180 }, { Double.pi / 180 })
}

/// NumPy's word for `degrees`.
public func rad2deg(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  degrees(a, file: file, line: line)
}

/// NumPy's word for `radians`.
public func deg2rad(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  radians(a, file: file, line: line)
}

/// A product with a constant in the dtype's own precision; half precision computes in float32.
private func scaled(
  _ a: NDArray, _ call: Call, _ single: () -> Float, _ double: () -> Double
) -> NDArray {
  call.build([a]) { () throws(WeftError) in
    let x = try call.float(a)
    if x.dtype == .float64 { return call.apply(.multiply, x, call.number(double(), .float64)) }
    let factor = call.number(Double(single()), .float32)
    return call.convert(
      call.apply(.multiply, call.convert(x, to: .float32), factor), to: x.dtype)
  }
}

/// sin(pi a) / (pi a); 1 at 0.
///
/// - DType: float or complex; integers convert to float64.
/// - NumPy: `numpy.sinc`.
public func sinc(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("sinc", file, line)
  return call.build([a]) { () throws(WeftError) in
    let x = call.apply(.multiply, NDArray(scalar: Double.pi), a).strong
    // As NumPy: zero is replaced by a number so small that the quotient is 1.
    let tiny: Double =
      switch x.dtype {
      case .float16: 0x1p-10
      case .bfloat16: 0x1p-7
      case .float32: 0x1p-23
      case .float64: 0x1p-52
      default: 1e-20
      }
    let y = call.select(x, x, call.number(tiny, x.dtype))
    return call.apply(.divide, call.apply(.sin, y), y)
  }
}
