import WeftIR

extension Pass {
  /// Computes of each row only what slices further on ask for.
  ///
  /// Every row is still computed once, on the least box that holds what all its users need, so
  /// nothing is computed twice and nothing more than before; slices end up at the leaves.
  /// `((a * s + o)[0])` reads one row of `a`.
  /// Needs: known shapes; rows of unknown extents stay whole. Leaves: slices that may meet others.
  public static let pushDown = Pass("push-down", "compute only what slices ask for") {
    graph, context in
    guard graph.hasSlice else { return }
    let narrowing = Narrowing(old: graph, demand: Demand(graph, context))
    graph = try graph.rebuilt { try narrowing.narrowed($1, $2, in: &$0) }
    if narrowing.demand.isNarrow { context.report.fired("push-down-slice") }
  }
}

extension Graph {
  fileprivate var hasSlice: Bool {
    rows.contains { if case .slice = $0.op { true } else { false } }
  }
}

extension Demand {
  /// Whether some row gives less than before.
  fileprivate var isNarrow: Bool {
    regions.contains { if case .part = $0 { true } else { false } }
  }
}

/// Rebuilds rows on the regions that are needed.
private struct Narrowing {
  let old: Graph
  let demand: Demand

  /// The results of a row on its region; nil when nothing changes.
  func narrowed(_ row: Int, _ operands: [Value], in graph: inout Graph) throws -> [Value]? {
    let region = demand.regions[row]
    let sources = old.operands(row)
    if region == .nothing { return try unneeded(row, in: &graph) }
    let op = old.rows[row].op
    let site = old.rows[row].site
    let isSlice = if case .slice = op { true } else { false }
    if region == .whole, !isSlice,
      sources.allSatisfy({ demand.regions[$0.index] == .whole })
    {
      return nil
    }
    if isSlice, !old.type(sources[sources.startIndex]).shape.isKnown { return nil }
    var parts: [Value] = []
    for (i, source) in sources.enumerated() {
      let needed = demand.needed(of: i, by: row, in: old)
      if needed == .nothing { continue }
      parts.append(
        try taking(
          needed, from: operands[i], given: demand.regions[source.index],
          old.type(source).shape, site, in: &graph))
    }
    if isSlice { return [parts[0]] }
    let shape = old.types(row).first?.shape ?? .scalar
    let value = try add(op, parts, region, shape, row, in: &graph)
    return (0..<old.types(row).count).map { Value(row: value.index, result: $0) }
  }

  /// Rows that no one needs any more are followed by no one: any value stands for them.
  private func unneeded(_ row: Int, in graph: inout Graph) throws -> [Value] {
    let filler = try graph.add(.constant(Scalar(false)))
    return Array(repeating: filler, count: old.types(row).count)
  }

  /// A region of an old value, taken from the region that its new value holds.
  private func taking(
    _ needed: Region, from value: Value, given: Region, _ shape: Shape, _ site: SourceSite,
    in graph: inout Graph
  ) throws -> Value {
    if needed == given || needed == .whole { return value }
    let spans = zip(needed.spans(in: shape), given.spans(in: shape)).map { $0.within($1) }
    return try graph.add(.slice(spans), [value], site: site)
  }

  /// The row on its region.
  private func add(
    _ op: Op, _ parts: [Value], _ region: Region, _ shape: Shape, _ row: Int,
    in graph: inout Graph
  ) throws -> Value {
    let site = old.rows[row].site
    guard case .part(let spans) = region else { return try graph.add(op, parts, site: site) }
    let narrow = Shape(spans.map { $0.count ?? 0 })
    switch op {
    case .broadcast(_, let axes):
      return try graph.add(.broadcast(to: narrow, axes: axes), parts, site: site)
    case .reshape: return try graph.add(.reshape(narrow), parts, site: site)
    case .iota(let type, let axis):
      return try counting(type.dtype, axis, spans, narrow, site, in: &graph)
    case .pad(let pads):
      let operand = old.type(old.operands(row)[old.operands(row).startIndex]).shape
      let rest = pads.enumerated().map { axis, pad -> PadSpan in
        if pad.interior > 0 { return pad }
        let (before, inside) = spans[axis].clipped(low: pad.low, extent: operand.codes[axis])
        let count = inside.count ?? 0
        return PadSpan(low: before, high: (spans[axis].count ?? 0) - before - count)
      }
      return try graph.add(.pad(rest), parts, site: site)
    default: return try graph.add(op, parts, site: site)
    }
  }

  /// Part of a count: start + step * (0, 1, 2, ...), in int64 so that nothing rounds before the
  /// conversion that the whole count has too.
  private func counting(
    _ dtype: DType, _ axis: Int, _ spans: [SliceSpan], _ shape: Shape, _ site: SourceSite,
    in graph: inout Graph
  ) throws -> Value {
    let span = spans[axis]
    if span.start == 0 && span.step == 1 {
      return try graph.add(.iota(TensorType(dtype, shape), axis: axis), site: site)
    }
    var value = try graph.add(.iota(TensorType(.int64, shape), axis: axis), site: site)
    for (f, number) in [(ScalarFunction.multiply, span.step), (.add, span.start)] {
      let scalar = try graph.add(.constant(Scalar(Int64(number), .int64)), site: site)
      let spread = try graph.add(.broadcast(to: shape, axes: []), [scalar], site: site)
      value = try graph.add(.map(f), [value, spread], site: site)
    }
    return try graph.add(.convert(dtype), [value], site: site)
  }
}
