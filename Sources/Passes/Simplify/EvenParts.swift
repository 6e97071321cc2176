import WeftIR

/// Operands of a concatenation that are parts of one array, each so far from the one before:
/// `x[0], x[1], x[2]` or `x[0, 2], x[1, 1], x[2, 0]`.
struct EvenParts {
  private let source: Value
  private let first: [SliceSpan]
  /// How far each axis's part is from the one before.
  private let distances: [Int]
  private let count: Int

  /// The parts of a concatenation along an axis.
  init?(_ operands: [Value], _ axis: Int, in graph: Graph) {
    // Of each array one position along the axis.
    guard operands.count > 1, graph.type(operands[0]).shape[axis] == .known(1) else { return nil }
    self.init(operands, in: graph)
  }

  /// At least two values of one type.
  init?(_ operands: [Value], in graph: Graph) {
    guard let a = Self.part(operands[0], in: graph),
      let b = Self.part(operands[1], in: graph), a.source == b.source,
      a.spans.count == b.spans.count
    else { return nil }
    let distances = zip(a.spans, b.spans).map { $1.start - $0.start }
    guard distances.contains(where: { $0 != 0 }) else { return nil }
    for (n, operand) in operands.enumerated() {
      guard let part = Self.part(operand, in: graph), part.source == a.source,
        graph.type(operand) == graph.type(operands[0])
      else { return nil }
      for (place, span) in part.spans.enumerated() {
        let expected = a.spans[place].start + n * distances[place]
        guard span.start == expected, span.count == a.spans[place].count,
          span.step == a.spans[place].step || span.count == 1,
          distances[place] == 0 || span.count == 1
        else { return nil }
      }
    }
    source = a.source
    first = a.spans
    self.distances = distances
    count = operands.count
  }

  /// The slice that a value is, axes of extent 1 put in or left out.
  private static func part(_ value: Value, in graph: Graph) -> (source: Value, spans: [SliceSpan])?
  {
    var value = value
    if case .reshape = graph.op(value), let inner = graph.operands(value.index).first {
      let (a, b) = (graph.type(value).shape.codes, graph.type(inner).shape.codes)
      guard a.filter({ $0 != 1 }) == b.filter({ $0 != 1 }) else { return nil }
      value = inner
    }
    guard case .slice(let spans) = graph.op(value), let source = graph.operands(value.index).first,
      spans.allSatisfy({ $0.count != nil })
    else { return nil }
    return (source, spans)
  }

  /// The concatenation along an axis.
  func value(
    _ type: TensorType, _ axis: Int, in graph: inout Graph, _ site: SourceSite
  ) throws -> Value? {
    let spans = zip(first, distances).map { span, distance in
      distance == 0
        ? span
        : SliceSpan(
          start: min(span.start, span.start + (count - 1) * distance), step: abs(distance),
          count: count)
    }
    var part = try graph.add(.slice(spans), [source], site: site)
    let backwards = AxisSet(distances.indices.filter { distances[$0] < 0 })
    if !backwards.isEmpty { part = try graph.add(.reverse(backwards), [part], site: site) }
    // The axes of extents other than 1 in the order of the result, the new one among them.
    var order = first.indices.filter { distances[$0] == 0 && first[$0].count != 1 }
    let before = type.shape.codes[..<axis].count { $0 != 1 }
    guard let moving = distances.firstIndex(where: { $0 != 0 }), before <= order.count else {
      return nil
    }
    order.insert(moving, at: before)
    let labels = first.indices.map { distances[$0] != 0 ? moving : $0 }
    // Axes that are left out have extent 1: one position of them is all.
    let taken = try graph.add(
      .reshape(Shape(codes: labels.indices.filter { isKept($0) }.map { spans[$0].count ?? 0 })),
      [part], site: site)
    let own = labels.indices.filter { isKept($0) }.map { labels[$0] }
    let moved = try graph.add(.contract(Contraction([own], to: order)), [taken], site: site)
    return try graph.add(.reshape(type.shape), [moved], site: site)
  }

  private func isKept(_ axis: Int) -> Bool { distances[axis] != 0 || first[axis].count != 1 }
}
