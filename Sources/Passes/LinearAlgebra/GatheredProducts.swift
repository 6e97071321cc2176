import WeftIR

extension FactRule {
  /// Rules about taking rows of products, and products of rows that were taken.
  static let gathers = [
    FactRule("take-before-product", "only the rows that are asked for are multiplied") {
      g, row, known in
      let indices = row.operands.last.map { g.type($0).shape }
      guard case .gather(let axis) = row.op, indices?.rank == 1, let count = indices?.count
      else { return nil }
      let taking = Taking(indices: row.operands[1], count: count, site: row.site, known: known)
      guard taking.reachesProduct(row.operands[0], axis, in: g) else { return nil }
      return .value(try taking.take(row.operands[0], axis, in: &g))
    },
    FactRule("take-after-product", "rows that are taken again and again are multiplied once") {
      g, row, known in
      guard case .contract(let contraction) = row.op, contraction.operands.count == 2 else {
        return nil
      }
      for i in 0..<2 {
        guard case .gather(let axis) = g.op(row.operands[i]), known.isUsedOnce(row.operands[i])
        else { continue }
        let sources = Array(g.operands(row.operands[i].index))
        let labels = contraction.operands[i]
        guard g.type(sources[1]).rank == 1, g.type(sources[0]).shape.isKnown else { continue }
        let label = labels[axis]
        guard let place = contraction.output.firstIndex(of: label),
          labels.count(where: { $0 == label }) == 1, !contraction.operands[1 - i].contains(label)
        else { continue }
        var whole = row.operands
        whole[i] = sources[0]
        guard let after = g.productCost(contraction, whole, taken: nil, known.rates),
          let before = g.productCost(contraction, row.operands, taken: nil, known.rates),
          let rows = g.type(row.operands[i]).shape.count, let result = row.type.shape.count,
          after + ContractionCost.moving(2 * result, row.type.dtype, known.rates)
            < before + ContractionCost.moving(2 * rows, row.type.dtype, known.rates)
        else { continue }
        let product = try g.add(.contract(contraction), whole, site: row.site)
        return .value(
          try g.add(.gather(axis: place), [product, sources[1]], site: row.site))
      }
      return nil
    },
  ]
}

extension ContractionCost {
  /// Reading or writing so many elements.
  static func moving(_ elements: Int, _ dtype: DType, _ rates: CostRates) -> Double {
    Double(elements) * Double(dtype.itemSize) * rates.byte
  }
}

extension Graph {
  /// What a product of arrays costs where a label has another extent; nil for unknown extents.
  fileprivate func productCost(
    _ contraction: Contraction, _ operands: [Value], taken: (label: Int, count: Int)?,
    _ rates: CostRates
  ) -> Double? {
    var extents = Array(repeating: 1.0, count: contraction.labelCount)
    for (labels, operand) in zip(contraction.operands, operands) {
      guard let codes = type(operand).shape.known else { return nil }
      for (label, extent) in zip(labels, codes) { extents[label] = Double(extent) }
    }
    if let taken { extents[taken.label] = Double(taken.count) }
    func size(_ labels: [Int]) -> Double { labels.reduce(1) { $0 * extents[$1] } }
    let all = Array(Set(contraction.operands.joined()))
    let moved = (contraction.operands + [contraction.output]).reduce(0) { $0 + size($1) }
    guard let first = operands.first else { return nil }
    return ContractionCost.operation(2 * size(all), moving: moved, type(first).dtype, rates)
  }
}

/// Takes rows at indices out of what a value is made of instead of out of the value.
private struct Taking {
  let indices: Value
  let count: Int
  let site: SourceSite
  let known: KnownFacts

  /// How far a value is looked through.
  private static let mostSteps = 8

  /// Whether an axis of a value leads to a product, through functions that nothing else reads, which
  /// is cheaper for the rows that are taken.
  func reachesProduct(
    _ value: Value, _ axis: Int, in g: Graph, steps: Int = Self.mostSteps
  ) -> Bool {
    guard steps > 0, known.isUsedOnce(value), let codes = g.type(value).shape.known,
      count < codes[axis]
    else { return false }
    let operands = g.operands(value.index)
    switch g.op(value) {
    case .map, .convert:
      return operands.contains { reachesProduct($0, axis, in: g, steps: steps - 1) }
    case .permute(let axes):
      return operands.first.map { reachesProduct($0, axes[axis], in: g, steps: steps - 1) } ?? false
    case .contract(let contraction):
      let label = contraction.output[axis]
      guard contraction.operands.count > 1, isSimple(contraction, label),
        let whole = g.productCost(contraction, Array(operands), taken: nil, known.rates),
        let part = g.productCost(
          contraction, Array(operands), taken: (label, count), known.rates),
        let dtype = operands.first.map({ g.type($0).dtype })
      else { return false }
      var rows = 0
      for (labels, operand) in zip(contraction.operands, operands) {
        guard let place = labels.firstIndex(of: label) else { continue }
        let codes = g.type(operand).shape.codes
        rows += codes[place] == 0 ? 0 : codes.reduce(1, *) / codes[place] * count
      }
      let result = codes.reduce(1, *) / codes[axis] * count
      return part + ContractionCost.moving(2 * rows, dtype, known.rates)
        < whole + ContractionCost.moving(2 * result, dtype, known.rates)
    default: return false
    }
  }

  /// Whether each operand has a label once at most.
  private func isSimple(_ contraction: Contraction, _ label: Int) -> Bool {
    contraction.operands.allSatisfy { $0.count(where: { $0 == label }) <= 1 }
      && contraction.output.count(where: { $0 == label }) == 1
  }

  /// The rows of a value.
  func take(
    _ value: Value, _ axis: Int, in g: inout Graph, steps: Int = Self.mostSteps
  ) throws -> Value {
    var codes = g.type(value).shape.codes
    codes[axis] = count
    let shape = Shape(codes: codes)
    let operands = Array(g.operands(value.index))
    switch g.op(value) {
    case .broadcast(_, let axes):
      // Repeated rows need no index; the others are taken before they are repeated.
      guard let source = operands.first else { break }
      if let place = axes.firstIndex(of: axis), g.type(source).shape[place] != .known(1) {
        let rows = try take(source, place, in: &g, steps: steps - 1)
        return try g.add(.broadcast(to: shape, axes: axes), [rows], site: site)
      }
      return try g.add(.broadcast(to: shape, axes: axes), [source], site: site)
    case .map, .convert:
      guard steps > 0, known.isUsedOnce(value) else { break }
      var parts: [Value] = []
      for operand in operands { parts.append(try take(operand, axis, in: &g, steps: steps - 1)) }
      return try g.add(g.op(value), parts, site: site)
    case .permute(let axes):
      guard steps > 0, known.isUsedOnce(value), let source = operands.first else { break }
      let rows = try take(source, axes[axis], in: &g, steps: steps - 1)
      return try g.add(.permute(axes), [rows], site: site)
    case .contract(let contraction):
      guard steps > 0, known.isUsedOnce(value), isSimple(contraction, contraction.output[axis])
      else { break }
      var parts: [Value] = []
      for (labels, operand) in zip(contraction.operands, operands) {
        guard let place = labels.firstIndex(of: contraction.output[axis]) else {
          parts.append(operand)
          continue
        }
        parts.append(try take(operand, place, in: &g, steps: steps - 1))
      }
      return try g.add(g.op(value), parts, site: site)
    default: break
    }
    return try g.add(.gather(axis: axis), [value, indices], site: site)
  }
}
