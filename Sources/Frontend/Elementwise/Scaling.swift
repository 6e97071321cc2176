import WeftIR

/// The elements as they are; not for bool.
///
/// - Shape: unchanged.
/// - DType: unchanged.
/// - Throws: from `compute()`: `dtype` for bool.
/// - NumPy: `numpy.positive`.
///
/// ```swift
/// positive([1, -2])  // [ 1 -2]
/// ```
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
/// - Shape: unchanged.
/// - DType: unchanged; bool gives int8.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.square`.
///
/// ```swift
/// square([1, -2, 3])  // [1 4 9]
/// ```
public func square(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("square", file, line)
  let x = a.dtype == .bool ? call.convert(a, to: .int8) : a.strong
  return call.apply(.multiply, x, x)
}

/// 1 / a; integers truncate.
///
/// - Shape: unchanged.
/// - DType: unchanged; bool gives int8.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.reciprocal`.
///
/// ```swift
/// reciprocal([1, 2, 4.0])  // [1.   0.5  0.25]
/// reciprocal([1, 2])  // [1 0]
/// ```
public func reciprocal(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  Call("reciprocal", file, line).apply(.reciprocal, a.strong)
}

/// a to the power b in float64 or complex128.
///
/// - Shape: the operands' shapes broadcast.
/// - DType: float64; complex128 for complex.
/// - Throws: from `compute()`: `broadcast`.
/// - NumPy: `numpy.float_power`.
///
/// ```swift
/// floatPower([1, 2], -1)  // [1.  0.5]
/// ```
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
/// - Shape: unchanged.
/// - DType: float; integers convert by width.
/// - Throws: from `compute()`: `dtype` for complex.
/// - NumPy: `numpy.fabs`.
///
/// ```swift
/// fabs([-1, 2])  // [1. 2.]
/// ```
public func fabs(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("fabs", file, line)
  return call.build([a]) { () throws(WeftError) in call.apply(.abs, try call.float(a)) }
}

/// The nearest integral value, halves to even, as float.
///
/// - Shape: unchanged.
/// - DType: float or complex; integers convert by width.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.rint`.
///
/// ```swift
/// rint([0.5, 1.5, -2.7])  // [ 0.  2. -3.]
/// ```
public func rint(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  let call = Call("rint", file, line)
  return call.apply(.round, call.convert(a, to: a.dtype.floatCounterpart))
}

/// The elements rounded to a number of decimal places, halves to even; before the point when it is
/// negative.
///
/// - Shape: unchanged.
/// - DType: unchanged; bool gives float16, as in NumPy.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.round`: scales, rounds and scales back, so that 0.285 may round down.
///
/// ```swift
/// round([1.234, 5.678], decimals: 1)  // [1.2 5.7]
/// round([1234, 5678], decimals: -2)  // [1200 5700]
/// ```
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
/// - Shape: unchanged.
/// - DType: float; integers convert by width.
/// - Throws: from `compute()`: `dtype` for complex.
/// - NumPy: `numpy.degrees`, `numpy.rad2deg`.
///
/// ```swift
/// degrees(NDArray([0, Double.pi / 2]))  // [ 0. 90.]
/// ```
public func degrees(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  scaled(a, Call("degrees", file, line), { 180 / Float.pi }, { 180 / Double.pi })
}

/// Degrees as radians.
///
/// - Shape: unchanged.
/// - DType: float; integers convert by width.
/// - Throws: from `compute()`: `dtype` for complex.
/// - NumPy: `numpy.radians`, `numpy.deg2rad`.
///
/// ```swift
/// radians([0, 180])  // [0.         3.14159265]
/// ```
public func radians(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  scaled(a, Call("radians", file, line), { Float.pi / 180 }, { Double.pi / 180 })
}

/// NumPy's word for `degrees`. See `degrees`.
public func rad2deg(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  degrees(a, file: file, line: line)
}

/// NumPy's word for `radians`. See `radians`.
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
/// - Shape: unchanged.
/// - DType: float or complex; integers convert to float64.
/// - Throws: nothing of its own.
/// - NumPy: `numpy.sinc`.
///
/// ```swift
/// sinc([0, 0.5, 1.5])  // [ 1.          0.63661977 -0.21220659]
/// ```
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
