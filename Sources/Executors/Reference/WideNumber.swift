/// A type that sums and products of elements are computed in, wider than what is stored.
protocol WideNumber: BitwiseCopyable, Sendable {
  static var zero: Self { get }
  static var one: Self { get }
  /// The zero that changes no number: -0.0 for floats.
  static var neutralZero: Self { get }
  func plus(_ other: Self) -> Self
  func times(_ other: Self) -> Self
  /// What rounding lost when `total` was computed from `a` and `b`.
  static func lost(_ total: Self, _ a: Self, _ b: Self) -> Self
  /// A sum with what rounding lost on the way.
  func corrected(by error: Self) -> Self
}

/// A running sum that keeps what rounding loses.
///
/// - Accuracy: about one rounding plus n * eps^2 * sum of magnitudes.
/// - Source: two-sum as in Knuth, TAOCP 2, 4.2.2; the cascade as in Ogita, Rump, Oishi 2005.
struct CompensatedSum<W: WideNumber> {
  var sum: W
  var error = W.zero

  init(_ start: W = .zero) { sum = start }

  @inline(__always)
  mutating func add(_ value: W) {
    let total = sum.plus(value)
    error = error.plus(W.lost(total, sum, value))
    sum = total
  }

  var value: W { sum.corrected(by: error) }
}

extension Double: WideNumber {
  static var one: Double { 1 }
  static var neutralZero: Double { -0.0 }
  @inline(__always) func plus(_ other: Double) -> Double { self + other }
  @inline(__always) func times(_ other: Double) -> Double { self * other }

  @inline(__always)
  static func lost(_ total: Double, _ a: Double, _ b: Double) -> Double {
    let other = total - a
    return (a - (total - other)) + (b - other)
  }

  /// An infinite or NaN sum says all there is; its error is NaN.
  func corrected(by error: Double) -> Double {
    error == 0 || !isFinite ? self : self + error
  }
}

/// An integer modulo 2^64; its low bits are those of the sum in any narrower type.
struct WrappingInteger: WideNumber {
  var bits: UInt64

  static var zero: WrappingInteger { WrappingInteger(bits: 0) }
  static var one: WrappingInteger { WrappingInteger(bits: 1) }
  static var neutralZero: WrappingInteger { zero }

  @inline(__always)
  func plus(_ other: WrappingInteger) -> WrappingInteger {
    WrappingInteger(bits: bits &+ other.bits)
  }

  @inline(__always)
  func times(_ other: WrappingInteger) -> WrappingInteger {
    WrappingInteger(bits: bits &* other.bits)
  }

  @inline(__always)
  static func lost(_: WrappingInteger, _: WrappingInteger, _: WrappingInteger) -> WrappingInteger {
    zero
  }

  func corrected(by error: WrappingInteger) -> WrappingInteger { self }
}

/// A bool: sums are logical or, products logical and.
struct Truth: WideNumber {
  var byte: UInt8

  @inline(__always) var isTrue: Bool { byte != 0 }

  static var zero: Truth { Truth(byte: 0) }
  static var one: Truth { Truth(byte: 1) }
  static var neutralZero: Truth { zero }
  @inline(__always) func plus(_ other: Truth) -> Truth { Truth(byte: byte | other.byte) }

  /// Multiplies so that bytes other than 1 count as true.
  @inline(__always)
  func times(_ other: Truth) -> Truth { Truth(byte: isTrue && other.isTrue ? 1 : 0) }

  static func lost(_: Truth, _: Truth, _: Truth) -> Truth { zero }
  func corrected(by error: Truth) -> Truth { isTrue ? .one : .zero }
}

/// A complex number as it is stored: real part, imaginary part.
struct ComplexPair<Part: BinaryFloatingPoint & BitwiseCopyable & Sendable>: BitwiseCopyable,
  Sendable
{
  var re: Part
  var im: Part
}

extension ComplexPair: WideNumber where Part == Double {
  static var zero: ComplexPair { ComplexPair(re: 0, im: 0) }
  static var one: ComplexPair { ComplexPair(re: 1, im: 0) }
  static var neutralZero: ComplexPair { ComplexPair(re: -0.0, im: -0.0) }

  @inline(__always)
  func plus(_ other: ComplexPair) -> ComplexPair {
    ComplexPair(re: re + other.re, im: im + other.im)
  }

  @inline(__always)
  func times(_ other: ComplexPair) -> ComplexPair {
    ComplexPair(re: re * other.re - im * other.im, im: re * other.im + im * other.re)
  }

  @inline(__always)
  static func lost(_ total: ComplexPair, _ a: ComplexPair, _ b: ComplexPair) -> ComplexPair {
    ComplexPair(re: Double.lost(total.re, a.re, b.re), im: Double.lost(total.im, a.im, b.im))
  }

  func corrected(by error: ComplexPair) -> ComplexPair {
    ComplexPair(re: re.corrected(by: error.re), im: im.corrected(by: error.im))
  }
}
