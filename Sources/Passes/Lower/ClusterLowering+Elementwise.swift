import WeftIR

extension ClusterLowering {
  /// The elements of a unit of work, about.
  static let unitElements = 16384

  /// Loops of a kernel that folds nothing: units are pieces of blocks of rows.
  func writeElementwise() -> LoopPlan? {
    let roots = cluster.outputs.map(\.node)
    let buffers = outputBuffers()
    evaluateStill(for: roots, stage: 0, isConstant: true)
    let rank = space.extents.count
    let piece = pieceLength
    let pieces = (space.length + piece - 1) / piece
    let rowsPerBlock = rank == 1 ? 1 : rowsPerBlock(piece)
    let blocks = rank == 1 ? 1 : (space.extents[rank - 2] + rowsPerBlock - 1) / rowsPerBlock
    let above = space.extents.dropLast(2).reduce(1, *)
    let units = above * blocks * pieces
    parallelLoop(units: units) { unit in
      var rest = unit
      let pieceTerm = index("piece", piece)
      let start: KernelTerm
      if rank == 1 {
        start = rest * pieceTerm
      } else {
        let count = index("pieces", pieces)
        start = rest % count * pieceTerm
        rest = rest / count
      }
      let end = least(start + pieceTerm, extent(rank - 1))
      if rank == 1 {
        enterRow([nil])
        row(roots, buffers, start, end)
        return
      }
      forEachRow(
        rest, axes: Array(0..<rank - 1), rowsPerBlock: rowsPerBlock,
        start: { first, last in
          copyTransposed(roots, rows: (first, last), columns: (start, end))
        }
      ) {
        row(roots, buffers, start, end)
      }
    }
    return LoopPlan(units: units)
  }

  private func row(
    _ roots: [Int], _ buffers: [Int], _ start: KernelTerm, _ end: KernelTerm
  ) {
    settleBases()
    if space.length == 1 {
      // One position: all strides along it may be 0, and vectors would write to one place.
      evaluate(roots, column: constant(0))
      storeOutputs(Array(buffers.indices), buffers: buffers, column: constant(0))
      return
    }
    evaluateStill(for: roots, stage: 0, isConstant: false)
    builder.loop(.vector, from: start, to: end) { column in
      scoped {
        evaluate(roots, column: column)
        storeOutputs(Array(buffers.indices), buffers: buffers, column: column)
      }
    }
  }

  /// The rows and columns of a block in which some array lies across.
  static let blockSide = 64
  /// The elements between rows of a block in the thread's memory: whole cache lines, whose number
  /// spreads them over the cache.
  static let blockPitch = 80

  /// Copies the part of a block that arrays which lie across have into the thread's memory, row by
  /// row: each cache line is read at once, however far apart columns are.
  func copyTransposed(
    _ roots: [Int], rows: (first: KernelTerm, last: KernelTerm),
    columns: (first: KernelTerm, last: KernelTerm)
  ) {
    let needed = needed(for: roots) { terms[$0] != nil }
    for (node, kind) in cluster.nodes.enumerated() where needed[node] && isTransposed(node) {
      guard case .load(_, let view) = kind else { continue }
      let dtype = cluster.dtypes[node]
      let block = scratchBuffer(dtype, count: Self.blockSide * Self.blockPitch)
      let source = bufferOf(node)
      builder.loop(.tile, from: columns.first, to: columns.last) { column in
        scoped {
          let place = place(participant[node], offset: view.offset, column: column)
          let target = column - columns.first
          builder.loop(.vector, from: rows.first, to: rows.last) { row in
            builder.store(
              builder.load(source, dtype, at: place + row), to: block,
              at: (row - rows.first) * constant(Self.blockPitch) + target)
          }
        }
      }
      context.blocks[node] = Context.Block(
        buffer: block, firstRow: rows.first, firstColumn: columns.first)
    }
  }

  /// Whether a node's neighbours in memory lie along the second innermost axis.
  private func isTransposed(_ node: Int) -> Bool {
    let last = space.extents.count - 1
    guard case .load = cluster.nodes[node], last > 0 else { return false }
    let strides = space.strides[participant[node]]
    // Vectors of shorter elements have more lanes than squares in registers.
    return strides[last - 1] == 1 && abs(strides[last]) > 1
      && cluster.dtypes[node].itemSize >= 4
  }

  /// Visits the rows of a block: positions of axes, those of the last one in blocks, whose number
  /// is given, one after the other.
  ///
  /// `start` stands before the rows, where the other axes' positions are known, and gets the first
  /// row and the one after the last.
  func forEachRow(
    _ number: KernelTerm, axes: [Int], rowsPerBlock: Int,
    start: (_ first: KernelTerm, _ last: KernelTerm) -> Void = { _, _ in },
    body: () -> Void
  ) {
    guard let last = axes.last else {
      enterRow(space.extents.map { _ in nil })
      body()
      return
    }
    var (first, end, outer) = blockOfRows(
      number, along: last, others: axes.dropLast(), rowsPerBlock: rowsPerBlock)
    enterRow(outer)
    start(first, end)
    builder.loop(.serial, from: first, to: end) { i in
      scoped {
        outer[last] = i
        enterRow(outer)
        body()
      }
    }
  }

  /// The rows of a block, by its number: the first and the one after the last along an axis, and the
  /// positions along the others.
  func blockOfRows(
    _ number: KernelTerm, along axis: Int, others: [Int], rowsPerBlock: Int
  ) -> (first: KernelTerm, end: KernelTerm, outer: [KernelTerm?]) {
    let blocks = index("blocks", (space.extents[axis] + rowsPerBlock - 1) / rowsPerBlock)
    let rows = index("rows", rowsPerBlock)
    let first = number % blocks * rows
    let outer = decode(number / blocks, axes: others)
    return (first, least(first + rows, extent(axis)), outer)
  }

  /// The indices along axes whose positions are counted by a number, the last axis fastest.
  func decode(_ number: KernelTerm, axes: [Int]) -> [KernelTerm?] {
    var result: [KernelTerm?] = space.extents.map { _ in nil }
    var rest = number
    for (position, axis) in axes.enumerated().reversed() {
      if position == 0 {
        result[axis] = rest
      } else {
        result[axis] = rest % extent(axis)
        rest = rest / extent(axis)
      }
    }
    return result
  }

  /// Whether some array lies across the innermost axis, so that short pieces keep its lines in cache.
  private var crosses: Bool {
    let last = space.extents.count - 1
    return last > 0
      && space.strides.contains { strides in
        abs(strides[last]) > 1
          && strides.dropLast().contains { $0 != 0 && abs($0) < abs(strides[last]) }
      }
  }

  private var pieceLength: Int {
    if let wantedUnit, space.extents.count == 1 { return min(space.length, wantedUnit) }
    if crosses { return min(space.length, Self.blockSide) }
    return space.length <= 2 * Self.unitElements ? max(1, space.length) : Self.unitElements
  }

  private func rowsPerBlock(_ piece: Int) -> Int {
    if crosses { return Self.blockSide }
    return max(1, (wantedUnit ?? Self.unitElements) / max(1, piece))
  }
}
