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
