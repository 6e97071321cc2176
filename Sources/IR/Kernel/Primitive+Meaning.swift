extension Primitive {
  /// The result for operands, as `Primitive` states it.
  func evaluate(_ x: [Scalar]) -> Scalar {
    if self == .select { return x[0].boolValue ? x[1] : x[2] }
    switch x[0].dtype.kind {
    case .bool: return bits(x)
    case .signed: return isComparison ? compared(x[0].intValue, x[1].intValue) : integer(x)
    case .unsigned: return isComparison ? compared(x[0].uintValue, x[1].uintValue) : integer(x)
    default:
      let operands = x.map(\.doubleValue)
      if isComparison { return compared(operands[0], operands[1]) }
      // float32 computes in float32, for fma rounds once.
      return x[0].dtype == .float32
        ? Scalar(Double(float(operands.map { Float($0) })), .float32)
        : Scalar(float(operands), .float64)
    }
  }

  private func compared<T: Comparable>(_ a: T, _ b: T) -> Scalar {
    switch self {
    case .equal: Scalar(a == b)
    case .notEqual: Scalar(a != b)
    case .less: Scalar(a < b)
    case .lessEqual: Scalar(a <= b)
    case .greater: Scalar(a > b)
    default: Scalar(a >= b)
    }
  }

  private func bits(_ x: [Scalar]) -> Scalar {
    let (a, b) = (x[0].boolValue, x[1].boolValue)
    switch self {
    case .and: return Scalar(a && b)
    case .or: return Scalar(a || b)
    case .xor, .notEqual: return Scalar(a != b)
    case .equal: return Scalar(a == b)
    default: preconditionFailure("\(rawValue) of bool")
    }
  }

  private func integer(_ x: [Scalar]) -> Scalar {
    let dtype = x[0].dtype
    let isSigned = dtype.kind == .signed
    let (a, b) = (x[0].uintValue, x.count > 1 ? x[1].uintValue : 0)
    let (s, t) = (x[0].intValue, x.count > 1 ? x[1].intValue : 0)
    switch self {
    case .add: return Scalar(a &+ b, dtype)
    case .subtract: return Scalar(a &- b, dtype)
    case .multiply: return Scalar(a &* b, dtype)
    case .divide: return isSigned ? Scalar(s / t, dtype) : Scalar(a / b, dtype)
    case .rest: return isSigned ? Scalar(s % t, dtype) : Scalar(a % b, dtype)
    case .negate: return Scalar(0 &- a, dtype)
    case .abs: return isSigned && s < 0 ? Scalar(0 &- a, dtype) : x[0]
    case .and: return Scalar(a & b, dtype)
    case .or: return Scalar(a | b, dtype)
    case .xor: return Scalar(a ^ b, dtype)
    case .shiftLeft: return Scalar(a << b, dtype)
    case .shiftRight: return isSigned ? Scalar(s >> t, dtype) : Scalar(a >> b, dtype)
    case .countOnes: return Scalar(UInt64(x[0].storageBits.nonzeroBitCount), dtype)
    case .multiplyHigh:
      return dtype == .uint32
        ? Scalar((a &* b) >> 32, dtype) : Scalar(a.multipliedFullWidth(by: b).high, dtype)
    default: preconditionFailure("\(rawValue) of \(dtype)")
    }
  }

  private func float<T: BinaryFloatingPoint>(_ x: [T]) -> T {
    switch self {
    case .add: return x[0] + x[1]
    case .subtract: return x[0] - x[1]
    case .multiply: return x[0] * x[1]
    case .divide: return x[0] / x[1]
    case .fma: return x[2].addingProduct(x[0], x[1])
    case .negate: return -x[0]
    case .abs: return x[0].magnitude
    case .sqrt: return x[0].squareRoot()
    case .copysign: return T(signOf: x[1], magnitudeOf: x[0])
    case .floor: return x[0].rounded(.down)
    case .ceil: return x[0].rounded(.up)
    case .trunc: return x[0].rounded(.towardZero)
    case .rint: return x[0].rounded(.toNearestOrEven)
    default: preconditionFailure("\(rawValue) of a float")
    }
  }
}
