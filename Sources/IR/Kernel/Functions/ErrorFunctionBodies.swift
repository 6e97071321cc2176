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

  /// erf(x): x + x P(x^2) below 1, else 1 - exp(Q(x)); from 5.95 on it rounds to 1.
  fileprivate var errorFunctionDouble: KernelTerm {
    let v = magnitude.atMost(5.95)
    // erf(x)/x - 1: degree 11 in x^2, error 2^-56.
    let p = (v * v).polynomial([
      0x1.06eba8214db68p-3, -0x1.812746b0379a3p-2, 0x1.ce2f21a03ffb7p-4, -0x1.b82ce311cd5bbp-6,
      0x1.565bccf41c98fp-8, -0x1.c02daf913b2dap-11, 0x1.f9a2ac1637569p-14, -0x1.f4c980c42630ap-17,
      0x1.b9788cae360aep-20, -0x1.5bddb7e3559d8p-23, 0x1.d60eecb33b876p-27, -0x1.a8bd739065271p-31,
    ])
    // log(1 - erf(x)) on [1, 1.9] about 1.5 and on [1.9, 5.95] about 2.5: degree 12, errors
    // 2^-57.1 and 2^-56.4 of erf(x). One polynomial whose coefficients the interval selects.
    let isFar = v .>= 1.9
    let u = v - isFar.select(constant(2.5), constant(1.5))
    let near: [Double] = [
      -0x1.b137096b18e96p+1, -0x1.c1206279e92bep+1, -0x1.c90827462a192p-1, -0x1.a71a4bddf9246p-6,
      0x1.89a87b495242ep-8, -0x1.4992624e6fc16p-10, 0x1.c4e868b45ff04p-13, -0x1.790b623ac8728p-16,
      -0x1.6337f116f41d3p-19, 0x1.3e225770b39c0p-19, -0x1.b89514b4cb695p-21, 0x1.9fcb2854be222p-23,
      -0x1.82456dca22fddp-26,
    ]
    let far: [Double] = [
      -0x1.f3a2dc8691b94p+2, -0x1.56925248daa4cp+2, -0x1.e3460a18ca914p-1, -0x1.63cc1da568e35p-7,
      0x1.1bd5597f03176p-9, -0x1.b96137031f08bp-12, 0x1.4316aa1527425p-14, -0x1.ac0721f7be0d6p-17,
      0x1.db475d223a009p-20, -0x1.4d2aea6a11a8dp-23, -0x1.03acaea33ebbep-26, 0x1.756e32765543dp-27,
      -0x1.fcee9f1709f65p-30,
    ]
    let coefficients = zip(near, far).map { isFar.select(constant($1), constant($0)) }
    let q = coefficients.dropLast().reversed().reduce(coefficients[near.count - 1]) {
      fma($0, u, $1)
    }
    let reduction = BinaryReduction(q)
    let r = reduction.r
    // (exp(r) - 1 - r) / r^2: degree 9, error 2^-57.9, enough for what is taken from 1.
    let tail = r.polynomial([
      0x1.000000000000cp-1, 0x1.555555555555bp-3, 0x1.555555554fde8p-5, 0x1.111111110ec93p-7,
      0x1.6c16c18610c88p-10, 0x1.a01a01b3b7ca5p-13, 0x1.a019959b4690ap-16, 0x1.71ddef2494060p-19,
      0x1.28b116fdcaec1p-22, 0x1.af6e0c41d4584p-26,
    ])
    let large = 1 - (fma(tail, r * r, r) + 1).scaled(by: reduction.shifted)
    return (v .>= 1).select(large, fma(v, p, v)).applying(.copysign, self)
  }
}
