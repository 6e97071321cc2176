import WeftIR

/// The sparse value whose entries are the only places at which somebody uses another value.
struct Mask: Hashable {
  /// The sparse value.
  var value: Value
  /// Axis i of the masked value is axis `axes[i]` of the mask.
  var axes: [Int]
  /// Whether the other places must be finite to leave no trace.
  var needsFinite: Bool
}

extension Mask {
  /// The mask of the operand of a permutation whose result has this one.
  func permuted(_ order: [Int]) -> Mask {
    var turned = axes
    for (axis, source) in order.enumerated() { turned[source] = axes[axis] }
    return Mask(value: value, axes: turned, needsFinite: needsFinite)
  }
}

/// Who uses each value of a graph: everybody, or the entries of masks alone.
///
/// One walk against the order of rows. A row in demand at a mask's entries passes that on to the
/// operands of elementwise functions.
struct MaskDemands {
  enum Demand: Equatable {
    case nothing
    /// At the entries of each of these masks.
    case masks([Mask])
    case everything
  }

  let layouts: GraphLayouts
  private let graph: Graph
  private(set) var demands: [Demand]
  /// The mask that an operand of a row which combines it with a sparse value is used at.
  private(set) var roots: [RootOperand: Mask] = [:]
  /// The rows that are made at entries.
  private(set) var isMasked: [Bool]

  /// An operand of a row.
  struct RootOperand: Hashable {
    var row: Int
    var place: Int
  }

  /// The most masks that a value is computed for, and the share of elements that each stores.
  private static let mostMasks = 4
  private static let mostShare = 0.3

  /// Whether some row is made at entries.
  var isUseful: Bool { isMasked.contains(true) }

  init(_ graph: Graph) {
    self.graph = graph
    layouts = GraphLayouts(graph)
    demands = Array(repeating: .nothing, count: graph.count)
    isMasked = Array(repeating: false, count: graph.count)
    for output in graph.outputs { demands[output.index] = .everything }
    for row in (0..<graph.count).reversed() where demands[row] != .nothing { visit(row) }
    for row in 0..<graph.count { isMasked[row] = leadsToProduct(row) }
  }

  // MARK: - Demand

  private mutating func visit(_ row: Int) {
    for (place, operand) in graph.operands(row).enumerated() {
      guard operand.result == 0 else {
        demands[operand.index] = .everything
        continue
      }
      let demand: Demand
      if let mask = mask(of: place, row) {
        roots[RootOperand(row: row, place: place)] = mask
        demand = .masks([mask])
      } else {
        demand = passedOn(row)
      }
      demands[operand.index] = Self.both(demands[operand.index], demand)
    }
  }

  private static func both(_ a: Demand, _ b: Demand) -> Demand {
    switch (a, b) {
    case (.nothing, let other), (let other, .nothing): return other
    case (.masks(let x), .masks(let y)):
      let all = x + y.filter { !x.contains($0) }
      return all.count <= mostMasks ? .masks(all) : .everything
    case (.everything, _), (_, .everything): return .everything
    }
  }

  /// What an elementwise row asks of its operands; others ask for everything.
  private func passedOn(_ row: Int) -> Demand {
    guard case .masks(let masks) = demands[row], layouts[Value(row: row)] == .dense else {
      return .everything
    }
    switch graph.rows[row].op {
    case .convert: return demands[row]
    case .permute(let axes): return .masks(masks.map { $0.permuted(axes) })
    case .map(let f):
      if masks.contains(where: \.needsFinite), !f.isFinite(on: samples(row)) {
        return .everything
      }
      return demands[row]
    default: return .everything
    }
  }

  /// What the operands of a row may be: the element of a repeated one, else a choice of numbers.
  private func samples(_ row: Int) -> [[Scalar]] {
    graph.operands(row).map { operand in
      if case .uniform(let element) = layouts[operand] { return [element] }
      return ScalarFunction.samples.map { Scalar($0, graph.type(operand).dtype) }
    }
  }

  /// The mask at whose entries a row uses a dense operand; nil where it uses all of it.
  private func mask(of place: Int, _ row: Int) -> Mask? {
    let operands = graph.operands(row)
    let operand = operands[operands.startIndex + place]
    guard layouts[operand] == .dense else { return nil }
    switch graph.rows[row].op {
    case .map(let f):
      guard layouts.layout(of: Value(row: row)) != nil else { return nil }
      let identity = Array(0..<graph.type(operand).rank)
      for (other, mask) in operands.enumerated() where other != place {
        guard case .sparse(let layout) = layouts[mask], let fill = layout.fill, isRare(mask) else {
          continue
        }
        let mask = origin(mask)
        if f == .select {
          // The branch that the fill chooses is used everywhere else.
          guard other == 0, place == (fill.boolValue ? 2 : 1) else { continue }
          return Mask(value: mask, axes: identity, needsFinite: false)
        }
        guard f.annihilator != nil, f.isDecided(by: fill, at: other) else { continue }
        return Mask(
          value: mask, axes: identity, needsFinite: graph.type(operand).dtype.isInexact)
      }
      return nil
    case .contract(let contraction):
      // A product over the labels of a sparse factor reads other factors of these labels there.
      let labels = contraction.operands[place]
      guard Set(labels).count == labels.count else { return nil }
      if operands.count > 2 {
        guard case .contract = graph.op(operand) else { return nil }
      }
      for (other, mask) in operands.enumerated() where other != place {
        guard case .sparse(let layout) = layouts[mask], layout.fill?.boolValue == false,
          isRare(mask), Set(contraction.operands[other]) == Set(labels),
          contraction.operands[other].count == labels.count
        else { continue }
        let axes = labels.compactMap { contraction.operands[other].firstIndex(of: $0) }
        let mask = origin(mask)
        return Mask(
          value: mask, axes: axes, needsFinite: graph.type(operand).dtype.isInexact)
      }
      return nil
    default: return nil
    }
  }

  /// The value that a mask has its positions from, so that functions of one mask are one mask.
  private func origin(_ mask: Value) -> Value {
    let source = Value(row: layouts.estimates[mask.index].pattern)
    return layouts[source].isSparse && graph.type(source).shape == graph.type(mask).shape
      ? source : mask
  }

  private func isRare(_ mask: Value) -> Bool { layouts.density(of: mask) <= Self.mostShare }

  // MARK: - What is worth it

  /// Whether a row that is in demand at masks alone is a product, or made of one.
  private func leadsToProduct(_ row: Int) -> Bool {
    guard case .masks = demands[row], layouts[Value(row: row)] == .dense else { return false }
    switch graph.rows[row].op {
    case .map, .convert, .permute:
      return passedOn(row) != .everything && graph.operands(row).contains { isMasked[$0.index] }
    case .contract(let contraction): return isProduct(contraction, row)
    default: return false
    }
  }

  /// Whether a contraction is one of dense arrays with a kernel for entries.
  private func isProduct(_ contraction: Contraction, _ row: Int) -> Bool {
    let type = graph.type(Value(row: row))
    guard contraction.operands.count > 1, type.rank > 0, type.dtype != .float16,
      type.dtype != .bfloat16, type.shape.isKnown, type.shape.count != 0,
      // Without a sum it is elementwise work.
      contraction.operands.joined().contains(where: { !contraction.output.contains($0) })
    else { return false }
    return graph.operands(row).allSatisfy {
      layouts[$0] == .dense && graph.type($0).shape.count.map { $0 != 0 } ?? false
    }
  }
}

extension ScalarFunction {
  /// Numbers of moderate size: signs, zeros, fractions and a thousand.
  fileprivate static let samples: [Double] = [0, 1, -1, 0.5, -0.5, 2, -3, 1000, -1000]

  /// Whether finite operands of moderate size have a finite result, as far as samples of each operand
  /// tell. A logarithm or a quotient fails at 0, an exponential at a thousand.
  func isFinite(on operands: [[Scalar]]) -> Bool {
    let none = [Scalar(false)]
    let parts = (0..<3).map { operands.indices.contains($0) ? operands[$0] : none }
    for a in parts[0] {
      for b in parts[1] {
        for c in parts[2] {
          let result = evaluate(a, b, c)
          if !result.doubleValue.isFinite || !result.imaginary.isFinite { return false }
        }
      }
    }
    return true
  }
}
