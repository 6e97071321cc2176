import WeftIR
import WeftPlans

/// A plan over sparse arrays.
struct SparseExecutable: Executable {
  let graph: Graph
  let layouts: GraphLayouts
  private let plan: [SparseStep]
  let dense: any Executor
  private let device: (any EntryDevice)?
  let passContext: PassContext
  /// By row that repeats a sparse array.
  let guides: [Int: BroadcastGuide]
  /// By row that multiplies sparse matrices: what has entries wherever some of its result's are used.
  let masks: [Int: Value]
  /// The most bytes of dense parts; what entries take only the data tell.
  let peakBytes: Int
  /// What runs begin with.
  private let nothing: StepValues
  /// The rows that stand for inputs, and their numbers.
  private let parameters: [(row: Int, number: Int)]
  /// The values that no later step and no output uses, by step.
  private let released: [[Value]]

  init(
    _ graph: Graph, _ layouts: GraphLayouts, _ plan: [SparseStep], _ dense: any Executor,
    on device: (any EntryDevice)?, _ passContext: PassContext, guides: [Int: BroadcastGuide],
    masks: [Int: Value], densePeak: Int
  ) {
    self.graph = graph
    self.layouts = layouts
    self.plan = plan
    self.dense = dense
    self.device = device
    self.passContext = passContext
    self.guides = guides
    self.masks = masks
    peakBytes = densePeak
    nothing = StepValues(graph)
    parameters = (0..<graph.count).compactMap { row in
      if case .input(let n, _) = graph.rows[row].op { (row, n) } else { nil }
    }
    var kept = Set(graph.outputs)
    var released: [[Value]] = Array(repeating: [], count: plan.count)
    for place in plan.indices.reversed() {
      for value in Self.read(plan[place], graph, layouts) where kept.insert(value).inserted {
        released[place].append(value)
      }
    }
    self.released = released
  }

  /// The values that a step reads, sources of broadcasts included.
  private static func read(
    _ step: SparseStep, _ graph: Graph, _ layouts: GraphLayouts
  ) -> [Value] {
    let rows: [Int]
    switch step {
    case .dense(let part): return part.inputs
    case .cluster(let cluster): rows = cluster.rows
    case .outer(let product, _): rows = [product.row]
    case .row(let row):
      let isFold = SparsePlanner.foldStored(densely: row, graph, layouts) != nil
      rows = [row] + (isFold ? graph.operands(row).map(\.index) : [])
    }
    return rows.flatMap { row in
      graph.operands(row).flatMap { operand -> [Value] in
        if case .broadcast = graph.op(operand) {
          [operand] + graph.operands(operand.index)
        } else {
          [operand]
        }
      }
    }
  }

  var steps: [String] {
    plan.flatMap { step -> [String] in
      switch step {
      case .dense(let part): return part.executable.steps.map { "\(dense.name): \($0)" }
      case .cluster(let cluster):
        let names = cluster.rows.map { graph.title(of: $0) }.joined(separator: ", ")
        let place = device.map { "\($0.name) entries" } ?? "sparse"
        return ["\(place) elementwise: \(names), \(describe(cluster.root))"]
      case .row(let row):
        let place = masks[row] == nil ? "" : " at the entries of what it is multiplied with"
        let what = "\(graph.title(of: row)), \(describe(row))\(place)"
        guard let device else { return ["sparse \(what)"] }
        let isHere = SparseRowRunner.refusal(of: row, of: graph, layouts) != nil
        return [isHere ? "fallback \(what) -> sparse" : "\(device.name) entries \(what)"]
      case .outer(let product, _):
        let place = device == nil ? "" : "fallback "
        return ["\(place)sparse outer product, \(describe(product.row))"]
      }
    }
  }

  private func describe(_ row: Int) -> String {
    let type = graph.type(Value(row: row))
    return layouts.layout(of: Value(row: row)).map { "\(type) in \($0)" } ?? "\(type)"
  }

  /// Sparse arrays are never asked for dense elements.
  var takesElsewhere: Bool { true }

  func run(_ inputs: [Buffer], _ context: RunContext) throws -> [Buffer] {
    // A device has its own way to what is elsewhere.
    if device == nil { for input in inputs where input.sparse == nil { try input.load() } }
    var values = nothing
    for (row, n) in parameters { values[Value(row: row)] = inputs[n] }
    let kernels = SparseKernels(context: context, device: device)
    var ran = 0
    defer { if ran > 0 { context.counters.add("sparseKernels", ran) } }
    for (place, step) in plan.enumerated() {
      switch step {
      case .dense(let part):
        let results = try part.executable.run(part.inputs.compactMap { values[$0] }, context)
        for (value, result) in zip(part.outputs, results) { values[value] = result }
      case .cluster(let cluster):
        try located(cluster.root) {
          values[Value(row: cluster.root)] = try checked(
            run(cluster, values, kernels), cluster.root)
        }
        ran += 1
      case .row(let row):
        try located(row) {
          // Nobody else has the values when results join them.
          let results = try run(row, SparseRowRunner(self, kernels, values))
          for (n, result) in results.enumerated() {
            values[Value(row: row, result: n)] = n == 0 ? try checked(result, row) : result
          }
        }
        ran += 1
      case .outer(let product, let cluster):
        try located(product.row) {
          values[Value(row: product.row)] = try checked(
            pairs(product, cluster, values, kernels), product.row)
        }
        ran += 1
      }
      for value in released[place] { values[value] = nil }
    }
    return try graph.outputs.map { output in
      guard let buffer = values[output] else {
        throw WeftError(.internal, graph.name, "no step gives \(graph.type(output))")
      }
      // Whoever reads entries expects them here.
      try buffer.sparse?.values.load()
      return buffer
    }
  }

  /// A cluster's result, from the device where it can be.
  private func run(
    _ cluster: SparseCluster, _ values: StepValues, _ kernels: SparseKernels
  ) throws -> Buffer {
    if let result = try cluster.runInPlace(values, kernels) { return result }
    let what = cluster.rows.map { graph.title(of: $0) }.joined(separator: ", ")
    try fallBack(.cluster(cluster), what, graph.rows[cluster.root].site, values, kernels)
    return try cluster.run(values, kernels)
  }

  /// A row's results, from the device where they can be.
  private func run(_ row: Int, _ runner: SparseRowRunner) throws -> [Buffer] {
    if let result = try runner.runOnDevice(row) { return [result] }
    try fallBack(
      .row(row), graph.title(of: row), graph.rows[row].site, runner.values, runner.kernels)
    return try runner.results(row)
  }

  /// Brings what a step reads here, where a device would have run it, and tells of it.
  private func fallBack(
    _ step: SparseStep, _ what: String, _ site: SourceSite, _ values: StepValues,
    _ kernels: SparseKernels
  ) throws {
    guard kernels.device != nil else { return }
    kernels.noteFallback("\(what) of sparse arrays runs on sparse", site)
    try load(step, values)
  }

  /// Brings what a step reads here.
  func load(_ step: SparseStep, _ values: StepValues) throws {
    for value in Self.read(step, graph, layouts) {
      guard let buffer = values[value] else { continue }
      if let sparse = buffer.sparse { try sparse.values.load() } else { try buffer.load() }
    }
    if case .row(let row) = step, let mask = masks[row] {
      try values[mask]?.sparse?.values.load()
    }
  }

  /// The products of pairs of entries; with the operands repeated where these do not do.
  private func pairs(
    _ product: OuterProduct, _ cluster: SparseCluster, _ values: StepValues,
    _ kernels: SparseKernels
  ) throws -> Buffer {
    let runner = SparseRowRunner(self, kernels, values)
    let site = graph.rows[product.row].site
    try fallBack(.outer(product, cluster), "outer product", site, values, kernels)
    if let result = try runner.outer(product) { return result }
    var values = values
    for row in product.broadcasts { values[Value(row: row)] = try runner.run(row) }
    return try cluster.run(values, kernels)
  }

  /// A result, which is sparse where the layouts say so and nowhere else.
  private func checked(_ result: Buffer, _ row: Int) throws -> Buffer {
    let isSparse = layouts.layout(of: Value(row: row)) != nil
    guard (result.layout != nil) == isSparse else {
      throw WeftError(
        .internal, graph.rows[row].op.name,
        "the result is stored \(isSparse ? "densely" : "sparsely"), which the plan does not say")
    }
    return result
  }

  private func located(_ row: Int, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as WeftError {
      throw error.located(at: graph.rows[row].site)
    }
  }
}
