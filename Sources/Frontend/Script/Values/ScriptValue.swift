import WeftIR

/// What a script computes with.
///
/// Numbers are the host's: weak in promotion when they meet arrays, as Python's are in NumPy.
package enum ScriptValue: Sendable {
  case array(NDArray)
  /// An integer as Python has it, up to 128 bits; arrays take those of 64 bits.
  case integer(Int128)
  case real(Double)
  case complex(Double, Double)
  case bool(Bool)
  case string(String)
  case none
  case ellipsis
  case dtype(DType)
  case tuple(ScriptSequence)
  case list(ScriptSequence)
  indirect case slice(start: ScriptValue, stop: ScriptValue, step: ScriptValue)
  case function(ScriptFunction)
  /// A function with the value that it was taken from: an array, a generator, a function.
  indirect case method(ScriptFunction, ScriptValue)
  /// What only brackets give something: `r_`, `mgrid`.
  case indexer(ScriptIndexer)
  /// The chunks of an array, which brackets pick.
  case blocks(NDArray)
  /// A random generator, which counts its draws.
  case generator(ScriptGenerator)
  /// A namespace: `""` is the main one (`np`), then `linalg`, `fft`, `random`.
  case module(String)
  case record(ScriptRecord)
}

/// The items of a tuple or list; bounded, so that walking and freeing it is safe.
package struct ScriptSequence: Sendable {
  /// The deepest nesting of sequences.
  package static let maximumDepth = 64
  /// The most values in a sequence, those of nested sequences counted each time they occur.
  package static let maximumCount = 1 << 20

  /// The items.
  package let items: [ScriptValue]
  /// 1 for a sequence without sequences in it.
  package let depth: Int
  /// The values in it and in its items.
  package let total: Int

  /// Takes items.
  ///
  /// - Throws: `too-large` past the bounds.
  package init(_ items: [ScriptValue]) throws(WeftError) {
    var depth = 0
    var total = items.count
    for item in items {
      guard let inner = item.extent else { continue }
      depth = max(depth, inner.depth)
      total += inner.total
    }
    guard depth < Self.maximumDepth, total <= Self.maximumCount else {
      throw WeftError(
        .tooLarge, "sequence",
        "a sequence of \(total) values, \(depth + 1) levels deep, is more than the "
          + "\(Self.maximumCount) values and \(Self.maximumDepth) levels allowed",
        hint: "use an array")
    }
    self.items = items
    self.depth = depth + 1
    self.total = total
  }

  /// Arrays, in any number; they do not nest.
  package init(of arrays: [NDArray]) {
    items = arrays.map { .array($0) }
    depth = 1
    total = arrays.count
  }
}

/// Named values: what `finfo` and functions with named results give.
package struct ScriptRecord: Sendable {
  /// The name of the kind of record.
  package let name: String
  /// Names and values in order.
  package let fields: [(name: String, value: ScriptValue)]
  /// Whether the record is also a tuple of its values, as NumPy's named results are.
  package let isTuple: Bool

  /// A record from its parts.
  package init(_ name: String, _ fields: [(name: String, value: ScriptValue)], isTuple: Bool) {
    self.name = name
    self.fields = fields
    self.isTuple = isTuple
  }
}

extension ScriptValue {
  /// A tuple of arrays.
  package static func tuple(of arrays: [NDArray]) -> ScriptValue {
    .tuple(ScriptSequence(of: arrays))
  }
  /// A list of arrays.
  package static func list(of arrays: [NDArray]) -> ScriptValue {
    .list(ScriptSequence(of: arrays))
  }
  /// A tuple of values, which are few and flat.
  package static func tuple(_ items: [ScriptValue]) throws(WeftError) -> ScriptValue {
    .tuple(try ScriptSequence(items))
  }
  /// A list of values.
  package static func list(_ items: [ScriptValue]) throws(WeftError) -> ScriptValue {
    .list(try ScriptSequence(items))
  }
  /// Named arrays that are also a tuple, as `unique_all` gives.
  package static func named(_ name: String, _ fields: [(name: String, value: NDArray)])
    -> ScriptValue
  {
    .record(
      ScriptRecord(name, fields.map { (name: $0.name, value: .array($0.value)) }, isTuple: true))
  }
  /// An integer.
  package static func integer(_ value: Int) -> ScriptValue { .integer(Int128(value)) }

  /// The sequence behind a tuple or list.
  package var sequence: ScriptSequence? {
    switch self {
    case .tuple(let sequence), .list(let sequence): sequence
    default: nil
    }
  }

  /// The items of a tuple, a list or a record that is a tuple.
  package var items: [ScriptValue]? {
    if case .record(let record) = self, record.isTuple { return record.fields.map(\.value) }
    return sequence?.items
  }

  /// How deep the value nests and how many values it holds; nil for those that hold none.
  fileprivate var extent: (depth: Int, total: Int)? {
    switch self {
    case .tuple(let sequence), .list(let sequence): (sequence.depth, sequence.total)
    case .record(let record): (1, record.fields.count)
    default: nil
    }
  }

  /// What the value is, as messages say it.
  package var kindName: String {
    switch self {
    case .array(let array):
      array.weakKind == nil ? "an array" : "a number"
    case .integer: "an integer"
    case .real: "a float"
    case .complex: "a complex number"
    case .bool: "a bool"
    case .string: "a string"
    case .none: "None"
    case .ellipsis: "..."
    case .dtype: "a dtype"
    case .tuple: "a tuple"
    case .list: "a list"
    case .slice: "a slice"
    case .function, .method: "a function"
    case .indexer(let indexer): indexer.rawValue
    case .blocks: "blocks"
    case .generator: "a random generator"
    case .module: "a namespace"
    case .record(let record): "a result of \(record.name)"
    }
  }

  /// The value in few words for messages: `int64[3, 4]`, `None`, `'text'`; never computes.
  package var summary: String {
    switch self {
    case .array(let array): array.expr.type.description
    case .integer(let value): String(value)
    case .real(let value): value.description
    case .bool(let value): value ? "True" : "False"
    case .string(let text):
      "'" + String(text.unicodeScalars.prefix(40).filter { $0.value >= 32 }.map(Character.init))
        + "'"
    case .none: "None"
    case .dtype(let dtype): dtype.name
    default: kindName
    }
  }
}
