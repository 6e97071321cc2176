/// How what sorting, searching and selecting give is stored.
extension GraphLayouts {
  /// The rows whose positions, the second result, somebody uses.
  static func rowsWithUsedPositions(_ graph: Graph) -> Set<Int> {
    guard graph.rows.contains(where: { if case .sort = $0.op { true } else { false } }) else {
      return []
    }
    var rows: Set<Int> = []
    for value in graph.outputs where value.result > 0 { rows.insert(value.index) }
    for row in 0..<graph.count {
      for operand in graph.operands(row) where operand.result > 0 { rows.insert(operand.index) }
    }
    return rows
  }

  /// Sorted lanes: as many entries as before, in a layout of which the axis is the last.
  func sorted(_ operand: Storage, along axis: Int) -> Storage? {
    operand.relaid { layout in
      let fill = layout.fill
      if layout.order.last == axis {
        return Layout(levels: layout.levels, order: layout.order, fill: fill)
      }
      let others = (0..<layout.rank).filter { $0 != axis }
      let levels = Layout.coordinates(rank: layout.rank).levels
      return Layout(levels: levels, order: others + [axis], fill: fill)
    }
  }

  /// The places of extremes: those of lanes without entries are zero.
  func extremePlaces(_ type: TensorType, _ row: Int) -> Storage? {
    let operand = graph.operands(row).first.map { graph.type($0).shape.count }
    if operand == 0 || type.shape.count == 0 { return nil }
    if Self.isBetterDense(type) { return .dense }
    return .sparse(.coordinates(rank: type.rank, fill: Scalar(0 as Int64, type.dtype)))
  }

  /// What a mask keeps: the elements at a sparse mask's entries, or the entries at places of an axis.
  func selected(_ operands: [Storage], rank: Int) -> Storage? {
    let isSparse = operands[0].isSparse
    guard operands[1].isSparse else { return isSparse ? operands[0] : nil }
    // A mask whose fill is true keeps nearly everything.
    guard operands[1].fill?.boolValue == false else { return nil }
    if rank == 1 { return .dense }
    return isSparse ? operands[0] : nil
  }

  /// Arrays next to each other that have several fills, or places for all elements: entries and the fill of the largest
  /// sparse one, where the others are few elements beside it. These are stored element by element.
  func joinedUnalike(_ row: Int, _ operands: [Storage]) -> Storage? {
    let counts = graph.operands(row).map { graph.type($0).shape.count ?? .max }
    guard let total = graph.type(Value(row: row)).shape.count,
      let largest = operands.indices.filter({ operands[$0].isSparse })
        .max(by: { counts[$0] < counts[$1] }), let fill = operands[largest].fill
    else { return nil }
    let unalike = operands.indices.filter { operands[$0].fill != fill }
      .reduce(0) { $0 + counts[$1] }
    guard Double(unalike) <= Self.mostUnalike * Double(total) else { return nil }
    return operands[largest].relaid { $0.filled(fill) }
  }

  /// The operands of a row with a sparse result whose elements are all stored, as their fills are not the result's.
  public func storedWhole(_ row: Int) -> [Int] {
    guard let layout = layout(of: Value(row: row)) else { return [] }
    let operands = Array(graph.operands(row))
    switch graph.rows[row].op {
    case .concatenate: return operands.indices.filter { self[operands[$0]].fill != layout.fill }
    case .store:
      let fill = (layout.fill ?? Scalar(false)).converted(to: graph.type(operands[0]).dtype)
      return self[operands[0]] == .dense || self[operands[0]].fill == fill ? [] : [0]
    default: return []
    }
  }

  /// Beyond this share of elements that are all stored a joined array is dense: an entry takes up to twice the bytes of an
  /// element.
  private static let mostUnalike = 0.25
}
