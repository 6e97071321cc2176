import WeftIR

/// A Swift number that takes part in array arithmetic as a weak scalar.
public protocol ScalarValue: Sendable {
  /// The value with the dtype that it has when no array decides.
  var scalar: Scalar { get }
  /// The kind that promotion goes by.
  static var weakKind: WeakKind { get }
}

extension Bool: ScalarValue {
  /// The truth value.
  public var scalar: Scalar { Scalar(self) }
  /// bool.
  public static var weakKind: WeakKind { .bool }
}

extension ScalarValue where Self: FixedWidthInteger {
  /// The integer as int64, or as uint64 when it does not fit.
  public var scalar: Scalar {
    if let value = Int64(exactly: self) { return Scalar(value, .int64) }
    return Scalar(UInt64(truncatingIfNeeded: self), .uint64)
  }
  /// integer.
  public static var weakKind: WeakKind { .integer }
}

extension Int: ScalarValue {}
extension Int8: ScalarValue {}
extension Int16: ScalarValue {}
extension Int32: ScalarValue {}
extension Int64: ScalarValue {}
extension UInt: ScalarValue {}
extension UInt8: ScalarValue {}
extension UInt16: ScalarValue {}
extension UInt32: ScalarValue {}
extension UInt64: ScalarValue {}

extension ScalarValue where Self: BinaryFloatingPoint {
  /// The value as float64.
  public var scalar: Scalar { Scalar(Double(self), .float64) }
  /// float.
  public static var weakKind: WeakKind { .float }
}

extension Double: ScalarValue {}
extension Float: ScalarValue {}

/// A complex number, for scalars and for elements that come out of arrays.
///
/// ```swift
/// let z = NDArray([Complex(1.0, 2.0), Complex(3.0, -4.0)])
/// z * z  // [-3. +4.j -7.-24.j]
/// abs(z)  // [2.23606798 5.        ]
/// ```
public struct Complex<Part: BinaryFloatingPoint & Sendable>: Hashable, Sendable {
  /// The real part.
  public var real: Part
  /// The imaginary part.
  public var imaginary: Part

  /// A complex number from its parts.
  public init(_ real: Part, _ imaginary: Part) {
    self.real = real
    self.imaginary = imaginary
  }
}

extension Complex: ScalarValue {
  /// The value as complex128.
  public var scalar: Scalar { Scalar(Double(real), Double(imaginary), .complex128) }
  /// complex.
  public static var weakKind: WeakKind { .complex }
}

extension NDArray {
  /// A weak scalar: its kind decides in promotion, its width does not.
  ///
  /// - Shape: `[]`.
  /// - DType: int64, float64, complex128 or bool on its own; beside an array that array's, where
  ///   its kind allows.
  /// - Throws: from `compute()`: `out-of-range` for an integer that the array's dtype does not
  ///   hold.
  /// - NumPy: a Python number in an expression (NEP 50).
  ///
  /// ```swift
  /// let small = ones([2], dtype: .int8)
  /// (small + NDArray(scalar: 5)).type  // int8[2]
  /// (small + NDArray(scalar: 0.5)).type  // float64[2]
  /// small + NDArray(scalar: 300)
  /// // error: add: the integer 300 is out of range for int8 [out-of-range]
  /// ```
  public init(scalar value: some ScalarValue) {
    self.init(weak: value.scalar, Swift.type(of: value).weakKind)
  }

  init(weak scalar: Scalar, _ kind: WeakKind, site: SourceSite = .none) {
    self.init(
      Expr(.constant(scalar), .none, type: TensorType(scalar.dtype, .scalar), site: site),
      weak: kind)
  }
}

extension NDArray: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral
{
  /// A weak integer.
  public init(integerLiteral value: Int) { self.init(scalar: value) }
  /// A weak float.
  public init(floatLiteral value: Double) { self.init(scalar: value) }
  /// A weak truth value.
  public init(booleanLiteral value: Bool) { self.init(scalar: value) }
}

/// A Swift type whose values are stored as elements of a dtype.
public protocol ArrayElement: Sendable {
  /// The dtype with the same storage.
  static var dtype: DType { get }
}

extension Bool: ArrayElement {
  /// bool.
  public static var dtype: DType { .bool }
}
extension Int: ArrayElement {
  /// int64.
  public static var dtype: DType { .int64 }
}
extension Int8: ArrayElement {
  /// int8.
  public static var dtype: DType { .int8 }
}
extension Int16: ArrayElement {
  /// int16.
  public static var dtype: DType { .int16 }
}
extension Int32: ArrayElement {
  /// int32.
  public static var dtype: DType { .int32 }
}
extension Int64: ArrayElement {
  /// int64.
  public static var dtype: DType { .int64 }
}
extension UInt: ArrayElement {
  /// uint64.
  public static var dtype: DType { .uint64 }
}
extension UInt8: ArrayElement {
  /// uint8.
  public static var dtype: DType { .uint8 }
}
extension UInt16: ArrayElement {
  /// uint16.
  public static var dtype: DType { .uint16 }
}
extension UInt32: ArrayElement {
  /// uint32.
  public static var dtype: DType { .uint32 }
}
extension UInt64: ArrayElement {
  /// uint64.
  public static var dtype: DType { .uint64 }
}
extension Float: ArrayElement {
  /// float32.
  public static var dtype: DType { .float32 }
}
extension Double: ArrayElement {
  /// float64.
  public static var dtype: DType { .float64 }
}
#if !(os(macOS) && arch(x86_64))
  extension Float16: ArrayElement {
    /// float16.
    public static var dtype: DType { .float16 }
  }
#endif
extension Complex: ArrayElement where Part: ComplexPart {
  /// complex64 or complex128.
  public static var dtype: DType { Part.dtype.complexCounterpart }
}

/// A part of a complex element: `Float` or `Double`.
public protocol ComplexPart: ArrayElement {}
extension Float: ComplexPart {}
extension Double: ComplexPart {}
