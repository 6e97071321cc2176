import WeftIR

/// A set of dtypes.
public struct DTypeSet: OptionSet, Sendable {
  /// Bit i stands for the dtype of raw value i.
  public let rawValue: UInt32
  /// A set from its bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The dtypes for which a test holds.
  public init(where test: (DType) -> Bool) {
    rawValue = DType.allCases.reduce(0) { test($1) ? $0 | 1 << UInt32($1.rawValue) : $0 }
  }

  /// Every dtype.
  public static let all = DTypeSet { _ in true }
  /// Signed and unsigned integers, and bool.
  public static let integral = DTypeSet { !$0.isInexact }
  /// Signed and unsigned integers.
  public static let integers = DTypeSet { $0.isInteger }
  /// Real floats.
  public static let floats = DTypeSet { $0.isFloat }
  /// Those with negative numbers.
  public static let signed = DTypeSet { $0.kind >= .signed }
  /// All but complex.
  public static let reals = DTypeSet { !$0.isComplex }
  /// Complex.
  public static let complexes = DTypeSet { $0.isComplex }
  /// bool alone.
  public static let bools = DTypeSet { $0 == .bool }

  /// Whether the set holds a dtype.
  public func contains(_ dtype: DType) -> Bool { rawValue >> UInt32(dtype.rawValue) & 1 != 0 }
}
