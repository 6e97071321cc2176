import WeftIR

/// A graph with products made at the entries of the masks that use them.
struct MaskRewrite {
  /// The rule's name, for switches and reports.
  static let rule = "masked-product"

  private let graph: Graph
  private let demands: MaskDemands
  /// The values of the new graph by those of the old one, as far as rows have used them.
  private var renamed: [Value: Value] = [:]
  private var sampled: [Sampled: Value] = [:]

  /// A value at the entries of a mask.
  private struct Sampled: Hashable {
    var value: Value
    var mask: Mask
  }

  init(_ graph: Graph, _ demands: MaskDemands) {
    self.graph = graph
    self.demands = demands
  }

  func rewritten(_ context: PassContext) throws -> Graph {
    var rewrite = self
    return try graph.rebuilt { new, row, operands in
      for (old, value) in zip(graph.operands(row), operands) { rewrite.renamed[old] = value }
      return try rewrite.root(row, operands, in: &new, context).map { [$0] }
    }
  }

  /// A row whose operands are used at a mask's entries, with those that are made there; nil for other
  /// rows.
  private mutating func root(
    _ row: Int, _ operands: [Value], in new: inout Graph, _ context: PassContext
  ) throws -> Value? {
    var found = operands
    for (place, old) in graph.operands(row).enumerated() where demands.isMasked[old.index] {
      guard let mask = demands.roots[.init(row: row, place: place)] else { continue }
      report(old, mask, context)
      if let value = try direct(row, place, mask, operands, in: &new) { return value }
      found[place] = try value(of: old, at: mask, in: &new) ?? operands[place]
    }
    if found == operands { return nil }
    return try new.add(graph.rows[row].op, found, site: graph.rows[row].site)
  }

  // MARK: - One product

  /// A mask times a product, or summed with it, as one product with all factors.
  private func direct(
    _ row: Int, _ place: Int, _ mask: Mask, _ operands: [Value], in new: inout Graph
  ) throws -> Value? {
    let old = Array(graph.operands(row))
    guard case .contract(let inner) = graph.op(old[place]),
      let factors = factors(old[place].index),
      graph.type(old[place]).dtype != .bool
    else { return nil }
    let outer: Contraction
    switch graph.rows[row].op {
    case .map(.multiply):
      guard demands.layouts.layout(of: old[1 - place])?.fill?.boolValue == false else {
        return nil
      }
      let labels = Array(0..<graph.type(old[place]).rank)
      outer = Contraction([labels, labels], to: labels)
    case .contract(let contraction): outer = contraction
    default: return nil
    }
    // Labels of the product that it sums get numbers behind the others.
    var number: [Int: Int] = [:]
    for (label, own) in zip(inner.output, outer.operands[place]) { number[label] = own }
    var next = outer.labelCount
    for label in 0..<inner.labelCount where number[label] == nil {
      number[label] = next
      next += 1
    }
    var (labels, values) = (outer.operands, operands)
    labels.remove(at: place)
    values.remove(at: place)
    labels += inner.operands.map { $0.map { number[$0] ?? $0 } }
    return try new.add(
      .contract(Contraction(labels, to: outer.output)), values + factors,
      site: graph.rows[row].site)
  }

  /// The operands of a row in the new graph.
  private func factors(_ row: Int) -> [Value]? {
    let found = graph.operands(row).compactMap { renamed[$0] }
    return found.count == graph.operands(row).count ? found : nil
  }

  // MARK: - Values at entries

  /// A value at a mask's entries, and zero elsewhere or what functions make of zeros.
  private mutating func value(
    of value: Value, at mask: Mask, in new: inout Graph
  ) throws -> Value? {
    let wanted = Sampled(value: value, mask: mask)
    var needed: Set<Sampled> = [wanted]
    var stack = [wanted]
    while let next = stack.popLast() {
      guard sampled[next] == nil else { continue }
      for (operand, mask) in masked(next)
      where needed.insert(Sampled(value: operand, mask: mask)).inserted {
        stack.append(Sampled(value: operand, mask: mask))
      }
    }
    for next in needed.sorted(by: { $0.value.row < $1.value.row }) where sampled[next] == nil {
      sampled[next] = try made(next.value.index, next.mask, in: &new)
    }
    return sampled[wanted]
  }

  /// The operands of a row that are made at entries too, and at those of which mask.
  private func masked(_ sample: Sampled) -> [(Value, Mask)] {
    let row = sample.value.index
    let mask: Mask
    switch graph.rows[row].op {
    case .contract: return []
    case .permute(let axes): mask = sample.mask.permuted(axes)
    default: mask = sample.mask
    }
    return graph.operands(row).filter { demands.isMasked[$0.index] }.map { ($0, mask) }
  }

  /// A row at a mask's entries from its operands there.
  private mutating func made(_ row: Int, _ mask: Mask, in new: inout Graph) throws -> Value {
    let site = graph.rows[row].site
    guard let operands = factors(row), let type = graph.types(row).first else {
      throw WeftError(.internal, "masks", "a row comes before its operands")
    }
    if case .contract(let inner) = graph.rows[row].op {
      let pattern = try pattern(mask, type.dtype, in: &new, site)
      return try new.add(
        .contract(Contraction([inner.output] + inner.operands, to: inner.output)),
        [pattern] + operands, site: site)
    }
    let made = masked(Sampled(value: Value(row: row), mask: mask))
    var found = operands
    for (place, old) in graph.operands(row).enumerated() {
      if let own = made.first(where: { $0.0 == old }),
        let value = sampled[Sampled(value: old, mask: own.1)]
      {
        found[place] = value
      } else if case .uniform = demands.layouts[old] {
        continue
      } else {
        found[place] = try leaf(operands[place], mask, in: &new, site)
      }
    }
    return try new.add(graph.rows[row].op, found, site: site)
  }

  /// An array at a mask's entries. Infinities and NaN elsewhere stay, where zero times them counts.
  private mutating func leaf(
    _ value: Value, _ mask: Mask, in new: inout Graph, _ site: SourceSite
  ) throws -> Value {
    let type = new.type(value)
    if mask.needsFinite, type.dtype.isInexact {
      let pattern = try pattern(mask, type.dtype, in: &new, site)
      return try new.add(.map(.multiply), [pattern, value], site: site)
    }
    let zero = try new.add(.constant(Scalar(0 as Int64, type.dtype)), site: site)
    let zeros = try new.add(.broadcast(to: type.shape, axes: []), [zero], site: site)
    let pattern = try pattern(mask, .bool, in: &new, site)
    return try new.add(.map(.select), [pattern, value, zeros], site: site)
  }

  /// One at the entries of a mask and zero elsewhere, with the axes of the masked value.
  private func pattern(
    _ mask: Mask, _ dtype: DType, in new: inout Graph, _ site: SourceSite
  ) throws -> Value {
    guard var value = renamed[mask.value], let layout = demands.layouts.layout(of: mask.value)
    else { throw WeftError(.internal, "masks", "a mask comes after what uses it") }
    let type = new.type(value)
    let fill = (layout.fill ?? Scalar(false)).converted(to: type.dtype)
    if type.dtype != .bool || fill.boolValue {
      let constant = try new.add(.constant(fill), site: site)
      let fills = try new.add(.broadcast(to: type.shape, axes: []), [constant], site: site)
      value = try new.add(.map(.notEqual), [value, fills], site: site)
    }
    if mask.axes != Array(mask.axes.indices) {
      value = try new.add(.permute(mask.axes), [value], site: site)
    }
    return dtype == .bool ? value : try new.add(.convert(dtype), [value], site: site)
  }

  // MARK: - Reports

  private func report(_ value: Value, _ mask: Mask, _ context: PassContext) {
    context.report.fired(Self.rule)
    let (graph, demands) = (graph, demands)
    context.report.note(later: {
      let names = graph.valueNames()
      let share = demands.layouts.density(of: mask.value)
      let percent = (share * 10_000).rounded() / 100
      let place = graph.rows[value.index].site.description
      return
        "\(Self.rule): \(names[value.index]) \(graph.op(value).name), \(graph.type(value)), is used at "
        + "about \(percent) % of its places, the entries of \(names[mask.value.index])"
        + (place.isEmpty ? "" : " (\(place))")
    })
  }
}
