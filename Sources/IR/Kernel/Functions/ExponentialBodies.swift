extension KernelLibrary {
  /// Exponentials.
  static let exponentials: [ScalarFunction: Body] = [
    .exp: { $0[0].exponential },
    .exp2: { $0[0].binaryExponential },
    .expm1: { $0[0].exponentialLessOne },
  ]
}

/// A number as k ln 2 + r with |r| <= ln 2 / 2.
struct BinaryReduction {
  /// k in the lowest bits, for the fraction holds it as an integer.
  let shifted: KernelTerm
  /// k, an integral float.
  let k: KernelTerm
  /// x less k times the high part of ln 2: exact.
  let high: KernelTerm
  /// r rounded to the dtype.
  let r: KernelTerm

  /// Reduces a number of at most 2^20 by magnitude.
  init(_ x: KernelTerm) {
    let format = FloatFormat(x.dtype)
    shifted = fma(x, format.isDouble ? 0x1.71547652b82fep+0 : 0x1.715476p+0, format.rounder)
    k = shifted - format.rounder
    high = fma(k, format.isDouble ? -0x1.62e42fefa39efp-1 : -0x1.62e43p-1, x)
    r = fma(k, BinaryReduction.low(format), high)
  }

  /// What the rounding of `r` lost.
  var lost: KernelTerm {
    fma(k, BinaryReduction.low(FloatFormat(k.dtype)), high - r)
  }

  private static func low(_ format: FloatFormat) -> Double {
    format.isDouble ? -0x1.abc9e3b39803fp-56 : 0x1.05c61p-29
  }
}

extension FloatFormat {
  var isDouble: Bool { fraction == 52 }
  /// Adding it rounds to an integer, to even, and leaves that integer in the low bits.
  var rounder: Double { isDouble ? 0x1.8p52 : 0x1.8p23 }
}

extension KernelTerm {
  /// (exp(r) - 1 - r) / r^2 for |r| <= ln(2)/2.
  var exponentialTail: KernelTerm {
    // float64: degree 10, error 2^-63.9 of exp(r); float32: degree 4, 2^-28.2.
    polynomial(
      dtype == .float64
        ? [
          0x1.0p-1, 0x1.555555555555cp-3, 0x1.5555555555555p-5, 0x1.111111110e992p-7,
          0x1.6c16c16c16bdep-10, 0x1.a01a01b482d5bp-13, 0x1.a01a01a2fc252p-16,
          0x1.71ddedb8ca825p-19, 0x1.27e4e58e78563p-22, 0x1.af6fe4162d708p-26,
          0x1.1f60cd9c00881p-29,
        ]
        : [0x1.0p-1, 0x1.55549p-3, 0x1.5554cep-5, 0x1.123ac6p-7, 0x1.6d6a4ep-10])
  }

  /// The float with an exponent greater by the integer in another's lowest bits.
  func scaled(by shifted: KernelTerm) -> KernelTerm {
    (signed + (shifted.signed << FloatFormat(dtype).fraction)).bitcast(to: dtype)
  }

  /// The float times 2 to the power of that integer, which may leave the normal numbers: two
  /// factors, the first exact.
  func scaledFar(by shifted: KernelTerm) -> KernelTerm {
    let format = FloatFormat(dtype)
    let k = shifted.signed - shifted.constant(format.rounder).signed
    let half = k >> 1
    func power(_ n: KernelTerm) -> KernelTerm {
      ((n + n.constant(format.bias)) << format.fraction).bitcast(to: dtype)
    }
    return self * power(half) * power(k - half)
  }

  /// exp of a number whose result is normal and finite.
  var exponentialInRange: KernelTerm {
    let reduction = BinaryReduction(self)
    let r = reduction.r
    return (fma(r.exponentialTail, r * r, r) + 1).scaled(by: reduction.shifted)
  }

  /// exp(x): x = k ln 2 + r, and 2^k (1 + (r + r^2 tail)).
  var exponential: KernelTerm {
    let isDouble = dtype == .float64
    let result = exponentialInRange.variable
    builder.branch(!(magnitude .< (isDouble ? 708 : 87))) {
      // Subnormal, infinite and NaN; beyond the limits the result is 0 or infinite already.
      let reduction = BinaryReduction(
        atLeast(isDouble ? -800 : -110).atMost(isDouble ? 800 : 100))
      let r = reduction.r
      let value = fma(r.exponentialTail, r * r, r) + 1
      result.assign(value.scaledFar(by: reduction.shifted))
    }
    return result.value
  }

  /// 2^x: the fraction of x is exact.
  var binaryExponential: KernelTerm {
    let isDouble = dtype == .float64
    let shifted = self + FloatFormat(dtype).rounder
    let result = binaryPower(shifted).scaled(by: shifted).variable
    builder.branch(!(magnitude .< (isDouble ? 1022 : 126))) {
      let x = atLeast(isDouble ? -1200 : -200).atMost(isDouble ? 1200 : 200)
      let shifted = x + FloatFormat(dtype).rounder
      result.assign(x.binaryPower(shifted).scaledFar(by: shifted))
    }
    return result.value
  }

  /// 2 to the power of the fraction, from -1/2 to 1/2, that rounding left.
  private func binaryPower(_ shifted: KernelTerm) -> KernelTerm {
    let f = self - (shifted - FloatFormat(dtype).rounder)
    if dtype == .float32 {
      // 2^f: degree 7, error 2^-32.5.
      return f.polynomial([
        1, 0x1.62e43p-1, 0x1.ebfbep-3, 0x1.c6b074p-5, 0x1.3b2a5cp-7, 0x1.5d9ccap-10,
        0x1.440edep-13, 0x1.ec5b02p-17,
      ])
    }
    // The product with ln 2 is kept in two floats.
    let r = f * 0x1.62e42fefa39efp-1
    let low = fma(f, 0x1.abc9e3b39803fp-56, fma(f, 0x1.62e42fefa39efp-1, -r))
    return (r + fma(r.exponentialTail, r * r, low)) + 1
  }

  /// exp(x) - 1 as 2^k (r + tail) + (2^k - 1), which cancels nowhere.
  fileprivate var exponentialLessOne: KernelTerm {
    let format = FloatFormat(dtype)
    let isDouble = format.isDouble
    let reduction = BinaryReduction(
      atLeast(isDouble ? -60 : -30).atMost(isDouble ? 710 : 89))
    let r = reduction.r
    let low = fma(r.exponentialTail, r * r, reduction.lost)
    // Half of 2^k, because the greatest finite results have a 2^k beyond the dtype.
    let half = constant(0.5).scaled(by: reduction.shifted)
    let whole = half - 0.5
    let sum = fma(half, r, whole)
    let lost = fma(half, r, whole - sum)
    let result = (sum + fma(half, low, lost)) * 2
    return (magnitude .< (isDouble ? 0x1p-54 : 0x1p-25)).select(self, result)
  }
}
