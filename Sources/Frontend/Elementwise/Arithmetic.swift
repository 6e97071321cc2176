import WeftIR

/// The sum; logical or for bool.
///
/// - NumPy: `numpy.add`.
public func add(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.add, a, b, site: SourceSite(file: file, line: line))
}

/// a - b; not for bool.
///
/// - NumPy: `numpy.subtract`.
public func subtract(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.subtract, a, b, site: SourceSite(file: file, line: line))
}

/// a * b; logical and for bool.
///
/// - NumPy: `numpy.multiply`.
public func multiply(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.multiply, a, b, site: SourceSite(file: file, line: line))
}

/// a / b in floating point; integers convert to float64.
///
/// - NumPy: `numpy.divide`.
public func divide(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.divide, a, b, site: SourceSite(file: file, line: line))
}

/// The quotient rounded towards -inf, as Python's `//`.
///
/// - NumPy: `numpy.floor_divide`.
public func floorDivide(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.floorDivide, a, b, site: SourceSite(file: file, line: line))
}

/// The remainder with the divisor's sign, as Python's `%`.
///
/// - NumPy: `numpy.remainder`.
public func remainder(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.remainder, a, b, site: SourceSite(file: file, line: line))
}

/// The remainder with the dividend's sign, as C's `fmod`.
///
/// - NumPy: `numpy.fmod`.
public func fmod(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.fmod, a, b, site: SourceSite(file: file, line: line))
}

/// a to the power b; integers by repeated squaring, wrapping.
///
/// - NumPy: `numpy.pow`.
public func pow(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.pow, a, b, site: SourceSite(file: file, line: line))
}

/// -a; not for bool.
///
/// - NumPy: `numpy.negative`.
public func negative(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.negative, a, site: SourceSite(file: file, line: line))
}

/// The absolute value; the modulus, in the real dtype, of complex.
///
/// - NumPy: `numpy.abs`.
public func abs(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.abs, a, site: SourceSite(file: file, line: line))
}

/// -1, 0 or 1; NaN for NaN; z / |z| for complex. Not for bool.
///
/// - NumPy: `numpy.sign`.
public func sign(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.sign, a, site: SourceSite(file: file, line: line))
}

/// The greater; NaN if either is.
///
/// - NumPy: `numpy.maximum`.
public func maximum(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.maximum, a, b, site: SourceSite(file: file, line: line))
}

/// The lesser; NaN if either is.
///
/// - NumPy: `numpy.minimum`.
public func minimum(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.minimum, a, b, site: SourceSite(file: file, line: line))
}

/// The greater; the other one if one is NaN.
///
/// - NumPy: `numpy.fmax`.
public func fmax(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.fmax, a, b, site: SourceSite(file: file, line: line))
}

/// The lesser; the other one if one is NaN.
///
/// - NumPy: `numpy.fmin`.
public func fmin(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.fmin, a, b, site: SourceSite(file: file, line: line))
}

/// The magnitude of a with the sign of b.
///
/// - NumPy: `numpy.copysign`.
public func copysign(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.copysign, a, b, site: SourceSite(file: file, line: line))
}

/// 0 below zero, 1 above, the second operand at zero, NaN for NaN.
///
/// - NumPy: `numpy.heaviside`.
public func heaviside(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.heaviside, a, b, site: SourceSite(file: file, line: line))
}

/// The next number of the dtype after a towards b.
///
/// - NumPy: `numpy.nextafter`.
public func nextafter(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.nextafter, a, b, site: SourceSite(file: file, line: line))
}

/// 1 in the last place: the distance to the next number away from zero.
///
/// - NumPy: `numpy.spacing`.
public func spacing(
  _ a: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.spacing, a, site: SourceSite(file: file, line: line))
}

/// The greatest common divisor of the absolute values.
///
/// - NumPy: `numpy.gcd`.
public func gcd(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.gcd, a, b, site: SourceSite(file: file, line: line))
}

/// The least common multiple of the absolute values, wrapping.
///
/// - NumPy: `numpy.lcm`.
public func lcm(
  _ a: NDArray, _ b: NDArray, file: StaticString = #fileID, line: UInt = #line
) -> NDArray {
  NDArray.apply(.lcm, a, b, site: SourceSite(file: file, line: line))
}
