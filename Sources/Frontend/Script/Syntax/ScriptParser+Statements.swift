extension ScriptParser {
  /// Parses the whole source.
  mutating func statements() throws(ScriptSyntaxError) -> [ScriptStatement] {
    var statements: [ScriptStatement] = []
    while true {
      switch token.kind {
      case .end: return statements
      case .newline, .symbol(.semicolon): try advance()
      default:
        statements.append(try statement())
        switch token.kind {
        case .end, .newline, .symbol(.semicolon): break
        default: throw unexpectedAfterExpression(missing: "an operator or ;")
        }
      }
    }
  }

  private mutating func statement() throws(ScriptSyntaxError) -> ScriptStatement {
    let start = token.range.lowerBound
    if case .keyword(.if) = token.kind {
      throw ScriptSyntaxError(
        "'if' statements are not supported", token.range,
        hint: "write a conditional expression: a if test else b")
    }
    var value = try expressionList()
    var kind = ScriptStatement.Kind.expression(value)
    if case .symbol(let symbol) = token.kind, let binary = symbol.augmented {
      let target = try target(value)
      if case .unpacking(_, let range) = target {
        throw ScriptSyntaxError(
          "'\(symbol.rawValue)' needs one name or element on its left", range)
      }
      let symbolRange = token.range
      try advance()
      kind = .augmented(target, binary, symbolRange: symbolRange, try expressionList())
    } else if at(.assign) {
      var targets: [ScriptTarget] = []
      while at(.assign) {
        targets.append(try target(value))
        try advance()
        value = try expressionList()
      }
      kind = .assignment(targets, value)
    }
    return ScriptStatement(kind: kind, range: start..<previousEnd)
  }

  /// One expression, or several between commas as a tuple.
  private mutating func expressionList() throws(ScriptSyntaxError) -> ScriptExpression {
    let first = try element()
    guard at(.comma) else { return first }
    var items = [first]
    while at(.comma) {
      try advance()
      if endsList { break }
      items.append(try element())
    }
    return try node(.tuple(items), from: first.range.lowerBound)
  }

  /// Whether the current token ends a list whose last comma was read.
  private var endsList: Bool {
    switch token.kind {
    case .newline, .end, .symbol(.semicolon), .symbol(.assign): true
    case .symbol(let symbol): symbol.augmented != nil
    default: false
    }
  }

  /// The target that an expression on the left of `=` stands for; recurses as deep as the tree.
  private func target(_ expression: ScriptExpression) throws(ScriptSyntaxError) -> ScriptTarget {
    let range = expression.range
    switch expression.kind {
    case .name(let name): return .name(ScriptName(text: name, range: range))
    case .postfix(let base, var trailers):
      let last = trailers.removeLast()
      switch last.kind {
      case .attribute:
        throw ScriptSyntaxError("attributes cannot be assigned", range)
      case .call:
        throw ScriptSyntaxError("the result of a call cannot be assigned", range)
      case .index(let key):
        guard let end = trailers.last?.range.upperBound else {
          return .element(base, key, range: range)
        }
        let prefix = base.range.lowerBound..<end
        return .element(
          ScriptExpression(.postfix(base, trailers), range: prefix), key, range: range)
      }
    case .tuple(let items), .list(let items):
      guard !items.isEmpty else {
        throw ScriptSyntaxError("an assignment needs a name on its left", range)
      }
      var targets: [ScriptTarget] = []
      for item in items { targets.append(try target(item)) }
      return .unpacking(targets, range: range)
    case .integer, .float, .imaginary, .string, .boolean, .none, .ellipsis:
      throw ScriptSyntaxError("a literal cannot be assigned", range)
    case .unary, .chain, .comparison, .logical, .conditional:
      throw ScriptSyntaxError(
        "an expression cannot be assigned", range, hint: "write == to compare")
    }
  }
}
