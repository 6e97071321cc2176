/// Reads a text form with one token of lookahead; errors tell line and column and show the line.
protocol TextParser {
  var bytes: [UInt8] { get }
  var lexer: Lexer { get set }
  /// The token that comes next, and where it begins.
  var token: Token { get set }
  var offset: Int { get set }
}

// MARK: - Tokens

extension TextParser {
  mutating func advance() throws(WeftError) {
    do {
      (token, offset) = try lexer.next()
    } catch {
      throw failure(error.message, at: error.offset)
    }
  }

  mutating func take(_ mark: Unicode.Scalar) throws(WeftError) -> Bool {
    guard token == .mark(UInt8(ascii: mark)) else { return false }
    try advance()
    return true
  }

  mutating func takeWord(_ word: String) throws(WeftError) -> Bool {
    guard token == .word(word) else { return false }
    try advance()
    return true
  }

  mutating func expect(_ mark: Unicode.Scalar) throws(WeftError) {
    if try !take(mark) { throw unexpected("'\(mark)'") }
  }

  mutating func expectWord(_ word: String) throws(WeftError) {
    if try !takeWord(word) { throw unexpected("'\(word)'") }
  }

  mutating func expectNewline() throws(WeftError) {
    if token != .newline { throw unexpected("the end of the line") }
    try advance()
  }

  mutating func skipNewlines() throws(WeftError) {
    while token == .newline { try advance() }
  }

  mutating func integer() throws(WeftError) -> Int {
    guard case .number(let text) = token else { throw unexpected("a number") }
    guard let number = Int(text) else {
      throw failure("\(text) is not an integer of 64 bits", at: offset)
    }
    try advance()
    return number
  }

  /// A word or text in quotes.
  mutating func name(_ what: String) throws(WeftError) -> String {
    switch token {
    case .word(let text), .quoted(let text):
      try advance()
      return text
    default: throw unexpected(what)
    }
  }
}

// MARK: - Elements

extension TextParser {
  mutating func dtype() throws(WeftError) -> DType {
    guard case .word(let word) = token, let dtype = DType(name: word) else {
      throw unexpected("a dtype")
    }
    try advance()
    return dtype
  }

  /// The text of a real number or a bool.
  mutating func real() throws(WeftError) -> String {
    switch token {
    case .number(let text):
      try advance()
      return text
    case .word("nan"):
      try advance()
      guard try take("(") else { return "nan" }
      guard case .number(let bits) = token else { throw unexpected("the bits of NaN") }
      try advance()
      try expect(")")
      return "nan(\(bits))"
    case .word(let word) where word == "true" || word == "false" || word == "inf":
      try advance()
      return word
    default: throw unexpected("a constant")
    }
  }
}

// MARK: - Errors

extension TextParser {
  func unexpected(_ expected: String) -> WeftError {
    failure("expected \(expected), got \(token.description)", at: offset)
  }

  func failure(_ message: String, at offset: Int, _ code: ErrorCode = .syntax) -> WeftError {
    located(WeftError(code, "parse", message), at: offset)
  }

  /// The error with line and column before its message, and the line with a caret.
  func located(_ error: WeftError, at offset: Int) -> WeftError {
    let place = min(offset, bytes.count)
    let newline = UInt8(ascii: "\n")
    let lineStart = bytes[..<place].lastIndex(of: newline).map { $0 + 1 } ?? 0
    let lineEnd = bytes[place...].firstIndex(of: newline) ?? bytes.count
    let line = bytes[..<lineStart].count { $0 == newline } + 1
    let before = String(decoding: bytes[lineStart..<place], as: UTF8.self).unicodeScalars
    // Long lines are shown around the place alone.
    let left = String(before.suffix(60))
    let right = String(decoding: bytes[place..<min(lineEnd, place + 60)], as: UTF8.self)
    let shown = String((left + right).map { $0 == "\t" || $0 == "\r" ? " " : $0 })
    var located = error
    located.message = "\(line):\(before.count + 1): \(error.message)"
    located.excerpt = "  \(shown)\n  \(String(repeating: " ", count: left.count))^"
    return located
  }
}
