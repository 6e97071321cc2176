extension KernelLibrary {
  /// Sums, products, quotients, signs. Two's complement makes most the same for all integers.
  static let arithmetic: [ScalarFunction: Body] = [
    .add: { $0[0].dtype == .bool ? $0[0] | $0[1] : $0[0] + $0[1] },
    .subtract: { $0[0] - $0[1] },
    .multiply: { $0[0].dtype == .bool ? $0[0] & $0[1] : $0[0] * $0[1] },
    .divide: { $0[0] / $0[1] },
    .negative: { -$0[0] },
    .abs: { $0[0].magnitude },
    .sqrt: { $0[0].applying(.sqrt) },
    .sign: { x in
      let a = x[0]
      let sign = (a .> 0).select(a.constant(1), (a .< 0).select(a.constant(-1), a.constant(0)))
      switch a.dtype.kind {
      case .unsigned: return (a .!= 0).select(a.constant(1), a.constant(0))
      case .float: return (a .!= a).select(a, sign)
      default: return sign
      }
    },
    .copysign: { $0[0].applying(.copysign, $0[1]) },
    .heaviside: { x in
      let step = (x[0] .< 0).select(x[0].constant(0), x[0].constant(1))
      return (x[0] .!= x[0]).select(x[0], (x[0] .== 0).select(x[1], step))
    },
    .reciprocal: { x in
      let a = x[0]
      if a.dtype.isFloat { return 1 / a }
      // 1 / 0 is an infinity, which converts to the least int32 and int64, and else to 0.
      let atZero = Scalar(Double.infinity, a.dtype)
      let one = (a .== 1).select(a.constant(1), a.constant(0))
      let unit = a.dtype.kind == .signed ? (a .== -1).select(a.constant(-1), one) : one
      return (a .== 0).select(a.builder.constant(atZero), unit)
    },
    .real: { $0[0] },
    .conj: { $0[0] },
    .imag: { $0[0].constant(0) },
    .second: { $0[1] },
    .select: { $0[0].select($0[1], $0[2]) },
  ]

  /// The greater and the lesser.
  static let extremes: [ScalarFunction: Body] = [
    .maximum: { $0[0].extreme(.greaterEqual, $0[1], keepsNaN: true) },
    .minimum: { $0[0].extreme(.lessEqual, $0[1], keepsNaN: true) },
    .fmax: { $0[0].extreme(.greaterEqual, $0[1], keepsNaN: false) },
    .fmin: { $0[0].extreme(.lessEqual, $0[1], keepsNaN: false) },
  ]

  /// Rounded quotients and remainders; of integers 0 for a divisor of 0, and wrapping for the least
  /// by -1.
  static let roundedDivision: [ScalarFunction: Body] = [
    .floorDivide: { x in
      if x[0].dtype.isFloat { return floatDivision(.floorDivide, x[0], x[1]) }
      let (quotient, rest) = truncatedDivision(x[0], x[1])
      if x[0].dtype.kind == .unsigned { return quotient }
      let isBelow = (rest .!= 0) & ((rest ^ x[1]) .< 0)
      return quotient - isBelow.select(quotient.constant(1), quotient.constant(0))
    },
    .remainder: { x in
      if x[0].dtype.isFloat { return floatDivision(.remainder, x[0], x[1]) }
      let rest = truncatedDivision(x[0], x[1]).rest
      if x[0].dtype.kind == .unsigned { return rest }
      let isBelow = (rest .!= 0) & ((rest ^ x[1]) .< 0)
      return rest + isBelow.select(x[1], x[1].constant(0))
    },
    .fmod: { x in
      x[0].dtype.isFloat
        ? floatDivision(.fmod, x[0], x[1]) : truncatedDivision(x[0], x[1]).rest
    },
  ]

  /// C's `/` and `%`, with 0 for a divisor of 0 and a wrapped quotient by -1.
  private static func truncatedDivision(
    _ a: KernelTerm, _ b: KernelTerm
  ) -> (quotient: KernelTerm, rest: KernelTerm) {
    let zero = a.constant(0)
    let isZero = b .== 0
    if a.dtype.kind == .unsigned {
      let divisor = isZero.select(a.constant(1), b)
      return (isZero.select(zero, a / divisor), isZero.select(zero, a % divisor))
    }
    // The divisor -1 is undefined for the least integer, so it and 0 divide by 1 instead.
    let isNegation = b .== -1
    let divisor = (isZero | isNegation).select(a.constant(1), b)
    let quotient = isNegation.select(-a, a / divisor)
    return (isZero.select(zero, quotient), a % divisor)
  }
}

extension KernelTerm {
  /// |a|; unsigned integers and bool are their own.
  var magnitude: KernelTerm {
    dtype == .bool || dtype.kind == .unsigned ? self : applying(.abs)
  }

  /// The operand that compares so to the other, the first of equals; of NaN as the flag says.
  fileprivate func extreme(
    _ order: Primitive, _ other: KernelTerm, keepsNaN: Bool
  ) -> KernelTerm {
    if dtype == .bool { return order == .greaterEqual ? self | other : self & other }
    let isFirst = applying(order, other)
    if !dtype.isFloat { return isFirst.select(self, other) }
    let decides = keepsNaN ? self : other
    return (isFirst | (decides .!= decides)).select(self, other)
  }
}
