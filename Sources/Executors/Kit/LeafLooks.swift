import WeftIR

/// Which arrays are worth a look at their elements before a plan is chosen.
///
/// Decided once for a plan: those that reach a product of matrices which costs many times the
/// reading of its operands, and the matrices of systems, which whoever factors them looks at anyway.
/// Everything else runs as it did before anybody looked.
struct LeafLooks: Sendable {
  /// The parameters to look at, in ascending order.
  let parameters: [Int]
  /// The parameters that are factored: a plan wants to know whether they are diagonal.
  let systems: [Int]

  var isEmpty: Bool { parameters.isEmpty && systems.isEmpty }

  /// Products of fewer multiplications than this are done before a plan for them is found.
  private static let leastMultiplications = 1 << 21
  /// How many multiplications a product has for each element that it reads and writes, at least.
  private static let leastIntensity = 32

  /// The looks that a lowered graph asks for, and masks of products in the program.
  init(_ graph: Graph, source: Graph) {
    var needed: [Bool] = []
    var factored: [Int] = []
    for row in 0..<graph.count {
      if case .call(let routine) = graph.rows[row].op {
        if routine.name == "factor", let matrix = graph.operands(row).first {
          let isSum = graph.mayBeLowRank(matrix)
          Self.collect(matrix, of: graph, ofSums: isSum, into: &factored)
        }
        continue
      }
      guard Self.isHeavy(row, of: graph) else { continue }
      if needed.isEmpty { needed = Array(repeating: false, count: graph.count) }
      for operand in graph.operands(row) { needed[operand.index] = true }
    }
    systems = factored
    let masks = MaskSearch.parameters(of: source)
    if needed.isEmpty {
      parameters = masks
      return
    }
    var found: [Int] = []
    for row in stride(from: graph.count - 1, through: 0, by: -1) where needed[row] {
      if case .input(let n, let type) = graph.rows[row].op {
        if type.rank <= 2, type.dtype.isInexact { found.append(n) }
        continue
      }
      for operand in graph.operands(row) { needed[operand.index] = true }
    }
    parameters = Set(found + masks).sorted()
  }

  /// The matrix in memory that is factored, or of a sum with a product of low rank the terms and their
  /// factors element by element: with a diagonal among them fewer equations do.
  private static func collect(
    _ value: Value, of graph: Graph, ofSums: Bool, into found: inout [Int]
  ) {
    switch graph.op(value) {
    case .input(let n, let type):
      if type.rank == 2 || type.rank == 0 && ofSums, type.dtype.isInexact, !found.contains(n),
        found.count < mostSystems
      {
        found.append(n)
      }
    case .map(let f) where ofSums && (f == .add || f == .subtract || f == .multiply):
      for operand in graph.operands(value.index) {
        collect(operand, of: graph, ofSums: true, into: &found)
      }
    case .broadcast(_, let axes) where ofSums && axes.isEmpty:
      if let scalar = graph.operands(value.index).first {
        collect(scalar, of: graph, ofSums: true, into: &found)
      }
    default: return
    }
  }

  /// More matrices than that are not looked at for one plan's systems.
  private static let mostSystems = 8

  private static func isHeavy(_ row: Int, of graph: Graph) -> Bool {
    guard case .contract(let contraction) = graph.rows[row].op, contraction.operands.count > 1
    else { return false }
    var extents = Array(repeating: 1, count: contraction.labelCount)
    var elements = graph.type(Value(row: row)).shape.count ?? 0
    for (labels, operand) in zip(contraction.operands, graph.operands(row)) {
      guard let codes = graph.type(operand).shape.known else { return false }
      guard let count = graph.type(operand).shape.count else { return false }
      elements += count
      for (label, extent) in zip(labels, codes) { extents[label] = extent }
    }
    let (multiplications, overflows) = extents.reduce((1, false)) { product, extent in
      let (next, overflow) = product.0.multipliedReportingOverflow(by: extent)
      return (next, product.1 || overflow)
    }
    return overflows
      || multiplications >= leastMultiplications
        && multiplications / leastIntensity >= elements
  }

  /// What a look at arrays tells that a plan can use: facts by parameter; empty when nothing.
  ///
  /// Whether an array is finite is looked for only where zeros were found in another.
  func facts(of inputs: [Buffer]) -> [Int: Facts] {
    var found: [Int: Facts] = [:]
    // A look is not worth a copy.
    guard inputs.allSatisfy(\.isHere) else { return found }
    for n in parameters where inputs[n].type.rank == 2 {
      let facts = inputs[n].facts
      if facts != .none { found[n] = facts }
    }
    let hasZeros = found.values.contains(where: \.hasZeros)
    for n in systems where found[n] == nil && inputs[n].type.rank == 2 {
      let facts = inputs[n].facts
      if facts.isDiagonal { found[n] = facts }
    }
    func note(_ n: Int) {
      guard inputs[n].isFinite else { return }
      found[n, default: .none].properties.insert(.finite)
      if inputs[n].type.rank == 0, inputs[n].scalar(at: 0).isPositive {
        found[n, default: .none].properties.insert(.positive)
      }
    }
    // What scales a diagonal leaves its zeros if it is finite.
    if !found.isEmpty { for n in systems where inputs[n].type.rank == 0 { note(n) } }
    if hasZeros { for n in parameters { note(n) } }
    return found
  }
}

/// A plan for arrays of which a look told some facts.
struct SpecialPlan: Sendable {
  let facts: [Int: Facts]
  let plan: PreparedGraph
}

extension Scalar {
  /// Whether a real number is greater than zero.
  fileprivate var isPositive: Bool { !dtype.isComplex && doubleValue > 0 }
}

extension Session {
  /// The plan for arrays of which a look may tell more than their types do.
  ///
  /// A plan that asks for no look costs nothing here.
  @inline(__always)
  func specialised(
    _ prepared: PreparedGraph, _ inputs: [Buffer], on executor: any Executor
  ) throws(WeftError) -> PreparedGraph {
    if prepared.looks.isEmpty || !looksAtData { return prepared }
    return try looking(prepared, inputs, on: executor)
  }

  /// The graph with what a look at arrays tells of it, as `specialised` finds; prepares nothing.
  func knowing(_ graph: Graph, _ inputs: [Buffer]) throws(WeftError) -> Graph {
    guard looksAtData else { return graph }
    var context = passContext()
    context.dumps = .none
    let quiet = context
    return try WeftError.wrapping("prepare") {
      var lowered = graph
      try pipeline.run(&lowered, quiet)
      let facts = LeafLooks(lowered, source: graph).facts(of: inputs)
      return facts.isEmpty ? graph : graph.knowing(facts)
    }
  }

  private func looking(
    _ general: PreparedGraph, _ inputs: [Buffer], on executor: any Executor
  ) throws(WeftError) -> PreparedGraph {
    let start = traceStart
    let facts = general.looks.facts(of: inputs)
    runtime.counters.add("looks")
    if let trace, let start { trace.record("look", .prepare, since: start) }
    if facts.isEmpty { return general }
    if dumps == .none, let last = general.special.withLock({ $0 }), last.facts == facts {
      runtime.counters.add("cacheHits")
      return last.plan
    }
    let plan = try prepared(
      general.source.knowing(facts), on: executor, general.streams
    ).0
    general.special.withLock { $0 = SpecialPlan(facts: facts, plan: plan) }
    return plan
  }
}
