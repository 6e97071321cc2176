import WeftIR

extension FactRule {
  /// Rules about systems of products of square matrices, whose factors are solved with one after the other.
  static let factored = [
    FactRule(
      "inverse-of-product", "the inverse of a product of square matrices is that of the inverses"
    ) { g, row, known in
      guard case .call(.inv) = row.op, !row.isRead, row.mayFactorApart(known, in: g) else {
        return nil
      }
      return .value(
        try g.addInverse(ofFactors: row.operands[0], known, site: row.site))
    },
    FactRule(
      "solve-product", "a system of a product of square matrices is one of each factor"
    ) { g, row, known in
      guard case .call(.solve) = row.op, row.mayFactorApart(known, in: g),
        let product = GraphFacts.matrixProduct(row.operands[0].index, of: g),
        let shape = g.type(row.operands[1]).shape.known, shape.count == 2,
        shape[1] * 2 <= shape[0]
      else { return nil }
      func matrix(_ value: Value, _ isTransposed: Bool) throws -> Value {
        isTransposed ? try g.add(.permute([1, 0]), [value], site: row.site) : value
      }
      let first = try g.add(
        row.op, [matrix(product.left, product.isLeftTransposed), row.operands[1]], site: row.site)
      return .value(
        try g.add(
          row.op, [matrix(product.right, product.isRightTransposed), first], site: row.site))
    },
  ]

  /// Rules about sums and products of solutions, which are solutions of sums and products.
  static let solutions = [
    FactRule("solve-last", "a product with a solution is a solution for fewer columns") {
      g, row, known in
      switch row.op {
      case .contract(let contraction) where contraction.operands.count == 2:
        for i in 0..<2 {
          let (own, others) = (contraction.operands[i], contraction.operands[1 - i])
          guard let (matrix, right) = g.system(row.operands[i], known), own[0] != own[1],
            // Its columns are summed with the other operand.
            others.contains(own[1]), !contraction.output.contains(own[1]),
            !others.contains(own[0]), let place = contraction.output.firstIndex(of: own[0]),
            let free = contraction.freeColumns(others, own[1], row.type),
            free * 2 <= g.type(right).shape.codes[1]
          else { continue }
          var labels = contraction.operands
          labels[i] = own
          var operands = row.operands
          operands[i] = right
          let product = try g.add(
            .contract(Contraction(labels, to: contraction.output)), operands, site: row.site)
          return .value(
            try g.addSystem(row, matrix, product, rowsFirst: place == 0))
        }
        return nil
      case .reduce(let f, let axes) where f == .add:
        guard axes.contains(1), let (matrix, right) = g.system(row.operands[0], known) else {
          return nil
        }
        let order = g.type(right).shape.codes[0]
        let sum = try g.add(.reduce(.add, [1]), [right], site: row.site)
        let column = try g.add(.reshape(Shape([order, 1])), [sum], site: row.site)
        let x = try g.add(.call(.solve), [matrix, column], site: g.siteOfSystem(row))
        let all = try g.add(.reshape(Shape([order])), [x], site: row.site)
        return .value(
          axes.contains(0) ? try g.add(.reduce(.add, [0]), [all], site: row.site) : all)
      default: return nil
      }
    }
  ]

  /// Rules about determinants of inverses, products and Kronecker's products.
  static let factorDeterminants = [
    FactRule(
      "determinant-of-product",
      "the logarithm of a product's determinant is the sum of the factors'"
    ) { g, row, known in
      guard case .map(.log) = row.op, row.type.rank == 0, !row.type.dtype.isComplex,
        let source = LoggedDeterminant(row, in: g)
      else { return nil }
      if let inner = g.inverted(source.matrix), g.type(inner).isSquareMatrix {
        return .value(
          try source.sum(of: [(inner, 1)], isNegative: true, in: &g, row))
      }
      guard source.matrix.result == 0, known.isOnlyFactored(source.matrix),
        known[source.matrix].lower == Facts.wide, known[source.matrix].upper == Facts.wide,
        let product = GraphFacts.matrixProduct(source.matrix.index, of: g),
        g.type(product.left).isSquareMatrix, g.type(product.right).isSquareMatrix
      else { return nil }
      let factors =
        product.left == product.right
        ? [(product.left, 2)] : [(product.left, 1), (product.right, 1)]
      return .value(try source.sum(of: factors, isNegative: false, in: &g, row))
    },
    FactRule(
      "kronecker-determinant",
      "the determinant of Kronecker's product is one of powers of the factors'"
    ) { g, row, _ in
      guard case .map(.log) = row.op, row.type.rank == 0, !row.type.dtype.isComplex,
        let source = LoggedDeterminant(row, in: g),
        let matrix = KroneckerProduct(source.matrix, in: g)
      else { return nil }
      let (m, n) = (g.type(matrix.first).shape.codes[0], g.type(matrix.second).shape.codes[0])
      return .value(
        try source.sum(of: [(matrix.first, n), (matrix.second, m)], isNegative: false, in: &g, row))
    },
  ]
}

extension FactCandidate {
  /// Whether a system's matrix is a product of square matrices that nobody needs, and no band.
  fileprivate func mayFactorApart(_ known: KnownFacts, in g: Graph) -> Bool {
    guard operands[0].result == 0, known.isOnlyFactored(operands[0]), facts[0].lower == Facts.wide,
      facts[0].upper == Facts.wide,
      let product = GraphFacts.matrixProduct(operands[0].index, of: g)
    else { return false }
    return g.type(product.left).isSquareMatrix && g.type(product.right).isSquareMatrix
      && g.type(product.left).shape.codes[0] >= Self.leastOrder && !type.dtype.isComplex
  }

  /// Products of smaller matrices are made before two systems pay.
  private static let leastOrder = 16
}

extension Graph {
  /// The inverse of a product of square matrices as the product of their inverses.
  fileprivate mutating func addInverse(
    ofFactors matrix: Value, _ known: KnownFacts, site: SourceSite
  ) throws -> Value {
    guard matrix.result == 0, known.isOnlyFactored(matrix),
      let product = GraphFacts.matrixProduct(matrix.index, of: self),
      type(product.left).isSquareMatrix, type(product.right).isSquareMatrix
    else { return try add(.call(.inv), [matrix], site: site) }
    let left = try addInverse(ofFactors: product.left, known, site: site)
    let right = try addInverse(ofFactors: product.right, known, site: site)
    let labels = [
      product.isRightTransposed ? [1, 0] : [0, 1], product.isLeftTransposed ? [2, 1] : [1, 2],
    ]
    return try add(.contract(Contraction(labels, to: [0, 2])), [right, left], site: site)
  }

  /// The matrix and the right-hand sides of a solution for several columns that has one use.
  fileprivate func system(_ value: Value, _ known: KnownFacts) -> (matrix: Value, right: Value)? {
    guard case .call(.solve) = op(value), known.isUsedOnce(value) else { return nil }
    let operands = Array(operands(value.index))
    guard type(operands[0]).isSquareMatrix, type(operands[1]).rank == 2,
      type(operands[1]).shape.isKnown, type(operands[1]).shape.codes[1] > 1
    else { return nil }
    return (operands[0], operands[1])
  }

  fileprivate func siteOfSystem(_ row: FactCandidate) -> SourceSite {
    for operand in row.operands {
      if case .call(.solve) = op(operand) { return rows[operand.index].site }
    }
    return row.site
  }

  /// The solution for a product whose rows, or columns, are the system's.
  fileprivate mutating func addSystem(
    _ row: FactCandidate, _ matrix: Value, _ product: Value, rowsFirst: Bool
  ) throws -> Value {
    let site = siteOfSystem(row)
    if row.type.rank == 1 {
      let order = row.type.shape.codes[0]
      let column = try add(.reshape(Shape([order, 1])), [product], site: row.site)
      let x = try add(.call(.solve), [matrix, column], site: site)
      return try add(.reshape(row.type.shape), [x], site: row.site)
    }
    if rowsFirst { return try add(.call(.solve), [matrix, product], site: site) }
    let turned = try add(.permute([1, 0]), [product], site: row.site)
    let x = try add(.call(.solve), [matrix, turned], site: site)
    return try add(.permute([1, 0]), [x], site: row.site)
  }
}

extension Contraction {
  /// The columns of a product of a matrix with an operand, of which one label is summed: its free extent; nil
  /// where it is neither a vector nor a matrix.
  fileprivate func freeColumns(_ labels: [Int], _ summed: Int, _ type: TensorType) -> Int? {
    if labels == [summed], output.count == 1 { return 1 }
    guard labels.count == 2, output.count == 2, let free = labels.first(where: { $0 != summed }),
      let place = output.firstIndex(of: free)
    else { return nil }
    return type.shape.codes[place]
  }
}
