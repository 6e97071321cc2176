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
    // The first entry of each node of the level above; memory lives as long as what is kept.
    var ends = outer.1
    var nodes = outer.0.count - 1
    var kept = [outer.0]
    for level in lead..<frame.extents.count {
      let isLast = level == frame.extents.count - 1
      let stride = frame.strides[level]
      let found = try indices(keys.count, Index.self)
      let starts = try indices(keys.count + 1, Index.self)
      let own = try indices(nodes + 1, Index.self)
      var count = 0
      own.1[0] = 0
      let above = level == 0 ? nil : frame.strides[level - 1]
      for node in 0..<nodes {
        var last: Key?
        for entry in Int(ends[node])..<Int(ends[node + 1]) {
          let key = keys.base[entry]
          let head = key / stride
          if last == head, !isLast { continue }
          last = head
          let inner = above.map { key % $0 } ?? key
          found.1[count] = Index(truncatingIfNeeded: inner / stride)
          starts.1[count] = Index(truncatingIfNeeded: entry)
          count += 1
        }
        own.1[node + 1] = Index(truncatingIfNeeded: count)
      }
      starts.1[count] = Index(truncatingIfNeeded: keys.count)
      let coordinates = try trimmed(found.0, count)
      levels.append(.compressed(positions: own.0, coordinates: coordinates))
      kept.append(starts.0)
      ends = starts.1
      nodes = count
    }
    withExtendedLifetime(kept) {}
    return levels
  }

  /// The first elements of a vector of values, in memory of their own where others are many.
  func trimmed(_ values: Buffer, _ count: Int) throws(WeftError) -> Buffer {
    if count == values.count { return values }
    let result = try self.values(count, values.type.dtype)
    result.base.copyMemory(from: values.base, byteCount: result.byteCount)
    return result
  }
}
