import WeftIR

/// When two results count as the same, by a rule's class.
extension RuleCheck {
  static func holds(_ rule: Rule, _ values: [Scalar]) -> Bool {
    guard let (left, right) = rule.sides(values), left.dtype == right.dtype else { return false }
    if sameBits(left, right) { return true }
    switch rule.exactness {
    case .exact: return false
    case .stable:
      guard left.dtype.isInexact else { return false }
      guard left.dtype.isFloat && left.dtype != .float64, let wide = wide(rule, values) else {
        return !values.allSatisfy(isModerate) || isClose(left, right)
      }
      return isAsAccurate(right.doubleValue, left.doubleValue, wide, left.dtype)
    case .contraction, .relaxed:
      guard left.dtype.isInexact else { return false }
      return !values.allSatisfy(isModerate) || isClose(left, right)
    }
  }

  static func isExact(_ rule: Rule, _ values: [Scalar]) -> Bool {
    guard let (left, right) = rule.sides(values) else { return false }
    return sameBits(left, right)
  }

  /// The same bits, NaN payloads and signs apart.
  static func sameBits(_ a: Scalar, _ b: Scalar) -> Bool {
    guard a.dtype == b.dtype else { return false }
    if a == b { return true }
    guard a.dtype.isInexact else { return false }
    return sameBits(a.doubleValue, b.doubleValue) && sameBits(a.imaginary, b.imaginary)
  }

  private static func sameBits(_ a: Double, _ b: Double) -> Bool {
    a.bitPattern == b.bitPattern || a.isNaN && b.isNaN
  }

  /// The value in float64 for narrower floats: that of the left side, or of the right side where
  /// the left loses, next to numbers near 1, what float64 does not hold.
  private static func wide(_ rule: Rule, _ values: [Scalar]) -> Double? {
    let wide = values.map { $0.dtype.isFloat ? $0.converted(to: .float64) : $0 }
    guard let sides = rule.sides(wide) else { return nil }
    let (left, right) = (sides.left.doubleValue, sides.right.doubleValue)
    if left.isInfinite && right.isFinite { return right }  // float64 overflows too, as in exp
    let slack = 0x1p-50 * max(1, left.magnitude)
    return left.isFinite && (left - right).magnitude <= slack ? right : left
  }

  private static func isAsAccurate(
    _ new: Double, _ old: Double, _ wide: Double, _ dtype: DType
  ) -> Bool {
    let rounded = Scalar(wide, dtype)
    let target = rounded.doubleValue
    if sameBits(new, target) || new == target { return true }
    guard target.isFinite else { return false }
    guard new.isFinite else { return !old.isFinite }
    let ulp = ScalarFunction.spacing.evaluate(rounded, rounded, rounded).doubleValue.magnitude
    let oldError = old.isFinite ? (old - wide).magnitude : .infinity
    return (new - wide).magnitude <= oldError + ulp
  }

  private static func isModerate(_ value: Scalar) -> Bool {
    guard value.dtype.isInexact else { return true }
    let parts = value.dtype.isComplex ? [value.doubleValue, value.imaginary] : [value.doubleValue]
    return parts.allSatisfy { $0 >= 0.5 && $0 <= 2 }
  }

  /// Equal up to the rounding of a few operations on numbers near 1.
  private static func isClose(_ a: Scalar, _ b: Scalar) -> Bool {
    let epsilon: Double =
      switch a.dtype.realPart {
      case .float16: 0x1p-10
      case .bfloat16: 0x1p-7
      case .float32: 0x1p-23
      default: 0x1p-52
      }
    let difference = max(
      (a.doubleValue - b.doubleValue).magnitude, (a.imaginary - b.imaginary).magnitude)
    let scale = max(1, a.doubleValue.magnitude, a.imaginary.magnitude)
    return difference <= 32 * epsilon * scale
  }
}
