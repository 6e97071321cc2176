#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A network as the searches read it: index sets as bits of any number of words, extents as
/// logarithms.
struct IndexTable: Sendable {
  /// The number of operands.
  let operandCount: Int
  /// The number of indices.
  let indexCount: Int
  /// The 64-bit words of a set.
  let wordCount: Int
  /// The operands' sets, one after the other.
  let operands: [UInt64]
  /// The set of the output.
  let output: [UInt64]
  /// The binary logarithm of each extent; empty axes count as one.
  let log2Extents: [Double]
  /// Each extent; empty axes count as one.
  let extents: [Double]
  /// The logarithm that all extents have, or nil.
  let uniform: Double?

  init(_ network: ContractionNetwork) {
    operandCount = network.operands.count
    indexCount = network.extents.count
    let words = max((indexCount + 63) / 64, 1)
    wordCount = words
    var sets = Array(repeating: UInt64(0), count: operandCount * words)
    for (position, indices) in network.operands.enumerated() {
      for index in indices { sets[position * words + index >> 6] |= 1 << UInt64(index & 63) }
    }
    operands = sets
    var kept = Array(repeating: UInt64(0), count: words)
    for index in network.output { kept[index >> 6] |= 1 << UInt64(index & 63) }
    output = kept
    log2Extents = network.extents.map { $0 == 2 ? 1 : log2(Double(max($0, 1))) }
    extents = network.extents.map { Double(max($0, 1)) }
    let first = log2Extents.first ?? 0
    uniform = log2Extents.allSatisfy { $0 == first } ? first : nil
  }

  /// The logarithm of the number of elements of a word of a set.
  @inline(__always)
  func size(_ bits: UInt64, word: Int) -> Double {
    if let uniform { return Double(bits.nonzeroBitCount) * uniform }
    var rest = bits
    var sum = 0.0
    while rest != 0 {
      sum += log2Extents[word &* 64 &+ rest.trailingZeroBitCount]
      rest &= rest &- 1
    }
    return sum
  }

  /// The indices of an operand, in ascending order.
  func indices(of operand: Int) -> [Int] {
    var result: [Int] = []
    for word in 0..<wordCount {
      var rest = operands[operand * wordCount + word]
      while rest != 0 {
        result.append(word * 64 + rest.trailingZeroBitCount)
        rest &= rest &- 1
      }
    }
    return result
  }
}

/// Random numbers of a seed (SplitMix64: Steele, Lea and Flood 2014).
struct PathRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 ^ 0x1234_5678_9ABC_DEF1 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  /// Uniform in [0, 1).
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in a range.
  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

  /// Uniform in 0..<count.
  mutating func below(_ count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }
}
