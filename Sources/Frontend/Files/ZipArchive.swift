import WeftIR

/// The directory of a zip archive in memory, checked so that its entries lie apart and inside.
///
/// - Source: PKWARE APPNOTE 6.3.10, sections 4.3.7 to 4.3.16 and 4.5.3 (zip64). Not read: spanned
///   and encrypted archives, and archives with bytes before the first or after the last record.
struct ZipArchive: Sendable {
  /// One file of the archive, as the directory describes it.
  struct Entry: Sendable {
    var name: String
    var isDeflated: Bool
    var checksum: UInt32
    var compressedByteCount: Int
    var byteCount: Int
    /// Where the local header starts.
    var headerOffset: Int
    /// Where the next entry, or the directory, starts.
    var limit: Int
    /// The bytes of the name in the directory.
    var rawName: Range<Int>
    var rawNameByteCount: Int { rawName.count }
    var method: Int
  }

  let contents: Buffer
  /// In the order of the directory.
  let entries: [Entry]
  private let operation: String

  /// Reads the directory; the entries themselves are not touched.
  init(_ contents: Buffer, operation: String) throws(WeftError) {
    self.contents = contents
    self.operation = operation
    entries = try contents.reading { () throws(WeftError) in
      try DirectoryReader(bytes: LittleEndian(contents.bytes), operation: operation).entries()
    }
  }

  /// The stored or compressed bytes of an entry, after its local header is checked.
  func data(of entry: Entry) throws(WeftError) -> UnsafeRawBufferPointer {
    let bytes = LittleEndian(contents.bytes)
    let start = entry.headerOffset
    guard bytes.word32(start) == ZipRecord.localHeader, let flags = bytes.word16(start + 6),
      let method = bytes.word16(start + 8), let nameCount = bytes.word16(start + 26),
      let extraCount = bytes.word16(start + 28)
    else { throw damaged("no local header at \(start)", entry) }
    guard flags & 1 == 0 else { throw damaged("encrypted", entry) }
    let name = start + ZipRecord.localByteCount..<start + ZipRecord.localByteCount + nameCount
    guard name.upperBound <= entry.limit,
      contents.bytes[name].elementsEqual(contents.bytes[entry.rawName])
    else { throw damaged("the local header has another name", entry) }
    guard method == entry.method else {
      throw damaged("the local header has another method", entry)
    }
    let offset = name.upperBound + extraCount
    guard offset <= entry.limit, entry.compressedByteCount <= entry.limit - offset else {
      throw damaged("\(entry.compressedByteCount) bytes run into what follows", entry)
    }
    return UnsafeRawBufferPointer(
      rebasing: contents.bytes[offset..<offset + entry.compressedByteCount])
  }

  private func damaged(_ message: String, _ entry: Entry) -> WeftError {
    WeftError(.fileFormat, operation, "entry \"\(entry.name.prefix(64))\": \(message)")
  }
}

/// Signatures and sizes of the records of a zip archive.
enum ZipRecord {
  static let localHeader = 0x0403_4B50
  static let directoryEntry = 0x0201_4B50
  static let directoryEnd = 0x0605_4B50
  static let directoryEnd64 = 0x0606_4B50
  static let locator64 = 0x0706_4B50
  static let descriptor = 0x0807_4B50

  static let localByteCount = 30
  static let entryByteCount = 46
  static let endByteCount = 22
  static let end64ByteCount = 56
  static let locator64ByteCount = 20

  /// The extra field with 64-bit sizes.
  static let extra64 = 0x0001
  /// The extra field that Android's zipalign fills to align what follows.
  static let extraAlignment = 0xD935

  static let none16 = 0xFFFF
  static let none32 = 0xFFFF_FFFF
}

/// Little-endian numbers out of bytes; nil when they are not all there.
struct LittleEndian {
  let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  func word16(_ offset: Int) -> Int? { word(offset, UInt16.self).map(Int.init) }
  func word32(_ offset: Int) -> Int? { word(offset, UInt32.self).map(Int.init) }
  /// Also nil when the number does not fit.
  func word64(_ offset: Int) -> Int? { word(offset, UInt64.self).flatMap(Int.init(exactly:)) }

  private func word<Word: FixedWidthInteger>(_ offset: Int, _ type: Word.Type) -> Word? {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<Word>.size else { return nil }
    return Word(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Word.self))
  }
}
