import WeftIR

/// Writes JSON: numbers as the shortest text that reads back to the same value.
package struct JSONWriter {
  /// The text so far.
  package var bytes: [UInt8] = []

  package init() {}

  /// The text as a string.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Appends text as it is.
  package mutating func raw(_ text: String) { bytes += Array(text.utf8) }

  /// Appends a string in quotes.
  package mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): raw("\\\"")
      case UInt8(ascii: "\\"): raw("\\\\")
      case 0x0A: raw("\\n")
      case 0x0D: raw("\\r")
      case 0x09: raw("\\t")
      case 0..<0x20, 0x7F:
        let digits = String(byte, radix: 16)
        raw("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends a number; NaN and infinities become the strings `nan`, `inf`, `-inf`.
  package mutating func number<Value: BinaryFloatingPoint & CustomStringConvertible>(
    _ value: Value
  ) {
    if value.isFinite {
      raw(value.description)
    } else {
      raw(value.isNaN ? "\"nan\"" : value < 0 ? "\"-inf\"" : "\"inf\"")
    }
  }

  /// Appends one element of an array: complex as `[re, im]`.
  package mutating func scalar(_ scalar: Scalar) {
    switch scalar.dtype.kind {
    case .bool: raw(scalar.boolValue ? "true" : "false")
    case .signed: raw(String(scalar.intValue))
    case .unsigned: raw(String(scalar.uintValue))
    case .float: part(scalar.doubleValue, scalar.dtype)
    case .complex:
      raw("[")
      part(scalar.doubleValue, scalar.dtype.realPart)
      raw(", ")
      part(scalar.imaginary, scalar.dtype.realPart)
      raw("]")
    }
  }

  /// Appends a float in as many digits as its own dtype needs.
  private mutating func part(_ value: Double, _ dtype: DType) {
    switch dtype {
    case .float16: number(Float16(value))
    case .float32, .bfloat16: number(Float(value))
    default: number(value)
    }
  }

  /// Appends a value with items.
  package mutating func value(_ value: JSONValue) {
    switch value {
    case .null: raw("null")
    case .bool(let value): raw(value ? "true" : "false")
    case .integer(let value): raw(String(value))
    case .number(let value): number(value)
    case .string(let text): string(text)
    case .array(let items):
      list("[", items, "]") { writer, item in writer.value(item) }
    case .object(let members):
      list("{", members, "}") { writer, member in
        writer.string(member.name)
        writer.raw(": ")
        writer.value(member.value)
      }
    }
  }

  /// Appends items between brackets, separated by commas.
  package mutating func list<Items: Sequence>(
    _ opening: String, _ items: Items, _ closing: String,
    _ write: (inout JSONWriter, Items.Element) -> Void
  ) {
    raw(opening)
    var isFirst = true
    for item in items {
      if !isFirst { raw(", ") }
      isFirst = false
      write(&self, item)
    }
    raw(closing)
  }

  /// The text of a value.
  package static func text(of value: JSONValue) -> String {
    var writer = JSONWriter()
    writer.value(value)
    return writer.text
  }
}
