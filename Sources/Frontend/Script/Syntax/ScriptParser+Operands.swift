extension ScriptParser {
  /// Parses a literal, name or bracket with the attributes, calls and indices that follow it.
  mutating func operand() throws(ScriptSyntaxError) -> ScriptExpression {
    let base = try primary()
    var trailers: [ScriptTrailer] = []
    while true {
      switch token.kind {
      case .symbol(.dot): trailers.append(try attribute())
      case .symbol(.leftParenthesis): trailers.append(try call())
      case .symbol(.leftBracket): trailers.append(try index())
      default:
        if trailers.isEmpty { return base }
        return try node(.postfix(base, trailers), from: base.range.lowerBound)
      }
    }
  }

  /// An expression where Python also allows `*sequence`, which has a message of its own.
  mutating func element() throws(ScriptSyntaxError) -> ScriptExpression {
    if at(.star) || at(.doubleStar) {
      throw ScriptSyntaxError(
        "unpacking with '*' works only in the arguments of a call", token.range)
    }
    return try expression()
  }

  private mutating func primary() throws(ScriptSyntaxError) -> ScriptExpression {
    let start = token.range.lowerBound
    switch token.kind {
    case .symbol(.leftParenthesis): return try parenthesised()
    case .symbol(.leftBracket): return try list()
    case .string: return try string()
    default:
      guard let kind = leaf else {
        throw unexpected()
      }
      try advance()
      return ScriptExpression(kind, range: start..<previousEnd)
    }
  }

  /// The node of a token that is an expression by itself.
  private var leaf: ScriptExpression.Kind? {
    switch token.kind {
    case .name(let name): .name(name)
    case .integer(let integer): .integer(integer)
    case .float(let value): .float(value)
    case .imaginary(let value): .imaginary(value)
    case .keyword(.true): .boolean(true)
    case .keyword(.false): .boolean(false)
    case .keyword(.none): ScriptExpression.Kind.none
    case .symbol(.ellipsis): .ellipsis
    default: nil
    }
  }

  /// Strings that stand beside each other are one.
  private mutating func string() throws(ScriptSyntaxError) -> ScriptExpression {
    let start = token.range.lowerBound
    var text = ""
    while case .string(let part) = token.kind {
      text += part
      try advance()
    }
    return ScriptExpression(.string(text), range: start..<previousEnd)
  }

  // MARK: Brackets

  private mutating func open() throws(ScriptSyntaxError) {
    guard openings.count < ScriptExpression.maximumDepth else { throw Self.tooDeep(token.range) }
    openings.append(token)
    try advance()
  }

  private mutating func close(_ symbol: ScriptSymbol) throws(ScriptSyntaxError) {
    guard at(symbol) else {
      throw unexpectedAfterExpression(missing: "a comma or '\(symbol.rawValue)'")
    }
    openings.removeLast()
    try advance()
  }

  private mutating func parenthesised() throws(ScriptSyntaxError) -> ScriptExpression {
    let start = token.range.lowerBound
    try open()
    var isTuple = at(.rightParenthesis)
    var items: [ScriptExpression] = []
    while !at(.rightParenthesis) {
      items.append(try element())
      guard at(.comma) else { break }
      isTuple = true
      try advance()
    }
    try close(.rightParenthesis)
    if isTuple { return try node(.tuple(items), from: start) }
    return ScriptExpression(items[0], range: start..<previousEnd)
  }

  private mutating func list() throws(ScriptSyntaxError) -> ScriptExpression {
    let start = token.range.lowerBound
    try open()
    var items: [ScriptExpression] = []
    while !at(.rightBracket) {
      items.append(try element())
      guard at(.comma) else { break }
      try advance()
    }
    try close(.rightBracket)
    return try node(.list(items), from: start)
  }

  // MARK: Trailers

  private mutating func attribute() throws(ScriptSyntaxError) -> ScriptTrailer {
    try advance()
    guard case .name(let name) = token.kind else {
      throw unexpected(hint: "a name is expected after '.'")
    }
    let range = token.range
    try advance()
    return ScriptTrailer(kind: .attribute(name), range: range)
  }

  private mutating func call() throws(ScriptSyntaxError) -> ScriptTrailer {
    let start = token.range.lowerBound
    try open()
    var arguments: [ScriptArgument] = []
    var keywords: Set<String> = []
    while !at(.rightParenthesis) {
      arguments.append(try argument(&keywords))
      guard at(.comma) else { break }
      try advance()
    }
    try close(.rightParenthesis)
    return ScriptTrailer(kind: .call(arguments), range: start..<previousEnd)
  }

  /// Parses one argument, given the keywords before it.
  private mutating func argument(
    _ keywords: inout Set<String>
  ) throws(ScriptSyntaxError) -> ScriptArgument {
    let start = token.range.lowerBound
    if at(.doubleStar) {
      throw ScriptSyntaxError("keyword unpacking ('**') is not supported", token.range)
    }
    let isUnpacked = at(.star)
    if isUnpacked { try advance() }
    let value = try expression()
    if at(.assign), !isUnpacked {
      let keyword = try keyword(value)
      guard keywords.insert(keyword.text).inserted else {
        throw ScriptSyntaxError("the keyword '\(keyword.text)' is given twice", keyword.range)
      }
      try advance()
      let value = try expression()
      return ScriptArgument(kind: .keyword(keyword), value: value, range: start..<previousEnd)
    }
    guard isUnpacked || keywords.isEmpty else {
      throw ScriptSyntaxError("a positional argument follows a keyword argument", value.range)
    }
    return ScriptArgument(
      kind: isUnpacked ? .unpacked : .positional, value: value, range: start..<previousEnd)
  }

  /// The keyword that an expression before `=` spells.
  private func keyword(_ expression: ScriptExpression) throws(ScriptSyntaxError) -> ScriptName {
    // A name in parentheses stands on more bytes than it has.
    guard let name = expression.name, name.utf8.count == expression.range.count else {
      throw ScriptSyntaxError(
        "a keyword of an argument must be a name", expression.range, hint: "write == to compare")
    }
    return ScriptName(text: name, range: expression.range)
  }

  // MARK: Keys

  private mutating func index() throws(ScriptSyntaxError) -> ScriptTrailer {
    let start = token.range.lowerBound
    try open()
    var items: [ScriptKeyItem] = []
    var isTuple = false
    while !at(.rightBracket) {
      items.append(try keyItem())
      guard at(.comma) else { break }
      isTuple = true
      try advance()
    }
    try close(.rightBracket)
    guard !items.isEmpty else {
      throw ScriptSyntaxError(
        "an index needs a key", start..<previousEnd, hint: "write [:] for all")
    }
    let key = ScriptKey(items: items, isTuple: isTuple, range: start..<previousEnd)
    return ScriptTrailer(kind: .index(key), range: key.range)
  }

  private mutating func keyItem() throws(ScriptSyntaxError) -> ScriptKeyItem {
    let begin = token.range.lowerBound
    let start = at(.colon) ? nil : try element()
    if let start, !at(.colon) { return .expression(start) }
    try advance()
    let stop = try sliceBound()
    var step: ScriptExpression?
    if at(.colon) {
      try advance()
      step = try sliceBound()
    }
    return .slice(ScriptSlice(start: start, stop: stop, step: step, range: begin..<previousEnd))
  }

  private mutating func sliceBound() throws(ScriptSyntaxError) -> ScriptExpression? {
    at(.colon) || at(.comma) || at(.rightBracket) ? nil : try expression()
  }
}
