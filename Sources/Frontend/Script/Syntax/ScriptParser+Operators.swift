extension ScriptParser {
  /// Parses an expression without a comma.
  mutating func expression() throws(ScriptSyntaxError) -> ScriptExpression {
    let value = try disjunction()
    guard token.kind == .keyword(.if) else { return value }
    return try conditional(value)
  }

  /// Parses `if test else b`, where `b` may be conditional again, without recursion.
  private mutating func conditional(
    _ first: ScriptExpression
  ) throws(ScriptSyntaxError) -> ScriptExpression {
    var value = first
    var branches: [(then: ScriptExpression, condition: ScriptExpression)] = []
    while token.kind == .keyword(.if) {
      try advance()
      let condition = try disjunction()
      guard token.kind == .keyword(.else) else {
        throw ScriptSyntaxError(
          "a conditional expression needs 'else'",
          value.range.lowerBound..<condition.range.upperBound, hint: "a if test else b")
      }
      branches.append((value, condition))
      guard branches.count <= ScriptExpression.maximumDepth else { throw Self.tooDeep(token.range) }
      try advance()
      value = try disjunction()
    }
    while let branch = branches.popLast() {
      value = try node(
        .conditional(then: branch.then, condition: branch.condition, otherwise: value),
        from: branch.then.range.lowerBound)
    }
    return value
  }

  /// Parses operators and their operands by precedence, with a stack of unfinished operations.
  ///
  /// - Source: The shunting yard, Dijkstra 1961, "Algol 60 translation", MR 35.
  private mutating func disjunction() throws(ScriptSyntaxError) -> ScriptExpression {
    var pending: [ScriptPendingOperation] = []
    while true {
      try readPrefixes(into: &pending)
      var value = try operand()
      let infix = ScriptInfix(token.kind)
      // Every unfinished operation that binds tighter than what follows is complete.
      while let top = pending.last?.precedence, infix.map({ top > $0.precedence }) ?? true {
        value = try finish(pending.removeLast(), value)
      }
      guard let infix else { return value }
      push(infix, after: value, onto: &pending)
      guard pending.count <= ScriptExpression.maximumDepth else { throw Self.tooDeep(token.range) }
      try advance()
    }
  }

  /// Continues the chain of an operator's precedence or begins one; `**` always begins one.
  private func push(
    _ infix: ScriptInfix, after value: ScriptExpression,
    onto pending: inout [ScriptPendingOperation]
  ) {
    let precedence = infix.precedence
    if precedence == .power || pending.last?.precedence != precedence {
      pending.append(ScriptPendingOperation(precedence: precedence))
    }
    pending[pending.count - 1].operands.append(value)
    pending[pending.count - 1].infixes.append((infix, token.range))
  }

  private mutating func readPrefixes(
    into pending: inout [ScriptPendingOperation]
  ) throws(ScriptSyntaxError) {
    while let prefix = prefixOperator {
      if prefix == .not, let outer = pending.last?.precedence, outer > .not {
        throw unexpected(hint: "put it in parentheses: (not x)")
      }
      pending.append(
        ScriptPendingOperation(
          precedence: prefix.precedence, prefix: prefix, start: token.range.lowerBound))
      guard pending.count <= ScriptExpression.maximumDepth else { throw Self.tooDeep(token.range) }
      try advance()
    }
  }

  /// The prefix operator that the current token spells where an operand is expected.
  private var prefixOperator: ScriptUnaryOperator? {
    switch token.kind {
    case .symbol(.plus): .plus
    case .symbol(.minus): .negate
    case .symbol(.tilde): .invert
    case .keyword(.not): .not
    default: nil
    }
  }

  /// The node of an operation whose last operand is known.
  private func finish(
    _ operation: ScriptPendingOperation, _ last: ScriptExpression
  ) throws(ScriptSyntaxError) -> ScriptExpression {
    let start = operation.prefix == nil ? operation.operands[0].range.lowerBound : operation.start
    let expression = ScriptExpression(
      operation.completed(with: last), range: start..<last.range.upperBound)
    guard expression.depth <= ScriptExpression.maximumDepth else {
      throw Self.tooDeep(expression.range)
    }
    return expression
  }
}

/// Operators of one precedence whose last operand is still being read.
private struct ScriptPendingOperation {
  let precedence: ScriptPrecedence
  /// The operator of a prefix operation, which has no operands yet.
  var prefix: ScriptUnaryOperator?
  /// Where a prefix operation begins.
  var start = 0
  /// The operands before each of `infixes`.
  var operands: [ScriptExpression] = []
  var infixes: [(symbol: ScriptInfix, range: Range<Int>)] = []

  /// What the operation is with its last operand.
  func completed(with last: ScriptExpression) -> ScriptExpression.Kind {
    if let prefix { return .unary(prefix, last) }
    let rest = zip(infixes, operands.dropFirst() + [last])
    switch infixes[0].symbol {
    case .connective(let connective):
      return .logical(connective, operands + [last])
    case .comparison:
      return .comparison(
        operands[0],
        rest.compactMap { infix, operand in
          guard case .comparison(let symbol) = infix.symbol else { return nil }
          return ScriptComparison(symbol: symbol, symbolRange: infix.range, operand: operand)
        })
    case .binary:
      return .chain(
        operands[0],
        rest.compactMap { infix, operand in
          guard case .binary(let symbol) = infix.symbol else { return nil }
          return ScriptOperation(symbol: symbol, symbolRange: infix.range, operand: operand)
        })
    }
  }
}
