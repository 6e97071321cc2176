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
    try withSparseItem(
      fill.dtype,
      AlignedItems(entries: entries, keys: keys, fill: fill, result: result, kernels: self))
    return result
  }

  /// The entries whose value differs from the fill, bit for bit (NaN is NaN).
  func pruned<Key: PositionKey>(_ entries: Entries<Key>, fill: Scalar) throws -> Entries<Key> {
    guard let kept = try places(of: entries.values, differingFrom: fill) else { return entries }
    return Entries(
      keys: try subset(entries.keys, kept),
      values: try moved(entries.values, count: kept.count) { kept.base[$0] })
  }

  /// Some of the keys, by their places.
  func subset<Key: PositionKey>(_ keys: Vector<Key>, _ places: Vector<Int>) throws -> Vector<Key> {
    let result: Vector<Key> = try vector(places.count)
    try forEachPart(places.count) { range in
      for place in range { result.base[place] = keys.base[places.base[place]] }
    }
    return result
  }

  /// The places of values that differ from a fill; nil when all do.
  func places(of values: Buffer, differingFrom fill: Scalar) throws -> Vector<Int>? {
    if try allDiffer(values, from: fill) { return nil }
    if Self.isNaN(fill) {
      return try places(values.count) { !Self.isSame(values.scalar(at: $0), fill) }
    }
    return try withSparseItem(
      fill.dtype, DifferingItems(values: values, fill: fill, kernels: self))
  }

  /// Whether two elements have the same parts, any NaN being as another: a complex number may have one in one part.
  private static func isSame(_ a: Scalar, _ b: Scalar) -> Bool {
    func isSame(_ x: Double, _ y: Double) -> Bool {
      x.bitPattern == y.bitPattern || x.isNaN && y.isNaN
    }
    return isSame(a.doubleValue, b.doubleValue) && isSame(a.imaginary, b.imaginary)
  }

  static func isNaN(_ scalar: Scalar) -> Bool {
    scalar.dtype.isInexact && (scalar.doubleValue.isNaN || scalar.imaginary.isNaN)
  }
}

/// The values of entries at keys, the fill where there is none.
private struct AlignedItems<Key: PositionKey>: SparseItemBody {
  let entries: Entries<Key>
  let keys: Vector<Key>
  let fill: Scalar
  let result: Buffer
  let kernels: SparseKernels

  func run<Item: SparseItem>(_: Item.Type) throws {
    let empty = fill.item(Item.self)
    nonisolated(unsafe) let source = entries.values.items(Item.self)
    nonisolated(unsafe) let target = result.items(Item.self)
    try kernels.forEachPart(keys.count) { range in
      let own = entries.keys
      var entry = own.firstIndex(from: keys.base[range.lowerBound])
      for place in range {
        let key = keys.base[place]
        while entry < own.count, own.base[entry] < key { entry &+= 1 }
        let isStored = entry < own.count && own.base[entry] == key
        target[place] = isStored ? source[entry] : empty
      }
    }
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
