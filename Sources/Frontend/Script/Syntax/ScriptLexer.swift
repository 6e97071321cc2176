/// Turns the bytes of a script into tokens, one at a time.
///
/// Blanks, comments, continued lines and line breaks inside brackets are skipped here. The bytes
/// are valid UTF-8: they come from a `String`.
struct ScriptLexer {
  let bytes: [UInt8]
  var offset = 0
  /// How many brackets are open, so that line breaks inside them are blanks.
  private var openBrackets = 0

  /// A lexer at the start of a source; a byte order mark is skipped.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
  }

  /// The byte at a distance from the current one, 0 past the end.
  func peek(_ distance: Int = 0) -> UInt8 {
    offset + distance < bytes.count ? bytes[offset + distance] : 0
  }

  /// Whether every byte was read.
  var isAtEnd: Bool { offset >= bytes.count }

  /// The text of a range of bytes.
  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The next token; `end` again and again once the source is used up.
  mutating func next() throws(ScriptSyntaxError) -> ScriptToken {
    try skipBlanks()
    let start = offset
    guard !isAtEnd else { return ScriptToken(kind: .end, range: start..<start) }
    let byte = peek()
    switch byte {
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
      offset += byte == UInt8(ascii: "\r") && peek(1) == UInt8(ascii: "\n") ? 2 : 1
      return ScriptToken(kind: .newline, range: start..<offset)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: ".") where peek(1).isDigit: return try number()
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return try string(prefix: start..<start)
    case _ where byte.isLetter || byte >= 0x80: return try word()
    default: return try symbol()
    }
  }

  // MARK: Blanks

  private mutating func skipBlanks() throws(ScriptSyntaxError) {
    while !isAtEnd {
      switch peek() {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0C: offset += 1
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        if openBrackets == 0 { return }
        offset += 1
      case UInt8(ascii: "#"):
        while !isAtEnd, !peek().isLineBreak { offset += 1 }
      case UInt8(ascii: "\\"):
        guard offset + 1 < bytes.count else {
          throw ScriptSyntaxError("unexpected end of input after '\\'", offset..<offset + 1)
        }
        guard peek(1).isLineBreak else {
          throw ScriptSyntaxError(
            "unexpected '\\'", offset..<offset + 1,
            hint: "a backslash continues a line only as the last character of that line")
        }
        offset += peek(1) == UInt8(ascii: "\r") && peek(2) == UInt8(ascii: "\n") ? 3 : 2
      default: return
      }
    }
  }

  // MARK: Names and keywords

  private mutating func word() throws(ScriptSyntaxError) -> ScriptToken {
    let start = offset
    try skipNameCharacters()
    let range = start..<offset
    let spelling = text(range)
    if peek() == UInt8(ascii: "'") || peek() == UInt8(ascii: "\""), range.count <= 2 {
      switch spelling.lowercased() {
      case "r", "u": return try string(prefix: range)
      case "f", "fr", "rf": throw ScriptSyntaxError("f-strings are not supported", range)
      case "b", "br", "rb": throw ScriptSyntaxError("byte strings are not supported", range)
      default: break
      }
    }
    if let keyword = ScriptKeyword.bySpelling[spelling] {
      return ScriptToken(kind: .keyword(keyword), range: range)
    }
    return ScriptToken(kind: .name(spelling), range: range)
  }

  private mutating func skipNameCharacters() throws(ScriptSyntaxError) {
    let start = offset
    while !isAtEnd {
      if peek().isLetter || peek().isDigit {
        offset += 1
      } else if peek() >= 0x80 {
        let scalar = self.scalar(at: offset)
        let properties = scalar.properties
        guard offset == start ? properties.isXIDStart : properties.isXIDContinue else {
          if offset > start { return }
          throw unexpected(scalar)
        }
        offset += scalar.utf8.count
      } else {
        return
      }
    }
  }

  // MARK: Symbols

  private mutating func symbol() throws(ScriptSyntaxError) -> ScriptToken {
    let start = offset
    for count in stride(from: min(3, bytes.count - start), to: 0, by: -1) {
      var packed: UInt32 = 0
      for byte in bytes[start..<start + count] { packed = packed << 8 | UInt32(byte) }
      guard let symbol = ScriptSymbol.byPackedBytes[packed] else { continue }
      offset += count
      if symbol.closing != nil { openBrackets += 1 }
      if symbol.isClosing { openBrackets = max(0, openBrackets - 1) }
      return ScriptToken(kind: .symbol(symbol), range: start..<offset)
    }
    throw unexpected(scalar(at: start))
  }

  /// The error for a character that begins no token, with what to type instead where that is known.
  private func unexpected(_ scalar: Unicode.Scalar) -> ScriptSyntaxError {
    let range = offset..<offset + scalar.utf8.count
    let hint: String? =
      switch scalar {
      case "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}": "strings stand in ' or \""
      case "\u{2212}", "\u{2013}", "\u{2014}": "write - to subtract"
      case "\u{D7}", "\u{22C5}", "\u{B7}": "write * to multiply"
      case "\u{F7}": "write / to divide"
      case "\u{2264}": "write <="
      case "\u{2265}": "write >="
      case "\u{2260}", "!": "write != to compare, or ~ and not to negate"
      case "\u{A0}", "\u{2000}"..."\u{200B}", "\u{202F}", "\u{3000}": "write an ordinary blank"
      default: nil
      }
    let code = String(scalar.value, radix: 16, uppercase: true)
    let padded = String(repeating: "0", count: max(0, 4 - code.utf8.count)) + code
    let isVisible = scalar.value > 0x20 && scalar.value < 0x7F
    let isLetter =
      scalar.properties.isAlphabetic || scalar.properties.generalCategory == .mathSymbol
    let shown = isVisible || isLetter ? "'\(scalar)'" : "character"
    return ScriptSyntaxError(
      "unexpected \(shown)" + (isVisible ? "" : " U+\(padded)"), range, hint: hint)
  }

  /// The character that begins at an offset.
  func scalar(at offset: Int) -> Unicode.Scalar {
    var decoder = UTF8()
    var rest = bytes[offset..<min(offset + 4, bytes.count)].makeIterator()
    if case .scalarValue(let scalar) = decoder.decode(&rest) { return scalar }
    return "\u{FFFD}"
  }
}

extension UInt8 {
  /// Whether this is an ASCII decimal digit.
  var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
  /// Whether this is an ASCII letter or an underscore.
  var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 || self == UInt8(ascii: "_") }
  /// Whether this ends a line.
  var isLineBreak: Bool { self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }
  /// The value of an ASCII digit in bases up to 16, nil for other bytes.
  var digitValue: Int? {
    if isDigit { return Int(self - UInt8(ascii: "0")) }
    let letter = (self | 0x20) &- UInt8(ascii: "a")
    return letter < 6 ? Int(letter) + 10 : nil
  }
}
