import CWeft

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Hyperbolic functions and their inverses.
///
/// - Units: radians.
/// - Accuracy: the C library's, rounded once to the dtype.
/// - Source: C99 7.12.5 and Annex G for complex arguments.
extension ScalarFunction {
  /// The hyperbolic sine.
  public static let sinh = analytic(
    "sinh", algebra: .preservesZero, real: { cSinh($0) },
    complex: { $0.applying(weft_csinh, weft_csinhf) })

  /// The hyperbolic cosine.
  public static let cosh = analytic(
    "cosh", real: { cCosh($0) },
    complex: { $0.applying(weft_ccosh, weft_ccoshf) })

  /// The hyperbolic tangent.
  public static let tanh = analytic(
    "tanh", algebra: .preservesZero, real: { cTanh($0) },
    complex: { $0.applying(weft_ctanh, weft_ctanhf) })

  /// The inverse hyperbolic sine.
  public static let asinh = analytic(
    "asinh", algebra: .preservesZero, real: { cAsinh($0) },
    complex: { $0.applying(weft_casinh, weft_casinhf) })

  /// The inverse hyperbolic cosine; NaN below 1.
  public static let acosh = analytic(
    "acosh", real: { cAcosh($0) },
    complex: { $0.applying(weft_cacosh, weft_cacoshf) })

  /// The inverse hyperbolic tangent; NaN outside [-1, 1].
  public static let atanh = analytic(
    "atanh", algebra: .preservesZero, real: { cAtanh($0) },
    complex: { $0.applying(weft_catanh, weft_catanhf) })
}

private func cSinh(_ a: Double) -> Double { sinh(a) }
private func cCosh(_ a: Double) -> Double { cosh(a) }
private func cTanh(_ a: Double) -> Double { tanh(a) }
private func cAsinh(_ a: Double) -> Double { asinh(a) }
private func cAcosh(_ a: Double) -> Double { acosh(a) }
private func cAtanh(_ a: Double) -> Double { atanh(a) }
