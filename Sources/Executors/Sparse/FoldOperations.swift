import WeftIR

/// What folds two elements; a type, so that loops are compiled for each.
protocol FoldOperation: SendableMetatype {
  associatedtype Element: BitwiseCopyable & Sendable
  static func folded(_ a: Element, _ b: Element) -> Element
}

enum WholeSum<Element: FixedWidthInteger & BitwiseCopyable & Sendable>: FoldOperation {
  static func folded(_ a: Element, _ b: Element) -> Element { a &+ b }
}
enum WholeProduct<Element: FixedWidthInteger & BitwiseCopyable & Sendable>: FoldOperation {
  static func folded(_ a: Element, _ b: Element) -> Element { a &* b }
}
enum WholeMaximum<Element: FixedWidthInteger & BitwiseCopyable & Sendable>: FoldOperation {
  static func folded(_ a: Element, _ b: Element) -> Element { Swift.max(a, b) }
}
enum WholeMinimum<Element: FixedWidthInteger & BitwiseCopyable & Sendable>: FoldOperation {
  static func folded(_ a: Element, _ b: Element) -> Element { Swift.min(a, b) }
}
/// Truths, of which one is enough.
enum AnyBit: FoldOperation {
  static func folded(_ a: UInt8, _ b: UInt8) -> UInt8 { a | b }
}
/// Truths, all of which it takes.
enum CommonBits: FoldOperation {
  static func folded(_ a: UInt8, _ b: UInt8) -> UInt8 { a & b }
}
enum RealSum<Element: BinaryFloatingPoint & BitwiseCopyable & Sendable>: FoldOperation {
  static func folded(_ a: Element, _ b: Element) -> Element { a + b }
}
enum RealProduct<Element: BinaryFloatingPoint & BitwiseCopyable & Sendable>: FoldOperation {
  static func folded(_ a: Element, _ b: Element) -> Element { a * b }
}
/// NaN wins.
enum RealMaximum<Element: BinaryFloatingPoint & BitwiseCopyable & Sendable>: FoldOperation {
  static func folded(_ a: Element, _ b: Element) -> Element {
    a.isNaN ? a : b.isNaN ? b : a >= b ? a : b
  }
}
/// NaN wins.
enum RealMinimum<Element: BinaryFloatingPoint & BitwiseCopyable & Sendable>: FoldOperation {
  static func folded(_ a: Element, _ b: Element) -> Element {
    a.isNaN ? a : b.isNaN ? b : a <= b ? a : b
  }
}
/// Complex numbers.
enum PairSum<Part: BinaryFloatingPoint & SIMDScalar & BitwiseCopyable & Sendable>: FoldOperation {
  /// Real and imaginary part.
  struct Pair: BitwiseCopyable, Sendable { var real, imaginary: Part }
  static func folded(_ a: Pair, _ b: Pair) -> Pair {
    Pair(real: a.real + b.real, imaginary: a.imaginary + b.imaginary)
  }
}

/// How elements lie in memory that are folded.
protocol FoldItem: SendableMetatype {
  associatedtype Sum: BitwiseCopyable & Sendable
  static func load(_ base: UnsafeRawPointer, _ place: Int) -> Sum
  static func store(_ sum: Sum, _ base: UnsafeMutableRawPointer, _ place: Int)
}

/// As they are folded.
enum NativeItem<Sum: BitwiseCopyable & Sendable>: FoldItem {
  static func load(_ base: UnsafeRawPointer, _ place: Int) -> Sum {
    base.assumingMemoryBound(to: Sum.self)[place]
  }
  static func store(_ sum: Sum, _ base: UnsafeMutableRawPointer, _ place: Int) {
    base.assumingMemoryBound(to: Sum.self)[place] = sum
  }
}
/// float32, folded in float64.
enum NativeFloat: FoldItem {
  static func load(_ base: UnsafeRawPointer, _ place: Int) -> Double {
    Double(base.assumingMemoryBound(to: Float.self)[place])
  }
  static func store(_ sum: Double, _ base: UnsafeMutableRawPointer, _ place: Int) {
    base.assumingMemoryBound(to: Float.self)[place] = Float(sum)
  }
}
/// float16, folded in float64.
enum NarrowFloat16: FoldItem {
  static func load(_ base: UnsafeRawPointer, _ place: Int) -> Double {
    Scalar(.float16, loading: base + place * 2).doubleValue
  }
  static func store(_ sum: Double, _ base: UnsafeMutableRawPointer, _ place: Int) {
    Scalar(sum, .float16).store(to: base + place * 2)
  }
}
/// bfloat16, folded in float64.
enum NarrowBFloat16: FoldItem {
  static func load(_ base: UnsafeRawPointer, _ place: Int) -> Double {
    Scalar(.bfloat16, loading: base + place * 2).doubleValue
  }
  static func store(_ sum: Double, _ base: UnsafeMutableRawPointer, _ place: Int) {
    Scalar(sum, .bfloat16).store(to: base + place * 2)
  }
}
/// Narrow elements whose sums stay float64.
enum WideResult<Item: FoldItem>: FoldItem where Item.Sum == Double {
  static func load(_ base: UnsafeRawPointer, _ place: Int) -> Double { Item.load(base, place) }
  static func store(_ sum: Double, _ base: UnsafeMutableRawPointer, _ place: Int) {
    base.assumingMemoryBound(to: Double.self)[place] = sum
  }
}
