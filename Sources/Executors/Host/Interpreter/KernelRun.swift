import WeftIR

/// The addresses that one run of a kernel uses: streams, stores and folds, in order.
///
/// `@unchecked Sendable`: parts write to disjoint elements of the outputs.
struct KernelBases: @unchecked Sendable {
  let pointer: UnsafePointer<UnsafeMutableRawPointer>
}

extension TileKernel {
  /// The least elements that are worth a part of their own.
  static let partElements = 32768
  /// The most elements of a part, so that cancelling is felt soon.
  static let longestPart = 1 << 21

  /// Computes all outputs.
  func run(_ bases: KernelBases, _ context: RunContext) throws {
    if !folds.isEmpty {
      try TileReduction(self).run(bases, context)
      return
    }
    if count == 0 { return }
    let tiles = tileCount
    if partCount(tiles, elements: count, context) <= 1 {
      // The usual case of small arrays: no closure.
      try context.token.check()
      let part = TilePart(self, bases.pointer, context.token)
      runTiles(0..<tiles, part)
      part.finish()
      try context.token.check()
      return
    }
    try split(tiles, elements: count, context) { [self] range in
      let part = TilePart(self, bases.pointer, context.token)
      defer { part.finish() }
      runTiles(range, part)
    }
  }

  /// The number of tiles of the whole space.
  var tileCount: Int {
    piecesPerRow > 1 ? rows * piecesPerRow : (rows + rowsPerTile - 1) / rowsPerTile
  }

  private func runTiles(_ range: Range<Int>, _ part: TilePart) {
    if piecesPerRow > 1 {
      var (row, piece) = range.lowerBound.quotientAndRemainder(dividingBy: piecesPerRow)
      for _ in range {
        let column = piece * pieceLength
        part.run(row: row, rows: 1, column: column, length: min(pieceLength, length - column))
        piece += 1
        if piece == piecesPerRow { (row, piece) = (row + 1, 0) }
      }
    } else {
      for tile in range {
        let row = tile * rowsPerTile
        part.run(row: row, rows: min(rowsPerTile, rows - row), column: 0, length: length)
      }
    }
  }

  private func partCount(_ units: Int, elements: Int, _ context: RunContext) -> Int {
    if elements < 2 * Self.partElements { return 1 }
    let parts = min(elements / Self.partElements, context.scheduler.threadCount * 8)
    return min(max(parts, elements / Self.longestPart), units)
  }

  /// Shares units out: small work stays on the caller's thread.
  func split(
    _ units: Int, elements: Int, _ context: RunContext,
    _ body: @escaping @Sendable (Range<Int>) throws -> Void
  ) throws {
    let parts = partCount(units, elements: elements, context)
    if parts <= 1 {
      try context.token.check()
      try body(0..<units)
      try context.token.check()
      return
    }
    let (size, extra) = units.quotientAndRemainder(dividingBy: parts)
    try context.scheduler.run(parts, context.token) { part, _ in
      let start = part * size + min(part, extra)
      try body(start..<start + size + (part < extra ? 1 : 0))
    }
  }
}
