import WeftIR

extension ClusterLowering {
  /// The elements of a chunk of a long row.
  static let chunkElements = 65536
  /// How many bytes ahead rows are asked for, at least; and the most bytes of a row for which this
  /// is done, so that two rows fit into a core's second cache.
  static let leastPrefetched = 16384
  static let mostPrefetched = 1 << 17
  /// The results below which long rows are cut in chunks.
  static let fewResults = 64

  /// Loops of a kernel whose innermost axis is folded: units are blocks of results, or chunks of
  /// long rows.
  func writeRows() -> LoopPlan? {
    let kept = space.extents.indices.filter { !space.isReduced[$0] }
    let reduced = Array(kept.count..<space.extents.count)
    let buffers = outputBuffers()
    let results = kept.reduce(1) { $0 * space.extents[$1] }
    let rowElements = space.count / max(1, results)
    let roots = cluster.outputs.map(\.node) + cluster.reductions.map(\.node)
    evaluateStill(for: roots, stage: 0, isConstant: true)
    let (count, length) = chunks(results: results, rowElements: rowElements, reduced)
    let rows = RowWriter(
      self, reduced: reduced, outputBuffers: buffers, mayBeChunked: mayBeChunked)
    let shortRows =
      mayBeSideBySide
      ? ShortRowWriter(self, outputBuffers: buffers, resultBuffers: rows.resultBuffers) : nil
    var rowsPerBlock = count > 1 ? 1 : max(1, Self.unitElements / max(1, rowElements))
    if rowElements <= Self.laneElements {
      // Whole squares of vectors.
      rowsPerBlock = max(Self.blockSide, rowsPerBlock / Self.blockSide * Self.blockSide)
    }
    var units = count
    if let last = kept.last {
      let blocks = (space.extents[last] + rowsPerBlock - 1) / rowsPerBlock
      units *= kept.dropLast().reduce(blocks) { $0 * space.extents[$1] }
    }
    func writeUnit(_ unit: KernelTerm) {
      var (start, end) = (constant(0), extent(reduced[0]))
      var block = unit
      var partial: RowWriter.Partial?
      if mayBeChunked {
        let chunks = index("chunks", count)
        let chunkLength = index("chunk", length)
        start = unit % chunks * chunkLength
        end = least(start + chunkLength, end)
        block = unit / chunks
        // Chunks belong to blocks of one row: there are as many units as partial results.
        partial = RowWriter.Partial(place: unit, isWhole: chunks .< constant(2))
      }
      func writeEach() {
        forEachRow(block, axes: kept, rowsPerBlock: rowsPerBlock) {
          rows.write(from: start, to: end, partial: partial)
        }
      }
      guard let shortRows, let axis = kept.last else {
        writeEach()
        return
      }
      builder.branch(extent(reduced[0]) .< constant(Self.laneElements + 1)) {
        scoped {
          let rows = blockOfRows(
            block, along: axis, others: kept.dropLast(), rowsPerBlock: rowsPerBlock)
          shortRows.write(from: rows.first, to: rows.end, outer: rows.outer)
        }
      } else: {
        scoped { writeEach() }
      }
    }
    guard mayBeChunked else {
      parallelLoop(units: units, writeUnit)
      return LoopPlan(units: units)
    }
    let (phase, unitsIndex) = finishedLoop(units: units, writeUnit) { unit in
      // Blocks are of one row where rows are cut.
      forEachRow(unit, axes: kept, rowsPerBlock: rowsPerBlock) {
        rows.writeEnd(unit, chunks: index("chunks", count))
      }
    }
    let partials = LoweredKernel.Partials(
      outer: results, chunks: count, inner: 1, dtypes: foldTypes.map(\.wide))
    return LoopPlan(
      units: units, partials: count > 1 ? partials : nil,
      finish: count > 1
        ? phase.map { LoweredKernel.Finish(phase: $0, unitsIndex: unitsIndex, units: results) }
        : nil)
  }

  /// Whether long rows may be cut; the text is then the same whether they are or not.
  private var mayBeChunked: Bool { endsInFolds }

  /// How the outermost reduced axis is cut, by shape alone; in one chunk where rows stay whole.
  private func chunks(
    results: Int, rowElements: Int, _ reduced: [Int]
  ) -> (count: Int, length: Int) {
    let extent = space.extents[reduced[0]]
    guard mayBeChunked, results < Self.fewResults, rowElements > 2 * Self.chunkElements else {
      return (1, extent)
    }
    let length = max(1, Self.chunkElements / (rowElements / extent))
    return ((extent + length - 1) / length, min(length, extent))
  }
}

/// Writes what happens to one row of a kernel that folds its innermost axis.
struct RowWriter {
  private let lowering: ClusterLowering
  private let builder: KernelBuilder
  private let cluster: Cluster
  private let reduced: [Int]
  private let outputBuffers: [Int]
  private let stageCount: Int
  /// The buffer of each reduction's stored result, or -1.
  private(set) var resultBuffers: [Int] = []
  /// The buffer of each reduction's partial results where rows may be cut, and of the positions
  /// that belong to them, or -1.
  private var partialBuffers: [Int] = []
  private var positionBuffers: [Int] = []
  /// Nodes that later stages read from scratch memory, with their buffers.
  private var kept: [Int: Int] = [:]

  /// Where the result of a chunk goes, and whether the chunk is the whole row after all.
  struct Partial {
    var place: KernelTerm
    var isWhole: KernelTerm
  }

  init(
    _ lowering: ClusterLowering, reduced: [Int], outputBuffers: [Int], mayBeChunked: Bool
  ) {
    self.lowering = lowering
    self.reduced = reduced
    self.outputBuffers = outputBuffers
    builder = lowering.builder
    cluster = lowering.cluster
    stageCount = lowering.stageCount
    for (n, reduction) in cluster.reductions.enumerated() {
      let type = lowering.foldTypes[n]
      resultBuffers.append(
        reduction.isStored ? lowering.buffer(reduction.dtype, isWritten: true, .reduction(n)) : -1)
      if mayBeChunked {
        partialBuffers.append(lowering.buffer(type.wide, isWritten: true, .partial(n)))
        positionBuffers.append(
          reduction.isPosition
            ? lowering.buffer(.int64, isWritten: true, .partialPosition(n)) : -1)
      }
    }
    if reduced.count == 1 {
      for node in lowering.repeatedNodes {
        kept[node] = lowering.scratchBuffer(
          cluster.dtypes[node], count: lowering.space.length)
      }
    }
  }

  /// Writes all stages of the row at the outer indices that were entered.
  func write(from start: KernelTerm, to end: KernelTerm, partial: Partial?) {
    lowering.settleBases()
    for stage in 0..<stageCount {
      lowering.evaluateStill(knownIn: stage)
      writeStage(stage, start, end, partial)
    }
    if partial != nil { return }
    lowering.evaluateStill(knownIn: stageCount)
    lowering.storeOutputs(
      lowering.outputs(isFolded: true), buffers: outputBuffers, column: nil)
  }

  /// Brings the chunks of a row together; `row` is its number.
  func writeEnd(_ row: KernelTerm, chunks: KernelTerm) {
    lowering.settleBases()
    let results = lowering.combined(
      partials: partialBuffers, positions: positionBuffers, chunks: chunks
    ) { row * chunks + $0 }
    lowering.finish(
      results, resultBuffers: resultBuffers, outputBuffers: outputBuffers, column: nil)
  }

  private func writeStage(
    _ stage: Int, _ start: KernelTerm, _ end: KernelTerm, _ partial: Partial?
  ) {
    let (outputs, reductions, roots) = lowering.work(of: stage)
    if roots.isEmpty { return }
    let accumulators = reductions.map { n in
      Accumulator(
        lowering.foldTypes[n], cluster.reductions[n].function, builder,
        searchFrom: cluster.reductions[n].isPosition ? start : nil)
    }
    runs(start, end, axis: 0) { first, last in
      if reductions.isEmpty {
        loop(stage, outputs, reductions, roots, accumulators, first, last)
        return
      }
      builder.loop(.serial, from: first, to: last, step: ClusterLowering.block) { from in
        lowering.scoped {
          let to = lowering.least(from + lowering.constant(ClusterLowering.block), last)
          loop(stage, outputs, reductions, roots, accumulators, from, to)
        }
      }
    }
    let results = zip(reductions, accumulators).map { n, accumulator in
      cluster.reductions[n].isPosition
        ? position(n, stage, accumulator, end) : accumulator.total()
    }
    guard let partial else {
      for (n, result) in zip(reductions, results) {
        lowering.give(result, of: n, buffers: resultBuffers, column: nil)
      }
      return
    }
    builder.branch(partial.isWhole) {
      lowering.scoped {
        lowering.finish(
          results, resultBuffers: resultBuffers, outputBuffers: outputBuffers, column: nil)
      }
    } else: {
      for (n, accumulator) in accumulators.enumerated() {
        guard accumulator.block != nil else {
          builder.store(results[n], to: partialBuffers[n], at: partial.place)
          continue
        }
        builder.store(accumulator.sum.value, to: partialBuffers[n], at: partial.place)
        builder.store(results[n], to: positionBuffers[n], at: partial.place)
      }
    }
  }

  /// Visits the innermost runs of a row.
  private func runs(
    _ start: KernelTerm, _ end: KernelTerm, axis: Int,
    _ body: (KernelTerm, KernelTerm) -> Void
  ) {
    if axis == reduced.count - 1 {
      body(start, end)
      return
    }
    builder.loop(.serial, from: start, to: end) { i in
      lowering.scoped {
        var outer = lowering.outer
        outer[reduced[axis]] = i
        lowering.enterRow(outer)
        lowering.settleBases()
        runs(lowering.constant(0), lowering.extent(reduced[axis + 1]), axis: axis + 1, body)
      }
    }
  }

  private func loop(
    _ stage: Int, _ outputs: [Int], _ reductions: [Int], _ roots: [Int],
    _ accumulators: [Accumulator], _ from: KernelTerm, _ to: KernelTerm
  ) {
    lowering.scoped {
      lowering.evaluateStill(for: roots, stage: stage, isConstant: false)
      let parts = accumulators.map { builder.variable(builder.constant($0.type.identity)) }
      builder.foldingLoop(from: from, to: to) { column in
        var folds: [Kernel.Fold] = []
        lowering.scoped {
          readKept(column, stage)
          lowering.evaluate(roots, column: column)
          writeKept(column, stage)
          if stage == lastLoop { prefetchNextRow(column) }
          lowering.storeOutputs(outputs, buffers: outputBuffers, column: column)
          for (n, (accumulator, part)) in zip(reductions, zip(accumulators, parts)) {
            guard let value = lowering.terms[cluster.reductions[n].node] else { continue }
            folds.append(
              Kernel.Fold(
                part.local, accumulator.function,
                value.converted(to: accumulator.type.dtype).operand,
                identity: accumulator.type.identity, lanes: ClusterLowering.lanes))
          }
        }
        return folds
      }
      for (accumulator, part) in zip(accumulators, parts) {
        accumulator.take(part.value, from: from, builder)
      }
    }
  }

  /// The last stage that visits a row's elements.
  private var lastLoop: Int {
    (0..<stageCount).last { !lowering.work(of: $0).roots.isEmpty } ?? 0
  }

  /// Asks for a following row where the rows of an array are visited more than once: from the second
  /// visit on a row lies in the cache, and the memory would rest.
  private func prefetchNextRow(_ column: KernelTerm) {
    let space = lowering.space
    let row = space.extents.count - 2
    guard stageCount > 1, reduced.count == 1, row >= 0 else { return }
    var seen: Set<Int> = []
    for (node, kind) in cluster.nodes.enumerated() {
      guard case .load(_, let view) = kind else { continue }
      let participant = lowering.participant[node]
      let strides = space.strides[participant]
      guard strides[row + 1] == 1, strides[row] != 0, seen.insert(lowering.bufferOf(node)).inserted
      else { continue }
      let bytes = space.length * cluster.dtypes[node].itemSize
      let rows =
        bytes > ClusterLowering.mostPrefetched
        ? 0 : max(1, ClusterLowering.leastPrefetched / max(1, bytes))
      let ahead = lowering.prefetchDistance(participant, rows * strides[row])
      let place = lowering.place(participant, offset: view.offset, column: column)
      builder.prefetch(lowering.bufferOf(node), at: place + ahead)
    }
  }

  private func readKept(_ column: KernelTerm, _ stage: Int) {
    for (node, buffer) in kept.sorted(by: { $0.key < $1.key })
    where lowering.firstStage(of: node) < stage {
      lowering.terms[node] = builder.load(buffer, cluster.dtypes[node], at: column)
    }
  }

  private func writeKept(_ column: KernelTerm, _ stage: Int) {
    for (node, buffer) in kept.sorted(by: { $0.key < $1.key })
    where lowering.firstStage(of: node) == stage {
      guard let term = lowering.terms[node] else { continue }
      builder.store(term, to: buffer, at: column)
    }
  }

  /// The position of an extreme, from the block that holds it.
  private func position(
    _ n: Int, _ stage: Int, _ accumulator: Accumulator, _ end: KernelTerm
  ) -> KernelTerm {
    let node = cluster.reductions[n].node
    let (from, best) = (accumulator.block?.value ?? end, accumulator.sum.value)
    let to = lowering.least(from + lowering.constant(ClusterLowering.block), end)
    let none = builder.constant(Scalar(Int64(Int32.max), .int32))
    let found = builder.variable(none)
    lowering.scoped {
      lowering.evaluateStill(for: [node], stage: stage, isConstant: false)
      builder.foldingLoop(from: from, to: to) { column in
        var folds: [Kernel.Fold] = []
        lowering.scoped {
          readKept(column, stage + 1)
          lowering.evaluate([node], column: column)
          guard let term = lowering.terms[node] else { return }
          let value = term.converted(to: accumulator.type.dtype)
          var isBest = value .== best
          if value.dtype.isFloat { isBest = isBest | ((value .!= value) & (best .!= best)) }
          let offset = (column - from).converted(to: .int32)
          folds = [
            Kernel.Fold(
              found.local, .minimum, isBest.select(offset, none).operand,
              identity: Scalar(Int64(Int32.max), .int32), lanes: ClusterLowering.lanes)
          ]
        }
        return folds
      }
    }
    return from + found.value.converted(to: .int64)
  }
}
