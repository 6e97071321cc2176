import WeftIR

/// How floating-point elements are written so that their points line up.
///
/// - NumPy: the rules of `array2string`: scientific notation from a greatest magnitude of 1e8 on
///   (1e6 for float32, 1e3 for float16), below a least one of 1e-4, or at a ratio above 1000.
struct FloatColumn {
  private var style = DecimalText()
  private let isScientific: Bool
  private let dtype: DType
  private let options: FormatOptions
  /// Characters before the point, after it, and in all.
  private var leftWidth = 0
  private var rightWidth = 0

  init(_ values: [Double], _ dtype: DType, _ options: FormatOptions) {
    self.dtype = dtype
    self.options = options
    let finite = values.filter(\.isFinite)
    isScientific = Self.needsExponent(finite, dtype, options)
    style.showsPlus = options.sign == .plus
    if finite.isEmpty {
      // Nothing but NaN and infinities.
    } else if isScientific {
      fitScientific(finite)
    } else {
      fitPositional(finite)
    }
    if options.sign == .space, !finite.contains(where: { $0.sign == .minus }) { leftWidth += 1 }
    if finite.count < values.count {
      let showsSign = options.sign != .minus || values.contains(-.infinity)
      let offset = rightWidth + 1
      leftWidth = max(
        leftWidth, options.nanText.unicodeScalars.count - offset,
        options.infinityText.unicodeScalars.count + (showsSign ? 1 : 0) - offset)
    }
    style.leftWidth = leftWidth
    if !isScientific { style.rightWidth = rightWidth }
  }

  /// Comparisons are those of the dtype, as NumPy's with a Python number are.
  private static func needsExponent(
    _ finite: [Double], _ dtype: DType, _ options: FormatOptions
  ) -> Bool {
    let magnitudes = finite.lazy.map(\.magnitude).filter { $0 != 0 }
    guard let greatest = magnitudes.max(), let least = magnitudes.min() else { return false }
    if greatest >= dtype.columnLimit { return true }
    if options.suppressesSmall { return false }
    return least < Scalar.round(0.0001, dtype) || Scalar.round(greatest / least, dtype) > 1000
  }

  private var precision: Int? {
    options.floatMode == .unique ? nil : min(options.precision, 16_000)
  }

  private mutating func fitScientific(_ finite: [Double]) {
    style.precision = precision
    style.isShortest = options.floatMode != .fixed
    style.trim = style.isShortest ? .zeros : .keep
    style.leastDigits = nil
    var fraction = 0
    for value in finite {
      let text = style.scientific(BinaryFloat(value, dtype))
      let point = text.firstIndex(of: UInt8(ascii: ".")) ?? text.count
      let exponent = text.firstIndex(of: UInt8(ascii: "e")) ?? text.count
      leftWidth = max(leftWidth, point)
      fraction = max(fraction, exponent - point - 1)
      style.exponentWidth = max(style.exponentWidth, text.count - exponent - 2)
    }
    style.trim = .keep
    style.precision = fraction
    style.leastDigits = fraction
    rightWidth = style.exponentWidth + 2 + fraction
  }

  private mutating func fitPositional(_ finite: [Double]) {
    style.precision = precision
    style.isShortest = options.floatMode != .fixed
    style.trim = style.isShortest ? .zeros : .keep
    for value in finite {
      let text = style.positional(BinaryFloat(value, dtype))
      let point = text.firstIndex(of: UInt8(ascii: ".")) ?? text.count
      leftWidth = max(leftWidth, point)
      rightWidth = max(rightWidth, text.count - point - 1)
    }
    switch options.floatMode {
    case .fixed, .maxPrecisionEqual:
      style.precision = rightWidth
      style.leastDigits = rightWidth
      style.trim = .keep
    case .unique, .maxPrecision:
      style.trim = .zeros
      style.leastDigits = 0
    }
  }

  /// The text of a value.
  func text(_ value: Double) -> String {
    if value.isFinite {
      let number = BinaryFloat(value, dtype)
      let bytes = isScientific ? style.scientific(number) : style.positional(number)
      return String(decoding: bytes, as: UTF8.self)
    }
    let plus = options.sign == .plus ? "+" : ""
    let text =
      value.isNaN
      ? plus + options.nanText : (value < 0 ? "-" : plus) + options.infinityText
    return text.padded(to: leftWidth + rightWidth + 1)
  }
}
