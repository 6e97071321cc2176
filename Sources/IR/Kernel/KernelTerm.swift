/// A value of a kernel that is being written; its operators append definitions.
///
/// Both operands of an operator have one dtype; literals take that of the other operand.
public struct KernelTerm {
  /// What statements name.
  public let operand: Kernel.Operand
  let builder: KernelBuilder

  /// The dtype of the value.
  public var dtype: DType { operand.dtype }

  /// The result of a primitive.
  public func applying(_ primitive: Primitive, _ others: KernelTerm...) -> KernelTerm {
    let dtype: DType =
      primitive.isComparison ? .bool : primitive == .select ? others[0].dtype : dtype
    return builder.define(dtype, .primitive(primitive, [operand] + others.map(\.operand)))
  }

  /// A constant of the same dtype.
  public func constant(_ value: Double) -> KernelTerm {
    builder.constant(dtype.isFloat ? Scalar(value, dtype) : Scalar(Int64(value), dtype))
  }
  /// A constant of the same dtype.
  public func constant(_ value: Int) -> KernelTerm {
    builder.constant(dtype.isFloat ? Scalar(Double(value), dtype) : Scalar(Int64(value), dtype))
  }
  /// A constant of the same width with these bits; of unsigned and signed integers and of floats.
  public func bits(_ value: UInt64) -> KernelTerm {
    withUnsafeBytes(of: value) { bytes in
      // Bytes of a little-endian number begin with those of its truncation.
      builder.constant(Scalar(dtype, loading: bytes.baseAddress.unsafelyUnwrapped))
    }
  }

  /// The number in another dtype.
  public func converted(to dtype: DType) -> KernelTerm {
    dtype == self.dtype ? self : builder.define(dtype, .convert(operand))
  }
  /// The bits in another dtype of the same width.
  public func bitcast(to dtype: DType) -> KernelTerm {
    dtype == self.dtype ? self : builder.define(dtype, .bitcast(operand))
  }
  /// a where the term, a bool, is true, else b.
  public func select(_ a: KernelTerm, _ b: KernelTerm) -> KernelTerm { applying(.select, a, b) }
}

extension KernelTerm {
  /// The sum.
  public static func + (a: Self, b: Self) -> Self { a.applying(.add, b) }
  /// The difference.
  public static func - (a: Self, b: Self) -> Self { a.applying(.subtract, b) }
  /// The product.
  public static func * (a: Self, b: Self) -> Self { a.applying(.multiply, b) }
  /// The quotient; of integers truncated.
  public static func / (a: Self, b: Self) -> Self { a.applying(.divide, b) }
  /// The rest of integers' truncated quotient.
  public static func % (a: Self, b: Self) -> Self { a.applying(.rest, b) }
  /// The negative.
  public static prefix func - (a: Self) -> Self { a.applying(.negate) }

  /// The sum.
  public static func + (a: Self, b: Double) -> Self { a + a.constant(b) }
  /// The difference.
  public static func - (a: Self, b: Double) -> Self { a - a.constant(b) }
  /// The product.
  public static func * (a: Self, b: Double) -> Self { a * a.constant(b) }
  /// The quotient; of integers truncated.
  public static func / (a: Self, b: Double) -> Self { a / a.constant(b) }
  /// The sum.
  public static func + (a: Double, b: Self) -> Self { b.constant(a) + b }
  /// The difference.
  public static func - (a: Double, b: Self) -> Self { b.constant(a) - b }
  /// The product.
  public static func * (a: Double, b: Self) -> Self { b.constant(a) * b }
  /// The quotient; of integers truncated.
  public static func / (a: Double, b: Self) -> Self { b.constant(a) / b }

  /// Whether both are equal.
  public static func .== (a: Self, b: Self) -> Self { a.applying(.equal, b) }
  /// Whether they differ.
  public static func .!= (a: Self, b: Self) -> Self { a.applying(.notEqual, b) }
  /// Whether the first is less.
  public static func .< (a: Self, b: Self) -> Self { a.applying(.less, b) }
  /// Whether the first is no greater.
  public static func .<= (a: Self, b: Self) -> Self { a.applying(.lessEqual, b) }
  /// Whether the first is greater.
  public static func .> (a: Self, b: Self) -> Self { a.applying(.greater, b) }
  /// Whether the first is no less.
  public static func .>= (a: Self, b: Self) -> Self { a.applying(.greaterEqual, b) }
  /// Whether both are equal.
  public static func .== (a: Self, b: Double) -> Self { a .== a.constant(b) }
  /// Whether they differ.
  public static func .!= (a: Self, b: Double) -> Self { a .!= a.constant(b) }
  /// Whether the first is less.
  public static func .< (a: Self, b: Double) -> Self { a .< a.constant(b) }
  /// Whether the first is no greater.
  public static func .<= (a: Self, b: Double) -> Self { a .<= a.constant(b) }
  /// Whether the first is greater.
  public static func .> (a: Self, b: Double) -> Self { a .> a.constant(b) }
  /// Whether the first is no less.
  public static func .>= (a: Self, b: Double) -> Self { a .>= a.constant(b) }

  /// Bitwise and.
  public static func & (a: Self, b: Self) -> Self { a.applying(.and, b) }
  /// Bitwise or.
  public static func | (a: Self, b: Self) -> Self { a.applying(.or, b) }
  /// Bitwise exclusive or.
  public static func ^ (a: Self, b: Self) -> Self { a.applying(.xor, b) }
  /// Shifted to the left.
  public static func << (a: Self, b: Int) -> Self { a.applying(.shiftLeft, a.constant(b)) }
  /// Shifted to the right, the sign of signed dtypes filling.
  public static func >> (a: Self, b: Int) -> Self { a.applying(.shiftRight, a.constant(b)) }
}

/// a * b + c with one rounding.
public func fma(_ a: KernelTerm, _ b: KernelTerm, _ c: KernelTerm) -> KernelTerm {
  a.applying(.fma, b, c)
}
