import WeftIR

/// Positions of a result from those of operands.
///
/// Operands are cut at the same positions into parts that do not depend on the number of threads.
extension SparseKernels {
  /// What of two sets of positions a merge keeps.
  enum Merge { case union, intersection }

  /// The union or the intersection of two sets of positions.
  func merge<Key: PositionKey>(
    _ a: Vector<Key>, _ b: Vector<Key>, _ kind: Merge
  ) throws -> Vector<Key> {
    if a === b { return a }
    if a.count == b.count, try areEqual(a, b) { return a }
    switch kind {
    case .union:
      if a.count == 0 { return b }
      if b.count == 0 { return a }
    case .intersection:
      if a.count == 0 { return a }
      if b.count == 0 { return b }
    }
    let (long, short) = a.count >= b.count ? (a, b) : (b, a)
    let parts = (long.count + Self.entriesOfPart - 1) / Self.entriesOfPart
    // Where each part begins in both, and where its result may begin at the latest.
    var starts: [(long: Int, short: Int)] = []
    for part in 0..<parts {
      let place = part * Self.entriesOfPart
      starts.append((place, part == 0 ? 0 : short.firstIndex(from: long.base[place])))
    }
    starts.append((long.count, short.count))
    let room = { (part: Int) -> Int in
      kind == .union ? starts[part].long + starts[part].short : starts[part].short
    }
    let loose: Vector<Key> = try vector(room(parts))
    let counts: Vector<Int> = try vector(parts)
    let bounds = starts
    try context.scheduler.run(parts, context.token) { part, _ in
      let (from, to) = (bounds[part], bounds[part + 1])
      let start = kind == .union ? from.long + from.short : from.short
      let target = loose.base + start
      counts.base[part] =
        kind == .union
        ? Self.unite(
          UnsafeBufferPointer(start: long.base + from.long, count: to.long - from.long),
          UnsafeBufferPointer(start: short.base + from.short, count: to.short - from.short),
          target)
        : Self.intersect(
          UnsafeBufferPointer(start: long.base + from.long, count: to.long - from.long),
          UnsafeBufferPointer(start: short.base + from.short, count: to.short - from.short),
          target)
    }
    let total = (0..<parts).reduce(0) { $0 + counts.base[$1] }
    if parts == 1, total * 2 >= loose.count { return Vector(loose, count: total) }
    let result: Vector<Key> = try vector(total)
    var done = 0
    for part in 0..<parts {
      (result.base + done).update(from: loose.base + room(part), count: counts.base[part])
      done += counts.base[part]
    }
    return result
  }

  private func areEqual<Key: PositionKey>(_ a: Vector<Key>, _ b: Vector<Key>) throws -> Bool {
    // Patterns that differ mostly do so early.
    for entry in 0..<a.count where a.base[entry] != b.base[entry] { return false }
    return true
  }

  private static func unite<Key: PositionKey>(
    _ a: UnsafeBufferPointer<Key>, _ b: UnsafeBufferPointer<Key>,
    _ target: UnsafeMutablePointer<Key>
  ) -> Int {
    var (i, j, n) = (0, 0, 0)
    while i < a.count, j < b.count {
      let (x, y) = (a[i], b[j])
      target[n] = Swift.min(x, y)
      n &+= 1
      i &+= x <= y ? 1 : 0
      j &+= y <= x ? 1 : 0
    }
    while i < a.count {
      target[n] = a[i]
      (i, n) = (i &+ 1, n &+ 1)
    }
    while j < b.count {
      target[n] = b[j]
      (j, n) = (j &+ 1, n &+ 1)
    }
    return n
  }

  private static func intersect<Key: PositionKey>(
    _ a: UnsafeBufferPointer<Key>, _ b: UnsafeBufferPointer<Key>,
    _ target: UnsafeMutablePointer<Key>
  ) -> Int {
    var (i, j, n) = (0, 0, 0)
    while i < a.count, j < b.count {
      let (x, y) = (a[i], b[j])
      if x == y {
        target[n] = x
        n &+= 1
      }
      i &+= x <= y ? 1 : 0
      j &+= y <= x ? 1 : 0
    }
    return n
  }

  /// The values of an array at positions, the fill where it stores none.
  func values<Key: PositionKey>(
    of entries: Entries<Key>, at keys: Vector<Key>, fill: Scalar
  ) throws -> Buffer {
    if entries.keys === keys { return entries.values }
    if entries.count == keys.count, try areEqual(entries.keys, keys) { return entries.values }
    let result = try values(keys.count, fill.dtype)
    func run<Item: BitwiseCopyable>(_: Item.Type) throws {
      var place: (Item, Item)?
      withUnsafeTemporaryAllocation(byteCount: 32, alignment: 16) { bytes in
        guard let base = bytes.baseAddress else { return }
        fill.store(to: base)
        place = (base.load(as: Item.self), base.load(as: Item.self))
      }
      guard let empty = place?.0 else { return }
      nonisolated(unsafe) let element = empty
      nonisolated(unsafe) let source = entries.values.base.assumingMemoryBound(to: Item.self)
      nonisolated(unsafe) let target = result.base.assumingMemoryBound(to: Item.self)
      try forEachPart(keys.count) { range in
        let own = entries.keys
        var entry = own.firstIndex(from: keys.base[range.lowerBound])
        for place in range {
          let key = keys.base[place]
          while entry < own.count, own.base[entry] < key { entry &+= 1 }
          let isStored = entry < own.count && own.base[entry] == key
          target[place] = isStored ? source[entry] : element
        }
      }
    }
    switch fill.dtype.itemSize {
    case 1: try run(UInt8.self)
    case 2: try run(UInt16.self)
    case 4: try run(UInt32.self)
    case 8: try run(UInt64.self)
    default: try run(UInt128.self)
    }
    return result
  }

  /// The entries whose value differs from the fill, bit for bit (NaN is NaN).
  func pruned<Key: PositionKey>(_ entries: Entries<Key>, fill: Scalar) throws -> Entries<Key> {
    let keeps = try places(of: entries.values, differingFrom: fill)
    guard let keeps else { return entries }
    let keys: Vector<Key> = try vector(keeps.count)
    try forEachPart(keeps.count) { range in
      for place in range { keys.base[place] = entries.keys.base[keeps.base[place]] }
    }
    let values = try moved(entries.values, count: keeps.count) { keeps.base[$0] }
    return Entries(keys: keys, values: values)
  }

  /// The places of values that differ from a fill; nil when all do.
  func places(of values: Buffer, differingFrom fill: Scalar) throws -> Vector<Int>? {
    let count = values.count
    if Self.isNaN(fill) {
      let kept = (0..<count).filter { !Self.isNaN(values.scalar(at: $0)) }
      if kept.count == count { return nil }
      let result: Vector<Int> = try vector(kept.count)
      for (place, entry) in kept.enumerated() { result.base[place] = entry }
      return result
    }
    func run<Item: BitwiseCopyable & Equatable>(_: Item.Type) throws -> Vector<Int>? {
      let source = values.base.assumingMemoryBound(to: Item.self)
      var empty: Item?
      withUnsafeTemporaryAllocation(byteCount: 32, alignment: 16) { bytes in
        guard let base = bytes.baseAddress else { return }
        fill.store(to: base)
        empty = base.load(as: Item.self)
      }
      guard let empty else { return nil }
      var equal = 0
      for entry in 0..<count { equal &+= source[entry] == empty ? 1 : 0 }
      if equal == 0 { return nil }
      let result: Vector<Int> = try vector(count - equal)
      var next = 0
      for entry in 0..<count where source[entry] != empty {
        result.base[next] = entry
        next &+= 1
      }
      return result
    }
    switch fill.dtype.itemSize {
    case 1: return try run(UInt8.self)
    case 2: return try run(UInt16.self)
    case 4: return try run(UInt32.self)
    case 8: return try run(UInt64.self)
    default: return try run(UInt128.self)
    }
  }

  static func isNaN(_ scalar: Scalar) -> Bool {
    scalar.dtype.isInexact && (scalar.doubleValue.isNaN || scalar.imaginary.isNaN)
  }
}

extension Vector where Element: PositionKey {
  /// The place of the first key that is not below another, in sorted keys.
  func firstIndex(from key: Element) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if base[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
