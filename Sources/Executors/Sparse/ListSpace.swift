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
  /// The levels below that tell coordinates.
  let innerLevels: Int
  /// Elements that an entry has: one, but for blocks.
  let width: Int

  /// nil for layouts of other levels, and for shapes with more positions than 64 bits count.
  init?(_ shape: [Int], _ layout: Layout, _ kernels: SparseKernels) throws {
    let lead = layout.leadingDenseLevels
    let inner = layout.levels.dropFirst(lead)
    let isList =
      Array(inner) == [.compressed]
      || inner.first == .nonunique && inner.dropFirst().allSatisfy { $0 == .singleton }
    guard isList || layout.packing != .elements, layout.packing != .diagonals,
      try !PositionWidth.isWide([shape])
    else { return nil }
    // Numbers of positions are signed in kernels.
    if shape.reduce(1.0, { $0 * Double(max(1, $1)) }) > 0x1p62 { return nil }
    self.shape = shape
    self.layout = layout
    self.kernels = kernels
    leadingLevels = lead
    switch layout.packing {
    case .elements:
      (innerLevels, width) = (layout.rank - lead, 1)
      rowCount = layout.order.prefix(lead).reduce(1) { $0 * shape[$1] }
    case .blocks(let height, let columns):
      (innerLevels, width) = (1, height * columns)
      rowCount = (shape[0] + height - 1) / height
    case .diagonals: return nil
    }
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

  func subset(_ lists: Lists, _ elements: Vector<Int>) throws -> Lists {
    let places = try width == 1 ? elements : entries(of: elements)
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

  /// The entries that have some elements, each once.
  private func entries(of elements: Vector<Int>) throws -> Vector<Int> {
    var (count, last) = (0, -1)
    let entries: Vector<Int> = try kernels.vector(elements.count)
    for n in 0..<elements.count where elements.base[n] / width != last {
      last = elements.base[n] / width
      entries.base[count] = last
      count += 1
    }
    return Vector(entries, count: count)
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

  /// Parts of lists: rows, and of each list the entries that are a part's. A part may end inside a row.
  struct Cut: Sendable {
    let count: Int
    /// The row in which each part begins, then the number of rows.
    private let rows: Vector<Int>
    /// By list where each part begins, then where the last one ends.
    private let starts: Vector<Int>
    /// The number of rows of all parts.
    private let rowCount: Int

    fileprivate init(
      _ rows: [Int], _ starts: [[Int]], rowCount: Int, _ kernels: SparseKernels
    ) throws {
      count = rows.count - 1
      self.rowCount = rowCount
      self.rows = try kernels.vector(rows.count)
      self.starts = try kernels.vector(rows.count * starts.count)
      for (n, row) in rows.enumerated() { self.rows.base[n] = row }
      for (n, start) in starts.joined().enumerated() { self.starts.base[n] = start }
    }

    /// The rows that a part has entries of.
    func rows(of part: Int) -> Range<Int> {
      rows.base[part]..<min(rows.base[part + 1] + 1, rowCount)
    }
    /// The rows that end in a part.
    func wholeRows(of part: Int) -> Range<Int> { rows.base[part]..<rows.base[part + 1] }
    /// The entries of a list that belong to a part.
    func entries(of list: Int, in part: Int) -> Range<Int> {
      let place = list * (count + 1) + part
      return starts.base[place]..<starts.base[place + 1]
    }
  }

  /// Parts of about so many entries, by the entries alone.
  func cut(_ lists: [Lists], entries length: Int) throws -> Cut {
    // What has no rows is one.
    let rows = max(leadingLevels == 0 ? 1 : rowCount, 0)
    let total = lists.reduce(0) { $0 + $1.count }
    var (firstRows, starts) = ([0], lists.map { _ in [0] })
    let ends = lists.map { ($0.positions.base, $0.positions.type.dtype == .int32) }
    /// The rows and entries before a row.
    func before(_ row: Int) -> Int {
      var sum = row
      for (base, isNarrow) in ends {
        sum &+=
          isNarrow
          ? Int(base.assumingMemoryBound(to: Int32.self)[row])
          : Int(base.assumingMemoryBound(to: Int64.self)[row])
      }
      return sum
    }
    let parts = max(1, (total + rows) / length)
    var low = 0
    for part in 1..<max(2, parts) where parts > 1 {
      let wanted = (total + rows) / parts * part
      // The last row that begins at or before what is wanted.
      var high = rows
      while low < high {
        let middle = (low + high + 1) / 2
        if before(middle) <= wanted { low = middle } else { high = middle - 1 }
      }
      if low == rows { break }
      let rest = wanted - before(low)
      firstRows.append(low)
      let isInside = before(low + 1) - before(low) > length / 2 && rest > 0
      let places =
        isInside
        ? self.places(in: low, after: rest, lists) : lists.map { $0.positions.index(at: low) }
      for list in lists.indices { starts[list].append(places[list]) }
    }
    firstRows.append(rows)
    for list in lists.indices { starts[list].append(lists[list].count) }
    return try withExtendedLifetime(lists) { () throws in
      try Cut(firstRows, starts, rowCount: rows, kernels)
    }
  }

  /// The first entries of a row that are not before one of its longest list, so far into the row.
  private func places(in row: Int, after entries: Int, _ lists: [Lists]) -> [Int] {
    let ranges = lists.map { $0.positions.index(at: row)..<$0.positions.index(at: row + 1) }
    let size = ranges.reduce(0) { $0 + $1.count }
    guard let longest = ranges.indices.max(by: { ranges[$0].count < ranges[$1].count }) else {
      return []
    }
    let own = ranges[longest]
    let share = Double(entries) / Double(max(1, size))
    let entry = own.lowerBound + min(own.count - 1, Int(share * Double(own.count)))
    return lists.indices.map { list in
      list == longest ? entry : lists[list].place(of: lists[longest], entry, in: ranges[list])
    }
  }
}

extension ListSpace.Lists {
  /// The first entry of a range that is not before one of another list.
  fileprivate func place(of other: ListSpace.Lists, _ entry: Int, in range: Range<Int>) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
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
