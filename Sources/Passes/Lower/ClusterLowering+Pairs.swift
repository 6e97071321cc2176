import WeftIR

extension Cluster {
  /// Whether folds may run over pairs of rows (`IterationSpace.pairOrder`), as far as shapes and
  /// strides do not tell.
  package var mayPair: Bool {
    !reductions.isEmpty && reductions.allSatisfy { !$0.isPosition } && !gathers && !isInParts
      && scan == nil && scatter == nil && outputs.allSatisfy(\.isFolded)
      && dtypes.allSatisfy { !$0.isComplex }
  }
}

extension ClusterLowering {
  /// The rows and the columns of a unit of work; what lies across is copied in squares of this side.
  private static var pairSide: Int { blockSide }

  /// Loops of a kernel that folds pairs of rows: units are squares of results. Within one some rows
  /// run side by side over a vector of columns, so that running folds stay in registers and columns
  /// are read once for all of these rows.
  func writePairs() -> LoopPlan? {
    let last = space.extents.count - 1
    let (folded, kept) = (last - 1, Array(0..<last - 1))
    guard let row = kept.last else { return nil }
    let side = Self.pairSide
    let blocks = (space.extents[row] + side - 1) / side
    let groups = (space.length + side - 1) / side
    let writer = PairWriter(self, row: row, folded: folded, side: side)
    evaluateStill(for: writer.roots, stage: 0, isConstant: true)
    let units = kept.dropLast().reduce(blocks * groups) { $0 * space.extents[$1] }
    parallelLoop(units: units) { unit in
      let column = unit % index("groups", groups) * constant(side)
      let rest = unit / index("groups", groups)
      let first = rest % index("blocks", blocks) * constant(side)
      enterRow(decode(rest / index("blocks", blocks), axes: kept.dropLast()))
      writer.write(
        rows: (first, least(first + constant(side), extent(row))),
        columns: (column, least(column + constant(side), extent(last))))
    }
    return LoopPlan(units: units)
  }
}

/// Writes what happens to one square of results of a kernel that folds pairs of rows.
///
/// Running folds lie in memory of the thread's own, a block of the folded axis in the operand's
/// dtype, blocks in the wide one, as those of columns do.
private struct PairWriter {
  private let lowering: ClusterLowering
  private let builder: KernelBuilder
  private let cluster: Cluster
  private let row: Int
  private let folded: Int
  private let side: Int
  private let types: [FoldType]
  private let narrow: [Int]
  private let wide: [Int]
  private let resultBuffers: [Int]
  private let outputBuffers: [Int]
  private let rowsAtOnce: Int
  /// The nodes that are folded.
  let roots: [Int]

  init(_ lowering: ClusterLowering, row: Int, folded: Int, side: Int) {
    self.lowering = lowering
    (self.row, self.folded, self.side) = (row, folded, side)
    builder = lowering.builder
    cluster = lowering.cluster
    types = lowering.foldTypes
    outputBuffers = lowering.outputBuffers()
    resultBuffers = cluster.reductions.enumerated().map { n, reduction in
      reduction.isStored
        ? lowering.buffer(reduction.dtype, isWritten: true, .reduction(n)) : -1
    }
    narrow = types.map { lowering.scratchBuffer($0.dtype, count: side * side) }
    wide = types.map { lowering.scratchBuffer($0.wide, count: side * side) }
    roots = cluster.reductions.map(\.node)
    let isDear = cluster.nodes.contains { node in
      if case .map(let f, _, _, _, _) = node { !f.isCheap } else { false }
    }
    rowsAtOnce = isDear || cluster.nodes.count > 24 ? 1 : cluster.nodes.count > 12 ? 4 : 8
  }

  func write(
    rows: (first: KernelTerm, last: KernelTerm), columns: (first: KernelTerm, last: KernelTerm)
  ) {
    let zero = lowering.constant(0)
    let count = columns.last - columns.first
    let area = (rows.last - rows.first) * lowering.constant(side)
    fill(wide, area) { $0.wideIdentity }
    let end = lowering.extent(folded)
    builder.loop(.serial, from: zero, to: end, step: ClusterLowering.blockRows) { start in
      let stop = lowering.least(start + lowering.constant(ClusterLowering.blockRows), end)
      fill(narrow, area) { $0.identity }
      builder.loop(.serial, from: start, to: stop, step: side) { from in
        lowering.scoped {
          let to = lowering.least(from + lowering.constant(side), stop)
          lowering.copyTransposed(roots, rows: (from, to), columns: columns)
          fold((from, to), rows, columns.first, count)
        }
      }
      builder.loop(.vector, from: zero, to: area) { place in
        for (n, type) in types.enumerated() {
          let part = builder.load(narrow[n], type.dtype, at: place).converted(to: type.wide)
          let sum = builder.load(wide[n], type.wide, at: place)
          let function = cluster.reductions[n].function
          builder.store(builder.call(function, type.wide, [sum, part]), to: wide[n], at: place)
        }
      }
    }
    builder.loop(.serial, from: rows.first, to: rows.last) { i in
      lowering.scoped {
        enter(i, nil)
        lowering.settleBases()
        let line = (i - rows.first) * lowering.constant(side)
        builder.loop(.vector, from: zero, to: count) { column in
          lowering.scoped {
            let results = types.indices.map {
              builder.load(wide[$0], types[$0].wide, at: line + column)
            }
            lowering.finish(
              results, resultBuffers: resultBuffers, outputBuffers: outputBuffers,
              column: columns.first + column)
          }
        }
      }
    }
  }

  private func fill(
    _ buffers: [Int], _ count: KernelTerm, _ value: (FoldType) -> Scalar
  ) {
    builder.loop(.vector, from: lowering.constant(0), to: count) { place in
      for (n, type) in types.enumerated() {
        builder.store(builder.constant(value(type)), to: buffers[n], at: place)
      }
    }
  }

  private func enter(_ i: KernelTerm, _ position: KernelTerm?) {
    var outer = lowering.outer
    outer[row] = i
    outer[folded] = position
    lowering.enterRow(outer)
  }

  /// Folds part of a block of the folded axis into all results of the square.
  private func fold(
    _ positions: (KernelTerm, KernelTerm), _ rows: (first: KernelTerm, last: KernelTerm),
    _ firstColumn: KernelTerm, _ columns: KernelTerm
  ) {
    var middle = rows.first
    if rowsAtOnce > 1 {
      let count = rows.last - rows.first
      middle = rows.first + (count - count % lowering.constant(rowsAtOnce))
      builder.loop(.serial, from: rows.first, to: middle, step: rowsAtOnce) { i in
        fold(
          positions, (0..<rowsAtOnce).map { i + lowering.constant($0) }, rows.first, firstColumn,
          columns)
      }
    }
    builder.loop(.serial, from: middle, to: rows.last) { i in
      fold(positions, [i], rows.first, firstColumn, columns)
    }
  }

  private func fold(
    _ positions: (KernelTerm, KernelTerm), _ rows: [KernelTerm], _ firstRow: KernelTerm,
    _ firstColumn: KernelTerm, _ columns: KernelTerm
  ) {
    let lines = rows.map { ($0 - firstRow) * lowering.constant(side) }
    builder.loop(.vector, from: lowering.constant(0), to: columns) { column in
      lowering.scoped {
        let folds = lines.map { line in
          types.indices.map {
            builder.variable(builder.load(narrow[$0], types[$0].dtype, at: line + column))
          }
        }
        builder.loop(.serial, from: positions.0, to: positions.1) { position in
          for (i, variables) in zip(rows, folds) {
            lowering.scoped {
              enter(i, position)
              lowering.evaluate(roots, column: firstColumn + column)
              for (n, reduction) in cluster.reductions.enumerated() {
                guard let term = lowering.terms[reduction.node] else { continue }
                let type = types[n]
                variables[n].assign(
                  builder.call(
                    reduction.function, type.dtype,
                    [variables[n].value, term.converted(to: type.dtype)]))
              }
            }
          }
        }
        for (line, variables) in zip(lines, folds) {
          for (n, variable) in variables.enumerated() {
            builder.store(variable.value, to: narrow[n], at: line + column)
          }
        }
      }
    }
  }
}
