import WeftIR

/// A finite floating-point number taken apart at its own width: significand * 2^exponent.
struct BinaryFloat {
  /// 0 for zero.
  let significand: UInt64
  let exponent: Int
  let isNegative: Bool
  /// Whether the next number towards zero is half as far away as the next one outwards.
  let hasNarrowLowerMargin: Bool

  /// A value that the dtype holds.
  ///
  /// - Precondition: the value is finite.
  init(_ value: Double, _ dtype: DType) {
    isNegative = value.sign == .minus
    let format = Self.format(dtype)
    let stored = value.significandBitPattern
    let biased = Int(value.exponentBitPattern)
    let bits = biased == 0 ? stored : stored | 1 << 52
    guard bits != 0 else {
      (significand, exponent, hasNarrowLowerMargin) = (0, format.leastExponent, false)
      return
    }
    let unit = max(biased, 1) - 1075
    let top = unit + 63 - bits.leadingZeroBitCount
    exponent = max(top - (format.digits - 1), format.leastExponent)
    // No dtype is wider than float64, and the dtype holds the value: no bit is lost.
    significand = bits >> UInt64(exponent - unit)
    hasNarrowLowerMargin =
      significand == 1 << UInt64(format.digits - 1) && exponent > format.leastExponent
  }

  /// The bits of a significand, and the exponent of the least subnormal number.
  private static func format(_ dtype: DType) -> (digits: Int, leastExponent: Int) {
    switch dtype {
    case .float16: (11, -24)
    case .bfloat16: (8, -133)
    case .float32, .complex64: (24, -149)
    default: (53, -1074)
    }
  }
}
