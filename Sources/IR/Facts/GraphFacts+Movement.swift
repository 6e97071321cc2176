/// What ops that move elements keep.
extension GraphFacts {
  /// Properties of elements, whatever their places.
  private static let ofElements: Facts.Properties = [
    .finite, .positive, .zero, .finiteUnlessOverflow,
  ]

  private func type(ofOperand row: Int) -> TensorType {
    graph.type(graph.operands(row)[graph.operands(row).startIndex])
  }

  /// What the elements keep, with no more said of their places.
  private func elements(_ row: Int) -> Facts {
    let facts = operand(0, of: row)
    return facts.contains(.zero) ? .zero : Facts(facts.properties.intersection(Self.ofElements))
  }

  func broadcast(_ shape: Shape, _ axes: [Int], _ row: Int) -> Facts {
    var facts = elements(row)
    let source = type(ofOperand: row).shape
    guard shape.rank >= 2 else { return facts }
    let (last, before) = (shape.rank - 1, shape.rank - 2)
    func kept(_ axis: Int) -> Int? {
      axes.firstIndex(of: axis).flatMap { source[$0] == shape[axis] ? $0 : nil }
    }
    switch (kept(before), kept(last)) {
    case (let i?, let j?) where i == source.rank - 2 && j == source.rank - 1:
      return operand(0, of: row)
    case (let i?, let j?) where i == source.rank - 1 && j == source.rank - 2:
      return operand(0, of: row).transposed
    case (nil, nil):
      facts.properties.insert(.constant)
      if !graph.type(Value(row: row)).dtype.isComplex { facts.properties.insert(.symmetric) }
    default: break
    }
    return facts
  }

  func reshape(_ shape: Shape, _ row: Int) -> Facts {
    let source = type(ofOperand: row).shape
    if source.rank >= 2, shape.rank >= 2, source.codes.suffix(2) == shape.codes.suffix(2) {
      return operand(0, of: row)
    }
    var facts = elements(row)
    let operand = graph.operands(row)[graph.operands(row).startIndex]
    // A vector spread along a diagonal, as `diag` writes it.
    if shape.rank == 2, let side = shape.known?.first, shape.known == [side, side],
      case .pad(let spans) = graph.op(operand), spans.count == 1, spans[0].interior == side,
      let fill = graph.operands(operand.index).last, self[fill].contains(.zero)
    {
      let low = spans[0].low
      let offset = low < side ? low : -(low / side)
      facts.lower = -offset
      facts.upper = offset
      facts.properties.insert(.absentZeros)
    }
    return facts
  }

  func permute(_ axes: [Int], _ row: Int) -> Facts {
    guard axes.count >= 2 else { return operand(0, of: row) }
    let (last, before) = (axes.count - 1, axes.count - 2)
    switch (axes[before], axes[last]) {
    case (before, last): return operand(0, of: row)
    case (last, before): return operand(0, of: row).transposed
    default: return elements(row)
    }
  }

  func slice(_ spans: [SliceSpan], _ row: Int) -> Facts {
    var facts = elements(row)
    let source = operand(0, of: row)
    guard spans.count >= 2 else { return facts }
    let (rows, columns) = (spans[spans.count - 2], spans[spans.count - 1])
    guard rows.step == 1, columns.step == 1 else { return facts }
    let shift = columns.start - rows.start
    if source.lower < Facts.wide { facts.lower = source.lower + shift }
    if source.upper < Facts.wide { facts.upper = source.upper - shift }
    facts.properties.formUnion(source.properties.intersection(.absentZeros))
    if shift == 0, rows.count == columns.count {
      facts.properties.formUnion(
        source.properties.intersection([
          .symmetric, .positiveDefinite, .positiveSemidefinite, .identity,
        ]))
    }
    return facts
  }

  func pad(_ spans: [PadSpan], _ row: Int) -> Facts {
    let fill = operand(1, of: row)
    var facts = operand(0, of: row).contains(.zero) && fill.contains(.zero) ? Facts.zero : .none
    facts.properties.formUnion(
      operand(0, of: row).properties.intersection(fill.properties)
        .intersection([.finite, .finiteUnlessOverflow]))
    guard spans.count >= 2, fill.contains(.zero) else { return facts }
    let (rows, columns) = (spans[spans.count - 2], spans[spans.count - 1])
    guard rows.interior == 0, columns.interior == 0,
      let extents = type(ofOperand: row).shape.known
    else { return facts }
    let inner = operand(0, of: row)
    let lower = min(inner.lower, extents[extents.count - 2] - 1)
    let upper = min(inner.upper, extents[extents.count - 1] - 1)
    facts.lower = lower + rows.low - columns.low
    facts.upper = upper + columns.low - rows.low
    if !inner.hasZeros || inner.contains(.absentZeros) { facts.properties.insert(.absentZeros) }
    return facts
  }

  func concatenate(_ axis: Int, _ row: Int) -> Facts {
    let parts = graph.operands(row).map { self[$0] }
    var facts = Facts.none
    for property in [Facts.Properties.finite, .finiteUnlessOverflow]
    where parts.allSatisfy({ $0.contains(property) }) { facts.properties.insert(property) }
    guard let shape = graph.types(row).first?.shape, shape.isKnown, shape.rank >= 2,
      axis >= shape.rank - 2
    else { return facts }
    var places = Facts.zero.zeros
    var start = 0
    for (part, operand) in zip(parts, graph.operands(row)) {
      let extents = graph.type(operand).shape.codes
      defer { start += extents[axis] }
      if part.contains(.zero) { continue }
      let shift = axis == shape.rank - 1 ? start : -start
      places = places.unionOfPlaces(
        Facts(
          !part.hasZeros || part.contains(.absentZeros) ? .absentZeros : [],
          lower: min(part.lower, extents[extents.count - 2] - 1) - shift,
          upper: min(part.upper, extents[extents.count - 1] - 1) + shift))
    }
    facts = facts.and(places)
    if axis == shape.rank - 2 { facts.blocks = blocks(row) }
    return facts
  }

  /// The blocks of a square that is put together from strips, each with zeros beside what it holds.
  private func blocks(_ row: Int) -> [Int] {
    guard let order = graph.types(row).first?.shape.codes.last else { return [] }
    var strips: [(end: Int, columns: Range<Int>)] = []
    var end = 0
    for operand in graph.operands(row) {
      let codes = graph.type(operand).shape.codes
      end += codes[codes.count - 2]
      strips.append((end, columns(operand)))
    }
    guard end == order else { return [] }
    var blocks: [Int] = []
    var (start, reach) = (0, 0)
    for (n, strip) in strips.enumerated() {
      if !strip.columns.isEmpty { reach = max(reach, strip.columns.upperBound) }
      let later = strips[(n + 1)...].filter { !$0.columns.isEmpty }
      guard reach <= strip.end, later.allSatisfy({ $0.columns.lowerBound >= strip.end }) else {
        continue
      }
      blocks.append(strip.end - start)
      start = strip.end
    }
    return blocks.count > 1 ? blocks : []
  }

  /// The columns of a strip that may hold something.
  private func columns(_ value: Value) -> Range<Int> {
    let width = graph.type(value).shape.codes.last ?? 0
    if self[value].contains(.zero) { return 0..<0 }
    guard case .concatenate(let axis) = graph.op(value), axis == graph.type(value).rank - 1 else {
      return 0..<width
    }
    var (start, first, last) = (0, width, 0)
    for part in graph.operands(value.index) {
      let count = graph.type(part).shape.codes[axis]
      if !self[part].contains(.zero) {
        first = min(first, start)
        last = start + count
      }
      start += count
    }
    return first < last ? first..<last : 0..<0
  }
}
