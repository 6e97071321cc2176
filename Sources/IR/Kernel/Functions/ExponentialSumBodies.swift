extension KernelLibrary {
  /// Logarithms of sums of exponentials.
  static let exponentialSums: [ScalarFunction: Body] = [
    .logaddexp: { logarithmOfSum($0[0], $0[1], isBinary: false) },
    .logaddexp2: { logarithmOfSum($0[0], $0[1], isBinary: true) },
  ]

  /// log(exp(a) + exp(b)), or to base 2: the greater and log1p of the other's part.
  ///
  /// float32 goes through float64, because the sum cancels where one operand is just below 0;
  /// float64 keeps every step in two floats for the same reason.
  private static func logarithmOfSum(
    _ a: KernelTerm, _ b: KernelTerm, isBinary: Bool
  ) -> KernelTerm {
    if a.dtype == .float32 {
      let (wideA, wideB) = (a.converted(to: .float64), b.converted(to: .float64))
      return shortLogarithmOfSum(wideA, wideB, isBinary: isBinary).converted(to: .float32)
    }
    let isFirst = a .> b
    let (most, least) = (isFirst.select(a, b), isFirst.select(b, a))
    let difference = least - most
    let part = difference.exponentialParts(
      low: exactOrZero(sum: difference, least, -most), isBinary: isBinary)
    let split = BinarySplit(onePlus: part.high, low: part.low)
    let rest = isBinary ? split.binaryLogarithmParts : split.logarithmParts
    let sum = most + rest.high
    let result = sum + (exactOrZero(sum: sum, most, rest.high) + rest.low)
    let isInfinite = (a .== b) & (a.magnitude .== .infinity)
    return ((a .!= a) | (b .!= b)).select(a + b, isInfinite.select(a, result))
  }

  /// What a sum lost to rounding; 0 where it is not finite.
  ///
  /// - Source: Knuth's TwoSum (TAOCP vol. 2, 4.2.2, theorem B).
  private static func exactOrZero(
    sum: KernelTerm, _ a: KernelTerm, _ b: KernelTerm
  ) -> KernelTerm {
    let back = sum - a
    let lost = (a - (sum - back)) + (b - back)
    return (lost .== lost).select(lost, a.constant(0))
  }

  /// The same with one float a step, for what is rounded to float32.
  private static func shortLogarithmOfSum(
    _ a: KernelTerm, _ b: KernelTerm, isBinary: Bool
  ) -> KernelTerm {
    let difference = -(a - b).magnitude
    let part = isBinary ? difference.binaryExponential : difference.exponential
    let rest = BinarySplit(onePlus: part).logarithm
    let sum =
      (a .> b).select(a, b)
      + (isBinary ? rest * 0x1.71547652b82fep+0 : rest)
    let equal = a + (isBinary ? 1 : 0x1.62e42fefa39efp-1)
    return ((a .!= a) | (b .!= b)).select(a + b, (a .== b).select(equal, sum))
  }
}

extension KernelTerm {
  /// exp(x + low), or 2^(x + low), of a float64 that is not positive, in two floats.
  fileprivate func exponentialParts(
    low: KernelTerm, isBinary: Bool
  ) -> (high: KernelTerm, low: KernelTerm) {
    let (r, rest, shifted): (KernelTerm, KernelTerm, KernelTerm)
    if isBinary {
      shifted = self + FloatFormat(dtype).rounder
      let f = self - (shifted - FloatFormat(dtype).rounder)
      // The product with ln 2 is kept in two floats.
      r = f * 0x1.62e42fefa39efp-1
      let product = fma(f, 0x1.abc9e3b39803fp-56, fma(f, 0x1.62e42fefa39efp-1, -r))
      rest = fma(low, 0x1.62e42fefa39efp-1, product)
    } else {
      let reduction = BinaryReduction(self)
      (r, shifted) = (reduction.r, reduction.shifted)
      rest = reduction.lost + low
    }
    let tail = fma(r.exponentialTail, r * r, rest)
    let lessOne = r + tail
    let sum = lessOne + 1
    let lost = ((1 - sum) + lessOne) + ((r - lessOne) + tail)
    let power = constant(1).scaled(by: shifted)
    let (high, least) = ((sum * power).variable, (lost * power).variable)
    builder.branch(!(self .> (isBinary ? -1020 : -707))) {
      high.assign(isBinary ? binaryExponential : exponential)
      least.assign(constant(0))
    }
    return (high.value, least.value)
  }
}
