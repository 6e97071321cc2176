import WeftIR

/// Runs the statements of a script: builds expressions, computes only where Python needs a value.
///
/// Recursion follows the tree, whose depth the parser bounds; chains are loops.
struct ScriptEvaluator {
  let table: ScriptFunctionTable
  /// Names in scope.
  var variables: [String: ScriptValue]
  /// The bytes of each operation by its anchor, the offset that source sites hold.
  var ranges: [Int: Range<Int>] = [:]

  init(table: ScriptFunctionTable, variables: [String: ScriptValue]) {
    self.table = table
    self.variables = variables
  }

  /// The value of the last statement.
  mutating func run(_ program: ScriptProgram) throws(ScriptFailure) -> ScriptValue {
    guard !program.statements.isEmpty else {
      throw ScriptFailure(
        WeftError(.syntax, "script", "there is no statement"), 0..<program.source.utf8.count)
    }
    var result = ScriptValue.none
    for statement in program.statements { result = try run(statement) }
    return result
  }

  private mutating func run(_ statement: ScriptStatement) throws(ScriptFailure) -> ScriptValue {
    switch statement.kind {
    case .expression(let expression): return try evaluate(expression)
    case .assignment(let targets, let expression):
      let value = try evaluate(expression)
      for target in targets { try assign(value, to: target) }
      return value
    case .augmented(let target, let symbol, let symbolRange, let expression):
      return try augment(target, symbol, symbolRange, expression, statement.range)
    }
  }

  // MARK: Expressions

  mutating func evaluate(_ expression: ScriptExpression) throws(ScriptFailure) -> ScriptValue {
    switch expression.kind {
    case .name(let name): return try value(of: name, expression.range)
    case .integer(let integer): return try value(of: integer, expression.range)
    case .float(let value): return .real(value)
    case .imaginary(let value): return .complex(0, value)
    case .string(let text): return .string(text)
    case .boolean(let value): return .bool(value)
    case .none: return .none
    case .ellipsis: return .ellipsis
    case .tuple(let items): return .tuple(try sequence(items, expression.range))
    case .list(let items): return .list(try sequence(items, expression.range))
    case .postfix(let base, let trailers): return try postfix(base, trailers[...])
    case .unary(let symbol, let operand): return try unary(symbol, operand, expression.range)
    case .chain(let first, let operations): return try chain(first, operations)
    case .comparison(let first, let comparisons): return try comparison(first, comparisons)
    case .logical(let connective, let operands): return try logical(connective, operands)
    case .conditional(let then, let condition, let otherwise):
      return try evaluate(try truth(of: condition) ? then : otherwise)
    }
  }

  private mutating func sequence(
    _ items: [ScriptExpression], _ range: Range<Int>
  ) throws(ScriptFailure) -> ScriptSequence {
    var values: [ScriptValue] = []
    values.reserveCapacity(items.count)
    for item in items { values.append(try evaluate(item)) }
    return try located(range) { try ScriptSequence(values) }
  }

  private func value(
    of integer: ScriptInteger, _ range: Range<Int>
  ) throws(ScriptFailure) -> ScriptValue {
    if let magnitude = integer.magnitude { return .integer(Int128(magnitude)) }
    if let value = Int128(integer.digits, radix: integer.radix) { return .integer(value) }
    throw ScriptFailure(
      WeftError(
        .outOfRange, "integer", "the integer needs more than 128 bits", hint: "write it as a float"),
      range)
  }

  private mutating func unary(
    _ symbol: ScriptUnaryOperator, _ operand: ScriptExpression, _ range: Range<Int>
  ) throws(ScriptFailure) -> ScriptValue {
    let value = try evaluate(operand)
    return try operation(at: range.lowerBound, range) { site in
      try ScriptValue.settling(value) { try ScriptValue.apply(symbol, $0[0], site: site).checked() }
    }
  }

  private mutating func chain(
    _ first: ScriptExpression, _ operations: [ScriptOperation]
  ) throws(ScriptFailure) -> ScriptValue {
    var result = try evaluate(first)
    for next in operations {
      let operand = try evaluate(next.operand)
      let left = result
      result = try operation(
        at: next.symbolRange.lowerBound,
        first.range.lowerBound..<next.operand.range.upperBound
      ) { site in
        try ScriptValue.settling(left, operand) { parts in
          try ScriptValue.apply(next.symbol, parts[0], parts[1], site: site).checked()
        }
      }
    }
    return result
  }

  /// `a < b < c`: as in Python the later comparisons happen only while the earlier ones are true.
  private mutating func comparison(
    _ first: ScriptExpression, _ comparisons: [ScriptComparison]
  ) throws(ScriptFailure) -> ScriptValue {
    var left = try evaluate(first)
    var leftRange = first.range
    var result = ScriptValue.bool(true)
    for (index, next) in comparisons.enumerated() {
      let right = try evaluate(next.operand)
      let range = leftRange.lowerBound..<next.operand.range.upperBound
      let operand = left
      result = try operation(at: next.symbolRange.lowerBound, range) { site in
        try ScriptValue.settling(operand, right) { parts in
          try ScriptValue.compare(next.symbol, parts[0], parts[1], site: site).checked()
        }
      }
      let answer = result
      if index < comparisons.count - 1, try !located(range, { try answer.truth() }) {
        return result
      }
      (left, leftRange) = (right, next.operand.range)
    }
    return result
  }

  private mutating func logical(
    _ connective: ScriptConnective, _ operands: [ScriptExpression]
  ) throws(ScriptFailure) -> ScriptValue {
    var result = ScriptValue.none
    for (index, operand) in operands.enumerated() {
      result = try evaluate(operand)
      if index == operands.count - 1 { break }
      let value = result
      let isTrue = try located(operand.range) { try value.truth() }
      if isTrue == (connective == .or) { break }
    }
    return result
  }

  private mutating func truth(of expression: ScriptExpression) throws(ScriptFailure) -> Bool {
    let value = try evaluate(expression)
    return try located(expression.range) { try value.truth() }
  }

  // MARK: Places

  /// Runs a body; what it throws gets a place.
  func located<Result>(
    _ range: Range<Int>?, _ body: () throws -> Result
  ) throws(ScriptFailure) -> Result {
    do {
      return try body()
    } catch {
      throw ScriptFailure(error, at: place(of: error) ?? range)
    }
  }

  /// Builds one operation, remembering which bytes its source site stands for.
  mutating func operation(
    at anchor: Int, _ range: Range<Int>, _ body: (SourceSite) throws -> ScriptValue
  ) throws(ScriptFailure) -> ScriptValue {
    remember(anchor, range)
    return try located(range) {
      let result = try body(SourceSite(file: ScriptSite.file, line: UInt(anchor)))
      try result.checkForErrors()
      return result
    }
  }

  mutating func remember(_ anchor: Int, _ range: Range<Int>) {
    if anchor < ScriptSite.limit { ranges[anchor] = range }
  }

  /// The bytes of the operation that a run-time error names.
  private func place(of error: any Error) -> Range<Int>? {
    let site = (error as? WeftError)?.site ?? (error as? ScriptFailure)?.error.site
    return site.flatMap { ScriptSite.anchor(of: $0) }.flatMap { ranges[$0] }
  }
}
