extension Layout {
  /// Whether boxes of arrays stored so are cut out cheaply: rows of CSR and CSC, coordinates in C order.
  public var isCutCheaply: Bool {
    if packing != .elements { return false }
    if levels == [.dense, .compressed] { return true }
    return hasLevels(of: .coordinates(rank: rank))
  }
}

extension SparseElements {
  /// The entries of a box, in the same levels.
  ///
  /// - Precondition: the layout is cut cheaply, and the box lies inside the shape.
  /// - Throws: `out-of-memory`.
  public func part(_ region: Region, in account: MemoryAccount) throws(WeftError) -> SparseElements
  {
    let isWide = levels.contains { level in
      switch level {
      case .dense: false
      case .compressed(let positions, _): positions.type.dtype == .int64
      case .singleton(let coordinates): coordinates.type.dtype == .int64
      }
    }
    return isWide
      ? try part(region, in: account, Int64.self) : try part(region, in: account, Int32.self)
  }

  private func part<Index: FixedWidthInteger & BitwiseCopyable>(
    _ region: Region, in account: MemoryAccount, _: Index.Type
  ) throws(WeftError) -> SparseElements {
    let ranges = layout.order.map { region.ranges[$0] }
    let dtype: DType = Index.self == Int32.self ? .int32 : .int64
    var lists: [UnsafeMutablePointer<Index>] = []
    var ends: UnsafeMutablePointer<Index>?
    for level in levels {
      switch level {
      case .dense: break
      case .compressed(let positions, let coordinates):
        ends = positions.base.assumingMemoryBound(to: Index.self)
        lists.append(coordinates.base.assumingMemoryBound(to: Index.self))
      case .singleton(let coordinates):
        lists.append(coordinates.base.assumingMemoryBound(to: Index.self))
      }
    }
    // The ranges of what has lists: all levels, or the columns of rows.
    let inner = Array(ranges.suffix(lists.count))
    let isRows = layout.leadingDenseLevels == 1
    var kept: [Int] = []
    var newEnds: [Index] = [0]
    if isRows, let ends {
      let isWhole = inner[0] == 0..<type.shape.codes[layout.order[1]]
      for row in ranges[0] {
        let entries = Int(ends[row])..<Int(ends[row + 1])
        if isWhole {
          kept += entries
        } else {
          for entry in entries where inner[0].contains(Int(lists[0][entry])) { kept.append(entry) }
        }
        newEnds.append(Index(truncatingIfNeeded: kept.count))
      }
    } else {
      // Entries are in the order of the first coordinates.
      let first = Self.first(count) { Int(lists[0][$0]) >= inner[0].lowerBound }
      let last = Self.first(count) { Int(lists[0][$0]) >= inner[0].upperBound }
      for entry in first..<max(first, last) {
        let isInside = inner.indices.dropFirst().allSatisfy {
          inner[$0].contains(Int(lists[$0][entry]))
        }
        if isInside { kept.append(entry) }
      }
      newEnds.append(Index(truncatingIfNeeded: kept.count))
    }
    let positions = try Buffer(
      allocating: TensorType(dtype, Shape([newEnds.count])), in: account)
    positions.base.assumingMemoryBound(to: Index.self).update(from: newEnds, count: newEnds.count)
    let vector = Shape([kept.count])
    var coordinates: [Buffer] = []
    for (list, range) in zip(lists, inner) {
      let buffer = try Buffer(allocating: TensorType(dtype, vector), in: account)
      let target = buffer.base.assumingMemoryBound(to: Index.self)
      let start = Index(truncatingIfNeeded: range.lowerBound)
      for (place, entry) in kept.enumerated() { target[place] = list[entry] &- start }
      coordinates.append(buffer)
    }
    let itemSize = type.dtype.itemSize
    let own = try Buffer(allocating: TensorType(type.dtype, vector), in: account)
    for (place, entry) in kept.enumerated() {
      (own.base + place * itemSize).copyMemory(
        from: values.base + entry * itemSize, byteCount: itemSize)
    }
    let rest = coordinates.dropFirst().map { Level.singleton(coordinates: $0) }
    let compressed = Level.compressed(positions: positions, coordinates: coordinates[0])
    return SparseElements(
      TensorType(type.dtype, Shape(region.extents)), layout,
      levels: (isRows ? [.dense] : []) + [compressed] + rest, values: own)
  }

  /// The first number below a count of which a condition holds that holds of all after it, too.
  private static func first(_ count: Int, where holds: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
