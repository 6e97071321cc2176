/// A JSON value, as the golden set's lines and the programs' answers have it.
package enum JSONValue: Sendable {
  case null
  case bool(Bool)
  /// A number without fraction and exponent that fits.
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  /// Members in the order of the text.
  case object([(name: String, value: JSONValue)])

  /// The member of a name; nil where there is none.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The items of an array; nil for another kind.
  package var items: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
  /// The text of a string; nil for another kind.
  package var text: String? { if case .string(let text) = self { text } else { nil } }
  /// The number as an integer; nil for another kind.
  package var int: Int? { if case .integer(let value) = self { Int(value) } else { nil } }
  /// The number; nil for another kind.
  package var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
  /// The truth value; nil for another kind.
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
}
