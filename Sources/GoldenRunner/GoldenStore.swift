import Weft
import WeftIR

/// What is wrong with the golden set itself.
struct GoldenError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// The arrays of a golden set, and the values that its cases write.
struct GoldenStore {
  private let contents: Buffer
  /// How arguments are stored; nil for densely.
  let format: SparseFormat?

  /// Opens the set in a folder; arguments are stored as asked for.
  init(folder: String, storing format: SparseFormat? = nil) throws {
    self.format = format
    contents = try FileContents.read(
      folder + "/arrays.bin", operation: "golden", mapped: true, in: MemoryAccount())
  }

  /// The array whose `.npy` image starts at an offset.
  func buffer(at offset: Int) throws -> Buffer {
    let array = try NPYFile.parse(contents, at: offset).array
    guard !array.isFortranOrder else { throw GoldenError("an array in Fortran order") }
    return array.buffer
  }

  /// An argument of a call: as `value`, arrays stored as asked for.
  func argument(_ json: JSONValue, nodes: [ScriptValue] = []) throws -> ScriptValue {
    try stored(value(json, nodes: nodes))
  }

  private func stored(_ value: ScriptValue) throws -> ScriptValue {
    guard let format else { return value }
    switch value {
    case .array(let array) where array.rank > 0 && array.expr.buffer?.layout == nil:
      guard array.isComputed else { return value }
      let fits = format.layout(rank: array.rank) != nil
      return .array(try array.asSparse(fits ? format : .coordinates).compute())
    case .list(let items): return try .list(items.items.map(stored))
    case .tuple(let items): return try .tuple(items.items.map(stored))
    default: return value
    }
  }

  /// The value that a case writes; `nodes` are those of a graph.
  func value(_ json: JSONValue, nodes: [ScriptValue] = []) throws -> ScriptValue {
    switch json {
    case .null: return .none
    case .bool(let value): return .bool(value)
    case .integer(let value): return .integer(Int128(value))
    case .number(let value): return .real(value)
    case .string(let text): return .string(text)
    case .array(let items): return try .list(items.map { try value($0, nodes: nodes) })
    case .object(let members):
      guard members.count == 1, let (key, inner) = members.first else {
        throw GoldenError("a value of \(members.count) members")
      }
      return try tagged(key, inner, nodes)
    }
  }

  private func tagged(
    _ key: String, _ json: JSONValue, _ nodes: [ScriptValue]
  ) throws -> ScriptValue {
    switch key {
    case "$a":
      guard let offset = json.int else { throw GoldenError("an offset that is no integer") }
      return .array(NDArray(try buffer(at: offset)))
    case "$n":
      guard let index = json.int, nodes.indices.contains(index) else {
        throw GoldenError("a node that is not there")
      }
      return nodes[index]
    case "$d":
      guard let dtype = json.text.flatMap({ DType(name: $0) }) else {
        throw GoldenError("a dtype that is not there")
      }
      return .dtype(dtype)
    case "$i":
      guard let value = json.text.flatMap({ Int128($0) }) else { throw GoldenError("no integer") }
      return .integer(value)
    case "$f": return .real(try real(json))
    case "$c":
      guard let parts = json.items, parts.count == 2 else { throw GoldenError("no complex number") }
      return .complex(try real(parts[0]), try real(parts[1]))
    case "$s":
      guard let bounds = json.items, bounds.count == 3 else { throw GoldenError("no slice") }
      return .slice(
        start: try value(bounds[0]), stop: try value(bounds[1]), step: try value(bounds[2]))
    case "$e": return .ellipsis
    case "$t":
      guard let items = json.items else { throw GoldenError("no tuple") }
      return try .tuple(items.map { try value($0, nodes: nodes) })
    default: throw GoldenError("a value of kind \(key)")
    }
  }

  private func real(_ json: JSONValue) throws -> Double {
    switch json.text {
    case "nan": return .nan
    case "inf": return .infinity
    case "-inf": return -.infinity
    case let text?:
      guard let value = Double(text) else { throw GoldenError("no number: \(text)") }
      return value
    case nil:
      guard let value = json.double else { throw GoldenError("no number") }
      return value
    }
  }
}
