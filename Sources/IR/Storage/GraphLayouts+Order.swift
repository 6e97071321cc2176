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
}
