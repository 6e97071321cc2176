import WeftIR

extension SparseKernels {
  /// The order that sorts keys, stably; nil when they are sorted.
  ///
  /// Least significant digits first; keys of which the highest is known need few digits.
  func sortingOrder<Key: PositionKey>(
    _ keys: Vector<Key>
  ) throws(WeftError) -> Vector<UInt32>? {
    let count = keys.count
    guard count <= Int(UInt32.max) else {
      throw WeftError(.tooLarge, "sort", "\(count) entries are too many to be sorted")
    }
    var highest = Key.zero
    var isSorted = true
    var last = Key.zero
    for entry in 0..<count {
      let key = keys.base[entry]
      if key < last { isSorted = false }
      last = key
      highest = Swift.max(highest, key)
    }
    if isSorted { return nil }
    let bits = Key.bitWidth - highest.leadingZeroBitCount
    let digits = (bits + 10) / 11
    let width = (bits + digits - 1) / digits
    let size = 1 << width
    let mask = Key(size - 1)
    var order: Vector<UInt32> = try vector(count)
    var next: Vector<UInt32> = try vector(count)
    for entry in 0..<count { order.base[entry] = UInt32(truncatingIfNeeded: entry) }
    var starts = Array(repeating: 0, count: size)
    for digit in 0..<digits {
      try context.token.check()
      let shift = Key(digit * width)
      for bucket in 0..<size { starts[bucket] = 0 }
      for entry in 0..<count {
        starts[Int(truncatingIfNeeded: keys.base[entry] &>> shift & mask)] &+= 1
      }
      var sum = 0
      for bucket in 0..<size {
        let here = starts[bucket]
        starts[bucket] = sum
        sum &+= here
      }
      let (source, target) = (order.base, next.base)
      starts.withUnsafeMutableBufferPointer { starts in
        for place in 0..<count {
          let entry = source[place]
          let bucket = Int(truncatingIfNeeded: keys.base[Int(entry)] &>> shift & mask)
          target[starts[bucket]] = entry
          starts[bucket] &+= 1
        }
      }
      swap(&order, &next)
    }
    return order
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
    guard let order = try sortingOrder(keys) else { return Entries(keys: keys, values: values) }
    return Entries(keys: try reordered(keys, order), values: try reordered(values, order))
  }
}
