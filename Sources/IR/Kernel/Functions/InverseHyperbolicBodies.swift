extension KernelLibrary {
  /// Inverse hyperbolic functions, by log1p of two floats.
  ///
  /// Beyond 1e18 and 1e150 they are log(2x), in which x stays undoubled.
  static let inverseHyperbolic: [ScalarFunction: Body] = [
    .asinh: { $0[0].inverseSine },
    .acosh: { $0[0].inverseCosine },
    .atanh: { $0[0].inverseTangent },
  ]
}

extension KernelTerm {
  private var isHuge: KernelTerm { self .> (dtype == .float64 ? 1e150 : 1e18) }
  /// Where the inverse functions are x itself, rounded.
  private var isTiny: KernelTerm { self .< (dtype == .float64 ? 0x1p-28 : 0x1p-13) }

  /// log(1 + u + low), or log(2 x) for huge x.
  private func logarithmOfSum(
    _ u: KernelTerm, _ low: KernelTerm, isHuge: KernelTerm, _ x: KernelTerm
  ) -> KernelTerm {
    BinarySplit(
      onePlus: isHuge.select(x, u), low: isHuge.select(constant(0), low),
      doublings: isHuge.select(constant(1), constant(0))
    ).logarithm
  }

  /// asinh(x) = log1p(a + a^2 / (1 + sqrt(a^2 + 1))) for a = |x|.
  fileprivate var inverseSine: KernelTerm {
    let a = magnitude
    let square = a * a
    let t = square / ((square + 1).applying(.sqrt) + 1)
    let u = a + t
    let result = logarithmOfSum(u, (a - u) + t, isHuge: a.isHuge, a)
    return a.isTiny.select(a, result).applying(.copysign, self)
  }

  /// acosh(x) = log1p(t + sqrt(t^2 + 2t)) for t = x - 1, the root in two floats.
  fileprivate var inverseCosine: KernelTerm {
    let t = self - 1
    let double = t + t
    let q = fma(t, t, double)
    let qLow = fma(t, t, double - q)
    let s = q.applying(.sqrt)
    // The sum keeps the quotient finite at 0 and changes nothing else.
    let sLow = (fma(-s, s, q) + qLow) * (0.5 / (s + (dtype == .float64 ? 1e-300 : 1e-30)))
    let u = s + t
    let result = logarithmOfSum(u, ((s - u) + t) + sLow, isHuge: isHuge, self)
    return (self .< 1).select(float(.nan), result)
  }

  /// atanh(x) = log1p(2a / (1 - a)) / 2 for a = |x|, the quotient in two floats.
  fileprivate var inverseTangent: KernelTerm {
    let a = magnitude
    let d = 1 - a
    let dLow = (1 - d) - a
    let reciprocal = 1 / d
    let double = a + a
    let u = double * reciprocal
    let low = (fma(-u, d, double) - u * dLow) * reciprocal
    let result = BinarySplit(onePlus: u, low: (a .< 1).select(low, constant(0))).logarithm * 0.5
    return a.isTiny.select(a, result).applying(.copysign, self)
  }
}
