import WeftIR

extension Pass {
  /// Solves systems whose matrix is stored sparsely without making it dense.
  ///
  /// Rule `sparse-solve`, of the contraction class: another elimination, with pivots and an order of
  /// its own. Needs: nothing. Leaves: dense systems as they are.
  public static let sparseSystems = Pass(
    "sparse-systems", "solve sparse systems with sparse factors"
  ) { graph, context in
    guard graph.isSparse, context.exactness >= .contraction,
      !context.disabledRules.contains(rule), graph.rows.contains(where: { $0.op == .call(.solve) })
    else { return }
    let layouts = GraphLayouts(graph)
    graph = try graph.rebuilt { [graph] new, row, operands in
      guard graph.rows[row].op == .call(.solve) else { return nil }
      let (a, b) = (graph.operands(row).first, graph.operands(row).last)
      guard let a, let b, layouts.layout(of: a)?.fill?.boolValue == false,
        graph.type(a).rank == 2, graph.type(b).rank == 2, graph.type(b).shape.isKnown,
        graph.type(a).shape.count.map({ $0 > 0 }) ?? true
      else { return nil }
      context.report.fired(rule)
      context.report.note("\(rule): a sparse matrix is factored by its entries")
      let site = graph.rows[row].site
      var sides = operands[1]
      if layouts[b].isSparse {
        try checkLimit(row, of: graph, layouts, context, places: [1])
        sides = try new.add(.store(.dense(rank: 2)), [sides], site: site)
      } else if case .uniform = layouts[b] {
        // A repeated number has no place of its own; a copy has.
        sides = try new.add(.store(.dense(rank: 2)), [sides], site: site)
      }
      return [try new.add(.call(.sparseSolve), [operands[0], sides], site: site)]
    }
  }

  private static let rule = "sparse-solve"
}
