import WeftIR

/// When two results count as the same, by a rule's class.
extension RuleCheck {
  static func holds(_ rule: Rule, _ values: [Scalar]) -> Bool {
    let context = rule.left.dtype(values.map(\.dtype))
    guard let left = rule.left.evaluate(values),
      let right = rule.right.evaluate(values, context: context), left.dtype == right.dtype
    else { return false }
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
    let context = rule.left.dtype(values.map(\.dtype))
    guard let left = rule.left.evaluate(values),
      let right = rule.right.evaluate(values, context: context)
    else { return false }
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

  /// The left side in float64 for narrower floats.
  private static func wide(_ rule: Rule, _ values: [Scalar]) -> Double? {
    let wide = values.map { $0.dtype.isFloat ? $0.converted(to: .float64) : $0 }
    return rule.left.evaluate(wide)?.doubleValue
  }

  private static func isAsAccurate(
    _ new: Double, _ old: Double, _ wide: Double, _ dtype: DType
  ) -> Bool {
    let rounded = Scalar(wide, dtype).doubleValue
    if sameBits(new, rounded) || new == rounded { return true }
    guard new.isFinite, rounded.isFinite else { return !old.isFinite && !new.isNaN || old.isNaN }
    let ulp = ScalarFunction.spacing.evaluate(
      Scalar(rounded, dtype), Scalar(rounded, dtype), Scalar(rounded, dtype)
    ).doubleValue.magnitude
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
