import WeftIR

/// The positions at which a cluster's results may differ from their fills.
///
/// Where an operand decides the result by its fill, only positions that it stores count, and those
/// where another operand is what the decision does not hold for: infinite, NaN or, as a divisor, zero.
struct ClusterPattern<Space: PositionSpace> {
  /// Dense operands have exceptions that the space cannot place.
  struct Unplaced: Error {}

  private let graph: Graph
  private let layouts: GraphLayouts
  private let rows: Set<Int>
  private let stored: [Value: Space.Positions]
  private let sparse: [Value: SparseElements]
  private let views: [Value: DenseView]
  private let space: Space
  private let kernels: SparseKernels
  /// What formulas speak of.
  private var leaves: [Space.Positions] = []

  init(
    _ graph: Graph, _ layouts: GraphLayouts, _ rows: Set<Int>,
    stored: [Value: Space.Positions], sparse: [Value: SparseElements], views: [Value: DenseView],
    _ space: Space, _ kernels: SparseKernels
  ) {
    self.graph = graph
    self.layouts = layouts
    self.rows = rows
    self.stored = stored
    self.sparse = sparse
    self.views = views
    self.space = space
    self.kernels = kernels
  }

  /// The positions of a row's result; nil where it has none.
  mutating func positions(of row: Int) throws -> Space.Positions? {
    var found: [Value: MergeFormula] = [:]
    for (value, positions) in stored { found[value] = leaf(positions) }
    for row in rows.sorted() { found[Value(row: row)] = try formula(of: row, found) }
    return try merged(found[Value(row: row)] ?? .nothing)
  }

  private mutating func leaf(_ positions: Space.Positions) -> MergeFormula {
    if let known = leaves.firstIndex(where: { space.isSame($0, positions) }) {
      return MergeFormula(known)
    }
    leaves.append(positions)
    return MergeFormula(leaves.count - 1)
  }

  private func merged(_ formula: MergeFormula) throws -> Space.Positions? {
    var result: Space.Positions?
    for term in formula.terms {
      // The fewest first: what is left only gets less.
      let sorted = term.map { leaves[$0] }.sorted { space.count($0) < space.count($1) }
      guard var own = sorted.first else { continue }
      for other in sorted.dropFirst() { own = try space.merged(own, other, .intersection) }
      result = try result.map { try space.merged($0, own, .union) } ?? own
    }
    return result
  }

  private mutating func formula(
    of row: Int, _ found: [Value: MergeFormula]
  ) throws -> MergeFormula {
    let operands = Array(graph.operands(row))
    guard case .map(let f) = graph.rows[row].op, let deciders = deciders(of: f, row, operands),
      !deciders.isEmpty
    else { return try bounded(operands.compactMap { found[$0] }.reduce(.nothing, |)) }
    var decided: MergeFormula?
    for place in deciders {
      guard let own = found[operands[place]] else { continue }
      decided = decided.map { $0 & own } ?? own
    }
    var result = decided ?? .nothing
    for (place, operand) in operands.enumerated() where deciders != [place] {
      if let extra = try exceptions(f, operand, found) { result = result | extra }
    }
    return try bounded(result)
  }

  /// The formula, or a leaf with its positions where it has many terms.
  private mutating func bounded(_ formula: MergeFormula) throws -> MergeFormula {
    guard formula.terms.count > 16, let positions = try merged(formula) else { return formula }
    return leaf(positions)
  }

  /// The places of operands whose fills decide; nil where the fills together say otherwise.
  private func deciders(
    of f: ScalarFunction, _ row: Int, _ operands: [Value]
  ) -> [Int]? {
    guard let fill = layouts.layout(of: Value(row: row))?.fill else { return nil }
    return operands.indices.filter { place in
      guard case .sparse(let layout) = layouts[operands[place]], let own = layout.fill,
        f.isDecided(by: own, at: place)
      else { return false }
      let decided = f.decided(by: own, at: place)
      return decided == fill || !decided.boolValue && !fill.boolValue
    }
  }

  /// The positions at which an operand hinders others from deciding; nil for none.
  private mutating func exceptions(
    _ f: ScalarFunction, _ operand: Value, _ found: [Value: MergeFormula]
  ) throws -> MergeFormula? {
    let divides = f.algebra.contains(.zeroFirst)
    guard graph.type(operand).dtype.isInexact || divides else { return nil }
    if let elements = sparse[operand], let own = stored[operand] {
      let values = space.values(own) ?? elements.values
      let places = try kernels.exceptionalPlaces(values, zeros: divides)
      if places.isEmpty { return nil }
      let list: Vector<Int> = try kernels.vector(places.count)
      for (n, place) in places.enumerated() { list.base[n] = place }
      return leaf(try space.subset(own, list))
    }
    if let view = views[operand] {
      let places = try kernels.exceptionalPlaces(view.buffer, zeros: divides)
      if places.isEmpty { return nil }
      guard let positions = try space.positions(of: places, in: view) else { throw Unplaced() }
      return leaf(positions)
    }
    // What is not computed yet may be anything where it stores something.
    return found[operand]
  }
}

extension SparseKernels {
  /// The places of elements that are infinite or NaN or, where asked, zero.
  func exceptionalPlaces(_ values: Buffer, zeros: Bool) throws -> [Int] {
    if !zeros, values.isFinite { return [] }
    func scan<Item: BitwiseCopyable>(_: Item.Type, _ isOdd: (Item) -> Bool) -> [Int] {
      let base = values.base.assumingMemoryBound(to: Item.self)
      return (0..<values.count).filter { isOdd(base[$0]) }
    }
    switch values.type.dtype {
    case .float64: return scan(Double.self) { !$0.isFinite || zeros && $0 == 0 }
    case .float32: return scan(Float.self) { !$0.isFinite || zeros && $0 == 0 }
    default:
      return (0..<values.count).filter {
        let element = values.scalar(at: $0)
        let isFinite = element.doubleValue.isFinite && element.imaginary.isFinite
        return !isFinite || zeros && !element.boolValue
      }
    }
  }
}
