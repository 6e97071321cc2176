import WeftIR

/// Rules that follow from the algebra that functions declare.
///
/// A row declares its algebra for real numbers, as `gcd(x, 0) = x`; the dtypes on which a rule
/// keeps every bit are found by trying the special values of each dtype. So -0.0, NaN and
/// gcd(-3, 0) exclude themselves, and a new function gets its rules by declaring its row.
extension Rule {
  /// The exact rules of functions: identity, annihilator, idempotence, involution, projection,
  /// and folding of constants through associative functions.
  static func algebraic(_ functions: [ScalarFunction]) -> [Rule] {
    functions.flatMap(stated).compactMap { rule in
      let dtypes = RuleCheck.exactDTypes(of: rule)
      return dtypes.isEmpty ? nil : rule.limited(to: dtypes)
    }
  }

  /// Those of one function that are exact on a dtype.
  static func algebraic(_ function: ScalarFunction, on dtype: DType) -> [Rule] {
    stated(function).compactMap { rule in
      RuleCheck.isExact(rule, on: dtype) ? rule.limited(to: DTypeSet { $0 == dtype }) : nil
    }
  }

  /// The rules of real numbers.
  private static func stated(_ f: ScalarFunction) -> [Rule] {
    f.arity == 1 ? unary(f) : f.arity == 2 ? binary(f) : []
  }

  private static func unary(_ f: ScalarFunction) -> [Rule] {
    var rules = [
      Rule("\(f.name)-is-identity") { x in f(x) => x },
      Rule("\(f.name)-twice-is-once") { x in f(f(x)) => f(x) },
    ]
    if f.algebra.contains(.involution) {
      rules.append(Rule("\(f.name)-twice") { x in f(f(x)) => x })
    }
    return rules
  }

  private static func binary(_ f: ScalarFunction) -> [Rule] {
    var rules: [Rule] = []
    if let e = f.identity.map(Term.init(integerLiteral:)) {
      rules.append(Rule("\(f.name)-identity") { x in f(x, e) => x })
    }
    if let z = f.annihilator.map(Term.init(integerLiteral:)) {
      rules.append(Rule("\(f.name)-annihilator") { x in f(x, z) => z })
    }
    if f.algebra.contains(.idempotent) {
      rules.append(Rule("\(f.name)-same") { x in f(x, x) => x })
    }
    if f.isCommutative && f.isAssociative {
      rules.append(
        Rule("\(f.name)-constants", on: .integral) { x, c, d in
          f(f(x, constant(c)), constant(d)) => f(x, f(c, d))
        })
    }
    return rules
  }
}
