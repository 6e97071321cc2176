import WeftIR

/// In which dtypes a running fold is computed, and whether it may be cut.
struct ScanType {
  /// The dtype that elements are computed in.
  let dtype: DType
  /// The dtype of the running fold.
  let wide: DType
  /// What it starts with: an element that changes no other.
  let identity: Scalar
  /// Whether parts may be folded by themselves and brought together.
  ///
  /// Not for products of floats: a part may overflow where the whole does not.
  let isAssociative: Bool

  /// The dtypes for a fold of stored elements, or nil where kernels cannot fold them.
  init?(_ f: ScalarFunction, of stored: DType) {
    guard let fold = FoldType(f, of: stored) else { return nil }
    dtype = fold.dtype
    wide = fold.wide
    identity = fold.wideIdentity
    isAssociative = !(f == .multiply && fold.wide.isFloat)
  }

  /// A stored element in the dtype of the running fold.
  func widened(_ element: KernelTerm) -> KernelTerm {
    element.converted(to: dtype).converted(to: wide)
  }
}

extension ClusterLowering {
  /// The elements that one chain folds by itself.
  static let chainElements = 128
  /// The elements between chains in memory: a cache line more, or the loads of a chain wait for
  /// stores of another that lie a multiple of 4 KiB away.
  static let chainPitch = chainElements + 8
  /// The least columns of a group, whose rows should be long in memory, and the groups that keep
  /// threads busy.
  static let scanColumns = 512
  static let scanGroups = 16
  /// The most chunks of a row: each adds up the totals of all before it.
  static let mostChunks = 4096

  // MARK: - Along the innermost axis

  /// Loops of a kernel that scans its innermost axis: units are blocks of rows, or chunks of long
  /// ones, for which the kernel runs twice (`LoweredKernel.Phases`).
  func writeRowScan() -> LoopPlan? {
    guard let scan = cluster.scan, let type = ScanType(scan.function, of: cluster.dtypes[scan.node])
    else { return nil }
    let last = space.extents.count - 1
    let buffers = outputBuffers()
    let totals = buffer(type.wide, isWritten: true, .totals)
    let scratch = scan.nodes.map { _ in
      scratchBuffer(type.wide, count: Self.block / Self.chainElements * Self.chainPitch)
    }
    evaluateStill(for: cluster.outputs.map(\.node) + scan.nodes, stage: 1, isConstant: true)

    let results = space.rows
    var (chunks, length) = (1, space.length)
    if type.isAssociative, results < Self.fewResults, space.length > 2 * Self.chunkElements {
      length = max(Self.chunkElements, (space.length + Self.mostChunks - 1) / Self.mostChunks)
      length = (length + Self.block - 1) / Self.block * Self.block
      chunks = (space.length + length - 1) / length
    }
    let rowsPerBlock = chunks > 1 ? 1 : max(1, Self.unitElements / max(1, space.length))
    var units = chunks
    if last > 0 {
      let blocks = (space.extents[last - 1] + rowsPerBlock - 1) / rowsPerBlock
      units *= space.extents.dropLast(2).reduce(blocks, *)
    }
    let phase = index("phase", 1)
    let phaseIndex = indices.count - 1
    let writer = ScanWriter(
      self, scan, type, outputBuffers: buffers, scratch: scratch, totals: totals)
    parallelLoop(units: units) { unit in
      let chunkCount = index("chunks", chunks)
      let chunkLength = index("chunk", length)
      let number = unit % chunkCount
      let start = number * chunkLength
      let end = least(start + chunkLength, extent(last))
      forEachRow(
        unit / chunkCount, axes: Array(0..<last), rowsPerBlock: rowsPerBlock
      ) {
        settleBases()
        if type.isAssociative {
          builder.branch(phase .< constant(1)) {
            scoped { writer.writeTotal(unit, start, end) }
          } else: {
            scoped { writer.write(unit, number, start, end) }
          }
        } else {
          writer.write(unit, number, start, end)
        }
      }
    }
    return LoopPlan(
      units: units,
      phases: LoweredKernel.Phases(
        index: phaseIndex, needsTotals: chunks > 1, dtype: type.wide, parts: scan.nodes.count))
  }

  // MARK: - Along another axis

  /// Loops of a kernel that scans an axis which is not the innermost: units are groups of columns,
  /// whose running folds lie in the thread's memory.
  func writeColumnScan() -> LoopPlan? {
    guard let scan = cluster.scan,
      let type = ScanType(scan.function, of: cluster.dtypes[scan.node]),
      let axis = space.isReduced.firstIndex(of: true)
    else { return nil }
    let last = space.extents.count - 1
    let kept = (0..<last).filter { $0 != axis }
    let results = kept.reduce(1) { $0 * space.extents[$1] }
    let most = min(Self.scanGroups, max(1, space.length / Self.scanColumns))
    let wanted = max(
      results >= Self.scanGroups ? 1 : most,
      (space.length + Self.groupColumns - 1) / Self.groupColumns)
    let groupLength = (space.length + wanted - 1) / wanted
    let groups = (space.length + groupLength - 1) / groupLength
    let buffers = outputBuffers()
    let running = scan.nodes.map { _ in scratchBuffer(type.wide, count: Self.groupColumns) }
    let roots = cluster.outputs.map(\.node) + scan.nodes
    evaluateStill(for: roots, stage: 1, isConstant: true)
    let units = results * groups
    parallelLoop(units: units) { unit in
      let groupCount = index("groups", groups)
      let columnsOfGroup = index("group", groupLength)
      let first = unit % groupCount * columnsOfGroup
      let columns = least(columnsOfGroup, extent(last) - first)
      builder.loop(.vector, from: constant(0), to: columns) { column in
        for running in running {
          builder.store(builder.constant(type.identity), to: running, at: column)
        }
      }
      var outer = decode(unit / groupCount, axes: kept)
      builder.loop(.serial, from: constant(0), to: extent(axis)) { row in
        scoped {
          outer[axis] = row
          enterRow(outer)
          settleBases()
          evaluateStill(for: roots, stage: 0, isConstant: false)
          builder.loop(.vector, from: constant(0), to: columns) { column in
            scoped {
              let place = first + column
              evaluate(scan.nodes, column: place)
              let new = zip(scan.nodes, running).compactMap { node, running in
                terms[node].map {
                  builder.call(
                    scan.function, type.wide,
                    [builder.load(running, type.wide, at: column), type.widened($0)])
                }
              }
              setScanned(new)
              evaluate(roots, column: place)
              // Outputs first: loops are aligned to what they store first.
              storeOutputs(Array(buffers.indices), buffers: buffers, column: place)
              for (new, running) in zip(new, running) {
                builder.store(new, to: running, at: column)
              }
            }
          }
        }
      }
    }
    return LoopPlan(units: units)
  }

  /// Gives the running folds, one for each part, to the nodes that stand for them.
  func setScanned(_ running: [KernelTerm]) {
    for (index, node) in cluster.nodes.enumerated() {
      if case .scanned(let part) = node {
        terms[index] = astype(running[part], cluster.dtypes[index])
      }
    }
  }
}

/// Writes what happens to a row, or a chunk of one, of a kernel that scans its innermost axis.
///
/// Blocks go through three loops: vectors compute what is scanned into the thread's memory, chains
/// of some elements fold it in place, eight at once, and vectors add what lies before each chain
/// and compute what is stored. Chains are counted from the row's start: no cut changes a bit.
private struct ScanWriter {
  private let lowering: ClusterLowering
  private let builder: KernelBuilder
  private let scan: Cluster.Scan
  private let type: ScanType
  private let outputBuffers: [Int]
  /// The thread's memory for each part.
  private let scratch: [Int]
  private let totals: Int
  private let roots: [Int]

  private static let chains = ClusterLowering.block / ClusterLowering.chainElements

  init(
    _ lowering: ClusterLowering, _ scan: Cluster.Scan, _ type: ScanType, outputBuffers: [Int],
    scratch: [Int], totals: Int
  ) {
    self.lowering = lowering
    builder = lowering.builder
    self.scan = scan
    self.type = type
    self.outputBuffers = outputBuffers
    self.scratch = scratch
    self.totals = totals
    roots = lowering.cluster.outputs.map(\.node)
  }

  private func folded(_ a: KernelTerm, _ b: KernelTerm) -> KernelTerm {
    builder.call(scan.function, type.wide, [a, b])
  }

  private func forEachBlock(
    _ start: KernelTerm, _ end: KernelTerm, _ body: (_ from: KernelTerm, _ to: KernelTerm) -> Void
  ) {
    builder.loop(.serial, from: start, to: end, step: ClusterLowering.block) { from in
      lowering.scoped {
        body(from, lowering.least(from + lowering.constant(ClusterLowering.block), end))
      }
    }
  }

  /// Folds the elements of a chunk.
  func writeTotal(_ unit: KernelTerm, _ start: KernelTerm, _ end: KernelTerm) {
    guard let fold = FoldType(scan.function, of: type.wide) else { return }
    let accumulators = scan.nodes.map { _ in Accumulator(fold, scan.function, builder) }
    lowering.evaluateStill(for: scan.nodes, stage: 0, isConstant: false)
    forEachBlock(start, end) { from, to in
      let parts = scan.nodes.map { _ in builder.variable(builder.constant(fold.identity)) }
      builder.foldingLoop(from: from, to: to) { column in
        var folds: [Kernel.Fold] = []
        lowering.scoped {
          lowering.evaluate(scan.nodes, column: column)
          folds = zip(scan.nodes, parts).compactMap { node, part in
            lowering.terms[node].map {
              Kernel.Fold(
                part.local, scan.function, type.widened($0).operand,
                identity: fold.identity, lanes: ClusterLowering.lanes)
            }
          }
        }
        return folds
      }
      for (accumulator, part) in zip(accumulators, parts) {
        accumulator.take(part.value, from: from, builder)
      }
    }
    for (part, accumulator) in accumulators.enumerated() {
      builder.store(accumulator.total(), to: totals, at: total(part, of: unit))
    }
  }

  /// Where the total of a part of a unit lies.
  private func total(_ part: Int, of unit: KernelTerm) -> KernelTerm {
    scan.nodes.count == 1
      ? unit : unit * lowering.constant(scan.nodes.count) + lowering.constant(part)
  }

  /// Scans a chunk; `number` is its place in the row.
  func write(_ unit: KernelTerm, _ number: KernelTerm, _ start: KernelTerm, _ end: KernelTerm) {
    let carries = scan.nodes.map { _ in builder.variable(builder.constant(type.identity)) }
    builder.loop(.serial, from: unit - number, to: unit) { before in
      for (part, carry) in carries.enumerated() {
        carry.assign(
          folded(carry.value, builder.load(totals, type.wide, at: total(part, of: before))))
      }
    }
    lowering.evaluateStill(for: scan.nodes + roots, stage: 0, isConstant: false)
    forEachBlock(start, end) { from, to in
      forEachChain(from, to) { first, last, shift in
        builder.loop(.vector, from: first, to: last) { column in
          lowering.scoped {
            lowering.evaluate(scan.nodes, column: column)
            for (node, scratch) in zip(scan.nodes, scratch) {
              guard let value = lowering.terms[node] else { return }
              builder.store(type.widened(value), to: scratch, at: column - shift)
            }
          }
        }
      }
      if type.isAssociative { for scratch in scratch { foldChains(scratch, from, to) } }
      forEachChain(from, to) { first, last, shift in
        let before = carries.map(\.value)
        if type.isAssociative {
          finish(first, last, shift) { folded(before[$0], $1) }
          for (part, scratch) in scratch.enumerated() {
            let total = builder.load(
              scratch, type.wide, at: last - shift - lowering.constant(1))
            carries[part].assign(folded(before[part], total))
          }
        } else {
          for (carry, scratch) in zip(carries, scratch) {
            foldChain(carry, scratch, first - shift, last - shift)
          }
          finish(first, last, shift) { $1 }
        }
      }
    }
  }

  /// Visits the chains of a block; what is to be taken from a column gives its place in the
  /// thread's memory.
  private func forEachChain(
    _ from: KernelTerm, _ to: KernelTerm,
    _ body: (_ first: KernelTerm, _ last: KernelTerm, _ shift: KernelTerm) -> Void
  ) {
    let length = ClusterLowering.chainElements
    builder.loop(.serial, from: from, to: to, step: length) { first in
      lowering.scoped {
        let padding =
          (first - from) / lowering.constant(length)
          * lowering.constant(ClusterLowering.chainPitch - length)
        body(first, lowering.least(first + lowering.constant(length), to), from - padding)
      }
    }
  }

  /// Folds places of the thread's memory in order, and keeps each step.
  private func foldChain(
    _ running: KernelVariable, _ scratch: Int, _ first: KernelTerm, _ last: KernelTerm
  ) {
    builder.loop(.serial, from: first, to: last) { place in
      running.assign(folded(running.value, builder.load(scratch, type.wide, at: place)))
      builder.store(running.value, to: scratch, at: place)
    }
  }

  /// Folds the chains of a block in place, all at once where the block is whole.
  private func foldChains(_ scratch: Int, _ from: KernelTerm, _ to: KernelTerm) {
    let length = lowering.constant(ClusterLowering.chainElements)
    let isWhole = to - from .== lowering.constant(ClusterLowering.block)
    builder.branch(isWhole) {
      let running = (0..<Self.chains).map { _ in
        builder.variable(builder.constant(type.identity))
      }
      builder.loop(.serial, from: lowering.constant(0), to: length) { step in
        for (chain, running) in running.enumerated() {
          let place = step + lowering.constant(chain * ClusterLowering.chainPitch)
          running.assign(folded(running.value, builder.load(scratch, type.wide, at: place)))
          builder.store(running.value, to: scratch, at: place)
        }
      }
    } else: {
      forEachChain(from, to) { first, last, shift in
        foldChain(
          builder.variable(builder.constant(type.identity)), scratch, first - shift, last - shift)
      }
    }
  }

  /// Computes and stores the results of some columns; `value` makes the running fold of a part of
  /// what the thread's memory holds.
  private func finish(
    _ first: KernelTerm, _ last: KernelTerm, _ shift: KernelTerm,
    _ value: (_ part: Int, KernelTerm) -> KernelTerm
  ) {
    builder.loop(.vector, from: first, to: last) { column in
      lowering.scoped {
        lowering.setScanned(
          scratch.enumerated().map { part, scratch in
            value(part, builder.load(scratch, type.wide, at: column - shift))
          })
        lowering.evaluate(roots, column: column)
        lowering.storeOutputs(
          Array(outputBuffers.indices), buffers: outputBuffers, column: column)
      }
    }
  }
}
