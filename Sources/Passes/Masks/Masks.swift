import WeftIR

extension Pass {
  /// Computes at the entries of sparse masks what nothing but these entries uses: products of dense
  /// arrays, and the elementwise functions between them and the mask.
  ///
  /// Rule `masked-product`, of the contraction class: `mask * f(R, U @ V.T)` is made of
  /// `contract(mask != 0, U, V)`, of R at the same places, and of f at the entries. Where a float mask
  /// multiplies, f must be finite on finite numbers, so that all other places are zero; infinities
  /// and NaN among R, U and V are seen when the program runs. A condition (`which(mask, f, 0)`), an
  /// integer and a truth leave out whatever stands elsewhere.
  /// Needs: contractions in their order. Leaves: dense rows that nobody uses.
  public static let masks = Pass(
    "masks", "compute at the entries of masks what they alone use"
  ) { graph, context in
    guard graph.isSparse, context.allowsMasks, graph.hasMaskableProduct else { return }
    let demands = MaskDemands(graph)
    guard demands.isUseful else { return }
    graph = try MaskRewrite(graph, demands).rewritten(context)
  }
}

extension PassContext {
  /// Whether products may be made at the entries of masks alone.
  package var allowsMasks: Bool {
    exactness >= .contraction && !disabledRules.contains(MaskRewrite.rule)
  }
}

extension Graph {
  fileprivate var hasMaskableProduct: Bool {
    rows.contains { row in
      if case .contract(let contraction) = row.op { contraction.operands.count > 1 } else { false }
    }
  }
}
