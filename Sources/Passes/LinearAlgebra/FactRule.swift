import WeftIR

/// A row about to be added, with what is known of its operands.
struct FactCandidate {
  var op: Op
  var operands: [Value]
  var facts: [Facts]
  /// What is known of the row's own result.
  var result = Facts.none
  /// Whether somebody needs the elements of an inverse.
  var isRead = false
  let type: TensorType
  let site: SourceSite
}

/// What stands for a row by a rule.
enum FactReplacement {
  /// An existing value.
  case value(Value)
  /// Another op on operands.
  case row(FactCandidate)
}

/// The facts of the values of a graph that is being built.
struct KnownFacts {
  private var facts: [Facts] = []
  private var uses: [Int] = []
  /// Who reads inverses, and products.
  private var readers = MatrixReaders()
  /// What moving memory costs where a rule decides by that.
  var rates = CostRates.standard

  /// Whether a value that stands for a row has one use.
  func isUsedOnce(_ value: Value) -> Bool {
    uses.indices.contains(value.index) && uses[value.index] == 1
  }

  /// Whether an inverse has one use, or none but sums and products, for each of which a solution will do.
  func needsNoElements(_ inverse: Value) -> Bool {
    isUsedOnce(inverse) || readers.summed.contains(inverse.index) && !needsElements(inverse)
  }

  /// Whether somebody needs the elements of an inverse that others multiply with.
  func needsElements(_ inverse: Value) -> Bool { readers.read.contains(inverse.index) }

  /// Whether systems and determinants alone read a product.
  func isOnlyFactored(_ product: Value) -> Bool { readers.factored.contains(product.index) }

  mutating func noteReaders(_ value: Value, _ row: Int, _ all: MatrixReaders) {
    guard value.result == 0 else { return }
    if all.summed.contains(row) { readers.summed.insert(value.index) }
    if all.read.contains(row) { readers.read.insert(value.index) }
    if all.factored.contains(row) { readers.factored.insert(value.index) }
  }

  /// The facts of a value; nothing for values that rules made on the way.
  subscript(_ value: Value) -> Facts {
    value.result == 0 && facts.indices.contains(value.index) ? facts[value.index] : .none
  }

  mutating func note(_ value: Value, _ found: Facts, uses count: Int) {
    guard value.result == 0 else { return }
    while facts.count <= value.index {
      facts.append(.none)
      uses.append(0)
    }
    uses[value.index] += count
    facts[value.index] = facts[value.index].and(found)
  }
}

/// A rewrite that needs facts, as data: a name, what it does, what it promises, and how.
struct FactRule: Sendable {
  let name: String
  let summary: String
  /// What the rule promises; sums of products may be reordered or lose terms that are zero.
  let exactness: PassContext.Exactness
  /// The replacement of a row that is not in the graph yet; nil where the rule does not apply.
  let apply: @Sendable (inout Graph, FactCandidate, KnownFacts) throws -> FactReplacement?

  init(
    _ name: String, _ summary: String, _ exactness: PassContext.Exactness = .contraction,
    apply: @escaping @Sendable (inout Graph, FactCandidate, KnownFacts) throws -> FactReplacement?
  ) {
    self.name = name
    self.summary = summary
    self.exactness = exactness
    self.apply = apply
  }
}

/// Rebuilds a graph with rules applied at each row until none applies.
struct FactRewriter {
  let rules: @Sendable (Op) -> [FactRule]
  let context: PassContext
  /// The number of rewrites so far.
  private(set) var count = 0
  /// What is known of the values of the new graph.
  private(set) var known = KnownFacts()

  /// Rewrites at one row before the result is taken as it is.
  private static let stepLimit = 16

  init(_ context: PassContext, rules: @escaping @Sendable (Op) -> [FactRule]) {
    self.rules = rules
    self.context = context
  }

  /// One walk over the rows, operands first.
  mutating func rewrite(_ graph: Graph, _ facts: GraphFacts) throws -> Graph {
    let uses = graph.useCounts()
    let readers = MatrixReaders(graph)
    if graph.rows.contains(where: { if case .gather = $0.op { true } else { false } }) {
      known.rates = context.rates(forOperations: graph.flops)
    }
    for n in graph.parameters.indices {
      known.note(Value(row: n), graph.parameters[n].facts, uses: 2)
    }
    return try graph.rebuilt { new, row, operands in
      guard let type = graph.types(row).first, graph.types(row).count == 1 else { return nil }
      let candidate = FactCandidate(
        op: graph.rows[row].op, operands: operands,
        facts: graph.operands(row).map { facts[$0] }, result: facts[Value(row: row)],
        isRead: readers.read.contains(row), type: type, site: graph.rows[row].site)
      let value =
        try normalise(candidate, in: &new)
        ?? new.add(candidate.op, operands, types: [type], site: candidate.site)
      known.note(value, facts[Value(row: row)], uses: uses[row])
      known.noteReaders(value, row, readers)
      return [value]
    }
  }

  private mutating func normalise(
    _ first: FactCandidate, in graph: inout Graph
  ) throws -> Value? {
    var candidate = first
    var isChanged = false
    for _ in 0..<Self.stepLimit {
      guard let replacement = try step(candidate, in: &graph) else { break }
      isChanged = true
      switch replacement {
      case .value(let value): return value
      case .row(let next): candidate = next
      }
    }
    guard isChanged else { return nil }
    return try graph.add(candidate.op, candidate.operands, site: candidate.site)
  }

  private mutating func step(
    _ candidate: FactCandidate, in graph: inout Graph
  ) throws -> FactReplacement? {
    for rule in rules(candidate.op)
    where rule.exactness <= context.exactness && !context.disabledRules.contains(rule.name) {
      guard let replacement = try rule.apply(&graph, candidate, known) else { continue }
      count += 1
      context.noteFired(rule.name, because: rule.summary)
      return replacement
    }
    return nil
  }
}

extension Graph {
  /// Whether some row is one that rules about structure look at.
  var hasLinearAlgebra: Bool {
    rows.contains { row in
      switch row.op {
      case .contract(let contraction): contraction.operands.count > 1
      case .call: hasRoutine(row)
      default: false
      }
    }
  }

  /// Whether some row is a routine that rules replace.
  var hasRoutines: Bool { rows.contains(where: hasRoutine) }

  private func hasRoutine(_ row: Graph.Row) -> Bool {
    if case .call(let routine) = row.op { FactRule.routines.contains(routine.name) } else { false }
  }

  /// Whether an operand of some product of arrays passes a test.
  func hasFactor(where test: (Contraction, Value) -> Bool) -> Bool {
    (0..<count).contains { row in
      guard case .contract(let contraction) = rows[row].op, contraction.operands.count > 1 else {
        return false
      }
      return operands(row).contains { test(contraction, $0) }
    }
  }
}

extension FactRule {
  /// The routines that rules replace.
  static let routines: Set<String> = ["inv", "solve", "det", "assume"]

  /// All rules, each once, for tests and listings.
  static let all =
    operands + gains + factored + solutions + unfolded + blocks + kronecker + inverses + products
    + grams + sums + parts + lemmas + factorDeterminants + determinants + samples + sampleSums
    + gathers + scalings
}
