import WeftIR
import WeftPlans

/// The number of a position: 64 bits, or 128 where a shape has more elements than those count.
protocol PositionKey: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable {}
extension UInt64: PositionKey {}
extension UInt128: PositionKey {}

/// A row of plain elements whose bytes an account counts.
///
/// `@unchecked Sendable`: whoever makes one fills it before handing it on.
final class Vector<Element: BitwiseCopyable>: @unchecked Sendable {
  private let memory: Buffer
  let count: Int
  let base: UnsafeMutablePointer<Element>

  init(_ count: Int, in account: MemoryAccount) throws(WeftError) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflow else {
      throw WeftError(.tooLarge, "allocate", "\(count) entries have more bytes than can be counted")
    }
    memory = try Buffer(allocating: TensorType(.uint8, Shape([bytes])), in: account)
    base = memory.base.assumingMemoryBound(to: Element.self)
    self.count = count
  }

  /// The first elements of another.
  init(_ other: Vector<Element>, count: Int) {
    memory = other.memory
    base = other.base
    self.count = count
  }

  /// The elements of a buffer whose dtype has elements of this kind.
  init(_ buffer: Buffer) {
    memory = buffer
    base = buffer.base.assumingMemoryBound(to: Element.self)
    count = buffer.count
  }

  subscript(_ index: Int) -> Element { base[index] }

  /// The elements as those of a buffer, of a dtype of their size.
  func buffer(_ dtype: DType) -> Buffer {
    Buffer(wrapping: base, type: TensorType(dtype, Shape([count]))) { [self] in _ = self }
  }
}

extension Vector<Int> {
  /// Makes of how many each part has where it starts among all, and gives how many there are.
  func startsOfParts() -> Int {
    var total = 0
    for part in 0..<count {
      let here = base[part]
      base[part] = total
      total &+= here
    }
    return total
  }
}

/// Numbers of the positions of a shape, in the order of some layout's levels.
struct Frame<Key: PositionKey>: Sendable {
  /// The extents of the axes in the order in which positions count.
  let extents: [Int]
  /// `order[i]` is the axis of `extents[i]`.
  let order: [Int]
  /// How many positions lie between neighbours along each of `extents`.
  let strides: [Key]

  /// The positions of a shape whose number fits the key.
  init(_ shape: [Int], order: [Int]) {
    self.order = order
    extents = order.map { shape[$0] }
    var strides = Array(repeating: Key(1), count: extents.count)
    for level in extents.indices.dropLast().reversed() {
      strides[level] = strides[level + 1] &* Key(truncatingIfNeeded: max(1, extents[level + 1]))
    }
    self.strides = strides
  }

  /// The strides by axis.
  var axisStrides: [Key] {
    var result = strides
    for (level, axis) in order.enumerated() { result[axis] = strides[level] }
    return result
  }
}

/// Entries of a sparse array: sorted positions, and the value of each.
struct Entries<Key: PositionKey>: Sendable {
  let keys: Vector<Key>
  let values: Buffer

  var count: Int { keys.count }
}

/// How many bits the positions of shapes need.
enum PositionWidth {
  /// Whether 64 bits do not do for all of some shapes.
  ///
  /// - Throws: `too-large` where 128 bits do not do either.
  static func isWide(_ shapes: [[Int]]) throws(WeftError) -> Bool {
    var isWide = false
    for shape in shapes {
      var product: UInt128 = 1
      for extent in shape where extent > 0 {
        let (next, overflow) = product.multipliedReportingOverflow(by: UInt128(extent))
        if overflow {
          throw WeftError(
            .tooLarge, "sparse", "shape \(Shape(shape)) has more than 2^128 positions")
        }
        product = next
      }
      if product > UInt128(UInt64.max) { isWide = true }
    }
    return isWide
  }
}

/// What kernels over positions share: memory, threads, a way to be stopped.
struct SparseKernels: Sendable {
  let context: RunContext
  /// Where some of the kernels run, if not here.
  var device: (any EntryDevice)?

  func vector<Element: BitwiseCopyable>(
    _ count: Int, of type: Element.Type = Element.self
  ) throws(WeftError) -> Vector<Element> {
    try Vector(count, in: context.memory)
  }

  func values(_ count: Int, _ dtype: DType) throws(WeftError) -> Buffer {
    try Buffer(allocating: TensorType(dtype, Shape([count])), in: context.memory)
  }

  /// Entries of one part of a step; the partition depends on the number of entries alone.
  static let entriesOfPart = 1 << 16

  /// Runs a body for each of so many items, which together are work for so many entries.
  func forEachRange(_ count: Int, entries: Int, _ body: @Sendable (Int) throws -> Void) throws {
    let parts = max(1, min(count, entries / Self.entriesOfPart))
    try context.scheduler.run(parts, context.token) { part, _ in
      let bounds = [part, part + 1].map { count / parts * $0 + count % parts * $0 / parts }
      for item in bounds[0]..<bounds[1] { try body(item) }
    }
  }

  /// Runs a body for ranges that make up 0..<count.
  func forEachPart(_ count: Int, _ body: @Sendable (Range<Int>) throws -> Void) throws {
    let parts = (count + Self.entriesOfPart - 1) / Self.entriesOfPart
    if parts <= 1 {
      try context.token.check()
      if count > 0 { try body(0..<count) }
      return
    }
    try context.scheduler.run(parts, context.token) { part, _ in
      let start = part * Self.entriesOfPart
      try body(start..<min(count, start + Self.entriesOfPart))
    }
  }
}
