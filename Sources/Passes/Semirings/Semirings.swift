import WeftIR

extension Pass {
  /// Writes products over semirings as elementwise work and folds, but for those of sparse matrices
  /// whose fill is the semiring's zero: these have kernels of their own.
  ///
  /// Needs: nothing. Leaves: such calls with the sparse matrix on the left only.
  public static let semirings = Pass(
    "semirings", "write out products over semirings of dense arrays"
  ) { graph, _ in
    let calls = graph.rows.indices.filter { graph.semiring($0) != nil }
    guard !calls.isEmpty else { return }
    let layouts = graph.isSparse ? GraphLayouts(graph) : nil
    let dense = Set(
      calls.filter { row in
        guard let layouts, layouts.isSparse(row) else { return true }
        return layouts.densifying.contains(row)
      })
    graph = try graph.rebuilt { [graph] new, row, operands in
      guard dense.contains(row), let semiring = graph.semiring(row) else { return nil }
      return [
        try new.addSemiringProduct(
          semiring, operands[0], operands[1], site: graph.rows[row].site)
      ]
    }
  }
}

extension Graph {
  fileprivate func semiring(_ row: Int) -> Semiring? {
    if case .call(let routine) = rows[row].op { routine.semiring } else { nil }
  }
}
