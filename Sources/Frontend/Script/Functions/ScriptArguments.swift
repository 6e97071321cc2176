import WeftIR

/// The arguments of one call, read by the names of the row's signature.
///
/// Accessors throw `argument` with the place of the value when it is not of the kind asked for.
package struct ScriptArguments: Sendable {
  let signature: ScriptSignature
  let bound: ScriptSignature.Bound
  /// The offset in the text that stands for this call in source sites.
  let anchor: Int

  /// The file of nodes that scripts build; with `line` it finds back to the text.
  package var file: StaticString { ScriptSite.file }
  /// The line of nodes of this call: its offset in the text.
  package var line: UInt { UInt(anchor) }
  /// The source site of nodes of this call.
  package var site: SourceSite { SourceSite(file: file, line: line) }

  // MARK: Any value

  /// The value of a parameter, or its default.
  package subscript(name: String) -> ScriptValue {
    guard let index = index(of: name) else { return .none }
    return bound.values[index].first?.value ?? signature.parameters[index].fallback ?? .none
  }

  /// Whether the call gives a value.
  package func has(_ name: String) -> Bool {
    index(of: name).map { !bound.values[$0].isEmpty } ?? false
  }

  /// Whether the value is None, given or by default.
  package func isNone(_ name: String) -> Bool {
    if case .none = self[name] { true } else { false }
  }

  /// In which order elements are read; those that ask for the order in memory mean row by row, as
  /// arrays have no other that can be seen.
  func indexOrder() throws -> IndexOrder {
    if isNone("order") { return .c }
    return try string("order", oneOf: ["C", "F", "A", "K"]) == "F" ? .fortran : .c
  }

  /// - Throws: `argument` for `out`, `like` and unknown orders: arrays are values here.
  func refuseUnknownTargets() throws {
    if signature.parameters.contains(where: { $0.names[0] == "order" }), !isNone("order") {
      // What is sorted has no fields to sort by.
      guard signature.parameters.allSatisfy({ $0.names[0] != "kind" }) else {
        throw failure("order", "'order' names fields, which arrays have none of")
      }
      _ = try indexOrder()
    }
    for name in ["out", "like"] where signature.parameters.contains(where: { $0.names[0] == name })
    {
      guard isNone(name) else {
        throw failure(name, "'\(name)' is not taken: an array is a value", hint: "use the result")
      }
    }
  }

  /// A function given by name: `add`, `np.add`, `x.sum`.
  package func function(_ name: String) throws -> ScriptFunction {
    try located(
      name,
      {
        switch $0 {
        case .function(let function): function
        case .dtype(let dtype): ScriptFunction.conversion(to: dtype)
        default: nil
        }
      }, "a function")
  }

  /// All values of a variadic parameter.
  package func rest(_ name: String) -> [ScriptValue] {
    index(of: name).map { bound.values[$0].map(\.value) } ?? []
  }

  private func index(of name: String) -> Int? {
    let index = signature.parameters.firstIndex { $0.names[0] == name }
    assert(index != nil, "\(signature.text) has no parameter \(name)")
    return index
  }

  /// The bytes that a parameter's value stands on.
  package func range(_ name: String) -> Range<Int>? {
    index(of: name).flatMap { bound.values[$0].first?.range }
  }

  /// An error about a parameter's value.
  package func failure(
    _ name: String, _ message: String, code: ErrorCode = .argument, hint: String? = nil
  ) -> ScriptFailure {
    ScriptFailure(
      WeftError(code, signature.name, message, site: site, hint: hint), range(name))
  }

  /// The error for a value of another kind than the one expected.
  private func mismatch(_ name: String, _ expected: String) -> ScriptFailure {
    failure(name, "'\(name)' is \(self[name].summary), expected \(expected)")
  }

  /// Runs an accessor's conversion; errors get the place of the value.
  private func located<Result>(
    _ name: String, _ convert: (ScriptValue) throws -> Result?, _ expected: String
  ) throws -> Result {
    do {
      if let result = try convert(self[name]) { return result }
    } catch {
      throw ScriptFailure(error, at: range(name))
    }
    throw mismatch(name, expected)
  }

  // MARK: Arrays

  /// An array; host numbers are weak, nested lists and tuples of numbers become arrays.
  package func array(_ name: String) throws -> NDArray {
    try located(name, { try $0.asArray(signature.name, site) }, "an array")
  }

  /// An array of a dtype; host integers must be values of it.
  package func array(_ name: String, dtype: DType?) throws -> NDArray {
    try located(name, { try $0.asArray(signature.name, dtype: dtype, site) }, "an array")
  }

  /// An array, or nil for None.
  package func optionalArray(_ name: String) throws -> NDArray? {
    isNone(name) ? nil : try array(name)
  }

  /// A list or tuple of arrays; an array gives its parts along the first axis.
  package func arrays(_ name: String) throws -> [NDArray] {
    try located(name, { try $0.asArrays(signature.name, site) }, "a list of arrays")
  }

  /// The values of a variadic parameter as arrays; one list or tuple alone stands for its items.
  package func arrays(variadic name: String) throws -> [NDArray] {
    guard let index = index(of: name) else { return [] }
    let given = bound.values[index]
    if given.count == 1, given[0].value.sequence != nil {
      return try located(name, { try $0.asArrays(signature.name, site) }, "arrays")
    }
    return try given.map { argument in
      do {
        return try argument.value.requireArray(signature.name, site)
      } catch {
        throw ScriptFailure(error, at: argument.range)
      }
    }
  }

  // MARK: Numbers

  /// An integer.
  package func int(_ name: String) throws -> Int {
    try located(name, { try $0.asInt() }, "an integer")
  }

  /// An integer, or nil for None.
  package func optionalInt(_ name: String) throws -> Int? {
    isNone(name) ? nil : try int(name)
  }

  /// One integer or a list or tuple or 1-d array of integers.
  package func ints(_ name: String) throws -> [Int] {
    try located(name, { try $0.asInts() }, "an integer or a tuple of integers")
  }

  /// One integer or several, or nil for None.
  package func optionalInts(_ name: String) throws -> [Int]? {
    isNone(name) ? nil : try ints(name)
  }

  /// An axis.
  package func axis(_ name: String = "axis") throws -> Int { try int(name) }
  /// An axis, or nil for None.
  package func optionalAxis(_ name: String = "axis") throws -> Int? { try optionalInt(name) }
  /// Axes: one, several, or nil for None.
  package func axes(_ name: String = "axis") throws -> [Int]? { try optionalInts(name) }
  /// Extents: one integer or several.
  package func shape(_ name: String = "shape") throws -> [Int] { try ints(name) }

  /// Extents or axes given as separate integers or as one tuple, as `x.reshape(2, 3)` takes them.
  package func ints(variadic name: String) throws -> [Int] {
    guard let index = index(of: name) else { return [] }
    let given = bound.values[index]
    if given.count == 1 { return try ints(name) }
    return try given.map { argument in
      guard let value = try argument.value.asInt() else {
        throw ScriptFailure(
          WeftError(
            .argument, signature.name, "\(argument.value.summary) is no integer", site: site),
          argument.range)
      }
      return value
    }
  }

  /// A real number.
  package func real(_ name: String) throws -> Double {
    try located(name, { try $0.asReal() }, "a number")
  }

  /// A real number, or nil for None.
  package func optionalReal(_ name: String) throws -> Double? {
    isNone(name) ? nil : try real(name)
  }

  /// A truth value; numbers count as true when they are not zero.
  package func bool(_ name: String) throws -> Bool {
    try located(
      name,
      { value in
        switch value {
        case .bool, .integer, .real, .none: try value.truth()
        case .array(let array) where array.rank == 0: try value.truth()
        default: nil
        }
      }, "True or False")
  }

  /// A host number, or the element of a 0-d array, as a scalar of its own dtype.
  package func scalar(_ name: String) throws -> Scalar {
    try located(name, { try $0.asScalar() }, "a number")
  }

  // MARK: Others

  /// A dtype: `float32`, `'float32'`, `int`, `float`, `bool`, `complex`.
  package func dtype(_ name: String = "dtype") throws -> DType {
    try located(name, { $0.asDType() }, "a dtype")
  }

  /// A dtype, or nil for None.
  package func optionalDType(_ name: String = "dtype") throws -> DType? {
    isNone(name) ? nil : try dtype(name)
  }

  /// A text; one of those allowed unless that is empty.
  package func string(_ name: String, oneOf allowed: [String] = []) throws -> String {
    let text: String = try located(
      name, { if case .string(let text) = $0 { text } else { nil } }, "a string")
    guard allowed.isEmpty || allowed.contains(text) else {
      throw failure(
        name,
        "'\(name)' is \(self[name].summary), expected one of "
          + allowed.map { "'\($0)'" }.joined(separator: ", "))
    }
    return text
  }

  /// The items of a tuple or list.
  package func items(_ name: String) throws -> [ScriptValue] {
    try located(name, { $0.items }, "a tuple or a list")
  }
}

/// Where nodes that scripts build say they come from: an offset in the text.
enum ScriptSite {
  static let file: StaticString = "script"
  /// Sites hold 15 bits of line; offsets from here on are not told apart.
  static let limit = 0x7FFF

  /// The offset of a site that a script made; nil for others.
  static func anchor(of site: SourceSite) -> Int? {
    guard site.description.hasPrefix("script:") else { return nil }
    return Int(site.description.dropFirst("script:".count)).flatMap { $0 < limit ? $0 : nil }
  }
}
