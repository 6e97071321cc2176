import WeftIR

/// The parameters of a function, written as in NumPy's documentation, and how calls bind to them.
///
/// `name(a, /, b, c=1, *, d=None)`: before `/` by position only, after `*` by keyword only;
/// `*rest` takes all further positional values; `correction|ddof=0` has two names.
package struct ScriptSignature: Sendable {
  /// One parameter.
  package struct Parameter: Sendable {
    /// The names, the first of which rows read it by.
    package var names: [String]
    /// How values reach it.
    package var kind: Kind
    /// The value when none is given; nil when one must be.
    package var fallback: ScriptValue?
  }

  /// How values reach a parameter.
  package enum Kind: Sendable {
    case positional, either, keyword, variadic
  }

  /// The name of the function.
  package let name: String
  /// The parameters in order.
  package let parameters: [Parameter]
  /// The text as written, without the second names of parameters.
  package let text: String

  /// A signature from its text.
  ///
  /// - Precondition: the text is well formed.
  package init(_ text: String) {
    guard let open = text.firstIndex(of: "("), text.last == ")" else {
      preconditionFailure("no signature: \(text)")
    }
    self.text = Self.withoutAliases(text)
    name = String(text[..<open])
    let inside = text[text.index(after: open)...].dropLast()
    var parameters: [Parameter] = []
    var isKeywordOnly = false
    for part in Self.split(inside) {
      if part == "/" {
        for index in parameters.indices { parameters[index].kind = .positional }
      } else if part == "*" {
        isKeywordOnly = true
      } else if part.hasPrefix("*") {
        parameters.append(
          Parameter(names: [String(part.dropFirst())], kind: .variadic, fallback: nil))
        isKeywordOnly = true
      } else {
        let halves = part.split(separator: "=", maxSplits: 1).map(Self.trimmed)
        let names = halves[0].split(separator: "|").map { Self.trimmed($0) }
        parameters.append(
          Parameter(
            names: names, kind: isKeywordOnly ? .keyword : .either,
            fallback: halves.count == 2 ? Self.literal(halves[1]) : nil))
      }
    }
    self.parameters = parameters
  }

  /// The text with `correction|ddof=0` as `correction=0`.
  private static func withoutAliases(_ text: String) -> String {
    var result = ""
    var isAlias = false
    for character in text {
      if character == "|" { isAlias = true }
      if character == "=" || character == "," || character == ")" { isAlias = false }
      if !isAlias { result.append(character) }
    }
    return result
  }

  /// The parts between the commas that stand in no bracket or quotes.
  private static func split(_ text: Substring) -> [String] {
    var parts: [String] = []
    var part = ""
    var depth = 0
    var isQuoted = false
    for character in text {
      if character == "'" { isQuoted.toggle() }
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == "," && depth == 0 && !isQuoted {
        parts.append(trimmed(part[...]))
        part = ""
      } else {
        part.append(character)
      }
    }
    let last = trimmed(part[...])
    return last.isEmpty ? parts : parts + [last]
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  private static func literal(_ text: String) -> ScriptValue {
    switch text {
    case "None": return .none
    case "True": return .bool(true)
    case "False": return .bool(false)
    case "inf": return .real(.infinity)
    default: break
    }
    if text.hasPrefix("'") { return .string(String(text.dropFirst().dropLast())) }
    if text.hasPrefix("("), text.hasSuffix(")") {
      let items = split(text.dropFirst().dropLast()).map(literal)
      if let tuple = try? ScriptValue.tuple(items) { return tuple }
    }
    if let integer = Int128(text) { return .integer(integer) }
    if let real = Double(text) { return .real(real) }
    if let dtype = DType(name: text) { return .dtype(dtype) }
    preconditionFailure("no literal: \(text)")
  }

  // MARK: Binding

  /// One value for each parameter; several for a variadic one, none where the default holds.
  package struct Bound: Sendable {
    var values: [[ScriptArgumentValue]]
  }

  /// Finds the parameter of each value, with Python's rules.
  ///
  /// - Throws: `argument` with the place of the guilty value.
  func bind(
    _ positional: [ScriptArgumentValue], _ keywords: [ScriptKeywordValue]
  ) throws(ScriptFailure) -> Bound {
    var values = Array(repeating: [ScriptArgumentValue](), count: parameters.count)
    let places = parameters.indices.filter { parameters[$0].kind != .keyword }
    var next = 0
    for argument in positional {
      guard next < places.count else {
        let most = places.count
        throw failure(
          "takes \(most) positional argument\(most == 1 ? "" : "s") but \(positional.count) "
            + "\(positional.count == 1 ? "was" : "were") given", argument.range)
      }
      values[places[next]].append(argument)
      if parameters[places[next]].kind != .variadic { next += 1 }
    }
    for keyword in keywords {
      guard let index = parameters.firstIndex(where: { $0.names.contains(keyword.name) }) else {
        throw failure(
          "got an unexpected keyword argument '\(keyword.name)'", keyword.argument.range)
      }
      guard parameters[index].kind != .variadic else {
        throw failure("takes '\(keyword.name)' by position only", keyword.argument.range)
      }
      guard values[index].isEmpty else {
        throw failure("got two values for '\(keyword.name)'", keyword.argument.range)
      }
      values[index] = [keyword.argument]
    }
    for (parameter, value) in zip(parameters, values)
    where value.isEmpty && parameter.fallback == nil && parameter.kind != .variadic {
      throw failure("is missing the argument '\(parameter.names[0])'", nil)
    }
    return Bound(values: values)
  }

  private func failure(_ message: String, _ range: Range<Int>?) -> ScriptFailure {
    ScriptFailure(
      WeftError(.argument, name, message, hint: "its signature is \(text)"), range)
  }
}
