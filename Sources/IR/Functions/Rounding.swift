/// Rounding to integral values; integers and bool are unchanged.
extension ScalarFunction {
  private static func rounding(
    _ name: String, domain: Domain = .real, _ rule: FloatingPointRoundingRule,
    complex: (@Sendable (ComplexValue, ComplexValue) -> ComplexValue)? = nil
  ) -> ScalarFunction {
    ScalarFunction(
      name, arity: 1, domain: domain, algebra: [.preservesZero],
      evaluate: meaning(real: { a, _ in a.rounded(rule) }, complex: complex))
  }

  /// The greatest integral value not above a.
  public static let floor = rounding("floor", .down)
  /// The least integral value not below a.
  public static let ceil = rounding("ceil", .up)
  /// The integral part.
  public static let trunc = rounding("trunc", .towardZero)
  /// The nearest integral value, halves to even; both parts of complex.
  public static let round = rounding(
    "round", domain: .any, .toNearestOrEven,
    complex: { a, _ in
      ComplexValue(
        a.re.rounded(.toNearestOrEven), a.im.rounded(.toNearestOrEven), a.dtype)
    })
}
