extension KernelLibrary {
  /// Rounding to integral values; integers and bool are unchanged.
  static let rounding: [ScalarFunction: Body] = [
    .floor: { $0[0].dtype.isFloat ? $0[0].applying(.floor) : $0[0] },
    .ceil: { $0[0].dtype.isFloat ? $0[0].applying(.ceil) : $0[0] },
    .trunc: { $0[0].dtype.isFloat ? $0[0].applying(.trunc) : $0[0] },
    .round: { $0[0].dtype.isFloat ? $0[0].applying(.rint) : $0[0] },
  ]

  /// Fractions, exponents, neighbours.
  static let floatParts: [ScalarFunction: Body] = [
    .mantissa: { x in
      let a = x[0]
      let format = FloatFormat(a.dtype)
      let bits = a.normalized.value.unsigned
      // The exponent of numbers in [1/2, 1) in place of their own.
      let exponent = UInt64(format.bias - 1) << UInt64(format.fraction)
      let fraction = (bits & a.unsigned.bits(~format.exponentMask)) | a.unsigned.bits(exponent)
      return a.isSpecial.select(a, fraction.bitcast(to: a.dtype))
    },
    .exponent: { x in
      let (value, lift) = x[0].normalized
      let exponent = value.biasedExponent.converted(to: x[0].dtype) + lift
      return x[0].isSpecial.select(
        x[0].constant(0), exponent - Double(FloatFormat(x[0].dtype).bias - 1))
    },
    .ldexp: { x in
      // Halves round away from zero, as the reference rounds an exponent that is not integral.
      let b = (x[1] .== x[1]).select(x[1], x[1].float(-.infinity))
      let whole = b.applying(.trunc)
      let isHalf = (b - whole).magnitude .>= 0.5
      let unit = b.constant(1).applying(.copysign, b)
      let limited = isHalf.select(whole + unit, whole).limited(4400)
      if x[0].dtype == .float32 {
        // No float64 is subnormal here, so the conversion is the only rounding.
        let k = limited.limited(500).converted(to: .int64)
        return (x[0].converted(to: .float64) * k.powerOfTwo).converted(to: .float32)
      }
      // A subnormal number is scaled up first; two exact steps follow, and one that rounds.
      let (value, lift) = x[0].normalized
      let own = value.biasedExponent - value.biasedExponent.constant(1023)
      let total = (limited + lift).converted(to: .int64) + own
      let k = (total .< -1200).select(
        total.constant(-1200), (total .> 1200).select(total.constant(1200), total))
      let half = k >> 1
      let mantissa =
        (value.unsigned & value.unsigned.bits(~FloatFormat(.float64).exponentMask))
        | value.unsigned.bits(1023 << 52)
      let scaled = mantissa.bitcast(to: .float64) * half.powerOfTwo * (k - half).powerOfTwo
      return x[0].isSpecial.select(x[0], scaled)
    },
    .nextafter: { x in x[0].neighbour(towards: x[1]) },
    .spacing: { x in
      let a = x[0]
      let towards = (a .>= 0).select(a.float(.infinity), a.float(-.infinity))
      return (a.magnitude .< .infinity).select(a.neighbour(towards: towards) - a, a.float(.nan))
    },
  ]
}

/// The layout of a float's bits.
struct FloatFormat {
  /// The bits of the fraction.
  let fraction: Int
  /// What the exponent field adds.
  let bias: Int
  /// The bits of the exponent field, in place.
  let exponentMask: UInt64

  init(_ dtype: DType) {
    fraction = dtype == .float32 ? 23 : 52
    bias = dtype == .float32 ? 127 : 1023
    exponentMask = dtype == .float32 ? 0xFF << 23 : 0x7FF << 52
  }
}

extension KernelTerm {
  /// Whether a float is zero, infinite or NaN.
  fileprivate var isSpecial: KernelTerm {
    (self .== 0) | !(magnitude .< .infinity)
  }

  /// A float with a normal number's bits, and the exponent that this took from it.
  fileprivate var normalized: (value: KernelTerm, lift: KernelTerm) {
    let (least, up) = dtype == .float32 ? (0x1p-126, 25.0) : (0x1p-1022, 54.0)
    let isSubnormal = magnitude .< least
    let scale = isSubnormal.select(constant(dtype == .float32 ? 0x1p25 : 0x1p54), constant(1))
    return (self * scale, isSubnormal.select(constant(-up), constant(0)))
  }

  /// A normal float's exponent field, as a signed integer.
  fileprivate var biasedExponent: KernelTerm {
    let format = FloatFormat(dtype)
    let bits = magnitude.signed
    return bits >> format.fraction
  }

  /// 2 to the power of an int64, for normal results.
  fileprivate var powerOfTwo: KernelTerm {
    ((self + constant(1023)) << 52).bitcast(to: .float64)
  }

  /// The nearest to a float of the numbers from -limit to limit.
  fileprivate func limited(_ limit: Double) -> KernelTerm {
    let low = (self .< -limit).select(constant(-limit), self)
    return (low .> limit).select(constant(limit), low)
  }

  /// The next number of the dtype towards another: bits are ordered like magnitudes.
  fileprivate func neighbour(towards y: KernelTerm) -> KernelTerm {
    let bits = signed
    let isInward = (self .< y) ^ (self .> 0)
    let step = isInward.select(bits.constant(-1), bits.constant(1))
    let moved = (bits + step).bitcast(to: dtype)
    let least = bits.constant(1).bitcast(to: dtype).applying(.copysign, y)
    let different = (self .== 0).select(least, moved)
    // The sum of both is NaN if either is.
    return ((self .!= self) | (y .!= y)).select(self + y, (self .== y).select(y, different))
  }
}
