import WeftIR

/// What a sparse array that is repeated along other axes meets: another operand, which decides the result where it has
/// no entry. Entries are repeated where that one has some alone.
struct BroadcastGuide: Sendable {
  /// An operand that must have no elements for which the other does not decide.
  struct Tame: Sendable {
    let value: Value
    /// Whether zeros are such elements, too.
    let zeros: Bool
  }

  /// An array that has entries where the deciding operand has some.
  struct Bound: Sendable {
    let value: Value
    /// What this takes of others.
    let tame: [Tame]
  }

  /// The operand that decides, then arrays that it is computed from: who is there first serves.
  let bounds: [Bound]
  /// What the decision takes of the repeated array; nil for nothing.
  let tame: Tame?

  /// The guides of a row's operands, by the row that repeats each.
  static func guides(
    of row: Int, _ graph: Graph, _ layouts: GraphLayouts, uses: [Int]
  ) -> [(row: Int, guide: BroadcastGuide)] {
    guard case .map(let f) = graph.rows[row].op else { return [] }
    let operands = Array(graph.operands(row))
    return operands.indices.compactMap { place in
      let repeated = operands[place]
      guard case .broadcast = graph.op(repeated), uses[repeated.index] == 1,
        layouts[repeated].isSparse
      else { return nil }
      if f == .select {
        // Where nothing is stored the condition chooses the other branch.
        guard place > 0, let fill = layouts.layout(of: operands[0])?.fill,
          fill.boolValue == (place == 2)
        else { return nil }
        let bounds = bounds(operands[0], graph, layouts)
        return (repeated.index, BroadcastGuide(bounds: bounds, tame: nil))
      }
      guard f.arity == 2, let fill = layouts.layout(of: operands[1 - place])?.fill,
        f.isDecided(by: fill, at: 1 - place)
      else { return nil }
      let tame = Tame(value: repeated, zeros: f.algebra.contains(.zeroFirst))
      return (
        repeated.index,
        BroadcastGuide(bounds: bounds(operands[1 - place], graph, layouts), tame: tame)
      )
    }
  }

  /// A sparse value and those that it is computed from, element by element, which bound where it has entries.
  private static func bounds(_ value: Value, _ graph: Graph, _ layouts: GraphLayouts) -> [Bound] {
    var bounds = [Bound(value: value, tame: [])]
    var (last, tame) = (value, [Tame]())
    while let (operand, others) = decider(of: last, graph, layouts) {
      tame += others
      bounds.append(Bound(value: operand, tame: tame))
      last = operand
    }
    return bounds
  }

  /// The operand outside whose entries a row gives one element, and what that takes of its other operands.
  private static func decider(
    of value: Value, _ graph: Graph, _ layouts: GraphLayouts
  ) -> (operand: Value, others: [Tame])? {
    let operands = Array(graph.operands(value.index))
    switch graph.op(value) {
    case .map, .convert: break
    default: return nil
    }
    let others = operands.filter { if case .uniform = layouts[$0] { false } else { true } }
    if others.count == 1, let only = others.first, layouts[only].isSparse { return (only, []) }
    guard case .map(let f) = graph.op(value), f.arity == 2 else { return nil }
    for (place, operand) in operands.enumerated() {
      guard let fill = layouts.layout(of: operand)?.fill, f.isDecided(by: fill, at: place) else {
        continue
      }
      let zeros = f.algebra.contains(.zeroFirst)
      return (operand, [Tame(value: operands[1 - place], zeros: zeros)])
    }
    return nil
  }
}

extension SparseRowRunner {
  /// The entries of an array repeated along other axes that stand where its guide has some; nil where all are needed.
  ///
  /// - Parameters:
  ///   - source: the entries, numbered by `numbers`, of which the i-th axis is axis `axes[i]` of the result.
  ///   - times: how often each is repeated.
  func guided<Key: PositionKey>(
    _ row: Int, _ source: Entries<Key>, _ numbers: Frame<Key>, axes: [Int], times: Int,
    fill: Scalar
  ) throws -> Entries<Key>? {
    guard kernels.device == nil, let guide = plan.guides[row],
      let elements = try bound(of: guide), elements.count < times.multipliedCapped(source.count),
      try guide.tame.map({ try !hinders(source.values, fill, zeros: $0.zeros) }) ?? true
    else { return nil }
    kernels.context.counters.add("guidedBroadcasts")
    let shape = type(row).shape.codes
    let frame = Frame<Key>(shape, order: Array(shape.indices))
    let own = try kernels.entries(of: kernels.unpacked(elements), order: frame.order, Key.self)
    var strides = Array(repeating: Key.zero, count: shape.count)
    for (level, axis) in axes.enumerated() where numbers.extents[level] != 1 {
      strides[axis] = numbers.strides[level]
    }
    let (projected, places) = (strides, try kernels.vector(own.count) as Vector<Int>)
    try kernels.forEachPart(own.count) { range in
      for entry in range {
        var (rest, number) = (own.keys.base[entry], Key.zero)
        for axis in projected.indices {
          let (coordinate, next) = rest.quotientAndRemainder(dividingBy: frame.strides[axis])
          number = number &+ coordinate &* projected[axis]
          rest = next
        }
        let place = source.keys.firstIndex(from: number)
        let isThere = place < source.count && source.keys.base[place] == number
        places.base[entry] = isThere ? place : -1
      }
    }
    let kept = try kernels.places(own.count) { places.base[$0] >= 0 }
    guard let kept else {
      return Entries(
        keys: own.keys,
        values: try kernels.moved(source.values, count: own.count) { places.base[$0] })
    }
    return Entries(
      keys: try kernels.subset(own.keys, kept),
      values: try kernels.moved(source.values, count: kept.count) {
        places.base[kept.base[$0]]
      })
  }

  /// The array that says where a guide has entries, of those that are there.
  private func bound(of guide: BroadcastGuide) throws -> SparseElements? {
    for bound in guide.bounds {
      guard let elements = values[bound.value]?.sparse else { continue }
      return try bound.tame.allSatisfy(isTame) ? elements : nil
    }
    return nil
  }

  /// Whether an operand is there and has no elements for which what it meets does not decide.
  private func isTame(_ tame: BroadcastGuide.Tame) throws -> Bool {
    // What is repeated has the elements of its source.
    var source: Value?
    if case .broadcast = graph.op(tame.value) { source = graph.operands(tame.value.index).first }
    guard let buffer = values[tame.value] ?? source.flatMap({ values[$0] }) else { return false }
    let type = buffer.type
    guard let sparse = buffer.sparse else {
      guard type.dtype.isInexact || tame.zeros else { return true }
      return try kernels.exceptionalPlaces(buffer, zeros: tame.zeros).isEmpty
    }
    return try !hinders(sparse.values, sparse.fill, zeros: tame.zeros)
  }

  /// Whether an array has elements for which what it meets does not decide.
  private func hinders(_ values: Buffer, _ fill: Scalar, zeros: Bool) throws -> Bool {
    guard values.type.dtype.isInexact || zeros else { return false }
    if !fill.doubleValue.isFinite || !fill.imaginary.isFinite || zeros && !fill.boolValue {
      return true
    }
    return try !kernels.exceptionalPlaces(values, zeros: zeros).isEmpty
  }
}

extension Int {
  /// The product, or the greatest integer.
  fileprivate func multipliedCapped(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
