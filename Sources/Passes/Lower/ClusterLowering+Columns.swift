import WeftIR

extension ClusterLowering {
  /// The rows that are folded in the operand's dtype.
  static let blockRows = 128
  /// The columns whose running folds stay in the first caches: long runs of a row are read faster
  /// than short ones.
  static let groupColumns = 4096

  /// Loops of a kernel that folds outer axes and keeps the innermost: units are groups of columns
  /// of chunks of rows.
  func writeColumns() -> LoopPlan? {
    guard endsInFolds else { return nil }
    let last = space.extents.count - 1
    let kept = (0..<last).filter { !space.isReduced[$0] }
    let reduced = (0..<last).filter { space.isReduced[$0] }
    guard let first = reduced.first else { return nil }
    let results = kept.reduce(1) { $0 * space.extents[$1] }
    let rows = reduced.reduce(1) { $0 * space.extents[$1] }
    let groupLength = min(space.length, Self.groupColumns)
    let groups = (space.length + groupLength - 1) / groupLength
    let inner = rows / space.extents[first]
    let leastRows = max(2 * Self.blockRows, 2 * Self.chunkElements / groupLength)
    let isCut = results * groups < Self.fewResults && rows > 2 * leastRows
    let chunkLength = Self.chunkLength(
      of: space.extents[first], about: isCut ? max(1, leastRows / inner) : space.extents[first])
    let chunks = (space.extents[first] + chunkLength - 1) / chunkLength

    let writer = ColumnWriter(self, reduced: reduced, groupLength: groupLength)
    evaluateStill(for: writer.roots, stage: 0, isConstant: true)
    let units = results * chunks * groups
    let (ending, unitsIndex) = finishedLoop(units: units) { unit in
      let groupCount = index("groups", groups)
      let chunkCount = index("chunks", chunks)
      let columns = index("group", groupLength)
      let rowsOfChunk = index("chunk", chunkLength)
      let column = unit % groupCount * columns
      let rest = unit / groupCount
      let row = rest % chunkCount * rowsOfChunk
      enterRow(decode(rest / chunkCount, axes: kept))
      writer.write(
        rows: (row, least(row + rowsOfChunk, extent(first))), firstColumn: column,
        columns: least(columns, extent(last) - column), partialRow: rest,
        isWhole: chunkCount .< constant(2))
    } end: { unit in
      let columns = index("group", groupLength)
      let column = unit % index("groups", groups) * columns
      let rest = unit / index("groups", groups)
      enterRow(decode(rest, axes: kept))
      writer.writeEnd(
        firstColumn: column, columns: least(columns, extent(last) - column), partialRow: rest,
        chunks: index("chunks", chunks))
    }
    let partials = LoweredKernel.Partials(
      outer: results, chunks: chunks, inner: space.length, dtypes: foldTypes.map(\.wide))
    return LoopPlan(
      units: units, partials: chunks > 1 ? partials : nil,
      finish: chunks > 1
        ? ending.map {
          LoweredKernel.Finish(phase: $0, unitsIndex: unitsIndex, units: results * groups)
        } : nil)
  }
}

extension ClusterLowering {
  /// The length of the fewest chunks of about a length: of equal ones, so that threads end together.
  static func chunkLength(of extent: Int, about length: Int) -> Int {
    let chunks = max(1, (extent + length / 2) / length)
    return (extent + chunks - 1) / chunks
  }
}

/// Writes what happens to one group of columns of a kernel that folds outer axes.
///
/// Running folds lie in memory of the thread's own: rows of a block in the operand's dtype, blocks
/// in the wide one.
private struct ColumnWriter {
  private let lowering: ClusterLowering
  private let builder: KernelBuilder
  private let cluster: Cluster
  private let reduced: [Int]
  private let outputBuffers: [Int]
  private let resultBuffers: [Int]
  private let partialBuffers: [Int]
  private let types: [FoldType]
  private let narrow: [Int]
  private let wide: [Int]
  /// For reductions that seek positions these: in a block counted from its first row, and in the
  /// axis; -1 for others.
  private let narrowPlaces: [Int]
  private let widePlaces: [Int]
  private let partialPlaces: [Int]
  private let rowsAtOnce: Int
  /// The outputs at all positions.
  private let outputs: [Int]
  /// The nodes that are stored at all positions or folded.
  let roots: [Int]

  init(_ lowering: ClusterLowering, reduced: [Int], groupLength: Int) {
    self.lowering = lowering
    self.reduced = reduced
    builder = lowering.builder
    cluster = lowering.cluster
    types = lowering.foldTypes
    outputBuffers = lowering.outputBuffers()
    var results: [Int] = []
    var partials: [Int] = []
    var narrow: [Int] = []
    var wide: [Int] = []
    var places: (narrow: [Int], wide: [Int], partial: [Int]) = ([], [], [])
    for (n, reduction) in cluster.reductions.enumerated() {
      let type = types[n]
      results.append(
        reduction.isStored
          ? lowering.buffer(reduction.dtype, isWritten: true, .reduction(n)) : -1)
      partials.append(lowering.buffer(type.wide, isWritten: true, .partial(n)))
      narrow.append(lowering.scratchBuffer(type.dtype, count: groupLength))
      wide.append(lowering.scratchBuffer(type.wide, count: groupLength))
      let seeks = reduction.isPosition
      places.narrow.append(seeks ? lowering.scratchBuffer(.int32, count: groupLength) : -1)
      places.wide.append(seeks ? lowering.scratchBuffer(.int64, count: groupLength) : -1)
      places.partial.append(
        seeks ? lowering.buffer(.int64, isWritten: true, .partialPosition(n)) : -1)
    }
    (narrowPlaces, widePlaces, partialPlaces) = places
    resultBuffers = results
    partialBuffers = partials
    self.narrow = narrow
    self.wide = wide
    outputs = lowering.outputs(isFolded: false)
    roots = outputs.map { lowering.cluster.outputs[$0].node } + cluster.reductions.map(\.node)
    let isDear = cluster.nodes.contains { node in
      if case .map(let f, _, _, _, _) = node { !f.isCheap } else { false }
    }
    rowsAtOnce = isDear || cluster.nodes.count > 24 ? 1 : 4
  }

  func write(
    rows: (KernelTerm, KernelTerm), firstColumn: KernelTerm, columns: KernelTerm,
    partialRow: KernelTerm, isWhole: KernelTerm
  ) {
    fill(wide, widePlaces, rows.0, columns) { $0.wideIdentity }
    blocks(rows.0, rows.1, axis: 0) { first, last in
      let zero = builder.constant(Scalar(0 as Int64, .int32))
      fill(narrow, narrowPlaces, zero, columns) { $0.identity }
      let step = rowsAtOnce
      var middle = first
      if step > 1 {
        let count = last - first
        middle = first + (count - count % lowering.constant(step))
        builder.loop(.serial, from: first, to: middle, step: step) { row in
          foldRows((0..<step).map { row + lowering.constant($0) }, first, firstColumn, columns)
        }
      }
      builder.loop(.serial, from: middle, to: last) { row in
        foldRows([row], first, firstColumn, columns)
      }
      builder.loop(.vector, from: lowering.constant(0), to: columns) { column in
        for (n, type) in types.enumerated() {
          let part = builder.load(narrow[n], type.dtype, at: column).converted(to: type.wide)
          let sum = builder.load(wide[n], type.wide, at: column)
          let function = cluster.reductions[n].function
          if cluster.reductions[n].isPosition {
            let place = builder.load(narrowPlaces[n], .int32, at: column).converted(to: .int64)
            let old = builder.load(widePlaces[n], .int64, at: column)
            let wins = function.beats(part, sum)
            builder.store(wins.select(part, sum), to: wide[n], at: column)
            builder.store(wins.select(first + place, old), to: widePlaces[n], at: column)
          } else {
            builder.store(
              builder.call(function, type.wide, [sum, part]), to: wide[n], at: column)
          }
        }
      }
    }
    store(firstColumn, columns, partialRow, isWhole)
  }

  private func fill(
    _ buffers: [Int], _ places: [Int], _ place: KernelTerm, _ columns: KernelTerm,
    _ value: (FoldType) -> Scalar
  ) {
    builder.loop(.vector, from: lowering.constant(0), to: columns) { column in
      for (n, type) in types.enumerated() {
        builder.store(builder.constant(value(type)), to: buffers[n], at: column)
        if places[n] >= 0 { builder.store(place, to: places[n], at: column) }
      }
    }
  }

  /// Visits blocks of rows along the last reduced axis.
  private func blocks(
    _ start: KernelTerm, _ end: KernelTerm, axis: Int, _ body: (KernelTerm, KernelTerm) -> Void
  ) {
    if axis < reduced.count - 1 {
      builder.loop(.serial, from: start, to: end) { i in
        lowering.scoped {
          var outer = lowering.outer
          outer[reduced[axis]] = i
          lowering.enterRow(outer)
          blocks(
            lowering.constant(0), lowering.extent(reduced[axis + 1]), axis: axis + 1, body)
        }
      }
      return
    }
    builder.loop(.serial, from: start, to: end, step: ClusterLowering.blockRows) { first in
      let last = lowering.least(first + lowering.constant(ClusterLowering.blockRows), end)
      lowering.scoped { body(first, last) }
    }
  }

  /// Folds some rows of a block into the running folds, in order.
  private func foldRows(
    _ rows: [KernelTerm], _ first: KernelTerm, _ firstColumn: KernelTerm, _ columns: KernelTerm
  ) {
    lowering.scoped {
      let seeks = cluster.reductions.contains(where: \.isPosition)
      let numbers = seeks ? rows.map { ($0 - first).converted(to: .int32) } : []
      let contexts = rows.map { row -> ClusterLowering.Context in
        var outer = lowering.outer
        outer[reduced[reduced.count - 1]] = row
        lowering.enterRow(outer)
        lowering.settleBases()
        let before = lowering.context
        lowering.evaluateStill(for: roots, stage: 0, isConstant: false)
        defer { lowering.context.terms = before.terms }
        return lowering.context
      }
      builder.loop(.vector, from: lowering.constant(0), to: columns) { column in
        lowering.scoped {
          var folds = types.indices.map { builder.load(narrow[$0], types[$0].dtype, at: column) }
          var places = narrowPlaces.map {
            $0 < 0 ? nil : builder.load($0, .int32, at: column)
          }
          for (row, context) in contexts.enumerated() {
            lowering.context = context
            let place = firstColumn + column
            lowering.evaluate(roots, column: place)
            lowering.storeOutputs(outputs, buffers: outputBuffers, column: place)
            for (n, reduction) in cluster.reductions.enumerated() {
              guard let term = lowering.terms[reduction.node] else { continue }
              let value = term.converted(to: types[n].dtype)
              guard let place = places[n] else {
                folds[n] = builder.call(reduction.function, types[n].dtype, [folds[n], value])
                continue
              }
              let wins = reduction.function.beats(value, folds[n])
              folds[n] = wins.select(value, folds[n])
              places[n] = wins.select(numbers[row], place)
            }
          }
          for (n, fold) in folds.enumerated() {
            builder.store(fold, to: narrow[n], at: column)
            if let place = places[n] { builder.store(place, to: narrowPlaces[n], at: column) }
          }
        }
      }
    }
  }

  /// Stores the results, or the partial ones of a chunk; the text is the same for both.
  private func store(
    _ firstColumn: KernelTerm, _ columns: KernelTerm, _ partialRow: KernelTerm,
    _ isWhole: KernelTerm
  ) {
    lowering.settleBases()
    builder.branch(isWhole) {
      builder.loop(.vector, from: lowering.constant(0), to: columns) { column in
        lowering.scoped {
          let results = types.indices.map { n in
            widePlaces[n] < 0
              ? builder.load(wide[n], types[n].wide, at: column)
              : builder.load(widePlaces[n], .int64, at: column)
          }
          lowering.finish(
            results, resultBuffers: resultBuffers, outputBuffers: outputBuffers,
            column: firstColumn + column)
        }
      }
    } else: {
      let length = lowering.extent(lowering.space.extents.count - 1)
      let first = partialRow * length
      storeEach(firstColumn, columns) { n, sum, column, place in
        builder.store(sum, to: partialBuffers[n], at: first + place)
        guard widePlaces[n] >= 0 else { return }
        builder.store(
          builder.load(widePlaces[n], .int64, at: column), to: partialPlaces[n],
          at: first + place)
      }
    }
  }

  /// Brings the chunks of a group of columns together, of the kept position that was entered.
  func writeEnd(
    firstColumn: KernelTerm, columns: KernelTerm, partialRow: KernelTerm, chunks: KernelTerm
  ) {
    lowering.settleBases()
    let length = lowering.extent(lowering.space.extents.count - 1)
    builder.loop(.vector, from: lowering.constant(0), to: columns) { column in
      lowering.scoped {
        let place = firstColumn + column
        let results = lowering.combined(
          partials: partialBuffers, positions: partialPlaces, chunks: chunks
        ) { chunk in (partialRow * chunks + chunk) * length + place }
        lowering.finish(
          results, resultBuffers: resultBuffers, outputBuffers: outputBuffers, column: place)
      }
    }
  }

  private func storeEach(
    _ firstColumn: KernelTerm, _ columns: KernelTerm,
    _ body: (_ n: Int, _ sum: KernelTerm, _ column: KernelTerm, _ place: KernelTerm) -> Void
  ) {
    builder.loop(.vector, from: lowering.constant(0), to: columns) { column in
      lowering.scoped {
        let place = firstColumn + column
        for (n, type) in types.enumerated() {
          body(n, builder.load(wide[n], type.wide, at: column), column, place)
        }
      }
    }
  }
}
