import WeftIR

/// Writes a zip archive, one entry after the other; sizes past 4 GiB take zip64 records.
final class ZipWriter {
  private struct Entry {
    var name: [UInt8]
    var flags: Int
    var method: Int
    var checksum: UInt32
    var compressedByteCount: Int
    var byteCount: Int
    var headerOffset: Int
  }

  private let output: FileOutput
  private let library: ZlibLibrary
  private let operation: String
  /// The least number that takes a 64-bit field; tests lower it.
  private let wideLimit: Int
  private var entries: [Entry] = []

  init(
    _ output: FileOutput, operation: String, wideLimit: Int = ZipRecord.none32
  ) throws(WeftError) {
    self.output = output
    self.operation = operation
    self.wideLimit = wideLimit
    library = try ZlibLibrary.open(for: operation)
  }

  /// Adds an entry whose bytes are those of the pieces; `alignment` is that of its stored bytes.
  func add(
    _ name: String, _ pieces: [UnsafeRawBufferPointer], isDeflated: Bool, alignment: Int = 64
  ) throws(WeftError) {
    var checksum: UInt32 = 0
    for piece in pieces { checksum = library.checksum(piece, seed: checksum) }
    let byteCount = pieces.reduce(0) { $0 + $1.count }
    var entry = Entry(
      name: Array(name.utf8), flags: name.utf8.allSatisfy { $0 < 0x80 } ? 0 : 0x800,
      method: isDeflated ? 8 : 0, checksum: checksum, compressedByteCount: byteCount,
      byteCount: byteCount, headerOffset: output.offset)
    if isDeflated {
      // The compressed size follows the data, so that pipes can be written.
      entry.flags |= 8
      try output.write(localHeader(entry, alignment: 1))
      entry.compressedByteCount = try deflate(pieces)
      try output.write(descriptor(entry))
    } else {
      try output.write(localHeader(entry, alignment: alignment))
      for piece in pieces { try output.write(piece) }
    }
    entries.append(entry)
  }

  private func deflate(_ pieces: [UnsafeRawBufferPointer]) throws(WeftError) -> Int {
    // Level 6 is zlib's own default, which NumPy also takes.
    let deflater = try Deflater(library, level: 6, operation: operation)
    let start = output.offset
    for i in pieces.indices {
      try deflater.compress(pieces[i], isLast: i == pieces.count - 1) {
        (bytes) throws(WeftError) in try output.write(bytes)
      }
    }
    return output.offset - start
  }

  /// Writes the directory.
  func finish() throws(WeftError) {
    let start = output.offset
    for entry in entries { try output.write(directoryEntry(entry)) }
    let extent = output.offset - start
    var record = ZipBytes()
    if entries.count >= min(ZipRecord.none16, wideLimit) || start >= wideLimit
      || extent >= wideLimit
    {
      let end64 = output.offset
      record.word32(ZipRecord.directoryEnd64)
      record.word64(ZipRecord.end64ByteCount - 12)
      record.word16(45)
      record.word16(45)
      record.word32(0)
      record.word32(0)
      record.word64(entries.count)
      record.word64(entries.count)
      record.word64(extent)
      record.word64(start)
      record.word32(ZipRecord.locator64)
      record.word32(0)
      record.word64(end64)
      record.word32(1)
    }
    record.word32(ZipRecord.directoryEnd)
    record.word16(0)
    record.word16(0)
    record.word16(min(entries.count, ZipRecord.none16))
    record.word16(min(entries.count, ZipRecord.none16))
    record.word32(min(extent, ZipRecord.none32))
    record.word32(min(start, ZipRecord.none32))
    record.word16(0)
    try output.write(record.bytes)
  }
}

// MARK: - Records

extension ZipWriter {
  /// Deflated data can be a little longer than what it came from.
  private func isWide(_ entry: Entry) -> Bool {
    entry.byteCount >= wideLimit - min(wideLimit, entry.byteCount >> 10)
  }

  private func localHeader(_ entry: Entry, alignment: Int) -> [UInt8] {
    let isKnown = entry.flags & 8 == 0
    var extra = ZipBytes()
    if isWide(entry) {
      extra.word16(ZipRecord.extra64)
      extra.word16(16)
      extra.word64(isKnown ? entry.byteCount : 0)
      extra.word64(isKnown ? entry.compressedByteCount : 0)
    }
    if alignment > 1 {
      let end =
        entry.headerOffset + ZipRecord.localByteCount + entry.name.count + extra.bytes.count + 6
      let padding = (alignment - end % alignment) % alignment
      extra.word16(ZipRecord.extraAlignment)
      extra.word16(2 + padding)
      extra.word16(alignment)
      extra.bytes += [UInt8](repeating: 0, count: padding)
    }
    var record = ZipBytes()
    record.word32(ZipRecord.localHeader)
    common(entry, &record)
    record.word32(isKnown ? Int(entry.checksum) : 0)
    let sizes = isKnown ? [entry.compressedByteCount, entry.byteCount] : [0, 0]
    for size in sizes { record.word32(isWide(entry) ? ZipRecord.none32 : size) }
    record.word16(entry.name.count)
    record.word16(extra.bytes.count)
    return record.bytes + entry.name + extra.bytes
  }

  private func descriptor(_ entry: Entry) -> [UInt8] {
    var record = ZipBytes()
    record.word32(ZipRecord.descriptor)
    record.word32(Int(entry.checksum))
    for size in [entry.compressedByteCount, entry.byteCount] {
      if isWide(entry) { record.word64(size) } else { record.word32(size) }
    }
    return record.bytes
  }

  private func directoryEntry(_ entry: Entry) -> [UInt8] {
    var extra = ZipBytes()
    for value in [entry.byteCount, entry.compressedByteCount, entry.headerOffset]
    where value >= wideLimit { extra.word64(value) }
    var record = ZipBytes()
    record.word32(ZipRecord.directoryEntry)
    record.word16(45)
    common(entry, &record)
    record.word32(Int(entry.checksum))
    record.word32(narrow(entry.compressedByteCount))
    record.word32(narrow(entry.byteCount))
    record.word16(entry.name.count)
    record.word16(extra.bytes.isEmpty ? 0 : extra.bytes.count + 4)
    for _ in 0..<3 { record.word16(0) }
    record.word32(0)
    record.word32(narrow(entry.headerOffset))
    record.bytes += entry.name
    if !extra.bytes.isEmpty {
      record.word16(ZipRecord.extra64)
      record.word16(extra.bytes.count)
      record.bytes += extra.bytes
    }
    return record.bytes
  }

  /// Version needed, flags, method, and the first moment that the format knows: same arrays, same
  /// bytes.
  private func common(_ entry: Entry, _ record: inout ZipBytes) {
    record.word16(isWide(entry) || entry.headerOffset >= wideLimit ? 45 : 20)
    record.word16(entry.flags)
    record.word16(entry.method)
    record.word16(0)
    record.word16(0x21)
  }

  private func narrow(_ value: Int) -> Int { value >= wideLimit ? ZipRecord.none32 : value }
}

/// Little-endian numbers into bytes.
private struct ZipBytes {
  var bytes: [UInt8] = []

  mutating func word16(_ value: Int) { append(value, 2) }
  mutating func word32(_ value: Int) { append(value, 4) }
  mutating func word64(_ value: Int) { append(value, 8) }

  private mutating func append(_ value: Int, _ count: Int) {
    for i in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * i))) }
  }
}
