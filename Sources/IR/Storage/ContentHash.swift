/// 128 bits that name a text and notice a torn file; no protection against someone who wants two
/// texts to have one hash, which is why whole keys are compared too.
///
/// - Source: two lanes of multiply and fold with the multipliers of splitmix64 (Steele, Lea, Flood,
///   OOPSLA 2014).
package struct ContentHash: Hashable, Sendable {
  package private(set) var high: UInt64 = 0x9E37_79B9_7F4A_7C15
  package private(set) var low: UInt64 = 0xD1B5_4A32_D192_ED03

  package init() {}

  /// Takes in a run of bytes; where one run ends and the next begins counts.
  package mutating func combine(_ bytes: UnsafeRawBufferPointer) {
    var offset = 0
    while offset + 8 <= bytes.count {
      combine(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    var rest: UInt64 = 0
    for byte in bytes[offset...] { rest = rest << 8 | UInt64(byte) }
    combine(rest)
    combine(UInt64(bytes.count))
  }

  /// Takes in a text.
  package mutating func combine(_ text: String) {
    var text = text
    text.withUTF8 { combine(UnsafeRawBufferPointer($0)) }
  }

  private mutating func combine(_ word: UInt64) {
    high = Self.fold((high ^ word) &* 0xBF58_476D_1CE4_E5B9)
    low = Self.fold((low &+ word) &* 0x94D0_49BB_1331_11EB ^ high)
  }

  private static func fold(_ word: UInt64) -> UInt64 { word ^ word >> 31 }

  /// 32 hexadecimal digits.
  package var text: String { Self.digits(high) + Self.digits(low) }

  private static func digits(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
