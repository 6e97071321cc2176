@testable import Weft

// Prints the syntax tree in the form that `scripts/script-syntax-table.py` prints Python's `ast` in:
// operators of one precedence nest to the left, `and`, `or` and comparisons stay flat.

extension ScriptProgram {
  /// The statements, separated by `; `.
  var sExpression: String { statements.map(\.sExpression).joined(separator: "; ") }
}

extension ScriptStatement {
  /// The statement as `(= target value)`, `(+= target value)` or an expression.
  var sExpression: String {
    switch kind {
    case .expression(let value): value.sExpression
    case .assignment(let targets, let value):
      "(= \((targets.map(\.sExpression) + [value.sExpression]).joined(separator: " ")))"
    case .augmented(let target, let symbol, _, let value):
      "(\(symbol.rawValue)= \(target.sExpression) \(value.sExpression))"
    }
  }
}

extension ScriptTarget {
  /// The target as the expression that it looks like.
  var sExpression: String {
    switch self {
    case .name(let name): name.text
    case .element(let base, let key, _): "([] \(base.sExpression) \(key.sExpression))"
    case .unpacking(let targets, _):
      "(tuple\(targets.map { " " + $0.sExpression }.joined()))"
    }
  }
}

extension ScriptKey {
  /// The key; a tuple where it has a comma.
  var sExpression: String {
    let items = items.map(\.sExpression)
    return isTuple ? "(tuple\(items.map { " " + $0 }.joined()))" : items[0]
  }
}

extension ScriptKeyItem {
  /// The item; a slice has `_` for what is left out.
  var sExpression: String {
    switch self {
    case .expression(let value): return value.sExpression
    case .slice(let slice):
      let parts = [slice.start, slice.stop, slice.step].map { $0?.sExpression ?? "_" }
      return "(: \(parts.joined(separator: " ")))"
    }
  }
}

extension ScriptArgument {
  /// The argument as `value`, `(* value)` or `(= keyword value)`.
  var sExpression: String {
    switch kind {
    case .positional: value.sExpression
    case .unpacked: "(* \(value.sExpression))"
    case .keyword(let name): "(= \(name.text) \(value.sExpression))"
    }
  }
}

extension ScriptExpression {
  /// The expression with every operator in front of its operands.
  var sExpression: String {
    switch kind {
    case .name(let name): return name
    case .integer(let integer): return (integer.magnitude.map { "\($0)" }) ?? integer.digits
    case .float(let value): return "\(value)"
    case .imaginary(let value): return "\(value)j"
    case .string(let text): return "'\(text)'"
    case .boolean(let value): return value ? "True" : "False"
    case .none: return "None"
    case .ellipsis: return "..."
    case .tuple(let items): return "(tuple\(items.map { " " + $0.sExpression }.joined()))"
    case .list(let items): return "(list\(items.map { " " + $0.sExpression }.joined()))"
    case .unary(let symbol, let operand):
      return "(\(symbol == .not ? "not" : "u" + symbol.rawValue) \(operand.sExpression))"
    case .chain(let first, let rest):
      return rest.reduce(first.sExpression) {
        "(\($1.symbol.rawValue) \($0) \($1.operand.sExpression))"
      }
    case .comparison(let first, let rest):
      let others = rest.map { " \($0.symbol.rawValue) \($0.operand.sExpression)" }
      return "(cmp \(first.sExpression)\(others.joined()))"
    case .logical(let symbol, let operands):
      return "(\(symbol.rawValue)\(operands.map { " " + $0.sExpression }.joined()))"
    case .conditional(let then, let condition, let otherwise):
      return "(if \(condition.sExpression) \(then.sExpression) \(otherwise.sExpression))"
    case .postfix(let base, let trailers):
      return trailers.reduce(base.sExpression) { value, trailer in
        switch trailer.kind {
        case .attribute(let name): "(. \(value) \(name))"
        case .call(let arguments):
          "(call \(value)\(arguments.map { " " + $0.sExpression }.joined()))"
        case .index(let key): "([] \(value) \(key.sExpression))"
        }
      }
    }
  }
}
