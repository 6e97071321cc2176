import WeftIR

/// What a rule's variables stand for.
struct Binding {
  var values: [Value?]
  var scalars: [Scalar?]

  init(count: Int) {
    values = Array(repeating: nil, count: count)
    scalars = Array(repeating: nil, count: count)
  }
}

/// A term that a value must match, and those that must match after it.
private final class Goal {
  let term: Term
  let value: Value
  let next: Goal?

  init(_ term: Term, _ value: Value, _ next: Goal?) {
    self.term = term
    self.value = value
    self.next = next
  }
}

/// Graphs and use counts are passed on, never stored: a second reference would copy them when the
/// rewriter adds rows.
extension Rule {
  /// What the variables stand for, if a row of the root function with these operands matches.
  func match(_ operands: [Value], _ graph: Graph, _ uses: [Int32]) -> Binding? {
    guard mayMatch(operands, graph) else { return nil }
    var binding = Binding(count: variableCount)
    return solve(root.function, root.operands, operands[...], nil, &binding, graph, uses)
      ? binding : nil
  }

  /// Whether goals hold together; recursion goes over the rule's terms, not the graph.
  private func solve(
    _ goals: Goal?, _ binding: inout Binding, _ graph: Graph, _ uses: [Int32]
  ) -> Bool {
    guard let goal = goals else { return true }
    let rest = goal.next
    switch goal.term {
    case .variable(let i):
      if let bound = binding.values[i] {
        return bound == goal.value && solve(rest, &binding, graph, uses)
      }
      guard accepts(i, graph.type(goal.value).dtype) else { return false }
      binding.values[i] = goal.value
      return solve(rest, &binding, graph, uses)
    case .constant(let i):
      guard let scalar = graph.uniformScalar(goal.value), dtypes.contains(scalar.dtype),
        condition(scalar)
      else { return false }
      if let bound = binding.scalars[i], bound != scalar { return false }
      binding.values[i] = goal.value
      binding.scalars[i] = scalar
      return solve(rest, &binding, graph, uses)
    case .literal(let literal):
      guard let scalar = graph.uniformScalar(goal.value) else { return false }
      return literal.scalar(in: scalar.dtype) == scalar && solve(rest, &binding, graph, uses)
    case .apply(let function, let terms):
      guard case .map(let f) = graph.op(goal.value), f == function else { return false }
      if needsSingleUses && uses[goal.value.index] > 1 { return false }
      return solve(f, terms, graph.operands(goal.value.index), rest, &binding, graph, uses)
    }
  }

  /// As above for the operands of a function, in both orders when it commutes.
  private func solve(
    _ f: ScalarFunction, _ terms: [Term], _ operands: ArraySlice<Value>, _ rest: Goal?,
    _ binding: inout Binding, _ graph: Graph, _ uses: [Int32]
  ) -> Bool {
    guard f.isCommutative, terms.count == 2, let a = operands.first, let b = operands.last else {
      var goals = rest
      for (term, operand) in zip(terms, operands).reversed() { goals = Goal(term, operand, goals) }
      return solve(goals, &binding, graph, uses)
    }
    let saved = binding
    if solve(Goal(terms[0], a, Goal(terms[1], b, rest)), &binding, graph, uses) { return true }
    binding = saved
    return solve(Goal(terms[0], b, Goal(terms[1], a, rest)), &binding, graph, uses)
  }

  private func accepts(_ variable: Int, _ dtype: DType) -> Bool {
    if dtypes.contains(dtype) { return true }
    guard dtype == .bool, root.function == .select, case .variable(variable) = root.operands[0]
    else { return false }
    return true
  }
}

extension Rule {
  /// A cheap test that most rows fail: whether the operands' functions can be those of the rule.
  func mayMatch(_ operands: [Value], _ graph: Graph) -> Bool {
    let terms = root.operands
    switch terms.count {
    case 1: return Rule.fits(terms[0], operands[0], graph)
    case 2:
      if case .variable(let a) = terms[0], case .variable(let b) = terms[1], a == b {
        return operands[0] == operands[1]
      }
      if Rule.fits(terms[0], operands[0], graph) && Rule.fits(terms[1], operands[1], graph) {
        return true
      }
      return root.function.isCommutative && Rule.fits(terms[0], operands[1], graph)
        && Rule.fits(terms[1], operands[0], graph)
    default:
      return zip(terms, operands).allSatisfy { Rule.fits($0, $1, graph) }
    }
  }

  private static func fits(_ term: Term, _ value: Value, _ graph: Graph) -> Bool {
    switch term {
    case .variable: return true
    case .constant: return graph.uniformScalar(value) != nil
    case .literal(let literal):
      guard let scalar = graph.uniformScalar(value) else { return false }
      return literal.scalar(in: scalar.dtype) == scalar
    case .apply(let f, _):
      if case .map(let g) = graph.op(value) { return f == g }
      return false
    }
  }
}
