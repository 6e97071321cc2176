import WeftIR

/// What each row must give, found from users back to operands.
struct Demand {
  /// The region of each row; rows with several results have one for all.
  private(set) var regions: [Region]
  private let allowsReordering: Bool

  /// The regions for a graph whose outputs are wanted whole.
  init(_ graph: Graph, _ context: PassContext) {
    regions = Array(repeating: .nothing, count: graph.count)
    allowsReordering = context.exactness >= .contraction
    for output in graph.outputs { regions[output.index] = .whole }
    for row in stride(from: graph.count - 1, through: 0, by: -1) {
      if case .nothing = regions[row] { continue }
      regions[row] = supported(row, in: graph)
      for (i, operand) in graph.operands(row).enumerated() {
        let region = needed(of: i, by: row, in: graph)
        regions[operand.index] = regions[operand.index].union(
          region, in: graph.type(operand).shape)
      }
    }
  }

  /// The region that a row can give cheaply and that holds what is wanted.
  private func supported(_ row: Int, in graph: Graph) -> Region {
    guard case .part(var spans) = regions[row] else { return regions[row] }
    guard let type = graph.types(row).first, type.shape.isKnown,
      graph.operands(row).allSatisfy({ graph.type($0).shape.isKnown })
    else { return .whole }
    let op = graph.rows[row].op
    let region = regions[row]
    let shape = type.shape
    switch op {
    case .input, .constant, .random, .store, .call: return .whole
    case .iota, .map, .convert, .broadcast, .permute, .slice, .reverse, .concatenate, .gather,
      .argReduce:
      return region
    case .reduce(let f, _):
      let isExact = f.algebra.contains(.idempotent) || !type.dtype.isInexact
      return isExact || allowsReordering ? region : .whole
    case .contract: return !type.dtype.isInexact || allowsReordering ? region : .whole
    case .scan(_, let axis):
      // A running fold needs what comes before.
      if let count = spans[axis].count, count > 0 {
        let span = spans[axis]
        spans[axis] = SliceSpan(start: 0, count: span.start + span.step * (count - 1) + 1)
      }
      return Region(spans, of: shape)
    case .pad(let pads): return region.widened({ pads[$0].interior > 0 }, in: shape)
    case .reshape:
      guard let operand = graph.operands(row).first else { return .whole }
      let kept = Reshaping(graph.type(operand).shape, shape).kept
      return region.widened({ axis in !kept.contains { $0.to == axis } }, in: shape)
    case .scatter(let axis, _), .compress(let axis, _), .sort(let axis, _):
      return region.widened({ $0 == axis }, in: shape)
    }
  }

  /// The region of an operand that a row needs for its own.
  func needed(of i: Int, by row: Int, in graph: Graph) -> Region {
    let region = regions[row]
    let op = graph.rows[row].op
    let operands = graph.operands(row)
    let operand = graph.type(operands[operands.startIndex + i]).shape
    if region == .whole {
      guard case .slice(let spans) = op, operand.isKnown,
        graph.types(row).first?.shape.isKnown == true
      else { return .whole }
      // A span without a count takes an axis whose extent was not known when it was written.
      let counted = zip(spans, operand.codes).map { span, extent in
        span.count == nil ? SliceSpan(start: 0, count: extent) : span
      }
      return Region(counted, of: operand)
    }
    let shape = graph.types(row).first?.shape ?? .scalar
    let spans = region.spans(in: shape)
    var result = Region.whole.spans(in: operand)
    switch op {
    case .input, .constant, .iota, .random, .store, .call: return .whole
    case .map, .convert, .scan: return region
    case .reduce(_, let axes): fill(&result, from: spans) { !axes.contains($0) }
    case .argReduce(_, let axis): fill(&result, from: spans) { $0 != axis }
    case .contract(let contraction):
      for (axis, label) in contraction.operands[i].enumerated() {
        if let place = contraction.output.firstIndex(of: label) { result[axis] = spans[place] }
      }
    case .broadcast(_, let axes):
      for (axis, place) in axes.enumerated() where operand[axis] == shape[place] {
        result[axis] = spans[place]
      }
    case .reshape:
      for (from, to) in Reshaping(operand, shape).kept { result[from] = spans[to] }
    case .permute(let axes):
      for (axis, origin) in axes.enumerated() { result[origin] = spans[axis] }
    case .slice(let inner): result = zip(inner, spans).map { $0.taking($1) }
    case .pad(let pads):
      if i == 1 { return .whole }
      for (axis, pad) in pads.enumerated() where pad.interior == 0 {
        result[axis] = spans[axis].clipped(low: pad.low, extent: operand.codes[axis]).span
      }
    case .reverse(let axes):
      for axis in spans.indices {
        result[axis] =
          axes.contains(axis) ? spans[axis].mirrored(in: operand.codes[axis]) : spans[axis]
      }
    case .concatenate(let axis):
      result = spans
      let low = operands.prefix(i).reduce(0) { $0 + graph.type($1).shape.codes[axis] }
      result[axis] = spans[axis].clipped(low: low, extent: operand.codes[axis]).span
      let isEmpty = result[axis].count == 0
      // An empty result still needs a part to have its other extents from.
      if isEmpty && !(i == 0 && spans[axis].count == 0) { return .nothing }
    case .gather(let axis):
      let indices = graph.type(operands[operands.startIndex + 1]).rank
      if i == 1 {
        result = Array(spans[axis..<axis + indices])
      } else {
        for other in result.indices where other != axis {
          result[other] = spans[other < axis ? other : other + indices - 1]
        }
      }
    case .scatter(let axis, _):
      if i == 1 { return .whole }
      for other in result.indices where other != axis { result[other] = spans[other] }
    case .compress(let axis, _):
      if i == 1 { return .whole }
      for other in result.indices where other != axis { result[other] = spans[other] }
    case .sort(let axis, _):
      for other in result.indices where other != axis { result[other] = spans[other] }
    }
    return Region(result, of: operand)
  }

  /// Spans of a result go to those axes of the operand that the result keeps.
  private func fill(
    _ result: inout [SliceSpan], from spans: [SliceSpan], where keeps: (Int) -> Bool
  ) {
    var next = 0
    for axis in result.indices where keeps(axis) {
      result[axis] = spans[next]
      next += 1
    }
  }
}

/// Which axes a reshape keeps: those not joined with or split from others.
struct Reshaping {
  /// Axes of the operand and of the result with the same elements in the same order.
  let kept: [(from: Int, to: Int)]

  /// Pairs axes off in groups of equal products, shortest groups first.
  init(_ from: Shape, _ to: Shape) {
    var kept: [(from: Int, to: Int)] = []
    guard let old = from.known, let new = to.known, !old.contains(0), !new.contains(0) else {
      self.kept = []
      return
    }
    var (i, j) = (0, 0)
    while i < old.count && j < new.count {
      if old[i] == new[j] {
        kept.append((i, j))
        (i, j) = (i + 1, j + 1)
      } else if old[i] == 1 {
        i += 1
      } else if new[j] == 1 {
        j += 1
      } else {
        var (a, b) = (old[i], new[j])
        (i, j) = (i + 1, j + 1)
        while a != b {
          if a < b {
            a *= old[i]
            i += 1
          } else {
            b *= new[j]
            j += 1
          }
        }
      }
    }
    self.kept = kept
  }
}
