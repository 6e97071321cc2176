extension KernelLibrary {
  /// Functions of integers' bits; bool is one bit.
  static let bits: [ScalarFunction: Body] = [
    .bitwiseAnd: { $0[0] & $0[1] },
    .bitwiseOr: { $0[0] | $0[1] },
    .bitwiseXor: { $0[0] ^ $0[1] },
    .bitwiseInvert: { $0[0].dtype == .bool ? !$0[0] : $0[0] ^ $0[0].bits(.max) },
    .bitwiseLeftShift: { x in
      let isWhole = x[1].unsigned .< Double(x[0].dtype.bitWidth)
      let shifted = x[0].applying(.shiftLeft, isWhole.select(x[1], x[1].constant(0)))
      return isWhole.select(shifted, x[0].constant(0))
    },
    .bitwiseRightShift: { x in
      let width = x[0].dtype.bitWidth
      let isWhole = x[1].unsigned .< Double(width)
      if x[0].dtype.kind == .signed {
        return x[0].applying(.shiftRight, isWhole.select(x[1], x[1].constant(width - 1)))
      }
      let shifted = x[0].applying(.shiftRight, isWhole.select(x[1], x[1].constant(0)))
      return isWhole.select(shifted, x[0].constant(0))
    },
    .bitwiseCount: { x in
      if x[0].dtype == .bool { return x[0].astype(.uint8) }
      return x[0].magnitude.unsigned.applying(.countOnes).converted(to: .uint8)
    },
  ]
}
