import WeftIR

extension FactRule {
  /// Rules about products of two matrices.
  static let products = [
    FactRule("scaled-rows", "a product that sums nothing is elementwise", .exact) { g, row, _ in
      guard case .contract(let contraction) = row.op, contraction.operands.count == 2,
        row.type.dtype.itemSize > 2, row.type.shape.isKnown,
        Set(contraction.operands.joined()) == Set(contraction.output),
        contraction.operands.contains(where: { $0.count == contraction.output.count })
      else { return nil }
      var factors: [Value] = []
      for (labels, operand) in zip(contraction.operands, row.operands) {
        guard Set(labels).count == labels.count else { return nil }
        let axes = labels.map { contraction.output.firstIndex(of: $0) ?? 0 }
        let isPlaced = labels == contraction.output
        factors.append(
          isPlaced
            ? operand
            : try g.add(
              .broadcast(to: row.type.shape, axes: axes), [operand], site: row.site))
      }
      return .value(try g.add(.map(.multiply), factors, site: row.site))
    },
    FactRule("structured-product", "zeros outside bands and blocks are not multiplied") {
      g, row, _ in
      guard case .contract(let contraction) = row.op,
        let product = GraphFacts.MatrixProduct(contraction, row.operands),
        let shape = row.type.shape.known, product.isSupported(row.type.dtype)
      else { return nil }
      let facts = Dictionary(zip(row.operands, row.facts)) { a, _ in a }
      let left =
        product.isLeftTransposed
        ? facts[product.left]?.transposed : facts[product.left]
      let right =
        product.isRightTransposed
        ? facts[product.right]?.transposed : facts[product.right]
      let leftShape = g.type(product.left).shape.codes
      let inner = product.isLeftTransposed ? leftShape[0] : leftShape[1]
      let (kept, other) = (
        left?.keptShare(shape[0], inner) ?? 1, right?.keptShare(inner, shape[1]) ?? 1
      )
      guard min(kept, other) < mostKept, shape[0] * shape[1] * inner >= leastMultiplications else {
        return nil
      }
      let usesLeft = kept <= other
      let routine = Routine.structuredProduct(
        (usesLeft ? left : right) ?? .none, right: !usesLeft,
        transposed: usesLeft ? product.isLeftTransposed : product.isRightTransposed,
        otherTransposed: usesLeft ? product.isRightTransposed : product.isLeftTransposed)
      return .value(
        try g.add(
          .call(routine),
          usesLeft ? [product.left, product.right] : [product.right, product.left],
          site: row.site))
    },
  ]

  /// Products that keep more than this share of their elements run as they are.
  private static let mostKept = 0.85
  /// Smaller products are done before a choice pays.
  private static let leastMultiplications = 1 << 15
}

extension GraphFacts.MatrixProduct {
  fileprivate func isSupported(_ dtype: DType) -> Bool {
    switch dtype {
    case .float32, .float64, .complex64, .complex128: true
    default: false
    }
  }
}

extension Facts {
  /// The share of a matrix's elements inside bands and blocks, about.
  func keptShare(_ rows: Int, _ columns: Int) -> Double {
    let all = Double(rows) * Double(columns)
    if all == 0 { return 1 }
    var share = 1.0
    if !blocks.isEmpty { share = blocks.reduce(0) { $0 + Double($1) * Double($1) } / all }
    /// The share that a band on one side cuts off: a triangle.
    func cut(_ width: Int, _ extent: Int) -> Double {
      let side = Double(max(0, min(extent, extent - 1 - width)))
      return side * side / 2 / all
    }
    let band = 1 - cut(lower, rows) - cut(upper, columns)
    return min(share, max(0, band))
  }
}
