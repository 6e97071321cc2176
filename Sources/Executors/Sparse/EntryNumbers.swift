import WeftIR

extension SparseKernels {
  /// For each entry, in order, the sum of its coordinates times strides; `strides[i]` is that of level i.
  func sums<Sum: FixedWidthInteger & BitwiseCopyable & Sendable>(
    of elements: SparseElements, _ strides: [Sum]
  ) throws -> Vector<Sum> {
    let result: Vector<Sum> = try vector(elements.count)
    let lead = elements.layout.leadingDenseLevels
    let inner = elements.levels.dropFirst(lead)
    guard case .compressed(let positions, let coordinates)? = inner.first,
      inner.dropFirst().allSatisfy({ if case .singleton = $0 { true } else { false } })
    else { return try sumsOfFibres(elements, strides) }
    let chain = EntryChain(
      strides: strides, extents: elements.layout.order.map { elements.type.shape.codes[$0] },
      lead: lead)
    positions.type.dtype == .int32
      ? try chain.run(positions, coordinates, Int32.self, result, self)
      : try chain.run(positions, coordinates, Int64.self, result, self)
    for (level, storage) in zip((lead + 1)..., inner.dropFirst()) {
      guard case .singleton(let own) = storage, strides[level] != 0 else { continue }
      own.type.dtype == .int32
        ? try add(own, strides[level], Int32.self, to: result)
        : try add(own, strides[level], Int64.self, to: result)
    }
    return result
  }

  /// The same for fibres of fibres: each level once, from the sums of the one above.
  private func sumsOfFibres<Sum: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ elements: SparseElements, _ strides: [Sum]
  ) throws -> Vector<Sum> {
    var sums: Vector<Sum> = try vector(1)
    sums.base[0] = 0
    for (level, storage) in elements.levels.enumerated() {
      let (above, stride) = (sums, strides[level])
      switch storage {
      case .dense:
        let extent = elements.type.shape.codes[elements.layout.order[level]]
        sums = try vector(above.count * extent)
        let target = sums
        try forEachPart(target.count) { range in
          for node in range {
            let (outer, coordinate) = node.quotientAndRemainder(dividingBy: extent)
            target.base[node] = above.base[outer] &+ Sum(truncatingIfNeeded: coordinate) &* stride
          }
        }
      case .compressed(let positions, let coordinates):
        sums = try vector(coordinates.count)
        positions.type.dtype == .int32
          ? try spread(above, positions, coordinates, stride, Int32.self, sums)
          : try spread(above, positions, coordinates, stride, Int64.self, sums)
      case .singleton(let coordinates):
        coordinates.type.dtype == .int32
          ? try add(coordinates, stride, Int32.self, to: sums)
          : try add(coordinates, stride, Int64.self, to: sums)
      }
    }
    return sums
  }

  private func spread<
    Sum: FixedWidthInteger & BitwiseCopyable & Sendable,
    Index: FixedWidthInteger & BitwiseCopyable & Sendable
  >(
    _ above: Vector<Sum>, _ positions: Buffer, _ coordinates: Buffer, _ stride: Sum,
    _: Index.Type, _ target: Vector<Sum>
  ) throws {
    nonisolated(unsafe) let ends = positions.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let places = coordinates.base.assumingMemoryBound(to: Index.self)
    let parts = RowParts(above.count, entries: target.count, width: 1) { Int(ends[$0]) }
    try context.scheduler.run(parts.count, context.token) { part, _ in
      for node in parts[part] {
        let base = above.base[node]
        for entry in Int(ends[node])..<Int(ends[node &+ 1]) {
          target.base[entry] = base &+ Sum(truncatingIfNeeded: places[entry]) &* stride
        }
      }
    }
  }

  private func add<
    Sum: FixedWidthInteger & BitwiseCopyable & Sendable,
    Index: FixedWidthInteger & BitwiseCopyable & Sendable
  >(_ coordinates: Buffer, _ stride: Sum, _: Index.Type, to target: Vector<Sum>) throws {
    nonisolated(unsafe) let places = coordinates.base.assumingMemoryBound(to: Index.self)
    try forEachPart(target.count) { range in
      for entry in range {
        target.base[entry] =
          target.base[entry] &+ Sum(truncatingIfNeeded: places[entry]) &* stride
      }
    }
  }

  /// The first of each run of equal keys, in sorted keys; nil where each is there once.
  func heads<Key: PositionKey>(_ keys: Vector<Key>) throws -> Vector<Int>? {
    try places(keys.count) { $0 == 0 || keys.base[$0] != keys.base[$0 &- 1] }
  }

  /// For each entry the number of its run, of which the first entries are known.
  func runs(_ heads: Vector<Int>, count: Int) throws -> Vector<Int> {
    let result: Vector<Int> = try vector(count)
    try forEachPart(heads.count) { range in
      for run in range {
        let end = run + 1 < heads.count ? heads.base[run + 1] : count
        for entry in heads.base[run]..<end { result.base[entry] = run }
      }
    }
    return result
  }
}

/// Sums of coordinates of entries below dense levels.
private struct EntryChain<Sum: FixedWidthInteger & BitwiseCopyable & Sendable>: Sendable {
  let strides: [Sum]
  let extents: [Int]
  let lead: Int

  func run<Index: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ positions: Buffer, _ coordinates: Buffer, _: Index.Type, _ result: Vector<Sum>,
    _ kernels: SparseKernels
  ) throws {
    nonisolated(unsafe) let ends = positions.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let places = coordinates.base.assumingMemoryBound(to: Index.self)
    let (rows, stride, target) = (positions.count - 1, strides[lead], result)
    try kernels.forEachPart(result.count) { range in
      // The row of the first entry, then one after the other.
      var (low, high) = (0, rows)
      while low < high {
        let middle = (low + high) / 2
        if Int(ends[middle + 1]) <= range.lowerBound { low = middle + 1 } else { high = middle }
      }
      var (row, entry) = (low, range.lowerBound)
      while entry < range.upperBound {
        let end = Swift.min(range.upperBound, Int(ends[row + 1]))
        if entry < end {
          let base = base(row)
          while entry < end {
            target.base[entry] = base &+ Sum(truncatingIfNeeded: places[entry]) &* stride
            entry &+= 1
          }
        }
        row &+= 1
      }
    }
  }

  /// The sum of a row's coordinates along the dense levels.
  private func base(_ row: Int) -> Sum {
    if lead == 0 { return 0 }
    if lead == 1 { return Sum(truncatingIfNeeded: row) &* strides[0] }
    var (rest, sum) = (row, Sum.zero)
    for level in (0..<lead).reversed() {
      let extent = Swift.max(1, extents[level])
      sum = sum &+ Sum(truncatingIfNeeded: rest % extent) &* strides[level]
      rest /= extent
    }
    return sum
  }
}
