import WeftIR

extension ScriptValue {
  /// Applies an operator as Python would: to host numbers, sequences, or elementwise to arrays.
  static func apply(
    _ symbol: ScriptBinaryOperator, _ a: ScriptValue, _ b: ScriptValue, site: SourceSite
  ) throws -> ScriptValue {
    if let result = try bools(symbol, a, b) { return result }
    if let x = ScriptNumber(a), let y = ScriptNumber(b) {
      return try ScriptNumber.apply(symbol, x, y).value
    }
    if !a.isArray && !b.isArray {
      if let result = try sequences(symbol, a, b) { return result }
      throw WeftError(
        .argument, symbol.rawValue, "is not defined for \(a.kindName) and \(b.kindName)")
    }
    let x = try a.requireArray(symbol.rawValue, site)
    let y = try b.requireArray(symbol.rawValue, site)
    guard let function = symbol.function else { return .array(matmul(x, y, site: site)) }
    if symbol == .power { return .array(NDArray.raise(x, to: y, site: site)) }
    return .array(NDArray.apply(function, x, y, site: site))
  }

  /// `&`, `|` and `^` of two host bools give a bool.
  private static func bools(
    _ symbol: ScriptBinaryOperator, _ a: ScriptValue, _ b: ScriptValue
  ) throws(WeftError) -> ScriptValue? {
    guard case .bool(let x) = a, case .bool(let y) = b else { return nil }
    return switch symbol {
    case .bitwiseAnd: .bool(x && y)
    case .bitwiseOr: .bool(x || y)
    case .bitwiseXor: .bool(x != y)
    default: nil
    }
  }

  /// Whether the value is an array.
  var isArray: Bool { if case .array = self { true } else { false } }

  /// `+` and `*` of texts, tuples and lists.
  private static func sequences(
    _ symbol: ScriptBinaryOperator, _ a: ScriptValue, _ b: ScriptValue
  ) throws(WeftError) -> ScriptValue? {
    switch (symbol, a, b) {
    case (.add, .string(let x), .string(let y)):
      guard x.utf8.count + y.utf8.count <= ScriptSequence.maximumCount else {
        throw WeftError(.tooLarge, "+", "a string is longer than allowed")
      }
      return .string(x + y)
    case (.add, .tuple(let x), .tuple(let y)): return try .tuple(x.items + y.items)
    case (.add, .list(let x), .list(let y)): return try .list(x.items + y.items)
    case (.multiply, .tuple(let x), .integer(let n)), (.multiply, .integer(let n), .tuple(let x)):
      return try .tuple(repeated(x, n))
    case (.multiply, .list(let x), .integer(let n)), (.multiply, .integer(let n), .list(let x)):
      return try .list(repeated(x, n))
    default: return nil
    }
  }

  private static func repeated(
    _ sequence: ScriptSequence, _ count: Int128
  ) throws(WeftError) -> [ScriptValue] {
    if count <= 0 || sequence.items.isEmpty { return [] }
    guard count <= ScriptSequence.maximumCount / max(1, sequence.total) else {
      throw WeftError(.tooLarge, "*", "the repeated sequence is longer than allowed")
    }
    return Array(repeating: sequence.items, count: Int(count)).flatMap { $0 }
  }

  /// Applies a prefix operator; `not` computes an array of one element.
  static func apply(
    _ symbol: ScriptUnaryOperator, _ a: ScriptValue, site: SourceSite
  ) throws -> ScriptValue {
    if symbol == .not { return .bool(!(try a.truth())) }
    if case .array(let array) = a {
      switch symbol {
      case .plus: return try .array(array.positive(site))
      case .negate: return .array(NDArray.apply(.negative, array, site: site))
      case .invert, .not: return .array(NDArray.apply(.bitwiseInvert, array, site: site))
      }
    }
    if let number = ScriptNumber(a) {
      switch (symbol, number) {
      case (.plus, _): return number.value
      case (.negate, _): return try number.negated().value
      case (.invert, .integer(let value)): return .integer(~value)
      default: break
      }
    }
    throw WeftError(.argument, symbol.rawValue, "is not defined for \(a.kindName)")
  }

  /// Compares two values: elementwise when one is an array.
  static func compare(
    _ symbol: ScriptComparator, _ a: ScriptValue, _ b: ScriptValue, site: SourceSite
  ) throws -> ScriptValue {
    if let x = ScriptNumber(a), let y = ScriptNumber(b) {
      if let answer = ScriptNumber.compare(symbol, x, y) { return .bool(answer) }
      throw WeftError(.argument, symbol.rawValue, "complex numbers have no order")
    }
    if a.isArray || b.isArray, a.isArrayLike, b.isArrayLike {
      return .array(
        NDArray.apply(
          symbol.function, try a.requireArray(symbol.rawValue, site),
          try b.requireArray(symbol.rawValue, site), site: site))
    }
    if case .string(let x) = a, case .string(let y) = b { return .bool(symbol.holds(x, y)) }
    switch symbol {
    case .equal: return .bool(try equals(a, b))
    case .notEqual: return .bool(!(try equals(a, b)))
    default:
      throw WeftError(
        .argument, symbol.rawValue, "\(a.kindName) and \(b.kindName) have no order")
    }
  }

  /// Whether the value can be taken for an array.
  private var isArrayLike: Bool {
    switch self {
    case .array, .integer, .real, .complex, .bool, .tuple, .list: true
    default: false
    }
  }

  /// Whether two values that are no numbers are equal.
  private static func equals(_ a: ScriptValue, _ b: ScriptValue) throws -> Bool {
    if let x = ScriptNumber(a), let y = ScriptNumber(b) {
      return ScriptNumber.compare(.equal, x, y) ?? false
    }
    switch (a, b) {
    case (.none, .none), (.ellipsis, .ellipsis): return true
    case (.string(let x), .string(let y)): return x == y
    case (.dtype(let x), _): return b.asDType() == x
    case (_, .dtype(let y)): return a.asDType() == y
    case (.function(let x), .function(let y)): return x.name == y.name
    case (.tuple(let x), .tuple(let y)), (.list(let x), .list(let y)):
      guard x.items.count == y.items.count else { return false }
      for (left, right) in zip(x.items, y.items) {
        if left.isArray || right.isArray {
          if try !compare(.equal, left, right, site: .none).truth() { return false }
        } else if try !equals(left, right) {
          return false
        }
      }
      return true
    default: return false
    }
  }
}

extension NDArray {
  /// The elements themselves; undefined for bool, as `numpy.positive`.
  func positive(_ site: SourceSite) throws(WeftError) -> NDArray {
    if dtype == .bool {
      throw WeftError(.dtype, "positive", "is not defined for \(expr.type)", site: site)
    }
    return strong
  }
}
