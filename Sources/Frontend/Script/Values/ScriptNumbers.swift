import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Python's arithmetic of host numbers: integers floor, `/` gives floats, dividing by zero fails.
///
/// - Source: The Python Language Reference 3.11, 6.5 to 6.9.
enum ScriptNumber {
  case integer(Int128)
  case real(Double)
  case complex(Double, Double)

  /// The number that a value is; True and False are 1 and 0.
  init?(_ value: ScriptValue) {
    switch value {
    case .bool(let value): self = .integer(value ? 1 : 0)
    case .integer(let value): self = .integer(value)
    case .real(let value): self = .real(value)
    case .complex(let re, let im): self = .complex(re, im)
    default: return nil
    }
  }

  /// The number as a script value.
  var value: ScriptValue {
    switch self {
    case .integer(let value): .integer(value)
    case .real(let value): .real(value)
    case .complex(let re, let im): .complex(re, im)
    }
  }

  private var isComplex: Bool { if case .complex = self { true } else { false } }

  private var parts: (Double, Double) {
    switch self {
    case .integer(let value): (Double(value), 0)
    case .real(let value): (value, 0)
    case .complex(let re, let im): (re, im)
    }
  }

  /// Applies an operator.
  ///
  /// - Throws: `value` for a division by zero, `out-of-range` past 128 bits, `argument` where
  ///   Python has no such operator.
  static func apply(
    _ symbol: ScriptBinaryOperator, _ a: ScriptNumber, _ b: ScriptNumber
  ) throws(WeftError) -> ScriptNumber {
    if case .integer(let x) = a, case .integer(let y) = b { return try integers(symbol, x, y) }
    if a.isComplex || b.isComplex { return try complexes(symbol, a.parts, b.parts) }
    return try reals(symbol, a.parts.0, b.parts.0)
  }

  // MARK: Integers

  private static func integers(
    _ symbol: ScriptBinaryOperator, _ a: Int128, _ b: Int128
  ) throws(WeftError) -> ScriptNumber {
    switch symbol {
    case .add: return .integer(try checked(a.addingReportingOverflow(b)))
    case .subtract: return .integer(try checked(a.subtractingReportingOverflow(b)))
    case .multiply: return .integer(try checked(a.multipliedReportingOverflow(by: b)))
    case .divide:
      if b == 0 { throw divisionByZero }
      return .real(Double(a) / Double(b))
    case .floorDivide, .remainder:
      if b == 0 { throw divisionByZero }
      if b == -1 {
        return .integer(
          symbol == .remainder ? 0 : try checked((0 as Int128).subtractingReportingOverflow(a)))
      }
      let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
      let isBelow = remainder != 0 && (remainder < 0) != (b < 0)
      if symbol == .remainder { return .integer(isBelow ? remainder + b : remainder) }
      return .integer(isBelow ? quotient - 1 : quotient)
    case .power: return try power(a, b)
    case .shiftLeft:
      if b < 0 { throw WeftError(.value, "<<", "the shift count \(b) is negative") }
      if a == 0 { return .integer(0) }
      guard b < 127 else { throw tooLarge }
      return .integer(try checked(a.multipliedReportingOverflow(by: (1 as Int128) << b)))
    case .shiftRight:
      if b < 0 { throw WeftError(.value, ">>", "the shift count \(b) is negative") }
      return .integer(a >> min(b, 127))
    case .bitwiseAnd: return .integer(a & b)
    case .bitwiseOr: return .integer(a | b)
    case .bitwiseXor: return .integer(a ^ b)
    case .matrixMultiply: throw undefined(symbol, "integers")
    }
  }

  private static func power(_ base: Int128, _ exponent: Int128) throws(WeftError) -> ScriptNumber {
    if exponent < 0 { return try reals(.power, Double(base), Double(exponent)) }
    if base == 0 || base == 1 { return .integer(exponent == 0 ? 1 : base) }
    if base == -1 { return .integer(exponent % 2 == 0 ? 1 : -1) }
    guard exponent < 128 else { throw tooLarge }
    var result: Int128 = 1
    for _ in 0..<Int(exponent) {
      result = try checked(result.multipliedReportingOverflow(by: base))
    }
    return .integer(result)
  }

  private static func checked(
    _ result: (partialValue: Int128, overflow: Bool)
  ) throws(WeftError) -> Int128 {
    if result.overflow { throw tooLarge }
    return result.partialValue
  }

  // MARK: Floats

  private static func reals(
    _ symbol: ScriptBinaryOperator, _ a: Double, _ b: Double
  ) throws(WeftError) -> ScriptNumber {
    switch symbol {
    case .add: return .real(a + b)
    case .subtract: return .real(a - b)
    case .multiply: return .real(a * b)
    case .divide:
      if b == 0 { throw divisionByZero }
      return .real(a / b)
    case .floorDivide, .remainder:
      if b == 0 { throw divisionByZero }
      let scalars = (Scalar(a, .float64), Scalar(b, .float64))
      let function: ScalarFunction = symbol == .remainder ? .remainder : .floorDivide
      return .real(function.evaluate(scalars.0, scalars.1, scalars.1).doubleValue)
    case .power:
      if a == 0 && b < 0 { throw divisionByZero }
      if a < 0 && a.isFinite && b.isFinite && b.rounded() != b {
        return try complexes(.power, (a, 0), (b, 0))
      }
      let result = pow(a, b)
      if result.isInfinite && a.isFinite && b.isFinite { throw tooLarge }
      return .real(result)
    case .shiftLeft, .shiftRight, .bitwiseAnd, .bitwiseOr, .bitwiseXor, .matrixMultiply:
      throw undefined(symbol, "floats")
    }
  }

  // MARK: Complex numbers

  private static func complexes(
    _ symbol: ScriptBinaryOperator, _ a: (Double, Double), _ b: (Double, Double)
  ) throws(WeftError) -> ScriptNumber {
    let function: ScalarFunction
    switch symbol {
    case .add: function = .add
    case .subtract: function = .subtract
    case .multiply: function = .multiply
    case .divide: function = .divide
    case .power: function = .pow
    default: throw undefined(symbol, "complex numbers")
    }
    if b == (0, 0) && symbol == .divide { throw divisionByZero }
    let (x, y) = (Scalar(a.0, a.1, .complex128), Scalar(b.0, b.1, .complex128))
    let result = function.evaluate(x, y, y)
    return .complex(result.doubleValue, result.imaginary)
  }

  // MARK: Errors

  private static let divisionByZero = WeftError(.value, "/", "division by zero")
  private static let tooLarge = WeftError(
    .outOfRange, "number", "the result is too large for a number",
    hint: "write one operand as a float")

  private static func undefined(_ symbol: ScriptBinaryOperator, _ kind: String) -> WeftError {
    WeftError(.argument, symbol.rawValue, "is not defined for \(kind)")
  }

  // MARK: One operand, comparisons

  /// The number with the other sign.
  func negated() throws(WeftError) -> ScriptNumber {
    switch self {
    case .integer(let value):
      return .integer(try Self.checked((0 as Int128).subtractingReportingOverflow(value)))
    case .real(let value): return .real(-value)
    case .complex(let re, let im): return .complex(-re, -im)
    }
  }

  /// Whether two numbers compare so; nil for an order of complex numbers, which have none.
  static func compare(
    _ symbol: ScriptComparator, _ a: ScriptNumber, _ b: ScriptNumber
  ) -> Bool? {
    if case .integer(let x) = a, case .integer(let y) = b { return symbol.holds(x, y) }
    if a.isComplex || b.isComplex {
      switch symbol {
      case .equal: return a.parts == b.parts
      case .notEqual: return a.parts != b.parts
      default: return nil
      }
    }
    return symbol.holds(a.parts.0, b.parts.0)
  }
}

extension ScriptComparator {
  /// Whether two ordered values compare so.
  func holds<Value: Comparable>(_ a: Value, _ b: Value) -> Bool {
    switch self {
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    case .equal: a == b
    case .notEqual: a != b
    }
  }

  /// The elementwise function.
  var function: ScalarFunction {
    switch self {
    case .less: .less
    case .lessOrEqual: .lessEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterEqual
    case .equal: .equal
    case .notEqual: .notEqual
    }
  }
}

extension ScriptBinaryOperator {
  /// The elementwise function; nil for the matrix product.
  var function: ScalarFunction? {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .floorDivide: .floorDivide
    case .remainder: .remainder
    case .matrixMultiply: nil
    case .power: .pow
    case .shiftLeft: .bitwiseLeftShift
    case .shiftRight: .bitwiseRightShift
    case .bitwiseAnd: .bitwiseAnd
    case .bitwiseXor: .bitwiseXor
    case .bitwiseOr: .bitwiseOr
    }
  }
}
