#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Sums, products, quotients, extremes. Integers wrap; a zero divisor gives 0.
extension ScalarFunction {
  /// a + b; logical or for bool.
  public static let add = ScalarFunction(
    "add", arity: 2, domain: .any, algebra: [.commutative, .associative, .preservesZero],
    identity: 0,
    evaluate: meaning(
      bool: { $0 || $1 }, signed: { $0 &+ $1 }, unsigned: { $0 &+ $1 }, real: { $0 + $1 },
      complex: { $0 + $1 }))

  /// a - b; not for bool.
  public static let subtract = ScalarFunction(
    "subtract", arity: 2, domain: .numeric, algebra: [.preservesZero],
    evaluate: meaning(
      signed: { $0 &- $1 }, unsigned: { $0 &- $1 }, real: { $0 - $1 }, complex: { $0 - $1 }))

  /// a * b; logical and for bool.
  public static let multiply = ScalarFunction(
    "multiply", arity: 2, domain: .any, algebra: [.commutative, .associative, .preservesZero],
    identity: 1, annihilator: 0,
    evaluate: meaning(
      bool: { $0 && $1 }, signed: { $0 &* $1 }, unsigned: { $0 &* $1 }, real: { $0 * $1 },
      complex: { $0 * $1 }))

  /// a / b in floating point; integers convert to float64.
  public static let divide = ScalarFunction(
    "divide", arity: 2, domain: .quotient, algebra: .zeroFirst,
    evaluate: meaning(real: { $0 / $1 }, complex: { $0 / $1 }))

  /// The quotient rounded towards -inf, as Python's `//`.
  ///
  /// - Source: NumPy's divmod: the remainder is exact, the quotient is corrected from it.
  public static let floorDivide = ScalarFunction(
    "floor_divide", arity: 2, domain: .realFromBool, algebra: .zeroFirst,
    evaluate: meaning(
      signed: { a, b in
        if b == 0 { return 0 }
        let (q, r) = (a.dividedReportingOverflow(by: b).partialValue, remainderOf(a, b))
        return r != 0 && (r < 0) != (b < 0) ? q - 1 : q
      },
      unsigned: { $1 == 0 ? 0 : $0 / $1 }, real: { divmod($0, $1).quotient }))

  /// The remainder with the divisor's sign, as Python's `%`.
  public static let remainder = ScalarFunction(
    "remainder", arity: 2, domain: .realFromBool, algebra: .zeroFirst,
    evaluate: meaning(
      signed: { a, b in
        let r = remainderOf(a, b)
        return r != 0 && (r < 0) != (b < 0) ? r &+ b : r
      },
      unsigned: { $1 == 0 ? 0 : $0 % $1 }, real: { divmod($0, $1).remainder }))

  /// The remainder with the dividend's sign, as C's `fmod`.
  public static let fmod = ScalarFunction(
    "fmod", arity: 2, domain: .realFromBool, algebra: .zeroFirst,
    evaluate: meaning(
      signed: { remainderOf($0, $1) }, unsigned: { $1 == 0 ? 0 : $0 % $1 },
      real: { cFmod($0, $1) }))

  /// a to the power b; integers by repeated squaring, wrapping.
  public static let pow = ScalarFunction(
    "pow", arity: 2, domain: .numericFromBool,
    evaluate: meaning(
      signed: { integerPower($0, $1) },
      unsigned: { a, b in UInt64(bitPattern: powerOfBits(a, b)) },
      real: { cPow($0, $1) }, complex: { $0.power($1) }))

  /// -a; not for bool.
  public static let negative = ScalarFunction(
    "negative", arity: 1, domain: .numeric, algebra: [.preservesZero, .involution],
    evaluate: meaning(
      signed: { a, _ in 0 &- a }, unsigned: { a, _ in 0 &- a }, real: { a, _ in -a },
      complex: { a, _ in ComplexValue(-a.re, -a.im, a.dtype) }))

  /// The absolute value; the modulus, in the real dtype, of complex.
  public static let abs = ScalarFunction(
    "abs", arity: 1, domain: .any, result: .realPart, algebra: [.preservesZero],
    evaluate: { a, _, _ in
      switch a.dtype.kind {
      case .bool, .unsigned: return a
      case .signed: return a.intValue < 0 ? Scalar(0 &- a.intValue, a.dtype) : a
      case .float: return Scalar(Swift.abs(a.doubleValue), a.dtype)
      case .complex:
        return Scalar(cHypot(a.doubleValue, a.imaginary), a.dtype.realPart)
      }
    })

  /// -1, 0 or 1; NaN for NaN; z / |z| for complex. Not for bool.
  public static let sign = ScalarFunction(
    "sign", arity: 1, domain: .numeric, algebra: [.preservesZero],
    evaluate: meaning(
      signed: { a, _ in a.signum() }, unsigned: { a, _ in a == 0 ? 0 : 1 },
      real: { a, _ in a.isNaN ? a : a > 0 ? 1 : a < 0 ? -1 : 0 },
      complex: { a, _ in
        let modulus = cHypot(a.re, a.im)
        if modulus.isNaN { return ComplexValue(.nan, .nan, a.dtype) }
        if modulus.isInfinite {
          if a.re.isInfinite && a.im.isInfinite { return ComplexValue(.nan, .nan, a.dtype) }
          return a.re.isInfinite
            ? ComplexValue(a.re > 0 ? 1 : -1, 0, a.dtype)
            : ComplexValue(0, a.im > 0 ? 1 : -1, a.dtype)
        }
        if modulus == 0 { return ComplexValue(0, 0, a.dtype) }
        return ComplexValue(a.re / modulus, a.im / modulus, a.dtype)
      }))

  /// The greater; NaN if either is.
  public static let maximum = ScalarFunction(
    "maximum", arity: 2, domain: .any,
    algebra: [.commutative, .associative, .idempotent, .preservesZero],
    evaluate: meaning(
      bool: { $0 || $1 }, signed: { Swift.max($0, $1) }, unsigned: { Swift.max($0, $1) },
      real: { a, b in a.isNaN ? a : b.isNaN ? b : a >= b ? a : b },
      complex: { a, b in a.isNaN ? a : b.isNaN ? b : b <= a ? a : b }))

  /// The lesser; NaN if either is.
  public static let minimum = ScalarFunction(
    "minimum", arity: 2, domain: .any,
    algebra: [.commutative, .associative, .idempotent, .preservesZero],
    evaluate: meaning(
      bool: { $0 && $1 }, signed: { Swift.min($0, $1) }, unsigned: { Swift.min($0, $1) },
      real: { a, b in a.isNaN ? a : b.isNaN ? b : a <= b ? a : b },
      complex: { a, b in a.isNaN ? a : b.isNaN ? b : a <= b ? a : b }))

  /// The greater; the other one if one is NaN.
  public static let fmax = ScalarFunction(
    "fmax", arity: 2, domain: .any,
    algebra: [.commutative, .associative, .idempotent, .preservesZero],
    evaluate: meaning(
      bool: { $0 || $1 }, signed: { Swift.max($0, $1) }, unsigned: { Swift.max($0, $1) },
      real: { a, b in a.isNaN ? b : b.isNaN ? a : a >= b ? a : b },
      complex: { a, b in b.isNaN ? a : a.isNaN ? b : b <= a ? a : b }))

  /// The lesser; the other one if one is NaN.
  public static let fmin = ScalarFunction(
    "fmin", arity: 2, domain: .any,
    algebra: [.commutative, .associative, .idempotent, .preservesZero],
    evaluate: meaning(
      bool: { $0 && $1 }, signed: { Swift.min($0, $1) }, unsigned: { Swift.min($0, $1) },
      real: { a, b in a.isNaN ? b : b.isNaN ? a : a <= b ? a : b },
      complex: { a, b in b.isNaN ? a : a.isNaN ? b : a <= b ? a : b }))

  /// The magnitude of a with the sign of b.
  public static let copysign = ScalarFunction(
    "copysign", arity: 2, domain: .float,
    evaluate: meaning(real: { Double(signOf: $1, magnitudeOf: $0) }))

  /// 0 below zero, 1 above, the second operand at zero, NaN for NaN.
  public static let heaviside = ScalarFunction(
    "heaviside", arity: 2, domain: .float,
    evaluate: meaning(real: { a, b in a.isNaN ? a : a == 0 ? b : a < 0 ? 0 : 1 }))

  /// The next number of the dtype after a towards b.
  public static let nextafter = ScalarFunction(
    "nextafter", arity: 2, domain: .float,
    evaluate: { a, b, _ in
      let (x, y) = (a.doubleValue, b.doubleValue)
      switch a.dtype {
      case .float64: return Scalar(cNextafter(x, y), a.dtype)
      case .float32: return Scalar(Double(cNextafterf(Float(x), Float(y))), a.dtype)
      default: return Scalar(halfNextafter(x, y, a.dtype), a.dtype)
      }
    })

  /// 1 in the last place: the distance to the next number away from zero, with the sign of a (as
  /// in NumPy, float16 gives the distance to the next greater number, without sign).
  public static let spacing = ScalarFunction(
    "spacing", arity: 1, domain: .float,
    evaluate: { a, _, _ in
      let x = a.doubleValue
      if !x.isFinite { return Scalar(Double.nan, a.dtype) }
      let isAscending = x >= 0 || a.dtype == .float16
      let towards = isAscending ? Double.infinity : -Double.infinity
      let next = nextafter.evaluate(a, Scalar(towards, a.dtype), a)
      return Scalar(next.doubleValue - x, a.dtype)
    })

  /// The greatest common divisor of the absolute values.
  public static let gcd = ScalarFunction(
    "gcd", arity: 2, domain: .integer, algebra: [.commutative, .associative],
    identity: 0,
    evaluate: meaning(
      signed: { Int64(bitPattern: greatestDivisor($0.magnitude, $1.magnitude)) },
      unsigned: { greatestDivisor($0, $1) }))

  /// The least common multiple of the absolute values, wrapping.
  public static let lcm = ScalarFunction(
    "lcm", arity: 2, domain: .integer, algebra: [.commutative, .associative],
    annihilator: 0,
    evaluate: meaning(
      signed: { Int64(bitPattern: leastMultiple($0.magnitude, $1.magnitude)) },
      unsigned: { leastMultiple($0, $1) }))
}

// MARK: - Formulas

private func cFmod(_ a: Double, _ b: Double) -> Double { fmod(a, b) }
private func cPow(_ a: Double, _ b: Double) -> Double { pow(a, b) }
private func cHypot(_ a: Double, _ b: Double) -> Double { hypot(a, b) }
private func cNextafter(_ a: Double, _ b: Double) -> Double { nextafter(a, b) }
private func cNextafterf(_ a: Float, _ b: Float) -> Float { nextafterf(a, b) }

/// C's `%`; 0 where C has no answer.
private func remainderOf(_ a: Int64, _ b: Int64) -> Int64 {
  b == 0 ? 0 : a.remainderReportingOverflow(dividingBy: b).partialValue
}

/// Python's quotient and remainder of floats, with NumPy's rules for zeros, NaN and infinities.
private func divmod(_ a: Double, _ b: Double) -> (quotient: Double, remainder: Double) {
  var mod = cFmod(a, b)
  if b == 0 { return (a / b, mod) }
  if mod.isNaN { return (a.isInfinite || b.isNaN || a.isNaN ? .nan : a / b, mod) }
  var quotient = (a - mod) / b
  if mod != 0 {
    if (b < 0) != (mod < 0) {
      mod += b
      quotient -= 1
    }
  } else {
    mod = Double(signOf: b, magnitudeOf: 0)
  }
  if quotient != 0 {
    let floor = quotient.rounded(.down)
    quotient = quotient - floor > 0.5 ? floor + 1 : floor
  } else {
    quotient = Double(signOf: a / b, magnitudeOf: 0)
  }
  return (quotient, mod)
}

private func integerPower(_ a: Int64, _ b: Int64) -> Int64 {
  if b < 0 { return a == 1 ? 1 : a == -1 ? (b & 1 == 0 ? 1 : -1) : 0 }
  return powerOfBits(UInt64(bitPattern: a), UInt64(b))
}

/// Square and multiply; two's complement makes signed and unsigned the same.
private func powerOfBits(_ a: UInt64, _ b: UInt64) -> Int64 {
  var (result, square, rest): (UInt64, UInt64, UInt64) = (1, a, b)
  while rest != 0 {
    if rest & 1 != 0 { result = result &* square }
    square = square &* square
    rest >>= 1
  }
  return Int64(bitPattern: result)
}

private func greatestDivisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
  var (a, b) = (a, b)
  while b != 0 { (a, b) = (b, a % b) }
  return a
}

private func leastMultiple(_ a: UInt64, _ b: UInt64) -> UInt64 {
  let divisor = greatestDivisor(a, b)
  return divisor == 0 ? 0 : a / divisor &* b
}

/// The neighbour in a 16-bit float: storage bits are ordered like the values.
private func halfNextafter(_ x: Double, _ y: Double, _ dtype: DType) -> Double {
  if x.isNaN || y.isNaN { return .nan }
  if x == y { return x }
  func bits(_ v: Double) -> UInt16 {
    dtype == .float16 ? Float16(v).bitPattern : BFloat16.bits(v)
  }
  func value(_ b: UInt16) -> Double {
    dtype == .float16 ? Double(Float16(bitPattern: b)) : BFloat16.value(b)
  }
  if x == 0 { return y > 0 ? value(1) : value(0x8001) }
  return value((x < y) == (x > 0) ? bits(x) + 1 : bits(x) - 1)
}
