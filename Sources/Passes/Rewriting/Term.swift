import WeftIR

/// One side of a rule: scalar functions over variables and literals.
public indirect enum Term: Sendable {
  /// Any value; equal numbers are one value.
  case variable(Int)
  /// A value that is one constant in every element.
  case constant(Int)
  /// A constant of this value, in whatever dtype its neighbours have.
  case literal(Literal)
  /// A function of terms.
  case apply(ScalarFunction, [Term])
}

/// A number without a dtype.
public enum Literal: Hashable, Sendable {
  /// A number; 0.0 and -0.0 differ for floats.
  case number(Double)
  /// The least value: -inf for floats.
  case least
  /// The greatest value: inf for floats.
  case greatest

  /// The number in a dtype; nil when the dtype does not hold it.
  ///
  /// Negative integers stand for their two's complement in unsigned dtypes, -1 for true in bool.
  public func scalar(in dtype: DType) -> Scalar? {
    switch self {
    case .number(let value):
      if dtype.isInexact { return Scalar(value, dtype) }
      guard let integer = Int64(exactly: value) else { return nil }
      if dtype == .bool && !(-1...1).contains(integer) { return nil }
      return Scalar(integer, dtype)
    case .least:
      if dtype.isFloat { return Scalar(-Double.infinity, dtype) }
      return dtype.integerRange.map { Scalar($0.min, dtype) }
    case .greatest:
      if dtype.isFloat { return Scalar(Double.infinity, dtype) }
      return dtype.integerRange.map { Scalar($0.max, dtype) }
    }
  }
}

extension Literal: CustomStringConvertible {
  /// The number, or its name.
  public var description: String {
    switch self {
    case .number(let value): (Int64(exactly: value).map(String.init)) ?? value.description
    case .least: "least"
    case .greatest: "greatest"
    }
  }
}

extension Term: CustomStringConvertible {
  /// Functions by name, applied to terms: `add(x, 1)`.
  public var description: String {
    switch self {
    case .variable(let i): ["x", "y", "z"][i]
    case .constant(let i): "constant(\(["x", "y", "z"][i]))"
    case .literal(let literal): literal.description
    case .apply(let f, let terms):
      "\(f.name)(\(terms.map(\.description).joined(separator: ", ")))"
    }
  }
}

// MARK: - Writing terms

extension Term: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  /// An integer of any dtype.
  public init(integerLiteral value: Int) { self = .literal(.number(Double(value))) }
  /// A number of any dtype that holds it.
  public init(floatLiteral value: Double) { self = .literal(.number(value)) }
  /// The least value of the dtype.
  public static let least = Term.literal(.least)
  /// The greatest value of the dtype.
  public static let greatest = Term.literal(.greatest)

  /// `add`.
  public static func + (a: Term, b: Term) -> Term { .apply(.add, [a, b]) }
  /// `subtract`.
  public static func - (a: Term, b: Term) -> Term { .apply(.subtract, [a, b]) }
  /// `multiply`.
  public static func * (a: Term, b: Term) -> Term { .apply(.multiply, [a, b]) }
  /// `divide`.
  public static func / (a: Term, b: Term) -> Term { .apply(.divide, [a, b]) }
  /// `negative`.
  public static prefix func - (a: Term) -> Term { .apply(.negative, [a]) }
  /// `logical_not`.
  public static prefix func ! (a: Term) -> Term { .apply(.logicalNot, [a]) }
  /// `equal`.
  public static func == (a: Term, b: Term) -> Term { .apply(.equal, [a, b]) }
  /// `not_equal`.
  public static func != (a: Term, b: Term) -> Term { .apply(.notEqual, [a, b]) }
  /// `less`.
  public static func < (a: Term, b: Term) -> Term { .apply(.less, [a, b]) }
  /// `less_equal`.
  public static func <= (a: Term, b: Term) -> Term { .apply(.lessEqual, [a, b]) }
  /// `greater`.
  public static func > (a: Term, b: Term) -> Term { .apply(.greater, [a, b]) }
  /// `greater_equal`.
  public static func >= (a: Term, b: Term) -> Term { .apply(.greaterEqual, [a, b]) }
}

extension ScalarFunction {
  /// The function of terms.
  public func callAsFunction(_ terms: Term...) -> Term { .apply(self, terms) }
}

/// A variable that matches constants alone.
public func constant(_ term: Term) -> Term {
  if case .variable(let i) = term { .constant(i) } else { term }
}

precedencegroup RewritePrecedence {
  higherThan: AssignmentPrecedence
  lowerThan: TernaryPrecedence
}

/// Stands between the two sides of a rule.
infix operator => : RewritePrecedence

/// The two sides of a rule.
public struct Equation: Sendable {
  /// What is matched.
  public let left: Term
  /// What replaces it.
  public let right: Term
}

/// The two sides of a rule.
public func => (left: Term, right: Term) -> Equation { Equation(left: left, right: right) }

extension Term {
  /// The dtype of the term for dtypes of the variables, or nil when a function is not defined.
  ///
  /// Literals take the dtype of their neighbours; one alone has `context`.
  public func dtype(_ variables: [DType], context: DType? = nil) -> DType? {
    switch self {
    case .variable(let i), .constant(let i): return variables[i]
    case .literal(let literal):
      guard let context, literal.scalar(in: context) != nil else { return nil }
      return context
    case .apply(let f, let terms):
      var operand: DType?
      let isSelect = f == .select
      for (i, term) in terms.enumerated() where !(isSelect && i == 0) {
        if case .literal = term { continue }
        guard let dtype = term.dtype(variables), operand == nil || operand == dtype else {
          return nil
        }
        operand = dtype
      }
      guard let operand = operand ?? context, f.operandDType(for: operand) == operand else {
        return nil
      }
      for (i, term) in terms.enumerated() {
        let expected = isSelect && i == 0 ? .bool : operand
        if term.dtype(variables, context: expected) != expected { return nil }
      }
      return f.resultDType(for: operand)
    }
  }

  /// The dtype of a function's operands, past the mask of `select`.
  func operandDType(_ variables: [DType], context: DType?) -> DType? {
    guard case .apply(let f, let terms) = self else { return nil }
    for term in f == .select ? terms.dropFirst() : terms[...] {
      if case .literal = term { continue }
      return term.dtype(variables)
    }
    return context
  }

  /// The value of the term for values of the variables.
  public func evaluate(_ variables: [Scalar], context: DType? = nil) -> Scalar? {
    switch self {
    case .variable(let i), .constant(let i): return variables[i]
    case .literal(let literal): return context.flatMap { literal.scalar(in: $0) }
    case .apply(let f, let terms):
      let dtype = operandDType(variables.map(\.dtype), context: context)
      var operands: [Scalar] = []
      for (i, term) in terms.enumerated() {
        let expected = f == .select && i == 0 ? .bool : dtype
        guard let value = term.evaluate(variables, context: expected) else { return nil }
        operands.append(value)
      }
      let last = operands[operands.count - 1]
      return f.evaluate(
        operands[0], operands.count > 1 ? operands[1] : last,
        operands.count > 2 ? operands[2] : last
      )
    }
  }
}
