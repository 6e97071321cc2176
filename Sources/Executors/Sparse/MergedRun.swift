import WeftIR
import WeftPasses

/// Elementwise rows over sparse arrays in one pass, by kernels that merge their entries (`MergedCluster`).
extension SparseCluster {
  /// The result; nil where others serve: few arrays, many lists, levels or dtypes that no kernel has, and as
  /// long as there is no code.
  func merged(
    _ sparse: [Value: SparseElements], _ views: [Value: DenseView], _ kernels: SparseKernels
  ) throws -> Buffer? {
    let type = graph.type(Value(row: root))
    guard let compiler, let space = try ListSpace(type.shape.codes, layout, kernels) else {
      return nil
    }
    var elements: [Value: SparseElements] = [:]
    var stored: [Value: ListSpace.Lists] = [:]
    for (input, own) in sparse {
      let isLaid = own.layout.hasLevels(of: layout)
      let laid =
        try isLaid
        ? own
        : own.inLayout(layout.filled(own.fill)) { () throws in try kernels.relaid(own, layout) }
      elements[input] = laid
      stored[input] = try space.positions(of: laid)
    }
    guard let plan = try MergedPlan(self, space, stored, elements, views),
      let code = try compiler.code(
        plan.cluster, entries: plan.entries, kernels.context.counters)
    else { return nil }
    return Buffer(
      try MergedRun(plan, code, type, filled(type), kernels).result(), in: kernels.context.memory)
  }
}

/// What a cluster's kernels are, and what they run on this time.
struct MergedPlan {
  let space: ListSpace
  let lists: [ListSpace.Lists]
  let cluster: MergedCluster
  /// By operand: entries' values, a dense array, or one element.
  let elements: [Buffer]
  /// By operand that stores entries.
  let fills: [Scalar?]
  /// By operand that is dense.
  let views: [DenseView?]
  var entries: Int { lists.reduce(0) { $0 + $1.count } }

  /// nil where another way serves.
  init?(
    _ owner: SparseCluster, _ space: ListSpace, _ stored: [Value: ListSpace.Lists],
    _ sparse: [Value: SparseElements], _ views: [Value: DenseView]
  ) throws {
    guard stored.count == sparse.count else { return nil }
    let kernels = space.kernels
    var pattern = ClusterPattern(
      owner.graph, owner.layouts, Set(owner.rows), stored: stored, sparse: sparse, views: views,
      space, kernels)
    let found: (formula: MergeFormula, leaves: [ListSpace.Lists])
    do {
      found = try pattern.formula(of: owner.root)
    } catch is ClusterPattern<ListSpace>.Unplaced {
      return nil
    }
    // What one pattern has runs as dense vectors do.
    let isMerge = found.leaves.count > 1 || !views.isEmpty
    guard isMerge, found.leaves.count <= MergeLattice.mostLists, !found.formula.terms.isEmpty
    else { return nil }
    var operands: [MergedCluster.Operand] = []
    var elements: [Buffer] = []
    var fills: [Scalar?] = []
    var shown: [DenseView?] = []
    for input in owner.inputs {
      let dtype = owner.graph.type(input).dtype
      let source: MergedCluster.Source
      if let lists = stored[input], let own = sparse[input] {
        // The formula's leaves begin with the operands'.
        let list = found.leaves.firstIndex { space.isSame($0, lists) } ?? 0
        source = .list(list)
        elements.append(own.values)
      } else if let view = views[input] {
        source = .dense
        elements.append(view.buffer)
      } else if let element = owner.uniform(input) {
        source = .uniform
        let buffer = try kernels.values(1, dtype)
        element.store(to: buffer.base)
        elements.append(buffer)
      } else {
        throw owner.missing(input)
      }
      operands.append(MergedCluster.Operand(input, dtype, source))
      fills.append(sparse[input].map { owner.sparseFill(input, $0) })
      shown.append(views[input])
    }
    let total = found.leaves.reduce(0) { $0 + $1.count }
    self.space = space
    lists = found.leaves
    self.elements = elements
    self.fills = fills
    self.views = shown
    cluster = MergedCluster(
      lists: found.leaves.map {
        MergedCluster.List(
          ends: space.leadingLevels == 0 ? .int64 : $0.positions.type.dtype,
          coordinates: $0.coordinates[0].type.dtype)
      },
      operands: operands, terms: found.formula.terms, leadingLevels: space.leadingLevels,
      innerLevels: space.innerLevels,
      index: SparseElements.indexDType(space.shape, count: total))
  }
}

/// A run of a cluster's kernels: entries are counted where some are merged, then computed into their places.
struct MergedRun {
  private let plan: MergedPlan
  private let code: MergeCompiler.Code
  private let type: TensorType
  private let layout: Layout
  private let kernels: SparseKernels
  private let cut: ListSpace.Cut
  /// The addresses of buffer parameters so far, and what keeps them.
  private var memory: [MergedCluster.Binding: Buffer] = [:]

  init(
    _ plan: MergedPlan, _ code: MergeCompiler.Code, _ type: TensorType, _ layout: Layout,
    _ kernels: SparseKernels
  ) throws {
    self.plan = plan
    self.code = code
    self.type = type
    self.layout = layout
    self.kernels = kernels
    cut = try plan.space.cut(plan.lists)
    memory[.parts] = cut.parts
    for (list, own) in plan.lists.enumerated() {
      memory[.ends(list: list)] = cut.ends[list]
      for (level, buffer) in own.coordinates.enumerated() {
        memory[.coordinates(list: list, level: level)] = buffer
      }
    }
    for (n, buffer) in plan.elements.enumerated() {
      memory[.elements(operand: n)] = buffer
      if let fill = plan.fills[n] { memory[.fill(operand: n)] = try element(fill) }
    }
    memory[.resultFill] = try element(layout.fill ?? Scalar(0 as Int64, type.dtype))
  }

  private func element(_ scalar: Scalar) throws -> Buffer {
    let buffer = try kernels.values(1, scalar.dtype)
    scalar.store(to: buffer.base)
    return buffer
  }

  func result() throws -> SparseElements {
    var own = self
    let lists = try own.counted()
    let values = try kernels.values(lists.count, type.dtype)
    own.memory[.result] = values
    let differing = try kernels.values(cut.count, .int64)
    own.memory[.differing] = differing
    try own.run(code.computing)
    let found = differing.base.assumingMemoryBound(to: Int64.self)
    let kept = (0..<cut.count).reduce(0) { $0 + Int(found[$1]) }
    // What has the bits of the fill is not stored.
    if kept < lists.count,
      let places = try kernels.places(of: values, differingFrom: layout.fill ?? Scalar(false))
    {
      return plan.space.elements(
        try plan.space.subset(lists, places),
        try kernels.moved(values, count: places.count) { places.base[$0] }, type, layout)
    }
    return plan.space.elements(lists, values, type, layout)
  }

  /// The positions of the result: a list's own, or new ones that the computation fills.
  private mutating func counted() throws -> ListSpace.Lists {
    if let donor = plan.cluster.donor { return plan.lists[donor] }
    let counts = try kernels.values(cut.count, .int64)
    memory[.counts] = counts
    if let counting = code.counting { try run(counting) }
    let base = counts.base.assumingMemoryBound(to: Int64.self)
    var total: Int64 = 0
    for part in 0..<cut.count {
      let own = base[part]
      base[part] = total
      total += own
    }
    let dtype = plan.cluster.index
    let coordinates = try (0..<plan.cluster.innerLevels).map { level in
      let buffer = try kernels.values(Int(total), dtype)
      memory[.resultCoordinates(level: level)] = buffer
      return buffer
    }
    let hasRows = plan.cluster.leadingLevels > 0
    let ends = try kernels.values((hasRows ? plan.space.rowCount : cut.count) + 1, dtype)
    Scalar(0 as Int64, dtype).store(to: ends.base)
    memory[.resultEnds] = ends
    if hasRows { return ListSpace.Lists(ends, coordinates) }
    let whole = try kernels.values(2, dtype)
    Scalar(0 as Int64, dtype).store(to: whole.base)
    Scalar(total, dtype).store(to: whole.base + dtype.itemSize)
    return ListSpace.Lists(whole, coordinates)
  }

  private func run(_ code: (kernel: MergedKernel, call: any KernelCall)) throws {
    let (kernel, call) = code
    let numbers = kernel.numbers.map(number)
    var kept: [Buffer] = []
    var addresses: [UnsafeMutableRawPointer?] = []
    var threads: [[UnsafeMutableRawPointer?]] = []
    for thread in 0..<kernels.context.scheduler.threadCount {
      var own = addresses
      for (n, binding) in kernel.bindings.enumerated() {
        let dtype: DType
        switch binding {
        case .scratch(let operand): dtype = plan.cluster.operands[operand].dtype
        case .coordinateScratch: dtype = plan.cluster.index
        default:
          if thread == 0 { own.append(memory[binding]?.base) }
          continue
        }
        let tile = try kernels.values(MergedKernel.tile, dtype)
        kept.append(tile)
        if thread == 0 { own.append(tile.base) } else { own[n] = tile.base }
      }
      if thread == 0 { addresses = own }
      threads.append(own)
    }
    nonisolated(unsafe) let bases = threads
    kernels.context.counters.add("mergeKernels")
    try kernels.context.scheduler.run(cut.count, kernels.context.token) { part, thread in
      call.run(bases[thread], numbers, part..<part + 1)
    }
    withExtendedLifetime((kept, memory)) {}
  }

  private func number(_ number: MergedCluster.Number) -> Int64 {
    let order = plan.space.layout.order
    switch number {
    case .parts: return Int64(cut.count)
    case .extent(let level): return Int64(plan.space.shape[order[level]])
    case .step(let operand, let level):
      return Int64(plan.views[operand]?.strides[order[level]] ?? 0)
    case .stride(let level):
      return order.dropFirst(plan.cluster.leadingLevels + level + 1).reduce(Int64(1)) {
        $0 * Int64(max(1, plan.space.shape[$1]))
      }
    }
  }
}
