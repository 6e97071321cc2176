import WeftIR

extension ScriptValue {
  /// The value with its arrays of unknown extents computed; nil when it has none.
  ///
  /// What an operation refuses because only the data tell an extent it may take then, as in NumPy,
  /// where every value is computed.
  ///
  /// - Throws: what computing throws.
  func settled() throws -> ScriptValue? {
    switch self {
    case .array(let array):
      if array.expr.error != nil || array.expr.type.shape.isKnown { return nil }
      return .array(NDArray(try array.buffer()))
    case .tuple(let sequence):
      return try Self.settled(sequence.items).map { try .tuple($0) }
    case .list(let sequence):
      return try Self.settled(sequence.items).map { try .list($0) }
    case .record(let record):
      guard let values = try Self.settled(record.fields.map(\.value)) else { return nil }
      let fields = zip(record.fields, values).map { (name: $0.name, value: $1) }
      return .record(ScriptRecord(record.name, fields, isTuple: record.isTuple))
    case .slice(let start, let stop, let step):
      guard let bounds = try Self.settled([start, stop, step]) else { return nil }
      return .slice(start: bounds[0], stop: bounds[1], step: bounds[2])
    default: return nil
    }
  }

  /// The values with those of unknown extents computed; nil when there are none.
  static func settled(_ values: [ScriptValue]) throws -> [ScriptValue]? {
    var result: [ScriptValue]?
    for (index, value) in values.enumerated() {
      guard let known = try value.settled() else { continue }
      result = result ?? values
      result?[index] = known
    }
    return result
  }

  /// Does an operation; one that fails is done again with the extents known that were not.
  static func settling<Result>(
    _ operands: ScriptValue..., operation: ([ScriptValue]) throws -> Result
  ) throws -> Result {
    do {
      return try operation(operands)
    } catch {
      guard let known = try settled(operands) else { throw error }
      return try operation(known)
    }
  }
}
