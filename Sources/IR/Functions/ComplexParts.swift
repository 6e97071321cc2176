/// The parts of complex numbers. Real numbers are their own real part.
extension ScalarFunction {
  /// The real part.
  public static let real = ScalarFunction(
    "real", arity: 1, domain: .any, result: .realPart, algebra: .preservesZero,
    evaluate: { a, _, _ in a.dtype.isComplex ? Scalar(a.doubleValue, a.dtype.realPart) : a })

  /// The imaginary part; 0 for real numbers.
  public static let imag = ScalarFunction(
    "imag", arity: 1, domain: .any, result: .realPart, algebra: .preservesZero,
    evaluate: { a, _, _ in
      a.dtype.isComplex ? Scalar(a.imaginary, a.dtype.realPart) : Scalar(0 as Int64, a.dtype)
    })

  /// The conjugate.
  public static let conj = ScalarFunction(
    "conj", arity: 1, domain: .numericFromBool, algebra: [.preservesZero, .involution],
    evaluate: meaning(complex: { a, _ in ComplexValue(a.re, -a.im, a.dtype) }))

  /// The complex number with two real floats as parts.
  public static let complex = ScalarFunction(
    "complex", arity: 2, domain: .float, result: .complex, algebra: .preservesZero,
    evaluate: { a, b, _ in
      Scalar(a.doubleValue, b.doubleValue, a.dtype.complexCounterpart)
    })
}
