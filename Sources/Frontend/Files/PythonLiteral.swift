/// A value as Python's `repr` writes it, as far as the header of a `.npy` file needs.
indirect enum PythonLiteral: Equatable {
  case string(String)
  /// nil when the number does not fit.
  case integer(Int?)
  case bool(Bool)
  case none
  case tuple([PythonLiteral])
  case list([PythonLiteral])
  case dictionary([Entry])

  /// One key with its value, in the order of the text.
  struct Entry: Equatable {
    var key: PythonLiteral
    var value: PythonLiteral
  }
}

extension PythonLiteral {
  /// What is wrong with a text, and at which byte.
  struct SyntaxError: Error {
    var message: String
    var position: Int
  }

  /// Reads one literal that fills the text but for white space.
  ///
  /// Strict: no expressions, comments, joined strings or formatted numbers. `allowsLong` admits
  /// the `L` after integers that Python 2 wrote.
  static func parse(
    _ text: [UInt8], isUTF8: Bool, allowsLong: Bool
  ) throws(SyntaxError) -> PythonLiteral {
    var parser = Parser(text: text, isUTF8: isUTF8, allowsLong: allowsLong)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    if parser.position < text.count { throw parser.error("text after the end") }
    return value
  }
}

private struct Parser {
  let text: [UInt8]
  let isUTF8: Bool
  let allowsLong: Bool
  var position = 0

  /// Nesting costs stack; headers of structured dtypes stay far below.
  static let greatestDepth = 16

  init(text: [UInt8], isUTF8: Bool, allowsLong: Bool) {
    self.text = text
    self.isUTF8 = isUTF8
    self.allowsLong = allowsLong
  }

  var next: UInt8? { position < text.count ? text[position] : nil }

  func error(_ message: String) -> PythonLiteral.SyntaxError {
    PythonLiteral.SyntaxError(message: message, position: position)
  }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let byte = next, UInt32(byte) == character.value else { return false }
    position += 1
    return true
  }

  mutating func value(depth: Int) throws(PythonLiteral.SyntaxError) -> PythonLiteral {
    guard depth < Self.greatestDepth else { throw error("nested too deeply") }
    skipSpace()
    guard let byte = next else { throw error("a value is missing") }
    switch Unicode.Scalar(byte) {
    case "{":
      position += 1
      return .dictionary(try entries(depth: depth))
    case "(":
      position += 1
      let (items, hasComma) = try self.items(until: ")", depth: depth)
      // Parentheses around one value are only parentheses.
      return items.count == 1 && !hasComma ? items[0] : .tuple(items)
    case "[":
      position += 1
      return .list(try items(until: "]", depth: depth).items)
    case "'", "\"": return .string(try string())
    case "0"..."9", "-": return try integer()
    case "a"..."z", "A"..."Z", "_": return try word()
    default: throw error("a value is missing")
    }
  }

  private mutating func items(
    until end: Unicode.Scalar, depth: Int
  ) throws(PythonLiteral.SyntaxError) -> (items: [PythonLiteral], hasComma: Bool) {
    var items: [PythonLiteral] = []
    var hasComma = true
    while true {
      skipSpace()
      if take(end) { return (items, hasComma) }
      guard hasComma else { throw error("a comma is missing") }
      items.append(try value(depth: depth + 1))
      skipSpace()
      hasComma = take(",")
    }
  }

  private mutating func entries(
    depth: Int
  ) throws(PythonLiteral.SyntaxError) -> [PythonLiteral.Entry] {
    var entries: [PythonLiteral.Entry] = []
    var hasComma = true
    while true {
      skipSpace()
      if take("}") { return entries }
      guard hasComma else { throw error("a comma is missing") }
      let key = try value(depth: depth + 1)
      skipSpace()
      guard take(":") else { throw error("a colon is missing") }
      entries.append(.init(key: key, value: try value(depth: depth + 1)))
      skipSpace()
      hasComma = take(",")
    }
  }

  private mutating func integer() throws(PythonLiteral.SyntaxError) -> PythonLiteral {
    let isNegative = take("-")
    let start = position
    var magnitude: Int? = 0
    while let byte = next, (0x30...0x39).contains(byte) {
      let digit = Int(byte) - 0x30
      if let value = magnitude {
        let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carried) = scaled.addingReportingOverflow(digit)
        magnitude = overflow || carried ? nil : sum
      }
      position += 1
    }
    guard position > start else { throw error("a digit is missing") }
    if text[start] == 0x30, position > start + 1 { throw error("a number starts with 0") }
    if allowsLong { _ = take("L") }
    if let byte = next, byte == 0x2E || byte == 0x5F || isLetter(byte) {
      throw error("not an integer")
    }
    return .integer(magnitude.map { isNegative ? -$0 : $0 })
  }

  private mutating func word() throws(PythonLiteral.SyntaxError) -> PythonLiteral {
    let start = position
    while let byte = next, isLetter(byte) || byte == 0x5F { position += 1 }
    let name = String(decoding: text[start..<position], as: UTF8.self)
    switch name {
    case "True": return .bool(true)
    case "False": return .bool(false)
    case "None": return .none
    case "u", "U":
      if next == 0x27 || next == 0x22 { return .string(try string()) }
    default: break
    }
    position = start
    throw error("\"\(name.prefix(32))\" is not a literal")
  }

  private func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private mutating func string() throws(PythonLiteral.SyntaxError) -> String {
    let quote = text[position]
    position += 1
    var bytes: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case quote: return decoded(bytes)
      case 0x0A, 0x0D: throw error("a string does not end on its line")
      case 0x5C: bytes.append(try escaped())
      default: bytes.append(byte)
      }
    }
    throw error("a string does not end")
  }

  /// The escapes that stand for one ASCII character; `repr` writes no others in a header.
  private mutating func escaped() throws(PythonLiteral.SyntaxError) -> UInt8 {
    guard let byte = next else { throw error("a string does not end") }
    position += 1
    switch Unicode.Scalar(byte) {
    case "\\", "'", "\"": return byte
    case "n": return 0x0A
    case "t": return 0x09
    case "r": return 0x0D
    case "x":
      let digits = text[position..<min(position + 2, text.count)]
      guard digits.count == 2,
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16), value < 0x80
      else { throw error("unknown escape in a string") }
      position += 2
      return value
    default: throw error("unknown escape in a string")
    }
  }

  private func decoded(_ bytes: [UInt8]) -> String {
    if isUTF8 { return String(decoding: bytes, as: UTF8.self) }
    var text = ""
    for byte in bytes { text.unicodeScalars.append(Unicode.Scalar(byte)) }
    return text
  }
}
