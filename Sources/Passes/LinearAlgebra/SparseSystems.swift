import WeftIR

extension Pass {
  /// Solves systems, and least squares whose singular values nobody asks for, with a matrix that is stored sparsely without
  /// making it dense.
  ///
  /// Rule `sparse-solve`, of the contraction class: another elimination, with pivots and an order of
  /// its own. Sparse right-hand sides stay so where a dense array of solutions would be large. Needs: nothing. Leaves: dense systems as they are.
  public static let sparseSystems = Pass(
    "sparse-systems", "solve sparse systems with sparse factors"
  ) { graph, context in
    guard graph.isSparse, context.exactness >= .contraction,
      !context.disabledRules.contains(rule),
      graph.rows.contains(where: { sparseForm($0.op) != nil })
    else { return }
    let layouts = GraphLayouts(graph)
    // Rows whose last result, of least squares the singular values, is read.
    var asked: Set<Int> = []
    for value in graph.rows.indices.flatMap({ Array(graph.operands($0)) }) + graph.outputs
    where value.result == 3 { asked.insert(value.index) }
    graph = try graph.rebuilt { [graph] new, row, operands in
      guard let routine = sparseForm(graph.rows[row].op),
        routine == .sparseSolve || !asked.contains(row)
      else { return nil }
      let (a, b) = (graph.operands(row).first, graph.operands(row).last)
      guard let a, let b, layouts.layout(of: a)?.fill?.boolValue == false,
        graph.type(a).rank == 2, graph.type(b).rank == 2, graph.type(b).shape.isKnown,
        graph.type(a).shape.count.map({ $0 > 0 }) ?? (routine == .sparseSolve)
      else { return nil }
      context.report.fired(rule)
      context.report.note("\(rule): a sparse matrix is factored by its entries")
      let site = graph.rows[row].site
      var sides = operands[1]
      if layouts[b].isSparse, !(routine == .sparseSolve && layouts.solvesEntries(a, b)) {
        try checkLimit(row, of: graph, layouts, context, places: [1])
        sides = try new.add(.store(.dense(rank: 2)), [sides], site: site)
      } else if case .uniform = layouts[b] {
        // A repeated number has no place of its own; a copy has.
        sides = try new.add(.store(.dense(rank: 2)), [sides], site: site)
      }
      let call = try new.add(.call(routine), [operands[0], sides], site: site)
      return graph.types(row).indices.map {
        Value(row: call.index, result: $0 - graph.types(row).startIndex)
      }
    }
  }

  /// The routine over entries that does what a routine does.
  private static func sparseForm(_ op: Op) -> Routine? {
    switch op {
    case .call(.solve): .sparseSolve
    case .call(let routine) where routine == .lstsq(rcond: nil): .sparseLstsq
    default: nil
    }
  }

  private static let rule = "sparse-solve"
}
