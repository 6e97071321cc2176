import Runtime

/// Where a user's call stands: one word, resolved to file and line only when something is printed.
///
/// Functions pass `#fileID` and `#line`; operators, which cannot, pass the address they return to.
public struct SourceSite: Hashable, Sendable {
  let word: UInt

  /// No place is known.
  public static let none = SourceSite(word: 0)

  init(word: UInt) { self.word = word }

  /// The top bit tells a literal file name from a return address.
  private static let literalFlag: UInt = 1 << 63

  /// A literal place: the address of the name in the low 48 bits, the line in the 15 above.
  ///
  /// Lines past 32,767 are stored as 32,767.
  @inlinable
  public init(file: StaticString, line: UInt) {
    self.init(pointer: UInt(bitPattern: file.utf8Start), line: line)
  }

  @usableFromInline
  init(pointer: UInt, line: UInt) {
    word = Self.literalFlag | min(line, 0x7FFF) << 48 | pointer & 0xFFFF_FFFF_FFFF
  }

  /// The place that an operator returns to.
  public init(returnAddress: UInt) { word = returnAddress & ~Self.literalFlag }
}

extension SourceSite: CustomStringConvertible {
  /// `Model.swift:12`, or an empty string when the place is not known.
  public var description: String {
    if word == 0 { return "" }
    if word & Self.literalFlag != 0 {
      let line = word >> 48 & 0x7FFF
      guard let start = UnsafePointer<CChar>(bitPattern: word & 0xFFFF_FFFF_FFFF) else { return "" }
      let name = String(cString: start)
      return "\(name.split(separator: "/").last ?? "")" + ":\(line)"
    }
    return Self.resolved.withLock { cache in
      if let known = cache[word] { return known }
      let text = Self.symbolicate(word)
      cache[word] = text
      return text
    }
  }

  /// Symbolication reads debug information from disk; each address is looked up once.
  private static let resolved = Lock<[UInt: String]>([:])

  private static func symbolicate(_ address: UInt) -> String {
    guard
      let frame = ReturnAddress.backtrace(at: address)?.symbolicated()?.frames.first(where: {
        $0.symbol?.sourceLocation != nil
      }),
      let location = frame.symbol?.sourceLocation
    else { return "" }
    return "\(location.path.split(separator: "/").last ?? ""):\(location.line)"
  }
}
