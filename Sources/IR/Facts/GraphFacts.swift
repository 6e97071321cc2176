/// The facts of every value of a graph, from those of its parameters and from what ops do.
///
/// One walk over the rows, operands first; an op looks at its operands' facts and at most a few rows
/// further. What an op is not known to keep is not known of its result.
public struct GraphFacts: Sendable {
  let graph: Graph
  /// The facts of each row's first result.
  private(set) var facts: [Facts] = []

  /// The facts of a graph; `known` has what else is known of a row.
  public init(_ graph: Graph, knowing known: (Int) -> Facts = { _ in .none }) {
    self.graph = graph
    facts.reserveCapacity(graph.count)
    for row in 0..<graph.count {
      var found = graph.types(row).count == 1 ? propagated(row).and(known(row)) : .none
      complete(&found, graph.types(row).first)
      facts.append(found)
    }
  }

  /// The facts of a value; nothing for second and later results.
  public subscript(_ value: Value) -> Facts {
    value.result == 0 ? facts[value.index] : .none
  }

  /// The facts of an operand of a row.
  func operand(_ i: Int, of row: Int) -> Facts {
    let operands = graph.operands(row)
    return self[operands[operands.startIndex + i]]
  }

  /// One exhaustive switch, each arm a function of its family.
  private func propagated(_ row: Int) -> Facts {
    switch graph.rows[row].op {
    case .input(let n, _): graph.parameters[n].facts
    case .constant(let scalar): Self.constant(scalar)
    case .iota: .finite
    case .map(let f): map(f, row)
    case .convert(let dtype): converted(row, to: dtype)
    case .contract(let contraction): contract(contraction, row)
    case .broadcast(let shape, let axes): broadcast(shape, axes, row)
    case .reshape(let shape): reshape(shape, row)
    case .permute(let axes): permute(axes, row)
    case .slice(let spans): slice(spans, row)
    case .pad(let spans): pad(spans, row)
    case .concatenate(let axis): concatenate(axis, row)
    case .store: operand(0, of: row)
    case .call(let routine): call(routine, row)
    case .reverse, .gather, .sort, .compress:
      graph.operands(row).allSatisfy { self[$0].contains(.finite) } ? .finite : .none
    case .random, .reduce, .scan, .argReduce, .scatter: .none
    }
  }

  /// What follows from facts and type.
  private func complete(_ facts: inout Facts, _ type: TensorType?) {
    guard let type else { return }
    if !type.dtype.isInexact { facts.properties.insert(.finite) }
    if facts.contains(.finite) { facts.properties.insert(.finiteUnlessOverflow) }
    if facts.contains(.positiveDefinite) {
      facts.properties.formUnion([.positiveSemidefinite, .symmetric])
    }
    if facts.contains(.positiveSemidefinite) { facts.properties.insert(.symmetric) }
    guard type.rank >= 2 else { return }
    let codes = type.shape.codes.suffix(2)
    let isSquare = codes.first == codes.last
    if facts.isDiagonal, isSquare, !type.dtype.isComplex {
      facts.properties.insert(.symmetric)
    }
    if facts.contains(.symmetric) {
      facts.lower = min(facts.lower, facts.upper)
      facts.upper = facts.lower
    }
    if !isSquare || facts.blocks.reduce(0, +) != codes.first { facts.blocks = [] }
  }

  private static func constant(_ scalar: Scalar) -> Facts {
    var facts = Facts([.constant])
    let (re, im) = (scalar.doubleValue, scalar.imaginary)
    guard re.isFinite, im.isFinite else { return facts }
    facts.properties.insert(.finite)
    if re == 0, im == 0 { return .zero }
    if im == 0, re > 0 { facts.properties.insert(.positive) }
    return facts
  }

  // MARK: - Elementwise

  private func map(_ f: ScalarFunction, _ row: Int) -> Facts {
    let operands = graph.operands(row).map { self[$0] }
    var facts = Facts.none
    if let mask = mask(Value(row: row)) {
      facts = mask
    } else if f == .select {
      facts = select(row)
    } else if f == .multiply {
      facts = operands[0].intersectionOfPlaces(operands[1])
      if let scaled = scaled(operands) { facts.properties.formUnion(scaled) }
    } else if f == .divide, operands[1].contains(.constant) {
      facts = operands[1].contains([.finite, .positive]) ? operands[0].zeros : .none
    } else if f.algebra.contains(.preservesZero) {
      facts = operands.dropFirst().reduce(operands[0].zeros) { $0.unionOfPlaces($1.zeros) }
    }
    let isReal = graph.operands(row).allSatisfy { !graph.type($0).dtype.isComplex }
    let isLinear = f == .add || f == .subtract || f == .conj || f == .negative
    if operands.allSatisfy({ $0.contains(.symmetric) || isReal && $0.contains(.constant) }),
      isReal || isLinear
    {
      facts.properties.insert(.symmetric)
    }
    if operands.allSatisfy({ $0.contains(.constant) }) { facts.properties.insert(.constant) }
    if f == .add { addDefinite(operands, &facts) }
    if Self.keepsFinite(f), operands.allSatisfy({ $0.contains(.finite) }) {
      facts.properties.insert(.finite)
    }
    if f == .sqrt, operands[0].contains([.finite, .positive]) {
      facts.properties.formUnion([.finite, .positive])
    }
    if Self.keepsFinite(f) || f == .add || f == .subtract || f == .multiply,
      operands.allSatisfy({ $0.contains(.finiteUnlessOverflow) })
    {
      facts.properties.insert(.finiteUnlessOverflow)
    }
    return facts
  }

  /// Sums of definite matrices.
  private func addDefinite(_ operands: [Facts], _ facts: inout Facts) {
    guard operands.allSatisfy({ $0.contains(.positiveSemidefinite) }) else { return }
    facts.properties.insert(.positiveSemidefinite)
    if operands.contains(where: { $0.contains(.positiveDefinite) }) {
      facts.properties.insert(.positiveDefinite)
    }
  }

  /// What a matrix keeps when it is multiplied by one positive number.
  private func scaled(_ operands: [Facts]) -> Facts.Properties? {
    for (scale, matrix) in [(operands[0], operands[1]), (operands[1], operands[0])]
    where scale.contains([.constant, .positive, .finite]) {
      return matrix.properties.intersection([.positiveDefinite, .positiveSemidefinite])
    }
    return nil
  }

  /// Functions whose results do not leave the range of their operands.
  private static func keepsFinite(_ f: ScalarFunction) -> Bool {
    f == .negative || f == .abs || f == .conj || f == .maximum || f == .minimum || f == .sign
      || f == .real || f == .imag || f == .floor || f == .ceil || f == .trunc
  }

  private func converted(_ row: Int, to dtype: DType) -> Facts {
    let source = graph.type(graph.operands(row)[graph.operands(row).startIndex]).dtype
    let facts = operand(0, of: row)
    var kept = facts.zeros
    // Conversion to a narrower float may overflow, or round a small number to zero.
    let isWidening =
      source == .bool || dtype.realPart == .float64 && source != .uint64 && source != .int64
      || dtype.realPart == source.realPart
    if facts.contains(.finite), isWidening || dtype == .float64 {
      kept.properties.insert(.finite)
    }
    kept.properties.formUnion(facts.properties.intersection(.finiteUnlessOverflow))
    kept.properties.formUnion(
      facts.properties.intersection([.symmetric, .constant, .identity, .sparse]))
    if isWidening { kept.properties.formUnion(facts.properties.intersection(.positive)) }
    if source == .bool, facts.contains(.identity) { return .identity }
    if isWidening, facts.contains(.identity) { return .identity }
    return kept
  }
}
