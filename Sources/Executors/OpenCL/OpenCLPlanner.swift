import WeftIR
import WeftPasses
import WeftPlans

/// Lowers the steps of a cluster plan to kernels of a device and parts for another executor.
struct OpenCLPlanner {
  private let graph: Graph
  private let runtime: OpenCLRuntime
  private let fallback: any Executor
  private let context: PassContext
  private var slots: SlotTable
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
    slots = SlotTable(graph)
  }

  // MARK: - Rows

  /// Why kernels of a device cannot hold a row; nil when they can.
  static func refusal(of row: Int, of graph: Graph, on runtime: OpenCLRuntime?) -> String? {
    let op = graph.rows[row].op
    switch op {
    case .input, .constant, .iota, .broadcast, .reshape, .permute, .slice, .reverse, .store:
      return nil
    case .call: return "\(op.name) has no kernel"
    case .sort, .compress:
      if let runtime, runtime.takesAll, isOrdered(row, of: graph, on: runtime) { return nil }
      return "\(op.name) has no kernel"
    case .contract:
      let dtype = graph.type(Value(row: row)).dtype
      if let runtime, runtime.takesAll, canMultiply(dtype, on: runtime) { return nil }
      return "products of \(dtype) have no kernel"
    case .map, .convert, .random, .reduce, .scan, .argReduce, .gather, .scatter, .pad,
      .concatenate:
      break
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
    let memory = OpenCLMemoryPlan(
      slots: slots, inputs: graph.parameters.count, outputs: outputs)
    let peak = memory.plan(&program)
    return OpenCLExecutable(
      program: program, slots: slots, outputs: outputs,
      peakBytes: runtime.sharesMemory ? peak : memory.hostPeak(program), deviceBytes: peak,
      fusion: decisions, inputCount: graph.parameters.count, runtime: runtime)
  }

  private func clusterPlan() -> ClusterPlan {
    let planner = self
    return ClusterPlan(
      graph,
      options: FuseOptions(
        rowKernels: true, pieces: true, siblings: true, gathers: true, positions: true,
        scans: true, scatters: !runtime.takesAll),
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
          unitElements: runtime.unitElements, threads: runtime.device.computeUnits,
          verifies: context.verifies),
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

  private mutating func slot(_ value: Value) -> Int { slots.slot(of: value, in: graph) }

  // MARK: - Steps

  private mutating func add(
    _ step: ClusterPlan.Step, _ kernels: inout ArraySlice<OpenCLText?>
  ) throws {
    switch step {
    case .cluster(let cluster): try addKernels([cluster], &kernels)
    case .pieces(let clusters): try addKernels(clusters, &kernels)
    case .contract(let row, let operands):
      if try !addProduct(row, operands) { try addPart(row) }
    case .row(let row):
      if try !addOrdered(row) { try addPart(row) }
    case .alias(let row, let source):
      let (from, to) = (slot(source), slot(Value(row: row)))
      slots.alias(to, of: from)
      program.append(OpenCLExecutable.Step(.alias(from: from, to: to, slots.types[to])))
    }
  }

  private mutating func addKernels(
    _ clusters: [Cluster], _ kernels: inout ArraySlice<OpenCLText?>
  ) throws {
    var begun: Set<Int> = []
    var steps: [OpenCLKernelStep] = []
    for cluster in clusters {
      if let text = kernels.popFirst() ?? nil {
        steps.append(try kernelStep(cluster, text, isPiece: clusters.count > 1, &begun))
      } else {
        let targets = cluster.stored.map { slot($0) }.filter { begun.insert($0).inserted }
        if targets.isEmpty { continue }
        program.append(OpenCLExecutable.Step(.reserve(targets.map { ($0, slots.types[$0]) })))
      }
    }
    if !steps.isEmpty { program.append(OpenCLExecutable.Step(.kernels(steps))) }
  }

  private mutating func kernelStep(
    _ whole: Cluster, _ text: OpenCLText, isPiece: Bool, _ begun: inout Set<Int>
  ) throws -> OpenCLKernelStep {
    let lowered = text.lowered
    let cluster = lowered.cluster
    let wiring = KernelWiring(lowered, of: graph, &slots, begun: &begun)
    var combining: [OpenCLKernelStep.Combining] = []
    if let partials = lowered.partials {
      let count = partials.outer * partials.chunks * partials.inner
      for part in wiring.partials {
        // A kernel that uses what it folded brings chunks together itself.
        let kernel = lowered.finish == nil ? lowered.combining(part.reduction) : nil
        combining.append(
          try OpenCLKernelStep.Combining(
            kernel, for: runtime,
            valueBytes: count * partials.dtypes[part.reduction ?? 0].itemSize,
            positionBytes: lowered.reduction(part).isPosition ? count * 8 : 0,
            target: part.target ?? -1, context.compilation))
      }
    }
    var checks = lowered.takings.map { node -> OpenCLKernelStep.IndexCheck in
      guard case .gather(_, _, let taking) = cluster.nodes[node] else {
        preconditionFailure("node \(node) takes nothing")
      }
      var axis = 0
      if case .gather(let taken) = graph.rows[taking.row].op { axis = taken }
      return OpenCLKernelStep.IndexCheck(
        what: "gather", axis: axis, extent: taking.extent, site: graph.rows[taking.row].site)
    }
    if let scatter = cluster.scatter {
      checks.append(
        OpenCLKernelStep.IndexCheck(
          what: "scatter", axis: 0, extent: scatter.extent,
          site: graph.rows[scatter.value.index].site))
    }
    var rows = whole.rows
    if rows.isEmpty { rows = Array(Set(whole.stored.map(\.index))).sorted() }
    let titles = rows.map { graph.title(of: $0) }
    let stored = Array(Set(whole.stored)).sorted { ($0.row, $0.result) < ($1.row, $1.result) }
    return OpenCLKernelStep(
      text, title: titles.joined(separator: ", "),
      sites: rows.map { graph.rows[$0].site }, wiring,
      types: wiring.targets.map { slots.types[$0.slot] }, combining: combining, checks: checks,
      substitute: substitute(for: stored), isPiece: isPiece, context.compilation,
      on: runtime)
  }

  /// The other executor's way to some values.
  private mutating func substitute(for stored: [Value]) -> OpenCLSubstitute {
    let known = slots
    let own = Set(stored.map(\.index))
    let (part, inputs) = graph.part(computing: stored) {
      known.has($0.index) && !own.contains($0.index)
    }
    let (fallback, context) = (fallback, context)
    return OpenCLSubstitute(
      sources: inputs.map { slot($0) }, targets: stored.map { slot($0) }
    ) { try fallback.prepare(part, context) }
  }

  // MARK: - Products

  /// Adds a contraction as a kernel of the device; false where that is not possible here.
  private mutating func addProduct(_ row: Int, _ operands: [ClusterPlan.Reading]) throws -> Bool {
    let result = Value(row: row)
    let type = graph.type(result)
    guard runtime.takesAll, case .contract(let contraction) = graph.rows[row].op,
      Self.canMultiply(type.dtype, on: runtime), type.shape.count ?? 0 > 0
    else { return false }
    if operands.count == 2,
      let product = OpenCLProduct(contraction, operands[0].view, operands[1].view, type.dtype)
    {
      program.append(
        OpenCLExecutable.Step(
          .device(
            OpenCLProductStep(
              product, sources: operands.map { slot($0.value) }, target: slot(result), type: type,
              site: graph.rows[row].site, substitute(for: [result])))))
      return true
    }
    // Of vectors, and of integers: a fold of what is multiplied.
    let cluster = Cluster(
      multiplying: operands.map { ($0.value, type.dtype, $0.view) }, contraction,
      to: result, type.dtype)
    guard let cluster, let lowered = try cluster.lowered(verifies: context.verifies),
      let text = try OpenCLText(lowered, for: runtime)
    else { return false }
    var begun: Set<Int> = []
    program.append(
      OpenCLExecutable.Step(.kernels([try kernelStep(cluster, text, isPiece: false, &begun)])))
    return true
  }

  /// Whether the device multiplies arrays of a dtype.
  static func canMultiply(_ dtype: DType, on runtime: OpenCLRuntime) -> Bool {
    switch dtype.kind {
    case .signed, .unsigned: true
    default: dtype == .float32 || dtype == .float64 && runtime.device.hasDouble
    }
  }

  // MARK: - Sorts, scatters, compressions

  /// Whether kernels of a device that takes all rows put elements of a row in order or in place.
  private static func isOrdered(
    _ row: Int, of graph: Graph, on runtime: OpenCLRuntime
  ) -> Bool {
    let types = graph.operands(row).map { graph.type($0) }
    guard types.allSatisfy({ $0.shape.count ?? 0 > 0 }) else { return false }
    switch graph.rows[row].op {
    case .sort: return OpenCLSorting.canSort(types[0].dtype, on: runtime)
    case .compress: return true
    case .scatter:
      return graph.isLowerable(row) && (types[0].dtype != .float64 || runtime.device.hasDouble)
    default: return false
    }
  }

  /// Adds a sort, scatter or compression as kernels of the device; false where that is not possible
  /// here.
  private mutating func addOrdered(_ row: Int) throws -> Bool {
    let operands = Array(graph.operands(row))
    guard runtime.takesAll, Self.isOrdered(row, of: graph, on: runtime),
      operands.allSatisfy({ slots.has($0.index) })
    else { return false }
    let types = graph.types(row).map { $0 }
    let results = types.indices.map { Value(row: row, result: $0) }
    let (sources, site) = (operands.map { slot($0) }, graph.rows[row].site)
    let operand = graph.type(operands[0])
    let step: any OpenCLDeviceStep
    switch graph.rows[row].op {
    case .sort(let axis, let descending):
      let sorting = OpenCLSorting(
        dtype: operand.dtype, box: OpenCLBox(operand, axis: axis), descending: descending)
      step = OpenCLSortStep(
        sorting, source: sources[0], targets: results.map { slot($0) }, types: types, site: site,
        substitute(for: results))
    case .scatter(let axis, let f):
      step = try OpenCLScatterStep(
        f, axis: axis, sources: sources, target: slot(results[0]), type: types[0],
        updates: graph.type(operands[1]).shape.count ?? 0, site: site, substitute(for: results))
    case .compress(let axis, _):
      step = OpenCLCompressStep(
        operand, axis: axis, sources: sources, target: slot(results[0]), type: types[0],
        site: site, substitute(for: results))
    default: return false
    }
    program.append(OpenCLExecutable.Step(.device(step)))
    return true
  }

  // MARK: - Other rows

  private mutating func addPart(_ row: Int) throws {
    let results = (0..<graph.types(row).count).map { Value(row: row, result: $0) }
    try addPart(
      computing: results, what: graph.title(of: row), site: graph.rows[row].site,
      isByDesign: runtime.sharesMemory && graph.rows[row].op.isForLibraries)
  }

  /// Adds rows that the other executor runs.
  private mutating func addPart(
    computing results: [Value], what: String, site: SourceSite, isByDesign: Bool = false
  ) throws {
    program.append(
      OpenCLExecutable.Step(
        .host(
          try PartStep(
            computing: results, of: graph, &slots, on: fallback, context, what: what, site: site,
            isByDesign: isByDesign))))
  }
}

extension Op {
  /// Whether a processor's libraries are what a device that shares its memory would compete with:
  /// products, routines (LAPACK, transforms) and sorting.
  var isForLibraries: Bool {
    switch self {
    case .contract, .call, .sort: true
    default: false
    }
  }
}
