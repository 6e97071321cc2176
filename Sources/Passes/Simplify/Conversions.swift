import WeftIR

/// Identities of conversions.
extension Identity {
  static let conversions = [
    Identity("convert-nothing", "a conversion to the operand's own dtype is the operand") {
      g, row in
      row.type == g.type(row.operands[0]) ? .value(row.operands[0]) : nil
    },
    Identity("convert-convert", "a lossless conversion before another is left out") { g, row in
      guard case .convert(let target) = row.op,
        case (.convert(let middle), let sources) = row.source(g), let source = sources.first,
        g.type(source).dtype.convertsEqually(through: middle, to: target)
      else { return nil }
      return .row(.convert(target), [source])
    },
    Identity("convert-broadcast", "fewer elements are converted before a broadcast") { g, row in
      guard case (.broadcast(let shape, let axes), let sources) = row.source(g),
        let source = sources.first, g.type(source).shape.isMuchSmaller(than: shape)
      else { return nil }
      let converted = try g.add(row.op, [source], site: row.site)
      return .row(.broadcast(to: shape, axes: axes), [converted])
    },
    Identity("convert-permute", "a conversion stands before a permute") { g, row in
      guard case (.permute(let axes), let sources) = row.source(g), let source = sources.first
      else { return nil }
      return .row(.permute(axes), [try g.add(row.op, [source], site: row.site)])
    },
  ]
}

extension DType {
  /// Whether another dtype holds every value of this one.
  func isLossless(in other: DType) -> Bool {
    if self == other || self == .bool { return true }
    switch (kind, other.kind) {
    case (.complex, .complex): return realPart.significandBits <= other.realPart.significandBits
    case (.complex, _), (.float, .signed), (.float, .unsigned), (_, .bool): return false
    case (.float, _):
      let wide = other.realPart
      return significandBits <= wide.significandBits && exponentBits <= wide.exponentBits
    case (_, .float), (_, .complex):
      let valueBits = kind == .signed ? bitWidth - 1 : bitWidth
      // float16 ends at 65504: an unsigned 16-bit integer has more significant bits anyway.
      return valueBits <= other.realPart.significandBits
    case (.signed, .unsigned): return false
    case (.unsigned, .signed): return bitWidth < other.bitWidth
    default: return bitWidth <= other.bitWidth
    }
  }

  /// Whether converting to `target` by way of `middle` gives what converting at once gives.
  ///
  /// An integer in a float that does not fit the target converts otherwise than it wraps.
  func convertsEqually(through middle: DType, to target: DType) -> Bool {
    guard isLossless(in: middle) else { return false }
    if !isInexact && middle.isInexact && !target.isInexact && target != .bool {
      return isLossless(in: target)
    }
    return true
  }

  /// The bits of a float's significand, the hidden one included.
  private var significandBits: Int {
    switch self {
    case .float16: 11
    case .bfloat16: 8
    case .float32: 24
    default: 53
    }
  }

  private var exponentBits: Int {
    switch self {
    case .float16: 5
    case .bfloat16, .float32: 8
    default: 11
    }
  }
}
