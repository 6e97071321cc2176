extension KernelLibrary {
  /// Logarithms; -inf where the argument is 0 (of log1p, -1), NaN below.
  static let logarithms: [ScalarFunction: Body] = [
    .log: { BinarySplit($0[0]).logarithm },
    .log2: { $0[0].binaryLogarithm },
    .log10: { $0[0].decimalLogarithm },
    .log1p: { x in (x[0] .== 0).select(x[0], BinarySplit(onePlus: x[0]).logarithm) },
  ]
}

/// A positive number as 2^k (1 + f) with 1 + f from sqrt(1/2) to sqrt(2).
struct BinarySplit {
  /// k, an integral float.
  let k: KernelTerm
  /// f, rounded.
  let f: KernelTerm
  /// What the rounding of f lost; nil for nothing.
  let lost: KernelTerm?
  /// What a logarithm adds: 0, or for arguments outside the domain its infinity or NaN.
  let special: KernelTerm

  /// Splits x.
  init(_ x: KernelTerm) {
    let isDouble = FloatFormat(x.dtype).isDouble
    let (normal, bias, special) = Self.guarded(
      x, isOrdinary: (x .>= (isDouble ? 0x1p-1022 : 0x1p-126)) & (x .< .infinity),
      limit: 0, scale: isDouble ? 0x1p54 : 0x1p23, power: isDouble ? -54 : -23, neutral: 1)
    let (n, bits) = Self.exponent(normal.value)
    let fraction = isDouble ? bits - (n << 52) + bits.bits(1024 << 52) : bits - (n << 23)
    f = fraction.bitcast(to: x.dtype) - 1
    lost = nil
    k = Self.float(n) + bias.value
    self.special = special.value
  }

  /// Splits 2^d (1 + x + low) without its rounding; low is 0 where x is beyond 2^60, infinite or NaN.
  init(onePlus x: KernelTerm, low: KernelTerm? = nil, doublings d: KernelTerm? = nil) {
    let isDouble = FloatFormat(x.dtype).isDouble
    // Of great numbers the logarithm is that of x itself, which may be scaled.
    let (normal, bias, special) = Self.guarded(
      x, isOrdinary: (x .> -1) & (x .< (isDouble ? 0x1p1000 : 0x1p100)),
      limit: -1, scale: isDouble ? 0x1p-100 : 0x1p-64, power: isDouble ? 100 : 64, neutral: 0)
    let v = normal.value
    let n = Self.exponent(v + 1).n
    // 2^-k (1 + x) - 1: one rounding, which is known.
    let scale = (n.bits(isDouble ? 2047 << 52 : 127 << 23) - (n << (isDouble ? 52 : 23)))
      .bitcast(to: x.dtype)
    f = fma(v, scale, scale - 1)
    let lost = fma(v, scale, (scale - 1) - f)
    self.lost = low.map { fma($0, scale, lost) } ?? lost
    let power = Self.float(n) + bias.value
    k = d.map { power + $0 } ?? power
    self.special = special.value
  }

  /// The number scaled by a power of two where it is not ordinary, that power's negative, and the
  /// logarithm where there is none; `limit` is where that is -inf.
  private static func guarded(
    _ x: KernelTerm, isOrdinary: KernelTerm, limit: Double, scale: Double, power: Double,
    neutral: Double
  ) -> (KernelVariable, bias: KernelVariable, special: KernelVariable) {
    let (normal, bias, special) = (x.variable, x.constant(0).variable, x.constant(0).variable)
    x.builder.branch(!isOrdinary) {
      let isScaled = (x .> 0) & (x .< .infinity)
      normal.assign(isScaled.select(x * scale, x.constant(neutral)))
      bias.assign(isScaled.select(x.constant(power), x.constant(0)))
      let outside = (x .< limit).select(x.float(.nan), x)
      let atLimit = (x .== limit).select(x.float(-.infinity), outside)
      special.assign(isScaled.select(x.constant(0), atLimit))
    }
    return (normal, bias, special)
  }

  /// The power of two of a normal number as `float` reads it, and the number's bits.
  private static func exponent(_ x: KernelTerm) -> (n: KernelTerm, bits: KernelTerm) {
    if x.dtype == .float32 {
      let bits = x.signed
      return ((bits - bits.constant(0x3F35_04F3)) >> 23, bits)
    }
    // sqrt(1/2)'s bits less 1024 exponents: the shift then sees no negative number.
    let bits = x.unsigned
    return ((bits + bits.bits(0x4000_0000_0000_0000 - 0x3FE6_A09E_667F_3BCD)) >> 52, bits)
  }

  private static func float(_ n: KernelTerm) -> KernelTerm {
    if n.dtype == .int32 { return n.converted(to: .float32) }
    return (n | n.bits(0x4330_0000_0000_0000)).bitcast(to: .float64) - (0x1p52 + 1024)
  }

  /// log(1 + f) - f, plus a small number.
  ///
  /// float64 takes log((1 + s) / (1 - s)) = 2s + s^3 T(s^2) of s = f / (2 + f), where
  /// 2s = f - f^2/2 + s f^2/2: a division costs less than the degree that it saves.
  private func excess(plus c: KernelTerm) -> KernelTerm {
    if f.dtype == .float32 {
      // (log(1 + f) - f) / f^2: degree 8, error 2^-27.8 of log(1 + f).
      let tail = f.polynomial([
        -0x1.fffff8p-2, 0x1.55555p-2, -0x1.00043p-2, 0x1.99a3dap-3, -0x1.5425f4p-3, 0x1.2274f6p-3,
        -0x1.0f4642p-3, 0x1.0830dp-3, -0x1.37a74ep-4,
      ])
      return fma(tail, f * f, c)
    }
    let s = f / (f + 2)
    let z = s * s
    // T for z <= 0.0295: degree 6, error 2^-58.4 of log(1 + f).
    let tail = z.polynomial([
      0x1.555555555558fp-1, 0x1.9999999980afp-2, 0x1.249249415cef5p-2, 0x1.c71c526c881bp-3,
      0x1.74662dc3f942cp-3, 0x1.39a334b1f0d46p-3, 0x1.2ef8915d82918p-3,
    ])
    let half = f * 0.5 * f
    return fma(s, fma(z, tail, half), c) - half
  }

  /// k ln 2 + log(1 + f) of a float64 in two floats.
  var logarithmParts: (high: KernelTerm, low: KernelTerm) {
    let high = k * 0x1.62e42fefa38p-1
    let sum = high + f
    let rest = excess(plus: fma(k, 0x1.ef35793c7673p-45, (high - sum) + f))
    return (sum + special, lost.map { rest + $0 } ?? rest)
  }

  /// k + log2(1 + f) of a float64 in two floats.
  var binaryLogarithmParts: (high: KernelTerm, low: KernelTerm) {
    let product = f * 0x1.71547652b82fep+0
    let productLow = fma(
      f, 0x1.777d0ffda0d24p-56, fma(f, 0x1.71547652b82fep+0, -product))
    let sum = k + product
    let rest = fma(excess(plus: lost ?? f.constant(0)), 0x1.71547652b82fep+0, productLow)
    return (sum + special, rest + ((k - sum) + product))
  }

  /// k ln 2 + log(1 + f).
  var logarithm: KernelTerm {
    if f.dtype == .float32 {
      let small = lost.map { excess(plus: $0) + f } ?? excess(plus: f)
      return fma(k, 0x1.62e42ep-1, fma(k, 0x1.efa39ep-25, small)) + special
    }
    // k times the high part of ln 2 is exact, and so is what its sum with f loses.
    let high = k * 0x1.62e42fefa38p-1
    let sum = high + f
    let rest = excess(plus: fma(k, 0x1.ef35793c7673p-45, (high - sum) + f))
    return (sum + (lost.map { rest + $0 } ?? rest)) + special
  }

  /// k log(2) + log(1 + f) to another base: log(2) as a part whose products with k are exact and a
  /// rest, if there is one, and log(e) in two parts.
  func logarithm(
    of2 two: (high: Double, low: Double?), ofE e: (high: Double, low: Double)
  ) -> KernelTerm {
    let product = f * e.high
    let productLow = fma(f, e.high, -product)
    let high = k * two.high
    let sum = high + product
    var rest = fma(excess(plus: f.constant(0)), e.high, fma(f, e.low, productLow))
    if let low = two.low { rest = fma(k, low, rest) }
    return (sum + (rest + ((high - sum) + product))) + special
  }
}

extension KernelTerm {
  /// log2(x), exact for powers of two.
  fileprivate var binaryLogarithm: KernelTerm {
    BinarySplit(self).logarithm(
      of2: (1, nil),
      ofE: dtype == .float64
        ? (0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56) : (0x1.715476p+0, 0x1.4ae0cp-26))
  }

  /// log10(x).
  fileprivate var decimalLogarithm: KernelTerm {
    dtype == .float64
      ? BinarySplit(self).logarithm(
        of2: (0x1.34413509f7p-2, 0x1.3fde623e2566bp-43),
        ofE: (0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57))
      : BinarySplit(self).logarithm(
        of2: (0x1.344p-2, 0x1.3509f8p-18), ofE: (0x1.bcb7b2p-2, -0x1.5b235ep-27))
  }
}
