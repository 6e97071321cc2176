import CWeft

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Powers, exponentials and logarithms.
///
/// - Accuracy: the C library's, rounded once to the dtype.
/// - Source: C99 7.12.6, 7.12.7 and Annex G; branch cuts along the negative real axis.
extension ScalarFunction {
  /// The square root; NaN below 0.
  public static let sqrt = analytic(
    "sqrt", algebra: .preservesZero, real: { $0.squareRoot() },
    complex: { $0.applying(weft_csqrt, weft_csqrtf) })

  /// The real cube root.
  public static let cbrt = ScalarFunction(
    "cbrt", arity: 1, domain: .float, algebra: .preservesZero,
    evaluate: meaning(real: { a, _ in cCbrt(a) }))

  /// e to the power a.
  public static let exp = analytic(
    "exp", real: { cExp($0) }, complex: { $0.applying(weft_cexp, weft_cexpf) })

  /// 2 to the power a.
  public static let exp2 = analytic(
    "exp2", real: { cExp2($0) },
    complex: { z in
      let scaled = ComplexValue(z.re * ln2, z.im * ln2, .complex128)
      return scaled.applying(weft_cexp, weft_cexpf).rounded(to: z.dtype)
    })

  /// exp(a) - 1, accurate near 0.
  public static let expm1 = analytic(
    "expm1", algebra: .preservesZero, real: { cExpm1($0) },
    complex: { z in
      let half = cSin(z.im / 2)
      return ComplexValue(
        cExpm1(z.re) * cCos(z.im) - 2 * half * half, cExp(z.re) * cSin(z.im), z.dtype)
    })

  /// The natural logarithm; -inf at 0, NaN below.
  public static let log = analytic(
    "log", real: { cLog($0) }, complex: { $0.applying(weft_clog, weft_clogf) })

  /// The logarithm to base 2.
  public static let log2 = analytic(
    "log2", real: { cLog2($0) },
    complex: { z in
      let w = z.wide.applying(weft_clog, weft_clogf)
      return ComplexValue(w.re * log2e, w.im * log2e, z.dtype)
    })

  /// The logarithm to base 10.
  public static let log10 = analytic(
    "log10", real: { cLog10($0) },
    complex: { z in
      let w = z.wide.applying(weft_clog, weft_clogf)
      return ComplexValue(w.re * log10e, w.im * log10e, z.dtype)
    })

  /// log(1 + a), accurate near 0.
  public static let log1p = analytic(
    "log1p", algebra: .preservesZero, real: { cLog1p($0) },
    complex: { z in
      ComplexValue(logOfModulus(oneMoreThan: z.re, z.im), cAtan2(z.im, z.re + 1), z.dtype)
    })

  /// log(exp(a) + exp(b)) without overflow.
  public static let logaddexp = ScalarFunction(
    "logaddexp", arity: 2, domain: .float, algebra: [.commutative, .associative],
    evaluate: meaning(real: { a, b in
      if a == b { return a + ln2 }
      let difference = a - b
      if difference > 0 { return a + cLog1p(cExp(-difference)) }
      if difference <= 0 { return b + cLog1p(cExp(difference)) }
      return difference
    }))

  /// log2(2**a + 2**b) without overflow.
  public static let logaddexp2 = ScalarFunction(
    "logaddexp2", arity: 2, domain: .float, algebra: [.commutative, .associative],
    evaluate: meaning(real: { a, b in
      if a == b { return a + 1 }
      let difference = a - b
      if difference > 0 { return a + log2e * cLog1p(cExp2(-difference)) }
      if difference <= 0 { return b + log2e * cLog1p(cExp2(difference)) }
      return difference
    }))

  /// The length of the hypotenuse, without overflow.
  public static let hypot = ScalarFunction(
    "hypot", arity: 2, domain: .float, algebra: [.commutative, .preservesZero],
    evaluate: meaning(real: { cHypot($0, $1) }))

  /// The error function: 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to a.
  public static let erf = ScalarFunction(
    "erf", arity: 1, domain: .float, algebra: .preservesZero,
    evaluate: meaning(real: { a, _ in cErf(a) }))
}

private let ln2 = 0.693147180559945309417232121458176568
private let log2e = 1.442695040888963407359924681001892137
private let log10e = 0.434294481903251827651128918916605082

private func cCbrt(_ a: Double) -> Double { cbrt(a) }
private func cExp(_ a: Double) -> Double { exp(a) }
private func cExp2(_ a: Double) -> Double { exp2(a) }
private func cExpm1(_ a: Double) -> Double { expm1(a) }
private func cLog(_ a: Double) -> Double { log(a) }
private func cLog2(_ a: Double) -> Double { log2(a) }
private func cLog10(_ a: Double) -> Double { log10(a) }
/// log |1 + x + iy|; near the unit circle from |1 + z|^2 - 1 in two floats, before anything of it is
/// lost.
private func logOfModulus(oneMoreThan x: Double, _ y: Double) -> Double {
  func sum(_ a: Double, _ b: Double) -> (Double, low: Double) {
    let s = a + b
    let back = s - a
    return (s, (a - (s - back)) + (b - back))
  }
  if max(x.magnitude, y.magnitude) < 4 {
    let (xx, yy) = (x * x, y * y)
    let (first, firstLow) = sum(2 * x, xx)
    let (second, secondLow) = sum(first, yy)
    let squaresLow = (-xx).addingProduct(x, x) + (-yy).addingProduct(y, y)
    let less = second + (firstLow + secondLow + squaresLow)
    if less > -0.5 { return 0.5 * cLog1p(less) }
  }
  return cLog(cHypot(x + 1, y))
}

private func cLog1p(_ a: Double) -> Double { log1p(a) }
private func cHypot(_ a: Double, _ b: Double) -> Double { hypot(a, b) }
private func cAtan2(_ a: Double, _ b: Double) -> Double { atan2(a, b) }
private func cSin(_ a: Double) -> Double { sin(a) }
private func cCos(_ a: Double) -> Double { cos(a) }
private func cErf(_ a: Double) -> Double { erf(a) }
