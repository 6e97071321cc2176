/// One element of a dtype.
///
/// Two scalars are equal when dtype and bits are: NaN equals itself and 0.0 differs from -0.0.
public struct Scalar: Hashable, Sendable {
  /// The element type.
  public let dtype: DType
  /// The integer's bits (sign-extended), or the bits of the float64 value or real part.
  let low: UInt64
  /// The bits of the imaginary part.
  let high: UInt64

  init(dtype: DType, low: UInt64, high: UInt64 = 0) {
    self.dtype = dtype
    self.low = low
    self.high = high
  }

  /// A word that equal scalars share.
  var word: UInt32 {
    UInt32(dtype.rawValue).mixed(
      with: UInt32(truncatingIfNeeded: low ^ low >> 32 ^ high ^ high >> 29))
  }

  /// A truth value.
  public init(_ value: Bool) { self.init(dtype: .bool, low: value ? 1 : 0) }

  /// An integer; wraps to the dtype's width, rounds for float dtypes.
  public init(_ value: Int64, _ dtype: DType) {
    switch dtype.kind {
    case .bool: self.init(dtype: dtype, low: value != 0 ? 1 : 0)
    case .signed, .unsigned: self.init(wrapping: UInt64(bitPattern: value), dtype)
    case .float: self.init(dtype: dtype, low: Self.round(value, dtype).bitPattern)
    case .complex:
      self.init(dtype: dtype, low: Self.round(value, dtype.realPart).bitPattern)
    }
  }

  /// An unsigned integer; wraps to the dtype's width, rounds for float dtypes.
  public init(_ value: UInt64, _ dtype: DType) {
    switch dtype.kind {
    case .bool: self.init(dtype: dtype, low: value != 0 ? 1 : 0)
    case .signed, .unsigned: self.init(wrapping: value, dtype)
    case .float: self.init(dtype: dtype, low: Self.round(value, dtype).bitPattern)
    case .complex:
      self.init(dtype: dtype, low: Self.round(value, dtype.realPart).bitPattern)
    }
  }

  /// A real number; rounds to a float dtype, truncates as a C cast for an integer dtype.
  public init(_ value: Double, _ dtype: DType) {
    switch dtype.kind {
    case .bool: self.init(dtype: dtype, low: value != 0 ? 1 : 0)
    case .signed, .unsigned: self.init(wrapping: Self.truncated(value, dtype), dtype)
    case .float: self.init(dtype: dtype, low: Self.round(value, dtype).bitPattern)
    case .complex:
      self.init(dtype: dtype, low: Self.round(value, dtype.realPart).bitPattern)
    }
  }

  /// A complex number; a real dtype drops the imaginary part.
  public init(_ re: Double, _ im: Double, _ dtype: DType) {
    guard dtype.isComplex else {
      if dtype == .bool {
        self.init(re != 0 || im != 0)
      } else {
        self.init(re, dtype)
      }
      return
    }
    self.init(
      dtype: dtype, low: Self.round(re, dtype.realPart).bitPattern,
      high: Self.round(im, dtype.realPart).bitPattern)
  }

  /// An integer of a width from 64 bits: the low ones count.
  private init(wrapping bits: UInt64, _ dtype: DType) {
    let shift = UInt64(64 - dtype.bitWidth)
    if dtype.kind == .signed {
      self.init(
        dtype: dtype, low: UInt64(bitPattern: Int64(bitPattern: bits << shift) >> Int64(shift)))
    } else {
      self.init(dtype: dtype, low: (bits << shift) >> shift)
    }
  }
}

extension Scalar {
  /// The truth of the value: whether it differs from zero (NaN does).
  public var boolValue: Bool {
    switch dtype.kind {
    case .bool, .signed, .unsigned: low != 0
    case .float: doubleValue != 0
    case .complex: doubleValue != 0 || imaginary != 0
    }
  }

  /// The value as a signed integer; floats truncate.
  public var intValue: Int64 {
    switch dtype.kind {
    case .bool, .signed, .unsigned: Int64(bitPattern: low)
    case .float, .complex: Int64(bitPattern: Self.truncated(doubleValue, .int64))
    }
  }

  /// The value as an unsigned integer; floats truncate.
  public var uintValue: UInt64 {
    switch dtype.kind {
    case .bool, .signed, .unsigned: low
    case .float, .complex: Self.truncated(doubleValue, .uint64)
    }
  }

  /// The value, or its real part, as float64; integers round to nearest.
  public var doubleValue: Double {
    switch dtype.kind {
    case .bool, .unsigned: Double(low)
    case .signed: Double(Int64(bitPattern: low))
    case .float, .complex: Double(bitPattern: low)
    }
  }

  /// The imaginary part; 0 for real dtypes.
  public var imaginary: Double { dtype.isComplex ? Double(bitPattern: high) : 0 }

  /// The value in another dtype, as NumPy's `astype` converts on x86-64.
  public func converted(to target: DType) -> Scalar {
    if target == dtype { return self }
    switch dtype.kind {
    case .bool, .unsigned: return Scalar(low, target)
    case .signed: return Scalar(Int64(bitPattern: low), target)
    case .float: return Scalar(doubleValue, target)
    case .complex: return Scalar(doubleValue, imaginary, target)
    }
  }

  /// A float64 rounded once to a float dtype.
  public static func round(_ value: Double, _ dtype: DType) -> Double {
    switch dtype {
    case .float16: Double(Float16(value))
    case .bfloat16: BFloat16.round(value)
    case .float32: Double(Float(value))
    default: value
    }
  }

  static func round(_ value: Int64, _ dtype: DType) -> Double {
    switch dtype {
    case .float16: Double(Float16(value))
    case .bfloat16: BFloat16.round(Double(value))
    case .float32: Double(Float(value))
    default: Double(value)
    }
  }

  static func round(_ value: UInt64, _ dtype: DType) -> Double {
    switch dtype {
    case .float16: Double(Float16(value))
    case .bfloat16: BFloat16.round(Double(value))
    case .float32: Double(Float(value))
    default: Double(value)
    }
  }

  /// A C cast to an integer as x86-64 does it: out of range gives the least value of the register.
  ///
  /// Narrow integers go through int32, uint32 through int64, as compilers emit them.
  static func truncated(_ value: Double, _ dtype: DType) -> UInt64 {
    switch dtype {
    case .int64, .uint32:
      return UInt64(bitPattern: Int64(exactly: value.rounded(.towardZero)) ?? .min)
    case .uint64:
      if value >= 0x1p63 {
        let upper = Int64(exactly: (value - 0x1p63).rounded(.towardZero)) ?? .min
        return UInt64(bitPattern: upper ^ .min)
      }
      return UInt64(bitPattern: Int64(exactly: value.rounded(.towardZero)) ?? .min)
    default:
      return UInt64(bitPattern: Int64(Int32(exactly: value.rounded(.towardZero)) ?? .min))
    }
  }
}

/// bfloat16: the upper half of a float32.
public enum BFloat16 {
  /// The storage of a value, rounded to nearest even.
  ///
  /// Rounding to odd in float32 first makes the two roundings equal one.
  public static func bits(_ value: Double) -> UInt16 {
    if value.isNaN { return 0x7FC0 }
    var narrow = Float(value)
    if Double(narrow) != value, narrow.isFinite, narrow.bitPattern & 1 == 0 {
      narrow = Double(narrow) > value ? narrow.nextDown : narrow.nextUp
    }
    let bits = narrow.bitPattern
    return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
  }

  /// The value of stored bits.
  public static func value(_ bits: UInt16) -> Double {
    Double(Float(bitPattern: UInt32(bits) << 16))
  }

  static func round(_ value: Double) -> Double { Self.value(bits(value)) }
}

extension Scalar {
  /// Reads one element from memory.
  public init(_ dtype: DType, loading p: UnsafeRawPointer) {
    switch dtype {
    case .bool: self.init(p.loadUnaligned(as: UInt8.self) != 0)
    case .int8: self.init(Int64(p.loadUnaligned(as: Int8.self)), dtype)
    case .int16: self.init(Int64(p.loadUnaligned(as: Int16.self)), dtype)
    case .int32: self.init(Int64(p.loadUnaligned(as: Int32.self)), dtype)
    case .int64: self.init(p.loadUnaligned(as: Int64.self), dtype)
    case .uint8: self.init(UInt64(p.loadUnaligned(as: UInt8.self)), dtype)
    case .uint16: self.init(UInt64(p.loadUnaligned(as: UInt16.self)), dtype)
    case .uint32: self.init(UInt64(p.loadUnaligned(as: UInt32.self)), dtype)
    case .uint64: self.init(p.loadUnaligned(as: UInt64.self), dtype)
    case .float16: self.init(Double(p.loadUnaligned(as: Float16.self)), dtype)
    case .bfloat16: self.init(BFloat16.value(p.loadUnaligned(as: UInt16.self)), dtype)
    case .float32: self.init(Double(p.loadUnaligned(as: Float.self)), dtype)
    case .float64: self.init(p.loadUnaligned(as: Double.self), dtype)
    case .complex64:
      self.init(
        Double(p.loadUnaligned(as: Float.self)),
        Double(p.loadUnaligned(fromByteOffset: 4, as: Float.self)), dtype)
    case .complex128:
      self.init(
        p.loadUnaligned(as: Double.self), p.loadUnaligned(fromByteOffset: 8, as: Double.self),
        dtype)
    }
  }

  /// Writes the element to memory.
  public func store(to p: UnsafeMutableRawPointer) {
    switch dtype {
    case .bool, .int8, .uint8:
      p.storeBytes(of: UInt8(truncatingIfNeeded: low), as: UInt8.self)
    case .int16, .uint16: p.storeBytes(of: UInt16(truncatingIfNeeded: low), as: UInt16.self)
    case .int32, .uint32: p.storeBytes(of: UInt32(truncatingIfNeeded: low), as: UInt32.self)
    case .int64, .uint64: p.storeBytes(of: low, as: UInt64.self)
    case .float16: p.storeBytes(of: Float16(doubleValue), as: Float16.self)
    case .bfloat16: p.storeBytes(of: BFloat16.bits(doubleValue), as: UInt16.self)
    case .float32: p.storeBytes(of: Float(doubleValue), as: Float.self)
    case .float64: p.storeBytes(of: doubleValue, as: Double.self)
    case .complex64:
      p.storeBytes(of: Float(doubleValue), as: Float.self)
      p.storeBytes(of: Float(imaginary), toByteOffset: 4, as: Float.self)
    case .complex128:
      p.storeBytes(of: doubleValue, as: Double.self)
      p.storeBytes(of: imaginary, toByteOffset: 8, as: Double.self)
    }
  }
}

extension Scalar: CustomStringConvertible {
  /// The shortest text that reads back to the same value.
  public var description: String {
    switch dtype.kind {
    case .bool: low != 0 ? "true" : "false"
    case .signed: String(Int64(bitPattern: low))
    case .unsigned: String(low)
    case .float: Self.text(doubleValue, dtype)
    case .complex:
      "(\(Self.text(doubleValue, dtype.realPart)), \(Self.text(imaginary, dtype.realPart)))"
    }
  }

  private static func text(_ value: Double, _ dtype: DType) -> String {
    if value.isNaN { return "nan" }
    return switch dtype {
    case .float64: value.description
    case .float32: Float(value).description
    default: Float(value).description
    }
  }
}
