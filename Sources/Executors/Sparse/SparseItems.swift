import WeftIR

/// Elements that are moved and compared bit for bit, by their size alone.
protocol SparseItem: BitwiseCopyable, Equatable, Sendable {}
extension UInt8: SparseItem {}
extension UInt16: SparseItem {}
extension UInt32: SparseItem {}
extension UInt64: SparseItem {}
extension UInt128: SparseItem {}

/// What runs for one size of elements.
protocol SparseItemBody {
  associatedtype Result
  func run<Item: SparseItem>(_: Item.Type) throws -> Result
}

/// Runs a body for the items of a dtype.
func withSparseItem<Body: SparseItemBody>(
  _ dtype: DType, _ body: Body
) throws -> Body.Result {
  switch dtype.itemSize {
  case 1: try body.run(UInt8.self)
  case 2: try body.run(UInt16.self)
  case 4: try body.run(UInt32.self)
  case 8: try body.run(UInt64.self)
  default: try body.run(UInt128.self)
  }
}

extension Buffer {
  /// The elements as items of their size.
  func items<Item: SparseItem>(_: Item.Type) -> UnsafeMutablePointer<Item> {
    base.assumingMemoryBound(to: Item.self)
  }
}

extension Scalar {
  /// The element's bits.
  func item<Item: SparseItem>(_: Item.Type) -> Item {
    withUnsafeTemporaryAllocation(byteCount: 16, alignment: 16) { bytes in
      // Room was asked for.
      let base = bytes.baseAddress.unsafelyUnwrapped
      store(to: base)
      return base.load(as: Item.self)
    }
  }
}

/// Values of which each comes from a place of others.
struct MovedItems: SparseItemBody {
  let values: Buffer
  let result: Buffer
  let kernels: SparseKernels
  let place: @Sendable (Int) -> Int

  func run<Item: SparseItem>(_: Item.Type) throws {
    nonisolated(unsafe) let (source, target) = (values.items(Item.self), result.items(Item.self))
    try kernels.forEachPart(result.count) { range in
      for entry in range { target[entry] = source[place(entry)] }
    }
  }
}

/// The places of values that differ from a fill; nil when all do.
struct DifferingItems: SparseItemBody {
  let values: Buffer
  let fill: Scalar
  let kernels: SparseKernels

  func run<Item: SparseItem>(_: Item.Type) throws -> Vector<Int>? {
    nonisolated(unsafe) let source = values.items(Item.self)
    let empty = fill.item(Item.self)
    return try kernels.places(values.count) { source[$0] != empty }
  }
}

extension SparseKernels {
  /// The numbers below a count of which a condition holds, in order; nil when all do.
  @inline(__always)
  func places(
    _ count: Int, where keeps: @Sendable (Int) -> Bool
  ) throws -> Vector<Int>? {
    let length = Self.entriesOfPart
    let parts = (count + length - 1) / length
    let kept: Vector<Int> = try vector(parts)
    try forEachPart(count) { range in
      var sum = 0
      for entry in range { sum &+= keeps(entry) ? 1 : 0 }
      kept.base[range.lowerBound / length] = sum
    }
    let total = kept.startsOfParts()
    if total == count { return nil }
    let result: Vector<Int> = try vector(total)
    try forEachPart(count) { range in
      var next = kept.base[range.lowerBound / length]
      for entry in range where keeps(entry) {
        result.base[next] = entry
        next &+= 1
      }
    }
    return result
  }
}
