import WeftIR
import WeftPasses

/// Steps of compiled kernels: where parameters come from, and what brings chunks together.
extension HostPlanner {
  /// The step of a compiled kernel; `begun` holds the slots that earlier pieces of a value took
  /// memory for.
  mutating func compiled(
    _ whole: Cluster, _ lowered: LoweredKernel, begun: inout Set<Int>
  ) -> CompiledStep {
    let cluster = lowered.cluster
    var targets: [HostExecutable.Target] = []
    func target(_ value: Value, _ begun: inout Set<Int>) -> Int {
      let slot = slot(value)
      targets.append(
        HostExecutable.Target(
          slot: slot, type: slotTypes[slot], isContinued: !begun.insert(slot).inserted))
      return targets.count - 1
    }
    let outputs = cluster.outputs.map { target($0.value, &begun) }
    var results: [Int: CompiledStep.Source] = [:]
    var partialResults: [Int: CompiledStep.Source] = [:]
    var combining: [CompiledStep.Combining] = []
    for (n, reduction) in cluster.reductions.enumerated() {
      let number = reduction.isStored ? target(reduction.value, &begun) : -1
      if number >= 0 { results[n] = .target(number) }
      guard let partials = lowered.partials else { continue }
      partialResults[n] = .partial(combining.count)
      if lowered.finish != nil {
        let shape = Shape([partials.outer, partials.chunks, partials.inner])
        combining.append(
          CompiledStep.Combining(
            type: TensorType(partials.dtypes[n], shape),
            way: .kernel(hasPositions: reduction.isPosition), target: number))
        continue
      }
      combining.append(Self.combining(reduction, partials, n, target: number))
    }
    var scattered: CompiledStep.Source?
    if let scatter = cluster.scatter {
      let number = target(scatter.value, &begun)
      scattered = .target(number)
      if let partials = lowered.partials {
        scattered = .partial(combining.count)
        let sum = Cluster.Reduction(
          value: scatter.value, node: 0, function: scatter.function, dtype: scatter.dtype)
        combining.append(Self.combining(sum, partials, 0, target: number))
      }
    }
    var constants: [Scalar] = []
    let sources = lowered.bindings.map { binding -> CompiledStep.Source in
      switch binding {
      case .value(let value): return .slot(slot(value))
      case .constant(let scalar):
        constants.append(scalar)
        return .constant(constants.count - 1)
      case .output(let n): return .target(outputs[n])
      case .reduction(let n): return results[n] ?? .scratch(0)
      // Where rows are whole nothing goes there.
      case .partial(let n): return partialResults[n] ?? results[n] ?? .scratch(0)
      case .partialPosition(let n):
        if case .partial(let k)? = partialResults[n] { return .partialPosition(k) }
        return results[n] ?? .scratch(0)
      case .scratch(let n): return .scratch(n)
      case .flags: return .flags
      case .totals: return .totals
      case .scattered: return scattered ?? .scratch(0)
      }
    }
    var overwritable: [(target: Int, slots: [Int])] = []
    for overwrite in lowered.overwritable {
      overwritable.append((outputs[overwrite.output], [slot(overwrite.value)]))
    }
    kernels += 1
    // Elementwise, both ways give the same bits; a sum's bits depend on its order.
    let isPatient =
      context.compilation == .automatic && isPlain(whole) && whole.reductions.isEmpty
      && !whole.hasComplexFunctions
      && lowered.elements * max(1, whole.instructionCount) < Self.leastAwaited
    // Parts of complex numbers go to one target, which has its memory from the first.
    let wholeTargets = targets.filter { !$0.isContinued }
    let substitute =
      isPatient ? interpreted(whole, wholeTargets) { planner, value in planner.slot(value) } : nil
    return CompiledStep(
      lowered, title: whole.title, sources: sources, constants: constants, targets: targets,
      combining: combining, overwritable: overwritable, interpreted: substitute,
      checks: lowered.takings.map { check(cluster, $0) }
        + [cluster.scatter].compactMap { $0.map { check(cluster, $0) } })
  }

  /// What finds and tells a wrong index of a node that takes.
  private mutating func check(_ cluster: Cluster, _ node: Int) -> IndexCheck {
    guard case .gather(_, _, let taking) = cluster.nodes[node],
      case .gather(let axis) = graph.rows[taking.row].op
    else { preconditionFailure("node \(node) takes nothing") }
    return check(
      IndexCheck(
        op: "gather", axis: axis, extent: taking.extent, site: graph.rows[taking.row].site),
      cluster, index: taking.index)
  }

  /// What finds and tells a wrong index of a scatter.
  private mutating func check(_ cluster: Cluster, _ scatter: Cluster.Scatter) -> IndexCheck {
    check(
      IndexCheck(
        op: "scatter", axis: 0, extent: scatter.extent,
        site: graph.rows[scatter.value.index].site), cluster, index: scatter.index)
  }

  /// A check with what computes the indices, a node of the cluster, again.
  private mutating func check(
    _ check: IndexCheck, _ cluster: Cluster, index: Int
  ) -> IndexCheck {
    var check = check
    if let indices = cluster.computing(index) {
      let type = TensorType(.int64, Shape(indices.shape))
      check.slot = addSlot(type)
      check.step = interpreted(
        indices, [HostExecutable.Target(slot: check.slot, type: type)]
      ) { planner, value in planner.slot(value) }
    }
    return check
  }

  /// The kernel that brings the chunks of a reduction together.
  private static func combining(
    _ reduction: Cluster.Reduction, _ partials: LoweredKernel.Partials, _ number: Int, target: Int
  ) -> CompiledStep.Combining {
    let shape = [partials.outer, partials.chunks, partials.inner]
    let dtype = partials.dtypes[number]
    if let part = reduction.part {
      return CompiledStep.Combining(
        type: TensorType(dtype, Shape(shape)), way: .part(PartSum(part)), target: target)
    }
    if reduction.isPosition {
      return CompiledStep.Combining(
        type: TensorType(dtype, Shape(shape)),
        way: .search(PositionSearch(reduction.function, dtype)), target: target)
    }
    var cluster = Cluster(shape: shape)
    let node = cluster.add(.load(Value(row: 0), StridedView(contiguous: shape)), dtype)
    cluster.reducedAxes = [1]
    cluster.reductions = [
      Cluster.Reduction(
        value: reduction.value, node: node, function: reduction.function, dtype: reduction.dtype)
    ]
    return CompiledStep.Combining(
      type: TensorType(dtype, Shape(shape)),
      way: .fold(KernelCompiler.compile(cluster).kernel), target: target)
  }
}
