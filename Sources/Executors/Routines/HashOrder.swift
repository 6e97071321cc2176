import WeftIR

/// A chained hash table whose order is that of libstdc++'s `std::unordered_set`, which NumPy's
/// `unique_values` iterates over.
///
/// All elements stand in one list; those of a bucket stand together. A new element goes to the
/// front of its bucket, that of an empty bucket to the front of the list. A table that is full
/// (as many elements as buckets) at least doubles its buckets and puts the elements in again, in
/// the order of the list.
struct HashOrder {
  /// The place that stands before the first element of the list; elements are 1, 2, ...
  private static let front = 0
  private static let none = -1

  private let hashes: Buffer
  private let following: Buffer
  private var heads: Buffer
  private var bucketCount: Int
  private(set) var count = 0
  private let memory: MemoryAccount

  /// A table for at most some elements.
  init(capacity: Int, in memory: MemoryAccount) throws {
    self.memory = memory
    hashes = try Self.words(capacity + 1, memory)
    following = try Self.words(capacity + 1, memory)
    let least = Swift.min(capacity, 1024)
    bucketCount = Self.bucketCounts.first { $0 >= least } ?? 1
    heads = try Self.emptyBuckets(bucketCount, memory)
    following.words[Self.front] = Self.front
  }

  private static func words(_ count: Int, _ memory: MemoryAccount) throws -> Buffer {
    try Buffer(allocating: TensorType(.int64, Shape([count])), in: memory)
  }

  private static func emptyBuckets(_ count: Int, _ memory: MemoryAccount) throws -> Buffer {
    let buckets = try words(count, memory)
    buckets.words.update(repeating: none, count: count)
    return buckets
  }

  /// The bucket of a hash.
  private func bucket(of hash: UInt64) -> Int { Int(hash % UInt64(bucketCount)) }

  private func hash(_ element: Int) -> UInt64 { UInt64(bitPattern: Int64(hashes.words[element])) }

  /// Takes an element in unless one is equal to it.
  ///
  /// - Returns: whether it was new; it is then element `count`.
  mutating func insert(_ hash: UInt64, isEqual: (_ element: Int) -> Bool) throws -> Bool {
    if contains(hash, isEqual: isEqual) { return false }
    if count >= bucketCount { try grow() }
    count += 1
    hashes.words[count] = Int(Int64(bitPattern: hash))
    let (next, heads, bucket) = (following.words, heads.words, bucket(of: hash))
    let before = heads[bucket]
    if before != Self.none {
      next[count] = next[before]
      next[before] = count
    } else {
      let first = next[Self.front]
      next[count] = first
      next[Self.front] = count
      if first != Self.front { heads[self.bucket(of: self.hash(first))] = count }
      heads[bucket] = Self.front
    }
    return true
  }

  private func contains(_ hash: UInt64, isEqual: (_ element: Int) -> Bool) -> Bool {
    let bucket = bucket(of: hash)
    let before = heads.words[bucket]
    if before == Self.none { return false }
    var element = following.words[before]
    while element != Self.front {
      let own = self.hash(element)
      if own == hash {
        if isEqual(element) { return true }
      } else if self.bucket(of: own) != bucket {
        return false
      }
      element = following.words[element]
    }
    return false
  }

  private mutating func grow() throws {
    bucketCount = Self.bucketCounts.first { $0 >= 2 * bucketCount } ?? 2 * bucketCount + 1
    heads = try Self.emptyBuckets(bucketCount, memory)
    let (next, heads) = (following.words, heads.words)
    var element = next[Self.front]
    next[Self.front] = Self.front
    var firstBucket = 0
    while element != Self.front {
      let rest = next[element]
      let bucket = bucket(of: hash(element))
      let before = heads[bucket]
      if before != Self.none {
        next[element] = next[before]
        next[before] = element
      } else {
        next[element] = next[Self.front]
        next[Self.front] = element
        heads[bucket] = Self.front
        if next[element] != Self.front { heads[firstBucket] = element }
        firstBucket = bucket
      }
      element = rest
    }
  }

  /// The elements in the order of the list.
  func forEach(_ body: (_ element: Int) -> Void) {
    var element = following.words[Self.front]
    while element != Self.front {
      body(element)
      element = following.words[element]
    }
  }

  /// The numbers of buckets that tables have: primes, each of the larger ones the first of
  /// libstdc++'s list that is at least twice the one before.
  ///
  /// - Source: observed of `std::unordered_set` of GCC 12 for 0 to 1024 buckets asked for and as
  ///   it grows from there; that order is part of its ABI.
  private static let bucketCounts = [
    1, 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89,
    97, 103, 109, 113, 127, 137, 139, 149, 157, 167, 179, 193, 199, 211, 227, 241, 257, 277, 293,
    313, 337, 359, 383, 409, 439, 467, 503, 541, 577, 619, 661, 709, 761, 823, 887, 953, 1031,
    2179, 4703, 9497, 19183, 38873, 78779, 159_871, 324_503, 658_753, 1_337_629, 2_716_249,
    5_515_729, 11_200_489, 22_744_717, 46_187_573, 93_793_069, 190_465_427, 386_778_277,
    785_430_967, 1_594_975_441, 3_238_918_481, 8_589_934_583, 25_769_803_693, 68_719_476_731,
    206_158_430_123, 412_316_860_387, 1_099_511_627_689, 2_199_023_255_531, 4_398_046_511_093,
  ]
}

extension Buffer {
  fileprivate var words: UnsafeMutablePointer<Int> { base.assumingMemoryBound(to: Int.self) }
}

extension Routines {
  /// Distinct elements in the order of NumPy's hash table.
  ///
  /// - Source: hashes are FNV-1a of 64 bits over an element's bytes, -0 as 0 (Fowler, Noll & Vo).
  static func distinct(
    _ routine: Routine, _ operands: [Buffer], _ context: RunContext
  ) throws -> [Buffer] {
    let source = operands[0]
    let results = try routine.infer([source.type]).map {
      try Buffer(allocating: $0, in: context.memory)
    }
    results[1].base.initializeMemory(as: UInt8.self, repeating: 0, count: source.count)
    let equalNaN = routine.options["equalNaN"] == "true"
    switch source.type.dtype {
    case .complex64:
      try distinct(source, results, context) { HashedComplex($0, Float.self, equalNaN) }
    case .complex128:
      try distinct(source, results, context) { HashedComplex($0, Double.self, equalNaN) }
    default:
      switch source.type.dtype.itemSize {
      case 1: try distinct(source, results, context) { HashedInteger<UInt8>($0) }
      case 2: try distinct(source, results, context) { HashedInteger<UInt16>($0) }
      case 4: try distinct(source, results, context) { HashedInteger<UInt32>($0) }
      default: try distinct(source, results, context) { HashedInteger<UInt64>($0) }
      }
    }
    return results
  }

  private static func distinct<Element: HashedElement>(
    _ source: Buffer, _ results: [Buffer], _ context: RunContext,
    _ load: (UnsafeRawPointer) -> Element
  ) throws {
    let size = source.type.dtype.itemSize
    let places = try Buffer(
      allocating: TensorType(.int64, Shape([source.count + 1])), in: context.memory)
    var table = try HashOrder(capacity: source.count, in: context.memory)
    for place in 0..<source.count {
      if place & 0xFFFF == 0 { try context.token.check() }
      let element = load(source.base + place * size)
      let isNew = try table.insert(element.hash) {
        element.isEqual(to: load(source.base + places.words[$0] * size))
      }
      if isNew { places.words[table.count] = place }
    }
    let (values, marks) = (results[0].base, results[1].base)
    var position = 0
    table.forEach { element in
      (values + position * size).copyMemory(
        from: source.base + places.words[element] * size, byteCount: size)
      marks.storeBytes(of: 1, toByteOffset: position, as: UInt8.self)
      position += 1
    }
    (values + position * size).initializeMemory(
      as: UInt8.self, repeating: 0, count: (source.count - position) * size)
  }
}

/// An element of a hash table.
private protocol HashedElement {
  var hash: UInt64 { get }
  func isEqual(to other: Self) -> Bool
}

/// FNV-1a of 64 bits.
private struct FowlerNollVo {
  private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Takes in the bytes of an integer, the lowest first, as they stand in memory.
  mutating func combine(_ word: some FixedWidthInteger & UnsignedInteger) {
    var rest = UInt64(word)
    for _ in 0..<word.bitWidth / 8 {
      hash = (hash ^ (rest & 0xFF)) &* 0x100_0000_01B3
      rest >>= 8
    }
  }
}

private struct HashedInteger<Word: FixedWidthInteger & UnsignedInteger>: HashedElement {
  let word: Word

  init(_ pointer: UnsafeRawPointer) { word = pointer.load(as: Word.self) }

  var hash: UInt64 {
    var fnv = FowlerNollVo()
    fnv.combine(word)
    return fnv.hash
  }

  func isEqual(to other: Self) -> Bool { word == other.word }
}

private struct HashedComplex<Part: HashedPart>: HashedElement {
  let real: Part
  let imaginary: Part
  let equalNaN: Bool

  init(_ pointer: UnsafeRawPointer, _ type: Part.Type, _ equalNaN: Bool) {
    real = pointer.load(as: Part.self)
    imaginary = pointer.load(fromByteOffset: MemoryLayout<Part>.size, as: Part.self)
    self.equalNaN = equalNaN
  }

  var isNaN: Bool { real.isNaN || imaginary.isNaN }

  var hash: UInt64 {
    if equalNaN, isNaN { return 0 }
    var fnv = FowlerNollVo()
    // -0 as 0.
    fnv.combine((real == 0 ? 0 : real).bitPattern)
    fnv.combine((imaginary == 0 ? 0 : imaginary).bitPattern)
    return fnv.hash
  }

  func isEqual(to other: Self) -> Bool {
    if equalNaN, isNaN, other.isNaN { return true }
    return real == other.real && imaginary == other.imaginary
  }
}

private protocol HashedPart: BinaryFloatingPoint {
  associatedtype Pattern: FixedWidthInteger & UnsignedInteger
  var bitPattern: Pattern { get }
}
extension Float: HashedPart {}
extension Double: HashedPart {}
