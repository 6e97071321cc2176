import WeftIR

/// Rows of entries of which each comes whole, or in part, from rows of other arrays: slices, reversals, padding, joining
/// and taking of arrays with one compressed level below dense ones, such as CSR and CSC.
///
/// Rows are counted, their ends added up, and entries copied by threads with rows of their own. Nothing is numbered or
/// sorted: memory is that of the result and a number for each row.
struct RowMovement<Index: FixedWidthInteger & BitwiseCopyable & Sendable>: SparseItemBody {
  /// An array that rows come from.
  struct Source: Sendable {
    let elements: SparseElements
    /// What happens to the coordinates of entries in their rows.
    let shift: AxisShift
  }

  /// What the loops read of a source; its memory is the source's.
  private struct Rows: BitwiseCopyable {
    let ends: UnsafePointer<Index>
    let columns: UnsafePointer<Index>
    let values: UnsafeRawPointer
    let shift: AxisShift
    /// Whether rows stay as they are.
    let isWhole: Bool
  }

  private let sources: [Source]
  private let rows: [Rows]
  private let rowCount: Int
  /// For each row of the result which row it is, `RowOrigin.none` for no row; nil where row i is made of row i of
  /// each source, one after the other.
  private let origins: Vector<Int>?
  private let kernels: SparseKernels

  /// - Precondition: the sources have rows (`SparseElements.rows`) with this index.
  init(_ sources: [Source], rows rowCount: Int, origins: Vector<Int>?, _ kernels: SparseKernels) {
    (self.sources, self.rowCount, self.origins, self.kernels) = (
      sources, rowCount, origins, kernels
    )
    rows = sources.map { source in
      // What `rows` promises; a source without rows has no entries.
      let (ends, columns) = source.elements.rows ?? (source.elements.values, source.elements.values)
      return Rows(
        ends: UnsafePointer(ends.base.assumingMemoryBound(to: Index.self)),
        columns: UnsafePointer(columns.base.assumingMemoryBound(to: Index.self)),
        values: UnsafeRawPointer(source.elements.values.base), shift: source.shift,
        isWhole: source.shift.changesNothing)
    }
  }

  /// The arrays of the result; nil where its index is too narrow for so many entries.
  func run<Item: SparseItem>(_: Item.Type) throws -> RowEntries? {
    nonisolated(unsafe) let rows = rows
    let origins = origins
    let found: (ends: Buffer, total: Int)? = try rows.withUnsafeBufferPointer { list in
      nonisolated(unsafe) let list = list
      return try kernels.rowEnds(rowCount, of: Index.self) { row in
        if let origins { return Self.count(origins.base[row], list) }
        return list.indices.reduce(0) { $0 &+ Self.kept(list[$1], row) }
      }
    }
    guard let (positions, total) = found else { return nil }
    let coordinates = try kernels.values(total, positions.type.dtype)
    let values = try kernels.values(total, sources[0].elements.values.type.dtype)
    nonisolated(unsafe) let ends = positions.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let columns = coordinates.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let items = values.items(Item.self)
    let parts = RowParts(rowCount, entries: total, width: 1) { Int(ends[$0]) }
    try kernels.context.scheduler.run(parts.count, kernels.context.token) { part, _ in
      rows.withUnsafeBufferPointer { list in
        var row = parts[part].lowerBound
        let limit = Int(ends[parts[part].upperBound])
        while row < parts[part].upperBound {
          var next = Int(ends[row])
          guard let origins else {
            for rows in list { Self.copy(rows, row, 1, columns, items, &next, limit) }
            row &+= 1
            continue
          }
          let code = origins.base[row]
          if code == RowOrigin.none {
            row &+= 1
            continue
          }
          let (rows, first) = (list[RowOrigin.source(code)], RowOrigin.row(code))
          var count = 1
          // Rows that follow each other are one copy.
          while rows.isWhole, row &+ count < parts[part].upperBound,
            origins.base[row &+ count] == code &+ count
          {
            count &+= 1
          }
          Self.copy(rows, first, count, columns, items, &next, limit)
          row &+= count
        }
      }
    }
    withExtendedLifetime(sources) {}
    return RowEntries(ends: positions, columns: coordinates, values: values)
  }

  @inline(__always)
  private static func count(_ origin: Int, _ list: UnsafeBufferPointer<Rows>) -> Int {
    if origin == RowOrigin.none { return 0 }
    return kept(list[RowOrigin.source(origin)], RowOrigin.row(origin))
  }

  /// How many entries of a row stay.
  @inline(__always)
  private static func kept(_ rows: Rows, _ row: Int) -> Int {
    let (start, end) = (Int(rows.ends[row]), Int(rows.ends[row &+ 1]))
    if rows.isWhole || end &- start > fewEntries || rows.shift.step > 1 {
      return range(rows, row).kept
    }
    let window = Window(rows.shift)
    var kept = 0
    for entry in start..<end { kept &+= window.holds(rows.columns[entry]) ? 1 : 0 }
    return kept
  }

  /// The columns that a shift with a step of one keeps, by one comparison.
  private struct Window {
    let first: Index
    let count: Index.Magnitude

    @inline(__always)
    init(_ shift: AxisShift) {
      first = Index(truncatingIfNeeded: shift.start)
      count = Index.Magnitude(truncatingIfNeeded: shift.count)
    }

    @inline(__always)
    func holds(_ column: Index) -> Bool {
      Index.Magnitude(truncatingIfNeeded: column &- first) < count
    }
  }

  /// The entries of a row between the bounds of its shift, and how many of them stay.
  @inline(__always)
  private static func range(_ rows: Rows, _ row: Int) -> (first: Int, end: Int, kept: Int) {
    let (start, end) = (Int(rows.ends[row]), Int(rows.ends[row &+ 1]))
    let shift = rows.shift
    if rows.isWhole || shift.keepsAll { return (start, end, end &- start) }
    if shift.count == 0 { return (start, start, 0) }
    let least = Index(truncatingIfNeeded: shift.start)
    let most = Index(truncatingIfNeeded: shift.start &+ (shift.count &- 1) &* shift.step)
    let first = place(rows.columns, start, end) { $0 < least }
    let last = place(rows.columns, first, end) { $0 <= most }
    if shift.step == 1 { return (first, last, last &- first) }
    let step = Index(truncatingIfNeeded: shift.step)
    var kept = 0
    for entry in first..<last { kept &+= (rows.columns[entry] &- least) % step == 0 ? 1 : 0 }
    return (first, last, kept)
  }

  /// Where the entries end for which a condition holds that holds for none after the first for which it does not.
  @inline(__always)
  private static func place(
    _ columns: UnsafePointer<Index>, _ start: Int, _ end: Int, _ isBefore: (Index) -> Bool
  ) -> Int {
    if end &- start <= fewEntries {
      var place = start
      for entry in start..<end { place &+= isBefore(columns[entry]) ? 1 : 0 }
      return place
    }
    var (low, high) = (start, end)
    while low < high {
      let middle = (low &+ high) / 2
      if isBefore(columns[middle]) { low = middle &+ 1 } else { high = middle }
    }
    return low
  }

  /// Rows of so few entries are counted one by one.
  private static var fewEntries: Int { 32 }

  /// Copies some rows that stay as they are, or one; what is behind the copies may be written up to a limit.
  @inline(__always)
  private static func copy<Item: SparseItem>(
    _ rows: Rows, _ row: Int, _ count: Int, _ columns: UnsafeMutablePointer<Index>,
    _ items: UnsafeMutablePointer<Item>, _ next: inout Int, _ limit: Int
  ) {
    let values = rows.values.assumingMemoryBound(to: Item.self)
    if rows.isWhole {
      let (start, end) = (Int(rows.ends[row]), Int(rows.ends[row &+ count]))
      (columns + next).update(from: rows.columns + start, count: end &- start)
      (items + next).update(from: values + start, count: end &- start)
      next &+= end &- start
      return
    }
    let shift = rows.shift
    let isPlain = shift.step == 1 && shift.spread == 1 && !shift.isReversed
    let offset = Index(truncatingIfNeeded: shift.low &- shift.start)
    let (start, all) = (Int(rows.ends[row]), Int(rows.ends[row &+ 1] &- rows.ends[row]))
    if isPlain, all <= fewEntries, next &+ all < limit {
      // Without branches on columns: what does not stay is written over.
      let window = Window(shift)
      for entry in start..<start &+ all {
        columns[next] = rows.columns[entry] &+ offset
        items[next] = values[entry]
        next &+= window.holds(rows.columns[entry]) ? 1 : 0
      }
      return
    }
    let (first, end, kept) = range(rows, row)
    let (to, into) = (columns + next, items + next)
    next &+= kept
    if isPlain {
      for n in 0..<kept { to[n] = rows.columns[first &+ n] &+ offset }
      into.update(from: values + first, count: kept)
      return
    }
    var n = shift.isReversed ? kept &- 1 : 0
    for entry in first..<end {
      guard let moved = shift.moved(Int(rows.columns[entry])) else { continue }
      to[n] = Index(truncatingIfNeeded: moved)
      into[n] = values[entry]
      n &+= shift.isReversed ? -1 : 1
    }
  }
}

/// Which row of which source a row is, as one number; those of neighbours are neighbours.
enum RowOrigin {
  static let none = -1
  private static let rowBits = 48

  static func code(_ source: Int, _ row: Int) -> Int { source << rowBits | row }
  @inline(__always)
  static func source(_ code: Int) -> Int { code &>> rowBits }
  @inline(__always)
  static func row(_ code: Int) -> Int { code & (1 << rowBits - 1) }
  /// Sources and rows beyond these have no numbers.
  static func fits(_ sources: Int, _ rows: Int) -> Bool { sources < 1 << 14 && rows < 1 << rowBits }
}

/// The arrays of entries in rows.
struct RowEntries: Sendable {
  let ends: Buffer
  let columns: Buffer
  let values: Buffer

  /// An array of a type whose layout has one compressed level below dense ones.
  func elements(_ type: TensorType, _ layout: Layout) -> SparseElements {
    SparseElements(
      type, layout,
      levels: Array(repeating: .dense, count: layout.rank - 1)
        + [.compressed(positions: ends, coordinates: columns)], values: values)
  }
}

extension Layout {
  /// Whether entries stand in rows: one compressed level below dense ones.
  var hasRows: Bool {
    packing == .elements && rank > 1 && leadingDenseLevels == rank - 1
      && levels[rank - 1] == .compressed
  }
}

extension SparseElements {
  /// The ends and the columns of rows, for layouts with rows whose arrays have one dtype.
  var rows: (ends: Buffer, columns: Buffer)? {
    guard layout.hasRows, case .compressed(let positions, let coordinates)? = levels.last,
      positions.type.dtype == coordinates.type.dtype
    else { return nil }
    return (positions, coordinates)
  }
}

extension SparseKernels {
  /// The ends of rows from the number of entries of each; nil where an index cannot count them.
  func rowEnds<Index: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ rows: Int, of _: Index.Type, _ count: @Sendable (Int) -> Int
  ) throws -> (ends: Buffer, total: Int)? {
    let buffer = try values(rows + 1, Index.self == Int32.self ? .int32 : .int64)
    nonisolated(unsafe) let ends = buffer.base.assumingMemoryBound(to: Index.self)
    ends[0] = 0
    let length = Self.rowsOfPart
    let parts = (rows + length - 1) / length
    let sums: Vector<Int> = try vector(parts)
    @Sendable func bounds(_ part: Int) -> Range<Int> {
      part * length..<min(rows, (part + 1) * length)
    }
    try context.scheduler.run(parts, context.token) { part, _ in
      var sum = 0
      for row in bounds(part) {
        let own = count(row)
        ends[row &+ 1] = Index(truncatingIfNeeded: own)
        sum &+= own
      }
      sums.base[part] = sum
    }
    var total = 0
    for part in 0..<parts {
      let here = sums.base[part]
      sums.base[part] = total
      total += here
    }
    if total > Int(Index.max) { return nil }
    try context.scheduler.run(parts, context.token) { part, _ in
      var sum = Index(truncatingIfNeeded: sums.base[part])
      for row in bounds(part) {
        sum &+= ends[row &+ 1]
        ends[row &+ 1] = sum
      }
    }
    return (buffer, total)
  }

  /// Rows that a thread counts at a time.
  private static let rowsOfPart = 1 << 13
}
