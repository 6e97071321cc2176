import CWeft
import WeftIR

// As in `Operators.swift`, the operators are never inlined.

extension NDArray {
  /// Where elements are equal.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: bool.
  /// - Throws: from `compute()`: `broadcast`.
  /// - NumPy: `a == b`; `numpy.equal`.
  ///
  /// ```swift
  /// let a: NDArray = [1, 2, 3]
  /// a .== [1, 0, 3]  // [ True False  True]
  /// a .== 2  // [False  True False]
  /// ```
  @inline(never)
  public static func .== (a: NDArray, b: NDArray) -> NDArray {
    apply(.equal, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are equal. See `.==`.
  @inline(never)
  public static func .== (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.equal, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are equal. See `.==`.
  @inline(never)
  public static func .== (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.equal, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements differ.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: bool.
  /// - Throws: from `compute()`: `broadcast`.
  /// - NumPy: `a != b`; `numpy.not_equal`.
  ///
  /// ```swift
  /// let a: NDArray = [1, 2, 3]
  /// a .!= 2  // [ True False  True]
  /// ```
  @inline(never)
  public static func .!= (a: NDArray, b: NDArray) -> NDArray {
    apply(.notEqual, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements differ. See `.!=`.
  @inline(never)
  public static func .!= (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.notEqual, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements differ. See `.!=`.
  @inline(never)
  public static func .!= (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.notEqual, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are less.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: bool.
  /// - Throws: from `compute()`: `broadcast`.
  /// - NumPy: `a < b`; `numpy.less`.
  ///
  /// ```swift
  /// let a: NDArray = [1, 2, 3]
  /// a .< 2  // [ True False False]
  /// ```
  @inline(never)
  public static func .< (a: NDArray, b: NDArray) -> NDArray {
    apply(.less, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are less. See `.<`.
  @inline(never)
  public static func .< (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.less, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are less. See `.<`.
  @inline(never)
  public static func .< (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.less, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are less or equal.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: bool.
  /// - Throws: from `compute()`: `broadcast`.
  /// - NumPy: `a <= b`; `numpy.less_equal`.
  ///
  /// ```swift
  /// let a: NDArray = [1, 2, 3]
  /// a .<= [[1], [2]]
  /// // [[ True False False]
  /// //  [ True  True False]]
  /// ```
  @inline(never)
  public static func .<= (a: NDArray, b: NDArray) -> NDArray {
    apply(.lessEqual, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are less or equal. See `.<=`.
  @inline(never)
  public static func .<= (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.lessEqual, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are less or equal. See `.<=`.
  @inline(never)
  public static func .<= (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.lessEqual, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are greater.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: bool.
  /// - Throws: from `compute()`: `broadcast`.
  /// - NumPy: `a > b`; `numpy.greater`.
  ///
  /// ```swift
  /// let a: NDArray = [1, 2, 3]
  /// a .> 2  // [False False  True]
  /// a[a .> 1]  // [2 3]
  /// ```
  @inline(never)
  public static func .> (a: NDArray, b: NDArray) -> NDArray {
    apply(.greater, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are greater. See `.>`.
  @inline(never)
  public static func .> (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.greater, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are greater. See `.>`.
  @inline(never)
  public static func .> (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.greater, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are greater or equal.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: bool.
  /// - Throws: from `compute()`: `broadcast`.
  /// - NumPy: `a >= b`; `numpy.greater_equal`.
  ///
  /// ```swift
  /// let a: NDArray = [1, 2, 3]
  /// a .>= 2  // [False  True  True]
  /// ```
  @inline(never)
  public static func .>= (a: NDArray, b: NDArray) -> NDArray {
    apply(.greaterEqual, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are greater or equal. See `.>=`.
  @inline(never)
  public static func .>= (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(
      .greaterEqual, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are greater or equal. See `.>=`.
  @inline(never)
  public static func .>= (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(
      .greaterEqual, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }
}
