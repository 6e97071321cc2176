/// The element type of an array.
///
/// `float16` and `bfloat16` store and convert; arithmetic on them is done in `float32` and rounded.
public enum DType: UInt8, Hashable, Sendable, CaseIterable {
  /// Truth, a byte with 0 or 1.
  case bool
  /// Signed integers of 8 to 64 bits, which wrap.
  case int8, int16, int32, int64
  /// Unsigned integers of 8 to 64 bits, which wrap.
  case uint8, uint16, uint32, uint64
  /// IEEE 754 floats of 16, 32 and 64 bits, and the upper half of a float32.
  case float16, bfloat16, float32, float64
  /// Two floats of 32 or 64 bits.
  case complex64, complex128

  /// What an element is, without its width.
  public enum Kind: UInt8, Comparable, Sendable {
    /// The kinds, from narrow to wide.
    case bool, unsigned, signed, float, complex

    /// Whether `a` comes before `b` in the order of the cases.
    public static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
  }
}

extension DType {
  /// The name as NumPy and the IR text write it, such as `float64`.
  public var name: String { Self.names[Int(rawValue)] }

  /// The dtype with a name, or nil.
  public init?(name: some StringProtocol) {
    guard let index = Self.names.firstIndex(where: { $0 == name }) else { return nil }
    self = Self.allCases[index]
  }

  private static let names = [
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float16", "bfloat16", "float32", "float64", "complex64", "complex128",
  ]

  /// The size of one element in bytes.
  public var itemSize: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64, .complex64: 8
    case .complex128: 16
    }
  }

  /// What an element is, without its width.
  public var kind: Kind {
    switch self {
    case .bool: .bool
    case .int8, .int16, .int32, .int64: .signed
    case .uint8, .uint16, .uint32, .uint64: .unsigned
    case .float16, .bfloat16, .float32, .float64: .float
    case .complex64, .complex128: .complex
    }
  }

  /// Whether elements are signed or unsigned integers (bool is not).
  public var isInteger: Bool { kind == .signed || kind == .unsigned }
  /// Whether elements are real floating-point numbers.
  public var isFloat: Bool { kind == .float }
  /// Whether elements are complex numbers.
  public var isComplex: Bool { kind == .complex }
  /// Whether elements are real or complex floating-point numbers.
  public var isInexact: Bool { kind >= .float }

  /// The dtype of the real and imaginary parts; the dtype itself when it is not complex.
  public var realPart: DType {
    switch self {
    case .complex64: .float32
    case .complex128: .float64
    default: self
    }
  }

  /// The complex dtype that holds this one; integers give `complex128`.
  public var complexCounterpart: DType {
    switch self {
    case .float16, .bfloat16, .float32, .complex64: .complex64
    default: .complex128
    }
  }

  /// The float dtype that functions like `sin` compute in: NumPy's rule by width.
  ///
  /// bool, int8 and uint8 give float16; 16-bit integers float32; wider integers float64.
  public var floatCounterpart: DType {
    switch self {
    case .bool, .int8, .uint8: .float16
    case .int16, .uint16: .float32
    case .int32, .int64, .uint32, .uint64: .float64
    default: self
    }
  }

  /// The bits of an integer, or of a float's storage.
  public var bitWidth: Int { itemSize * 8 }

  /// The least and greatest value of an integer dtype, as the two's complement of 64 bits.
  public var integerRange: (min: Int64, max: UInt64)? {
    switch kind {
    case .signed: (Int64.min >> Int64(64 - bitWidth), UInt64(Int64.max >> Int64(64 - bitWidth)))
    case .unsigned: (0, UInt64.max >> UInt64(64 - bitWidth))
    case .bool: (0, 1)
    default: nil
    }
  }
}

extension DType: CustomStringConvertible {
  /// The name.
  public var description: String { name }
}
