import WeftIR

/// Positions as rows of sorted coordinates: arrays with one compressed level below dense ones, such as
/// CSR and CSC, whose own arrays are the positions.
///
/// Rows are merged by two pointers, counted first and written then, in parts that follow from the entries.
struct RowSpace<Index: FixedWidthInteger & BitwiseCopyable & Sendable>: PositionSpace {
  let shape: [Int]
  let layout: Layout
  let kernels: SparseKernels
  private let rowCount: Int

  /// nil for other layouts.
  init?(_ shape: [Int], _ layout: Layout, _ kernels: SparseKernels) {
    let lead = layout.leadingDenseLevels
    guard lead > 0, lead == layout.rank - 1, layout.levels[lead] == .compressed else { return nil }
    self.shape = shape
    self.layout = layout
    self.kernels = kernels
    rowCount = layout.order.dropLast().reduce(1) { $0 &* shape[$1] }
  }

  final class Rows: @unchecked Sendable {
    let positions: Buffer
    let coordinates: Buffer
    let ends: UnsafeMutablePointer<Index>
    let columns: UnsafeMutablePointer<Index>

    init(_ positions: Buffer, _ coordinates: Buffer) {
      self.positions = positions
      self.coordinates = coordinates
      ends = positions.base.assumingMemoryBound(to: Index.self)
      columns = coordinates.base.assumingMemoryBound(to: Index.self)
    }

    func row(_ row: Int) -> (UnsafePointer<Index>, Int) {
      let start = Int(ends[row])
      return (UnsafePointer(columns + start), Int(ends[row &+ 1]) &- start)
    }
  }

  private var dtype: DType { Index.self == Int32.self ? .int32 : .int64 }

  func nothing() -> Rows? { nil }

  func positions(of elements: SparseElements) throws -> Rows? {
    guard elements.layout.hasLevels(of: layout),
      case .compressed(let positions, let coordinates)? = elements.levels.last,
      positions.type.dtype == dtype, coordinates.type.dtype == dtype
    else { return nil }
    return Rows(positions, coordinates)
  }

  func count(_ positions: Rows) -> Int { positions.coordinates.count }

  func values(_ rows: Rows) -> Buffer? { nil }

  func isSame(_ a: Rows, _ b: Rows) -> Bool {
    a === b || a.positions === b.positions && a.coordinates === b.coordinates
  }

  private func parts(_ entries: Int, _ end: (Int) -> Int) -> RowParts {
    RowParts(rowCount, entries: entries, width: 1, end)
  }

  func merged(_ a: Rows, _ b: Rows, _ kind: SparseKernels.Merge) throws -> Rows {
    if isSame(a, b) { return a }
    let both = count(a) + count(b)
    // More than the narrow indices count is more than memory of vectors of positions, too.
    guard both <= Int(Index.max) else {
      throw WeftError(.tooLarge, "sparse", "\(both) entries are too many for \(dtype) indices")
    }
    let parts = parts(both) { Int(a.ends[$0]) + Int(b.ends[$0]) }
    let positions = try kernels.values(rowCount + 1, dtype)
    nonisolated(unsafe) let ends = positions.base.assumingMemoryBound(to: Index.self)
    ends[0] = 0
    try kernels.context.scheduler.run(parts.count, kernels.context.token) { part, _ in
      for row in parts[part] {
        let common = Self.common(a.row(row), b.row(row))
        let count = kind == .intersection ? common : a.row(row).1 &+ b.row(row).1 &- common
        ends[row &+ 1] = Index(truncatingIfNeeded: count)
      }
    }
    for row in 0..<rowCount { ends[row + 1] &+= ends[row] }
    let total = Int(ends[rowCount])
    // One may have all positions of the other.
    if total == count(a) { return a }
    if total == count(b) { return b }
    let coordinates = try kernels.values(total, dtype)
    nonisolated(unsafe) let target = coordinates.base.assumingMemoryBound(to: Index.self)
    try kernels.context.scheduler.run(parts.count, kernels.context.token) { part, _ in
      for row in parts[part] {
        let out = target + Int(ends[row])
        switch kind {
        case .union: Self.unite(a.row(row), b.row(row), out)
        case .intersection:
          Self.intersect(a.row(row), b.row(row), out, Int(ends[row &+ 1] &- ends[row]))
        }
      }
    }
    return Rows(positions, coordinates)
  }

  private typealias Row = (base: UnsafePointer<Index>, count: Int)

  /// How many positions two rows share.
  private static func common(_ a: Row, _ b: Row) -> Int {
    var (i, j, n) = (0, 0, 0)
    while i < a.count, j < b.count {
      let (x, y) = (a.base[i], b.base[j])
      n &+= x == y ? 1 : 0
      i &+= x <= y ? 1 : 0
      j &+= y <= x ? 1 : 0
    }
    return n
  }

  private static func unite(_ a: Row, _ b: Row, _ out: UnsafeMutablePointer<Index>) {
    var (i, j, n) = (0, 0, 0)
    while i < a.count, j < b.count {
      let (x, y) = (a.base[i], b.base[j])
      out[n] = Swift.min(x, y)
      n &+= 1
      i &+= x <= y ? 1 : 0
      j &+= y <= x ? 1 : 0
    }
    (out + n).update(from: a.base + i, count: a.count &- i)
    (out + n).update(from: b.base + j, count: i < a.count ? 0 : b.count &- j)
  }

  private static func intersect(
    _ a: Row, _ b: Row, _ out: UnsafeMutablePointer<Index>, _ count: Int
  ) {
    var (i, j, n) = (0, 0, 0)
    while n < count {
      let (x, y) = (a.base[i], b.base[j])
      out[n] = x
      n &+= x == y ? 1 : 0
      i &+= x <= y ? 1 : 0
      j &+= y <= x ? 1 : 0
    }
  }

  func subset(_ rows: Rows, _ places: Vector<Int>) throws -> Rows {
    let positions = try kernels.values(rowCount + 1, dtype)
    let coordinates = try kernels.values(places.count, dtype)
    nonisolated(unsafe) let ends = positions.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let target = coordinates.base.assumingMemoryBound(to: Index.self)
    try kernels.forEachPart(places.count) { range in
      for n in range { target[n] = rows.columns[places.base[n]] }
    }
    var next = 0
    ends[0] = 0
    for row in 0..<rowCount {
      while next < places.count, places.base[next] < Int(rows.ends[row + 1]) { next += 1 }
      ends[row + 1] = Index(truncatingIfNeeded: next)
    }
    return Rows(positions, coordinates)
  }

  func positions(of places: [Int], in view: DenseView) -> Rows? { nil }

  func values(
    _ values: Buffer, of own: Rows, at rows: Rows, fill: Scalar
  ) throws -> Buffer {
    if isSame(own, rows) { return values }
    let result = try kernels.values(count(rows), fill.dtype)
    try withSparseItem(
      fill.dtype,
      AlignedRows(
        own: own, rows: rows, values: values, fill: fill, result: result, kernels: kernels,
        parts: parts(count(rows) + count(own)) { Int(rows.ends[$0]) + Int(own.ends[$0]) }))
    return result
  }

  /// The values of rows at others' positions.
  private struct AlignedRows: SparseItemBody {
    let own: Rows
    let rows: Rows
    let values: Buffer
    let fill: Scalar
    let result: Buffer
    let kernels: SparseKernels
    let parts: RowParts

    func run<Item: SparseItem>(_: Item.Type) throws {
      let empty = fill.item(Item.self)
      nonisolated(unsafe) let (source, target) = (values.items(Item.self), result.items(Item.self))
      try kernels.context.scheduler.run(parts.count, kernels.context.token) { part, _ in
        for row in parts[part] {
          let (at, stored) = (rows.row(row), own.row(row))
          let (from, to) = (source + Int(own.ends[row]), target + Int(rows.ends[row]))
          var (i, j) = (0, 0)
          while i < at.1, j < stored.1 {
            let (x, y) = (at.0[i], stored.0[j])
            // Written again where the other is behind.
            to[i] = x == y ? from[j] : empty
            i &+= x <= y ? 1 : 0
            j &+= y <= x ? 1 : 0
          }
          while i < at.1 {
            to[i] = empty
            i &+= 1
          }
        }
      }
    }
  }

  func values(of view: DenseView, at rows: Rows) throws -> Buffer {
    let result = try kernels.values(count(rows), view.buffer.type.dtype)
    try withSparseItem(
      view.buffer.type.dtype,
      GatheredRows(
        rows: rows, buffer: view.buffer, strides: layout.order.map { view.strides[$0] },
        extents: layout.order.map { shape[$0] }, result: result, kernels: kernels,
        parts: parts(count(rows)) { Int(rows.ends[$0]) }))
    return result
  }

  /// The elements of a dense array at the positions of rows.
  private struct GatheredRows: SparseItemBody {
    let rows: Rows
    let buffer: Buffer
    /// By level.
    let strides: [Int]
    let extents: [Int]
    let result: Buffer
    let kernels: SparseKernels
    let parts: RowParts

    func run<Item: SparseItem>(_: Item.Type) throws {
      nonisolated(unsafe) let (source, target) = (buffer.items(Item.self), result.items(Item.self))
      let step = strides[strides.count - 1]
      try kernels.context.scheduler.run(parts.count, kernels.context.token) { part, _ in
        for row in parts[part] {
          let (start, end) = (Int(rows.ends[row]), Int(rows.ends[row &+ 1]))
          if start == end { continue }
          var (rest, base) = (row, 0)
          for level in (0..<strides.count &- 1).reversed() {
            base &+= rest % extents[level] &* strides[level]
            rest /= extents[level]
          }
          for entry in start..<end {
            target[entry] = source[base &+ Int(rows.columns[entry]) &* step]
          }
        }
      }
    }
  }

  func coordinates(along axis: Int, at rows: Rows) throws -> Buffer {
    let result = try kernels.values(count(rows), .int64)
    nonisolated(unsafe) let target = result.base.assumingMemoryBound(to: Int64.self)
    if axis == layout.order[layout.rank - 1] {
      try kernels.forEachPart(count(rows)) { range in
        for entry in range { target[entry] = Int64(rows.columns[entry]) }
      }
      return result
    }
    let level = layout.order.firstIndex(of: axis) ?? 0
    let inner = layout.order[(level + 1)..<(layout.rank - 1)].reduce(1) { $0 * shape[$1] }
    let extent = shape[axis]
    let parts = parts(count(rows)) { Int(rows.ends[$0]) }
    try kernels.context.scheduler.run(parts.count, kernels.context.token) { part, _ in
      for row in parts[part] {
        let (start, end) = (Int(rows.ends[row]), Int(rows.ends[row &+ 1]))
        if start == end { continue }
        let coordinate = Int64(row / inner % extent)
        for entry in start..<end { target[entry] = coordinate }
      }
    }
    return result
  }

  func elements(
    _ rows: Rows, _ values: Buffer, _ type: TensorType, _ layout: Layout
  ) -> SparseElements {
    SparseElements(
      type, layout,
      levels: Array(repeating: .dense, count: layout.rank - 1)
        + [.compressed(positions: rows.positions, coordinates: rows.coordinates)],
      values: values)
  }
}
