extension KernelLibrary {
  /// Hyperbolic functions.
  static let hyperbolic: [ScalarFunction: Body] = [
    .tanh: { $0[0].hyperbolicTangent },
    .sinh: { $0[0].hyperbolicSine },
    .cosh: { x in
      let (e, low, inverse) = x[0].quarterExponential
      let sum = e + inverse
      return (sum + (((e - sum) + inverse) + low)) * 2
    },
  ]
}

extension KernelTerm {
  /// tanh(x): x + x^3 P(x^2) below 0.625, else 1 - 2 / (exp(2x) + 1).
  fileprivate var hyperbolicTangent: KernelTerm {
    let isDouble = dtype == .float64
    // Beyond the limit the result is 1.
    let v = magnitude.atMost(isDouble ? 20 : 10)
    let z = v * v
    // Degree 11, error 2^-61; float32: degree 4, 2^-27.7.
    let tail = z.polynomial(
      isDouble
        ? [
          -0x1.5555555555552p-2, 0x1.1111111110c52p-3, -0x1.ba1ba1b9d1958p-5,
          0x1.664f4870c2d2p-6, -0x1.226e32cf8c3f3p-7, 0x1.d6d35a3607389p-9,
          -0x1.7d9c32ee7516ep-10, 0x1.350b8640067c1p-11, -0x1.f1133d8ab07f1p-13,
          0x1.801b4c4f7d7bdp-14, -0x1.fac48fa64c508p-16, 0x1.96039b7f0ec5ep-18,
        ]
        : [-0x1.555532p-2, 0x1.1106fep-3, -0x1.b83792p-5, 0x1.520a3ap-6, -0x1.756d16p-8])
    let small = fma(v * z, tail, v)
    let large = isDouble ? v.largeTangent : 1 - 2 / ((v + v).exponentialInRange + 1)
    // NaN takes the first, which keeps it.
    return (v .>= 0.625).select(large, small).applying(.copysign, self)
  }

  /// 1 - 2 / (exp(2v) + 1), with what the denominator's rounding loses.
  private var largeTangent: KernelTerm {
    let reduction = BinaryReduction(self + self)
    let r = reduction.r
    let y = fma(r.exponentialTail, r * r, r)
    let h = y + 1
    let low = ((1 - h) + y) + reduction.lost
    let scale = constant(1).scaled(by: reduction.shifted)
    let e = h * scale
    let d = e + 1
    let dLow = fma(low, scale, (e - d) + 1)
    let q = 2 / d
    return 1 - fma(q * q * -0.5, dLow, q)
  }

  /// sinh(x): x + x^3 P(x^2) below 1, else (exp(x) - exp(-x)) / 2.
  fileprivate var hyperbolicSine: KernelTerm {
    let (e, low, inverse) = quarterExponential
    let sum = e - inverse
    let large = (sum + (((e - sum) - inverse) + low)) * 2
    let a = magnitude
    let z = a * a
    // Degree 6, error 2^-61.8; float32: degree 3, 2^-31.6.
    let tail = z.polynomial(
      dtype == .float64
        ? [
          0x1.5555555555556p-3, 0x1.111111111101ep-7, 0x1.a01a01a037285p-13, 0x1.71de3a3b022f6p-19,
          0x1.ae646ffc7005p-26, 0x1.6116efe64a58dp-33, 0x1.b5caaba66b521p-41,
        ]
        : [0x1.555556p-3, 0x1.1110ep-7, 0x1.a022bcp-13, 0x1.756c1ep-19])
    return (a .>= 1).select(large, fma(a * z, tail, a)).applying(.copysign, self)
  }

  /// exp(|x|) / 4 in two floats and exp(-|x|) / 4: their sum overflows no sooner than cosh.
  fileprivate var quarterExponential: (KernelTerm, low: KernelTerm, inverse: KernelTerm) {
    let reduction = BinaryReduction(magnitude.atMost(dtype == .float64 ? 710.6 : 89.6))
    let r = reduction.r
    let y = fma(r.exponentialTail, r * r, r)
    let h = y + 1
    let low = ((1 - h) + y) + reduction.lost
    let scale = constant(0.25).scaled(by: reduction.shifted)
    let e = h * scale
    return (e, low * scale, 0.0625 / e)
  }
}
