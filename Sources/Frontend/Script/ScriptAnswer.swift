import WeftIR

/// Answers scripts with one line of JSON, whatever it is given: `weft eval --lines`.
///
/// An array is `{"dtype", "shape", "values"}` with the values flat in C order; several results are
/// `{"results": [...]}`; texts, dtypes and None are `{"value": ...}`; a mistake is
/// `{"error": {"code", "message"}}`.
package struct ScriptAnswer {
  /// The most elements that an answer holds.
  package var elementLimit = 1 << 22
  /// The arrays and other values that scripts see.
  package var scope: [String: ScriptValue] = [:]

  /// The most bytes of an element's text, with as much again while the text grows.
  private static let bytesPerElement = 128

  package init() {}

  /// The answer to a program, without a line break.
  package func json(to program: [UInt8]) -> [UInt8] {
    do {
      let result = try Script.evaluate(utf8: program, scope: scope)
      return try json(of: result)
    } catch {
      return Self.json(of: error)
    }
  }

  /// The answer that holds a result; computes it.
  ///
  /// - Throws: run-time errors; `too-large` past the limit.
  package func json(of result: ScriptResult) throws(ScriptError) -> [UInt8] {
    let arrays = result.arrays
    do {
      try checkSize(arrays)
      try result.compute()
      // Some extents are known only now.
      try checkSize(arrays)
      let count = arrays.reduce(0) { $0 + ($1.expr.buffer?.count ?? 0) }
      try Session.current.memory.requireRoom(count, times: Self.bytesPerElement, for: "result")
      var writer = JSONWriter()
      try write(result.value, into: &writer)
      return writer.bytes
    } catch let error as ScriptError {
      throw error
    } catch let error as WeftError {
      throw result.located(error)
    } catch {
      throw ScriptError(WeftError(.internal, "script", "\(error)"))
    }
  }

  /// The answer that holds an error.
  package static func json(of error: ScriptError) -> [UInt8] {
    var writer = JSONWriter()
    writer.raw("{\"error\": {\"code\": ")
    writer.string(error.error.code.rawValue)
    writer.raw(", \"message\": ")
    writer.string("\(error.error.operation): \(error.error.message)")
    if let hint = error.error.hint {
      writer.raw(", \"hint\": ")
      writer.string(hint)
    }
    if let range = error.range {
      writer.raw(", \"range\": [\(range.lowerBound), \(range.upperBound)]")
    }
    writer.raw("}}")
    return writer.bytes
  }

  private func checkSize(_ arrays: [NDArray]) throws(WeftError) {
    var total = 0
    for array in arrays {
      let shape = array.expr.buffer?.type.shape ?? array.expr.type.shape
      if !shape.isKnown { continue }
      let (sum, overflow) = total.addingReportingOverflow(shape.count ?? .max)
      guard !overflow, sum <= elementLimit else {
        throw WeftError(
          .tooLarge, "result",
          "\(array.expr.type) is more than the \(elementLimit) elements that an answer may hold",
          hint: "reduce it, or take a part")
      }
      total = sum
    }
  }

  // MARK: Values

  private func write(_ value: ScriptValue, into writer: inout JSONWriter) throws(WeftError) {
    switch value {
    case .array(let array):
      guard let buffer = array.expr.buffer else {
        throw WeftError(.internal, "result", "an array was not computed")
      }
      try buffer.load()
      Self.write(buffer, into: &writer)
    case .bool, .integer, .real, .complex:
      guard let (scalar, _) = try value.hostScalar() else { return }
      writer.raw("{\"dtype\": \"\(scalar.dtype)\", \"shape\": [], \"values\": [")
      writer.scalar(scalar)
      writer.raw("]}")
    case .tuple(let sequence), .list(let sequence):
      writer.raw("{\"results\": ")
      try write(sequence.items, into: &writer)
      writer.raw("}")
    case .record(let record):
      writer.list("{\"names\": [", record.fields, "], \"results\": ") { $0.string($1.name) }
      try write(record.fields.map(\.value), into: &writer)
      writer.raw("}")
    case .string(let text):
      writer.raw("{\"value\": ")
      writer.string(text)
      writer.raw("}")
    case .none: writer.raw("{\"value\": null}")
    case .dtype(let dtype): writer.raw("{\"value\": \"\(dtype)\"}")
    case .ellipsis, .slice, .function, .method, .module, .indexer, .blocks, .generator:
      throw WeftError(.value, "result", "\(value.kindName) is no value to answer with")
    }
  }

  private func write(
    _ items: [ScriptValue], into writer: inout JSONWriter
  ) throws(WeftError) {
    writer.raw("[")
    for (index, item) in items.enumerated() {
      if index > 0 { writer.raw(", ") }
      try write(item, into: &writer)
    }
    writer.raw("]")
  }

  /// An array's dtype, shape and values.
  package static func write(_ buffer: Buffer, into writer: inout JSONWriter) {
    let extents = (buffer.type.shape.known ?? []).map(String.init).joined(separator: ", ")
    writer.raw("{\"dtype\": \"\(buffer.type.dtype)\", \"shape\": [\(extents)], \"values\": ")
    writer.list("[", 0..<buffer.count, "]") { writer, index in
      writer.scalar(buffer.scalar(at: index))
    }
    writer.raw("}")
  }
}
