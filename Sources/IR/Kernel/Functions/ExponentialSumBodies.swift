extension KernelLibrary {
  /// Logarithms of sums of exponentials.
  static let exponentialSums: [ScalarFunction: Body] = [
    .logaddexp: { logarithmOfSum($0[0], $0[1], isBinary: false) },
    .logaddexp2: { logarithmOfSum($0[0], $0[1], isBinary: true) },
  ]

  /// log(exp(a) + exp(b)), or to base 2: the greater and log1p of the other's part.
  ///
  /// float32 goes through float64, because the sum cancels where one operand is just below 0.
  private static func logarithmOfSum(
    _ a: KernelTerm, _ b: KernelTerm, isBinary: Bool
  ) -> KernelTerm {
    if a.dtype == .float32 {
      let (wideA, wideB) = (a.converted(to: .float64), b.converted(to: .float64))
      return logarithmOfSum(wideA, wideB, isBinary: isBinary).converted(to: .float32)
    }
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
