/// A text of HTML that grows by elements; what users wrote goes in escaped.
struct HTMLText: Sendable {
  private(set) var text = ""

  /// Adds markup as it is.
  mutating func markup(_ markup: String) { text += markup }

  /// Adds an element around text.
  mutating func element(_ name: String, _ attributes: String = "", _ content: String) {
    text +=
      "<\(name)\(attributes.isEmpty ? "" : " " + attributes)>\(Self.escaped(content))</\(name)>"
  }

  /// Adds an element around what a body adds.
  mutating func element(
    _ name: String, _ attributes: String = "", _ body: (inout HTMLText) -> Void
  ) {
    text += "<\(name)\(attributes.isEmpty ? "" : " " + attributes)>"
    body(&self)
    text += "</\(name)>\n"
  }

  /// A text as the content of an element or the value of an attribute.
  ///
  /// Characters that XML does not have become U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value & 0xFFFE == 0xFFFE:
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
