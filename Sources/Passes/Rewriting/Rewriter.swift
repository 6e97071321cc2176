import WeftIR

/// A row that stands for another: one that is there or one to be added.
enum Replacement {
  /// An existing value.
  case value(Value)
  /// An op on operands.
  case row(Op, [Value])
}

/// An identity of structural ops, as data: a name, what it does, and how.
struct Identity: Sendable {
  let name: String
  let summary: String
  /// What the identity promises.
  let exactness: PassContext.Exactness
  /// The replacement for a row, which is not in the graph yet; nil where it does not apply.
  let apply: @Sendable (inout Graph, Candidate) throws -> Replacement?

  init(
    _ name: String, _ summary: String, _ exactness: PassContext.Exactness = .exact,
    apply: @escaping @Sendable (inout Graph, Candidate) throws -> Replacement?
  ) {
    self.name = name
    self.exactness = exactness
    self.summary = summary
    self.apply = apply
  }
}

/// A row about to be added.
struct Candidate {
  let op: Op
  let operands: [Value]
  let type: TensorType
  let site: SourceSite
}

/// Rebuilds a graph with rules and identities applied at each row until none applies.
///
/// Cost is linear in the rows: each row tries the rules of its function and the identities of its
/// op a bounded number of times.
struct Rewriter {
  let rules: RuleSet?
  let identities: @Sendable (Op) -> [Identity]
  let context: PassContext
  /// The number of rewrites so far.
  private(set) var count = 0
  /// How often rows of the new graph are used, as far as known.
  private var uses: [Int32] = []
  private var explained: Set<String> = []
  private var checked = CheckedRows()

  init(
    rules: RuleSet?, context: PassContext, identities: @escaping @Sendable (Op) -> [Identity]
  ) {
    self.rules = rules
    self.identities = identities
    self.context = context
  }

  /// Rewrites at one row before the result is taken as it is: a bound, not a goal.
  private static let stepLimit = 16

  /// One walk over the rows, operands first.
  mutating func rewrite(_ graph: Graph) throws -> Graph {
    let oldUses = graph.useCounts()
    checked = CheckedRows()
    uses = Array(repeating: 1, count: graph.parameters.count)
    uses.reserveCapacity(graph.count)
    return try graph.rebuilt { new, row, operands in
      let types = graph.types(row)
      guard types.count == 1, let type = types.first else { return nil }
      let op = graph.rows[row].op
      let candidate = Candidate(
        op: op, operands: operands, type: type, site: graph.rows[row].site)
      let value =
        try normalise(candidate, in: &new)
        ?? new.add(op, operands, types: [type], site: candidate.site)
      note(value, uses: oldUses[row])
      return [value]
    }
  }

  private mutating func note(_ value: Value, uses count: Int) {
    while uses.count <= value.index { uses.append(0) }
    uses[value.index] = uses[value.index] &+ Int32(truncatingIfNeeded: count)
  }

  /// The value that stands for a row, or nil when nothing applies to it.
  private mutating func normalise(
    _ first: Candidate, in graph: inout Graph
  ) throws -> Value? {
    var candidate = first
    var isChanged = false
    for _ in 0..<Rewriter.stepLimit {
      guard let replacement = try step(candidate, in: &graph) else { break }
      isChanged = true
      switch replacement {
      case .value(let value): return value
      case .row(let op, let operands):
        candidate = Candidate(op: op, operands: operands, type: first.type, site: first.site)
      }
    }
    return isChanged
      ? try graph.add(candidate.op, candidate.operands, site: candidate.site) : nil
  }

  /// One rewrite of a row, if there is one that keeps its type.
  private mutating func step(
    _ candidate: Candidate, in graph: inout Graph
  ) throws -> Replacement? {
    for identity in identities(candidate.op) where identity.exactness <= context.exactness {
      guard let replacement = try identity.apply(&graph, candidate),
        keepsType(replacement, candidate.type, graph),
        !context.disabledRules.contains(identity.name)
      else { continue }
      fired(identity.name, identity.summary)
      return replacement
    }
    guard case .map(let f) = candidate.op, let rules, let last = candidate.operands.last else {
      return nil
    }
    for rule in rules.rules(for: f, graph.type(last).dtype)
    where rule.exactness <= context.exactness {
      while uses.count < graph.count { uses.append(0) }
      guard let binding = rule.match(candidate.operands, graph, uses),
        !context.disabledRules.contains(rule.name), !dropsChecks(rule, binding, graph),
        let replacement = try build(rule, binding, candidate, in: &graph),
        keepsType(replacement, candidate.type, graph)
      else { continue }
      fired(rule.name, rule.description)
      return replacement
    }
    return nil
  }

  /// Whether what a rule no longer needs may throw.
  private mutating func dropsChecks(_ rule: Rule, _ binding: Binding, _ graph: Graph) -> Bool {
    for variable in rule.dropped {
      if let value = binding.values[variable], checked.contains(value, of: graph) { return true }
    }
    return false
  }

  /// Counts a firing; the report tells what a rule does once.
  private mutating func fired(_ name: String, _ reason: @autoclosure () -> String) {
    count += 1
    if explained.insert(name).inserted && context.report.rules[name] == nil {
      context.report.note("\(name): \(reason())")
    }
    context.report.fired(name)
  }

  private func keepsType(_ replacement: Replacement, _ type: TensorType, _ graph: Graph) -> Bool {
    switch replacement {
    case .value(let value): return graph.type(value) == type
    case .row(let op, let operands):
      let types = try? TypeInference.infer(op, operands.map { graph.type($0) })
      return types?.count == 1 && types?.first == type
    }
  }
}

// MARK: - Right sides

extension Rewriter {
  /// The right side of a rule; nil where it is not defined for the operands' types.
  private func build(
    _ rule: Rule, _ binding: Binding, _ candidate: Candidate, in graph: inout Graph
  ) throws -> Replacement? {
    let dtypes = binding.values.map { $0.map { graph.type($0).dtype } ?? .bool }
    guard rule.right.dtype(dtypes, context: candidate.type.dtype) == candidate.type.dtype else {
      return nil
    }
    var builder = TermBuilder(
      binding: binding, dtypes: dtypes, shape: candidate.type.shape, site: candidate.site)
    if case .apply(let f, let terms) = rule.right, builder.scalar(rule.right, nil) == nil {
      guard let operands = try builder.operands(rule.right, f, terms, in: &graph) else {
        return nil
      }
      return .row(.map(f), operands)
    }
    return try builder.value(rule.right, candidate.type.dtype, in: &graph).map { .value($0) }
  }
}

/// Adds the rows of a rule's right side.
private struct TermBuilder {
  let binding: Binding
  let dtypes: [DType]
  let shape: Shape
  let site: SourceSite

  /// The constant that a term is; functions of constants are computed.
  func scalar(_ term: Term, _ context: DType?) -> Scalar? {
    switch term {
    case .variable(let i), .constant(let i): return binding.scalars[i]
    case .literal(let literal): return context.flatMap { literal.scalar(in: $0) }
    case .apply(_, _):
      guard term.allVariables({ binding.scalars[$0] != nil }) else { return nil }
      let filler = Scalar(false)
      return term.evaluate(binding.scalars.map { $0 ?? filler }, context: context)
    }
  }

  mutating func value(_ term: Term, _ context: DType?, in graph: inout Graph) throws -> Value? {
    if case .variable(let i) = term { return binding.values[i] }
    if let scalar = scalar(term, context) {
      return try graph.addUniform(scalar, shape, site: site)
    }
    guard case .apply(let f, let terms) = term,
      let operands = try operands(term, f, terms, in: &graph)
    else { return nil }
    return try graph.add(.map(f), operands, site: site)
  }

  mutating func operands(
    _ term: Term, _ f: ScalarFunction, _ terms: [Term], in graph: inout Graph
  ) throws -> [Value]? {
    let dtype = term.operandDType(dtypes, context: nil)
    var operands: [Value] = []
    for (i, operand) in terms.enumerated() {
      let expected = f == .select && i == 0 ? .bool : dtype
      guard let value = try value(operand, expected, in: &graph) else { return nil }
      operands.append(value)
    }
    return operands
  }
}

extension Term {
  /// Whether a variable occurs in the term.
  func contains(_ variable: Int) -> Bool { !allVariables { $0 != variable } }

  /// Whether a test holds for each variable of the term.
  fileprivate func allVariables(_ test: (Int) -> Bool) -> Bool {
    switch self {
    case .variable(let i), .constant(let i): test(i)
    case .literal: true
    case .apply(_, let terms): terms.allSatisfy { $0.allVariables(test) }
    }
  }
}
