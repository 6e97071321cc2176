#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Fraction and exponent of floats, and quotients of one.
///
/// - Source: C99 7.12.6.4 (frexp), 7.12.6.6 (ldexp).
extension ScalarFunction {
  /// The fraction of a, in [0.5, 1) by magnitude; zeros, infinities and NaN are their own.
  public static let mantissa = ScalarFunction(
    "frexp_mantissa", arity: 1, domain: .float, algebra: .preservesZero,
    evaluate: meaning(real: { a, _ in
      a.isFinite && a != 0 ? Double(sign: a.sign, exponent: -1, significand: a.significand) : a
    }))

  /// The power of two that the fraction of a stands for; 0 for zeros, infinities and NaN.
  public static let exponent = ScalarFunction(
    "frexp_exponent", arity: 1, domain: .float, algebra: .preservesZero,
    evaluate: meaning(real: { a, _ in a.isFinite && a != 0 ? Double(a.exponent) + 1 : 0 }))

  /// a times 2 to the power b, which is integral.
  public static let ldexp = ScalarFunction(
    "ldexp", arity: 2, domain: .float,
    evaluate: meaning(real: { a, b in
      cLdexp(a, Int32(clamping: Int(exactly: b.rounded()) ?? (b > 0 ? .max : .min)))
    }))

  /// 1 / a; integers truncate, and 0 gives what C's conversion of infinity gives.
  ///
  /// - Source: NumPy's loops; complex by Smith's method (Comm. ACM 5(8), 1962).
  public static let reciprocal = ScalarFunction(
    "reciprocal", arity: 1, domain: .numericFromBool,
    evaluate: { a, _, _ in
      switch a.dtype.kind {
      case .bool: return a
      case .signed, .unsigned: return Scalar(1 / a.doubleValue, a.dtype)
      case .float: return Scalar(1 / a.doubleValue, a.dtype)
      case .complex:
        if a.dtype == .complex64 {
          let (re, im) = smithReciprocal(Float(a.doubleValue), Float(a.imaginary))
          return Scalar(Double(re), Double(im), a.dtype)
        }
        let (re, im) = smithReciprocal(a.doubleValue, a.imaginary)
        return Scalar(re, im, a.dtype)
      }
    })
}

private func cLdexp(_ a: Double, _ b: Int32) -> Double { scalbn(a, Int(b)) }

private func smithReciprocal<T: BinaryFloatingPoint>(_ re: T, _ im: T) -> (T, T) {
  if im.magnitude <= re.magnitude {
    let ratio = im / re
    let scale = re + im * ratio
    return (1 / scale, -ratio / scale)
  }
  let ratio = re / im
  let scale = re * ratio + im
  return (ratio / scale, -1 / scale)
}
