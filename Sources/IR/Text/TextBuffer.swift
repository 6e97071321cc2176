/// Text under construction, as UTF-8; appending is cheap.
struct TextBuffer {
  private(set) var bytes: [UInt8] = []

  var text: String { String(decoding: bytes, as: UTF8.self) }
  var count: Int { bytes.count }

  mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }
  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }
  mutating func append(_ other: TextBuffer) { bytes += other.bytes }
  mutating func append(byte: UInt8) { bytes.append(byte) }

  mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  mutating func append(text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(_ number: Int) {
    if number < 0 {
      append(text: String(number))
      return
    }
    var divisor = 1
    while number / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      bytes.append(UInt8(truncatingIfNeeded: 48 + number / divisor % 10))
      divisor /= 10
    }
  }

  /// Appends elements with `, ` or another separator between them.
  mutating func appendList<Element>(
    _ elements: some Sequence<Element>, separator: StaticString = ", ",
    _ append: (inout TextBuffer, Element) -> Void
  ) {
    var isFirst = true
    for element in elements {
      if !isFirst { self.append(separator) }
      isFirst = false
      append(&self, element)
    }
  }

  /// Appends `[1, 2]`.
  mutating func append(_ numbers: [Int]) {
    append("[")
    appendList(numbers) { $0.append($1) }
    append("]")
  }
}

// MARK: - Names

extension TextBuffer {
  /// Appends a name, in quotes unless it is a plain word.
  mutating func append(name: String) {
    if Lexer.isWord(name) { append(text: name) } else { append(quoted: name) }
  }

  /// Appends text in double quotes, with escapes that JSON has too.
  mutating func append(quoted text: String) {
    append("\"")
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case UInt8(ascii: "\n"): append("\\n")
      case 0..<0x20, 0x7F:
        append("\\u00")
        for digit in [byte >> 4, byte & 15] {
          append(byte: digit < 10 ? 48 + digit : 87 + digit)
        }
      default: append(byte: byte)
      }
    }
    append("\"")
  }
}

// MARK: - Scalars

extension Scalar {
  /// The text that the IR parses back to the same bits, NaN's payload and the sign of 0 included.
  public var literal: String {
    switch dtype.kind {
    case .bool, .signed, .unsigned: description
    case .float: Self.literal(doubleValue, dtype)
    case .complex:
      "(\(Self.literal(doubleValue, dtype.realPart)), \(Self.literal(imaginary, dtype.realPart)))"
    }
  }

  private static func literal(_ value: Double, _ dtype: DType) -> String {
    if value.isNaN {
      let plain = Scalar(Double.nan, dtype).doubleValue.bitPattern
      if value.bitPattern == plain { return "nan" }
      return "nan(0x\(String(value.bitPattern, radix: 16)))"
    }
    return dtype == .float64 ? value.description : Float(value).description
  }

  /// The scalar that a real number's text stands for; nil when it is none of the dtype.
  init?(literal text: String, _ dtype: DType) {
    switch dtype.kind {
    case .bool:
      guard text == "true" || text == "false" else { return nil }
      self.init(text == "true")
    case .signed:
      guard let value = Int64(text), Scalar(value, dtype).intValue == value else { return nil }
      self.init(value, dtype)
    case .unsigned:
      guard let value = UInt64(text), Scalar(value, dtype).uintValue == value else { return nil }
      self.init(value, dtype)
    case .float:
      guard let value = Self.real(text, dtype) else { return nil }
      self.init(value, dtype)
    case .complex: return nil
    }
  }

  /// Reads a real number; float32 is read as such, so that it is rounded once.
  static func real(_ text: String, _ dtype: DType) -> Double? {
    if text == "nan" { return .nan }
    if text.hasPrefix("nan(0x") {
      guard let bits = UInt64(text.dropFirst(6).dropLast(), radix: 16) else { return nil }
      let value = Double(bitPattern: bits)
      return value.isNaN ? value : nil
    }
    guard text == "inf" || text == "-inf" || text.utf8.allSatisfy({ !isLetterButE($0) }) else {
      return nil
    }
    return dtype == .float32 ? Float(text).map { Double($0) } : Double(text)
  }

  private static func isLetterButE(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return lower >= 97 && lower <= 122 && lower != 101
  }
}
