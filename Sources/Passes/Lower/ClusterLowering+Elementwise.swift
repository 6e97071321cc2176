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
      forEachRow(rest, axes: Array(0..<rank - 1), rowsPerBlock: rowsPerBlock) {
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

  /// Visits the rows of a block: positions of axes, those of the last one in blocks, whose number
  /// is given, one after the other or in a vector.
  func forEachRow(
    _ number: KernelTerm, axes: [Int], rowsPerBlock: Int, kind: Kernel.Loop.Kind = .serial,
    _ body: () -> Void
  ) {
    guard let last = axes.last else {
      enterRow(space.extents.map { _ in nil })
      body()
      return
    }
    let blocks = index("blocks", (space.extents[last] + rowsPerBlock - 1) / rowsPerBlock)
    let rows = index("rows", rowsPerBlock)
    let first = number % blocks * rows
    var outer = decode(number / blocks, axes: axes.dropLast())
    builder.loop(kind, from: first, to: least(first + rows, extent(last))) { i in
      scoped {
        outer[last] = i
        enterRow(outer)
        body()
      }
    }
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
    if crosses { return min(space.length, 64) }
    return space.length <= 2 * Self.unitElements ? max(1, space.length) : Self.unitElements
  }

  private func rowsPerBlock(_ piece: Int) -> Int {
    if crosses { return 64 }
    return max(1, (wantedUnit ?? Self.unitElements) / max(1, piece))
  }
}
