import WeftIR

/// A sum of products of two sparse arrays, as a product of matrices by rows.
///
/// Labels fall into rows (of the first alone, or of both and the result), inner ones (of both) and
/// columns (of the second alone). Rows and inner positions are renumbered by what occurs, so that
/// extents may be of any size.
struct SparseMatrixProduct {
  private let runner: SparseRowRunner
  private let row: Int
  private let left: SparseElements
  private let right: SparseElements
  private let leftLabels: [Int]
  private let rightLabels: [Int]
  private let output: [Int]
  /// What has entries wherever some of the product's are used.
  private let mask: SparseElements?
  private var kernels: SparseKernels { runner.kernels }

  init(
    _ runner: SparseRowRunner, _ row: Int, _ contraction: Contraction, _ labels: [[Int]],
    _ sparse: [SparseElements], at mask: SparseElements? = nil
  ) {
    self.mask = mask
    self.runner = runner
    self.row = row
    (left, right) = (sparse[0], sparse[1])
    (leftLabels, rightLabels) = (labels[0], labels[1])
    output = contraction.output
  }

  func run<Key: PositionKey>(_: Key.Type) throws -> Buffer {
    if let result = try matrices() { return result }
    return try joined(Key.self)
  }

  /// Two matrices by rows, and a result that is one.
  private func matrices() throws -> Buffer? {
    guard leftLabels.count == 2, rightLabels.count == 2, output.count == 2,
      runner.layout(row).map({ $0.leadingDenseLevels == 1 && $0.order == [0, 1] }) ?? true,
      let inner = leftLabels.first(where: { rightLabels.contains($0) && !output.contains($0) }),
      leftLabels.contains(output[0]), rightLabels.contains(output[1]),
      !leftLabels.contains(output[1]), !rightLabels.contains(output[0]),
      let a = try runner.rows(left, by: leftLabels[0] == inner ? 1 : 0),
      let b = try runner.rows(right, by: rightLabels[0] == inner ? 0 : 1),
      let x = MatrixRows(a), let y = MatrixRows(b)
    else { return nil }
    let type = runner.type(row)
    let columns = right.type.shape.codes[rightLabels[0] == inner ? 1 : 0]
    // Of far more columns than entries only those that occur get a bit.
    if columns > 1 << 20 + 64 * right.count { return nil }
    let wanted = try mask.flatMap { try runner.rows($0, by: 0) }.flatMap { MatrixRows($0) }
    let result = try product(x, y, columns: columns, at: wanted, type.dtype)
    let layout = Layout.csr(fill: Scalar(0 as Int64, type.dtype))
    let elements = SparseElements(
      type, layout,
      levels: [
        .dense, .compressed(positions: result.positions, coordinates: result.coordinates),
      ], values: result.values)
    if runner.layout(row) != nil { return runner.buffer(elements) }
    let dense = try Buffer(allocating: type, in: kernels.context.memory)
    try elements.copy(to: dense.base, dense.byteCount)
    return dense
  }

  /// Any labels: positions of rows, inner and columns are joined, renumbered, and counted back.
  private func joined<Key: PositionKey>(_: Key.Type) throws -> Buffer {
    let shared = leftLabels.filter { rightLabels.contains($0) }
    let rowLabels = leftLabels.filter { output.contains($0) }
    let columnLabels = rightLabels.filter { output.contains($0) && !leftLabels.contains($0) }
    let a = try split(left, leftLabels, by: rowLabels, then: shared, Key.self)
    let b = try split(right, rightLabels, by: shared, then: columnLabels, Key.self)
    // The rows of the second are numbered by the inner positions that occur in it.
    let (inner, rightEnds) = try distinct(b.outer)
    let (rows, leftEnds) = try distinct(a.outer)
    let columnKeys = try kernels.sorted(b.inner, try kernels.values(b.inner.count, .bool)).keys
    let (columns, _) = try distinct(columnKeys)
    let x = try MatrixRows(
      positions: leftEnds, coordinates: numbered(a.inner, in: inner), values: a.values)
    let y = try MatrixRows(
      positions: rightEnds, coordinates: numbered(b.inner, in: columns), values: b.values)
    let type = runner.type(row)
    let result = try product(x, y, columns: columns.count, type.dtype)
    // Rows and columns become positions of the result again.
    let frame = Frame<Key>(type.shape.codes, order: Array(0..<type.rank))
    let rowFrame = Frame<Key>(rowLabels.map(extent), order: Array(rowLabels.indices))
    let columnFrame = Frame<Key>(columnLabels.map(extent), order: Array(columnLabels.indices))
    func place(_ key: Key, _ own: Frame<Key>, _ labels: [Int]) -> Key {
      var (rest, sum) = (key, Key.zero)
      for (level, label) in labels.enumerated() {
        let (coordinate, next) = rest.quotientAndRemainder(dividingBy: own.strides[level])
        if let axis = output.firstIndex(of: label) {
          sum = sum &+ coordinate &* frame.strides[axis]
        }
        rest = next
      }
      return sum
    }
    let columnPlaces = (0..<columns.count).map {
      place(columns.base[$0], columnFrame, columnLabels)
    }
    let keys: Vector<Key> = try kernels.vector(result.values.count)
    let coordinate = result.coordinate
    for number in 0..<rows.count {
      let base = place(rows.base[number], rowFrame, rowLabels)
      for entry in result.end(number)..<result.end(number + 1) {
        keys.base[entry] = base &+ columnPlaces[coordinate(entry)]
      }
    }
    let entries = try kernels.sorted(keys, result.values)
    if runner.layout(row) != nil { return try runner.result(row, entries) }
    let dense = try Buffer(allocating: type, in: kernels.context.memory)
    let elements = try kernels.elements(
      entries, type, .coordinates(rank: type.rank, fill: Scalar(0 as Int64, type.dtype)))
    if type.rank == 0 {
      dense.base.initializeMemory(as: UInt8.self, repeating: 0, count: dense.byteCount)
      if entries.count > 0 {
        dense.base.copyMemory(from: entries.values.base, byteCount: dense.byteCount)
      }
    } else {
      try elements.copy(to: dense.base, dense.byteCount)
    }
    return dense
  }

  private func extent(_ label: Int) -> Int {
    if let axis = leftLabels.firstIndex(of: label) { return left.type.shape.codes[axis] }
    return rightLabels.firstIndex(of: label).map { right.type.shape.codes[$0] } ?? 1
  }

  /// Entries sorted by some labels, then by others: the positions of both.
  private func split<Key: PositionKey>(
    _ elements: SparseElements, _ labels: [Int], by outer: [Int], then inner: [Int], _: Key.Type
  ) throws -> (outer: Vector<Key>, inner: Vector<Key>, values: Buffer) {
    func keys(_ wanted: [Int]) throws -> Vector<Key> {
      let own = Frame<Key>(wanted.map(extent), order: Array(wanted.indices))
      let strides = elements.layout.order.map { axis in
        wanted.firstIndex(of: labels[axis]).map { own.strides[$0] } ?? Key.zero
      }
      return try kernels.sums(of: elements, strides)
    }
    var (first, second, values) = (try keys(outer), try keys(inner), elements.values)
    if let order = try kernels.sortingOrder(second) {
      first = try kernels.reordered(first, order)
      second = try kernels.reordered(second, order)
      values = try kernels.reordered(values, order)
    }
    if let order = try kernels.sortingOrder(first) {
      first = try kernels.reordered(first, order)
      second = try kernels.reordered(second, order)
      values = try kernels.reordered(values, order)
    }
    return (first, second, values)
  }

  /// The distinct ones of sorted keys, and where each begins.
  private func distinct<Key: PositionKey>(
    _ keys: Vector<Key>
  ) throws -> (keys: Vector<Key>, starts: Buffer) {
    let found: Vector<Key> = try kernels.vector(keys.count)
    let starts = try kernels.values(keys.count + 1, .int64)
    let target = starts.base.assumingMemoryBound(to: Int64.self)
    var count = 0
    for entry in 0..<keys.count
    where entry == 0 || keys.base[entry] != keys.base[entry - 1] {
      found.base[count] = keys.base[entry]
      target[count] = Int64(entry)
      count += 1
    }
    target[count] = Int64(keys.count)
    return (Vector(found, count: count), try kernels.trimmed(starts, count + 1))
  }

  /// The number of each key among sorted ones; the number of none is that of the last, plus one.
  private func numbered<Key: PositionKey>(
    _ keys: Vector<Key>, in known: Vector<Key>
  ) throws -> Buffer {
    let result = try kernels.values(keys.count, .int64)
    nonisolated(unsafe) let target = result.base.assumingMemoryBound(to: Int64.self)
    try kernels.forEachPart(keys.count) { range in
      for entry in range {
        let place = known.firstIndex(from: keys.base[entry])
        let isKnown = place < known.count && known.base[place] == keys.base[entry]
        target[entry] = Int64(isKnown ? place : known.count)
      }
    }
    return result
  }

  private func product(
    _ x: MatrixRows, _ y: MatrixRows, columns: Int, at mask: MatrixRows? = nil, _ dtype: DType
  ) throws -> MatrixRows {
    try withSparseNumber(
      dtype, GustavsonProduct(x: x, y: y, columns: columns, at: mask, dtype, kernels))
  }
}

/// The rows of a sparse matrix.
struct MatrixRows: Sendable {
  let positions: Buffer
  let coordinates: Buffer
  let values: Buffer

  init(positions: Buffer, coordinates: Buffer, values: Buffer) {
    self.positions = positions
    self.coordinates = coordinates
    self.values = values
  }

  init?(_ elements: SparseElements) {
    guard elements.levels.count == 2,
      case .compressed(let positions, let coordinates) = elements.levels[1]
    else { return nil }
    self.init(positions: positions, coordinates: coordinates, values: elements.values)
  }

  var count: Int { positions.count - 1 }

  func end(_ row: Int) -> Int { Int(positions.scalar(at: row).intValue) }

  func coordinate(_ entry: Int) -> Int { Int(coordinates.scalar(at: entry).intValue) }

  /// Positions and coordinates as indices of one width.
  func indices<Index: FixedWidthInteger & BitwiseCopyable>(
    _: Index.Type, _ kernels: SparseKernels
  ) throws -> (ends: Vector<Index>, columns: Vector<Index>) {
    func widened(_ buffer: Buffer) throws -> Vector<Index> {
      let result: Vector<Index> = try kernels.vector(buffer.count)
      if buffer.type.dtype == .int32 {
        let source = buffer.base.assumingMemoryBound(to: Int32.self)
        for n in 0..<buffer.count { result.base[n] = Index(truncatingIfNeeded: source[n]) }
      } else {
        let source = buffer.base.assumingMemoryBound(to: Int64.self)
        for n in 0..<buffer.count { result.base[n] = Index(truncatingIfNeeded: source[n]) }
      }
      return result
    }
    return (try widened(positions), try widened(coordinates))
  }
}
