import WeftIR

private let (abs, conj, maximum, minimum) = (
  ScalarFunction.abs, ScalarFunction.conj, ScalarFunction.maximum, ScalarFunction.minimum
)
private let (floorDivide, remainder) = (ScalarFunction.floorDivide, ScalarFunction.remainder)
private let (cos, cosh, erf) = (ScalarFunction.cos, ScalarFunction.cosh, ScalarFunction.erf)

/// Sums, products, quotients, extremes. Floats keep -0.0, NaN and infinities.
extension Rule {
  static let arithmetic = [
    Rule("add-negative-zero", on: .reals) { x in x + -0.0 => x },
    Rule("subtract-zero", on: .reals) { x in x - 0 => x },
    Rule("subtract-self", on: .integers) { x in x - x => 0 },
    Rule("zero-minus", on: .integers) { x in 0 - x => -x },
    Rule("add-negative") { x, y in x + -y => x - y },
    Rule("subtract-negative") { x, y in x - -y => x + y },
    Rule("negative-of-difference", on: .integers) { x, y in -(x - y) => y - x },
    Rule("subtract-constants", on: .integers) { x, c, d in
      (x - constant(c)) - constant(d) => x - (c + d)
    },
    Rule("add-subtract-constants", on: .integers) { x, c, d in
      (x + constant(c)) - constant(d) => x + (c - d)
    },
    Rule("subtract-add-constants", on: .integers) { x, c, d in
      (x - constant(c)) + constant(d) => x + (d - c)
    },
    Rule("multiply-minus-one", on: .reals) { x in x * -1 => -x },
    Rule("multiply-negatives", on: .reals) { x, y in -x * -y => x * y },
    Rule("divide-negatives", on: .reals) { x, y in -x / -y => x / y },
    Rule("negative-times-constant", on: .reals) { x, c in -x * constant(c) => x * -c },
    Rule("factor", on: .integers) { x, y, z in x * y + x * z => x * (y + z) },
    Rule("divide-one", on: .reals) { x in x / 1 => x },
    Rule("divide-minus-one", on: .reals) { x in x / -1 => -x },
    Rule("divide-by-power-of-two", on: .floats, where: hasExactReciprocal) { x, c in
      x / constant(c) => x * (1 / c)
    },
    Rule("multiply-reciprocal", .stable, on: .floats) { x, y in x * (1 / y) => x / y },
    Rule("floor-divide-one", on: .integers) { x in floorDivide(x, 1) => x },
    Rule("remainder-one", on: .integers) { x in remainder(x, 1) => 0 },

    Rule("abs-negative", on: .signed) { x in abs(-x) => abs(x) },
    Rule("abs-conj") { x in abs(conj(x)) => abs(x) },
    Rule("square-of-abs", on: .reals) { x in abs(x) * abs(x) => x * x },
    Rule("square-of-negative", on: .reals) { x in -x * -x => x * x },
    Rule("cos-negative", on: .floats) { x in cos(-x) => cos(x) },
    Rule("cosh-negative", on: .floats) { x in cosh(-x) => cosh(x) },

    Rule("maximum-least", on: .reals) { x in maximum(x, .least) => x },
    Rule("minimum-greatest", on: .reals) { x in minimum(x, .greatest) => x },
    Rule("maximum-greatest", on: .integral) { x in maximum(x, .greatest) => .greatest },
    Rule("minimum-least", on: .integral) { x in minimum(x, .least) => .least },
  ]

  /// 1 / c is exact when c is a power of two whose reciprocal is a normal number.
  @Sendable private static func hasExactReciprocal(_ c: Scalar) -> Bool {
    let value = c.doubleValue
    guard value.isNormal, value.significand == 1 else { return false }
    let reciprocal = 1 / value
    guard reciprocal.isNormal else { return false }
    let least: Double
    switch c.dtype {
    case .float16: least = Double(Float16.leastNormalMagnitude)
    case .bfloat16, .float32: least = Double(Float.leastNormalMagnitude)
    default: least = .leastNormalMagnitude
    }
    return reciprocal.magnitude >= least && Scalar(reciprocal, c.dtype).doubleValue == reciprocal
  }
}
