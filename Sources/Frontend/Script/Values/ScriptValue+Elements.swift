import WeftIR

extension ScriptValue {
  /// `value[key]`.
  func element(at key: ScriptValue, _ site: SourceSite) throws -> ScriptValue {
    switch self {
    case .array(let array):
      return .array(array.selecting(try key.axisIndices(site), site: site))
    case .tuple(let sequence): return try Self.part(sequence.items, key) { try .tuple($0) }
    case .list(let sequence): return try Self.part(sequence.items, key) { try .list($0) }
    case .record(let record) where record.isTuple:
      return try Self.part(record.fields.map(\.value), key) { try .tuple($0) }
    case .record(let record):
      guard case .string(let name) = key,
        let field = record.fields.first(where: { $0.name == name })
      else {
        throw WeftError(.name, "index", "\(kindName) has no field \(key.summary)", site: site)
      }
      return field.value
    case .indexer(let indexer): return try indexer.element(at: key, site)
    case .blocks(let array):
      return .array(BlockView(array: array).selecting(try key.axisIndices(site), site: site))
    case .string(let text):
      let characters = Array(text.unicodeScalars)
      return try Self.part(
        characters.map { .string(String($0)) }, key,
        { parts in
          .string(
            parts.map { if case .string(let one) = $0 { one } else { "" } }.joined())
        })
    default:
      throw WeftError(.index, "index", "\(kindName) has no elements", site: site)
    }
  }

  /// The value with `value[key]` replaced.
  func replacing(
    _ key: ScriptValue, with value: ScriptValue, _ site: SourceSite
  ) throws -> ScriptValue {
    switch self {
    case .array(let array):
      if case .complex = value, !array.dtype.isComplex, array.dtype != .bool {
        throw WeftError(
          .dtype, "index", "a complex number cannot be assigned to \(array.expr.type)", site: site)
      }
      return .array(
        array.replacing(
          try key.axisIndices(site), with: try value.requireArray("index", site), site: site))
    case .list(let sequence):
      guard let position = try key.asInt() else {
        throw WeftError(.index, "index", "a list takes an integer, not \(key.kindName)")
      }
      var items = sequence.items
      items[try Self.position(position, items.count)] = value
      return try .list(items)
    default:
      throw WeftError(.assignment, "index", "elements of \(kindName) cannot be assigned")
    }
  }

  // MARK: Sequences

  private static func part(
    _ items: [ScriptValue], _ key: ScriptValue,
    _ make: ([ScriptValue]) throws -> ScriptValue
  ) throws -> ScriptValue {
    if case .slice(let start, let stop, let step) = key {
      let (start, stop) = (try start.bound(), try stop.bound())
      return try make(sliced(items, start, stop, try step.bound() ?? 1))
    }
    guard let position = try key.asInt() else {
      throw WeftError(.index, "index", "a sequence takes an integer or a slice, not \(key.summary)")
    }
    return items[try Self.position(position, items.count)]
  }

  private static func position(_ position: Int, _ count: Int) throws(WeftError) -> Int {
    guard position >= -count, position < count else {
      throw WeftError(
        .indexOutOfBounds, "index", "index \(position) is out of bounds for \(count) items")
    }
    return position < 0 ? position + count : position
  }

  private static func sliced(
    _ items: [ScriptValue], _ start: Int?, _ stop: Int?, _ step: Int
  ) throws(WeftError) -> [ScriptValue] {
    if step == 0 { throw WeftError(.index, "index", "a slice has a step of 0") }
    let count = items.count
    func clamped(_ bound: Int?, _ fallback: Int) -> Int {
      guard let bound else { return fallback }
      let (low, high) = step > 0 ? (0, count) : (-1, count - 1)
      return min(max(bound < 0 ? bound + count : bound, low), high)
    }
    var position = clamped(start, step > 0 ? 0 : count - 1)
    let end = clamped(stop, step > 0 ? count : -1)
    var result: [ScriptValue] = []
    while step > 0 ? position < end : position > end {
      result.append(items[position])
      let (next, overflow) = position.addingReportingOverflow(step)
      if overflow { break }
      position = next
    }
    return result
  }

  /// A bound of a slice, cut to the range of Int; nil for None.
  func bound() throws -> Int? {
    switch self {
    case .none: return nil
    case .integer(let value): return Int(clamping: value)
    default:
      if let value = try asInt() { return value }
      throw WeftError(.index, "index", "a slice takes integers or None, not \(summary)")
    }
  }

  // MARK: Keys of arrays

  /// The key as indices of axes.
  func axisIndices(_ site: SourceSite) throws -> [AxisIndex] {
    if case .tuple(let sequence) = self {
      guard sequence.items.count <= 1024 else {
        throw WeftError(.index, "index", "an index has \(sequence.items.count) items", site: site)
      }
      return try sequence.items.map { try $0.axisIndex(site) }
    }
    return [try axisIndex(site)]
  }

  private func axisIndex(_ site: SourceSite) throws -> AxisIndex {
    switch self {
    case .integer(let value):
      guard let position = Int(exactly: value) else {
        throw WeftError(.indexOutOfBounds, "index", "index \(value) is out of bounds", site: site)
      }
      return .at(position)
    case .slice(let start, let stop, let step):
      return .slice(
        start: try start.bound(), stop: try stop.bound(), step: try step.bound() ?? 1)
    case .none: return .newAxis
    case .ellipsis: return .ellipsis
    case .bool(let value):
      return .array(NDArray(Building.constant(Scalar(value), site: site)))
    case .array(let array): return .array(array.strong)
    case .list, .tuple, .record: return .array(try requireArray("index", site).strong)
    default:
      throw WeftError(
        .index, "index",
        "\(summary) is no index; integers, slices, ..., None, integer and bool arrays are",
        site: site)
    }
  }
}
