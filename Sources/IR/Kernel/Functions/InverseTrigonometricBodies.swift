extension KernelLibrary {
  /// Inverse trigonometric functions.
  static let inverseTrigonometric: [ScalarFunction: Body] = [
    .asin: { $0[0].arcsine },
    .acos: { $0[0].arccosine },
    .atan: { $0[0].arctangent },
    .atan2: { angle(y: $0[0], x: $0[1]) },
  ]

  /// atan2(y, x): the arctangent of the smaller by the greater, and the octant.
  private static func angle(y: KernelTerm, x: KernelTerm) -> KernelTerm {
    let (ax, ay) = (x.magnitude, y.magnitude)
    let isSteep = ay .> ax
    let isLeft = x.signed .< 0
    let numerator = isSteep.select(ax, ay)
    let denominator = isSteep.select(ay, ax)
    let isFlipped = isSteep ^ isLeft
    let halfPi = x.halfPi
    let high = isSteep.select(
      x.constant(halfPi.high), isLeft.select(x.constant(halfPi.high * 2), x.constant(0)))
    let low = isSteep.select(
      x.constant(halfPi.low), isLeft.select(x.constant(halfPi.low * 2), x.constant(0)))
    if x.dtype == .float32 {
      let ratio = ratio(numerator, denominator)
      let t = isFlipped.select(-ratio, ratio)
      return t.arctangent(plus: (high, low)).applying(.copysign, y)
    }
    let (ratio, lost, isNear) = preciseRatio(numerator, denominator)
    // 3 pi/4 or pi/4, in two floats.
    let nearHigh = isLeft.select(
      x.constant(0x1.2d97c7f3321d2p+1), x.constant(0x1.921fb54442d18p-1))
    let nearLow = isLeft.select(
      x.constant(0x1.a79394c9e8a0ap-54), x.constant(0x1.1a62633145c07p-55))
    return isFlipped.select(-ratio, ratio).arctangent(
      plus: (isNear.select(nearHigh, high), isNear.select(nearLow, low)),
      lost: isFlipped.select(-lost, lost)
    ).applying(.copysign, y)
  }

  /// A quotient of at most 1 of floats that are not negative; of equal ones 1, of zeros 0.
  private static func ratio(_ n: KernelTerm, _ d: KernelTerm) -> KernelTerm {
    let ratio = (n / d).variable
    n.builder.branch(!((d .> 0) & (d .< .infinity))) {
      let equal = (d .== 0).select(n.constant(0), n.constant(1))
      ratio.assign((n .== d).select(equal, ratio.value))
    }
    return ratio.value
  }

  /// t with atan(n / d) = atan(t + lost), or where `isNear` pi/4 more, of float64 with 0 <= n <= d.
  ///
  /// From d/2 on t = (n - d) / (n + d), so that |t| <= 1/2: what is left of the series is small.
  ///
  /// - Source: a reciprocal's product and its remainder, which one fma gives without error (Muller,
  ///   Elementary Functions, 3rd ed., 4.7); n - d is exact by Sterbenz's lemma.
  private static func preciseRatio(
    _ n: KernelTerm, _ d: KernelTerm
  ) -> (t: KernelTerm, lost: KernelTerm, isNear: KernelTerm) {
    let isClose = n + n .>= d
    let sum = n + d
    let numerator = isClose.select(n - d, n)
    let divisor = isClose.select(sum, d)
    let divisorLow = isClose.select(n - (sum - d), n.constant(0))
    let reciprocal = 1 / divisor
    let t = numerator * reciprocal
    let ratio = t.variable
    let lost = (fma(-t, divisorLow, fma(-t, divisor, numerator)) * reciprocal).variable
    let isNear = isClose.variable
    // Near subnormal numbers the quotient is rounded once, and what it lost is not known.
    let isNormal = (t.magnitude .> 0x1p-1000) & (n .> 0x1p-900) | (n .== 0) | (n .== d)
    n.builder.branch(!((d .>= 0x1p-900) & (d .<= 0x1p1000) & isNormal)) {
      let equal = (d .== 0).select(n.constant(0), n.constant(1))
      ratio.assign((n .== d).select(equal, n / d))
      lost.assign(n.constant(0))
      isNear.assign(n.builder.constant(Scalar(false)))
    }
    return (ratio.value, lost.value, isNear.value)
  }
}

extension KernelTerm {
  /// pi/2 in two floats.
  fileprivate var halfPi: (high: Double, low: Double) {
    dtype == .float64
      ? (0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54) : (0x1.921fb6p+0, -0x1.777a5cp-25)
  }

  /// base + atan(t + lost) for |t| <= 1; the base is two floats, 0 or greater than |t|.
  fileprivate func arctangent(
    plus base: (high: KernelTerm, low: KernelTerm), lost: KernelTerm? = nil
  ) -> KernelTerm {
    let z = self * self
    // (atan t - t) / t^3: degree 19, error 2^-56.9; float32: degree 8, 2^-28.5.
    let tail = z.polynomial(
      dtype == .float64
        ? [
          -0x1.5555555555526p-2, 0x1.99999999955b1p-3, -0x1.249249237f483p-3, 0x1.c71c717fcb4bdp-4,
          -0x1.745d11ae25419p-4, 0x1.3b13669660862p-4, -0x1.110e5107331a7p-4, 0x1.e1bba4eafd4cap-5,
          -0x1.ae5e6bf835226p-5, 0x1.82dac05b9ec17p-5, -0x1.59a3c1bf5fbe7p-5, 0x1.2c2ddeeb76452p-5,
          -0x1.e9f87c6336bb6p-6, 0x1.683ada3a6569p-6, -0x1.c78c2446c21b4p-7, 0x1.d7b3f35e954f5p-8,
          -0x1.7a3439c7135fap-9, 0x1.b3f32b59d82d7p-11, -0x1.3f2fabb9ead91p-13,
          0x1.bbe2f6547c781p-17,
        ]
        : [
          -0x1.55553ep-2, 0x1.9991e6p-3, -0x1.2420b4p-3, 0x1.c08f2ep-4, -0x1.581456p-4,
          0x1.da59eap-5, -0x1.fdefc4p-6, 0x1.64b212p-7, -0x1.d47828p-10,
        ])
    if dtype == .float32 { return base.high + (self + fma(self * z, tail, base.low)) }
    // What was lost counts by the derivative, 1 / (1 + z), of which two digits are enough.
    let low = lost.map { fma($0, fma(z, -0.5, 0.957), base.low) } ?? base.low
    let sum = base.high + self
    return sum + (((base.high - sum) + self) + fma(self * z, tail, low))
  }

  /// atan(x), of great numbers by -1/x.
  fileprivate var arctangent: KernelTerm {
    let a = magnitude
    let isGreat = a .> 1
    let t = isGreat.select(-1 / a, a)
    let base = isGreat.select(constant(halfPi.high), constant(0))
    let low = isGreat.select(constant(halfPi.low), constant(0))
    // The rest of the quotient over a, which is nearly -t; beyond 2^60 it is nothing.
    let hasRest = isGreat & (a .< 0x1p60)
    let lost = dtype == .float64 ? hasRest.select(fma(t, a, 1) * t, constant(0)) : nil
    return t.arctangent(plus: (base, low), lost: lost).applying(.copysign, self)
  }

  /// v and low whose sum is asin(|x|) up to 1/2, and beyond pi/4 less half of it.
  private var arcsineParts: (v: KernelTerm, low: KernelTerm, isGreat: KernelTerm) {
    let a = magnitude
    let isGreat = a .> 0.5
    let rest = fma(a, -0.5, 0.5)
    let z = isGreat.select(rest, a * a)
    let s = rest.applying(.sqrt)
    let v = isGreat.select(s, a)
    // (asin v - v) / v^3 for v <= 1/2: degree 11, error 2^-55.9; float32: degree 4, 2^-27.6.
    let tail = z.polynomial(
      dtype == .float64
        ? [
          0x1.555555555539p-3, 0x1.333333336e7ffp-4, 0x1.6db6db427bc45p-5, 0x1.f1c72c384b19bp-6,
          0x1.6e89f454a97b1p-6, 0x1.1c6be041e2df5p-6, 0x1.c6fddfe4a6cc8p-7, 0x1.8ec228dddecebp-7,
          0x1.abd6dab2a9c76p-8, 0x1.3fef5de6d71cfp-6, -0x1.09caa70772b79p-6, 0x1.056a7626e207fp-5,
        ]
        : [0x1.5555c8p-3, 0x1.330206p-4, 0x1.747b72p-5, 0x1.8c4178p-6, 0x1.59596cp-5])
    if dtype == .float32 { return (v, v * z * tail, isGreat) }
    // What the root's rounding lost. The sum keeps the quotient finite at 0.
    let lost = fma(-s, s, rest) * (0.5 / (s + 1e-300))
    return (v, fma(v * z, tail, isGreat.select(lost, constant(0))), isGreat)
  }

  /// asin(x) = pi/2 - 2 asin(sqrt((1 - x) / 2)) beyond 1/2.
  fileprivate var arcsine: KernelTerm {
    let (v, low, isGreat) = arcsineParts
    let double = v * -2
    let sum = double + halfPi.high
    let lost = (halfPi.high - sum) + double
    let great = sum + (lost + fma(low, -2, halfPi.low))
    return isGreat.select(great, v + low).applying(.copysign, self)
  }

  /// acos(x): pi/2 - asin(x) up to 1/2; beyond 2 asin(sqrt((1 - x) / 2)), or pi less that.
  fileprivate var arccosine: KernelTerm {
    let (v, low, isGreat) = arcsineParts
    let isNegative = self .< 0
    let factor = isGreat.select(
      isNegative.select(constant(-2), constant(2)), isNegative.select(constant(1), constant(-1)))
    func base(_ half: Double) -> KernelTerm {
      isGreat.select(isNegative.select(constant(half * 2), constant(0)), constant(half))
    }
    let high = base(halfPi.high)
    let product = v * factor
    let sum = high + product
    return sum + (((high - sum) + product) + fma(low, factor, base(halfPi.low)))
  }
}
