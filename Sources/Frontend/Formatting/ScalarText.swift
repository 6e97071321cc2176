import WeftIR

extension Scalar {
  /// The element as `str` writes a NumPy scalar: shortest digits, no column to fit.
  ///
  /// - NumPy: `str(x)`; bfloat16, which NumPy lacks, follows float16's rule with its own width.
  var plainText: String {
    switch dtype.kind {
    case .bool: boolValue ? "True" : "False"
    case .signed: String(intValue)
    case .unsigned: String(uintValue)
    case .float: Self.text(doubleValue, dtype, trim: .allButOneZero)
    case .complex: complexText
    }
  }

  private var complexText: String {
    let (real, imaginary) = (doubleValue, imaginary)
    if real == 0, real.sign == .plus {
      return Self.text(imaginary, dtype.realPart, trim: .zerosAndPoint) + "j"
    }
    let second =
      imaginary.isNaN
      ? "+nan" : Self.text(imaginary, dtype.realPart, trim: .zerosAndPoint, showsPlus: true)
    return "(\(Self.text(real, dtype.realPart, trim: .zerosAndPoint))\(second)j)"
  }

  private static func text(
    _ value: Double, _ dtype: DType, trim: DecimalText.Trim, showsPlus: Bool = false
  ) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : showsPlus ? "+inf" : "inf" }
    let magnitude = value.magnitude
    let isPositional = magnitude == 0 || magnitude < dtype.positionalLimit && magnitude >= 1e-4
    let number = BinaryFloat(value, dtype)
    var style = DecimalText(trim: trim, showsPlus: showsPlus)
    if isPositional { return String(decoding: style.positional(number), as: UTF8.self) }
    style.trim = .zerosAndPoint
    return String(decoding: style.scientific(number), as: UTF8.self)
  }
}

extension DType {
  /// The decimal digits that every number of the dtype keeps, at most 15 and as NumPy's `finfo`.
  fileprivate var exactDigits: Int {
    switch self {
    case .float16: 3
    case .bfloat16: 2
    case .float32, .complex64: 6
    default: 15
    }
  }

  /// From here on single numbers are written in scientific notation.
  fileprivate var positionalLimit: Double { exactDigits == 15 ? 1e16 : powerOfTen(exactDigits) }

  /// From here on columns are written in scientific notation.
  var columnLimit: Double { powerOfTen(min(8, exactDigits)) }

  private func powerOfTen(_ exponent: Int) -> Double { (0..<exponent).reduce(1) { p, _ in p * 10 } }
}
