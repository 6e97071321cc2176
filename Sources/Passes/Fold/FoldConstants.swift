import WeftIR

extension Pass {
  /// Computes functions and conversions of constants.
  ///
  /// One element each, whatever the shape: a function of broadcast constants is a broadcast constant.
  /// Needs: nothing. Leaves: no map or convert of constants alone, where shapes are known.
  public static let foldConstants = Pass("fold-constants", "compute functions of constants") {
    graph, context in
    guard graph.hasFoldableRow else { return }
    var rewriter = Rewriter(rules: nil, context: context) { Identity.folding($0) }
    graph = try rewriter.rewrite(graph)
  }
}

extension Graph {
  /// Whether a row computes with constants alone; the first of a chain is enough to know.
  fileprivate var hasFoldableRow: Bool {
    (0..<count).contains { row in
      switch rows[row].op {
      case .map, .convert: operands(row).allSatisfy { uniformScalar($0) != nil }
      default: false
      }
    }
  }
}

extension Identity {
  static func folding(_ op: Op) -> [Identity] {
    switch op {
    case .map: [foldMap]
    case .convert: [foldConvert]
    default: []
    }
  }

  private static let foldMap = Identity("fold-map", "a function of constants is a constant") {
    g, row in
    guard case .map(let f) = row.op else { return nil }
    var scalars: [Scalar] = []
    for operand in row.operands {
      guard let scalar = g.uniformScalar(operand) else { return nil }
      scalars.append(scalar)
    }
    let last = scalars[scalars.count - 1]
    let result = f.evaluate(
      scalars[0], scalars.count > 1 ? scalars[1] : last, scalars.count > 2 ? scalars[2] : last)
    return try g.addUniform(result, row.type.shape, site: row.site).map { .value($0) }
  }

  private static let foldConvert = Identity("fold-convert", "a converted constant is a constant") {
    g, row in
    guard case .convert(let dtype) = row.op, let scalar = g.uniformScalar(row.operands[0]) else {
      return nil
    }
    return try g.addUniform(scalar.converted(to: dtype), row.type.shape, site: row.site)
      .map { .value($0) }
  }
}
