import WeftIR

/// Writes the kernel of a cluster.
///
/// Shapes of loops: elementwise, rows (the innermost axis is folded; in stages where folds
/// are used again), columns (the innermost axis is kept, outer ones are folded) and scans along
/// the innermost or another axis. Everything that
/// depends on extents, strides and scalars is a parameter; what becomes text is the rank, which
/// strides are 0 or 1, and which arrays have all strides in common.
///
/// A lowering lives in the function that runs it.
final class ClusterLowering {
  let cluster: Cluster
  let space: IterationSpace
  /// The elements of a unit of work that were asked for.
  let wantedUnit: Int?
  let builder = KernelBuilder()
  private(set) var parameters: [Kernel.Parameter] = []
  private(set) var bindings: [LoweredKernel.Binding] = []
  private(set) var indices: [Int64] = []
  private(set) var prefetchDistances: [Int] = []
  private(set) var scratch: [Int] = []
  private var indexOfKey: [String: Int] = [:]
  /// The nodes that take at indices, in the order of their flags, and the buffer of these.
  private(set) var takings: [Int] = []
  private var flagBuffer = -1

  /// The participant of each node that reads by position, or -1.
  let participant: [Int]
  /// The buffer parameter of each node that loads, or -1.
  private var bufferOfNode: [Int]
  /// Participants: nodes, then outputs, then reductions.
  let outputParticipants: Int
  let reductionParticipants: Int

  /// The first participant with the same strides, for each.
  private let leaders: [Int]

  /// Whether each node differs along the innermost axis, along some reduced one, and the stage in
  /// which it is known.
  let varies: [Bool]
  let variesInFold: [Bool]
  let stages: [Int]
  /// The stage of each reduction.
  let reductionStages: [Int]

  /// What is known where the builder stands.
  struct Context {
    /// What nodes are.
    var terms: [KernelTerm?]
    /// The outer indices.
    var outer: [KernelTerm?]
    /// The sums of outer indices times strides, by the participant whose strides are the first.
    var bases: [Int: KernelTerm] = [:]
    /// What blocks of arrays that lie across were copied to, by node.
    var blocks: [Int: Block] = [:]

    /// Rows of a block of an array, each with its columns side by side.
    struct Block {
      var buffer: Int
      var firstRow: KernelTerm
      var firstColumn: KernelTerm
    }
  }

  var context: Context
  var terms: [KernelTerm?] {
    get { context.terms }
    set { context.terms = newValue }
  }
  var outer: [KernelTerm?] { context.outer }

  static func lower(
    _ cluster: Cluster, name: String, unitElements: Int? = nil, threads: Int = 1
  ) -> LoweredKernel? {
    let isComplex = cluster.dtypes.contains(where: \.isComplex)
    guard let cluster = isComplex ? cluster.inParts() : cluster, isLowerable(cluster) else {
      return nil
    }
    let lowering = ClusterLowering(cluster, unitElements: unitElements)
    if lowering.space.count == 0 { return nil }
    let plan: LoopPlan?
    if cluster.scatter != nil {
      plan = lowering.writeScatter(threads: threads)
    } else if cluster.scan != nil {
      plan = lowering.space.foldsInside ? lowering.writeRowScan() : lowering.writeColumnScan()
    } else if cluster.reducedAxes.isEmpty {
      plan = lowering.writeElementwise()
    } else if lowering.space.foldsInside {
      plan = lowering.writeRows()
    } else if cluster.mayPair, lowering.endsInFolds,
      lowering.space.isPaired(0..<lowering.outputParticipants)
    {
      plan = lowering.writePairs()
    } else {
      plan = lowering.writeColumns()
    }
    guard let plan else { return nil }
    return LoweredKernel(
      cluster: cluster,
      kernel: Kernel(
        name: name, parameters: lowering.parameters, body: lowering.builder.statements
      ).canonical(),
      bindings: lowering.bindings, indices: lowering.indices,
      prefetchDistances: lowering.prefetchDistances, units: plan.units,
      elements: lowering.space.count, scratch: lowering.scratch, partials: plan.partials,
      takings: lowering.takings, phases: plan.phases, finish: plan.finish,
      overwritable: lowering.overwritable())
  }

  /// How often the parallel loop runs, and what is left to combine.
  struct LoopPlan {
    var units: Int
    var partials: LoweredKernel.Partials?
    var phases: LoweredKernel.Phases?
    var finish: LoweredKernel.Finish?
  }

  /// See `LoweredKernel.overwritable`: an element is read in the loop that writes it, from the same
  /// place, and nowhere else.
  private func overwritable() -> [LoweredKernel.Overwrite] {
    // What is taken at indices may be read again by any position, and a complex element is more
    // than its part.
    if cluster.gathers || cluster.isInParts { return [] }
    // The block that holds the extreme is read again for its place.
    if cluster.reductions.contains(where: \.isPosition) { return [] }
    let lastStage = cluster.outputs.indices.map { stages[cluster.outputs[$0].node] }.max() ?? 0
    // A later stage reads again what an earlier one has written over.
    guard cluster.reductions.allSatisfy({ stages[$0.node] < max(1, lastStage) }) else { return [] }
    var result: [LoweredKernel.Overwrite] = []
    for (number, output) in cluster.outputs.enumerated() {
      guard !output.isFolded, stages[output.node] == lastStage, output.view.isContiguous else {
        continue
      }
      for (index, node) in cluster.nodes.enumerated() {
        guard case .load(let value, let view) = node, view == output.view,
          cluster.dtypes[index] == cluster.dtypes[output.node], bufferOfNode[index] >= 0
        else { continue }
        let reads = cluster.nodes.count {
          if case .load(value, _) = $0 { true } else { false }
        }
        if reads == 1 {
          result.append(LoweredKernel.Overwrite(output: number, value: value))
        }
      }
    }
    return result
  }

  private static func isLowerable(_ cluster: Cluster) -> Bool {
    // A fold over no axes is a copy, which passes have seen to; here it would be two shapes of loops.
    if cluster.reducedAxes.isEmpty, !cluster.reductions.isEmpty { return false }
    if cluster.dtypes.contains(where: \.isComplex) { return false }
    if cluster.reductions.contains(where: { $0.dtype.isComplex }) { return false }
    for (node, dtype) in zip(cluster.nodes, cluster.dtypes) {
      switch node {
      case .map(let f, let type, _, _, _):
        if KernelLibrary.function(f, computing(type)) == nil { return false }
      case .convert(let source):
        let from = cluster.dtypes[source]
        if from != dtype, KernelLibrary.conversion(from: from, to: dtype) == nil { return false }
      case .load, .constant, .iota, .random, .folded, .gather, .scanned: break
      }
    }
    if let scan = cluster.scan, ScanType(scan.function, of: cluster.dtypes[scan.node]) == nil {
      return false
    }
    if let scatter = cluster.scatter, !canPut(scatter.function, scatter.dtype) { return false }
    return cluster.reductions.allSatisfy { foldType($0, in: cluster) != nil }
  }

  /// The dtype in which functions of a dtype are computed.
  static func computing(_ dtype: DType) -> DType {
    dtype == .float16 || dtype == .bfloat16 ? .float32 : dtype
  }

  private init(_ cluster: Cluster, unitElements: Int?) {
    self.cluster = cluster
    wantedUnit = unitElements
    let zeros = cluster.shape.map { _ in 0 }
    var all: [[Int]] = []
    var participant = cluster.nodes.map { _ in -1 }
    var leader: Int?
    var leading = 0
    for (index, node) in cluster.nodes.enumerated() {
      switch node {
      case .load(_, let view):
        let used = zip(view.strides, cluster.shape).count { $0 != 0 && $1 != 1 }
        if used > leading { (leader, leading) = (all.count, used) }
        participant[index] = all.count
        all.append(view.strides)
      case .iota(_, let view), .random(_, _, let view), .gather(_, let view, _):
        participant[index] = all.count
        all.append(view.strides)
      case .constant, .map, .convert, .folded, .scanned: break
      }
    }
    self.participant = participant
    outputParticipants = all.count
    for output in cluster.outputs { all.append(output.view.strides) }
    reductionParticipants = all.count
    if !cluster.reductions.isEmpty {
      let kept = cluster.shape.indices.filter { !cluster.reducedAxes.contains($0) }
      var strides = zeros
      let dense = StridedView.contiguousStrides(kept.map { cluster.shape[$0] })
      for (axis, stride) in zip(kept, dense) { strides[axis] = stride }
      for reduction in cluster.reductions {
        all.append(reduction.part == nil ? strides : strides.map { 2 * $0 })
      }
    }
    (stages, reductionStages) = Self.levels(cluster)
    // What goes back over its positions is a row kernel, whose innermost axis is folded.
    let isFree =
      cluster.outputs.allSatisfy(\.isFolded) && !cluster.reductions.isEmpty
      && reductionStages.allSatisfy { $0 == 0 }
    space = IterationSpace(
      shape: cluster.shape, reduced: cluster.scan.map { [$0.axis] } ?? cluster.reducedAxes,
      strides: all,
      leader: isFree ? leader : nil, pairing: isFree && cluster.mayPair ? outputParticipants : 0)
    let strides = space.strides
    leaders = strides.indices.map { n in strides.firstIndex { $0 == strides[n] } ?? n }
    bufferOfNode = cluster.nodes.map { _ in -1 }
    context = Context(
      terms: cluster.nodes.map { _ in nil }, outer: space.extents.map { _ in nil })
    let last = space.extents.count - 1
    varies = Self.varying(cluster, space, participant) { $0 == last }
    let reduced = space.isReduced
    variesInFold = Self.varying(cluster, space, participant) { reduced[$0] }
  }

  /// Which nodes differ along some of the axes.
  private static func varying(
    _ cluster: Cluster, _ space: IterationSpace, _ participant: [Int], _ axes: (Int) -> Bool
  ) -> [Bool] {
    var varies = cluster.nodes.map { _ in false }
    for (index, node) in cluster.nodes.enumerated() {
      switch node {
      case .load, .iota:
        let strides = space.strides[participant[index]]
        varies[index] = strides.indices.contains { axes($0) && strides[$0] != 0 }
      case .random, .scanned: varies[index] = true
      case .gather(_, _, let taking):
        let strides = space.strides[participant[index]]
        varies[index] =
          varies[taking.index] || strides.indices.contains { axes($0) && strides[$0] != 0 }
      case .constant, .folded: break
      case .convert(let a): varies[index] = varies[a]
      case .map(let f, _, let a, let b, let c):
        varies[index] = [a, b, c].prefix(f.arity).contains { varies[$0] }
      }
    }
    return varies
  }

  /// The stage in which each node and each reduction is known.
  private static func levels(_ cluster: Cluster) -> (nodes: [Int], reductions: [Int]) {
    var stages = cluster.nodes.map { _ in 0 }
    for (index, node) in cluster.nodes.enumerated() {
      switch node {
      case .load, .iota, .constant, .random: break
      case .folded(let n): stages[index] = stages[cluster.reductions[n].node] + 1
      case .scanned: stages[index] = 1
      case .gather(_, _, let taking): stages[index] = stages[taking.index]
      case .convert(let a): stages[index] = stages[a]
      case .map(let f, _, let a, let b, let c):
        stages[index] = [a, b, c].prefix(f.arity).map { stages[$0] }.max() ?? 0
      }
    }
    return (stages, cluster.reductions.map { stages[$0.node] })
  }

  // MARK: - Parameters

  /// A buffer parameter.
  func buffer(_ dtype: DType, isWritten: Bool, _ binding: LoweredKernel.Binding) -> Int {
    parameters.append(.buffer(dtype, isWritten: isWritten))
    bindings.append(binding)
    return parameters.count - 1
  }

  /// An index parameter; equal keys are one.
  func index(_ key: String, _ value: Int) -> KernelTerm {
    if let known = indexOfKey[key] { return builder.term(.parameter(known)) }
    parameters.append(.index)
    indices.append(Int64(value))
    indexOfKey[key] = parameters.count - 1
    return builder.term(.parameter(parameters.count - 1))
  }

  /// How far ahead a participant's elements are asked for: an index parameter.
  func prefetchDistance(_ participant: Int, _ value: Int) -> KernelTerm {
    let place = indices.count
    let term = index("ahead\(participant)", value)
    if indices.count > place { prefetchDistances.append(place) }
    return term
  }

  /// Memory of the thread's own.
  func scratchBuffer(_ dtype: DType, count: Int) -> Int {
    scratch.append((count * dtype.itemSize + 63) / 64 * 64 + 64)
    return buffer(dtype, isWritten: true, .scratch(scratch.count - 1))
  }

  /// The extent of an axis of the space.
  func extent(_ axis: Int) -> KernelTerm { index("n\(axis)", space.extents[axis]) }

  /// The stride of a participant along an axis: nil for 0.
  func stride(_ participant: Int, _ axis: Int) -> KernelTerm? {
    let value = space.strides[participant][axis]
    if value == 0 { return nil }
    if axis == space.extents.count - 1, value == 1 || value == 2 && cluster.isInParts {
      return constant(value)
    }
    // By participant, not by value: strides that are equal by chance must not change the text.
    return index("s\(axis):\(leaders[participant])", value)
  }

  /// The loop over units of work, which whoever runs the kernel shares out.
  func parallelLoop(units: Int, _ body: (KernelTerm) -> Void) {
    builder.loop(.parallel, from: constant(0), to: index("units", units)) { unit in
      scoped { body(unit) }
    }
  }

  func constant(_ value: Int) -> KernelTerm { builder.constant(Scalar(Int64(value), .int64)) }

  func least(_ a: KernelTerm, _ b: KernelTerm) -> KernelTerm { (a .< b).select(a, b) }

  // MARK: - Places

  /// Enters a row: the outer indices have values.
  func enterRow(_ values: [KernelTerm?]) {
    context.outer = values
    context.bases = [:]
  }

  /// Where a participant's element lies; `column` is the innermost index.
  func place(_ participant: Int, offset: Int, column: KernelTerm?) -> KernelTerm {
    var place = base(participant)
    if offset != 0 {
      let shift = index("o\(participant)", offset)
      place = place.map { $0 + shift } ?? shift
    }
    if let column, let stride = stride(participant, space.extents.count - 1) {
      let step = stride.operand == constant(1).operand ? column : column * stride
      place = place.map { $0 + step } ?? step
    }
    return place ?? constant(0)
  }

  /// The sum of outer indices times strides; participants with the same strides share it.
  private func base(_ participant: Int) -> KernelTerm? {
    let strides = space.strides[participant].dropLast()
    let first = leaders[participant]
    if let known = context.bases[first] { return known }
    var sum: KernelTerm?
    for axis in strides.indices {
      guard let value = outer[axis], let stride = stride(participant, axis) else { continue }
      let product = value * stride
      sum = sum.map { $0 + product } ?? product
    }
    if let sum { context.bases[first] = sum }
    return sum
  }

  /// Computes all bases here, so that inner loops find them.
  func settleBases() {
    for participant in space.strides.indices { _ = base(participant) }
  }

  /// Runs a body after which terms are what they were.
  func scoped(_ body: () -> Void) {
    let saved = context
    body()
    context = saved
  }

  /// The buffer of a node that loads.
  func bufferOf(_ node: Int) -> Int {
    if bufferOfNode[node] >= 0 { return bufferOfNode[node] }
    let dtype = cluster.dtypes[node]
    switch cluster.nodes[node] {
    case .load(let value, _), .gather(let value, _, _):
      bufferOfNode[node] = buffer(dtype, isWritten: false, .value(value))
    case .constant(let scalar):
      bufferOfNode[node] = buffer(dtype, isWritten: false, .constant(scalar))
    case .iota, .random, .map, .convert, .folded, .scanned: break
    }
    return bufferOfNode[node]
  }

  /// The element of a node that takes at an index; an index outside of the extent sets a flag.
  func taken(_ node: Int, _ view: StridedView, _ taking: Cluster.Taking, _ column: KernelTerm?)
    -> KernelTerm?
  {
    guard let position = terms[taking.index] else { return nil }
    let flag = takings.firstIndex(of: node) ?? takings.count
    if flag == takings.count { takings.append(node) }
    let inside = inside(
      position, index("e\(participant[node])", taking.extent), flag: flag)
    let step =
      taking.stride == 1 ? inside : inside * index("t\(participant[node])", taking.stride)
    let place = place(participant[node], offset: view.offset, column: column)
    let isStart = place.operand == constant(0).operand
    let element = isStart ? step : place + step
    if taking.isCount { return astype(element, cluster.dtypes[node]) }
    return builder.load(bufferOf(node), cluster.dtypes[node], at: element)
  }

  /// An index inside of an extent: one outside sets a flag and becomes 0.
  func inside(
    _ position: KernelTerm, _ extent: @autoclosure () -> KernelTerm, flag: Int
  ) -> KernelTerm {
    if flagBuffer < 0 { flagBuffer = buffer(.uint8, isWritten: true, .flags) }
    let extent = extent()
    let isOutside = position.bitcast(to: .uint64) .>= extent.bitcast(to: .uint64)
    builder.branch(isOutside) {
      builder.store(
        builder.constant(Scalar(1 as Int64, .uint8)), to: flagBuffer, at: constant(flag))
    }
    return isOutside.select(constant(0), position)
  }
}
