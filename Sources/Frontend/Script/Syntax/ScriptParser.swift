/// Turns tokens into the syntax tree.
///
/// Only brackets recurse, at most `ScriptExpression.maximumDepth` deep; operators keep their own
/// stack, so that neither long nor deep sources use up the stack of a thread.
struct ScriptParser {
  private var lexer: ScriptLexer
  /// The token that is read but not yet used.
  var token: ScriptToken
  /// The offset after the last used token.
  var previousEnd = 0
  /// The brackets that are open, outermost first.
  var openings: [ScriptToken] = []

  private init(_ bytes: [UInt8]) throws(ScriptSyntaxError) {
    lexer = ScriptLexer(bytes)
    token = try lexer.next()
  }

  /// The program that a text spells.
  static func parse(_ source: String) throws(ScriptSyntaxError) -> ScriptProgram {
    var parser = try ScriptParser(Array(source.utf8))
    return ScriptProgram(source: source, statements: try parser.statements())
  }

  /// The program that bytes spell, which may turn out not to be UTF-8.
  static func parse(utf8 bytes: [UInt8]) throws(ScriptSyntaxError) -> ScriptProgram {
    guard let source = String(validating: bytes, as: UTF8.self) else {
      let offset = firstInvalidOffset(bytes)
      throw ScriptSyntaxError("the source is not valid UTF-8", offset..<offset + 1)
    }
    return try parse(source)
  }

  private static func firstInvalidOffset(_ bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var rest = bytes.makeIterator()
    var offset = 0
    while case .scalarValue(let scalar) = decoder.decode(&rest) { offset += scalar.utf8.count }
    return offset
  }

  // MARK: Tokens

  /// Uses the current token and reads the next one.
  mutating func advance() throws(ScriptSyntaxError) {
    previousEnd = token.range.upperBound
    token = try lexer.next()
  }

  /// Whether the current token is a symbol.
  func at(_ symbol: ScriptSymbol) -> Bool { token.kind == .symbol(symbol) }

  /// A node from an offset to the last used token, if it is not nested too deeply.
  func node(
    _ kind: ScriptExpression.Kind, from start: Int
  ) throws(ScriptSyntaxError) -> ScriptExpression {
    let expression = ScriptExpression(kind, range: start..<previousEnd)
    guard expression.depth <= ScriptExpression.maximumDepth else {
      throw Self.tooDeep(start..<previousEnd)
    }
    return expression
  }

  /// The error for a source that nests beyond `ScriptExpression.maximumDepth`.
  static func tooDeep(_ range: Range<Int>) -> ScriptSyntaxError {
    ScriptSyntaxError(
      "the expression is nested too deeply: at most \(ScriptExpression.maximumDepth) levels", range,
      hint: "give a part of it a name")
  }

  /// The error for a current token after a complete expression.
  func unexpectedAfterExpression(missing: String) -> ScriptSyntaxError {
    if case .symbol = token.kind { return unexpected() }
    return unexpected(hint: "\(missing) is missing before it")
  }

  /// The error for a current token that cannot stand where it stands.
  func unexpected(hint: String? = nil) -> ScriptSyntaxError {
    let range = token.range
    let shown = ScriptDiagnostic.excerpt(lexer.bytes[range])
    switch token.kind {
    case .end:
      guard let open = openings.last else {
        return ScriptSyntaxError("unexpected end of input", range)
      }
      return ScriptSyntaxError("'\(lexer.text(open.range))' was never closed", open.range)
    case .newline:
      return ScriptSyntaxError("unexpected end of line", range.lowerBound..<range.lowerBound)
    case .keyword(let keyword):
      if let rejection = keyword.rejection {
        return ScriptSyntaxError(rejection, range, hint: keyword.alternative)
      }
      if keyword == .not, let rejection = rejectedMembership() { return rejection }
      return ScriptSyntaxError("unexpected '\(shown)'", range, hint: hint)
    case .symbol(.colonAssign):
      return ScriptSyntaxError(
        "assignment expressions (':=') are not supported", range,
        hint: "assign in a statement before, separated by ;")
    case .symbol(.leftBrace):
      return ScriptSyntaxError("dictionaries and sets are not supported", range)
    case .symbol(.assign):
      return ScriptSyntaxError("unexpected '='", range, hint: "write == to compare")
    case .symbol(.ampersand), .symbol(.bar):
      let connective = at(.ampersand) ? "and" : "or"
      return ScriptSyntaxError(
        "unexpected '\(shown)'", range, hint: "write one \(shown) for elements, or '\(connective)'")
    case .symbol(let symbol) where symbol.isClosing:
      if let open = openings.last, case .symbol(let opening) = open.kind,
        opening.closing != symbol
      {
        return ScriptSyntaxError("'\(shown)' does not close '\(opening.rawValue)'", range)
      }
      let isUnmatched = openings.isEmpty
      return ScriptSyntaxError(
        "unexpected '\(shown)'", range, hint: isUnmatched ? "no bracket is open here" : hint)
    case .string:
      return ScriptSyntaxError("unexpected string \(shown)", range, hint: hint)
    default:
      return ScriptSyntaxError("unexpected '\(shown)'", range, hint: hint)
    }
  }

  /// The error for `not in`, where the current token is `not`.
  private func rejectedMembership() -> ScriptSyntaxError? {
    var ahead = lexer
    guard let next = try? ahead.next(), next.kind == .keyword(.in),
      let rejection = ScriptKeyword.in.rejection
    else { return nil }
    return ScriptSyntaxError(rejection, token.range.lowerBound..<next.range.upperBound)
  }
}
