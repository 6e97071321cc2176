/// How a finite number becomes text.
///
/// - NumPy: the parameters of `numpy.format_float_positional` and `format_float_scientific`.
struct DecimalText {
  /// What happens to zeros at the end.
  enum Trim: String {
    /// They stay, and are filled up to the digits asked for.
    case keep = "k"
    /// They go; the point stays.
    case zeros = "."
    /// They go, but for one after the point.
    case allButOneZero = "0"
    /// They go, and the point too where it ends the number.
    case zerosAndPoint = "-"
  }

  /// The most digits; nil for as many as there are.
  var precision: Int?
  /// The least digits of shortest ones; nil for no bound.
  var leastDigits: Int?
  /// Whether to write the shortest digits that tell the number, else the exact ones.
  var isShortest = true
  /// Whether digits count from the point, else from the first digit; positional only.
  var countsFromPoint = true
  var trim = Trim.keep
  var showsPlus = false
  /// Characters before the point and after it, filled with spaces.
  var leftWidth = 0
  var rightWidth = -1
  /// Digits of the exponent, filled with zeros.
  var exponentWidth = 2

  private var digitsToFill: Int { (isShortest ? leastDigits : precision) ?? 0 }

  private func sign(_ number: BinaryFloat) -> [UInt8] {
    number.isNegative ? [UInt8(ascii: "-")] : showsPlus ? [UInt8(ascii: "+")] : []
  }

  /// `ddd.ddd`.
  func positional(_ number: BinaryFloat) -> [UInt8] {
    let decimal = DecimalDigits(
      number, isShortest: isShortest,
      .init(countsFromPoint: countsFromPoint, most: precision, least: leastDigits))
    let digits = decimal.digits
    var whole: [UInt8] = [.zero]
    var fraction: [UInt8] = []
    if decimal.exponent >= 0 {
      let count = decimal.exponent + 1
      whole = Array(digits.prefix(count))
      whole += repeatElement(.zero, count: count - whole.count)
      fraction = Array(digits.dropFirst(count))
    } else {
      fraction = repeatElement(.zero, count: -1 - decimal.exponent) + digits
    }
    var isPointShown = trim != .zerosAndPoint || !fraction.isEmpty
    fill(&fraction, to: countsFromPoint ? digitsToFill : digitsToFill - whole.count)
    if fraction.isEmpty && trim == .zerosAndPoint { isPointShown = false }

    var text = sign(number) + whole
    if text.count < leftWidth {
      text.insert(contentsOf: repeatElement(.space, count: leftWidth - text.count), at: 0)
    }
    if isPointShown { text.append(.point) }
    text += fraction
    if rightWidth >= fraction.count {
      let blank = rightWidth - fraction.count + (isPointShown ? 0 : 1)
      text += repeatElement(.space, count: blank)
    }
    return text
  }

  /// `d.ddde+dd`.
  func scientific(_ number: BinaryFloat) -> [UInt8] {
    let decimal = DecimalDigits(
      number, isShortest: isShortest,
      .init(
        countsFromPoint: false, most: precision.map { $0 + 1 }, least: leastDigits.map { $0 + 1 }))
    var fraction = Array(decimal.digits.dropFirst())
    // As NumPy, the point stays where zeros behind it were trimmed.
    let isPointShown = trim != .zerosAndPoint || !fraction.isEmpty
    fill(&fraction, to: digitsToFill)

    var text = sign(number) + decimal.digits.prefix(1)
    if text.count < leftWidth {
      text.insert(contentsOf: repeatElement(.space, count: leftWidth - text.count), at: 0)
    }
    if isPointShown { text.append(.point) }
    text += fraction
    text += [UInt8(ascii: "e"), decimal.exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+")]
    // As NumPy, an exponent of 0 has just the digits asked for, even none.
    let exponent = decimal.exponent == 0 ? [] : Array(String(decimal.exponent.magnitude).utf8)
    text += repeatElement(.zero, count: max(0, min(exponentWidth, 5) - exponent.count))
    return text + exponent
  }

  private func fill(_ fraction: inout [UInt8], to count: Int) {
    switch trim {
    case .keep:
      fraction += repeatElement(.zero, count: max(0, count - fraction.count))
    case .zeros, .zerosAndPoint:
      while fraction.last == .zero { fraction.removeLast() }
    case .allButOneZero:
      while fraction.last == .zero { fraction.removeLast() }
      if fraction.isEmpty { fraction = [.zero] }
    }
  }
}

extension UInt8 {
  fileprivate static let zero = UInt8(ascii: "0")
  fileprivate static let point = UInt8(ascii: ".")
  fileprivate static let space = UInt8(ascii: " ")
}
