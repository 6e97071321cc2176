import WeftIR
import WeftPasses

/// Lowers the steps of a cluster plan to kernels of a device and parts for another executor.
struct OpenCLPlanner {
  private let graph: Graph
  private let runtime: OpenCLRuntime
  private let fallback: any Executor
  private let context: PassContext
  /// The first slot of each row, or -1; results of a row have slots in a row.
  private var slotOfRow: [Int]
  private var slotTypes: [TensorType] = []
  /// The slot whose memory an alias shares, or itself.
  private var owner: [Int] = []
  private var program: [OpenCLExecutable.Step] = []
  /// Rows that kernels of this device cannot hold after all.
  private var denied: Set<Int> = []

  static func plan(
    _ graph: Graph, on runtime: OpenCLRuntime, fallback: any Executor, _ context: PassContext
  ) throws -> OpenCLExecutable {
    var planner = OpenCLPlanner(graph, runtime, fallback, context)
    return try planner.plan()
  }

  private init(
    _ graph: Graph, _ runtime: OpenCLRuntime, _ fallback: any Executor, _ context: PassContext
  ) {
    self.graph = graph
    self.runtime = runtime
    self.fallback = fallback
    self.context = context
    slotOfRow = Array(repeating: -1, count: graph.count)
  }

  // MARK: - Rows

  /// Why kernels of a device cannot hold a row; nil when they can.
  static func refusal(of row: Int, of graph: Graph, on runtime: OpenCLRuntime?) -> String? {
    let op = graph.rows[row].op
    switch op {
    case .input, .constant, .iota, .broadcast, .reshape, .permute, .slice, .reverse, .store:
      return nil
    case .scatter, .compress, .sort, .call, .contract: return "\(op.name) has no kernel"
    case .map, .convert, .random, .reduce, .scan, .argReduce, .gather, .pad, .concatenate: break
    }
    let operands = graph.operands(row).map { graph.type($0) }
    let types = operands + graph.types(row)
    if !types.allSatisfy(\.shape.isKnown) { return "its extents are not known" }
    if case .reduce(let f, _) = op, !f.isCommutative {
      return "\(f.name) is not commutative"
    }
    if !graph.isLowerable(row) {
      return "no kernel for \(graph.title(of: row)) of "
        + operands.map { "\($0.dtype)" }.joined(separator: ", ")
    }
    if runtime?.device.hasDouble == false,
      types.contains(where: { $0.dtype == .float64 || $0.dtype == .complex128 })
    {
      return "the device has no float64"
    }
    return nil
  }

  private func canRun(_ row: Int) -> Bool {
    !denied.contains(row) && Self.refusal(of: row, of: graph, on: runtime) == nil
  }

  // MARK: - Plan

  /// How often rows are taken out of kernels that turn out not to be possible.
  private static let attempts = 12

  private mutating func plan() throws -> OpenCLExecutable {
    for parameter in graph.parameters { _ = addSlot(parameter.type) }
    for row in 0..<graph.count {
      if case .input(let n, _) = graph.rows[row].op { slotOfRow[row] = n }
    }
    var attempt = 0
    var planned = clusterPlan()
    var kernels = try lowered(planned)
    while kernels == nil, attempt < Self.attempts {
      attempt += 1
      planned = clusterPlan()
      kernels = try lowered(planned)
    }
    var decisions = FuseDecisions.none
    if var kernels = kernels.map({ $0[...] }) {
      decisions = planned.decisions
      for step in planned.steps { try add(step, &kernels) }
    } else {
      let rows = graph.outputs.map(\.index)
      try addPart(computing: graph.outputs, what: "all of it", site: graph.rows[rows[0]].site)
    }
    let outputs = graph.outputs.map { slot($0) }
    let peak = OpenCLMemoryPlan(
      slotTypes: slotTypes, owner: owner, inputs: graph.parameters.count, outputs: outputs
    ).plan(&program)
    return OpenCLExecutable(
      program: program, slotCount: slotTypes.count, outputs: outputs,
      slotBytes: slotTypes.map { $0.byteCount ?? 0 }, peakBytes: peak, fusion: decisions,
      runtime: runtime)
  }

  private func clusterPlan() -> ClusterPlan {
    let planner = self
    return ClusterPlan(
      graph,
      options: FuseOptions(
        rowKernels: true, pieces: true, siblings: true, gathers: true, positions: true,
        scans: true),
      isNative: { planner.canRun($0) }, isVersatile: { planner.canRun($0) })
  }

  /// The kernels of a plan, nil for clusters without elements; nil as a whole when some cluster has
  /// no kernel, whose rows are then denied.
  private mutating func lowered(_ plan: ClusterPlan) throws -> [OpenCLText?]? {
    var kernels: [OpenCLText?] = []
    var isWhole = true
    for step in plan.steps {
      let clusters: [Cluster]
      switch step {
      case .cluster(let cluster): clusters = [cluster]
      case .pieces(let pieces): clusters = pieces
      case .contract, .row, .alias: clusters = []
      }
      for cluster in clusters {
        if cluster.stored.allSatisfy({ graph.type($0).shape.count == 0 }) {
          kernels.append(nil)
        } else if cluster.shape.contains(0), cluster.reductions.isEmpty, clusters.count > 1 {
          // One of several pieces may be empty.
          kernels.append(nil)
        } else if let kernel = try cluster.lowered(
          unitElements: runtime.unitElements, verifies: context.verifies),
          let text = try OpenCLText(kernel, for: runtime)
        {
          kernels.append(text)
        } else {
          isWhole = false
          denied.formUnion(cluster.rows)
          denied.formUnion(cluster.stored.map(\.index))
        }
      }
    }
    return isWhole ? kernels : nil
  }

  // MARK: - Slots

  private mutating func addSlot(_ type: TensorType) -> Int {
    slotTypes.append(type)
    owner.append(slotTypes.count - 1)
    return slotTypes.count - 1
  }

  /// The slot of a value.
  private mutating func slot(_ value: Value) -> Int {
    if slotOfRow[value.index] < 0 {
      slotOfRow[value.index] = slotTypes.count
      for type in graph.types(value.index) { _ = addSlot(type) }
    }
    return slotOfRow[value.index] + Int(value.result)
  }

  // MARK: - Steps

  private mutating func add(
    _ step: ClusterPlan.Step, _ kernels: inout ArraySlice<OpenCLText?>
  ) throws {
    switch step {
    case .cluster(let cluster): try addKernels([cluster], &kernels)
    case .pieces(let clusters): try addKernels(clusters, &kernels)
    case .contract(let row, _), .row(let row):
      let results = (0..<graph.types(row).count).map { Value(row: row, result: $0) }
      try addPart(
        computing: results, what: graph.title(of: row), site: graph.rows[row].site,
        isProduct: graph.rows[row].op.isContraction)
    case .alias(let row, let source):
      let (from, to) = (slot(source), slot(Value(row: row)))
      owner[to] = owner[from]
      program.append(OpenCLExecutable.Step(.alias(from: from, to: to, slotTypes[to])))
    }
  }

  private mutating func addKernels(
    _ clusters: [Cluster], _ kernels: inout ArraySlice<OpenCLText?>
  ) throws {
    var begun: Set<Int> = []
    var steps: [OpenCLKernelStep] = []
    for cluster in clusters {
      if let text = kernels.popFirst() ?? nil {
        steps.append(try kernelStep(cluster, text, &begun))
      } else {
        let targets = cluster.stored.map { slot($0) }.filter { begun.insert($0).inserted }
        if targets.isEmpty { continue }
        program.append(OpenCLExecutable.Step(.reserve(targets.map { ($0, slotTypes[$0]) })))
      }
    }
    if !steps.isEmpty { program.append(OpenCLExecutable.Step(.kernels(steps))) }
  }

  private mutating func kernelStep(
    _ whole: Cluster, _ text: OpenCLText, _ begun: inout Set<Int>
  ) throws -> OpenCLKernelStep {
    let lowered = text.lowered
    let cluster = lowered.cluster
    var targets: [OpenCLKernelStep.Target] = []
    func target(_ value: Value, _ begun: inout Set<Int>) -> Int {
      let slot = slot(value)
      if let known = targets.firstIndex(where: { $0.slot == slot }) { return known }
      targets.append(
        OpenCLKernelStep.Target(
          slot: slot, type: slotTypes[slot], isContinued: !begun.insert(slot).inserted))
      return targets.count - 1
    }
    let outputs = cluster.outputs.map { target($0.value, &begun) }
    var results: [Int: OpenCLKernelStep.Source] = [:]
    var partialResults: [Int: OpenCLKernelStep.Source] = [:]
    var combining: [OpenCLKernelStep.Combining] = []
    for (n, reduction) in cluster.reductions.enumerated() {
      if reduction.isStored { results[n] = .target(target(reduction.value, &begun)) }
      guard let partials = lowered.partials else { continue }
      // A kernel that uses what it folded brings chunks together itself.
      let kernel = lowered.finish == nil ? lowered.combining(n) : nil
      guard lowered.finish != nil || kernel != nil, lowered.finish != nil || reduction.isStored
      else { continue }
      partialResults[n] = .partial(combining.count)
      let count = partials.outer * partials.chunks * partials.inner
      var number = -1
      if case .target(let n)? = results[n] { number = n }
      combining.append(
        try OpenCLKernelStep.Combining(
          kernel, for: runtime, valueBytes: count * partials.dtypes[n].itemSize,
          positionBytes: reduction.isPosition ? count * 8 : 0, target: number))
    }
    var constants: [Scalar] = []
    let sources = lowered.bindings.map { binding -> OpenCLKernelStep.Source in
      switch binding {
      case .value(let value): return .slot(slot(value))
      case .constant(let scalar):
        constants.append(scalar)
        return .constant(constants.count - 1)
      case .output(let n): return .target(outputs[n])
      case .reduction(let n): return results[n] ?? .nothing
      case .partial(let n): return partialResults[n] ?? .nothing
      case .partialPosition(let n):
        if case .partial(let k)? = partialResults[n] { return .partialPosition(k) }
        return .nothing
      case .scratch(let n): return .scratch(n)
      case .flags: return .flags
      case .totals: return .totals
      // Scatters run elsewhere.
      case .scattered: return .nothing
      }
    }
    let checks = lowered.takings.map { node -> OpenCLKernelStep.IndexCheck in
      guard case .gather(_, _, let taking) = cluster.nodes[node] else {
        preconditionFailure("node \(node) takes nothing")
      }
      var axis = 0
      if case .gather(let taken) = graph.rows[taking.row].op { axis = taken }
      return OpenCLKernelStep.IndexCheck(
        axis: axis, extent: taking.extent, site: graph.rows[taking.row].site)
    }
    var rows = whole.rows
    if rows.isEmpty { rows = Array(Set(whole.stored.map(\.index))).sorted() }
    let known = Set(slotOfRow.indices.filter { slotOfRow[$0] >= 0 })
    let own = Set(whole.stored.map(\.index))
    let (fallback, context) = (fallback, context)
    let titles = rows.map { graph.title(of: $0) }
    let stored = Array(Set(whole.stored)).sorted { ($0.row, $0.result) < ($1.row, $1.result) }
    let (part, inputs) = graph.part(computing: stored) {
      known.contains($0.index) && !own.contains($0.index)
    }
    return OpenCLKernelStep(
      text, title: titles.joined(separator: ", "),
      sites: rows.map { graph.rows[$0].site }, sources: sources, constants: constants,
      targets: targets, combining: combining, checks: checks,
      substitute: OpenCLKernelStep.Substitute(
        sources: inputs.map { slot($0) }, targets: stored.map { slot($0) }
      ) { try fallback.prepare(part, context) },
      scratchBytes: text.scratchBytes(on: runtime))
  }

  /// Adds rows that the other executor runs.
  private mutating func addPart(
    computing results: [Value], what: String, site: SourceSite, isProduct: Bool = false
  ) throws {
    let known = slotOfRow
    let own = Set(results.map(\.index))
    let (part, inputs) = graph.part(computing: results) {
      known[$0.index] >= 0 && !own.contains($0.index)
    }
    let sources = inputs.map { slot($0) }
    let targets = results.map { slot($0) }
    program.append(
      OpenCLExecutable.Step(
        .host(
          HostPart(
            try fallback.prepare(part, context), sources: sources, targets: targets, site: site,
            what: what, executor: fallback.name,
            isByDesign: isProduct && runtime.sharesMemory,
            resultBytes: targets.reduce(0) { $0 + (slotTypes[$1].byteCount ?? 0) }))))
  }
}

extension Op {
  fileprivate var isContraction: Bool { if case .contract = self { true } else { false } }
}
