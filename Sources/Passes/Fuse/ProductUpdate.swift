import WeftIR

/// A product that is scaled, or added to something, by the call that makes it:
/// `alpha * product + beta * other`, the C of BLAS.
public struct ProductUpdate: Sendable {
  /// The product of the first two operands.
  public let contraction: Contraction
  /// The factor of the product; finite and not zero, as BLAS reads no operand of a factor 0.
  public let alpha: Scalar
  /// The factor of the third operand, finite and not zero; nil where there is none.
  public let beta: Scalar?

  /// The name that reports and `disabledRules` use.
  public static let rule = "fold-update"
  /// What the rule does, for reports.
  public static let summary = "the call that makes a product scales it and adds to it"
}

extension Graph {
  /// The graph with one call of a routine for each product and what scales it or adds to it, and
  /// what the routines stand for, by name; nil where there is none.
  ///
  /// A sum that is stored anyway is made in the place of its other operand; one that a kernel reads
  /// costs that kernel nothing and stays there. With `outputs` only results of the graph are made
  /// so. Of the contraction class: the factor is multiplied into partial sums.
  public func foldingUpdates(
    outputs: Bool, from number: Int = 0
  ) throws -> (graph: Graph, updates: [String: ProductUpdate])? {
    let found = UpdateSearch(self, outputs: outputs).found
    if found.isEmpty { return nil }
    var updates: [String: ProductUpdate] = [:]
    var values: [[Value]] = Array(repeating: [], count: count)
    let next = try rebuilt { graph, row, operands in
      guard let match = found[row], let type = types(row).first else {
        let copy = try graph.addCopy(of: row, from: self, operands)
        values[row] = types(row).indices.indices.map {
          Value(row: copy.index, result: $0 - types(row).startIndex)
        }
        return values[row]
      }
      let name = "\(ProductUpdate.rule)-\(number + updates.count)"
      updates[name] = match.update
      let sources = match.operands.map { values[$0.index][Int($0.result)] }
      values[row] = [
        try graph.add(.call(Routine(name) { _ in [type] }), sources, site: rows[row].site)
      ]
      return values[row]
    } inputs: { row, value in
      values[row] = [value]
    }
    return (next, updates)
  }
}

/// Finds products whose scaling or sum is stored, from users back to operands.
private struct UpdateSearch {
  struct Match {
    var update: ProductUpdate
    var operands: [Value]
  }

  private let graph: Graph
  private let uses: [Int]
  private(set) var found: [Int: Match] = [:]

  /// The most factors in a row that are taken into one.
  private static let mostFactors = 4

  init(_ graph: Graph, outputs: Bool) {
    self.graph = graph
    guard graph.rows.contains(where: { if case .contract = $0.op { true } else { false } }) else {
      uses = []
      return
    }
    uses = graph.useCounts()
    let live = graph.liveRows()
    var isStored = Array(repeating: false, count: graph.count)
    for output in graph.outputs { isStored[output.index] = true }
    for row in stride(from: graph.count - 1, through: 0, by: -1) where live[row] {
      if isStored[row], let match = match(row) {
        found[row] = match
        // Both are read from memory.
        for operand in match.operands { isStored[operand.index] = !outputs }
        continue
      }
      let reads =
        switch graph.rows[row].op {
        case .contract, .call, .sort, .scatter, .compress: !outputs
        case .permute, .slice, .reshape, .broadcast, .store: isStored[row] && !outputs
        default: false
        }
      if reads { for operand in graph.operands(row) { isStored[operand.index] = true } }
    }
  }

  private func match(_ row: Int) -> Match? {
    let value = Value(row: row)
    guard let type = graph.types(row).first, type.shape.isKnown, Self.isSupported(type.dtype)
    else { return nil }
    let one = Scalar(1 as Int64, type.dtype)
    guard case .map(let f) = graph.rows[row].op else { return nil }
    guard f == .add || f == .subtract else {
      guard let (product, alpha) = scaledProduct(value, isRoot: true), alpha != one else {
        return nil
      }
      return match(product, alpha, nil)
    }
    let operands = Array(graph.operands(row))
    for side in [1, 0] {
      guard let (product, alpha) = scaledProduct(operands[side]) else { continue }
      let (other, beta) = scaled(operands[1 - side], whileUsedOnce: false)
      if graph.uniformScalar(other) != nil || other.index == product { continue }
      let signed = f == .subtract
      guard
        let match = match(
          product, signed && side == 1 ? Self.negative(alpha) : alpha,
          (other, signed && side == 0 ? Self.negative(beta) : beta))
      else { continue }
      return match
    }
    return nil
  }

  private func match(_ product: Int, _ alpha: Scalar, _ other: (Value, Scalar)?) -> Match? {
    guard case .contract(let contraction) = graph.rows[product].op, Self.isUsable(alpha),
      other.map({ Self.isUsable($0.1) }) ?? true,
      // Half of a symmetric product is copied, what it is added to may not be symmetric: measured,
      // a kernel that adds is quicker.
      other == nil || !graph.isSquare(contraction, Array(graph.operands(product)))
    else { return nil }
    return Match(
      update: ProductUpdate(contraction: contraction, alpha: alpha, beta: other?.1),
      operands: Array(graph.operands(product)) + (other.map { [$0.0] } ?? []))
  }

  /// The product that a value is a multiple of, if nothing else reads what lies between.
  private func scaledProduct(_ value: Value, isRoot: Bool = false) -> (row: Int, alpha: Scalar)? {
    let (source, factor) = scaled(value, whileUsedOnce: true, isRoot: isRoot)
    guard case .contract(let contraction) = graph.op(source), uses[source.index] == 1,
      contraction.operands.count == 2, isMatrixProduct(contraction)
    else { return nil }
    return (source.index, factor)
  }

  /// A value as a multiple of another.
  private func scaled(
    _ value: Value, whileUsedOnce: Bool, isRoot: Bool = false
  ) -> (Value, Scalar) {
    var (current, factor) = (value, Scalar(1 as Int64, graph.type(value).dtype))
    for step in 0..<Self.mostFactors {
      guard case .map(let f) = graph.op(current),
        !whileUsedOnce || uses[current.index] == 1 || isRoot && step == 0
      else { break }
      let operands = graph.operands(current.index)
      guard let first = operands.first, let last = operands.last else { break }
      if f == .negative {
        (current, factor) = (first, Self.negative(factor))
      } else if f == .multiply, let scalar = graph.uniformScalar(last) {
        (current, factor) = (first, ScalarFunction.multiply.evaluate(factor, scalar, scalar))
      } else if f == .multiply, let scalar = graph.uniformScalar(first) {
        (current, factor) = (last, ScalarFunction.multiply.evaluate(factor, scalar, scalar))
      } else if f == .divide, let scalar = graph.uniformScalar(last) {
        (current, factor) = (first, ScalarFunction.divide.evaluate(factor, scalar, scalar))
      } else {
        break
      }
    }
    return (current, factor)
  }

  /// Whether a contraction of two sums something and keeps something of one of them alone.
  private func isMatrixProduct(_ contraction: Contraction) -> Bool {
    let (a, b) = (Set(contraction.operands[0]), Set(contraction.operands[1]))
    let output = Set(contraction.output)
    return !a.intersection(b).subtracting(output).isEmpty
      && !a.symmetricDifference(b).intersection(output).isEmpty
      && a.count == contraction.operands[0].count && b.count == contraction.operands[1].count
      && a.union(b).isSuperset(of: output)
  }

  private static func isSupported(_ dtype: DType) -> Bool {
    switch dtype {
    case .float32, .float64, .complex64, .complex128: true
    default: false
    }
  }

  /// Whether BLAS multiplies with a factor as arithmetic does.
  private static func isUsable(_ scalar: Scalar) -> Bool {
    let (re, im) = (scalar.doubleValue, scalar.imaginary)
    return re.isFinite && im.isFinite && (re != 0 || im != 0)
      && (abs(re) >= leastFactor || abs(im) >= leastFactor)
  }
  /// Smaller ones may be reciprocals that lost bits.
  private static let leastFactor = 0x1p-120

  private static func negative(_ scalar: Scalar) -> Scalar {
    ScalarFunction.negative.evaluate(scalar, scalar, scalar)
  }
}
