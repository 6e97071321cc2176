extension KernelLibrary {
  /// Powers.
  static let powers: [ScalarFunction: Body] = [
    .pow: { x in
      switch x[0].dtype {
      case .float32: powerSingle(x[0], x[1])
      case .float64: powerDouble(x[0], x[1])
      default: powerOfInteger(x[0], x[1])
      }
    }
  ]

  /// x^y of integers by square and multiply, wrapping; a negative power is 0 but of 1 and -1.
  private static func powerOfInteger(_ x: KernelTerm, _ y: KernelTerm) -> KernelTerm {
    let (zero, one) = (x.constant(0), x.constant(1))
    let isSigned = x.dtype.kind == .signed
    let isNegative = isSigned ? y .< 0 : nil
    let power = (isNegative.map { $0.select(zero, y) } ?? y).unsigned
    let (result, square) = (one.variable, x.variable)
    func step(_ bit: Int, isLast: Bool) {
      let isSet = ((power >> bit) & power.constant(1)) .!= 0
      result.assign(isSet.select(result.value * square.value, result.value))
      if !isLast { square.assign(square.value * square.value) }
    }
    let bits = x.dtype.bitWidth - (isSigned ? 1 : 0)
    for bit in 0..<4 { step(bit, isLast: false) }
    x.builder.branch(power .>= 16) {
      for bit in 4..<bits { step(bit, isLast: bit == bits - 1) }
    }
    guard let isNegative else { return result.value }
    let isOdd = (y & one) .!= 0
    let ofMinusOne = (x .== -1).select(isOdd.select(x, one), zero)
    return isNegative.select((x .== 1).select(one, ofMinusOne), result.value)
  }

  /// x^y in float64 arithmetic: 2^(y log2 x) with errors below 2^-29, rounded once.
  private static func powerSingle(_ x: KernelTerm, _ y: KernelTerm) -> KernelTerm {
    let bits = x.magnitude.converted(to: .float64).unsigned
    let n = (bits + bits.bits(0x4000_0000_0000_0000 - 0x3FE6_A09E_667F_3BCD)) >> 52
    let f = (bits - (n << 52) + bits.bits(1024 << 52)).bitcast(to: .float64) - 1
    let k = (n | n.bits(0x4330_0000_0000_0000)).bitcast(to: .float64) - (0x1p52 + 1024)
    // log2(1 + f) / f from sqrt(1/2) to sqrt(2): degree 12, error 2^-35.8.
    let tail = f.polynomial([
      0x1.71547652a1f55p+0, -0x1.715476565ce4dp-1, 0x1.ec709ebb4502cp-2, -0x1.715470967c36p-2,
      0x1.2776521501349p-2, -0x1.ec72b68ba2d9ep-3, 0x1.a63f3f3b5114dp-3, -0x1.71415274d764bp-3,
      0x1.452943b8959b3p-3, -0x1.2530b81706014p-3, 0x1.28725ac751e59p-3, -0x1.24825752114f9p-3,
      0x1.3cd8967b8c0cep-4,
    ])
    // Beyond the limits the result is 0 or infinite in float32 already.
    let t = (fma(tail, f, k) * y.converted(to: .float64)).atLeast(-300).atMost(300)
    let shifted = t + 0x1.8p52
    let r = t - (shifted - 0x1.8p52)
    // 2^r for |r| <= 1/2: degree 6, error 2^-29.
    let e = r.polynomial([
      0x1.0000000260b03p+0, 0x1.62e430c7d1bc8p-1, 0x1.ebfbdad8bf73ap-3, 0x1.c6aed4be6979fp-5,
      0x1.3b2dbe9220cc3p-7, 0x1.5f456c5b96c7p-10, 0x1.41d16b44445a2p-13,
    ])
    let result = e.scaled(by: shifted).converted(to: .float32).variable
    x.builder.branch(!((x .> 0) & (x .< .infinity) & (y.magnitude .< .infinity))) {
      result.assign(special(x, y, ordinary: result.value))
    }
    return result.value
  }

  /// x^y as exp(y log x), with log x in two floats to about 2^-66.
  private static func powerDouble(_ x: KernelTerm, _ y: KernelTerm) -> KernelTerm {
    let (high, low) = preciseLogarithm(x.magnitude)
    let product = y * high
    let productLow = fma(y, low, fma(y, high, -product))
    // Beyond the limit the result is 0 or infinite already.
    let isInside = product.magnitude .< 800
    let w = isInside.select(product, x.constant(800).applying(.copysign, product))
    let wLow = isInside.select(productLow, x.constant(0))
    let reduction = BinaryReduction(w)
    let rest = fma(reduction.k, -0x1.abc9e3b39803fp-56, wLow)
    let r = reduction.high + rest
    let rLow = (reduction.high - r) + rest
    let e = (r + fma(r.exponentialTail, r * r, rLow)) + 1
    let result = e.scaled(by: reduction.shifted).variable
    x.builder.branch(!((x .> 0) & (x .< .infinity) & (w.magnitude .< 708))) {
      result.assign(special(x, y, ordinary: e.scaledFar(by: reduction.shifted)))
    }
    return result.value
  }

  /// log(x) of a positive float64 in two floats: log((1 + s) / (1 - s)) of s = f / (2 + f).
  private static func preciseLogarithm(_ x: KernelTerm) -> (KernelTerm, low: KernelTerm) {
    let isSubnormal = x .< 0x1p-1022
    let bits = isSubnormal.select(x * 0x1p54, x).unsigned
    let n = (bits + bits.bits(0x4000_0000_0000_0000 - 0x3FE6_A09E_667F_3BCD)) >> 52
    let f = (bits - (n << 52) + bits.bits(1024 << 52)).bitcast(to: .float64) - 1
    let k =
      ((n | n.bits(0x4330_0000_0000_0000)).bitcast(to: .float64) - (0x1p52 + 1024))
      + isSubnormal.select(x.constant(-54), x.constant(0))
    let d = f + 2
    let dLow = f - (d - 2)
    let reciprocal = 1 / d
    let s = f * reciprocal
    let sLow = fma(-s, dLow, fma(-s, d, f)) * reciprocal
    let z = s * s
    let zLow = fma(s, s, -z) + (s + s) * sLow
    // (log((1 + s) / (1 - s)) - 2s) / s^3 - 2/3, by z: degree 7, error 2^-65.1 of the logarithm.
    let tail = z.polynomial([
      0x1.9999999999999p-2, 0x1.24924924927b5p-2, 0x1.c71c71c67b873p-3, 0x1.745d17bdc7723p-3,
      0x1.3b1380b89092cp-3, 0x1.111c5b2b00727p-3, 0x1.deddfd47cc55dp-4, 0x1.e5b659c1bd5bbp-4,
    ])
    let rest = z * tail
    let c = rest + 0x1.5555555555555p-1
    let cLow = ((0x1.5555555555555p-1 - c) + rest) + 0x1.5555555555555p-55
    let t = z * c
    let tLow = fma(z, c, -t) + fma(z, cLow, zLow * c)
    let u = s * t
    let uLow = fma(s, t, -u) + fma(s, tLow, sLow * t)
    let high = k * 0x1.62e42fefa38p-1
    let double = s + s
    let small = double + u
    let smallLow = (double - small) + u
    let sum = high + small
    let low =
      ((high - sum) + small)
      + (fma(k, 0x1.ef35793c7673p-45, smallLow) + fma(sLow, 2, uLow))
    let result = sum + low
    return (result, (sum - result) + low)
  }

  /// x^y of all operands, given |x|^y of ordinary ones: C99 F.9.4.4.
  private static func special(
    _ x: KernelTerm, _ y: KernelTerm, ordinary: KernelTerm
  ) -> KernelTerm {
    let (zero, one, infinity) = (x.constant(0), x.constant(1), x.float(.infinity))
    let a = x.magnitude
    let isFalling = y .< 0
    var value = (a .== 0).select(isFalling.select(infinity, zero), ordinary)
    value = (a .== .infinity).select(isFalling.select(zero, infinity), value)
    let isInfinite = y.magnitude .== .infinity
    let limit = ((a .> 1) ^ (y .> 0)).select(zero, infinity)
    value = isInfinite.select((a .== 1).select(one, limit), value)
    let isIntegral = y .== y.applying(.trunc)
    let half = y * 0.5
    let isOdd = isIntegral & (half .!= half.applying(.trunc)) & !isInfinite
    value = ((x.signed .< 0) & isOdd).select(-value, value)
    let isUndefined = (x .< 0) & (a .< .infinity) & !isIntegral
    value = isUndefined.select(x.float(.nan), value)
    value = ((x .!= x) | (y .!= y)).select(x + y, value)
    return ((y .== 0) | (x .== 1)).select(one, value)
  }
}
