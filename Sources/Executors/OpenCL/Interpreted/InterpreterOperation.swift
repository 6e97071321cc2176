import WeftIR

/// What an instruction of the interpreter does to registers, which hold an element's bits each.
enum InterpreterOperation: Hashable, Sendable {
  /// Ends the kernel.
  case end
  /// d = a.
  case move
  /// Goes on at the number.
  case jump
  /// Goes on at the number where a is 0, or a is not less than b.
  case jumpIfZero, jumpUnlessLess
  /// d = a + the number.
  case advance
  /// d = the work-group's number, or how many there are.
  case group, groups
  /// As many lanes as the number, from register d on, = a.
  case fill
  /// d = lane a & b, b as it stands there, of those from register number on; and that lane = d.
  case getLane, putLane
  /// d = the element of buffer b at a, of so many bytes; a bool becomes 0 or 1.
  case load(bytes: Int), loadBool
  /// The element of buffer b at a, of so many bytes, = d.
  case store(bytes: Int)
  /// d = word a of those of the code from the number on.
  case table
  /// d = a ? b : c.
  case select
  /// d = an operation on a, b and c, which have a dtype.
  case primitive(Primitive, DType)
  /// d = a, which has a dtype, in another.
  case convert(DType, DType)

  /// All that there are, in the order of their numbers.
  static let all: [InterpreterOperation] =
    [
      .end, .move, .jump, .jumpIfZero, .jumpUnlessLess, .advance, .group, .groups, .fill, .getLane,
      .putLane, .loadBool, .table, .select,
    ] + [1, 2, 4, 8].flatMap { [.load(bytes: $0), .store(bytes: $0)] } + primitives + conversions

  /// The number of each.
  static let numbers = Dictionary(uniqueKeysWithValues: zip(all, all.indices))

  private static let integers: [DType] = [
    .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64,
  ]
  private static let computing = [.bool] + integers + [.float32, .float64]

  private static let primitives: [InterpreterOperation] = computing.flatMap { dtype in
    Primitive.allCases.filter { has($0, dtype) }.map { .primitive($0, dtype) }
  }

  private static func has(_ primitive: Primitive, _ dtype: DType) -> Bool {
    if primitive.isComparison { return true }
    switch primitive {
    case .select: return false
    case .and, .or, .xor: return !dtype.isFloat
    case .fma, .sqrt, .copysign, .floor, .ceil, .trunc, .rint: return dtype.isFloat
    case .rest, .shiftLeft, .shiftRight, .countOnes: return integers.contains(dtype)
    case .multiplyHigh: return dtype == .uint32 || dtype == .uint64
    default: return dtype != .bool
    }
  }

  private static let conversions: [InterpreterOperation] =
    computing.flatMap { from in
      computing.filter { $0 != from }.map { .convert(from, $0) }
    }
    + [DType.float16, .bfloat16].flatMap { half in
      [.convert(half, .float32), .convert(.float32, half)]
    }
}
