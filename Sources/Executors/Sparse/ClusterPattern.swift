import WeftIR

/// The positions at which a cluster's results may differ from their fills.
///
/// Where an operand decides the result by its fill, only positions that it stores count, and those
/// where another operand is what the decision does not hold for: infinite, NaN or, as a divisor, zero.
struct ClusterPattern<Key: PositionKey> {
  private let graph: Graph
  private let layouts: GraphLayouts
  private let rows: Set<Int>
  private let entries: [Value: Entries<Key>]
  private let views: [Value: DenseView]
  private let frame: Frame<Key>
  private let kernels: SparseKernels

  init(
    _ graph: Graph, _ layouts: GraphLayouts, _ rows: Set<Int>, entries: [Value: Entries<Key>],
    views: [Value: DenseView], _ frame: Frame<Key>, _ kernels: SparseKernels
  ) {
    self.graph = graph
    self.layouts = layouts
    self.rows = rows
    self.entries = entries
    self.views = views
    self.frame = frame
    self.kernels = kernels
  }

  /// The positions of a row's result.
  func keys(of row: Int) throws -> Vector<Key> {
    var found: [Int: Vector<Key>] = [:]
    for row in rows.sorted() { found[row] = try keys(of: row, found) }
    return try found[row] ?? kernels.vector(0)
  }

  private func stored(_ value: Value, _ found: [Int: Vector<Key>]) -> Vector<Key>? {
    entries[value]?.keys ?? found[value.index]
  }

  private func keys(of row: Int, _ found: [Int: Vector<Key>]) throws -> Vector<Key> {
    let operands = Array(graph.operands(row))
    guard case .map(let f) = graph.rows[row].op, let deciders = deciders(of: f, row, operands),
      !deciders.isEmpty
    else {
      return try united(operands.compactMap { stored($0, found) })
    }
    var keys: Vector<Key>?
    for place in deciders {
      guard let own = stored(operands[place], found) else { continue }
      keys = try keys.map { try kernels.merge($0, own, .intersection) } ?? own
    }
    var parts = [keys].compactMap { $0 }
    for (place, operand) in operands.enumerated() where deciders != [place] {
      if let extra = try exceptions(f, operand, found) { parts.append(extra) }
    }
    return try united(parts)
  }

  private func united(_ parts: [Vector<Key>]) throws -> Vector<Key> {
    guard var keys = parts.first else { return try kernels.vector(0) }
    for part in parts.dropFirst() { keys = try kernels.merge(keys, part, .union) }
    return keys
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
  private func exceptions(
    _ f: ScalarFunction, _ operand: Value, _ found: [Int: Vector<Key>]
  ) throws -> Vector<Key>? {
    let divides = f.algebra.contains(.zeroFirst)
    guard graph.type(operand).dtype.isInexact || divides else { return nil }
    if let own = entries[operand] {
      let places = try kernels.exceptionalPlaces(own.values, zeros: divides)
      if places.isEmpty { return nil }
      let keys: Vector<Key> = try kernels.vector(places.count)
      for (n, place) in places.enumerated() { keys.base[n] = own.keys.base[place] }
      return keys
    }
    if let view = views[operand] {
      let places = try kernels.exceptionalPlaces(view.buffer, zeros: divides)
      return places.isEmpty ? nil : try kernels.positions(of: places, in: view, frame)
    }
    // What is not computed yet may be anything where it stores something.
    return found[operand.index]
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
