import WeftIR

extension ClusterLowering {
  /// The least updates of a chunk, and how many there are for each element of the result that a
  /// chunk has of its own.
  static let scatterChunk = 65_536
  static let updatesOfElement = 4
  /// The most chunks; their number is a power of two, so that threads share them alike.
  static let mostScatterChunks = 16
  /// The most threads that visit all updates for a part of the result each.
  static let mostOwners = 8

  /// Whether kernels put elements of a dtype with a function.
  static func canPut(_ f: ScalarFunction, _ dtype: DType) -> Bool {
    !dtype.isComplex && computing(dtype) == dtype && KernelLibrary.function(f, dtype) != nil
  }

  /// Loops of a kernel that puts elements at indices.
  ///
  /// Where the result is small next to the updates and parts may be combined, a unit is a chunk of
  /// updates with a result of its own; the first begins with the base, and chunks come together in
  /// order. Otherwise a unit is an owner of a part of the result, who visits all updates and takes
  /// his: each element meets its updates in order, whatever the number of owners. The text is the
  /// same for both.
  func writeScatter(threads: Int) -> LoopPlan? {
    guard let scatter = cluster.scatter else { return nil }
    let roots = [scatter.index, scatter.node]
    let (chunks, length) = chunks(of: scatter)
    let owners = chunks > 1 ? 1 : min(threads, Self.mostOwners, max(1, scatter.extent / 1024))
    let writer = ScatterWriter(self, scatter)
    evaluateStill(for: roots, stage: 0, isConstant: true)
    let units = owners * chunks
    parallelLoop(units: units) { unit in
      let ownerCount = index("owners", owners)
      let chunkLength = index("chunk", length)
      let whole = index("extent", scatter.extent)
      let share = index("share", (scatter.extent + owners - 1) / owners)
      let chunk = unit / ownerCount
      let low = least(unit % ownerCount * share, whole)
      let start = chunk * chunkLength
      enterRow([nil])
      evaluateStill(for: roots, stage: 0, isConstant: false)
      writer.write(
        from: start, to: least(start + chunkLength, extent(0)), chunk: chunk, whole: whole,
        owned: (low, least(low + share, whole)), isShared: constant(1) .< ownerCount)
    }
    let partials = LoweredKernel.Partials(
      outer: 1, chunks: chunks, inner: scatter.extent, dtypes: [scatter.dtype])
    return LoopPlan(units: units, partials: chunks > 1 ? partials : nil)
  }

  /// How updates are cut, by shape alone.
  private func chunks(of scatter: Cluster.Scatter) -> (count: Int, length: Int) {
    let isProduct = scatter.function == .multiply && scatter.dtype.isFloat
    guard !isProduct, FoldType(scatter.function, of: scatter.dtype) != nil else {
      return (1, space.length)
    }
    let least = max(Self.scatterChunk, Self.updatesOfElement * scatter.extent)
    var wanted = 1
    while wanted < Self.mostScatterChunks, 2 * wanted * least <= space.length { wanted *= 2 }
    let length = (space.length + wanted - 1) / wanted
    return ((space.length + length - 1) / length, length)
  }
}

/// Writes what happens to one unit of a kernel that puts elements at indices.
///
/// Blocks of updates go through the thread's memory: vectors compute and check them, an owner keeps
/// his, and one after the other they meet the result.
private struct ScatterWriter {
  private let lowering: ClusterLowering
  private let builder: KernelBuilder
  private let scatter: Cluster.Scatter
  private let base: Int
  private let target: Int
  private let places: Int
  /// The memory for elements, or -1 where all are the same.
  private let elements: Int

  init(_ lowering: ClusterLowering, _ scatter: Cluster.Scatter) {
    self.lowering = lowering
    self.scatter = scatter
    builder = lowering.builder
    base = lowering.buffer(
      scatter.dtype, isWritten: false,
      scatter.scalar.map { .constant($0) } ?? .value(scatter.base))
    target = lowering.buffer(scatter.dtype, isWritten: true, .scattered)
    places = lowering.scratchBuffer(.int64, count: ClusterLowering.block)
    elements =
      lowering.varies[scatter.node]
      ? lowering.scratchBuffer(scatter.dtype, count: ClusterLowering.block) : -1
  }

  func write(
    from start: KernelTerm, to end: KernelTerm, chunk: KernelTerm, whole: KernelTerm,
    owned: (low: KernelTerm, high: KernelTerm), isShared: KernelTerm
  ) {
    let shift = chunk * whole
    begin(owned, chunk, shift)
    builder.loop(.serial, from: start, to: end, step: ClusterLowering.block) { from in
      lowering.scoped {
        let to = lowering.least(from + lowering.constant(ClusterLowering.block), end)
        compute(from, to, whole)
        let count = builder.variable(to - from)
        builder.branch(isShared) { count.assign(keep(owned, to - from)) }
        put(count.value, shift)
      }
    }
  }

  /// Fills the elements of the unit: with the base, or in later chunks with what changes nothing.
  private func begin(
    _ owned: (low: KernelTerm, high: KernelTerm), _ chunk: KernelTerm, _ shift: KernelTerm
  ) {
    builder.branch(chunk .< lowering.constant(1)) {
      builder.loop(.vector, from: owned.low, to: owned.high) { i in
        builder.store(
          builder.load(base, scatter.dtype, at: place(i)), to: target, at: shift + i)
      }
    } else: {
      // Where there is no such element there is one chunk.
      let identity =
        FoldType(scatter.function, of: scatter.dtype)?.identity
        ?? Scalar(0 as Int64, scatter.dtype)
      builder.loop(.vector, from: owned.low, to: owned.high) { i in
        builder.store(builder.constant(identity), to: target, at: shift + i)
      }
    }
  }

  /// Where the base has an element.
  private func place(_ i: KernelTerm) -> KernelTerm {
    let stride = scatter.scalar == nil ? scatter.view.strides[0] : 0
    if stride == 0, scatter.scalar != nil { return lowering.constant(0) }
    let offset = lowering.index("base", scatter.view.offset)
    switch stride {
    case 0: return offset
    case 1: return offset + i
    default: return offset + i * lowering.index("base stride", stride)
    }
  }

  /// Computes the places and elements of a block.
  private func compute(_ from: KernelTerm, _ to: KernelTerm, _ whole: KernelTerm) {
    builder.loop(.vector, from: from, to: to) { column in
      lowering.scoped {
        lowering.evaluate([scatter.index, scatter.node], column: column)
        guard let position = lowering.terms[scatter.index],
          let element = lowering.terms[scatter.node]
        else { return }
        let place = lowering.inside(position, whole, flag: lowering.takings.count)
        builder.store(place, to: places, at: column - from)
        if elements >= 0 { builder.store(element, to: elements, at: column - from) }
      }
    }
  }

  /// Moves what an owner takes to the front, in order, and gives the number.
  private func keep(
    _ owned: (low: KernelTerm, high: KernelTerm), _ count: KernelTerm
  ) -> KernelTerm {
    let kept = builder.variable(lowering.constant(0))
    let extent = (owned.high - owned.low).bitcast(to: .uint64)
    builder.loop(.serial, from: lowering.constant(0), to: count) { k in
      let place = builder.load(places, .int64, at: k)
      let front = kept.value
      builder.store(place, to: places, at: front)
      if elements >= 0 {
        builder.store(builder.load(elements, scatter.dtype, at: k), to: elements, at: front)
      }
      let isOwn = (place - owned.low).bitcast(to: .uint64) .< extent
      kept.assign(front + isOwn.select(lowering.constant(1), lowering.constant(0)))
    }
    return kept.value
  }

  /// Combines the elements of a block with the result, in order.
  private func put(_ count: KernelTerm, _ shift: KernelTerm) {
    builder.loop(.serial, from: lowering.constant(0), to: count) { k in
      lowering.scoped {
        let place = shift + builder.load(places, .int64, at: k)
        let element =
          elements >= 0
          ? builder.load(elements, scatter.dtype, at: k) : lowering.terms[scatter.node]
        guard let element else { return }
        let old = builder.load(target, scatter.dtype, at: place)
        builder.store(
          builder.call(scatter.function, scatter.dtype, [old, element]), to: target, at: place)
      }
    }
  }
}
