import WeftIR

/// The modified Bessel function of the first kind of order 0.
///
/// - Shape: unchanged.
/// - DType: float; integers and bool convert to float64.
/// - Throws: from `compute()`: `dtype` for complex numbers.
/// - Accuracy: relative error at most 6e-16 in float64 (Cephes).
/// - NumPy: `numpy.i0`.
/// - Source: Chebyshev series of exp(-x) i0(x) on [0, 8] and of exp(-x) sqrt(x) i0(x) beyond, by
///   Clenshaw's recurrence: Clenshaw, "Chebyshev series for mathematical functions", NPL
///   Mathematical Tables 5, 1962; coefficients as in Cephes, Moshier 1989.
///
/// ```swift
/// i0([0, 1, 2])  // [1.         1.26606588 2.2795853 ]
/// ```
public func i0(_ a: NDArray, file: StaticString = #fileID, line: UInt = #line) -> NDArray {
  let call = Call("i0", file, line)
  return call.build([a]) { () throws(WeftError) in
    guard !a.dtype.isComplex else {
      throw call.error(.dtype, "is not defined for \(a.expr.type)")
    }
    return call.besselI0(call.convert(a, to: a.dtype.isFloat ? a.dtype : .float64))
  }
}

extension Call {
  /// The modified Bessel function of order 0 of floats.
  func besselI0(_ a: NDArray) -> NDArray {
    let x = apply(.abs, a)
    func number(_ value: Double) -> NDArray { self.number(value, a.dtype) }
    let near = chebyshev(
      apply(.subtract, apply(.divide, x, number(2)), number(2)), Bessel.nearZero)
    let far = chebyshev(
      apply(.subtract, apply(.divide, number(32), x), number(2)), Bessel.farFromZero)
    let series = select(
      apply(.lessEqual, x, number(8)), near, apply(.divide, far, apply(.sqrt, x)))
    return apply(.multiply, apply(.exp, x), series)
  }

  /// Half the sum of a Chebyshev series, the coefficient of the highest order first.
  private func chebyshev(_ x: NDArray, _ coefficients: [Double]) -> NDArray {
    var (first, second, third) = (number(coefficients[0], x.dtype), zero(x.dtype), zero(x.dtype))
    for coefficient in coefficients.dropFirst() {
      (third, second) = (second, first)
      first = apply(
        .add, apply(.subtract, apply(.multiply, x, second), third),
        number(coefficient, x.dtype))
    }
    return apply(.multiply, apply(.subtract, first, third), number(0.5, x.dtype))
  }
}

/// The coefficients of i0's series.
private enum Bessel {
  static let nearZero = [
    -4.4153416464793395e-18, 3.3307945188222384e-17, -2.431279846547955e-16,
    1.715391285555133e-15, -1.1685332877993451e-14, 7.676185498604936e-14, -4.856446783111929e-13,
    2.95505266312964e-12, -1.726826291441556e-11, 9.675809035373237e-11, -5.189795601635263e-10,
    2.6598237246823866e-09, -1.300025009986248e-08, 6.046995022541919e-08, -2.670793853940612e-07,
    1.1173875391201037e-06, -4.4167383584587505e-06, 1.6448448070728896e-05,
    -5.754195010082104e-05, 0.00018850288509584165, -0.0005763755745385824, 0.0016394756169413357,
    -0.004324309995050576, 0.010546460394594998, -0.02373741480589947, 0.04930528423967071,
    -0.09490109704804764, 0.17162090152220877, -0.3046826723431984, 0.6767952744094761,
  ]
  static let farFromZero = [
    -7.233180487874754e-18, -4.830504485944182e-18, 4.46562142029676e-17, 3.461222867697461e-17,
    -2.8276239805165836e-16, -3.425485619677219e-16, 1.7725601330565263e-15,
    3.8116806693526224e-15, -9.554846698828307e-15, -4.150569347287222e-14, 1.54008621752141e-14,
    3.8527783827421426e-13, 7.180124451383666e-13, -1.7941785315068062e-12,
    -1.3215811840447713e-11, -3.1499165279632416e-11, 1.1889147107846439e-11,
    4.94060238822497e-10, 3.3962320257083865e-09, 2.266668990498178e-08, 2.0489185894690638e-07,
    2.8913705208347567e-06, 6.889758346916825e-05, 0.0033691164782556943, 0.8044904110141088,
  ]
}
