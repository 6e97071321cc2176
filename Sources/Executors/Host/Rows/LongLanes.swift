import WeftIR

/// Elements of a dtype as unsigned numbers in their order, and back; NaN are the greatest either way.
private struct LaneKeys: Sendable {
  let sign: UInt64
  /// The bits of infinity; nil for integers.
  let infinity: UInt64?
  let all: UInt64
  let isDescending: Bool

  /// nil for complex elements, which have no such numbers.
  init?(_ dtype: DType, isDescending: Bool) {
    if dtype.isComplex { return nil }
    let bits = UInt64(dtype.itemSize * 8)
    all = bits == 64 ? .max : 1 << bits - 1
    self.isDescending = isDescending
    let isSigned = dtype.isInexact || dtype.kind == .signed
    sign = isSigned ? 1 << (bits - 1) : 0
    infinity =
      switch dtype {
      case .float16: 0x7C00
      case .bfloat16: 0x7F80
      case .float32: 0x7F80_0000
      case .float64: 0x7FF0 << 48
      default: nil
      }
  }

  @inline(__always)
  func key(_ bits: UInt64) -> UInt64 {
    guard let infinity else { return isDescending ? all ^ bits ^ sign : bits ^ sign }
    let (key, isLast) = ElementOrder.key(bits, sign: sign, infinity: infinity)
    return isLast ? all : isDescending ? all ^ key : key
  }

  /// Whether a key is of elements with different bits: of zeros, of NaN.
  @inline(__always)
  func isAmbiguous(_ key: UInt64) -> Bool {
    infinity != nil && (key == all || key == (isDescending ? all ^ sign : sign))
  }

  /// The bits of the one element that has a key.
  @inline(__always)
  func bits(_ key: UInt64) -> UInt64 {
    let key = isDescending ? all ^ key : key
    if infinity == nil { return key ^ sign }
    return key > sign ? key ^ sign : sign | (sign &- key)
  }
}

extension NativeStep {
  /// Lanes of more elements than this are sorted one by one on all threads, where there are few of them.
  static let leastLongLane = 1 << 15

  /// Sorts a long lane; false for elements that have no numbers.
  ///
  /// Without positions only numbers move. Elements with one number but different bits keep their order: they are found
  /// in the lane once more.
  func sortLong(
    _ source: UnsafeMutableRawPointer, _ target: UnsafeMutableRawPointer,
    positions: UnsafeMutablePointer<Int64>?, count: Int, step: Int, _ dtype: DType,
    isDescending: Bool, _ context: RunContext
  ) throws -> Bool {
    guard let keys = LaneKeys(dtype, isDescending: isDescending) else { return false }
    let lane = LongLane(
      source: KernelAddress(source), target: KernelAddress(target),
      positions: positions.map { KernelAddress($0) }, count: count, step: step, keys: keys,
      context: context)
    switch dtype.itemSize {
    case 1: try lane.sort(UInt8.self)
    case 2: try lane.sort(UInt16.self)
    case 4: try lane.sort(UInt32.self)
    default: try lane.sort(UInt64.self)
    }
    return true
  }
}

/// One lane whose elements are `step` apart.
private struct LongLane: Sendable {
  let source: KernelAddress
  let target: KernelAddress
  let positions: KernelAddress?
  let count: Int
  let step: Int
  let keys: LaneKeys
  let context: RunContext

  func sort<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable>(
    _ bits: Bits.Type
  ) throws {
    positions == nil ? try sort(bits, KeyItem.self) : try sort(bits, PlacedItem.self)
  }

  private func sort<
    Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable, Item: SortItem
  >(
    _: Bits.Type, _: Item.Type
  ) throws {
    let bytes = count * MemoryLayout<Item>.stride
    let memory = try Buffer(
      allocating: TensorType(.uint8, Shape([2 * bytes])), in: context.memory)
    nonisolated(unsafe) let items = memory.base.bindMemory(to: Item.self, capacity: count)
    let others = (memory.base + bytes).bindMemory(to: Item.self, capacity: count)
    nonisolated(unsafe) let from = source.pointer.assumingMemoryBound(to: Bits.self)
    nonisolated(unsafe) let to = target.pointer.assumingMemoryBound(to: Bits.self)
    try forEachPart { range in
      for place in range {
        items[place] = Item(
          key: keys.key(UInt64(truncatingIfNeeded: from[place &* step])),
          position: UInt32(truncatingIfNeeded: place))
      }
    }
    try RangeSort(items, others, count: count, context).run()
    let isPlaced = Item.self == PlacedItem.self
    nonisolated(unsafe) let placed = UnsafeMutableRawPointer(items)
      .assumingMemoryBound(to: PlacedItem.self)
    nonisolated(unsafe) let places = positions?.pointer.assumingMemoryBound(to: Int64.self)
    try forEachPart { range in
      for place in range {
        let key = items[place].key
        if isPlaced {
          let position = Int(placed[place].position)
          places?[place &* step] = Int64(position)
          if keys.isAmbiguous(key) {
            to[place &* step] = from[position &* step]
            continue
          }
        }
        to[place &* step] = Bits(truncatingIfNeeded: keys.bits(key))
      }
    }
    if !isPlaced, keys.infinity != nil { restore(items, from, to) }
    withExtendedLifetime(memory) {}
  }

  /// Gives zeros and NaN the bits that they have in the lane, in their order there.
  private func restore<Bits: FixedWidthInteger & UnsignedInteger & Sendable, Item: SortItem>(
    _ items: UnsafeMutablePointer<Item>, _ from: UnsafeMutablePointer<Bits>,
    _ to: UnsafeMutablePointer<Bits>
  ) {
    let zero = keys.isDescending ? keys.all ^ keys.sign : keys.sign
    for key in [zero, keys.all] {
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        if items[middle].key < key { low = middle + 1 } else { high = middle }
      }
      var (next, place) = (low, 0)
      while next < count, items[next].key == key {
        let bits = from[place &* step]
        place &+= 1
        if keys.key(UInt64(truncatingIfNeeded: bits)) != key { continue }
        to[next &* step] = bits
        next &+= 1
      }
    }
  }

  private func forEachPart(_ body: @Sendable (Range<Int>) -> Void) throws {
    let length = 1 << 15
    try context.scheduler.run((count + length - 1) / length, context.token) { part, _ in
      body(part * length..<min(count, (part + 1) * length))
    }
  }
}
