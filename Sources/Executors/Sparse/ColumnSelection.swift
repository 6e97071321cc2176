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

  private struct Moved<Item: SparseItem>: BitwiseCopyable {
    var place: Index
    var item: Item
  }

  /// The arrays of the result; nil where its index is too narrow for so many entries.
  func run<Item: SparseItem>(_: Item.Type) throws -> RowEntries? {
    guard let (ends, columns) = elements.rows else { return nil }
    let places = try TakenPlaces(positions, extent: extent, entries: elements.count, kernels)
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
}
