import CWeft

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Trigonometric functions and their inverses.
///
/// - Units: radians.
/// - Accuracy: the C library's, rounded once to the dtype.
/// - Source: C99 7.12.4 and Annex G for complex arguments.
extension ScalarFunction {
  /// The sine.
  public static let sin = analytic(
    "sin", algebra: .preservesZero, real: { cSin($0) },
    complex: { $0.applying(weft_csin, weft_csinf) })

  /// The cosine.
  public static let cos = analytic(
    "cos", real: { cCos($0) },
    complex: { $0.applying(weft_ccos, weft_ccosf) })

  /// The tangent.
  public static let tan = analytic(
    "tan", algebra: .preservesZero, real: { cTan($0) },
    complex: { $0.applying(weft_ctan, weft_ctanf) })

  /// The angle in [-pi/2, pi/2] whose sine is a; NaN outside [-1, 1].
  public static let asin = analytic(
    "asin", algebra: .preservesZero, real: { cAsin($0) },
    complex: { $0.applying(weft_casin, weft_casinf) })

  /// The angle in [0, pi] whose cosine is a; NaN outside [-1, 1].
  public static let acos = analytic(
    "acos", real: { cAcos($0) },
    complex: { $0.applying(weft_cacos, weft_cacosf) })

  /// The angle in [-pi/2, pi/2] whose tangent is a.
  public static let atan = analytic(
    "atan", algebra: .preservesZero, real: { cAtan($0) },
    complex: { $0.applying(weft_catan, weft_catanf) })

  /// The angle of the point (b, a), in [-pi, pi].
  public static let atan2 = ScalarFunction(
    "atan2", arity: 2, domain: .float, evaluate: meaning(real: { cAtan2($0, $1) }))
}

private func cSin(_ a: Double) -> Double { sin(a) }
private func cCos(_ a: Double) -> Double { cos(a) }
private func cTan(_ a: Double) -> Double { tan(a) }
private func cAsin(_ a: Double) -> Double { asin(a) }
private func cAcos(_ a: Double) -> Double { acos(a) }
private func cAtan(_ a: Double) -> Double { atan(a) }
private func cAtan2(_ a: Double, _ b: Double) -> Double { atan2(a, b) }
