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
    FactRule(
      "positive-middle", "X D X^T with a positive diagonal is a matrix times its transpose"
    ) { g, row, known in
      guard case .contract(let contraction) = row.op, row.type.dtype.isInexact,
        !row.type.dtype.isComplex,
        let product = GraphFacts.MatrixProduct(contraction, row.operands)
      else { return nil }
      // Whether the summed index is the first axis.
      let left = (value: product.left, isFirst: product.isLeftTransposed)
      let right = (value: product.right, isFirst: !product.isRightTransposed)
      for (scaled, plain) in [(left, right), (right, left)] {
        guard let scale = ScaledMatrix(scaled.value, in: g),
          scale.axis == (scaled.isFirst ? 0 : 1), known[scale.vector].contains(.positive)
        else { continue }
        guard
          GramSide(scale.matrix, isTransposed: scaled.isFirst, in: g)
            == GramSide(plain.value, isTransposed: plain.isFirst, in: g)
        else { continue }
        let root = try g.add(.map(.sqrt), [scale.vector], site: row.site)
        let shape = g.type(scale.matrix).shape
        let spread = try g.add(
          .broadcast(to: shape, axes: [scale.axis]), [root], site: row.site)
        let half = try g.add(.map(.multiply), [scale.matrix, spread], site: row.site)
        let labels = scaled.isFirst ? [[2, 0], [2, 1]] : [[0, 2], [1, 2]]
        return .value(
          try g.add(.contract(Contraction(labels, to: [0, 1])), [half, half], site: row.site))
      }
      return nil
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
      guard min(kept, other) < mostKept,
        Shape([shape[0], shape[1], inner]).count ?? .max >= leastMultiplications
      else { return nil }
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
    FactRule("structured-vector", "a narrow band times a vector reads the band alone") {
      g, row, _ in
      guard case .contract(let contraction) = row.op, contraction.operands.count == 2,
        contraction.output.count == 1, row.type.dtype == .float32 || row.type.dtype == .float64,
        let i = contraction.operands.firstIndex(where: { $0.count == 2 }),
        contraction.operands[1 - i].count == 1, contraction.operands[1 - i] != contraction.output
      else { return nil }
      let (labels, summed) = (contraction.operands[i], contraction.operands[1 - i][0])
      guard labels.contains(summed), labels.contains(contraction.output[0]) else { return nil }
      let (matrix, isTransposed) = (row.operands[i], labels[0] == summed)
      let facts = isTransposed ? row.facts[i].transposed : row.facts[i]
      guard let extents = g.type(matrix).shape.known, let length = row.type.shape.known,
        facts.lower < Facts.wide, facts.upper < Facts.wide, facts.blocks.isEmpty,
        extents[0] * extents[1] >= leastElements,
        (facts.lower + facts.upper + 1) * mostBandShare <= min(extents[0], extents[1])
      else { return nil }
      let routine = Routine.structuredProduct(
        facts, right: false, transposed: isTransposed, otherTransposed: false)
      let inner = isTransposed ? extents[0] : extents[1]
      let column = try g.add(
        .reshape(Shape([inner, 1])), [row.operands[1 - i]], site: row.site)
      let product = try g.add(.call(routine), [matrix, column], site: row.site)
      return .value(try g.add(.reshape(Shape(length)), [product], site: row.site))
    },
  ]

  /// Rules about factors of products.
  static let scalings = [
    FactRule("structured-scale", "a product without zeros is scaled by the call that makes it") {
      g, row, known in
      guard case .map(let f) = row.op, f == .multiply,
        row.type.dtype == .float32 || row.type.dtype == .float64,
        // A band is scaled as a band.
        row.result.lower == Facts.wide || row.result.upper == Facts.wide
      else { return nil }
      for (n, operand) in row.operands.enumerated() {
        let other = row.operands[1 - n]
        guard case .call(let routine) = g.op(operand), routine.name == "structured_product",
          routine.options["scale"] == nil, known.isUsedOnce(operand),
          g.type(operand) == row.type, let scale = g.uniformScalar(other)?.doubleValue,
          // BLAS does not read what it multiplies with 0, and tiny products lose bits.
          scale.isFinite, abs(scale) > 1e-30,
          let facts = routine.structuredFacts
        else { continue }
        func flag(_ name: String) -> Bool { routine.options[name] == "true" }
        let scaled = Routine.structuredProduct(
          facts, right: flag("right"), transposed: flag("transposed"),
          otherTransposed: flag("other"), scale: scale)
        return .value(
          try g.add(.call(scaled), Array(g.operands(operand.index)), site: row.site))
      }
      return nil
    }
  ]

  /// Products that keep more than this share of their elements run as they are.
  private static let mostKept = 0.85
  /// A band of a matrix times a vector is read alone where the matrix is so many times as wide.
  private static let mostBandShare = 16
  /// A matrix of fewer elements is read sooner than a choice is made.
  private static let leastElements = 1 << 13
  /// Smaller products are done before a choice pays.
  private static let leastMultiplications = 1 << 15
}

/// A matrix whose rows or columns are scaled by a vector.
private struct ScaledMatrix {
  let matrix: Value
  let vector: Value
  /// The matrix's axis that the vector goes along.
  let axis: Int

  init?(_ value: Value, in graph: Graph) {
    guard case .map(let f) = graph.op(value), f == .multiply else { return nil }
    let operands = Array(graph.operands(value.index))
    for (a, b) in [(operands[0], operands[1]), (operands[1], operands[0])] {
      guard case .broadcast(_, let axes) = graph.op(b), axes.count == 1,
        let source = graph.operands(b.index).first, graph.type(source).rank == 1,
        graph.type(source).shape.codes[0] == graph.type(a).shape.codes[axes[0]]
      else { continue }
      (matrix, vector, axis) = (a, source, axes[0])
      return
    }
    return nil
  }
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
