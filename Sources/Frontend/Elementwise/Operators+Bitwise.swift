import CWeft
import WeftIR

infix operator .& : LogicalConjunctionPrecedence
infix operator .| : LogicalDisjunctionPrecedence
infix operator .^ : LogicalDisjunctionPrecedence
infix operator .<< : BitwiseShiftPrecedence
infix operator .>> : BitwiseShiftPrecedence

// As in `Operators.swift`, the operators are never inlined.

extension NDArray {
  /// Elementwise and: bits of integers, truth of bool.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: promoted.
  /// - Throws: from `compute()`: `dtype` for floats and complex; `broadcast`; `out-of-range`.
  /// - NumPy: `a & b`; `numpy.bitwise_and`.
  ///
  /// ```swift
  /// let a: NDArray = [1, 5, 9]
  /// (a .> 1) .& (a .< 9)  // [False  True False]
  /// a .& 1  // [1 1 1]
  /// ```
  @inline(never)
  public static func .& (a: NDArray, b: NDArray) -> NDArray {
    apply(.bitwiseAnd, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Elementwise and: bits of integers, truth of bool. See `.&`.
  @inline(never)
  public static func .& (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(
      .bitwiseAnd, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Elementwise and: bits of integers, truth of bool. See `.&`.
  @inline(never)
  public static func .& (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(
      .bitwiseAnd, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Elementwise or: bits of integers, truth of bool.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: promoted.
  /// - Throws: from `compute()`: `dtype` for floats and complex; `broadcast`; `out-of-range`.
  /// - NumPy: `a | b`; `numpy.bitwise_or`.
  ///
  /// ```swift
  /// let a: NDArray = [1, 5, 9]
  /// (a .< 2) .| (a .> 8)  // [ True False  True]
  /// a .| 2  // [ 3  7 11]
  /// ```
  @inline(never)
  public static func .| (a: NDArray, b: NDArray) -> NDArray {
    apply(.bitwiseOr, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Elementwise or: bits of integers, truth of bool. See `.|`.
  @inline(never)
  public static func .| (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.bitwiseOr, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Elementwise or: bits of integers, truth of bool. See `.|`.
  @inline(never)
  public static func .| (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.bitwiseOr, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Elementwise exclusive or: bits of integers, truth of bool.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: promoted.
  /// - Throws: from `compute()`: `dtype` for floats and complex; `broadcast`; `out-of-range`.
  /// - NumPy: `a ^ b`; `numpy.bitwise_xor`.
  ///
  /// ```swift
  /// let a: NDArray = [1, 5, 9]
  /// a .^ 5  // [ 4  0 12]
  /// ```
  @inline(never)
  public static func .^ (a: NDArray, b: NDArray) -> NDArray {
    apply(.bitwiseXor, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Elementwise exclusive or: bits of integers, truth of bool. See `.^`.
  @inline(never)
  public static func .^ (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(
      .bitwiseXor, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Elementwise exclusive or: bits of integers, truth of bool. See `.^`.
  @inline(never)
  public static func .^ (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(
      .bitwiseXor, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Bits shifted left.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: promoted; bool gives int8.
  /// - Throws: from `compute()`: `dtype` for floats and complex; `broadcast`; `out-of-range`.
  /// - NumPy: `a << b`; `numpy.bitwise_left_shift`.
  ///
  /// ```swift
  /// let a: NDArray = [1, 5, 9]
  /// a .<< 2  // [ 4 20 36]
  /// ```
  @inline(never)
  public static func .<< (a: NDArray, b: NDArray) -> NDArray {
    apply(.bitwiseLeftShift, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Bits shifted left. See `.<<`.
  @inline(never)
  public static func .<< (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(
      .bitwiseLeftShift, a, NDArray(scalar: b),
      site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Bits shifted left. See `.<<`.
  @inline(never)
  public static func .<< (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(
      .bitwiseLeftShift, NDArray(scalar: a), b,
      site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Bits shifted right.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: promoted; bool gives int8.
  /// - Throws: from `compute()`: `dtype` for floats and complex; `broadcast`; `out-of-range`.
  /// - NumPy: `a >> b`; `numpy.bitwise_right_shift`.
  ///
  /// ```swift
  /// let a: NDArray = [1, 5, -9]
  /// a .>> 1  // [ 0  2 -5]
  /// ```
  @inline(never)
  public static func .>> (a: NDArray, b: NDArray) -> NDArray {
    apply(.bitwiseRightShift, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Bits shifted right. See `.>>`.
  @inline(never)
  public static func .>> (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(
      .bitwiseRightShift, a, NDArray(scalar: b),
      site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Bits shifted right. See `.>>`.
  @inline(never)
  public static func .>> (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(
      .bitwiseRightShift, NDArray(scalar: a), b,
      site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Bits inverted; logical not of bool.
  ///
  /// Disfavoured, so that `~5` without arrays stays an `Int`.
  ///
  /// - Shape: unchanged.
  /// - DType: unchanged.
  /// - Throws: from `compute()`: `dtype` for floats and complex.
  /// - NumPy: `~a`; `numpy.bitwise_invert`.
  ///
  /// ```swift
  /// let a: NDArray = [1, 5, 9]
  /// ~(a .> 4)  // [ True False False]
  /// ~a  // [ -2  -6 -10]
  /// ```
  @_disfavoredOverload
  @inline(never)
  public static prefix func ~ (a: NDArray) -> NDArray {
    apply(.bitwiseInvert, a, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are zero or false.
  ///
  /// - Shape: unchanged.
  /// - DType: bool.
  /// - Throws: nothing of its own.
  /// - NumPy: `numpy.logical_not`.
  ///
  /// ```swift
  /// let a: NDArray = [0, 5]
  /// !a  // [ True False]
  /// ```
  @inline(never)
  public static prefix func ! (a: NDArray) -> NDArray {
    apply(.logicalNot, a, site: SourceSite(returnAddress: weft_return_address()))
  }
}
