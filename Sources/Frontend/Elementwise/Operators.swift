import CWeft
import WeftIR

infix operator • : MultiplicationPrecedence
infix operator .& : LogicalConjunctionPrecedence
infix operator .| : LogicalDisjunctionPrecedence
infix operator .^ : LogicalDisjunctionPrecedence
infix operator .<< : BitwiseShiftPrecedence
infix operator .>> : BitwiseShiftPrecedence

// Operators cannot take `#line`; the inlined C function gives the address they return to. They are
// never inlined themselves, so that the address lies in the user's code.

extension NDArray {
  /// The elementwise sum.
  @inline(never)
  public static func + (a: NDArray, b: NDArray) -> NDArray {
    apply(.add, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise sum.
  @inline(never)
  public static func + (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.add, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise sum.
  @inline(never)
  public static func + (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.add, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise difference.
  @inline(never)
  public static func - (a: NDArray, b: NDArray) -> NDArray {
    apply(.subtract, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise difference.
  @inline(never)
  public static func - (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.subtract, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise difference.
  @inline(never)
  public static func - (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.subtract, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise product.
  @inline(never)
  public static func * (a: NDArray, b: NDArray) -> NDArray {
    apply(.multiply, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise product.
  @inline(never)
  public static func * (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.multiply, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise product.
  @inline(never)
  public static func * (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.multiply, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise quotient in floating point.
  @inline(never)
  public static func / (a: NDArray, b: NDArray) -> NDArray {
    apply(.divide, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise quotient in floating point.
  @inline(never)
  public static func / (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.divide, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise quotient in floating point.
  @inline(never)
  public static func / (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.divide, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise remainder with the divisor's sign.
  @inline(never)
  public static func % (a: NDArray, b: NDArray) -> NDArray {
    apply(.remainder, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise remainder with the divisor's sign.
  @inline(never)
  public static func % (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.remainder, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The elementwise remainder with the divisor's sign.
  @inline(never)
  public static func % (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.remainder, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are equal.
  @inline(never)
  public static func .== (a: NDArray, b: NDArray) -> NDArray {
    apply(.equal, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are equal.
  @inline(never)
  public static func .== (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.equal, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are equal.
  @inline(never)
  public static func .== (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.equal, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements differ.
  @inline(never)
  public static func .!= (a: NDArray, b: NDArray) -> NDArray {
    apply(.notEqual, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements differ.
  @inline(never)
  public static func .!= (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.notEqual, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements differ.
  @inline(never)
  public static func .!= (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.notEqual, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are less.
  @inline(never)
  public static func .< (a: NDArray, b: NDArray) -> NDArray {
    apply(.less, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are less.
  @inline(never)
  public static func .< (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.less, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are less.
  @inline(never)
  public static func .< (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.less, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are less or equal.
  @inline(never)
  public static func .<= (a: NDArray, b: NDArray) -> NDArray {
    apply(.lessEqual, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are less or equal.
  @inline(never)
  public static func .<= (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.lessEqual, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are less or equal.
  @inline(never)
  public static func .<= (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.lessEqual, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are greater.
  @inline(never)
  public static func .> (a: NDArray, b: NDArray) -> NDArray {
    apply(.greater, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are greater.
  @inline(never)
  public static func .> (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.greater, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are greater.
  @inline(never)
  public static func .> (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.greater, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are greater or equal.
  @inline(never)
  public static func .>= (a: NDArray, b: NDArray) -> NDArray {
    apply(.greaterEqual, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are greater or equal.
  @inline(never)
  public static func .>= (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(
      .greaterEqual, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are greater or equal.
  @inline(never)
  public static func .>= (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(
      .greaterEqual, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Elementwise and: bits of integers, truth of bool.
  @inline(never)
  public static func .& (a: NDArray, b: NDArray) -> NDArray {
    apply(.bitwiseAnd, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Elementwise and: bits of integers, truth of bool.
  @inline(never)
  public static func .& (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(
      .bitwiseAnd, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Elementwise and: bits of integers, truth of bool.
  @inline(never)
  public static func .& (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(
      .bitwiseAnd, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Elementwise or: bits of integers, truth of bool.
  @inline(never)
  public static func .| (a: NDArray, b: NDArray) -> NDArray {
    apply(.bitwiseOr, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Elementwise or: bits of integers, truth of bool.
  @inline(never)
  public static func .| (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(.bitwiseOr, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Elementwise or: bits of integers, truth of bool.
  @inline(never)
  public static func .| (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(.bitwiseOr, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Elementwise exclusive or: bits of integers, truth of bool.
  @inline(never)
  public static func .^ (a: NDArray, b: NDArray) -> NDArray {
    apply(.bitwiseXor, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Elementwise exclusive or: bits of integers, truth of bool.
  @inline(never)
  public static func .^ (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(
      .bitwiseXor, a, NDArray(scalar: b), site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Elementwise exclusive or: bits of integers, truth of bool.
  @inline(never)
  public static func .^ (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(
      .bitwiseXor, NDArray(scalar: a), b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Bits shifted left.
  @inline(never)
  public static func .<< (a: NDArray, b: NDArray) -> NDArray {
    apply(.bitwiseLeftShift, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Bits shifted left.
  @inline(never)
  public static func .<< (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(
      .bitwiseLeftShift, a, NDArray(scalar: b),
      site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Bits shifted left.
  @inline(never)
  public static func .<< (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(
      .bitwiseLeftShift, NDArray(scalar: a), b,
      site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Bits shifted right.
  @inline(never)
  public static func .>> (a: NDArray, b: NDArray) -> NDArray {
    apply(.bitwiseRightShift, a, b, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Bits shifted right.
  @inline(never)
  public static func .>> (a: NDArray, b: some ScalarValue) -> NDArray {
    apply(
      .bitwiseRightShift, a, NDArray(scalar: b),
      site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Bits shifted right.
  @inline(never)
  public static func .>> (a: some ScalarValue, b: NDArray) -> NDArray {
    apply(
      .bitwiseRightShift, NDArray(scalar: a), b,
      site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Replaces the array by its elementwise `+`; keeps the dtype by NumPy's same-kind rule.
  @inline(never)
  public static func += (a: inout NDArray, b: NDArray) {
    let site = SourceSite(returnAddress: weft_return_address())
    a = apply(.add, a, b, site: site).keepingDType(of: a, "+=", site: site)
  }

  /// Replaces the array by its elementwise `-`; keeps the dtype by NumPy's same-kind rule.
  @inline(never)
  public static func -= (a: inout NDArray, b: NDArray) {
    let site = SourceSite(returnAddress: weft_return_address())
    a = apply(.subtract, a, b, site: site).keepingDType(of: a, "-=", site: site)
  }

  /// Replaces the array by its elementwise `*`; keeps the dtype by NumPy's same-kind rule.
  @inline(never)
  public static func *= (a: inout NDArray, b: NDArray) {
    let site = SourceSite(returnAddress: weft_return_address())
    a = apply(.multiply, a, b, site: site).keepingDType(of: a, "*=", site: site)
  }

  /// Replaces the array by its elementwise `/`; keeps the dtype by NumPy's same-kind rule.
  @inline(never)
  public static func /= (a: inout NDArray, b: NDArray) {
    let site = SourceSite(returnAddress: weft_return_address())
    a = apply(.divide, a, b, site: site).keepingDType(of: a, "/=", site: site)
  }

  /// Replaces the array by its elementwise `%`; keeps the dtype by NumPy's same-kind rule.
  @inline(never)
  public static func %= (a: inout NDArray, b: NDArray) {
    let site = SourceSite(returnAddress: weft_return_address())
    a = apply(.remainder, a, b, site: site).keepingDType(of: a, "%=", site: site)
  }

  /// The elementwise negation.
  @inline(never)
  public static prefix func - (a: NDArray) -> NDArray {
    let site = SourceSite(returnAddress: weft_return_address())
    if case .op(.constant(let scalar), _) = a.expr.node, let kind = a.weakKind, kind != .bool {
      let negated = ScalarFunction.negative.evaluate(scalar, scalar, scalar)
      return NDArray(weak: negated, kind, site: site)
    }
    return apply(.negative, a, site: site)
  }

  /// Bits inverted; logical not of bool.
  ///
  /// Disfavoured, so that `~5` without arrays stays an `Int`.
  @_disfavoredOverload
  @inline(never)
  public static prefix func ~ (a: NDArray) -> NDArray {
    apply(.bitwiseInvert, a, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// Where elements are zero or false.
  @inline(never)
  public static prefix func ! (a: NDArray) -> NDArray {
    apply(.logicalNot, a, site: SourceSite(returnAddress: weft_return_address()))
  }

  /// The matrix product; see `matmul`.
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
