import WeftIR

/// Positions as lists of coordinates below dense levels, by the arrays that layouts have: CSR, CSC, GCXS, COO.
///
/// What merges them are compiled loops (`MergedRun`).
struct ListSpace: PatternSpace {
  let shape: [Int]
  let layout: Layout
  let kernels: SparseKernels
  /// Rows: the positions of the dense levels.
  let rowCount: Int
  let leadingLevels: Int
  var innerLevels: Int { layout.rank - leadingLevels }

  /// nil for layouts of other levels, and for shapes with more positions than 64 bits count.
  init?(_ shape: [Int], _ layout: Layout, _ kernels: SparseKernels) throws {
    let lead = layout.leadingDenseLevels
    let inner = layout.levels.dropFirst(lead)
    let isList =
      Array(inner) == [.compressed]
      || inner.first == .nonunique && inner.dropFirst().allSatisfy { $0 == .singleton }
    guard isList, layout.packing == .elements, try !PositionWidth.isWide([shape]) else {
      return nil
    }
    // Numbers of positions are signed in kernels.
    if shape.reduce(1.0, { $0 * Double(max(1, $1)) }) > 0x1p62 { return nil }
    self.shape = shape
    self.layout = layout
    self.kernels = kernels
    leadingLevels = lead
    rowCount = layout.order.prefix(lead).reduce(1) { $0 * shape[$1] }
  }

  final class Lists: Sendable {
    /// Where the entries of each row begin, and the last one's end.
    let positions: Buffer
    /// By level below the dense ones.
    let coordinates: [Buffer]

    init(_ positions: Buffer, _ coordinates: [Buffer]) {
      self.positions = positions
      self.coordinates = coordinates
    }

    var count: Int { coordinates[0].count }
  }

  func positions(of elements: SparseElements) throws -> Lists? {
    guard elements.layout.hasLevels(of: layout) else { return nil }
    var positions: Buffer?
    var coordinates: [Buffer] = []
    for level in elements.levels {
      switch level {
      case .dense: break
      case .compressed(let ends, let own):
        positions = ends
        coordinates.append(own)
      case .singleton(let own): coordinates.append(own)
      }
    }
    return positions.map { Lists($0, coordinates) }
  }

  func isSame(_ a: Lists, _ b: Lists) -> Bool {
    a === b
      || a.positions === b.positions
        && zip(a.coordinates, b.coordinates).allSatisfy { $0 === $1 }
  }

  func values(_ positions: Lists) -> Buffer? { nil }

  func subset(_ lists: Lists, _ places: Vector<Int>) throws -> Lists {
    let coordinates = try lists.coordinates.map { own in
      try kernels.moved(own, count: places.count) { places.base[$0] }
    }
    let dtype = lists.positions.type.dtype
    let ends: Vector<Int> = try kernels.vector(lists.positions.count)
    var next = 0
    for row in 0..<ends.count {
      let end = lists.positions.index(at: row)
      while next < places.count, places.base[next] < end { next += 1 }
      ends.base[row] = next
    }
    return Lists(try kernels.indices(ends, dtype), coordinates)
  }

  func positions(of places: [Int], in view: DenseView) -> Lists? { nil }

  func merged(_ formula: MergeFormula, of leaves: [Lists]) -> Lists? { nil }

  /// An array of values at positions.
  func elements(
    _ lists: Lists, _ values: Buffer, _ type: TensorType, _ layout: Layout
  ) -> SparseElements {
    let levels =
      Array(repeating: SparseElements.Level.dense, count: leadingLevels)
      + [.compressed(positions: lists.positions, coordinates: lists.coordinates[0])]
      + lists.coordinates.dropFirst().map { .singleton(coordinates: $0) }
    return SparseElements(type, layout, levels: levels, values: values)
  }

  // MARK: - Parts

  /// Rows of lists: where each list's rows begin and end, and which rows make up a part.
  struct Cut {
    var ends: [Buffer]
    var parts: Buffer
    var count: Int { parts.count - 1 }
  }

  /// Parts with about equally many entries, by the entries alone.
  func cut(_ lists: [Lists]) throws -> Cut {
    if leadingLevels == 0 { return try cutAtPositions(lists) }
    let total = lists.reduce(0) { $0 + $1.count }
    let parts = RowParts(rowCount, entries: total, width: 1) { row in
      lists.reduce(0) { $0 + $1.positions.index(at: row) }
    }
    let bounds: Vector<Int> = try kernels.vector(parts.count + 1)
    bounds.base[0] = 0
    for part in 0..<parts.count { bounds.base[part + 1] = parts[part].upperBound }
    return Cut(ends: lists.map(\.positions), parts: try kernels.indices(bounds, .int64))
  }

  /// Lists without rows, cut where the longest has so many entries; a part is a row.
  private func cutAtPositions(_ lists: [Lists]) throws -> Cut {
    let longest = lists.max { $0.count < $1.count } ?? lists[0]
    let length = SparseKernels.entriesOfPart
    let parts = max(1, (longest.count + length - 1) / length)
    let ends = try lists.map { list in
      let ends: Vector<Int> = try kernels.vector(parts + 1)
      for part in 0..<parts {
        ends.base[part] = part == 0 ? 0 : list.place(of: longest, part * length)
      }
      ends.base[parts] = list.count
      return try kernels.indices(ends, .int64)
    }
    let bounds: Vector<Int> = try kernels.vector(parts + 1)
    for part in 0...parts { bounds.base[part] = part }
    return Cut(ends: ends, parts: try kernels.indices(bounds, .int64))
  }
}

extension ListSpace.Lists {
  /// The first entry that is not before one of another list.
  fileprivate func place(of other: ListSpace.Lists, _ entry: Int) -> Int {
    if other === self { return entry }
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(middle, other, entry) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func isBefore(_ entry: Int, _ other: ListSpace.Lists, _ otherEntry: Int) -> Bool {
    for (own, others) in zip(coordinates, other.coordinates) {
      let (x, y) = (own.index(at: entry), others.index(at: otherEntry))
      if x != y { return x < y }
    }
    return false
  }
}
