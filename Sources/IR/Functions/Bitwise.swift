/// Functions of integers' bits. Bool counts as one bit.
extension ScalarFunction {
  /// Bits that are set in both.
  public static let bitwiseAnd = ScalarFunction(
    "bitwise_and", arity: 2, domain: .integral,
    algebra: [.commutative, .associative, .idempotent, .preservesZero], identity: -1,
    annihilator: 0,
    evaluate: meaning(bool: { $0 && $1 }, signed: { $0 & $1 }, unsigned: { $0 & $1 }))

  /// Bits that are set in either.
  public static let bitwiseOr = ScalarFunction(
    "bitwise_or", arity: 2, domain: .integral,
    algebra: [.commutative, .associative, .idempotent, .preservesZero], identity: 0,
    evaluate: meaning(bool: { $0 || $1 }, signed: { $0 | $1 }, unsigned: { $0 | $1 }))

  /// Bits that are set in just one.
  public static let bitwiseXor = ScalarFunction(
    "bitwise_xor", arity: 2, domain: .integral,
    algebra: [.commutative, .associative, .preservesZero], identity: 0,
    evaluate: meaning(bool: { $0 != $1 }, signed: { $0 ^ $1 }, unsigned: { $0 ^ $1 }))

  /// Every bit turned; not for bool.
  public static let bitwiseInvert = ScalarFunction(
    "bitwise_invert", arity: 1, domain: .integral, algebra: [.involution],
    evaluate: meaning(bool: { a, _ in !a }, signed: { a, _ in ~a }, unsigned: { a, _ in ~a }))

  /// Shifts left; a count of the width or more (or below 0) gives 0.
  public static let bitwiseLeftShift = ScalarFunction(
    "bitwise_left_shift", arity: 2, domain: .integerFromBool, algebra: [.preservesZero],
    evaluate: { a, b, _ in
      let count = b.uintValue
      return Scalar(count < UInt64(a.dtype.bitWidth) ? a.uintValue << count : 0, a.dtype)
    })

  /// Shifts right, keeping the sign; a count of the width or more gives 0 or -1.
  public static let bitwiseRightShift = ScalarFunction(
    "bitwise_right_shift", arity: 2, domain: .integerFromBool, algebra: [.preservesZero],
    evaluate: { a, b, _ in
      let count = b.uintValue
      if count < UInt64(a.dtype.bitWidth) {
        return a.dtype.kind == .signed
          ? Scalar(a.intValue >> Int64(count), a.dtype) : Scalar(a.uintValue >> count, a.dtype)
      }
      return Scalar(a.dtype.kind == .signed && a.intValue < 0 ? -1 : 0 as Int64, a.dtype)
    })

  /// The number of set bits of the absolute value, as uint8.
  public static let bitwiseCount = ScalarFunction(
    "bitwise_count", arity: 1, domain: .integral, result: .uint8, algebra: [.preservesZero],
    evaluate: { a, _, _ in
      let bits = a.dtype.kind == .signed ? a.intValue.magnitude : a.uintValue
      return Scalar(Int64(bits.nonzeroBitCount), .uint8)
    })
}
