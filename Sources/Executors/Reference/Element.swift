import WeftIR

/// An element as it is stored in a buffer.
protocol Element: BitwiseCopyable, Sendable {
  /// What sums and products are computed in.
  associatedtype Wide: WideNumber
  var wide: Wide { get }
  /// Rounds or wraps to the stored width.
  init(narrowing wide: Wide)

  /// 0 for numbers, more for NaN: sorting puts greater ranks last.
  var rankOfNaN: Int { get }
  /// Whether `self` sorts before another element of the same rank.
  func precedes(_ other: Self) -> Bool

  /// An element that no other exceeds from below.
  static var lowest: Self { get }
  /// An element that no other exceeds from above.
  static var highest: Self { get }

  /// The function with the same meaning on stored elements, for functions that are simple enough.
  static func unary(_ f: ScalarFunction) -> ((Self) -> Self)?
  static func binary(_ f: ScalarFunction) -> ((Self, Self) -> Self)?
  static func comparison(_ f: ScalarFunction) -> ((Self, Self) -> Bool)?
}

extension Element {
  static func unary(_ f: ScalarFunction) -> ((Self) -> Self)? { nil }
  static func binary(_ f: ScalarFunction) -> ((Self, Self) -> Self)? { nil }
  static func comparison(_ f: ScalarFunction) -> ((Self, Self) -> Bool)? { nil }

  /// The greater, NaN if either is; the first of equals.
  @inline(__always)
  static func greater(_ a: Self, _ b: Self) -> Self {
    if a.rankOfNaN > 0 { return a }
    if b.rankOfNaN > 0 { return b }
    return a.precedes(b) ? b : a
  }

  /// The lesser, NaN if either is; the first of equals.
  @inline(__always)
  static func lesser(_ a: Self, _ b: Self) -> Self {
    if a.rankOfNaN > 0 { return a }
    if b.rankOfNaN > 0 { return b }
    return b.precedes(a) ? b : a
  }
}

extension UnsafeRawPointer {
  /// The element at a byte offset.
  @inline(__always)
  func element<E: Element>(_ offset: Int, as type: E.Type = E.self) -> E {
    loadUnaligned(fromByteOffset: offset, as: E.self)
  }
}

/// Something to do with the stored type of a dtype's elements.
protocol ElementVisitor {
  associatedtype Result
  func visit<E: Element>(_ type: E.Type) throws -> Result
}

extension DType {
  /// Calls the visitor with the stored type of the dtype's elements.
  func visit<V: ElementVisitor>(_ visitor: V) throws -> V.Result {
    switch self {
    case .bool: try visitor.visit(Truth.self)
    case .int8: try visitor.visit(Int8.self)
    case .int16: try visitor.visit(Int16.self)
    case .int32: try visitor.visit(Int32.self)
    case .int64: try visitor.visit(Int64.self)
    case .uint8: try visitor.visit(UInt8.self)
    case .uint16: try visitor.visit(UInt16.self)
    case .uint32: try visitor.visit(UInt32.self)
    case .uint64: try visitor.visit(UInt64.self)
    case .float16: try visitor.visit(Float16.self)
    case .bfloat16: try visitor.visit(StoredBFloat16.self)
    case .float32: try visitor.visit(Float.self)
    case .float64: try visitor.visit(Double.self)
    case .complex64: try visitor.visit(ComplexPair<Float>.self)
    case .complex128: try visitor.visit(ComplexPair<Double>.self)
    }
  }
}

// MARK: - Stored types

extension Truth: Element {
  var wide: Truth { isTrue ? .one : .zero }
  init(narrowing wide: Truth) { self = wide }
  var rankOfNaN: Int { 0 }
  func precedes(_ other: Truth) -> Bool { !isTrue && other.isTrue }
  static var lowest: Truth { .zero }
  static var highest: Truth { .one }
}

extension Element where Self: FixedWidthInteger {
  @inline(__always)
  var wide: WrappingInteger { WrappingInteger(bits: UInt64(truncatingIfNeeded: self)) }
  @inline(__always)
  init(narrowing wide: WrappingInteger) { self.init(truncatingIfNeeded: wide.bits) }
  @inline(__always) var rankOfNaN: Int { 0 }
  @inline(__always) func precedes(_ other: Self) -> Bool { self < other }
  static var lowest: Self { .min }
  static var highest: Self { .max }

  static func unary(_ f: ScalarFunction) -> ((Self) -> Self)? {
    f === ScalarFunction.negative ? { 0 &- $0 } : nil
  }

  static func binary(_ f: ScalarFunction) -> ((Self, Self) -> Self)? {
    if f === ScalarFunction.add { return { $0 &+ $1 } }
    if f === ScalarFunction.subtract { return { $0 &- $1 } }
    if f === ScalarFunction.multiply { return { $0 &* $1 } }
    if f === ScalarFunction.maximum { return { Swift.max($0, $1) } }
    if f === ScalarFunction.minimum { return { Swift.min($0, $1) } }
    return nil
  }

  static func comparison(_ f: ScalarFunction) -> ((Self, Self) -> Bool)? { compare(f) }
}

extension Element where Self: Comparable {
  fileprivate static func compare(_ f: ScalarFunction) -> ((Self, Self) -> Bool)? {
    if f === ScalarFunction.equal { return { $0 == $1 } }
    if f === ScalarFunction.notEqual { return { $0 != $1 } }
    if f === ScalarFunction.less { return { $0 < $1 } }
    if f === ScalarFunction.lessEqual { return { $0 <= $1 } }
    if f === ScalarFunction.greater { return { $0 > $1 } }
    if f === ScalarFunction.greaterEqual { return { $0 >= $1 } }
    return nil
  }
}

extension Int8: Element {}
extension Int16: Element {}
extension Int32: Element {}
extension Int64: Element {}
extension UInt8: Element {}
extension UInt16: Element {}
extension UInt32: Element {}
extension UInt64: Element {}

extension Element where Self: BinaryFloatingPoint {
  @inline(__always) var rankOfNaN: Int { isNaN ? 1 : 0 }
  @inline(__always) func precedes(_ other: Self) -> Bool { self < other }
  static var lowest: Self { -.infinity }
  static var highest: Self { .infinity }

  /// Basic operations of IEEE 754 give the same bits in the stored width as in float64 rounded
  /// once: 53 bits are more than twice 24 and two.
  static func unary(_ f: ScalarFunction) -> ((Self) -> Self)? {
    if f === ScalarFunction.negative { return { -$0 } }
    if f === ScalarFunction.abs { return { $0.magnitude } }
    if f === ScalarFunction.sqrt { return { $0.squareRoot() } }
    return nil
  }

  static func binary(_ f: ScalarFunction) -> ((Self, Self) -> Self)? {
    if f === ScalarFunction.add { return { $0 + $1 } }
    if f === ScalarFunction.subtract { return { $0 - $1 } }
    if f === ScalarFunction.multiply { return { $0 * $1 } }
    if f === ScalarFunction.divide { return { $0 / $1 } }
    if f === ScalarFunction.maximum { return { greater($0, $1) } }
    if f === ScalarFunction.minimum { return { lesser($0, $1) } }
    return nil
  }

  static func comparison(_ f: ScalarFunction) -> ((Self, Self) -> Bool)? { compare(f) }
}

extension Float16: Element {
  var wide: Double { Double(self) }
  init(narrowing wide: Double) { self.init(wide) }
}

extension Float: Element {
  @inline(__always) var wide: Double { Double(self) }
  @inline(__always) init(narrowing wide: Double) { self.init(wide) }
}

extension Double: Element {
  @inline(__always) var wide: Double { self }
  @inline(__always) init(narrowing wide: Double) { self = wide }
}

/// The upper half of a float32.
struct StoredBFloat16: Element {
  var bits: UInt16

  var wide: Double { BFloat16.value(bits) }
  init(narrowing wide: Double) { bits = BFloat16.bits(wide) }
  private init(bits: UInt16) { self.bits = bits }
  var rankOfNaN: Int { wide.isNaN ? 1 : 0 }
  func precedes(_ other: StoredBFloat16) -> Bool { wide < other.wide }
  static var lowest: StoredBFloat16 { StoredBFloat16(bits: 0xFF80) }
  static var highest: StoredBFloat16 { StoredBFloat16(bits: 0x7F80) }
}

extension ComplexPair: Element {
  var wide: ComplexPair<Double> { ComplexPair<Double>(re: Double(re), im: Double(im)) }
  init(narrowing wide: ComplexPair<Double>) { self.init(re: Part(wide.re), im: Part(wide.im)) }

  /// NumPy's order: numbers, NaN imaginary parts, NaN real parts, both.
  var rankOfNaN: Int { (re.isNaN ? 2 : 0) + (im.isNaN ? 1 : 0) }

  /// Lexicographic; parts that are NaN in both do not count.
  func precedes(_ other: ComplexPair) -> Bool {
    re < other.re || (re == other.re || re.isNaN) && im < other.im
  }

  static var lowest: ComplexPair { ComplexPair(re: -.infinity, im: -.infinity) }
  static var highest: ComplexPair { ComplexPair(re: .infinity, im: .infinity) }
}
