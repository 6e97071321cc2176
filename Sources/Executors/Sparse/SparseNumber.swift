import WeftIR

/// Elements that kernels over entries add and multiply, as NumPy's products do.
protocol SparseNumber: BitwiseCopyable, Sendable {
  /// The sum of nothing.
  static var none: Self { get }
  static func sum(_ a: Self, _ b: Self) -> Self
  static func product(_ a: Self, _ b: Self) -> Self
}

extension SparseNumber where Self: FixedWidthInteger {
  static var none: Self { 0 }
  @inline(__always) static func sum(_ a: Self, _ b: Self) -> Self { a &+ b }
  @inline(__always) static func product(_ a: Self, _ b: Self) -> Self { a &* b }
}

extension SparseNumber where Self: FloatingPoint {
  static var none: Self { 0 }
  @inline(__always) static func sum(_ a: Self, _ b: Self) -> Self { a + b }
  @inline(__always) static func product(_ a: Self, _ b: Self) -> Self { a * b }
}

extension UInt8: SparseNumber {}
extension UInt16: SparseNumber {}
extension UInt32: SparseNumber {}
extension UInt64: SparseNumber {}
extension Float: SparseNumber {}
extension Double: SparseNumber {}

/// Truth: sums are "or", products "and".
struct SparseTruth: SparseNumber {
  var byte: UInt8
  static var none: SparseTruth { SparseTruth(byte: 0) }
  static func sum(_ a: Self, _ b: Self) -> Self { SparseTruth(byte: a.byte | b.byte) }
  static func product(_ a: Self, _ b: Self) -> Self { SparseTruth(byte: a.byte & b.byte) }
}

/// A complex number.
struct SparsePair<Part: SparseNumber & FloatingPoint>: SparseNumber {
  var re: Part
  var im: Part
  static var none: Self { SparsePair(re: 0, im: 0) }
  @inline(__always)
  static func sum(_ a: Self, _ b: Self) -> Self { SparsePair(re: a.re + b.re, im: a.im + b.im) }
  @inline(__always)
  static func product(_ a: Self, _ b: Self) -> Self {
    SparsePair(re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re)
  }
}

/// What runs for one type of elements, of indices or of both.
protocol SparseNumberBody {
  associatedtype Result
  func run<Element: SparseNumber>(_: Element.Type) throws -> Result
}

/// Runs a body for the elements of a dtype; signs do not matter to wrapping sums and products.
///
/// - Precondition: the dtype is not a float of 16 bits, whose products need a wider one.
func withSparseNumber<Body: SparseNumberBody>(
  _ dtype: DType, _ body: Body
) throws -> Body.Result {
  switch dtype {
  case .bool: try body.run(SparseTruth.self)
  case .int8, .uint8: try body.run(UInt8.self)
  case .int16, .uint16: try body.run(UInt16.self)
  case .int32, .uint32: try body.run(UInt32.self)
  case .int64, .uint64: try body.run(UInt64.self)
  case .float32: try body.run(Float.self)
  case .float64: try body.run(Double.self)
  case .complex64: try body.run(SparsePair<Float>.self)
  case .complex128: try body.run(SparsePair<Double>.self)
  case .float16, .bfloat16: preconditionFailure("products of \(dtype) are stored densely")
  }
}
