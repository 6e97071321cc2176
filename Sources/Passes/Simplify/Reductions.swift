import WeftIR

/// Identities of reductions.
extension Identity {
  static let reductions = [
    Identity("reduce-nothing", "a reduction over no axes is the operand") { g, row in
      guard case .reduce(_, let axes) = row.op, axes.isEmpty else { return nil }
      return .value(row.operands[0])
    },
    Identity("reduce-short-axes", "axes of extent 1 hold their own fold") { g, row in
      guard case .reduce(let f, let axes) = row.op else { return nil }
      let shape = g.type(row.operands[0]).shape
      let short = AxisSet(axes.axes.filter { shape[$0] == .known(1) })
      if short.isEmpty || !shape.isKnown { return nil }
      if short == axes, !f.startsExactly(on: row.type.dtype) {
        // A fold starts at the identity: the sum of -0.0 alone is 0.0.
        guard row.type.dtype.isFloat, let identity = f.identity,
          let start = try g.addUniform(
            Scalar(Int64(identity), row.type.dtype), row.type.shape, site: row.site)
        else { return nil }
        let removed = try g.add(.reshape(row.type.shape), row.operands, site: row.site)
        return .row(.map(f), [removed, start])
      }
      let removed = try g.add(.reshape(shape.removing(short)), row.operands, site: row.site)
      if short == axes { return .value(removed) }
      return .row(.reduce(f, axes.renumbered(without: short)), [removed])
    },
    Identity("reduce-permute", "a reduction takes permuted axes from where they were") { g, row in
      guard case .reduce(let f, let axes) = row.op, case .permute(let order) = row.source(g).op
      else { return nil }
      let inner = axes.axes.map { order[$0] }
      let isSameOrder = f.algebra.contains(.idempotent) || !row.type.dtype.isInexact
      return isSameOrder || inner == inner.sorted() ? try unpermuted(row, in: &g) : nil
    },
    Identity("reduce-permute-reordered", "a sum may run in another order", .contraction) { g, row in
      guard case .permute = row.source(g).op else { return nil }
      return try unpermuted(row, in: &g)
    },
    Identity("reduce-repeated", "a fold of equal elements is one of them") { g, row in
      guard case .reduce(let f, let axes) = row.op, f.algebra.contains(.idempotent),
        let (source, place) = unrepeated(row, axes, in: g)
      else { return nil }
      return .row(.broadcast(to: row.type.shape, axes: place), [source])
    },
    Identity("sum-repeated", "a sum of equal elements is a product") { g, row in
      guard case .reduce(.add, let axes) = row.op, !row.type.dtype.isInexact,
        row.type.dtype != .bool, let (source, place) = unrepeated(row, axes, in: g),
        let count = folded(axes, g.type(row.operands[0]).shape),
        let factor = try g.addUniform(
          Scalar(Int64(truncatingIfNeeded: count), row.type.dtype), row.type.shape,
          site: row.site)
      else { return nil }
      let spread = try g.add(
        .broadcast(to: row.type.shape, axes: place), [source], site: row.site)
      return .row(.map(.multiply), [spread, factor])
    },
    Identity("reduce-reduce", "two reductions with one exact function are one") { g, row in
      guard case .reduce(let f, let axes) = row.op,
        case (.reduce(let inner, let first), let sources) = row.source(g), f == inner,
        let source = sources.first, f.algebra.contains(.idempotent) || !row.type.dtype.isInexact
      else { return nil }
      let kept = (0..<g.type(source).rank).filter { !first.contains($0) }
      return .row(.reduce(f, AxisSet(first.axes + axes.axes.map { kept[$0] })), [source])
    },
  ]

  private static func unpermuted(_ row: Candidate, in g: inout Graph) throws -> Replacement? {
    guard case .reduce(let f, let axes) = row.op,
      case (.permute(let order), let sources) = row.source(g), let source = sources.first
    else { return nil }
    let inner = AxisSet(axes.axes.map { order[$0] })
    // Axes of the result: those kept, in the permuted order, named by their place among the kept.
    let kept = order.indices.filter { !axes.contains($0) }.map { order[$0] }
    let sorted = kept.sorted()
    let result = kept.map { axis in sorted.firstIndex(of: axis) ?? 0 }
    if result == Array(0..<result.count) { return .row(.reduce(f, inner), [source]) }
    let reduced = try g.add(.reduce(f, inner), [source], site: row.site)
    return .row(.permute(result), [reduced])
  }

  /// The operand before a broadcast that only repeats along the axes of a reduction, which are not
  /// empty, and the places of its axes in the result.
  private static func unrepeated(
    _ row: Candidate, _ axes: AxisSet, in g: Graph
  ) -> (Value, [Int])? {
    guard case (.broadcast(let shape, let place), let sources) = row.source(g),
      let source = sources.first, !place.contains(where: { axes.contains($0) }),
      let count = folded(axes, shape), count > 0
    else { return nil }
    let kept = (0..<shape.rank).filter { !axes.contains($0) }
    return (source, place.map { axis in kept.firstIndex(of: axis) ?? 0 })
  }

  private static func folded(_ axes: AxisSet, _ shape: Shape) -> UInt128? {
    Shape(codes: axes.axes.map { shape.codes[$0] }).wideCount
  }
}

extension ScalarFunction {
  /// Whether a fold of one element is that element, bit for bit: the function has no identity to
  /// start at or one that changes nothing.
  fileprivate func startsExactly(on dtype: DType) -> Bool {
    guard let identity else { return true }
    let start = Scalar(Int64(identity), dtype)
    return RuleCheck.specialValues(dtype).allSatisfy {
      RuleCheck.sameBits(evaluate(start, $0, $0), $0)
    }
  }
}

extension AxisSet {
  /// The set with axes taken out of the shape.
  fileprivate func renumbered(without removed: AxisSet) -> AxisSet {
    AxisSet(
      axes.filter { !removed.contains($0) }.map { axis in
        axis - removed.axes.filter { $0 < axis }.count
      })
  }
}
