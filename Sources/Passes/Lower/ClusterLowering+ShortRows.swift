import WeftIR

/// Rows of a few elements: a row in each lane of a vector, which visits columns one after the other.
extension ClusterLowering {
  /// The most elements of a row that lies in one lane.
  static let laneElements = 32

  /// Whether rows may lie side by side where they are short; the text has then both ways.
  ///
  /// Results at all positions go back to their rows in squares of vectors, which there are for
  /// elements of at least four bytes that follow each other.
  var mayBeSideBySide: Bool {
    let last = space.extents.count - 1
    guard space.isReduced.count(where: { $0 }) == 1, last > 0 else { return false }
    let outputs = outputs(isFolded: false)
    if endsInFolds, outputs.isEmpty { return true }
    let isLong = cluster.nodes.indices.allSatisfy { node in
      guard case .load = cluster.nodes[node], varies[node] else { return true }
      return cluster.dtypes[node].itemSize >= Self.leastCopied
    }
    return isLong
      && outputs.allSatisfy { output in
        space.strides[outputParticipants + output][last] == 1
          && cluster.dtypes[cluster.outputs[output].node].itemSize >= Self.leastCopied
      }
  }

  /// The bytes of the smallest elements whose squares fit into registers.
  static let leastCopied = 4
}

/// Writes what happens to a block of short rows.
///
/// What lies along rows is copied to the thread's memory first, column after column, and results
/// are copied back from there, so that whole cache lines are read and written.
struct ShortRowWriter {
  private let lowering: ClusterLowering
  private let builder: KernelBuilder
  private let cluster: Cluster
  private let outputBuffers: [Int]
  private let resultBuffers: [Int]
  /// The thread's memory for nodes that are copied there, or computed in one stage and used in
  /// others, and for the outputs at all positions.
  private var copied: [Int: Int] = [:]
  private var kept: [Int: Int] = [:]
  private var results: [Int: Int] = [:]

  init(_ lowering: ClusterLowering, outputBuffers: [Int], resultBuffers: [Int]) {
    self.lowering = lowering
    self.outputBuffers = outputBuffers
    self.resultBuffers = resultBuffers
    builder = lowering.builder
    cluster = lowering.cluster
    let needed = (0..<lowering.stageCount).flatMap { lowering.work(of: $0).roots }
    let used = lowering.needed(for: needed) { _ in false }
    for node in cluster.nodes.indices where used[node] && isAlongRows(node) {
      copied[node] = block(cluster.dtypes[node])
    }
    for node in lowering.repeatedNodes { kept[node] = block(cluster.dtypes[node]) }
    for output in lowering.outputs(isFolded: false) {
      results[output] = block(cluster.dtypes[cluster.outputs[output].node])
    }
  }

  /// Memory for a block of rows, the elements of a column side by side; none where rows are long.
  private func block(_ dtype: DType) -> Int {
    let columns = lowering.space.length
    return lowering.scratchBuffer(
      dtype,
      count: columns <= ClusterLowering.laneElements ? columns * ClusterLowering.blockPitch : 0)
  }

  /// Whether a node's neighbours in memory lie along a row, and every row has its own.
  private func isAlongRows(_ node: Int) -> Bool {
    guard case .load = cluster.nodes[node] else { return false }
    let strides = lowering.space.strides[lowering.participant[node]]
    let last = strides.count - 1
    return strides[last] == 1 && strides[last - 1] != 0
      && cluster.dtypes[node].itemSize >= ClusterLowering.leastCopied
  }

  /// Folds some rows along an axis, the other axes' positions given, and writes what comes of it.
  func write(from begin: KernelTerm, to end: KernelTerm, outer: [KernelTerm?]) {
    builder.loop(.serial, from: begin, to: end, step: ClusterLowering.blockSide) { first in
      lowering.scoped {
        let last = lowering.least(first + lowering.constant(ClusterLowering.blockSide), end)
        copyRows(first, last, outer)
        builder.loop(.vector, from: first, to: last) { row in
          lowering.scoped {
            enter(row, outer)
            writeLanes(row - first)
          }
        }
        copyResults(first, last, outer)
      }
    }
  }

  /// Enters a row, whose axis is the one before the folded.
  private func enter(_ row: KernelTerm, _ outer: [KernelTerm?]) {
    var outer = outer
    outer[outer.count - 2] = row
    lowering.enterRow(outer)
    lowering.settleBases()
  }

  private var length: KernelTerm { lowering.extent(lowering.space.extents.count - 1) }

  /// The place of a column's first element in a block.
  private func start(of column: KernelTerm) -> KernelTerm {
    column * lowering.constant(ClusterLowering.blockPitch)
  }

  private func copyRows(_ first: KernelTerm, _ last: KernelTerm, _ outer: [KernelTerm?]) {
    for (node, block) in copied.sorted(by: { $0.key < $1.key }) {
      guard case .load(_, let view) = cluster.nodes[node] else { continue }
      builder.loop(.tile, from: first, to: last) { row in
        lowering.scoped {
          enter(row, outer)
          let begin = lowering.place(
            lowering.participant[node], offset: view.offset, column: nil)
          let lane = row - first
          builder.loop(.vector, from: lowering.constant(0), to: length) { column in
            builder.store(
              builder.load(lowering.bufferOf(node), cluster.dtypes[node], at: begin + column),
              to: block, at: start(of: column) + lane)
          }
        }
      }
    }
  }

  private func copyResults(_ first: KernelTerm, _ last: KernelTerm, _ outer: [KernelTerm?]) {
    for (number, block) in results.sorted(by: { $0.key < $1.key }) {
      let output = cluster.outputs[number]
      builder.loop(.tile, from: lowering.constant(0), to: length) { column in
        let source = start(of: column)
        builder.loop(.vector, from: first, to: last) { row in
          lowering.scoped {
            enter(row, outer)
            let target = lowering.place(
              lowering.outputParticipants + number, offset: output.view.offset, column: column)
            builder.store(
              builder.load(block, cluster.dtypes[output.node], at: source + (row - first)),
              to: outputBuffers[number], at: target)
          }
        }
      }
    }
  }

  /// Writes all stages of the rows in a vector's lanes; `lane` counts rows from the block's first.
  private func writeLanes(_ lane: KernelTerm) {
    for stage in 0..<lowering.stageCount {
      lowering.evaluateStill(knownIn: stage)
      writeStage(stage, lane)
    }
    lowering.evaluateStill(knownIn: lowering.stageCount)
    lowering.storeOutputs(
      lowering.outputs(isFolded: true), buffers: outputBuffers, column: nil)
  }

  private func writeStage(_ stage: Int, _ lane: KernelTerm) {
    let (outputs, reductions, roots) = lowering.work(of: stage)
    if roots.isEmpty { return }
    let accumulators = reductions.map { n in
      Accumulator(
        lowering.foldTypes[n].inOneLane(cluster.reductions[n].function),
        cluster.reductions[n].function, builder,
        searchFrom: cluster.reductions[n].isPosition ? lowering.constant(0) : nil)
    }
    builder.loop(.serial, from: lowering.constant(0), to: length) { column in
      lowering.scoped {
        let place = start(of: column) + lane
        for (node, block) in kept.sorted(by: { $0.key < $1.key })
        where lowering.firstStage(of: node) < stage {
          lowering.terms[node] = builder.load(block, cluster.dtypes[node], at: place)
        }
        let needed = lowering.needed(for: roots) { lowering.terms[$0] != nil }
        for (node, block) in copied.sorted(by: { $0.key < $1.key }) where needed[node] {
          lowering.terms[node] = builder.load(block, cluster.dtypes[node], at: place)
        }
        lowering.evaluate(roots, column: column)
        for (node, block) in kept.sorted(by: { $0.key < $1.key })
        where lowering.firstStage(of: node) == stage {
          guard let term = lowering.terms[node] else { continue }
          builder.store(term, to: block, at: place)
        }
        for output in outputs {
          guard let block = results[output], let term = lowering.terms[cluster.outputs[output].node]
          else { continue }
          builder.store(term, to: block, at: place)
        }
        for (n, accumulator) in zip(reductions, accumulators) {
          guard let value = lowering.terms[cluster.reductions[n].node] else { continue }
          accumulator.take(value.converted(to: accumulator.type.dtype), from: column, builder)
        }
      }
    }
    for (n, accumulator) in zip(reductions, accumulators) {
      lowering.give(
        accumulator.block?.value ?? accumulator.total(), of: n, buffers: resultBuffers,
        column: nil)
    }
  }
}

extension FoldType {
  /// The type in which a lane folds the few elements of a short row: sums of `float32` add up
  /// their errors instead of running in lanes of twice the size.
  fileprivate func inOneLane(_ function: ScalarFunction) -> FoldType {
    guard function == .add, dtype == .float32 else { return self }
    var type = self
    type.wide = dtype
    type.wideIdentity = identity
    type.isCompensated = true
    return type
  }
}
