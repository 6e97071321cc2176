import WeftIR

/// The positions at which a cluster's results may differ from their fills.
///
/// Where an operand decides the result by its fill, only positions that it stores count, and those
/// where another operand is what the decision does not hold for: infinite, NaN or, as a divisor, zero.
struct ClusterPattern<Space: PatternSpace> {
  /// The space cannot place exceptions of dense operands, or merge what has many terms.
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

  /// What positions a row's result has, and the leaves that the formula speaks of: those of all operands first.
  mutating func formula(of row: Int) throws -> (formula: MergeFormula, leaves: [Space.Positions]) {
    var found: [Value: MergeFormula] = [:]
    // One order, so that equal programs have equal formulas.
    let values = stored.keys.sorted { ($0.row, $0.result) < ($1.row, $1.result) }
    for value in values { found[value] = stored[value].map { leaf($0) } }
    for row in rows.sorted() { found[Value(row: row)] = try formula(of: row, found) }
    return (found[Value(row: row)] ?? .nothing, leaves)
  }

  private mutating func leaf(_ positions: Space.Positions) -> MergeFormula {
    if let known = leaves.firstIndex(where: { space.isSame($0, positions) }) {
      return MergeFormula(known)
    }
    leaves.append(positions)
    return MergeFormula(leaves.count - 1)
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
    if formula.terms.count <= 16 { return formula }
    guard let positions = try space.merged(formula, of: leaves) else { throw Unplaced() }
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
