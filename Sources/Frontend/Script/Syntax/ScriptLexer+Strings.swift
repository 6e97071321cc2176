extension ScriptLexer {
  /// Reads a string whose prefix, if any, was read already.
  ///
  /// - Source: The Python Language Reference 3.11, 2.4.1; unknown escapes stand for themselves.
  mutating func string(prefix: Range<Int>) throws(ScriptSyntaxError) -> ScriptToken {
    let start = prefix.lowerBound
    let quote = peek()
    let isRaw = !prefix.isEmpty && bytes[start] | 0x20 == UInt8(ascii: "r")
    if peek(1) == quote, peek(2) == quote {
      throw ScriptSyntaxError(
        "strings in triple quotes are not supported", start..<offset + 3, hint: "write \\n")
    }
    offset += 1
    var content: [UInt8] = []
    while true {
      guard !isAtEnd, !peek().isLineBreak else {
        throw ScriptSyntaxError(
          "the string is not closed on its line", start..<offset,
          hint: "a \(quote == UInt8(ascii: "'") ? "'" : "\"") is missing")
      }
      let byte = peek()
      if byte == quote { break }
      if byte != UInt8(ascii: "\\") {
        content.append(byte)
        offset += 1
      } else if isRaw {
        content.append(byte)
        offset += 1
        if !isAtEnd, !peek().isLineBreak {
          content.append(peek())
          offset += 1
        }
      } else {
        try escape(into: &content)
      }
    }
    offset += 1
    return ScriptToken(
      kind: .string(String(decoding: content, as: UTF8.self)), range: start..<offset)
  }

  /// Reads one escape sequence, standing at its backslash.
  private mutating func escape(into content: inout [UInt8]) throws(ScriptSyntaxError) {
    let start = offset
    let letter = peek(1)
    offset += 2
    switch letter {
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "a"): content.append(0x07)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "v"): content.append(0x0B)
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): content.append(letter)
    case UInt8(ascii: "\r"):
      if peek() == UInt8(ascii: "\n") { offset += 1 }
    case UInt8(ascii: "\n"): break
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      offset -= 1
      try character(start, radix: 8, atLeast: 1, atMost: 3, into: &content)
    case UInt8(ascii: "x"): try character(start, radix: 16, atLeast: 2, atMost: 2, into: &content)
    case UInt8(ascii: "u"): try character(start, radix: 16, atLeast: 4, atMost: 4, into: &content)
    case UInt8(ascii: "U"): try character(start, radix: 16, atLeast: 8, atMost: 8, into: &content)
    case UInt8(ascii: "N"):
      throw ScriptSyntaxError(
        "named characters ('\\N') are not supported", start..<start + 2,
        hint: "write \\u and its code")
    default:
      // The byte after the backslash is read as any other, so that characters stay whole.
      content.append(UInt8(ascii: "\\"))
      offset = start + 1
    }
  }

  /// Reads the digits of a character code and appends the character.
  private mutating func character(
    _ start: Int, radix: Int, atLeast: Int, atMost: Int, into content: inout [UInt8]
  ) throws(ScriptSyntaxError) {
    var code: UInt32 = 0
    var count = 0
    while count < atMost, let digit = peek().digitValue, digit < radix {
      code = code &* UInt32(radix) &+ UInt32(digit)
      offset += 1
      count += 1
    }
    guard count >= atLeast, let scalar = Unicode.Scalar(code) else {
      throw ScriptSyntaxError(
        "invalid escape '\(ScriptDiagnostic.excerpt(bytes[start..<offset]))' in a string",
        start..<offset)
    }
    content.append(contentsOf: String(scalar).utf8)
  }
}
