import WeftIR

extension SparseRowRunner {
  /// A vector with updates at some places, each combined in order with what is there: its other entries stay.
  func updated<Key: PositionKey>(
    _ row: Int, _ f: ScalarFunction, _ operands: [Value], _: Key.Type
  ) throws -> Buffer {
    let type = type(row)
    let elements = try elements(operands[0])
    let source: Entries<Key> = try kernels.entries(of: elements, order: [0])
    let positions = try taken(
      try whole(operands[1]), type.shape.codes[0], 0, for: "scatter")
    let keys: Vector<Key> = try kernels.vector(positions.count)
    try kernels.forEachPart(keys.count) { range in
      for place in range { keys.base[place] = Key(truncatingIfNeeded: positions.base[place]) }
    }
    let updates = try kernels.sorted(keys, try put(operands[2]))
    let heads = try kernels.heads(updates.keys)
    let places = try heads.map { try kernels.subset(updates.keys, $0) } ?? updates.keys
    let put = Entries(
      keys: places,
      values: try combined(f, source, updates, at: places, heads, elements.fill))
    let others = try kernels.places(source.count) { entry in
      let key = source.keys.base[entry]
      let place = places.firstIndex(from: key)
      return place == places.count || places.base[place] != key
    }
    let rest =
      try others.map { kept in
        Entries(
          keys: try kernels.subset(source.keys, kept),
          values: try kernels.moved(source.values, count: kept.count) { kept.base[$0] })
      } ?? source
    let fill = elements.fill.converted(to: type.dtype)
    return try result(row, kernels.joined([rest, kernels.pruned(put, fill: fill)], type.dtype))
  }

  /// The updates, of which each position has one.
  private func put(_ updates: Value) throws -> Buffer {
    guard plan.layouts[updates].isSparse else { return try whole(updates) }
    let elements = try elements(updates)
    let result = try Buffer(allocating: elements.type, in: kernels.context.memory)
    try elements.copy(to: result.base, result.byteCount)
    return result
  }

  /// What stands at places after their updates, which follow each other from a head on.
  private func combined<Key: PositionKey>(
    _ f: ScalarFunction, _ source: Entries<Key>, _ updates: Entries<Key>,
    at places: Vector<Key>, _ heads: Vector<Int>?, _ fill: Scalar
  ) throws -> Buffer {
    let (count, total) = (places.count, updates.count)
    @Sendable func run(_ place: Int) -> Range<Int> {
      guard let heads else { return place..<place + 1 }
      return heads.base[place]..<(place + 1 < count ? heads.base[place + 1] : total)
    }
    if f == .second {
      return try kernels.moved(updates.values, count: count) { run($0).upperBound - 1 }
    }
    let dtype = updates.values.type.dtype
    let result = try kernels.values(count, dtype)
    nonisolated(unsafe) let target = result.base
    let (size, none) = (dtype.itemSize, fill.converted(to: dtype))
    try kernels.forEachPart(count) { range in
      for place in range {
        let stored = source.keys.firstIndex(from: places.base[place])
        let isThere =
          stored < source.count && source.keys.base[stored] == places.base[place]
        var value = isThere ? source.values.scalar(at: stored) : none
        for update in run(place) {
          let next = updates.values.scalar(at: update)
          value = f.evaluate(value, next, next)
        }
        value.store(to: target + place * size)
      }
    }
    return withExtendedLifetime(result) { result }
  }
}
