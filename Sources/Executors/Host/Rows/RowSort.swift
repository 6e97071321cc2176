import WeftIR

extension NativeStep {
  /// Sorts lanes by keys whose order as unsigned numbers is that of the elements, NaN last; equal
  /// elements keep their order.
  func sort(
    _ operand: Buffer, _ results: [Buffer], _ axis: Int, isDescending: Bool,
    givesPositions: Bool, _ context: RunContext
  ) throws {
    let source = AxisBox(operand, axis)
    let keys = AxisBox(results[0], axis)
    let positions = KernelAddress(results[1].base)
    let dtype = operand.type.dtype
    let lanes = source.outer * source.inner
    if source.extent >= Self.leastLongLane, lanes < 4 * context.scheduler.threadCount {
      for lane in 0..<lanes {
        let (outer, column) = lane.quotientAndRemainder(dividingBy: source.inner)
        let places =
          positions.pointer.assumingMemoryBound(to: Int64.self)
          + outer * source.extent * source.inner + column
        let isDone = try sortLong(
          source.address(outer, 0) + column * source.itemSize,
          keys.address(outer, 0) + column * source.itemSize,
          positions: givesPositions ? places : nil, count: source.extent, step: source.inner,
          dtype, isDescending: isDescending, context)
        if !isDone { break }
        if lane == lanes - 1 { return }
      }
    }
    try context.share(lanes, cost: source.extent * 16) { range in
      var sorter = try LaneSorter(
        source.extent, keyBytes: dtype.itemSize, in: context.memory)
      defer { sorter.finish() }
      for lane in range {
        let (outer, column) = lane.quotientAndRemainder(dividingBy: source.inner)
        let from = source.address(outer, 0) + column * source.itemSize
        sorter.load(from, stride: source.innerBytes, dtype, isDescending: isDescending)
        sorter.sort()
        sorter.store(
          from, to: keys.address(outer, 0) + column * source.itemSize,
          positions.pointer + (outer * source.extent * source.inner + column) * 8,
          count: source.extent, step: source.inner, itemSize: source.itemSize)
      }
    }
  }
}

/// Sorts one lane: few elements by insertion, many by their keys' bytes from the last to the first.
struct LaneSorter {
  /// A key with the position it comes from.
  struct Item {
    var key: UInt64
    var position: UInt32
  }

  private let count: Int
  private let keyBytes: Int
  private var items: UnsafeMutablePointer<Item>
  private var others: UnsafeMutablePointer<Item>
  private let counts: UnsafeMutablePointer<Int>
  /// The memory behind `items`, `others` and `counts`.
  private let memory: Buffer

  private static let fewItems = 48

  /// - Throws: `out-of-memory`.
  init(_ count: Int, keyBytes: Int, in account: MemoryAccount) throws {
    self.count = count
    self.keyBytes = keyBytes
    let lane = count * MemoryLayout<Item>.stride
    memory = try Buffer(
      allocating: TensorType(.uint8, Shape([Self.byteCount(of: count)])), in: account)
    counts = memory.base.bindMemory(to: Int.self, capacity: 256)
    items = (memory.base + Self.tableBytes).bindMemory(to: Item.self, capacity: count)
    others = (memory.base + Self.tableBytes + lane).bindMemory(to: Item.self, capacity: count)
  }

  private static let tableBytes = 256 * MemoryLayout<Int>.stride

  /// The bytes that sorting lanes of an extent takes.
  static func byteCount(of extent: Int) -> Int {
    tableBytes + 2 * extent * MemoryLayout<Item>.stride
  }

  /// Holds the memory until here.
  func finish() { withExtendedLifetime(memory) {} }

  mutating func load(
    _ base: UnsafeMutableRawPointer, stride: Int, _ dtype: DType, isDescending: Bool
  ) {
    let source = UnsafeRawPointer(base)
    func each(_ key: (UnsafeRawPointer) -> (key: UInt64, isLast: Bool)) {
      let all: UInt64 = keyBytes == 8 ? .max : 1 << UInt64(keyBytes * 8) - 1
      for i in 0..<count {
        let (bits, isLast) = key(source + i * stride)
        // NaN last either way: no other key has all bits set.
        let ordered = isLast ? all : isDescending ? all ^ bits : bits
        items[i] = Item(key: ordered, position: UInt32(i))
      }
    }
    switch dtype {
    case .bool, .uint8: each { (UInt64($0.load(as: UInt8.self)), false) }
    case .uint16: each { (UInt64($0.loadUnaligned(as: UInt16.self)), false) }
    case .uint32: each { (UInt64($0.loadUnaligned(as: UInt32.self)), false) }
    case .uint64: each { ($0.loadUnaligned(as: UInt64.self), false) }
    case .int8: each { (UInt64($0.load(as: UInt8.self) ^ 0x80), false) }
    case .int16: each { (UInt64($0.loadUnaligned(as: UInt16.self) ^ 0x8000), false) }
    case .int32: each { (UInt64($0.loadUnaligned(as: UInt32.self) ^ 1 << 31), false) }
    case .int64: each { ($0.loadUnaligned(as: UInt64.self) ^ 1 << 63, false) }
    case .float16:
      each {
        ElementOrder.key(UInt64($0.loadUnaligned(as: UInt16.self)), sign: 1 << 15, infinity: 0x7C00)
      }
    case .bfloat16:
      each {
        ElementOrder.key(UInt64($0.loadUnaligned(as: UInt16.self)), sign: 1 << 15, infinity: 0x7F80)
      }
    case .float32:
      each {
        ElementOrder.key(
          UInt64($0.loadUnaligned(as: UInt32.self)), sign: 1 << 31, infinity: 0x7F80_0000)
      }
    case .float64, .complex64, .complex128:
      each {
        ElementOrder.key($0.loadUnaligned(as: UInt64.self), sign: 1 << 63, infinity: 0x7FF0 << 48)
      }
    }
  }

  mutating func sort() {
    if count <= Self.fewItems {
      for i in 1..<max(1, count) {
        let item = items[i]
        var j = i
        while j > 0, items[j - 1].key > item.key {
          items[j] = items[j - 1]
          j -= 1
        }
        items[j] = item
      }
      return
    }
    for byte in 0..<keyBytes {
      let shift = UInt64(byte * 8)
      counts.update(repeating: 0, count: 256)
      for i in 0..<count { counts[Int(truncatingIfNeeded: items[i].key >> shift & 255)] += 1 }
      if counts[Int(truncatingIfNeeded: items[0].key >> shift & 255)] == count { continue }
      var start = 0
      for value in 0..<256 {
        let number = counts[value]
        counts[value] = start
        start += number
      }
      for i in 0..<count {
        let digit = Int(truncatingIfNeeded: items[i].key >> shift & 255)
        others[counts[digit]] = items[i]
        counts[digit] += 1
      }
      swap(&items, &others)
    }
  }

  /// Stores the elements in order and their positions; `step` counts elements.
  func store(
    _ source: UnsafeMutableRawPointer, to keys: UnsafeMutableRawPointer,
    _ positions: UnsafeMutableRawPointer, count: Int, step: Int, itemSize: Int
  ) {
    for i in 0..<count {
      let from = Int(items[i].position)
      StridedCopy.scatter(
        keys + i * step * itemSize, source + from * step * itemSize, itemSize: itemSize,
        columns: 1, columnStride: 1)
      (positions + i * step * 8).storeBytes(of: Int64(from), as: Int64.self)
    }
  }
}
