import WeftIR

/// Numbers in NumPy's order of sorting: equal elements have one number, all NaN of a float the last.
///
/// Complex elements have numbers of 128 bits: those without NaN by real, then imaginary parts, then those of which
/// the imaginary part is NaN, the real part, and both. For extremes the greatest number wins: of whatever has a NaN,
/// else of the greatest or least element.
struct OrderKeys: Sendable {
  let dtype: DType
  var isForExtremes = false
  var isLeast = false

  /// The numbers of some elements, in `PositionKey`s of 128 bits for complex ones and 64 for others.
  func keys<Key: PositionKey>(
    of values: Buffer, _ kernels: SparseKernels, _: Key.Type = Key.self
  ) throws -> Vector<Key> {
    let result: Vector<Key> = try kernels.vector(values.count)
    nonisolated(unsafe) let source = UnsafeRawPointer(values.base)
    let (dtype, itemSize) = (dtype, dtype.itemSize)
    try kernels.forEachPart(values.count) { range in
      for entry in range {
        result.base[entry] = Self.key(source + entry &* itemSize, dtype)
      }
      guard isForExtremes else { return }
      for entry in range { result.base[entry] = extreme(result.base[entry]) }
    }
    return result
  }

  /// The number that the extreme has the greatest of.
  @inline(__always)
  private func extreme<Key: PositionKey>(_ key: Key) -> Key {
    if dtype.isComplex {
      // NaN in either part is past the numbers of pairs.
      if UInt128(key) >> 112 > 0xFFF0 { return .max }
    } else if dtype.isInexact, key == Key(UInt64.max) {
      return .max
    }
    return isLeast ? (dtype.isComplex ? Key.max : Key(UInt64.max)) &- key : key
  }

  /// The number of one element.
  func key<Key: PositionKey>(of element: Scalar, _: Key.Type = Key.self) -> Key {
    withUnsafeTemporaryAllocation(byteCount: 16, alignment: 16) { bytes in
      // Room was asked for.
      let base = bytes.baseAddress.unsafelyUnwrapped
      element.converted(to: dtype).store(to: base)
      let key: Key = Self.key(UnsafeRawPointer(base), dtype)
      return isForExtremes ? extreme(key) : key
    }
  }

  @inline(__always)
  private static func key<Key: PositionKey>(_ element: UnsafeRawPointer, _ dtype: DType) -> Key {
    switch dtype {
    case .bool, .uint8: Key(element.load(as: UInt8.self))
    case .uint16: Key(element.load(as: UInt16.self))
    case .uint32: Key(element.load(as: UInt32.self))
    case .uint64: Key(element.load(as: UInt64.self))
    case .int8: Key(element.load(as: UInt8.self) ^ 0x80)
    case .int16: Key(element.load(as: UInt16.self) ^ 0x8000)
    case .int32: Key(element.load(as: UInt32.self) ^ 1 << 31)
    case .int64: Key(element.load(as: UInt64.self) ^ 1 << 63)
    case .float16:
      last(ElementOrder.key(UInt64(element.load(as: UInt16.self)), sign: 1 << 15, infinity: 0x7C00))
    case .bfloat16:
      last(ElementOrder.key(UInt64(element.load(as: UInt16.self)), sign: 1 << 15, infinity: 0x7F80))
    case .float32: last(narrow(element))
    case .float64: last(wide(element))
    case .complex64: pair(narrow(element), narrow(element + 4))
    case .complex128: pair(wide(element), wide(element + 8))
    }
  }

  private typealias Part = (key: UInt64, isLast: Bool)

  @inline(__always)
  private static func narrow(_ element: UnsafeRawPointer) -> Part {
    ElementOrder.key(
      UInt64(element.load(as: UInt32.self)), sign: 1 << 31, infinity: 0x7F80_0000)
  }

  @inline(__always)
  private static func wide(_ element: UnsafeRawPointer) -> Part {
    ElementOrder.key(element.load(as: UInt64.self), sign: 1 << 63, infinity: 0x7FF0 << 48)
  }

  @inline(__always)
  private static func last<Key: PositionKey>(_ part: Part) -> Key {
    part.isLast ? Key(UInt64.max) : Key(part.key)
  }

  /// Keys of real parts end below 0xFFF1 << 48, which leaves room for what has NaN parts.
  @inline(__always)
  private static func pair<Key: PositionKey>(_ real: Part, _ imaginary: Part) -> Key {
    let (high, low) =
      switch (real.isLast, imaginary.isLast) {
      case (false, false): (real.key, imaginary.key)
      case (false, true): (0xFFF4 << 48, real.key)
      case (true, false): (0xFFF8 << 48, imaginary.key)
      case (true, true): (UInt64.max, UInt64.max)
      }
    return Key(truncatingIfNeeded: UInt128(high) << 64 | UInt128(low))
  }
}
