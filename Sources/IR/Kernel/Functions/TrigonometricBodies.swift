extension KernelLibrary {
  /// Sine, cosine and tangent.
  static let trigonometric: [ScalarFunction: Body] = [
    .sin: { x in (x[0] .== 0).select(x[0], QuarterReduction(x[0]).sine(quarters: 0)) },
    .cos: { QuarterReduction($0[0]).sine(quarters: 1) },
    .tan: { x in (x[0] .== 0).select(x[0], QuarterReduction(x[0]).tangent) },
  ]
}

/// A number as k pi/2 + r + low with |r| <= pi/4, for every finite number.
struct QuarterReduction {
  /// k modulo 4 in the lowest bits, as a signed integer of the float's width.
  let quadrant: KernelTerm
  /// The rest, rounded.
  let r: KernelTerm
  /// What the rounding lost.
  let low: KernelTerm

  init(_ x: KernelTerm) {
    let format = FloatFormat(x.dtype)
    let isDouble = format.isDouble
    let shifted = fma(x, isDouble ? 0x1.45f306dc9c883p-1 : 0x1.45f306p-1, format.rounder)
    let k = shifted - format.rounder
    // pi/2 in three parts of the dtype's precision. The first difference is exact: all terms are
    // multiples of the part's last place. The second product is kept in two floats.
    let middle = isDouble ? 0x1.1a62633145c07p-54 : -0x1.777a5cp-25
    let r0 = fma(k, isDouble ? -0x1.921fb54442d18p+0 : -0x1.921fb6p+0, x)
    let w = k * middle
    let wLow = fma(k, middle, -w)
    let near = r0 - w
    let nearLow = fma(
      k, isDouble ? 0x1.f1976b7ed8fbcp-110 : 0x1.ee59dap-50, ((r0 - near) - w) - wLow)
    let (quadrant, r, low) = (shifted.signed.variable, near.variable, nearLow.variable)
    x.builder.branch(!(x.magnitude .< (isDouble ? 0x1p30 : 0x1p17))) {
      let far = isDouble ? Self.farDouble(x) : Self.farSingle(x)
      quadrant.assign(far.quadrant)
      r.assign((x.magnitude .< .infinity).select(far.r, x.float(.nan)))
      low.assign(far.low)
    }
    (self.quadrant, self.r, self.low) = (quadrant.value, r.value, low.value)
  }

  // MARK: - Large arguments

  /// The bits of 2/pi from 2^-1 on, 64 a word, after a word of zeros; zeros follow, which only
  /// elements that do not count read.
  private static let twoOverPi: [UInt64] =
    [
      0, 0xA2F9_836E_4E44_1529, 0xFC27_57D1_F534_DDC0, 0xDB62_9599_3C43_9041,
      0xFE51_63AB_DEBB_C561, 0xB724_6E3A_424D_D2E0, 0x0649_2EEA_09D1_921C,
      0xFE1D_EB1C_B129_A73E, 0xE882_35F5_2EBB_4484, 0xE99C_7026_B45F_7E41,
      0x3991_D639_8353_39F4, 0x9C84_5F8B_BDF9_283B, 0x1FF8_97FF_DE05_980F,
      0xEF2F_118B_5A0A_6D1F, 0x6D36_7ECF_27CB_09B7, 0x4F46_3F66_9E5F_EA2D,
      0x7527_BAC7_EBE5_F17B, 0x3D07_39F7_8A52_92EA, 0x6BFB_5FB1_1F8D_5D08,
      0x5603_3046_FC7B_6BAB, 0xF0CF_BC20_9AF4_361D,
    ] + [UInt64](repeating: 0, count: 15)

  /// Words of 2/pi, the first from its bit of weight 2 on once multiplied by 2^q, q = s - 62.
  private static func window(_ s: KernelTerm, words: Int) -> [KernelTerm] {
    let word = ((s >> 6) & s.constant(31)).converted(to: .int64)
    let shift = s & s.constant(63)
    let back = s.constant(63) - shift
    let stored = (0...words).map { number in
      s.builder.table(twoOverPi, .uint64, at: word + word.constant(number))
    }
    return (0..<words).map { number in
      stored[number].applying(.shiftLeft, shift)
        | (stored[number + 1] >> 1).applying(.shiftRight, back)
    }
  }

  /// Payne and Hanek's reduction of float32: the fraction of x 2/pi, modulo 4, in 64 bits.
  private static func farSingle(
    _ x: KernelTerm
  ) -> (quadrant: KernelTerm, r: KernelTerm, low: KernelTerm) {
    let bits = x.magnitude.unsigned
    let mantissa = ((bits & bits.bits(0x7F_FFFF)) | bits.bits(0x80_0000)).converted(to: .uint64)
    let s = (bits >> 23).converted(to: .uint64) - mantissa.constant(150 - 62)
    let words = window(s, words: 2)
    let positive = mantissa * words[0] + mantissa.applying(.multiplyHigh, words[1])
    let turn = (x .< 0).select(-positive, positive)
    let quadrant = (turn + turn.bits(1 << 61)) >> 62
    // In units of pi/2 2^-64, signed.
    let fraction = (turn << 2).bitcast(to: .int64).converted(to: .float64)
    let r = fraction * (0x1.921fb54442d18p+0 * 0x1p-64)
    let high = r.converted(to: .float32)
    let low = (r - high.converted(to: .float64)).converted(to: .float32)
    return (quadrant.converted(to: .int32), high, low)
  }

  /// Payne and Hanek's reduction of float64: the fraction of x 2/pi, modulo 4, in 128 bits.
  private static func farDouble(
    _ x: KernelTerm
  ) -> (quadrant: KernelTerm, r: KernelTerm, low: KernelTerm) {
    let bits = x.magnitude.unsigned
    let mantissa = (bits & bits.bits(1 << 52 - 1)) | bits.bits(1 << 52)
    let words = window((bits >> 52) - bits.constant(1075 - 62), words: 3)
    let product = mantissa * words[1]
    let lower = product + mantissa.applying(.multiplyHigh, words[2])
    let carry = (lower .< product).select(lower.constant(1), lower.constant(0))
    let upper = mantissa * words[0] + mantissa.applying(.multiplyHigh, words[1]) + carry
    let quadrant = ((upper + upper.bits(1 << 61)) >> 62).bitcast(to: .int64)
    let top = (upper << 2) | (lower >> 62)
    // Three exact pieces: 53 bits, 11 bits, and the rest.
    let first = (top & top.bits(~0x7FF)).bitcast(to: .int64).converted(to: .float64)
    let second = (top & top.bits(0x7FF)).bitcast(to: .int64).converted(to: .float64)
    let rest = second + (lower << 2).converted(to: .float64) * 0x1p-64
    let y = first + rest
    let yLow = (first - y) + rest
    let halfPi = 0x1.921fb54442d18p+0 * 0x1p-64
    let r = y * halfPi
    let low = fma(y, halfPi, -r) + fma(y, 0x1.1a62633145c07p-54 * 0x1p-64, yLow * halfPi)
    let isNegative = x .< 0
    return (
      isNegative.select(-quadrant, quadrant), isNegative.select(-r, r),
      isNegative.select(-low, low)
    )
  }

  // MARK: - Results

  /// The sine of x plus some quarter turns.
  func sine(quarters: Int) -> KernelTerm {
    let q = quarters == 0 ? quadrant : quadrant + quadrant.constant(quarters)
    let isOdd = (q & q.constant(1)) .!= q.constant(0)
    let value = isOdd.select(cosine, sine)
    let sign = (q & q.constant(2)) << (r.dtype == .float64 ? 62 : 30)
    return (value.signed ^ sign).bitcast(to: r.dtype)
  }

  /// The sine of the rest.
  private var sine: KernelTerm {
    let z = r * r
    if r.dtype == .float32 {
      // (sin r - r) / r^3 on |r| <= pi/4: degree 2, error 2^-27.9.
      return r + fma(r * z, z.polynomial([-0x1.555546p-3, 0x1.110774p-7, -0x1.9951fap-13]), low)
    }
    // Degree 5, error 2^-57.9. sin(r + low) = sin r + low cos r.
    let tail = z.polynomial([
      -0x1.5555555555548p-3, 0x1.111111110f74ap-7, -0x1.a01a019bee696p-13, 0x1.71de355b00df5p-19,
      -0x1.ae5e50d71eeacp-26, 0x1.5d8d0e68444e6p-33,
    ])
    return r + fma(r * z, tail, fma(z * -0.5, low, low))
  }

  /// The cosine of the rest.
  private var cosine: KernelTerm {
    let z = r * r
    if r.dtype == .float32 {
      // (cos r - 1 + r^2/2) / r^4: degree 2, error 2^-33.1.
      return z.polynomial([1, -0.5, 0x1.55554ap-5, -0x1.6c0c1cp-10, 0x1.99e246p-16])
    }
    // Degree 5, error 2^-64.1. 1 - z/2 loses what is added again.
    let tail = z.polynomial([
      0x1.555555555554cp-5, -0x1.6c16c16c15211p-10, 0x1.a01a019cbcff3p-16,
      -0x1.27e4f810662efp-22, 0x1.1ee9ef6aba53cp-29, -0x1.8fb00e70f76a9p-37,
    ])
    let half = z * 0.5
    let near = 1 - half
    return near + (((1 - near) - half) + fma(z * z, tail, -(r * low)))
  }

  /// The tangent of x: that of the rest in two floats, or a quarter turn on -1 by it.
  var tangent: KernelTerm {
    let z = r * r
    // (tan r - r) / r^3: degree 13, error 2^-56.1; float32: degree 6, 2^-29.5.
    let tail = z.polynomial(
      r.dtype == .float64
        ? [
          0x1.55555555554eep-2, 0x1.11111111186d5p-3, 0x1.ba1ba1b43d888p-5, 0x1.664f49b0c831dp-6,
          0x1.226e1173c0922p-7, 0x1.d6d953c12480cp-9, 0x1.7d59dbb31d6cep-10, 0x1.380716e5f4b65p-11,
          0x1.d1ddadcb5ac8p-13, 0x1.1f56ed43bb1fcp-13, -0x1.c63c014aa566p-16, 0x1.79d813aaec104p-14,
          -0x1.7b51be12b874dp-15, 0x1.5f68897097f51p-16,
        ]
        : [
          0x1.55556p-2, 0x1.110d9cp-3, 0x1.bada62p-5, 0x1.5cb832p-6, 0x1.63011p-7, 0x1.7512c2p-14,
          0x1.1ee6ep-8,
        ])
    let rest = fma(r * z, tail, fma(low, z, low))
    let sum = r + rest
    let lost = (r - sum) + rest
    let q = -1 / sum
    let inverse = fma(q, fma(sum, q, 1) + lost * q, q)
    let isOdd = (quadrant & quadrant.constant(1)) .!= quadrant.constant(0)
    return isOdd.select(inverse, sum)
  }
}
