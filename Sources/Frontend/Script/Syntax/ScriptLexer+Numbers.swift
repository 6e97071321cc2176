extension ScriptLexer {
  /// Reads an integer, float or imaginary literal.
  ///
  /// - Source: The Python Language Reference 3.11, 2.4.4 to 2.4.7.
  mutating func number() throws(ScriptSyntaxError) -> ScriptToken {
    let start = offset
    if peek() == UInt8(ascii: "0") {
      switch peek(1) | 0x20 {
      case UInt8(ascii: "x"): return try prefixedInteger(radix: 16)
      case UInt8(ascii: "o"): return try prefixedInteger(radix: 8)
      case UInt8(ascii: "b"): return try prefixedInteger(radix: 2)
      default: break
      }
    }
    let whole = try digits(radix: 10, mayBeginWithUnderscore: false, from: start)
    var isFloat = false
    var fraction = ""
    var exponent = ""
    if peek() == UInt8(ascii: ".") {
      isFloat = true
      offset += 1
      if peek().isDigit {
        fraction = try digits(radix: 10, mayBeginWithUnderscore: false, from: start)
      }
    }
    let signLength = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") ? 1 : 0
    if peek() | 0x20 == UInt8(ascii: "e"), peek(1 + signLength).isDigit {
      isFloat = true
      let sign = signLength == 1 && peek(1) == UInt8(ascii: "-") ? "-" : ""
      offset += 1 + signLength
      exponent = "e" + sign
      exponent += try digits(radix: 10, mayBeginWithUnderscore: false, from: start)
    }
    let isImaginary = peek() | 0x20 == UInt8(ascii: "j")
    if isImaginary { offset += 1 }
    let range = start..<offset
    try requireNumberEnds(start)
    guard isFloat || isImaginary else { return try decimal(whole, range) }
    // The standard library reads too large a number as infinity and too small a one as zero.
    let written = "\(whole.isEmpty ? "0" : whole).\(fraction.isEmpty ? "0" : fraction)\(exponent)"
    let value = Double(written) ?? .nan
    return ScriptToken(kind: isImaginary ? .imaginary(value) : .float(value), range: range)
  }

  private func decimal(
    _ digits: String, _ range: Range<Int>
  ) throws(ScriptSyntaxError) -> ScriptToken {
    if digits.utf8.first == UInt8(ascii: "0"), digits.utf8.contains(where: { $0 != 0x30 }) {
      throw ScriptSyntaxError(
        "an integer cannot begin with zeros", range,
        hint: "write 0o for octal digits, or leave the zeros out")
    }
    return ScriptToken(kind: .integer(integer(digits, radix: 10)), range: range)
  }

  private mutating func prefixedInteger(radix: Int) throws(ScriptSyntaxError) -> ScriptToken {
    let start = offset
    offset += 2
    let digits = try digits(radix: radix, mayBeginWithUnderscore: true, from: start)
    try requireNumberEnds(start)
    return ScriptToken(kind: .integer(integer(digits, radix: radix)), range: start..<offset)
  }

  private func integer(_ digits: String, radix: Int) -> ScriptInteger {
    ScriptInteger(digits: digits, radix: radix, magnitude: UInt64(digits, radix: radix))
  }

  /// Reads digits with single underscores between them; empty before the dot of `.5`.
  private mutating func digits(
    radix: Int, mayBeginWithUnderscore: Bool, from start: Int
  ) throws(ScriptSyntaxError) -> String {
    var digits: [UInt8] = []
    var mayFollowUnderscore = mayBeginWithUnderscore
    while true {
      if let value = peek().digitValue, value < radix {
        digits.append(peek())
        mayFollowUnderscore = true
      } else if peek() == UInt8(ascii: "_"), mayFollowUnderscore {
        mayFollowUnderscore = false
      } else {
        break
      }
      offset += 1
    }
    let endsInUnderscore = offset > start && bytes[offset - 1] == UInt8(ascii: "_")
    if endsInUnderscore || (mayBeginWithUnderscore && digits.isEmpty) {
      throw invalidNumber(start)
    }
    return String(decoding: digits, as: UTF8.self)
  }

  /// Refuses letters and digits that touch a number, as in `2x` and `0b12`.
  private mutating func requireNumberEnds(_ start: Int) throws(ScriptSyntaxError) {
    let touchesName =
      peek() >= 0x80 && scalar(at: offset).properties.isXIDContinue
    if peek().isLetter || peek().isDigit || touchesName { throw invalidNumber(start) }
  }

  private func invalidNumber(_ start: Int) -> ScriptSyntaxError {
    var end = offset
    while end < bytes.count, bytes[end].isLetter || bytes[end].isDigit { end += 1 }
    let startsWithDigits = bytes[start..<offset].allSatisfy { $0.isDigit }
    return ScriptSyntaxError(
      "invalid number '\(ScriptDiagnostic.excerpt(bytes[start..<end]))'",
      start..<max(end, start + 1),
      hint: startsWithDigits && end > offset && bytes[offset] != UInt8(ascii: "_")
        && bytes[offset] | 0x20 != UInt8(ascii: "e")
        ? "write * to multiply" : nil)
  }
}
