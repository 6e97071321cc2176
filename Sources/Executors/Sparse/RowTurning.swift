import WeftIR

extension SparseKernels {
  /// The same array in another layout, with its own fill.
  func relaid(_ elements: SparseElements, _ layout: Layout) throws -> SparseElements {
    let layout = layout.filled(elements.fill)
    if elements.layout == layout { return elements }
    if let turned = try turned(elements, layout) { return turned }
    func made<Key: PositionKey>(_: Key.Type) throws -> SparseElements {
      try self.elements(
        entries(of: elements, order: layout.order, Key.self), elements.type, layout)
    }
    return try PositionWidth.isWide([elements.type.shape.codes])
      ? made(UInt128.self) : made(UInt64.self)
  }

  /// Rows of columns as columns of rows, or the other way, by counting: nil for other layouts, and where there are
  /// far more of the new rows than entries.
  func turned(_ elements: SparseElements, _ layout: Layout) throws -> SparseElements? {
    guard elements.type.rank == 2, elements.layout.packing == .elements,
      layout.packing == .elements, layout.levels == [.dense, .compressed],
      elements.layout.levels == layout.levels, elements.layout.order != layout.order,
      case .compressed(let ends, let columns) = elements.levels[1],
      ends.type.dtype == columns.type.dtype,
      elements.type.shape.codes[layout.order[0]] <= 1 << 16 + 4 * elements.count
    else { return nil }
    return try withSparseItem(
      elements.type.dtype,
      RowTurning(elements: elements, layout: layout, ends: ends, columns: columns, kernels: self))
  }
}

/// A sort of rows' entries by column: counted, then moved, by threads with rows of their own.
private struct RowTurning: SparseItemBody {
  let elements: SparseElements
  let layout: Layout
  let ends: Buffer
  let columns: Buffer
  let kernels: SparseKernels

  func run<Item: SparseItem>(_: Item.Type) throws -> SparseElements {
    ends.type.dtype == .int32 ? try run(Item.self, Int32.self) : try run(Item.self, Int64.self)
  }

  private func run<Item: SparseItem, Index: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _: Item.Type, _: Index.Type
  ) throws -> SparseElements {
    let (count, rows) = (elements.count, ends.count - 1)
    let targets = elements.type.shape.codes[layout.order[0]]
    nonisolated(unsafe) let starts = ends.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let inner = columns.base.assumingMemoryBound(to: Index.self)
    let threads = kernels.context.scheduler.threadCount
    let parts = max(1, min(threads, count / SparseKernels.entriesOfPart))
    let bounds = (0...parts).map { part in
      var (low, high) = (0, rows)
      while low < high, part < parts {
        let middle = (low + high) / 2
        if Int(starts[middle]) < count / parts * part { low = middle + 1 } else { high = middle }
      }
      return part == parts ? rows : low
    }
    let places: Vector<Index> = try kernels.vector(parts * targets)
    let (scheduler, token) = (kernels.context.scheduler, kernels.context.token)
    try scheduler.run(parts, token) { part, _ in
      let own = places.base + part * targets
      own.update(repeating: 0, count: targets)
      for entry in Int(starts[bounds[part]])..<Int(starts[bounds[part + 1]]) {
        own[Int(inner[entry])] &+= 1
      }
    }
    let positions = try kernels.values(targets + 1, ends.type.dtype)
    let heads = positions.base.assumingMemoryBound(to: Index.self)
    var sum = Index.zero
    heads[0] = 0
    for target in 0..<targets {
      for part in 0..<parts {
        let here = places.base[part * targets + target]
        places.base[part * targets + target] = sum
        sum &+= here
      }
      heads[target + 1] = sum
    }
    let coordinates = try kernels.values(count, ends.type.dtype)
    let values = try kernels.values(count, elements.type.dtype)
    nonisolated(unsafe) let found = coordinates.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let (from, to) = (elements.values.items(Item.self), values.items(Item.self))
    try scheduler.run(parts, token) { part, _ in
      let own = places.base + part * targets
      for row in bounds[part]..<bounds[part + 1] {
        for entry in Int(starts[row])..<Int(starts[row &+ 1]) {
          let column = Int(inner[entry])
          let place = Int(own[column])
          own[column] &+= 1
          found[place] = Index(truncatingIfNeeded: row)
          to[place] = from[entry]
        }
      }
    }
    return SparseElements(
      elements.type, layout,
      levels: [.dense, .compressed(positions: positions, coordinates: coordinates)], values: values)
  }
}
