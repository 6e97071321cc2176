extension KernelLibrary {
  /// The error function.
  static let errorFunction: [ScalarFunction: Body] = [
    .erf: { $0[0].dtype == .float64 ? $0[0].errorFunctionDouble : $0[0].errorFunctionSingle }
  ]
}

extension KernelTerm {
  /// erf(x): x + x P(x^2) below 0.92, else 1 - exp(Q(x)); from 3.94 on it rounds to 1.
  fileprivate var errorFunctionSingle: KernelTerm {
    let v = magnitude.atMost(3.94)
    // erf(x)/x - 1: degree 6 in x^2, error 2^-30.1.
    let p = (v * v).polynomial([
      0x1.06eba8p-3, -0x1.81274p-2, 0x1.ce2d64p-4, -0x1.b80114p-6, 0x1.54497ap-8, -0x1.a6001p-11,
      0x1.4f3478p-14,
    ])
    // log(1 - erf(x)) on [0.92, 3.93]: degree 6, error 2^-28.6 of erf(x).
    let q = v.polynomial([
      -0x1.8dcd2p-13, -0x1.20b116p+0, -0x1.463678p-1, -0x1.a9e3c8p-4, 0x1.6c8de8p-6,
      -0x1.8fba74p-9, 0x1.9c6b4ap-13,
    ])
    let large = 1 - q.exponentialInRange
    return (v .>= 0.92).select(large, fma(v, p, v)).applying(.copysign, self)
  }

  /// erf(x): x + x P(x^2) below 1.375, else 1 - exp(Q(x)); from 5.95 on it rounds to 1.
  fileprivate var errorFunctionDouble: KernelTerm {
    let v = magnitude.atMost(5.95)
    // erf(x)/x - 1: degree 13 in x^2 - 1, about which rounding grows least; error 2^-56.
    let p = (v * v - 1).polynomial([
      -0x1.4226162fbddd5p-3, -0x1.b5db0451254f2p-3, 0x1.cf6d2bc57863bp-5, -0x1.9b3c1054f19a9p-7,
      0x1.31cd0cec0be3ap-9, -0x1.84227ca83de43p-12, 0x1.ac251193102bcp-15, -0x1.a0dfbea5303e3p-18,
      0x1.6aecd05130527p-21, -0x1.1d8a5299d06c1p-24, 0x1.99a7b938b0ecp-28, -0x1.0dd6da03121f9p-31,
      0x1.4da07321b70a8p-35, -0x1.8b46d362f38bcp-39,
    ])
    // log(1 - erf(x)) on [1.375, 5.95] about 2.25: degree 14, error 2^-56.2 of erf(x).
    let q = (v - 2.25).polynomial([
      -0x1.a1c1e72735ef7p+2, -0x1.3881a8ed5e6c7p+2, -0x1.dea6f633aa877p-1, -0x1.b439bfff14b5dp-7,
      0x1.6b3ea215ef029p-9, -0x1.22e57b884a3a5p-11, 0x1.ae7e8b8794e68p-14, -0x1.169187087ebccp-16,
      0x1.12e3cf3f47bd6p-19, -0x1.3545bb034ff9dp-24, -0x1.0760cabf710f5p-24, 0x1.c874d32b332e3p-26,
      -0x1.03e9af9232276p-27, 0x1.b9ced3e28dfd5p-30, -0x1.8dd389f4f6cep-33,
    ])
    let reduction = BinaryReduction(q)
    let r = reduction.r
    // (exp(r) - 1 - r) / r^2: degree 8, error 2^-51.6, enough for what is taken from 1.
    let tail = r.polynomial([
      0x1.000000000000dp-1, 0x1.55555555505a4p-3, 0x1.555555554f32dp-5, 0x1.111111261439dp-7,
      0x1.6c16c188d4a5p-10, 0x1.a0198c130f1f9p-13, 0x1.a0198dae23acep-16, 0x1.72ea6efc25763p-19,
      0x1.28b882e1603e9p-22,
    ])
    let large = 1 - (fma(tail, r * r, r) + 1).scaled(by: reduction.shifted)
    return (v .>= 1.375).select(large, fma(v, p, v)).applying(.copysign, self)
  }
}
