import WeftIR

/// Reads the directory at the end of a zip archive.
struct DirectoryReader {
  let bytes: LittleEndian
  let operation: String

  /// Where the directory is and what it should hold.
  private struct Directory {
    var count: Int
    var start: Int
    var end: Int
  }

  func entries() throws(WeftError) -> [ZipArchive.Entry] {
    let directory = try locate()
    // A count is only a promise; each entry takes its bytes.
    guard directory.count <= (directory.end - directory.start) / ZipRecord.entryByteCount else {
      throw damaged("a directory of \(directory.count) entries does not fit its bytes")
    }
    var entries: [ZipArchive.Entry] = []
    entries.reserveCapacity(directory.count)
    var position = directory.start
    for _ in 0..<directory.count {
      let (entry, next) = try entry(at: position, in: directory)
      entries.append(entry)
      position = next
    }
    guard position == directory.end else {
      throw damaged("the directory has bytes after its last entry")
    }
    try separate(&entries, directory)
    return entries
  }

  /// Gives every entry its limit; refuses entries that overlap, the trick of recursive bombs.
  ///
  /// - Source: D. Fifield, "A better zip bomb", WOOT 2019.
  private func separate(
    _ entries: inout [ZipArchive.Entry], _ directory: Directory
  ) throws(WeftError) {
    var limit = directory.start
    for i in entries.indices.sorted(by: { entries[$0].headerOffset > entries[$1].headerOffset }) {
      let entry = entries[i]
      let least = ZipRecord.localByteCount + entry.rawNameByteCount
      guard entry.headerOffset <= limit, limit - entry.headerOffset >= least,
        entry.compressedByteCount <= limit - entry.headerOffset - least
      else {
        throw damaged("entry \"\(entry.name.prefix(64))\" overlaps what follows it")
      }
      entries[i].limit = limit
      limit = entry.headerOffset
    }
  }

  private func damaged(_ message: String) -> WeftError {
    WeftError(.fileFormat, operation, message)
  }
}

// MARK: - The end records

extension DirectoryReader {
  private func locate() throws(WeftError) -> Directory {
    guard let end = endRecord() else {
      if bytes.bytes.prefix(NPYHeader.magic.count).elementsEqual(NPYHeader.magic) {
        throw WeftError(
          .fileFormat, operation, "the file is a .npy file, not an archive",
          hint: "read it as .npy")
      }
      throw damaged("the file is not a zip archive, or its end is missing")
    }
    guard let disk = bytes.word16(end + 4), let firstDisk = bytes.word16(end + 6),
      let diskCount = bytes.word16(end + 8), let count = bytes.word16(end + 10),
      let extent = bytes.word32(end + 12), let start = bytes.word32(end + 16)
    else { throw damaged("the directory's end record is cut off") }
    if bytes.word32(end - ZipRecord.locator64ByteCount) == ZipRecord.locator64 {
      return try locate64(before: end - ZipRecord.locator64ByteCount)
    }
    guard disk == 0, firstDisk == 0, diskCount == count else {
      throw damaged("the archive is in several parts")
    }
    return try directory(count: count, start: start, extent: extent, end: end)
  }

  private func locate64(before locator: Int) throws(WeftError) -> Directory {
    guard let end = bytes.word64(locator + 8), end <= locator - ZipRecord.end64ByteCount,
      bytes.word32(end) == ZipRecord.directoryEnd64, let diskCount = bytes.word64(end + 24),
      let count = bytes.word64(end + 32), let extent = bytes.word64(end + 40),
      let start = bytes.word64(end + 48)
    else { throw damaged("the zip64 end record is missing or damaged") }
    guard bytes.word32(end + 16) == 0, bytes.word32(end + 20) == 0, diskCount == count else {
      throw damaged("the archive is in several parts")
    }
    return try directory(count: count, start: start, extent: extent, end: end)
  }

  private func directory(
    count: Int, start: Int, extent: Int, end: Int
  ) throws(WeftError) -> Directory {
    guard start <= end, extent == end - start else {
      throw damaged("the directory is not where its end record says")
    }
    return Directory(count: count, start: start, end: end)
  }

  /// The last end record whose comment fills the rest of the file.
  private func endRecord() -> Int? {
    let last = bytes.bytes.count - ZipRecord.endByteCount
    guard last >= 0 else { return nil }
    for offset in stride(from: last, through: max(0, last - 0xFFFF), by: -1)
    where bytes.word32(offset) == ZipRecord.directoryEnd
      && bytes.word16(offset + 20) == last - offset
    { return offset }
    return nil
  }
}

// MARK: - One entry

extension DirectoryReader {
  private func entry(
    at offset: Int, in directory: Directory
  ) throws(WeftError) -> (ZipArchive.Entry, next: Int) {
    guard offset <= directory.end - ZipRecord.entryByteCount,
      bytes.word32(offset) == ZipRecord.directoryEntry, let flags = bytes.word16(offset + 8),
      let method = bytes.word16(offset + 10), let checksum = bytes.word32(offset + 16),
      let compressed = bytes.word32(offset + 20), let full = bytes.word32(offset + 24),
      let nameCount = bytes.word16(offset + 28), let extraCount = bytes.word16(offset + 30),
      let commentCount = bytes.word16(offset + 32), let header = bytes.word32(offset + 42)
    else { throw damaged("no directory entry at \(offset)") }
    let nameStart = offset + ZipRecord.entryByteCount
    let extraStart = nameStart + nameCount
    let next = extraStart + extraCount + commentCount
    guard next <= directory.end else {
      throw damaged("the directory entry at \(offset) is cut off")
    }
    let name = name(nameStart..<extraStart, isUTF8: flags & 0x800 != 0)
    guard flags & 1 == 0 else { throw damaged("entry \"\(name.prefix(64))\" is encrypted") }
    guard method == 0 || method == 8 else {
      throw damaged(
        "entry \"\(name.prefix(64))\" has compression method \(method); known are stored and deflated"
      )
    }
    var wide = [full, compressed, header]
    if wide.contains(ZipRecord.none32) {
      try widen(&wide, in: extraStart..<extraStart + extraCount, name: name)
    }
    guard method == 8 || wide[0] == wide[1] else {
      throw damaged("entry \"\(name.prefix(64))\" is stored in another number of bytes than it has")
    }
    let entry = ZipArchive.Entry(
      name: name, isDeflated: method == 8, checksum: UInt32(truncatingIfNeeded: checksum),
      compressedByteCount: wide[1], byteCount: wide[0], headerOffset: wide[2], limit: 0,
      rawName: nameStart..<extraStart, method: method)
    return (entry, next)
  }

  /// Replaces the numbers that did not fit 32 bits; the extra field has just those, in order.
  private func widen(
    _ values: inout [Int], in extra: Range<Int>, name: String
  ) throws(WeftError) {
    var position = extra.lowerBound
    while position + 4 <= extra.upperBound, let id = bytes.word16(position),
      let count = bytes.word16(position + 2)
    {
      let end = position + 4 + count
      guard end <= extra.upperBound else { break }
      position += 4
      if id == ZipRecord.extra64 {
        for i in values.indices where values[i] == ZipRecord.none32 {
          guard position + 8 <= end, let value = bytes.word64(position) else {
            throw damaged("entry \"\(name.prefix(64))\" has damaged zip64 sizes")
          }
          values[i] = value
          position += 8
        }
        return
      }
      position = end
    }
    throw damaged("entry \"\(name.prefix(64))\" has no zip64 sizes")
  }

  private func name(_ range: Range<Int>, isUTF8: Bool) -> String {
    let raw = bytes.bytes[range]
    if isUTF8 { return String(decoding: raw, as: UTF8.self) }
    var name = ""
    for byte in raw {
      name.unicodeScalars.append(
        byte < 0x80 ? Unicode.Scalar(byte) : Self.codePage437[Int(byte) - 0x80])
    }
    return name
  }

  /// The upper half of the character set that names have when no flag says UTF-8 (APPNOTE D.1).
  private static let codePage437 = Array(
    ("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧"
      + "╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}").unicodeScalars)
}
