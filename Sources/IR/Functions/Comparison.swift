/// Comparisons, logic and selection. Complex numbers compare by real part, then imaginary part.
extension ScalarFunction {
  /// a == b.
  public static let equal = ScalarFunction(
    "equal", arity: 2, domain: .any, result: .bool, algebra: [.commutative],
    evaluate: predicate(
      bool: { $0 == $1 }, signed: { $0 == $1 }, unsigned: { $0 == $1 }, real: { $0 == $1 },
      complex: { $0 == $1 }))

  /// a != b.
  public static let notEqual = ScalarFunction(
    "not_equal", arity: 2, domain: .any, result: .bool, algebra: [.commutative, .preservesZero],
    evaluate: predicate(
      bool: { $0 != $1 }, signed: { $0 != $1 }, unsigned: { $0 != $1 }, real: { $0 != $1 },
      complex: { !($0 == $1) }))

  /// a < b.
  public static let less = ScalarFunction(
    "less", arity: 2, domain: .any, result: .bool, algebra: [.preservesZero],
    evaluate: predicate(
      bool: { !$0 && $1 }, signed: { $0 < $1 }, unsigned: { $0 < $1 }, real: { $0 < $1 },
      complex: { $0 < $1 }))

  /// a <= b.
  public static let lessEqual = ScalarFunction(
    "less_equal", arity: 2, domain: .any, result: .bool,
    evaluate: predicate(
      bool: { !$0 || $1 }, signed: { $0 <= $1 }, unsigned: { $0 <= $1 }, real: { $0 <= $1 },
      complex: { $0 <= $1 }))

  /// a > b.
  public static let greater = ScalarFunction(
    "greater", arity: 2, domain: .any, result: .bool, algebra: [.preservesZero],
    evaluate: predicate(
      bool: { $0 && !$1 }, signed: { $0 > $1 }, unsigned: { $0 > $1 }, real: { $0 > $1 },
      complex: { $1 < $0 }))

  /// a >= b.
  public static let greaterEqual = ScalarFunction(
    "greater_equal", arity: 2, domain: .any, result: .bool,
    evaluate: predicate(
      bool: { $0 || !$1 }, signed: { $0 >= $1 }, unsigned: { $0 >= $1 }, real: { $0 >= $1 },
      complex: { $1 <= $0 }))

  /// Both are true (not zero).
  public static let logicalAnd = ScalarFunction(
    "logical_and", arity: 2, domain: .any, result: .bool,
    algebra: [.commutative, .associative, .preservesZero], identity: 1, annihilator: 0,
    evaluate: { a, b, _ in Scalar(a.boolValue && b.boolValue) })

  /// Either is true (not zero).
  public static let logicalOr = ScalarFunction(
    "logical_or", arity: 2, domain: .any, result: .bool,
    algebra: [.commutative, .associative, .preservesZero], identity: 0, annihilator: 1,
    evaluate: { a, b, _ in Scalar(a.boolValue || b.boolValue) })

  /// Just one is true (not zero).
  public static let logicalXor = ScalarFunction(
    "logical_xor", arity: 2, domain: .any, result: .bool,
    algebra: [.commutative, .associative, .preservesZero], identity: 0,
    evaluate: { a, b, _ in Scalar(a.boolValue != b.boolValue) })

  /// Whether a is zero.
  public static let logicalNot = ScalarFunction(
    "logical_not", arity: 1, domain: .any, result: .bool,
    evaluate: { a, _, _ in Scalar(!a.boolValue) })

  /// Whether a is not a number.
  public static let isnan = ScalarFunction(
    "isnan", arity: 1, domain: .any, result: .bool, algebra: [.preservesZero],
    evaluate: { a, _, _ in
      Scalar(a.dtype.isInexact && (a.doubleValue.isNaN || a.imaginary.isNaN))
    })

  /// Whether a is infinite, in either part of complex.
  public static let isinf = ScalarFunction(
    "isinf", arity: 1, domain: .any, result: .bool, algebra: [.preservesZero],
    evaluate: { a, _, _ in
      Scalar(a.dtype.isInexact && (a.doubleValue.isInfinite || a.imaginary.isInfinite))
    })

  /// Whether a is neither infinite nor NaN.
  public static let isfinite = ScalarFunction(
    "isfinite", arity: 1, domain: .any, result: .bool,
    evaluate: { a, _, _ in
      Scalar(!a.dtype.isInexact || a.doubleValue.isFinite && a.imaginary.isFinite)
    })

  /// Whether the sign bit is set.
  public static let signbit = ScalarFunction(
    "signbit", arity: 1, domain: .real, result: .bool, algebra: [.preservesZero],
    evaluate: { a, _, _ in
      Scalar(
        a.dtype.isFloat ? a.doubleValue.sign == .minus : a.dtype.kind == .signed && a.intValue < 0)
    })

  /// The second operand where the first (bool) is true, else the third.
  public static let select = ScalarFunction(
    "select", arity: 3, domain: .any, evaluate: { mask, a, b in mask.boolValue ? a : b })

  /// The second operand: the last one wins, for `scatter`.
  public static let second = ScalarFunction(
    "second", arity: 2, domain: .any, algebra: [.associative, .idempotent, .preservesZero],
    evaluate: { _, b, _ in b })
}
