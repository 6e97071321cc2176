/// An operation that every device has: what all scalar functions come down to.
///
/// Floats follow IEEE 754 with rounding to nearest, each operation rounded by itself; integers wrap.
public enum Primitive: String, Hashable, Sendable, CaseIterable {
  /// Arithmetic on two operands of one dtype. Division of integers truncates; by zero, and of the
  /// least integer by -1, it is undefined, and callers select another divisor first.
  case add, subtract, multiply, divide
  /// The rest of a truncating division of integers, with the limits of `divide`.
  case rest
  /// a * b + c with one rounding; floats.
  case fma
  /// -a; of floats the sign bit flips.
  case negate
  /// |a|; of floats the sign bit clears.
  case abs
  /// The correctly rounded square root; floats.
  case sqrt
  /// The first operand's magnitude with the second's sign; floats.
  case copysign
  /// Rounding to an integer in the same float dtype; `rint` takes ties to even.
  case floor, ceil, trunc, rint
  /// Comparisons; with NaN only `notEqual` is true.
  case equal, notEqual, less, lessEqual, greater, greaterEqual
  /// Bits of integers and of bool.
  case and, or, xor
  /// Shifts by 0 up to the width less one; `shiftRight` fills with the sign of signed dtypes.
  case shiftLeft, shiftRight
  /// The number of set bits; integers.
  case countOnes
  /// The upper half of the product of two `uint32` or `uint64`.
  case multiplyHigh
  /// The second operand where the first, a bool, is true, else the third.
  case select

  /// The number of operands.
  public var arity: Int {
    switch self {
    case .negate, .abs, .sqrt, .floor, .ceil, .trunc, .rint, .countOnes: 1
    case .fma, .select: 3
    default: 2
    }
  }

  /// Whether the result is a bool.
  public var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual: true
    default: false
    }
  }
}
