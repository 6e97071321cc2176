import WeftIR

/// Which arrays are worth a look at their elements before a plan is chosen.
///
/// Decided once for a plan: those that reach a product of matrices which costs many times the
/// reading of its operands, and the matrices of systems, which whoever factors them looks at anyway.
/// Everything else runs as it did before anybody looked.
struct LeafLooks: Sendable {
  /// The parameters to look at, in ascending order.
  let parameters: [Int]
  /// The parameters that matrices which are factored are made of: a plan wants to know whether they are diagonal
  /// or narrow bands.
  let systems: [Int]
  /// Matrices that are multiplied with vectors, and such vectors: a narrow band is much less to read.
  let vectors: [Int]

  var isEmpty: Bool { parameters.isEmpty && systems.isEmpty && vectors.isEmpty }

  /// Products of fewer multiplications than this are done before a plan for them is found.
  private static let leastMultiplications = 1 << 21
  /// How many multiplications a product has for each element that it reads and writes, at least.
  private static let leastIntensity = 32

  /// The looks that a lowered graph asks for, and masks of products in the program.
  init(_ graph: Graph, source: Graph) {
    var needed: [Bool] = []
    var factored: [Int] = []
    var multiplied: [Int] = []
    for row in 0..<graph.count {
      if case .call(let routine) = graph.rows[row].op {
        if Self.factoring.contains(routine.name), let matrix = graph.operands(row).first {
          Self.collect(matrix, of: graph, into: &factored)
        }
        continue
      }
      Self.collectVectors(row, of: graph, into: &multiplied)
      guard Self.isHeavy(row, of: graph) else { continue }
      if needed.isEmpty { needed = Array(repeating: false, count: graph.count) }
      for operand in graph.operands(row) { needed[operand.index] = true }
    }
    systems = factored
    vectors = multiplied
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

  /// Routines that factor a matrix.
  private static let factoring: Set<String> = ["factor", "det", "slogdet", "inv"]

  /// The matrices in memory that a matrix is made of by sums, products and scalings, and what scales them: with
  /// a diagonal among them fewer equations may do, of bands less is factored.
  private static func collect(
    _ matrix: Value, of graph: Graph, into found: inout [Int]
  ) {
    var stack = [matrix]
    var steps = 0
    while let value = stack.popLast(), steps < mostSteps {
      steps += 1
      switch graph.op(value) {
      case .input(let n, let type):
        if type.rank == 2 || type.rank < 2 && value != matrix, type.dtype.isInexact,
          !found.contains(n), found.count < mostSystems
        {
          found.append(n)
        }
      case .map(let f) where f == .add || f == .subtract || f == .multiply:
        stack += graph.operands(value.index).reversed()
      case .broadcast, .permute: stack += graph.operands(value.index)
      case .contract(let contraction) where contraction.operands.count == 2:
        stack += graph.operands(value.index).reversed()
      default: break
      }
    }
  }

  /// The rows that are followed from a matrix.
  private static let mostSteps = 24

  /// A matrix in memory that is multiplied with a vector, and vectors in memory.
  private static func collectVectors(_ row: Int, of graph: Graph, into found: inout [Int]) {
    guard case .contract(let contraction) = graph.rows[row].op, contraction.operands.count == 2
    else { return }
    let operands = Array(graph.operands(row))
    for (i, labels) in contraction.operands.enumerated() where labels.count == 2 {
      guard case .input(let n, let type) = graph.op(operands[i]), labels[0] != labels[1],
        contraction.operands[1 - i].count == 1, contraction.output.count == 1,
        type.dtype == .float32 || type.dtype == .float64,
        type.shape.count ?? 0 >= leastElements
      else { continue }
      if !found.contains(n) { found.append(n) }
      if case .input(let m, _) = graph.op(operands[1 - i]), !found.contains(m) { found.append(m) }
    }
  }

  /// A matrix of fewer elements is multiplied with a vector before a plan for it is found.
  private static let leastElements = 1 << 16

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
      if facts.isDiagonal || facts.isNarrow(inputs[n].type.shape) { found[n] = facts }
    }
    for n in vectors where found[n] == nil && inputs[n].type.rank == 2 {
      guard inputs[n].mayBeNarrow else { continue }
      let facts = inputs[n].facts
      if facts.isNarrow(inputs[n].type.shape) { found[n] = facts }
    }
    func note(_ n: Int) {
      guard inputs[n].isFinite else { return }
      found[n, default: .none].properties.insert(.finite)
      if inputs[n].type.rank == 0, inputs[n].scalar(at: 0).isPositive {
        found[n, default: .none].properties.insert(.positive)
      }
    }
    // What scales a diagonal or a band, or is multiplied with it, leaves its zeros if it is finite.
    if !found.isEmpty {
      for n in systems where inputs[n].type.rank < 2 || found[n] != nil { note(n) }
      for n in vectors where inputs[n].type.rank < 2 || found[n] != nil { note(n) }
    }
    if hasZeros { for n in parameters { note(n) } }
    // Arrays of no more elements than one with zeros has cost less to read than its zeros would.
    let most = found.reduce(0) { $1.value.hasZeros ? max($0, inputs[$1.key].count) : $0 }
    for n in inputs.indices
    where inputs[n].count <= most && inputs[n].type.dtype.isInexact {
      note(n)
    }
    return found
  }
}

/// A plan for arrays of which a look told some facts.
struct SpecialPlan: Sendable {
  let facts: [Int: Facts]
  let plan: PreparedGraph
}

extension Facts {
  /// Whether a matrix of a shape is a band of at most an eighth of it.
  fileprivate func isNarrow(_ shape: Shape) -> Bool {
    guard lower < Facts.wide, upper < Facts.wide, shape.rank == 2 else { return false }
    return max(0, lower + upper + 1) * 8 <= min(shape.codes[0], shape.codes[1])
  }
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
