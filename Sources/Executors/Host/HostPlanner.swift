import WeftIR
import WeftPasses
import WeftPlans

/// Lowers the steps of a cluster plan to code over slots, then plans memory.
struct HostPlanner {
  let graph: Graph
  private let fallback: any Executor
  let context: PassContext
  var slots: SlotTable
  private var program: [HostExecutable.Step] = []
  /// The row that is being lowered, for steps that do not tell their own.
  private var currentRow = -1
  var kernels = 0
  /// The compiled kernels of the plan's clusters that are not added yet; nil for interpreted ones.
  private var lowered: ArraySlice<LoweredKernel?> = []
  private var products = 0
  /// Groups of rows that run block by block, by the routine that stands for them.
  private var groups: [String: RowBlocks] = [:]
  /// Products with what scales them or adds to them, by the routine that stands for them.
  private var updates: [String: ProductUpdate] = [:]
  /// What is known of the graph's values, once it was asked for.
  private var facts: GraphFacts?
  /// The most groups of a graph.
  private static let mostGroups = 8

  static func plan(
    _ graph: Graph, fallback: any Executor, _ context: PassContext
  ) throws -> HostExecutable {
    var rest = graph
    var groups: [String: RowBlocks] = [:]
    var updates: [String: ProductUpdate] = [:]
    func fold(outputs: Bool) throws {
      guard context.exactness >= .contraction, !context.disabledRules.contains(ProductUpdate.rule),
        let found = try rest.foldingUpdates(outputs: outputs, from: updates.count)
      else { return }
      rest = found.graph
      updates.merge(found.updates) { $1 }
      for _ in found.updates {
        context.noteFired(ProductUpdate.rule, because: ProductUpdate.summary)
      }
    }
    // What the program gives needs no blocks to save a pass over memory; what rows read may.
    try fold(outputs: true)
    if context.exactness >= .contraction, !context.disabledRules.contains(RowBlocks.rule) {
      while groups.count < mostGroups, let group = RowBlocks(rest) {
        let name = "\(RowBlocks.rule)-\(groups.count)"
        rest = try group.replaced(by: name)
        groups[name] = group
        context.noteFired(RowBlocks.rule, because: RowBlocks.summary)
      }
    }
    try fold(outputs: false)
    var planner = HostPlanner(rest, fallback, context)
    planner.groups = groups
    planner.updates = updates
    return try planner.plan()
  }

  private init(_ graph: Graph, _ fallback: any Executor, _ context: PassContext) {
    self.graph = graph
    self.fallback = fallback
    self.context = context
    slots = SlotTable(graph)
  }

  private mutating func plan() throws -> HostExecutable {
    let graph = graph
    let plan = try clusterPlan()
    for step in plan.steps {
      currentRow = step.row
      switch step {
      case .cluster(let cluster): add(cluster)
      case .pieces(let clusters): addPieces(clusters)
      case .contract(let row, let operands): try addContraction(row, operands)
      case .row(let row): try addRow(row)
      case .alias(let row, let source):
        let from = slot(source)
        let to = slot(Value(row: row))
        slots.alias(to, of: from)
        append(.alias(from: from, to: to, slotTypes[to]))
      }
    }
    let outputs = graph.outputs.map { slot($0) }
    var memory = MemoryPlan(
      slots: slots, inputs: graph.parameters.count, outputs: outputs,
      threads: context.threadCount)
    let peak = memory.plan(&program)
    return HostExecutable(
      program: program, slotCount: slots.types.count, inputTypes: graph.parameters.map(\.type),
      outputs: outputs, peakBytes: peak, kernelCount: kernels, productCount: products,
      waiting: HostExecutable.waiting(in: program), fusion: groups.isEmpty ? plan.decisions : .none,
      keepsThreads: program.reduce(0) { $0 + $1.work.weight } >= Self.leastKept)
  }

  /// The weight from which a plan takes longer than waking threads.
  private static let leastKept = Double(1 << 18)

  // MARK: - Slots

  /// What each slot holds.
  var slotTypes: [TensorType] { slots.types }

  mutating func addSlot(_ type: TensorType) -> Int { slots.add(type) }

  /// The slot of a value.
  mutating func slot(_ value: Value) -> Int { slots.slot(of: value, in: graph) }

  mutating func append(_ code: HostExecutable.Code) {
    append(code, StepWork())
  }

  private mutating func append(_ code: HostExecutable.Code, _ work: StepWork) {
    var work = work
    if work.sites.isEmpty, currentRow >= 0 { work.add(graph.rows[currentRow].site) }
    switch code {
    case .product(let step): step.count(into: &work, slotTypes: slotTypes)
    case .native, .blocked, .fallback:
      code.forEachSource { work.read += slotTypes[$0].byteCount ?? 0 }
      code.forEachTarget { slot in
        work.written += slotTypes[slot].byteCount ?? 0
        work.elements = max(work.elements, slotTypes[slot].shape.count ?? 0)
      }
    case .kernel, .compiled, .alias: break
    }
    program.append(HostExecutable.Step(code: code, frees: [], work: work))
  }

  /// What a cluster does, and for which lines; `slotOf` tells where a load's value is.
  private mutating func work(
    of cluster: Cluster, slotOf: (inout HostPlanner, Value) -> Int
  ) -> StepWork {
    var work = StepWork()
    for row in cluster.rows { work.add(graph.rows[row].site) }
    if cluster.rows.isEmpty, currentRow < 0 {
      for value in cluster.stored { work.add(graph.rows[value.index].site) }
    }
    work.count(cluster) { value in
      slotTypes[slotOf(&self, value)].byteCount ?? .max
    }
    return work
  }

  // MARK: - Kernels

  /// The elements of a kernel that are worth compiling it.
  static let leastCompiled = 65536

  /// The elements times functions that are worth waiting for the compiler.
  static let leastAwaited = 1 << 22

  /// The elements of a row that only code can join with others, and that runs by itself without.
  static let leastJoined = 1 << 18

  /// How rows join: as far as the kernels that will run them can do it.
  private mutating func clusterPlan() throws -> ClusterPlan {
    let graph = graph
    let isEager = context.compilation == .always
    let readers = Set(updates.keys)
    func plan(_ options: FuseOptions) -> ClusterPlan {
      var options = options
      options.readers = readers
      return ClusterPlan(
        graph, options: options,
        isNative: {
          HostExecutor.isNative($0, of: graph) && (isEager || graph.isWorthCode($0))
        },
        isVersatile: { graph.isLowerable($0) })
    }
    guard compiles(elements: graph.greatestCount) else { return plan(FuseOptions(siblings: true)) }
    let joined = plan(
      FuseOptions(
        rowKernels: true, epilogues: true, pieces: true, siblings: true, gathers: true,
        positions: true, scans: true, scatters: true))
    // What only compiled kernels can do must be there for all of them.
    var kernels: [LoweredKernel?] = []
    for pieces in joined.clusters {
      var units: Int?
      for cluster in pieces {
        let isPlain = isPlain(cluster)
        let needsCode = !isPlain || compiles(elements: cluster.count)
        // Small pieces have as many units as the great one, so that threads share them alike.
        let unit = units.map { max(1, cluster.count / $0) }
        let kernel =
          needsCode
          ? try cluster.lowered(
            unitElements: unit, threads: context.threadCount, verifies: context.verifies) : nil
        if !isPlain, kernel == nil { return plan(FuseOptions(siblings: true)) }
        kernels.append(kernel)
        units = units ?? kernel?.units
      }
    }
    lowered = kernels[...]
    return joined
  }

  /// Whether the tile interpreter can run a cluster: one stage, results written whole.
  func isPlain(_ cluster: Cluster) -> Bool {
    cluster.outputs.allSatisfy {
      !$0.isFolded && $0.view == StridedView(contiguous: cluster.shape)
        && graph.type($0.value).shape.count == $0.view.count
    }
      && !cluster.isStaged && !cluster.gathers && cluster.scan == nil && cluster.scatter == nil
      && cluster.reductions.allSatisfy { $0.isStored && !$0.isPosition }
  }

  /// Whether kernels over so many elements are compiled.
  private func compiles(elements: Int) -> Bool {
    switch context.compilation {
    case .never: false
    case .always: CompiledKernels.isAvailable
    case .automatic: elements >= Self.leastCompiled && CompiledKernels.isAvailable
    }
  }

  /// Adds a cluster whose loads and results are values of the graph.
  private mutating func add(_ cluster: Cluster) {
    if let kernel = lowered.popFirst() ?? nil {
      var begun: Set<Int> = []
      let step = compiled(cluster, kernel, begun: &begun)
      append(.compiled(step), work(of: cluster) { planner, value in planner.slot(value) })
      return
    }
    var targets: [Int] = []
    for output in cluster.outputs { targets.append(slot(output.value)) }
    for reduction in cluster.reductions { targets.append(slot(reduction.value)) }
    addKernel(cluster, targets: targets) { planner, value in planner.slot(value) }
  }

  /// Adds clusters that write parts of the same values, the greatest first.
  private mutating func addPieces(_ clusters: [Cluster]) {
    var begun: Set<Int> = []
    let kernels = lowered.prefix(clusters.count).compactMap { $0 }
    lowered = lowered.dropFirst(clusters.count)
    guard let first = kernels.first, kernels.count == clusters.count else { return }
    // The slots of the first come first: it takes the memory that all of them write to.
    let main = compiled(clusters[0], first, begun: &begun)
    let companions = zip(clusters, kernels).dropFirst().map {
      compiled($0, $1, begun: &begun)
    }
    var all = StepWork()
    for cluster in clusters {
      all.add(work(of: cluster) { planner, value in planner.slot(value) })
    }
    append(.compiled(CompiledStep(main, companions: companions)), all)
  }

  /// Adds a kernel; `slotOf` tells where a load's value is.
  mutating func addKernel(
    _ cluster: Cluster, targets: [Int], slotOf: (inout HostPlanner, Value) -> Int
  ) {
    kernels += 1
    append(
      .kernel(
        interpreted(
          cluster, targets.map { HostExecutable.Target(slot: $0, type: slotTypes[$0]) },
          slotOf: slotOf)),
      work(of: cluster, slotOf: slotOf))
  }

  mutating func interpreted(
    _ cluster: Cluster, _ targets: [HostExecutable.Target],
    slotOf: (inout HostPlanner, Value) -> Int
  ) -> KernelStep {
    let compiled = KernelCompiler.compile(cluster)
    var sources: [Int] = []
    sources.reserveCapacity(compiled.bases.count)
    for base in compiled.bases {
      switch base {
      case .value(let value): sources.append(slotOf(&self, value))
      case .constant(let index): sources.append(-1 - index)
      case .none: sources.append(KernelStep.noSource)
      }
    }
    return KernelStep(compiled, sources: sources, targets: targets, cluster)
  }

  // MARK: - Contractions

  private mutating func addContraction(
    _ row: Int, _ readings: [ClusterPlan.Reading]
  ) throws {
    var operands = readings.map { reading in
      ContractionOperand(slot: slot(reading.value), view: reading.view)
    }
    let result = slot(Value(row: row))
    let dtype = graph.type(Value(row: row)).dtype
    var lowering: ContractionLowering
    switch graph.rows[row].op {
    case .contract(let contraction):
      lowering = ContractionLowering(contraction, operands, dtype: dtype, result: result)
      lowering.isSymmetric = isSymmetric(row, contraction)
    case .call(let routine):
      guard let update = updates[routine.name] else { return }
      let other = update.beta.flatMap { _ in operands.popLast() }
      lowering = ContractionLowering(update.contraction, operands, dtype: dtype, result: result)
      lowering.update(update, other)
    default: return
    }
    try lowering.lower(into: &self)
    products += 1
  }

  /// Whether the product of two different matrices is symmetric: X^T W X with a symmetric W.
  private mutating func isSymmetric(_ row: Int, _ contraction: Contraction) -> Bool {
    let value = Value(row: row)
    let extents = graph.type(value).shape.codes
    guard context.exactness >= .contraction, extents.count == 2, extents[0] == extents[1],
      extents[0] >= ProductStep.leastHalf,
      let center = ProductChain.center(of: ProductChain(row: row, of: graph).factors)
    else { return false }
    guard let middle = center, !middle.isDiagonal else { return true }
    let facts = self.facts ?? GraphFacts(graph)
    self.facts = facts
    return facts[middle.value].contains(.symmetric)
  }

  // MARK: - Other rows

  private mutating func addRow(_ row: Int) throws {
    let sources = graph.operands(row).map { slot($0) }
    let count = graph.types(row).count
    let targets = (0..<count).map { slot(Value(row: row, result: $0)) }
    if case .call(let routine) = graph.rows[row].op, let group = groups[routine.name] {
      let step = try BlockedStep(
        group,
        sources: zip(group.inputs, sources).map {
          BlockedStep.Source(slot: $1, type: slotTypes[$1], axis: $0.axis)
        }, targets: targets.map { HostExecutable.Target(slot: $0, type: slotTypes[$0]) }
      ) { try Self.plan($0, fallback: fallback, context) }
      append(.blocked(step))
      return
    }
    if let code = RowCode(row, of: graph) {
      append(
        .native(
          NativeStep(
            code, slotTypes[sources[0]], sources: sources,
            targets: targets.map { HostExecutable.Target(slot: $0, type: slotTypes[$0]) },
            site: graph.rows[row].site)))
      return
    }
    append(
      .fallback(
        try PartStep(
          computing: (0..<count).map { Value(row: row, result: $0) }, of: graph, &slots,
          on: fallback, context, what: graph.rows[row].op.title, site: graph.rows[row].site)))
  }
}

extension ClusterPlan {
  /// The clusters of the steps; those of one step together.
  fileprivate var clusters: [[Cluster]] {
    steps.compactMap { step in
      switch step {
      case .cluster(let cluster): [cluster]
      case .pieces(let clusters): clusters
      case .contract, .row, .alias: nil
      }
    }
  }
}

extension ClusterPlan.Step {
  /// The row of a step that runs one, or -1.
  fileprivate var row: Int {
    switch self {
    case .contract(let row, _), .row(let row), .alias(let row, _): row
    case .cluster, .pieces: -1
    }
  }
}

extension Cluster {
  /// The positions of the iteration shape.
  fileprivate var count: Int { shape.reduce(1, *) }
}

extension Graph {
  /// Whether a row that runs by itself without code is large enough to become part of a kernel.
  fileprivate func isWorthCode(_ row: Int) -> Bool {
    switch rows[row].op {
    case .scatter:
      return operands(row).last.flatMap { type($0).shape.count } ?? 0 >= HostPlanner.leastJoined
    case .gather, .argReduce, .scan:
      let operand = operands(row).first.flatMap { type($0).shape.count } ?? 0
      let result = types(row).first?.shape.count ?? 0
      if case .gather = rows[row].op { return result >= HostPlanner.leastJoined }
      return max(operand, result) >= HostPlanner.leastJoined
    default: return true
    }
  }

  /// The elements of the greatest value.
  fileprivate var greatestCount: Int {
    rows.indices.reduce(0) { most, row in
      types(row).reduce(most) { max($0, $1.shape.count ?? 0) }
    }
  }
}
