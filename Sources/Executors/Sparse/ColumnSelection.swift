import WeftIR

/// The entries of rows at some positions along them: taking along the axis that is compressed.
///
/// Positions are sorted once, by counting; each entry then knows where it goes. Rows are sorted where positions turn back.
struct ColumnSelection<Index: FixedWidthInteger & BitwiseCopyable & Sendable>: SparseItemBody {
  private let elements: SparseElements
  private let positions: Vector<Int>
  private let extent: Int
  private let kernels: SparseKernels

  /// - Precondition: the elements have rows with this index, and positions are below the extent.
  init(
    _ elements: SparseElements, _ positions: Vector<Int>, _ extent: Int, _ kernels: SparseKernels
  ) {
    (self.elements, self.positions, self.extent, self.kernels) =
      (elements, positions, extent, kernels)
  }

  /// Places of the result by column of the source.
  private struct Places: Sendable {
    /// The columns that are taken, in order, where there is no table of all.
    let taken: Vector<Int>?
    /// Where the places of a column start, of those taken or of all, and the end of the last.
    let starts: Vector<UInt32>
    let places: Vector<UInt32>
    /// Whether places grow with columns.
    let isSorted: Bool

    @inline(__always)
    func range(_ column: Int) -> Range<Int> {
      var number = column
      if let taken {
        var (low, high) = (0, taken.count)
        while low < high {
          let middle = (low &+ high) / 2
          if taken.base[middle] < column { low = middle &+ 1 } else { high = middle }
        }
        if low == taken.count || taken.base[low] != column { return 0..<0 }
        number = low
      }
      return Int(starts.base[number])..<Int(starts.base[number &+ 1])
    }
  }

  private struct Moved<Item: SparseItem>: BitwiseCopyable {
    var place: Index
    var item: Item
  }

  /// The arrays of the result; nil where its index is too narrow for so many entries.
  func run<Item: SparseItem>(_: Item.Type) throws -> RowEntries? {
    guard let (ends, columns) = elements.rows else { return nil }
    let places = try places()
    let rowCount = ends.count - 1
    nonisolated(unsafe) let starts = ends.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let inner = columns.base.assumingMemoryBound(to: Index.self)
    let found = try kernels.rowEnds(rowCount, of: Index.self) { row in
      var count = 0
      for entry in Int(starts[row])..<Int(starts[row &+ 1]) {
        count &+= places.range(Int(inner[entry])).count
      }
      return count
    }
    guard let (newEnds, total) = found else { return nil }
    let coordinates = try kernels.values(total, columns.type.dtype)
    let values = try kernels.values(total, elements.values.type.dtype)
    nonisolated(unsafe) let target = newEnds.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let to = coordinates.base.assumingMemoryBound(to: Index.self)
    nonisolated(unsafe) let (from, into) = (
      elements.values.items(Item.self), values.items(Item.self)
    )
    let parts = RowParts(rowCount, entries: elements.count, width: 1) { Int(starts[$0]) }
    try kernels.context.scheduler.run(parts.count, kernels.context.token) { part, _ in
      var moved: [Moved<Item>] = []
      for row in parts[part] {
        let first = Int(target[row])
        var next = first
        for entry in Int(starts[row])..<Int(starts[row &+ 1]) {
          for n in places.range(Int(inner[entry])) {
            to[next] = Index(truncatingIfNeeded: places.places.base[n])
            into[next] = from[entry]
            next &+= 1
          }
        }
        if places.isSorted || next &- first < 2 { continue }
        Self.sort(to + first, into + first, next &- first, &moved)
      }
    }
    return withExtendedLifetime((elements, columns)) {
      RowEntries(ends: newEnds, columns: coordinates, values: values)
    }
  }

  /// Sorts a row by place: a few entries where they stand, others beside.
  private static func sort<Item: SparseItem>(
    _ places: UnsafeMutablePointer<Index>, _ items: UnsafeMutablePointer<Item>, _ count: Int,
    _ moved: inout [Moved<Item>]
  ) {
    if count <= 24 {
      for i in 1..<count {
        let (place, item) = (places[i], items[i])
        var j = i
        while j > 0, place < places[j &- 1] {
          (places[j], items[j]) = (places[j &- 1], items[j &- 1])
          j &-= 1
        }
        (places[j], items[j]) = (place, item)
      }
      return
    }
    moved.removeAll(keepingCapacity: true)
    for n in 0..<count { moved.append(Moved(place: places[n], item: items[n])) }
    moved.sort { $0.place < $1.place }
    for n in 0..<count { (places[n], items[n]) = (moved[n].place, moved[n].item) }
  }

  private func places() throws -> Places {
    let count = positions.count
    guard count <= Int(UInt32.max) else {
      throw WeftError(.tooLarge, "gather", "\(count) positions are too many to be taken")
    }
    var isSorted = true
    for place in 1..<max(1, count) where positions.base[place] < positions.base[place &- 1] {
      isSorted = false
    }
    // A table of all columns where they are no more than what is looked at anyway.
    if extent <= 4 * (count + elements.count) + SparseKernels.entriesOfPart {
      let starts: Vector<UInt32> = try kernels.vector(extent + 1)
      starts.base.update(repeating: 0, count: extent + 1)
      for place in 0..<count { starts.base[positions.base[place] &+ 1] &+= 1 }
      for column in 0..<extent { starts.base[column &+ 1] &+= starts.base[column] }
      let places: Vector<UInt32> = try kernels.vector(count)
      let next: Vector<UInt32> = try kernels.vector(extent)
      next.base.update(from: starts.base, count: extent)
      for place in 0..<count {
        let column = positions.base[place]
        places.base[Int(next.base[column])] = UInt32(truncatingIfNeeded: place)
        next.base[column] &+= 1
      }
      return Places(taken: nil, starts: starts, places: places, isSorted: isSorted)
    }
    let keys: Vector<UInt64> = try kernels.vector(count)
    for place in 0..<count { keys.base[place] = UInt64(positions.base[place]) }
    let order = try kernels.order(of: keys)
    let sorted = order?.keys ?? keys
    let places: Vector<UInt32> = try kernels.vector(count)
    for n in 0..<count {
      places.base[n] = order?.entries.base[n] ?? UInt32(truncatingIfNeeded: n)
    }
    var heads: [Int] = []
    for n in 0..<count where n == 0 || sorted.base[n] != sorted.base[n - 1] { heads.append(n) }
    let taken: Vector<Int> = try kernels.vector(heads.count)
    let starts: Vector<UInt32> = try kernels.vector(heads.count + 1)
    for (n, head) in heads.enumerated() {
      taken.base[n] = Int(sorted.base[head])
      starts.base[n] = UInt32(truncatingIfNeeded: head)
    }
    starts.base[heads.count] = UInt32(truncatingIfNeeded: count)
    return Places(taken: taken, starts: starts, places: places, isSorted: isSorted)
  }
}
