import WeftIR

extension ScriptResult {
  /// The value as Python would print it: arrays as NumPy's `str`, the items of a tuple line by line.
  ///
  /// Of large arrays only the elements shown are computed.
  ///
  /// - Throws: `ScriptError`: run-time errors with the guilty part of the text.
  public func formatted() throws(ScriptError) -> String {
    do {
      // What is shown whole is computed together.
      try Weft.compute(arrays.filter { ($0.count ?? .max) <= FormatOptions().threshold })
      if case .record(let record) = value {
        var lines: [String] = []
        for field in record.fields { lines.append("\(field.name): \(try field.value.text(0))") }
        return lines.joined(separator: "\n")
      }
      guard case .tuple(let sequence) = value, !sequence.items.isEmpty else {
        return try value.text(0)
      }
      var lines: [String] = []
      for item in sequence.items { lines.append(try item.text(1)) }
      return lines.joined(separator: "\n")
    } catch {
      throw located(error)
    }
  }
}

extension ScriptValue {
  /// Python's `str(x)` or `repr(x)`.
  func pythonText(isRepresentation: Bool) throws(WeftError) -> String {
    if case .array(let array) = self {
      return isRepresentation ? try array.strong.representation() : try array.strong.formatted()
    }
    return try text(isRepresentation ? 1 : 0)
  }

  /// The value as Python prints it; `level` tells how many sequences stand around it.
  fileprivate func text(_ level: Int) throws(WeftError) -> String {
    switch self {
    case .array(let array):
      return level < 2 ? try array.formatted() : try array.representation()
    case .complex(let re, let im):
      return try NDArray(weak: Scalar(re, im, .complex128), .complex).formatted()
    case .string(let text): return level == 0 ? text : summary
    case .tuple(let sequence): return "(\(try Self.joined(sequence.items, level)))"
    case .list(let sequence): return "[\(try Self.joined(sequence.items, level))]"
    case .record(let record):
      return "\(record.name)(\(try Self.joined(record.fields.map(\.value), level)))"
    case .function(let function): return "<function \(function.name)>"
    default: return summary
    }
  }

  private static func joined(_ items: [ScriptValue], _ level: Int) throws(WeftError) -> String {
    var texts: [String] = []
    for item in items { texts.append(try item.text(level + 2)) }
    return texts.joined(separator: ", ")
  }
}
