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

  /// - Precondition: the sources have rows (`SparseElements.rows`) with this index; several keep all entries, in order.
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
  func run<Item: SparseItem>(_ item: Item.Type) throws -> RowEntries? {
    if rows.count == 1, !rows[0].isWhole { return try cut(item) }
    nonisolated(unsafe) let rows = rows
    // Pointers, as counting the references of a vector at each row would take most of the time.
    nonisolated(unsafe) let origins = origins.map { UnsafePointer($0.base) }
    defer { withExtendedLifetime(self) {} }
    let found: (ends: Buffer, total: Int)? = try rows.withUnsafeBufferPointer { list in
      nonisolated(unsafe) let list = list
      return try kernels.rowEnds(rowCount, of: Index.self) { row in
        if let origins { return Self.count(origins[row], list) }
        var count = 0
        for rows in list { count &+= Self.count(rows, row) }
        return count
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
        while row < parts[part].upperBound {
          var next = Int(ends[row])
          guard let origins else {
            for rows in list { Self.copy(rows, row, 1, columns, items, &next) }
            row &+= 1
            continue
          }
          let code = origins[row]
          if code == RowOrigin.none {
            row &+= 1
            continue
          }
          let (rows, first) = (list[RowOrigin.source(code)], RowOrigin.row(code))
          var count = 1
          // Rows that follow each other are one copy.
          while rows.isWhole, row &+ count < parts[part].upperBound,
            origins[row &+ count] == code &+ count
          {
            count &+= 1
          }
          Self.copy(rows, first, count, columns, items, &next)
          row &+= count
        }
      }
    }
    return RowEntries(ends: positions, columns: coordinates, values: values)
  }

  /// The rows of one array, cut and moved along their axis.
  private func cut<Item: SparseItem>(_: Item.Type) throws -> RowEntries? {
    nonisolated(unsafe) let (ends, columns) = (rows[0].ends, rows[0].columns)
    nonisolated(unsafe) let values = rows[0].values.assumingMemoryBound(to: Item.self)
    let (window, few) = (RowWindow<Index>(rows[0].shift), Self.fewEntries)
    nonisolated(unsafe) let origins = origins.map { UnsafePointer($0.base) }
    defer { withExtendedLifetime(self) {} }
    let found = try kernels.rowEnds(rowCount, of: Index.self) { row in
      let own = origins?[row] ?? row
      if own < 0 { return 0 }
      let (start, end) = (Int(ends[own]), Int(ends[own &+ 1]))
      if window.holdsAll { return end &- start }
      if end &- start > few, window.step == 1 {
        return window.range(columns, start, end).count
      }
      var kept = 0
      for entry in start..<end { kept &+= window.holds(columns[entry]) ? 1 : 0 }
      return kept
    }
    guard let (positions, total) = found else { return nil }
    let coordinates = try kernels.values(total, positions.type.dtype)
    let moved = try kernels.values(total, sources[0].elements.values.type.dtype)
    nonisolated(unsafe) let newEnds = positions.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let to = coordinates.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let into = moved.items(Item.self)
    let parts = RowParts(rowCount, entries: total, width: 1) { Int(newEnds[$0]) }
    try kernels.context.scheduler.run(parts.count, kernels.context.token) { part, _ in
      let limit = Int(newEnds[parts[part].upperBound])
      for row in parts[part] {
        let own = origins?[row] ?? row
        if own < 0 { continue }
        var next = Int(newEnds[row])
        var (start, end) = (Int(ends[own]), Int(ends[own &+ 1]))
        if end &- start > few, window.step == 1, !window.holdsAll {
          let range = window.range(columns, start, end)
          (start, end) = (range.lowerBound, range.upperBound)
        }
        if window.isReversed {
          for entry in (start..<end).reversed() where window.holds(columns[entry]) {
            to[next] = window.moved(columns[entry])
            into[next] = values[entry]
            next &+= 1
          }
        } else if next &+ end &- start < limit {
          // Without branches on columns: what does not stay is written over, by this part.
          for entry in start..<end {
            let column = columns[entry]
            to[next] = window.moved(column)
            into[next] = values[entry]
            next &+= window.holds(column) ? 1 : 0
          }
        } else {
          for entry in start..<end where window.holds(columns[entry]) {
            to[next] = window.moved(columns[entry])
            into[next] = values[entry]
            next &+= 1
          }
        }
      }
    }
    return RowEntries(ends: positions, columns: coordinates, values: moved)
  }

  @inline(__always)
  private static func count(_ origin: Int, _ list: UnsafeBufferPointer<Rows>) -> Int {
    if origin == RowOrigin.none { return 0 }
    return count(list[RowOrigin.source(origin)], RowOrigin.row(origin))
  }

  @inline(__always)
  private static func count(_ rows: Rows, _ row: Int) -> Int {
    Int(rows.ends[row &+ 1] &- rows.ends[row])
  }

  /// Rows of so few entries are looked at one by one.
  private static var fewEntries: Int { 32 }

  /// Copies some rows that stay as they are, or one.
  @inline(__always)
  private static func copy<Item: SparseItem>(
    _ rows: Rows, _ row: Int, _ count: Int, _ columns: UnsafeMutablePointer<Index>,
    _ items: UnsafeMutablePointer<Item>, _ next: inout Int
  ) {
    let values = rows.values.assumingMemoryBound(to: Item.self)
    let (start, end) = (Int(rows.ends[row]), Int(rows.ends[row &+ count]))
    let to = columns + next
    if rows.isWhole {
      to.update(from: rows.columns + start, count: end &- start)
    } else {
      let offset = Index(truncatingIfNeeded: rows.shift.low)
      for n in 0..<end &- start { to[n] = rows.columns[start &+ n] &+ offset }
    }
    (items + next).update(from: values + start, count: end &- start)
    next &+= end &- start
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
    let total = sums.startsOfParts()
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
