import WeftIR

extension SparseKernels {
  /// Keys in order, and the entry that each is of: stable; nil when they are sorted.
  ///
  /// Least significant digits first; keys of which the highest is known need few digits. Threads count and move
  /// ranges of their own, in the order of entries, so that their number changes nothing.
  func order<Key: PositionKey>(
    of keys: Vector<Key>
  ) throws -> (keys: Vector<Key>, entries: Vector<UInt32>)? {
    let count = keys.count
    guard count <= Int(UInt32.max) else {
      throw WeftError(.tooLarge, "sort", "\(count) entries are too many to be sorted")
    }
    guard let highest = try highestUnlessSorted(keys) else { return nil }
    let bits = Key.bitWidth - highest.leadingZeroBitCount
    let digits = (bits + 10) / 11
    let width = (bits + digits - 1) / digits
    var source = (keys: keys, entries: Vector<UInt32>?.none)
    var target: (keys: Vector<Key>, entries: Vector<UInt32>) = (
      try vector(count), try vector(count)
    )
    var spare: (keys: Vector<Key>, entries: Vector<UInt32>)?
    for digit in 0..<digits {
      try context.token.check()
      let pass = SortPass(
        keys: source.keys, entries: source.entries, shift: digit * width, size: 1 << width,
        kernels: self)
      guard try pass.move(to: target.keys, target.entries) else { continue }
      let old = source
      source = (target.keys, target.entries)
      // The caller's keys are not written over.
      if let entries = old.entries {
        target = (old.keys, entries)
      } else if let spare {
        target = spare
      } else if digit + 1 < digits {
        let next: (keys: Vector<Key>, entries: Vector<UInt32>) = (
          try vector(count), try vector(count)
        )
        spare = next
        target = next
      }
    }
    return source.entries.map { (source.keys, $0) }
  }

  /// The order that sorts keys, stably; nil when they are sorted.
  func sortingOrder<Key: PositionKey>(_ keys: Vector<Key>) throws -> Vector<UInt32>? {
    try order(of: keys)?.entries
  }

  private func highestUnlessSorted<Key: PositionKey>(_ keys: Vector<Key>) throws -> Key? {
    let length = Self.entriesOfPart
    let parts = (keys.count + length - 1) / length
    let highest: Vector<Key> = try vector(parts)
    let isTurned: Vector<Bool> = try vector(parts)
    try forEachPart(keys.count) { range in
      var (most, isFound) = (Key.zero, false)
      var last = range.lowerBound > 0 ? keys.base[range.lowerBound - 1] : 0
      for entry in range {
        let key = keys.base[entry]
        isFound = isFound || key < last
        last = key
        most = Swift.max(most, key)
      }
      highest.base[range.lowerBound / length] = most
      isTurned.base[range.lowerBound / length] = isFound
    }
    guard (0..<parts).contains(where: { isTurned[$0] }) else { return nil }
    return (0..<parts).reduce(Key.zero) { Swift.max($0, highest[$1]) }
  }

  /// Keys in an order.
  func reordered<Key: PositionKey>(
    _ keys: Vector<Key>, _ order: Vector<UInt32>
  ) throws -> Vector<Key> {
    let result: Vector<Key> = try vector(order.count)
    try forEachPart(order.count) { range in
      for place in range { result.base[place] = keys.base[Int(order.base[place])] }
    }
    return result
  }

  /// Values in an order.
  func reordered(_ values: Buffer, _ order: Vector<UInt32>) throws -> Buffer {
    try moved(values, count: order.count) { Int(order.base[$0]) }
  }

  /// Values of which each comes from a place of others.
  func moved(
    _ values: Buffer, count: Int, _ place: @Sendable @escaping (Int) -> Int
  ) throws -> Buffer {
    let result = try self.values(count, values.type.dtype)
    try withSparseItem(
      values.type.dtype, MovedItems(values: values, result: result, kernels: self, place: place))
    return result
  }

  /// Entries sorted by new keys; those of one position are not joined.
  func sorted<Key: PositionKey>(
    _ keys: Vector<Key>, _ values: Buffer
  ) throws -> Entries<Key> {
    guard let order = try order(of: keys) else { return Entries(keys: keys, values: values) }
    return Entries(keys: order.keys, values: try reordered(values, order.entries))
  }
}

/// One digit of a sort.
private struct SortPass<Key: PositionKey>: Sendable {
  let keys: Vector<Key>
  /// nil before the first move: each key is of the entry at its place.
  let entries: Vector<UInt32>?
  let shift: Int
  let size: Int
  let kernels: SparseKernels

  /// Moves keys and entries; false where all have one digit, and nothing moves.
  func move(to target: Vector<Key>, _ moved: Vector<UInt32>) throws -> Bool {
    let count = keys.count
    let threads = kernels.context.scheduler.threadCount
    let parts = Swift.max(1, Swift.min(threads, count / SparseKernels.entriesOfPart))
    let bounds = (0...parts).map { count / parts * $0 + count % parts * $0 / parts }
    let (mask, shift, size) = (Key(size - 1), Key(shift), size)
    let starts: Vector<Int> = try kernels.vector(parts * size)
    try kernels.context.scheduler.run(parts, kernels.context.token) { part, _ in
      let own = starts.base + part * size
      for bucket in 0..<size { own[bucket] = 0 }
      for place in bounds[part]..<bounds[part + 1] {
        own[Int(truncatingIfNeeded: keys.base[place] &>> shift & mask)] &+= 1
      }
    }
    var sum = 0
    for bucket in 0..<size {
      let before = sum
      for part in 0..<parts {
        let here = starts.base[part * size + bucket]
        starts.base[part * size + bucket] = sum
        sum &+= here
      }
      if sum - before == count { return false }
    }
    let entries = entries?.base
    nonisolated(unsafe) let known = entries
    try kernels.context.scheduler.run(parts, kernels.context.token) { part, _ in
      let own = starts.base + part * size
      for place in bounds[part]..<bounds[part + 1] {
        let key = keys.base[place]
        let bucket = Int(truncatingIfNeeded: key &>> shift & mask)
        let next = own[bucket]
        own[bucket] = next &+ 1
        target.base[next] = key
        moved.base[next] = known?[place] ?? UInt32(truncatingIfNeeded: place)
      }
    }
    return true
  }
}
