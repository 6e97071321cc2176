/// Bits for the patterns of a subset search: which leaves hold an index, and whether it is kept.
protocol PatternSet: Equatable, Sendable {
  /// The most patterns.
  static var capacity: Int { get }
  /// No pattern.
  static var none: Self { get }
  static func & (a: Self, b: Self) -> Self
  static func | (a: Self, b: Self) -> Self
  /// Eight patterns from `8 * position` on.
  func byte(_ position: Int) -> Int
  mutating func insert(_ pattern: Int)
}

extension UInt64: PatternSet {
  static var capacity: Int { 64 }
  static var none: UInt64 { 0 }
  @inline(__always)
  func byte(_ position: Int) -> Int { Int(self &>> UInt64(position &* 8) & 255) }
  mutating func insert(_ pattern: Int) { self |= 1 << UInt64(pattern) }
}

/// Up to 512 patterns.
struct WidePatternSet: PatternSet {
  private var words = SIMD8<UInt64>()

  static var capacity: Int { 512 }
  static var none: WidePatternSet { WidePatternSet() }
  static func & (a: Self, b: Self) -> Self {
    var result = a
    result.words &= b.words
    return result
  }
  static func | (a: Self, b: Self) -> Self {
    var result = a
    result.words |= b.words
    return result
  }
  func byte(_ position: Int) -> Int { words[position >> 3].byte(position & 7) }
  mutating func insert(_ pattern: Int) { words[pattern >> 6] |= 1 << UInt64(pattern & 63) }
}

/// The indices of a few leaves, those that no order can tell apart taken as one.
struct IndexPatterns {
  /// Which leaves hold the pattern's indices: bit 0 says that they are kept, bit k + 1 is leaf k.
  private(set) var keys: [UInt64] = []
  /// The product of the extents of each pattern's indices; infinite past what a number holds.
  private(set) var extents: [Double] = []
  private var slots: [Int32]

  init() { slots = Array(repeating: -1, count: 256) }

  mutating func removeAll() {
    keys.removeAll(keepingCapacity: true)
    extents.removeAll(keepingCapacity: true)
    for slot in slots.indices { slots[slot] = -1 }
  }

  /// Takes an index in.
  mutating func add(_ key: UInt64, extent: Double) {
    if keys.count * 2 >= slots.count { grow() }
    var slot = home(key)
    while slots[slot] >= 0 {
      let known = Int(slots[slot])
      if keys[known] == key {
        extents[known] *= extent
        return
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Int32(keys.count)
    keys.append(key)
    extents.append(extent)
  }

  private func home(_ key: UInt64) -> Int {
    Int((key &* 0x9E37_79B9_7F4A_7C15) >> 40) & (slots.count - 1)
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for (position, key) in keys.enumerated() {
      var slot = home(key)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(position)
    }
  }
}

/// The cost of one step as the searches count it.
struct StepCost: Sendable {
  let doublesSums: Bool
  let writeWeight: Double
  let squaresSizes: Bool
  /// The elements from which on a value costs more than its work.
  private let limit: Double
  /// Whether larger values are to be avoided at any price that pays.
  private let isStrict: Bool

  init(_ model: PathCostModel, limit: Double = .infinity, isStrict: Bool = false) {
    doublesSums = model.count == .flops
    writeWeight = model.writeWeight
    squaresSizes = model.minimizesSize
    self.limit = limit
    self.isStrict = isStrict
  }

  /// From the product of all extents, that of the kept ones, and whether some are summed.
  @inline(__always)
  func value(work: Double, size: Double, sums: Bool) -> Double {
    if squaresSizes { return size * size + work * 1e-9 }
    let cost = (doublesSums && sums ? work + work : work) + writeWeight * size
    guard size > limit else { return cost }
    // Slices that make a value fit repeat work: as a guess the root of what is too much.
    let excess = size / limit
    return cost * (isStrict ? excess * excess * excess : excess.squareRoot())
  }

  /// No step that makes a value of a size costs less.
  @inline(__always)
  func least(size: Double) -> Double {
    squaresSizes ? size * size : size + writeWeight * size
  }
}
