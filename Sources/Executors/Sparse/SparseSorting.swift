import WeftIR

extension SparseRowRunner {
  /// The entries of each lane in order: those before the fill at its start, those after it at its end.
  ///
  /// The axis is the last of the result's layout, so that lanes are runs of entries.
  func sorted<Key: PositionKey>(
    _ row: Int, _ operand: Value, _ axis: Int, _ key: Key.Type
  ) throws -> Buffer {
    guard let layout = layout(row) else { throw missing(operand) }
    let (elements, type) = (try elements(operand), type(row))
    let entries = try kernels.entries(of: elements, order: layout.order, Key.self)
    let lanes = try SparseLanes(entries.keys, extent: type.shape.codes[axis], kernels)
    let sorted =
      type.dtype.isComplex
      ? try lanes.sorted(entries, fill: elements.fill, UInt128.self).entries
      : try lanes.sorted(entries, fill: elements.fill, UInt64.self).entries
    return buffer(try kernels.elements(sorted, type, layout))
  }

  /// The same with the positions that elements come from, which are a dense array.
  func placed(_ row: Int, _ operand: Value, _ axis: Int) throws -> [Buffer] {
    guard let layout = layout(row) else { throw missing(operand) }
    let (elements, type) = (try elements(operand), type(row))
    let shape = type.shape.codes
    let entries: Entries<UInt64> = try kernels.entries(of: elements, order: layout.order)
    let lanes = try SparseLanes(entries.keys, extent: shape[axis], kernels)
    let positions = try Buffer(
      allocating: graph.type(Value(row: row, result: 1)), in: kernels.context.memory)
    // Where lanes start in the result, in the order of the layout.
    let target = Frame<UInt64>(shape, order: Array(shape.indices)).axisStrides
    let outer = layout.order.dropLast().map { (extent: shape[$0], stride: Int(target[$0])) }
    @Sendable func first(_ lane: Int) -> Int {
      var (rest, sum) = (lane, 0)
      for (extent, stride) in outer.reversed() {
        sum &+= rest % max(1, extent) &* stride
        rest /= max(1, extent)
      }
      return sum
    }
    let sorted =
      type.dtype.isComplex
      ? try lanes.sorted(entries, fill: elements.fill, UInt128.self)
      : try lanes.sorted(entries, fill: elements.fill, UInt64.self)
    try lanes.place(
      sorted, in: positions, step: Int(target[axis]), lanes: outer.reduce(1) { $0 * $1.extent },
      first)
    return [buffer(try kernels.elements(sorted.entries, type, layout)), positions]
  }
}

/// Entries along the last axis in which their positions count: a lane is a run of them.
struct SparseLanes<Key: PositionKey>: Sendable {
  let keys: Vector<Key>
  /// The first entry of each lane that has any, in order.
  let heads: Vector<Int>
  private let extent: Key
  private let kernels: SparseKernels

  init(_ keys: Vector<Key>, extent: Int, _ kernels: SparseKernels) throws {
    (self.keys, self.kernels) = (keys, kernels)
    let extent = Key(truncatingIfNeeded: max(1, extent))
    self.extent = extent
    let heads = try kernels.places(keys.count) {
      $0 == 0 || keys.base[$0] / extent != keys.base[$0 &- 1] / extent
    }
    if let heads {
      self.heads = heads
    } else {
      self.heads = try kernels.vector(keys.count)
      for entry in 0..<keys.count { self.heads.base[entry] = entry }
    }
  }

  var count: Int { heads.count }

  /// The entries of a lane.
  @inline(__always)
  func entries(_ lane: Int) -> Range<Int> {
    heads.base[lane]..<(lane &+ 1 < heads.count ? heads.base[lane &+ 1] : keys.count)
  }

  /// The number of a lane among all, stored or not.
  @inline(__always)
  func number(_ lane: Int) -> Key { keys.base[heads.base[lane]] / extent }

  /// Where an entry is along the axis.
  @inline(__always)
  func place(_ entry: Int) -> Int { Int(truncatingIfNeeded: keys.base[entry] % extent) }

  /// Runs a body for lanes, a part of about equally many entries at a time.
  func forEachPart(_ body: @Sendable (Range<Int>) throws -> Void) throws {
    let parts = RowParts(count, entries: keys.count, width: 1) {
      $0 < heads.count ? heads.base[$0] : keys.count
    }
    try kernels.context.scheduler.run(parts.count, kernels.context.token) { part, _ in
      try body(parts[part])
    }
  }

  // MARK: - Sorting

  /// The entries in the order of each lane, at the places that they have beside the fills.
  ///
  /// Sorting is stable: what equals the fill stays among the fills where it is.
  func sorted<Order: PositionKey>(
    _ entries: Entries<Key>, fill: Scalar, _: Order.Type
  ) throws -> SortedLanes<Key> {
    let dtype = entries.values.type.dtype
    let numbers: Vector<Order> = try OrderKeys(dtype: dtype).keys(of: entries.values, kernels)
    let empty: Order = OrderKeys(dtype: dtype).key(of: fill)
    let order = try self.order(numbers)
    let moved: Vector<Key> = try kernels.vector(keys.count)
    let (extent, keys) = (extent, keys)
    try kernels.forEachPart(keys.count) { range in
      var lane = self.lane(of: range.lowerBound)
      var entry = range.lowerBound
      while entry < range.upperBound {
        let own = self.entries(lane)
        let first = Self.first(own) { numbers.base[Int(order.base[$0])] >= empty }
        let after = Self.first(own) { numbers.base[Int(order.base[$0])] > empty }
        let base = keys.base[own.lowerBound] / extent &* extent
        let end = base &+ extent
        while entry < min(own.upperBound, range.upperBound) {
          let place: Key
          if entry < first {
            place = base &+ Key(truncatingIfNeeded: entry &- own.lowerBound)
          } else if entry >= after {
            place = end &- Key(truncatingIfNeeded: own.upperBound &- entry)
          } else {
            // As many fills as were there come before it.
            let source = Int(order.base[entry])
            place =
              keys.base[source] &+ Key(truncatingIfNeeded: first &- source)
              &+ Key(truncatingIfNeeded: entry &- first)
          }
          moved.base[entry] = place
          entry &+= 1
        }
        lane &+= 1
      }
    }
    return SortedLanes(
      entries: Entries(keys: moved, values: try kernels.reordered(entries.values, order)),
      order: order)
  }

  /// Writes where the elements of each lane come from: entries from their places, fills from what is left, in order.
  ///
  /// Lanes start where a function says and have elements a step apart.
  func place(
    _ sorted: SortedLanes<Key>, in result: Buffer, step: Int, lanes: Int,
    _ first: @Sendable (Int) -> Int
  ) throws {
    let extent = Int(truncatingIfNeeded: extent)
    nonisolated(unsafe) let target = result.base.assumingMemoryBound(to: Int64.self)
    let keys = sorted.entries.keys
    try kernels.forEachRange(lanes, entries: result.count) { number in
      let lane = Self.first(0..<heads.count) { self.number($0) >= Key(truncatingIfNeeded: number) }
      let base = first(number)
      guard lane < heads.count, self.number(lane) == Key(truncatingIfNeeded: number) else {
        for place in 0..<extent { target[base &+ place &* step] = Int64(place) }
        return
      }
      let own = entries(lane)
      // Sorted entries leave the places of fills free, in the lane and in what it is sorted to.
      var (place, source, next) = (0, 0, own.lowerBound)
      for entry in own {
        let end = Int(truncatingIfNeeded: keys.base[entry] % self.extent)
        while place < end {
          while next < own.upperBound, self.place(next) == source {
            (source, next) = (source &+ 1, next &+ 1)
          }
          target[base &+ place &* step] = Int64(source)
          (place, source) = (place &+ 1, source &+ 1)
        }
        target[base &+ place &* step] = Int64(self.place(Int(sorted.order.base[entry])))
        place &+= 1
      }
      while place < extent {
        while next < own.upperBound, self.place(next) == source {
          (source, next) = (source &+ 1, next &+ 1)
        }
        target[base &+ place &* step] = Int64(source)
        (place, source) = (place &+ 1, source &+ 1)
      }
    }
  }

  /// The lane of an entry.
  private func lane(of entry: Int) -> Int {
    Self.first(0..<heads.count) { heads.base[$0] > entry } - 1
  }

  /// The first number of a range for which a condition holds that holds for all after it.
  @inline(__always)
  private static func first(_ range: Range<Int>, _ holds: (Int) -> Bool) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Lanes of more entries than this are sorted by all threads together.
  private static var mostEntries: Int { SparseKernels.entriesOfPart }

  /// For each place in the order of its lane the entry that stands there.
  private func order<Order: PositionKey>(_ numbers: Vector<Order>) throws -> Vector<UInt32> {
    guard keys.count <= Int(UInt32.max) else {
      throw WeftError(.tooLarge, "sort", "\(keys.count) entries are too many to be sorted")
    }
    let isLong = (0..<count).contains { entries($0).count > Self.mostEntries }
    return isLong ? try orderOfLong(numbers) : try orderOfShort(numbers)
  }

  /// By numbers, then by lanes, which leaves lanes where they are.
  private func orderOfLong<Order: PositionKey>(
    _ numbers: Vector<Order>
  ) throws -> Vector<UInt32> {
    let byNumber: Vector<UInt32>
    if let found = try kernels.sortingOrder(numbers) {
      byNumber = found
    } else {
      byNumber = try kernels.vector(keys.count)
      for entry in 0..<keys.count { byNumber.base[entry] = UInt32(truncatingIfNeeded: entry) }
    }
    if count <= 1 { return byNumber }
    let lanes = try kernels.runs(heads, count: keys.count)
    let ofNumber: Vector<UInt64> = try kernels.vector(keys.count)
    try kernels.forEachPart(keys.count) { range in
      for place in range {
        ofNumber.base[place] = UInt64(truncatingIfNeeded: lanes.base[Int(byNumber.base[place])])
      }
    }
    guard let byLane = try kernels.sortingOrder(ofNumber) else { return byNumber }
    let result: Vector<UInt32> = try kernels.vector(keys.count)
    try kernels.forEachPart(keys.count) { range in
      for place in range { result.base[place] = byNumber.base[Int(byLane.base[place])] }
    }
    return result
  }

  private struct Item<Order: PositionKey>: BitwiseCopyable, Sendable {
    var number: Order
    var entry: UInt32
  }

  /// Each lane by itself.
  private func orderOfShort<Order: PositionKey>(
    _ numbers: Vector<Order>
  ) throws -> Vector<UInt32> {
    let result: Vector<UInt32> = try kernels.vector(keys.count)
    let items: Vector<Item<Order>> = try kernels.vector(keys.count)
    let others: Vector<Item<Order>> = try kernels.vector(keys.count)
    try forEachPart { lanes in
      for lane in lanes {
        let own = entries(lane)
        var isSorted = true
        for entry in own {
          let number = numbers.base[entry]
          if entry > own.lowerBound, number < numbers.base[entry &- 1] { isSorted = false }
          items.base[entry] = Item(number: number, entry: UInt32(truncatingIfNeeded: entry))
        }
        let first = items.base + own.lowerBound
        let sorted =
          isSorted ? first : Self.sorted(first, others.base + own.lowerBound, own.count)
        for place in 0..<own.count { result.base[own.lowerBound &+ place] = sorted[place].entry }
      }
    }
    return result
  }

  /// Runs of a few items are sorted by insertion, then merged with their neighbours; stable.
  ///
  /// - Returns: the memory that holds the items in order: theirs, or the other.
  private static func sorted<Order: PositionKey>(
    _ items: UnsafeMutablePointer<Item<Order>>, _ other: UnsafeMutablePointer<Item<Order>>,
    _ count: Int
  ) -> UnsafeMutablePointer<Item<Order>> {
    var start = 0
    while start < count {
      let end = min(count, start &+ runLength)
      for i in start &+ 1..<max(start &+ 1, end) {
        let item = items[i]
        var j = i
        while j > start, item.number < items[j &- 1].number {
          items[j] = items[j &- 1]
          j &-= 1
        }
        items[j] = item
      }
      start = end
    }
    var (source, target, length) = (items, other, runLength)
    while length < count {
      var start = 0
      while start < count {
        let (middle, end) = (min(count, start &+ length), min(count, start &+ 2 &* length))
        var (left, right) = (start, middle)
        for place in start..<end {
          if right == end || left < middle && source[left].number <= source[right].number {
            target[place] = source[left]
            left &+= 1
          } else {
            target[place] = source[right]
            right &+= 1
          }
        }
        start = end
      }
      swap(&source, &target)
      length &*= 2
    }
    return source
  }

  private static var runLength: Int { 16 }
}

/// Entries in the order of their lanes, and which entry each was.
struct SortedLanes<Key: PositionKey>: Sendable {
  let entries: Entries<Key>
  let order: Vector<UInt32>
}
