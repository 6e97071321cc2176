import WeftIR
import WeftPasses
import WeftPlans

/// Steps of compiled kernels: where parameters come from, and what brings chunks together.
extension HostPlanner {
  /// The step of a compiled kernel; `begun` holds the slots that earlier pieces of a value took
  /// memory for.
  mutating func compiled(
    _ whole: Cluster, _ lowered: LoweredKernel, begun: inout Set<Int>
  ) -> CompiledStep {
    let cluster = lowered.cluster
    let wiring = KernelWiring(lowered, of: graph, &slots, begun: &begun)
    let targets = wiring.targets.map { target in
      HostExecutable.Target(
        slot: target.slot, type: slotTypes[target.slot], isContinued: target.isContinued)
    }
    var combining: [CompiledStep.Combining] = []
    if let partials = lowered.partials {
      for part in wiring.partials {
        combining.append(Self.combining(part, partials, lowered))
      }
    }
    var overwritable: [(target: Int, slots: [Int])] = []
    for overwrite in lowered.overwritable {
      overwritable.append((overwrite.output, [slot(overwrite.value)]))
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
      lowered, title: whole.title, wiring, targets: targets, combining: combining,
      overwritable: overwritable, interpreted: substitute,
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

  /// What brings the chunks of a reduction or a scatter together.
  private static func combining(
    _ part: KernelWiring.Partial, _ partials: LoweredKernel.Partials, _ lowered: LoweredKernel
  ) -> CompiledStep.Combining {
    let shape = [partials.outer, partials.chunks, partials.inner]
    let dtype = partials.dtypes[part.reduction ?? 0]
    let target = part.target ?? -1
    let reduction = lowered.reduction(part)
    if lowered.finish != nil {
      return CompiledStep.Combining(
        type: TensorType(dtype, Shape(shape)),
        way: .kernel(hasPositions: reduction.isPosition), target: target)
    }
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
