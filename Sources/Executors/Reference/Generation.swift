import WeftIR

/// Ops that make elements from nothing but their parameters.
extension RowEvaluator {
  func constant(_ scalar: Scalar, _ type: TensorType) throws -> Buffer {
    let result = try allocate(type)
    scalar.store(to: result.base)
    return result
  }

  func iota(_ type: TensorType, _ axis: Int) throws -> Buffer {
    let result = try allocate(type)
    if result.count == 0 { return result }
    let extents = result.extents
    let size = type.dtype.itemSize
    let inner = extents[(axis + 1)...].reduce(1, *)
    var target = result.base
    var written = 0
    for _ in 0..<extents[..<axis].reduce(1, *) {
      for i in 0..<extents[axis] {
        let scalar = Scalar(Int64(i), type.dtype)
        for _ in 0..<inner {
          if written & 0xFFFF == 0 { try token.check() }
          scalar.store(to: target)
          target += size
          written += 1
        }
      }
    }
    return result
  }

  /// Element i is the first two words of the block with counter (i, lane) under the key.
  func random(_ stream: RandomStream, _ key: Buffer, _ type: TensorType) throws -> Buffer {
    let result = try allocate(type)
    let generator = Philox(key: key.scalar(at: 0).uintValue)
    let lane = UInt64(bitPattern: Int64(stream.lane))
    for i in 0..<result.count {
      if i & 0xFFFF == 0 { try token.check() }
      let words = generator.block(UInt64(i), lane)
      result.base.storeBytes(
        of: UInt64(words[0]) | UInt64(words[1]) << 32, toByteOffset: i * 8, as: UInt64.self)
    }
    return result
  }
}

/// Philox4x32 with ten rounds: four random words from a counter and a key.
///
/// - Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011),
///   section 3.3 and the constants of Random123.
package struct Philox {
  private let key: SIMD2<UInt32>

  /// A generator for a key; the low half is the first word.
  package init(key: UInt64) {
    self.key = SIMD2(UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
  }

  /// The block of a counter, given as its low and high half.
  package func block(_ low: UInt64, _ high: UInt64) -> SIMD4<UInt32> {
    var counter = SIMD4(
      UInt32(truncatingIfNeeded: low), UInt32(truncatingIfNeeded: low >> 32),
      UInt32(truncatingIfNeeded: high), UInt32(truncatingIfNeeded: high >> 32))
    var key = key
    for round in 0..<10 {
      if round > 0 { key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85) }
      let first = UInt64(counter[0]) * 0xD251_1F53
      let second = UInt64(counter[2]) * 0xCD9E_8D57
      counter = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ counter[1] ^ key[0],
        UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ counter[3] ^ key[1],
        UInt32(truncatingIfNeeded: first))
    }
    return counter
  }
}
