import WeftIR

/// A matrix that is Kronecker's product of two square ones.
struct KroneckerProduct {
  let first: Value
  let second: Value

  /// A matrix as such a product; nil for others.
  init?(_ matrix: Value, in g: Graph) {
    guard case .reshape(let shape) = g.op(matrix), shape.rank == 2, shape.isKnown,
      let source = g.operands(matrix.index).first, g.type(source).rank == 4,
      case .map(let f) = g.op(source), f == .multiply
    else { return nil }
    let extents = g.type(source).shape.codes
    guard extents[0] == extents[2], extents[1] == extents[3],
      shape.codes == [extents[0] * extents[1], extents[2] * extents[3]]
    else { return nil }
    var parts: [Value?] = [nil, nil]
    for operand in g.operands(source.index) {
      guard case .broadcast(_, let axes) = g.op(operand),
        let factor = g.operands(operand.index).first, g.type(factor).rank == 2
      else { return nil }
      let place = axes == [0, 2] ? 0 : axes == [1, 3] ? 1 : -1
      guard place >= 0, g.type(factor).shape.codes == [extents[place], extents[place + 2]] else {
        return nil
      }
      parts[place] = factor
    }
    guard let first = parts[0], let second = parts[1] else { return nil }
    (self.first, self.second) = (first, second)
  }
}

extension FactRule {
  /// Rules about systems of Kronecker's products.
  ///
  /// - Source: Golub & Van Loan 4th ed. 1.3.6, 12.3.
  static let kronecker = [
    FactRule("kronecker-inverse", "the inverse of Kronecker's product is that of the inverses") {
      g, row, _ in
      guard case .call(.inv) = row.op, let matrix = KroneckerProduct(row.operands[0], in: g) else {
        return nil
      }
      let (m, n) = (g.type(matrix.first).shape.codes[0], g.type(matrix.second).shape.codes[0])
      var factors: [Value] = []
      for (factor, axes) in [(matrix.first, [0, 2]), (matrix.second, [1, 3])] {
        let inverse = try g.add(row.op, [factor], site: row.site)
        factors.append(
          try g.add(.broadcast(to: Shape([m, n, m, n]), axes: axes), [inverse], site: row.site))
      }
      let product = try g.add(.map(.multiply), factors, site: row.site)
      return .value(try g.add(.reshape(row.type.shape), [product], site: row.site))
    },
    FactRule("kronecker-solve", "a system of Kronecker's product is one of each factor") {
      g, row, _ in
      guard case .call(.solve) = row.op, let matrix = KroneckerProduct(row.operands[0], in: g),
        let right = g.type(row.operands[1]).shape.known, right.count == 2
      else { return nil }
      let (m, n) = (g.type(matrix.first).shape.codes[0], g.type(matrix.second).shape.codes[0])
      let columns = right[1]
      guard right[0] == m * n else { return nil }
      func reshaped(_ value: Value, _ shape: [Int]) throws -> Value {
        try g.add(.reshape(Shape(shape)), [value], site: row.site)
      }
      func turned(_ value: Value) throws -> Value {
        try g.add(.permute([1, 0, 2]), [value], site: row.site)
      }
      // (A x B) vec(X) = vec(A X B^T) by rows: first A's system, then B's.
      var x = try reshaped(row.operands[1], [m, n * columns])
      x = try g.add(row.op, [matrix.first, x], site: row.site)
      x = try reshaped(turned(reshaped(x, [m, n, columns])), [n, m * columns])
      x = try g.add(row.op, [matrix.second, x], site: row.site)
      x = try turned(reshaped(x, [n, m, columns]))
      return .value(try reshaped(x, right))
    },
  ]
}
