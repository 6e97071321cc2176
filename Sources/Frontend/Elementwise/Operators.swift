import CWeft
import WeftIR

infix operator • : MultiplicationPrecedence

// Operators cannot take `#line`; the inlined C function gives the address they return to. They are
// never inlined themselves, so that the address lies in the user's code.

extension NDArray {
  /// The elementwise sum.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: promoted.
  /// - Throws: from `compute()`: `broadcast`; `out-of-range` for a Swift integer that the dtype
  ///   does not hold.
  /// - NumPy: `a + b`; `numpy.add`.
  ///
  /// ```swift
  /// let a: NDArray = [[1, 2, 3], [4, 5, 6]]
  /// a + [10, 20, 30]
  /// // [[11 22 33]
  /// //  [14 25 36]]
  /// a + 0.5
  /// // [[1.5 2.5 3.5]
  /// //  [4.5 5.5 6.5]]
  /// ones([2]) + ones([3])  // error: add: cannot broadcast float64[2] with float64[3] [broadcast]
  /// ```
  @inline(never)
  public static func + (a: NDArray, b: NDArray) -> NDArray {
    apply(.add, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise sum. See `+`.
  @inline(never)
  public static func + (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.add, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise sum. See `+`.
  @inline(never)
  public static func + (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.add, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise difference.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: promoted.
  /// - Throws: from `compute()`: `dtype` for bool; `broadcast`; `out-of-range`.
  /// - NumPy: `a - b`; `numpy.subtract`.
  ///
  /// ```swift
  /// let a: NDArray = [5, 7, 9]
  /// a - [1, 2, 3]  // [4 5 6]
  /// 10 - a  // [5 3 1]
  /// ```
  @inline(never)
  public static func - (a: NDArray, b: NDArray) -> NDArray {
    apply(.subtract, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise difference. See `-`.
  @inline(never)
  public static func - (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.subtract, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise difference. See `-`.
  @inline(never)
  public static func - (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.subtract, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise product.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: promoted.
  /// - Throws: from `compute()`: `broadcast`; `out-of-range`.
  /// - NumPy: `a * b`; `numpy.multiply`.
  ///
  /// ```swift
  /// let a: NDArray = [1, 2, 3]
  /// a * a  // [1 4 9]
  /// 2.5 * a  // [2.5 5.  7.5]
  /// ```
  @inline(never)
  public static func * (a: NDArray, b: NDArray) -> NDArray {
    apply(.multiply, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise product. See `*`.
  @inline(never)
  public static func * (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.multiply, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise product. See `*`.
  @inline(never)
  public static func * (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.multiply, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise quotient in floating point.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: float or complex; integers convert to float64.
  /// - Throws: from `compute()`: `broadcast`.
  /// - NumPy: `a / b`; `numpy.divide`.
  ///
  /// ```swift
  /// let a: NDArray = [1, 2, 3]
  /// a / 2  // [0.5 1.  1.5]
  /// 1 / (a - 1)  // [inf 1.  0.5]
  /// ```
  @inline(never)
  public static func / (a: NDArray, b: NDArray) -> NDArray {
    apply(.divide, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise quotient in floating point. See `/`.
  @inline(never)
  public static func / (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.divide, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise quotient in floating point. See `/`.
  @inline(never)
  public static func / (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.divide, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise remainder with the divisor's sign.
  ///
  /// - Shape: the operands' shapes broadcast.
  /// - DType: promoted; bool gives int8.
  /// - Throws: from `compute()`: `dtype` for complex; `broadcast`; `out-of-range`.
  /// - NumPy: `a % b`; `numpy.remainder`.
  ///
  /// ```swift
  /// let a: NDArray = [5, -5]
  /// a % 3  // [2 1]
  /// ```
  @inline(never)
  public static func % (a: NDArray, b: NDArray) -> NDArray {
    apply(.remainder, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise remainder with the divisor's sign. See `%`.
  @inline(never)
  public static func % (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.remainder, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise remainder with the divisor's sign. See `%`.
  @inline(never)
  public static func % (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.remainder, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Replaces the array by its elementwise `+`; keeps the dtype by NumPy's same-kind rule.
  ///
  /// The right side broadcasts to the array; a result that the dtype does not hold is an error.
  ///
  /// - Throws: from `compute()`: `dtype` when the result does not convert by the same-kind rule;
  ///   `broadcast`.
  /// - NumPy: `a += b`.
  ///
  /// ```swift
  /// var a: NDArray = [1, 2, 3]
  /// a += 10
  /// a  // [11 12 13]
  /// a += 0.5
  /// a  // error: +=: the result is float64, which does not convert to int64 [dtype]
  /// ```
  @inline(never)
  public static func += (a: inout NDArray, b: NDArray) {
    let site = SourceSite(returnAddress: weft_return_address())
    a = apply(.add, a, b, site: site).keepingDType(of: a, "+=", site: site)
  }

  /// Replaces the array by its elementwise `-`; keeps the dtype by NumPy's same-kind rule.
  ///
  /// - Throws: from `compute()`: `dtype`; `broadcast`.
  /// - NumPy: `a -= b`.
  ///
  /// ```swift
  /// var a: NDArray = [1, 2, 3]
  /// a -= [1, 1, 1]
  /// a  // [0 1 2]
  /// ```
  @inline(never)
  public static func -= (a: inout NDArray, b: NDArray) {
    let site = SourceSite(returnAddress: weft_return_address())
    a = apply(.subtract, a, b, site: site).keepingDType(of: a, "-=", site: site)
  }

  /// Replaces the array by its elementwise `*`; keeps the dtype by NumPy's same-kind rule.
  ///
  /// - Throws: from `compute()`: `dtype`; `broadcast`.
  /// - NumPy: `a *= b`.
  ///
  /// ```swift
  /// var a: NDArray = [1, 2, 3]
  /// a *= 2
  /// a  // [2 4 6]
  /// ```
  @inline(never)
  public static func *= (a: inout NDArray, b: NDArray) {
    let site = SourceSite(returnAddress: weft_return_address())
    a = apply(.multiply, a, b, site: site).keepingDType(of: a, "*=", site: site)
  }

  /// Replaces the array by its elementwise `/`; keeps the dtype by NumPy's same-kind rule.
  ///
  /// - Throws: from `compute()`: `dtype`; `broadcast`.
  /// - NumPy: `a /= b`.
  ///
  /// ```swift
  /// var a: NDArray = [1.0, 2, 3]
  /// a /= 2
  /// a  // [0.5 1.  1.5]
  /// ```
  @inline(never)
  public static func /= (a: inout NDArray, b: NDArray) {
    let site = SourceSite(returnAddress: weft_return_address())
    a = apply(.divide, a, b, site: site).keepingDType(of: a, "/=", site: site)
  }

  /// Replaces the array by its elementwise `%`; keeps the dtype by NumPy's same-kind rule.
  ///
  /// - Throws: from `compute()`: `dtype`; `broadcast`.
  /// - NumPy: `a %= b`.
  ///
  /// ```swift
  /// var a: NDArray = [5, 6, 7]
  /// a %= 4
  /// a  // [1 2 3]
  /// ```
  @inline(never)
  public static func %= (a: inout NDArray, b: NDArray) {
    let site = SourceSite(returnAddress: weft_return_address())
    a = apply(.remainder, a, b, site: site).keepingDType(of: a, "%=", site: site)
  }

  /// The elementwise negation.
  ///
  /// - Shape: unchanged.
  /// - DType: unchanged; a Swift number stays weak.
  /// - Throws: from `compute()`: `dtype` for bool.
  /// - NumPy: `-a`; `numpy.negative`.
  ///
  /// ```swift
  /// let a: NDArray = [1, -2]
  /// -a  // [-1  2]
  /// ```
  @inline(never)
  public static prefix func - (a: NDArray) -> NDArray {
    let site = SourceSite(returnAddress: weft_return_address())
    if case .op(.constant(let scalar), _) = a.expr.node, let kind = a.weakKind, kind != .bool {
      let negated = ScalarFunction.negative.evaluate(scalar, scalar, scalar)
      return NDArray(weak: negated, kind, site: site)
    }
    return apply(.negative, a, site: site)
  }

  /// The matrix product; stacks of matrices broadcast. See `matmul`.
  ///
  /// ```swift
  /// let a: NDArray = [[1, 2], [3, 4]]
  /// a • a
  /// // [[ 7 10]
  /// //  [15 22]]
  /// a • [1, 10]  // [21 43]
  /// ```
  @inline(never)
  public static func • (a: NDArray, b: NDArray) -> NDArray {
    matmul(a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The result of an in-place operator in the left side's dtype.
  func keepingDType(of target: NDArray, _ name: String, site: SourceSite) -> NDArray {
    if expr.isPoison || target.weakKind != nil || dtype == target.dtype { return self }
    guard dtype.canConvert(to: target.dtype, casting: .sameKind) else {
      return NDArray(
        Expr(
          WeftError(
            .dtype, name, "the result is \(dtype), which does not convert to \(target.dtype)",
            site: site, hint: "write a = a \(name.dropLast()) b to change the dtype")))
    }
    return NDArray(Building.convert(expr, to: target.dtype, site: site))
  }
}
