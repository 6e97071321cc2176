/// A prefix operator.
enum ScriptUnaryOperator: String, Sendable {
  case plus = "+"
  case negate = "-"
  case invert = "~"
  case not = "not"
}

/// An operator with two operands and one result; the raw value is its spelling.
enum ScriptBinaryOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case matrixMultiply = "@"
  case power = "**"
  case shiftLeft = "<<"
  case shiftRight = ">>"
  case bitwiseAnd = "&"
  case bitwiseXor = "^"
  case bitwiseOr = "|"
}

/// A comparison, which chains with its neighbours.
enum ScriptComparator: String, Sendable {
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="
}

/// A connective that evaluates its second operand only when the first does not decide.
enum ScriptConnective: String, Sendable {
  case and
  case or
}

/// How tightly an operator binds, loosest first.
///
/// - Source: The Python Language Reference 3.11, 6.17 Operator precedence.
enum ScriptPrecedence: Int, Sendable, Comparable {
  case or, and, not, comparison, bitwiseOr, bitwiseXor, bitwiseAnd
  case shift, additive, multiplicative, prefix, power

  static func < (left: ScriptPrecedence, right: ScriptPrecedence) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension ScriptUnaryOperator {
  /// How tightly the operator binds.
  var precedence: ScriptPrecedence { self == .not ? .not : .prefix }
}

extension ScriptBinaryOperator {
  /// How tightly the operator binds.
  var precedence: ScriptPrecedence {
    switch self {
    case .bitwiseOr: .bitwiseOr
    case .bitwiseXor: .bitwiseXor
    case .bitwiseAnd: .bitwiseAnd
    case .shiftLeft, .shiftRight: .shift
    case .add, .subtract: .additive
    case .multiply, .divide, .floorDivide, .remainder, .matrixMultiply: .multiplicative
    case .power: .power
    }
  }
}

/// Any operator that stands between two operands, as the parser meets it.
enum ScriptInfix: Sendable, Equatable {
  case binary(ScriptBinaryOperator)
  case comparison(ScriptComparator)
  case connective(ScriptConnective)

  /// How tightly the operator binds.
  var precedence: ScriptPrecedence {
    switch self {
    case .binary(let symbol): symbol.precedence
    case .comparison: .comparison
    case .connective(.and): .and
    case .connective(.or): .or
    }
  }

  /// The operator that a token spells, nil where the token ends an expression.
  init?(_ token: ScriptToken.Kind) {
    switch token {
    case .keyword(.and): self = .connective(.and)
    case .keyword(.or): self = .connective(.or)
    case .symbol(let symbol):
      if let binary = ScriptBinaryOperator(rawValue: symbol.rawValue) {
        self = .binary(binary)
      } else if let comparator = ScriptComparator(rawValue: symbol.rawValue) {
        self = .comparison(comparator)
      } else {
        return nil
      }
    default: return nil
    }
  }
}
