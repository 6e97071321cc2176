/// A piece of the text form.
enum Token: Equatable {
  /// A letter or `_`, then letters, digits, `_`, and `.` or `-` between them.
  case word(String)
  /// Text in double quotes.
  case quoted(String)
  /// The text of a number: `12`, `-1.5e-7`, `-inf`, `0x7f`.
  case number(String)
  /// `%12`.
  case row(Int)
  /// `%x`, `%"any name"`, `%x#3`.
  case named(ValueName)
  /// `@main`.
  case symbol(String)
  /// `?0`.
  case unknown(Int)
  /// One of `()[]{}:,=#`.
  case mark(UInt8)
  /// `->`.
  case arrow
  /// `..<`.
  case range
  /// The end of one or more lines.
  case newline
  case end

  /// How messages name it.
  var description: String {
    switch self {
    case .word(let text), .number(let text): "'\(text)'"
    case .quoted(let text): "\"\(text)\""
    case .row(let n): "'%\(n)'"
    case .named(let name): "'%\(name.name)'"
    case .symbol(let name): "'@\(name)'"
    case .unknown(let n): "'?\(n)'"
    case .mark(let byte): "'\(Character(UnicodeScalar(byte)))'"
    case .arrow: "'->'"
    case .range: "'..<'"
    case .newline: "the end of the line"
    case .end: "the end of the text"
    }
  }
}

/// What the text form calls a parameter; a number tells parameters of one name apart.
struct ValueName: Hashable {
  var name: String
  var number: Int?
}

/// Cuts text into tokens, each on demand; never looks back.
struct Lexer {
  private let bytes: [UInt8]
  /// The position after the last token.
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// What a text that is no token is like, and where.
  struct Failure: Error {
    var message: String
    var offset: Int
  }

  /// The next token and where it begins.
  mutating func next() throws(Failure) -> (token: Token, offset: Int) {
    let lineEnded = skipSpace()
    let start = position
    if lineEnded { return (.newline, start) }
    guard position < bytes.count else { return (.end, start) }
    return (try token(), start)
  }

  private mutating func token() throws(Failure) -> Token {
    let start = position
    let byte = bytes[start]
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ":"), UInt8(ascii: ","),
      UInt8(ascii: "="):
      position += 1
      return .mark(byte)
    case UInt8(ascii: "\""): return .quoted(try quoted())
    case UInt8(ascii: "%"): return try value()
    case UInt8(ascii: "@"):
      position += 1
      return .symbol(try name("a name after '@'"))
    case UInt8(ascii: "?"):
      position += 1
      return .unknown(try index("a number after '?'"))
    case UInt8(ascii: "-"):
      if peek(1) == UInt8(ascii: ">") {
        position += 2
        return .arrow
      }
      return try number()
    case UInt8(ascii: ".") where peek(1) == byte && peek(2) == UInt8(ascii: "<"):
      position += 3
      return .range
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default:
      if Self.isLetter(byte) { return .word(word()) }
      throw Failure(message: "a character that begins nothing", offset: start)
    }
  }

  private func peek(_ distance: Int) -> UInt8 {
    position + distance < bytes.count ? bytes[position + distance] : 0
  }

  /// Skips blanks, comments and line ends; tells whether there was a line end.
  private mutating func skipSpace() -> Bool {
    var lineEnded = false
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      case UInt8(ascii: "\n"):
        lineEnded = true
        position += 1
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
      default: return lineEnded
      }
    }
    return lineEnded
  }

  // MARK: - Tokens

  private func text(from start: Int) -> String {
    String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func word() -> String {
    let start = position
    position += 1
    while position < bytes.count, Self.continuesWord(bytes[position], before: peek(1)) {
      position += 1
    }
    return text(from: start)
  }

  private mutating func name(_ what: String) throws(Failure) -> String {
    if peek(0) == UInt8(ascii: "\"") { return try quoted() }
    guard Self.isLetter(peek(0)) else {
      throw Failure(message: "expected \(what)", offset: position)
    }
    return word()
  }

  private mutating func index(_ what: String) throws(Failure) -> Int {
    let start = position
    while Self.isDigit(peek(0)) { position += 1 }
    guard position > start else { throw Failure(message: "expected \(what)", offset: start) }
    guard let number = Int(text(from: start)) else {
      throw Failure(message: "a number too large", offset: start)
    }
    return number
  }

  private mutating func value() throws(Failure) -> Token {
    position += 1
    if Self.isDigit(peek(0)) { return .row(try index("a number")) }
    var value = ValueName(name: try name("a name or a number after '%'"))
    if peek(0) == UInt8(ascii: "#") {
      position += 1
      value.number = try index("a number after '#'")
    }
    return .named(value)
  }

  private mutating func number() throws(Failure) -> Token {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    if Self.isLetter(peek(0)) {
      guard word() == "inf" else { throw Failure(message: "expected a number", offset: start) }
      return .number("-inf")
    }
    guard Self.isDigit(peek(0)) else {
      throw Failure(message: "expected a number", offset: start)
    }
    let isHex = peek(0) == UInt8(ascii: "0") && peek(1) | 0x20 == UInt8(ascii: "x")
    if isHex {
      position += 2
      while Self.isDigit(peek(0)) || Self.isLetter(peek(0)) { position += 1 }
      return .number(text(from: start))
    }
    while Self.isDigit(peek(0)) { position += 1 }
    if peek(0) == UInt8(ascii: "."), Self.isDigit(peek(1)) {
      position += 1
      while Self.isDigit(peek(0)) { position += 1 }
    }
    if peek(0) | 0x20 == UInt8(ascii: "e") {
      let sign = peek(1) == UInt8(ascii: "-") || peek(1) == UInt8(ascii: "+") ? 1 : 0
      if Self.isDigit(peek(1 + sign)) {
        position += 1 + sign
        while Self.isDigit(peek(0)) { position += 1 }
      }
    }
    return .number(text(from: start))
  }

  private mutating func quoted() throws(Failure) -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: content, as: UTF8.self) }
      content.append(byte == UInt8(ascii: "\\") ? try escaped() : byte)
    }
    throw Failure(message: "text in quotes does not end", offset: start)
  }

  private mutating func escaped() throws(Failure) -> UInt8 {
    let start = position - 1
    let byte = peek(0)
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return byte
    case UInt8(ascii: "n"): return UInt8(ascii: "\n")
    case UInt8(ascii: "u"):
      let digits = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self)
      if digits.utf8.count == 4, let code = UInt8(digits, radix: 16), code < 0x80 {
        position += 4
        return code
      }
    default: break
    }
    throw Failure(message: "an unknown escape", offset: start)
  }
}

// MARK: - Characters

extension Lexer {
  static func isLetter(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return lower >= 97 && lower <= 122 || byte == UInt8(ascii: "_")
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

  private static func continuesWord(_ byte: UInt8, before next: UInt8) -> Bool {
    if isLetter(byte) || isDigit(byte) { return true }
    guard byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") else { return false }
    return isLetter(next) || isDigit(next)
  }

  /// Whether a name is a word, which needs no quotes.
  static func isWord(_ name: String) -> Bool {
    let bytes = name.utf8
    guard let first = bytes.first, isLetter(first) else { return false }
    var previous = first
    for byte in bytes.dropFirst() {
      if !continuesWord(previous, before: byte) { return false }
      previous = byte
    }
    return isLetter(previous) || isDigit(previous)
  }
}
