import WeftIR

/// A function that scripts can call: a row of the NumPy-to-Weft table.
///
///     ScriptFunction(
///       "sum(x, /, axis=None, dtype=None, keepdims=False)", isMethod: true, swift: "x.sum(axis:)"
///     ) { a in
///       .array(try a.array("x").sum(axes: try a.axes("axis"), file: a.file, line: a.line))
///     }
///
/// Rows pass `file: a.file, line: a.line` on, so that run-time errors find their place in the text.
package struct ScriptFunction: Sendable {
  /// What a row does with its arguments.
  package typealias Body = @Sendable (ScriptArguments) throws -> ScriptValue

  /// The parameters, under the standard's name of the function, else NumPy's.
  package let signature: ScriptSignature
  /// Other names, such as NumPy's where the standard's differs.
  package let aliases: [String]
  /// Whether arrays have it as a method whose first parameter is the array.
  package let isMethod: Bool
  /// How Swift spells it.
  package let swift: String
  /// The scalar function that it applies elementwise, as NumPy's ufuncs do; nil for others.
  let elementwise: ScalarFunction?
  /// Whether NumPy's function writes into its array: a variable that it is given stands for the
  /// result from then on.
  let isInPlace: Bool
  let body: Body

  /// A row from its signature: `name(x, /, axis=None, *, keepdims=False)`.
  ///
  /// - Precondition: the signature parses; rows are written in this package.
  package init(
    _ signature: String, aliases: [String] = [], isMethod: Bool = false, swift: String,
    elementwise: ScalarFunction? = nil, isInPlace: Bool = false, body: @escaping Body
  ) {
    self.signature = ScriptSignature(signature)
    self.aliases = aliases
    self.isMethod = isMethod
    self.swift = swift
    self.elementwise = elementwise
    self.isInPlace = isInPlace
    self.body = body
  }

  /// The name.
  package var name: String { signature.name }

  /// Calls the function with values.
  ///
  /// - Throws: `ScriptFailure`, with the place of a guilty argument where one is known; a result
  ///   that carries an error throws it.
  package func call(
    _ positional: [ScriptArgumentValue], _ keywords: [ScriptKeywordValue] = [], anchor: Int = 0
  ) throws(ScriptFailure) -> ScriptValue {
    do {
      return try result(positional, keywords, anchor)
    } catch {
      // What only the data tell is computed, once an argument turns out to need it.
      let values = positional.map(\.value) + keywords.map(\.argument.value)
      do {
        guard let known = try ScriptValue.settled(values) else { throw error }
        return try result(
          zip(positional, known).map { ScriptArgumentValue($1, $0.range) },
          zip(keywords, known[positional.count...]).map {
            ScriptKeywordValue($0.name, $1, $0.argument.range)
          }, anchor)
      } catch {
        throw ScriptFailure(error, at: nil)
      }
    }
  }

  private func result(
    _ positional: [ScriptArgumentValue], _ keywords: [ScriptKeywordValue], _ anchor: Int
  ) throws -> ScriptValue {
    let bound = try signature.bind(positional, keywords)
    let arguments = ScriptArguments(signature: signature, bound: bound, anchor: anchor)
    try arguments.refuseUnknownTargets()
    let result = try body(arguments)
    try result.checkForErrors()
    return result
  }
}

extension ScriptValue {
  /// The value, unless an array in it carries an error, which is thrown.
  func checked() throws(WeftError) -> ScriptValue {
    try checkForErrors()
    return self
  }

  /// Throws the error that an array in the value carries.
  func checkForErrors() throws(WeftError) {
    switch self {
    case .array(let array):
      if let error = array.expr.error { throw error }
    case .tuple(let sequence), .list(let sequence):
      // Sequences that scripts make hold only checked values.
      guard sequence.depth == 1 else { return }
      for item in sequence.items { try item.checkForErrors() }
    case .record(let record):
      for field in record.fields { try field.value.checkForErrors() }
    default: break
    }
  }
}

/// A value given to a call, with the bytes that it stands on in the text.
package struct ScriptArgumentValue: Sendable {
  package let value: ScriptValue
  package let range: Range<Int>?

  package init(_ value: ScriptValue, _ range: Range<Int>? = nil) {
    self.value = value
    self.range = range
  }
}

/// A value given by keyword.
package struct ScriptKeywordValue: Sendable {
  package let name: String
  package let argument: ScriptArgumentValue

  package init(_ name: String, _ value: ScriptValue, _ range: Range<Int>? = nil) {
    self.name = name
    argument = ScriptArgumentValue(value, range)
  }
}
