import WeftIR

/// How the elements of one array are written, so that columns line up.
enum ElementFormat {
  case bool(isPadded: Bool)
  case integer(width: Int, FormatOptions.Sign)
  case float(FloatColumn)
  case complex(FloatColumn, FloatColumn)

  /// Looks at the elements at some positions of a buffer.
  init(_ buffer: Buffer, at positions: [Int], _ options: FormatOptions) {
    let dtype = buffer.type.dtype
    switch dtype.kind {
    case .bool: self = .bool(isPadded: buffer.type.rank > 0)
    case .signed, .unsigned: self = Self.integers(buffer, positions, options.sign)
    case .float:
      self = .float(
        FloatColumn(positions.map { buffer.scalar(at: $0).doubleValue }, dtype, options))
    case .complex:
      var imaginary = options
      imaginary.sign = .plus
      self = .complex(
        FloatColumn(positions.map { buffer.scalar(at: $0).doubleValue }, dtype.realPart, options),
        FloatColumn(positions.map { buffer.scalar(at: $0).imaginary }, dtype.realPart, imaginary))
    }
  }

  private static func integers(
    _ buffer: Buffer, _ positions: [Int], _ sign: FormatOptions.Sign
  ) -> ElementFormat {
    var least = ""
    var greatest = ""
    var isNegative = (least: false, greatest: false)
    if buffer.type.dtype.kind == .signed {
      let values = positions.lazy.map { buffer.scalar(at: $0).intValue }
      guard let low = values.min(), let high = values.max() else {
        return .integer(width: 0, sign)
      }
      (least, greatest) = (String(low), String(high))
      isNegative = (low < 0, high < 0)
    } else {
      let values = positions.lazy.map { buffer.scalar(at: $0).uintValue }
      (least, greatest) = (String(values.min() ?? 0), String(values.max() ?? 0))
    }
    let shown: FormatOptions.Sign = sign == .space && isNegative.least ? .minus : sign
    let extra = !isNegative.greatest && shown != .minus ? 1 : 0
    return .integer(width: max(greatest.utf8.count + extra, least.utf8.count), shown)
  }

  /// The text of an element.
  func text(_ element: Scalar) -> String {
    switch self {
    case .bool(let isPadded):
      return element.boolValue ? (isPadded ? " True" : "True") : "False"
    case .integer(let width, let sign):
      var text = element.plainText
      if sign != .minus, !text.hasPrefix("-") { text = sign.rawValue + text }
      return text.padded(to: width)
    case .float(let column):
      return column.text(element.doubleValue)
    case .complex(let real, let imaginary):
      var second = imaginary.text(element.imaginary)
      let blank = second.utf8.reversed().prefix { $0 == UInt8(ascii: " ") }.count
      second.unicodeScalars.removeLast(blank)
      return real.text(element.doubleValue) + second + "j" + String(repeating: " ", count: blank)
    }
  }
}

extension String {
  /// The text with spaces before it, up to a width.
  func padded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - unicodeScalars.count)) + self
  }
}
