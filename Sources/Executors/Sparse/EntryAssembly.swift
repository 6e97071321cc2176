import WeftIR

extension SparseKernels {
  /// The entries of an array, by positions that count in an order of axes.
  func entries<Key: PositionKey>(
    of elements: SparseElements, order: [Int], _: Key.Type = Key.self
  ) throws -> Entries<Key> {
    if elements.layout.packing != .elements {
      return try entries(of: unpacked(elements), order: order)
    }
    let shape = elements.type.shape.codes
    let frame = Frame<Key>(shape, order: order)
    let strides = frame.axisStrides
    var turned = elements.layout
    turned.order = order
    if elements.layout.order != order, let elements = try self.turned(elements, turned) {
      return Entries(
        keys: try sums(of: elements, order.map { strides[$0] }), values: elements.values)
    }
    let keys = try sums(of: elements, elements.layout.order.map { strides[$0] })
    if elements.layout.order == order { return Entries(keys: keys, values: elements.values) }
    return try sorted(keys, elements.values)
  }

  /// An array of entries whose positions count in the layout's order.
  func elements<Key: PositionKey>(
    _ entries: Entries<Key>, _ type: TensorType, _ layout: Layout
  ) throws -> SparseElements {
    if layout.packing != .elements {
      return try packed(self.elements(entries, type, layout.unpacked), layout)
    }
    let shape = type.shape.codes
    let frame = Frame<Key>(shape, order: layout.order)
    let dtype = SparseElements.indexDType(shape, count: entries.count)
    let levels =
      dtype == .int32
      ? try self.levels(entries.keys, frame, layout, Int32.self)
      : try self.levels(entries.keys, frame, layout, Int64.self)
    let fill = (layout.fill ?? Scalar(false)).converted(to: type.dtype)
    return SparseElements(type, layout.filled(fill), levels: levels, values: entries.values)
  }

  private func indices<Index: FixedWidthInteger>(
    _ count: Int, _: Index.Type
  ) throws(WeftError) -> (Buffer, UnsafeMutablePointer<Index>) {
    let buffer = try values(count, Index.self == Int32.self ? .int32 : .int64)
    return (buffer, buffer.base.assumingMemoryBound(to: Index.self))
  }

  private func levels<Key: PositionKey, Index: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ keys: Vector<Key>, _ frame: Frame<Key>, _ layout: Layout, _: Index.Type
  ) throws -> [SparseElements.Level] {
    let lead = layout.leadingDenseLevels
    var levels = Array(repeating: SparseElements.Level.dense, count: lead)
    if lead == layout.rank { return levels }
    // What positions of the dense levels hold, one after the other.
    let below = lead == 0 ? nil : frame.strides[lead - 1]
    let outer = frame.extents.prefix(lead).reduce((1, false)) { product, extent in
      let (next, overflow) = product.0.multipliedReportingOverflow(by: extent)
      return (next, product.1 || overflow)
    }
    if outer.1 {
      throw WeftError(
        .tooLarge, "store", "\(Shape(frame.extents)) has too many rows for \(layout)",
        hint: "store coordinates or fibres")
    }
    let rows = outer.0
    let (ends, end) = try indices(rows + 1, Index.self)
    try fillEnds(end, rows, keys, below)
    if layout.levels[lead] == .compressed, lead < layout.rank - 1 {
      return levels + (try fibres(keys, frame, from: lead, (ends, end), Index.self))
    }
    for level in lead..<layout.rank {
      let (buffer, target) = try indices(keys.count, Index.self)
      try coordinates(keys, frame, level, target)
      levels.append(
        level == lead
          ? .compressed(positions: ends, coordinates: buffer) : .singleton(coordinates: buffer))
    }
    return levels
  }

  /// `ends[row]` is the first entry of a row, `ends[rows]` their number.
  private func fillEnds<Key: PositionKey, Index: FixedWidthInteger & Sendable>(
    _ ends: UnsafeMutablePointer<Index>, _ rows: Int, _ keys: Vector<Key>, _ below: Key?
  ) throws {
    let count = Index(truncatingIfNeeded: keys.count)
    guard let below, keys.count > 0 else {
      for row in 0...rows { ends[row] = row == 0 ? 0 : count }
      return
    }
    nonisolated(unsafe) let ends = ends
    // A part writes the rows that begin behind the entry before its own, up to that of its last.
    try forEachPart(keys.count) { range in
      var next = 0
      var limit = Key.zero
      if range.lowerBound > 0 {
        let row = keys.base[range.lowerBound - 1] / below
        next = Int(truncatingIfNeeded: row) + 1
        limit = (row + 1) &* below
      }
      for entry in range {
        while next <= rows, keys.base[entry] >= limit {
          ends[next] = Index(truncatingIfNeeded: entry)
          next &+= 1
          limit = limit &+ below
        }
      }
    }
    let last = Int(truncatingIfNeeded: keys.base[keys.count - 1] / below)
    for row in last + 1..<rows + 1 { ends[row] = count }
  }

  /// The coordinates of entries along a level; a division only where what is above changes.
  private func coordinates<Key: PositionKey, Index: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ keys: Vector<Key>, _ frame: Frame<Key>, _ level: Int, _ target: UnsafeMutablePointer<Index>
  ) throws {
    let stride = frame.strides[level]
    let above = level == 0 ? nil : frame.strides[level - 1]
    nonisolated(unsafe) let target = target
    try forEachPart(keys.count) { range in
      // The range of keys in which `last` is the coordinate, and that below one position above.
      var (start, length, last) = (Key.zero, Key.zero, Index.zero)
      var (base, size) = (Key.zero, Key.zero)
      for entry in range {
        let key = keys.base[entry]
        if key &- start >= length {
          var inner = key
          if let above {
            if key &- base >= above || size == 0 {
              base = key / above &* above
              size = above
            }
            inner = key &- base
          }
          last = Index(truncatingIfNeeded: stride == 1 ? inner : inner / stride)
          start = base &+ Key(truncatingIfNeeded: last) &* stride
          length = stride
        }
        target[entry] = last
      }
    }
  }

  /// Compressed levels below each other: each position of a level once.
  private func fibres<Key: PositionKey, Index: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ keys: Vector<Key>, _ frame: Frame<Key>, from lead: Int,
    _ outer: (Buffer, UnsafeMutablePointer<Index>), _: Index.Type
  ) throws -> [SparseElements.Level] {
    var levels: [SparseElements.Level] = []
    // The first entry of each node of the level above, then the number of entries.
    var ends = outer.0
    for level in lead..<frame.extents.count - 1 {
      let starts = try nodeStarts(keys, frame.strides[level], Index.self)
      let nodes = starts.count - 1
      nonisolated(unsafe) let first = starts.base.assumingMemoryBound(to: Index.self)
      let (coordinates, target) = try indices(nodes, Index.self)
      let heads: Vector<Key> = try vector(nodes)
      try forEachPart(nodes) { range in
        for node in range { heads.base[node] = keys.base[Int(first[node])] }
      }
      try self.coordinates(heads, frame, level, target)
      levels.append(
        .compressed(
          positions: try places(of: ends, among: starts, Index.self), coordinates: coordinates))
      ends = starts
    }
    let (coordinates, target) = try indices(keys.count, Index.self)
    try self.coordinates(keys, frame, frame.extents.count - 1, target)
    return levels + [.compressed(positions: ends, coordinates: coordinates)]
  }

  /// The first entry of each run of keys that a stride counts as one, then their number.
  private func nodeStarts<
    Key: PositionKey, Index: FixedWidthInteger & BitwiseCopyable & Sendable
  >(_ keys: Vector<Key>, _ stride: Key, _: Index.Type) throws -> Buffer {
    /// Gives each first entry of a range; a division only where a run begins.
    @Sendable func starts(_ range: Range<Int>, _ body: (Int) -> Void) {
      var end = Key.zero
      var isOpen = false
      if range.lowerBound > 0 {
        end = keys.base[range.lowerBound - 1] / stride &* stride &+ (stride &- 1)
        isOpen = true
      }
      for entry in range {
        let key = keys.base[entry]
        if isOpen, key <= end { continue }
        isOpen = true
        end = key / stride &* stride &+ (stride &- 1)
        body(entry)
      }
    }
    let length = Self.entriesOfPart
    let counts: Vector<Int> = try vector((keys.count + length - 1) / length)
    try forEachPart(keys.count) { range in
      var count = 0
      starts(range) { _ in count &+= 1 }
      counts.base[range.lowerBound / length] = count
    }
    let total = counts.startsOfParts()
    let (buffer, target) = try indices(total + 1, Index.self)
    nonisolated(unsafe) let first = target
    try forEachPart(keys.count) { range in
      var next = counts.base[range.lowerBound / length]
      starts(range) { entry in
        first[next] = Index(truncatingIfNeeded: entry)
        next &+= 1
      }
    }
    target[total] = Index(truncatingIfNeeded: keys.count)
    return buffer
  }

  /// Where each of some sorted numbers is among others that hold them.
  private func places<Index: FixedWidthInteger & BitwiseCopyable & Sendable>(
    of numbers: Buffer, among others: Buffer, _: Index.Type
  ) throws -> Buffer {
    let (result, own) = try indices(numbers.count, Index.self)
    nonisolated(unsafe) let (target, wanted, given) = (
      own, numbers.base.assumingMemoryBound(to: Index.self),
      others.base.assumingMemoryBound(to: Index.self)
    )
    let count = others.count
    try forEachPart(numbers.count) { range in
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        if given[middle] < wanted[range.lowerBound] { low = middle + 1 } else { high = middle }
      }
      var place = low
      for number in range {
        while place < count, given[place] < wanted[number] { place &+= 1 }
        target[number] = Index(truncatingIfNeeded: place)
      }
    }
    return withExtendedLifetime((numbers, others)) { result }
  }

  /// The first elements of a vector of values, in memory of their own where others are many.
  func trimmed(_ values: Buffer, _ count: Int) throws(WeftError) -> Buffer {
    if count == values.count { return values }
    let result = try self.values(count, values.type.dtype)
    result.base.copyMemory(from: values.base, byteCount: result.byteCount)
    return result
  }

  /// The first elements of memory that was taken for as many as there may be; a copy where most of it is not needed.
  func shortened(_ values: Buffer, _ count: Int) -> Buffer {
    if count == values.count { return values }
    if count < values.count / 2, let copy = try? trimmed(values, count) { return copy }
    return values.reinterpreted(as: TensorType(values.type.dtype, Shape([count])))
  }
}
