import WeftIR

/// A `.npz` archive: named arrays in one file, read one at a time.
///
/// - NumPy: as `numpy.load` of a `.npz` file. Bytes that are stored, aligned and of this machine's
///   order stay in the mapped file; `NPZFile.write` aligns them, NumPy does not.
///
/// ```swift
/// import Foundation
///
/// let path = NSTemporaryDirectory() + "weft-named.npz"
/// let weights = try ones([2, 2]).buffer()
/// let bias = try zeros([2]).buffer()
/// try NPZFile.write([("weights", weights), ("bias", bias)], to: path)
/// let file = try NPZFile(reading: path)
/// file.names  // ["weights", "bias"]
/// try file.array("bias").type  // float64[2]
/// ```
public struct NPZFile: Sendable {
  /// The names of the arrays, without `.npy`, in the order of the archive.
  public let names: [String]
  let archive: ZipArchive
  private let indices: [String: Int]
  let options: ArrayFileOptions
  let account: MemoryAccount
  private let operation: String
  /// The file, for members that are read box by box; nil for an archive in memory.
  let file: OpenFile?

  /// Opens an archive and reads its names; the arrays are not touched.
  ///
  /// - Throws: `file` when the system refuses, `file-format` when the directory is damaged.
  public init(
    reading path: String, options: ArrayFileOptions = .init(), account: MemoryAccount = .init()
  ) throws(WeftError) {
    let operation = "read \"\(path)\""
    let contents = try FileContents.read(
      path, operation: operation, mapped: options.isMapped, in: account)
    try self.init(
      contents, options: options, account: account, operation: operation,
      file: OpenFile(path, operation: operation))
  }

  /// Opens an archive in memory.
  public init(
    _ contents: Buffer, options: ArrayFileOptions = .init(), account: MemoryAccount = .init(),
    operation: String = "parse .npz"
  ) throws(WeftError) {
    try self.init(
      contents, options: options, account: account, operation: operation, file: nil)
  }

  private init(
    _ contents: Buffer, options: ArrayFileOptions, account: MemoryAccount, operation: String,
    file: OpenFile?
  ) throws(WeftError) {
    self.file = file
    archive = try ZipArchive(contents, operation: operation)
    self.options = options
    self.account = account
    self.operation = operation
    var names: [String] = []
    var indices: [String: Int] = [:]
    for (i, entry) in archive.entries.enumerated() where entry.name.hasSuffix(".npy") {
      let name = String(entry.name.dropLast(4))
      guard indices.updateValue(i, forKey: name) == nil else {
        throw WeftError(.fileFormat, operation, "two entries are named \"\(name.prefix(64))\"")
      }
      names.append(name)
    }
    self.names = names
    self.indices = indices
  }

  /// Reads the array of a name.
  ///
  /// - Throws: `name` when there is none, `file-format` when its bytes are not an array of numbers
  ///   or not those that were written, `out-of-memory`.
  public func array(_ name: String) throws(WeftError) -> NPYArray {
    let (entry, operation) = try entry(name)
    return try archive.contents.reading { () throws(WeftError) in
      let data = try archive.data(of: entry)
      return entry.isDeflated
        ? try inflated(entry, data, operation: operation)
        : try stored(entry, data, operation: operation)
    }
  }

  func entry(
    _ name: String
  ) throws(WeftError) -> (entry: ZipArchive.Entry, operation: String) {
    guard let index = indices[name] else {
      let known = names.prefix(8).map { "\"\($0.prefix(32))\"" }.joined(separator: ", ")
      throw WeftError(
        .name, operation,
        "no array \"\(name.prefix(64))\"; there are \(known)\(names.count > 8 ? ", ..." : "")")
    }
    return (archive.entries[index], "\(operation), array \"\(name.prefix(64))\"")
  }

  /// The text of an array of one byte string, such as SciPy's `format`; nil for another array.
  ///
  /// - Throws: as `array`, for an archive that is damaged.
  func text(_ name: String) throws(WeftError) -> String? {
    guard let index = indices[name] else { return nil }
    let entry = archive.entries[index]
    guard entry.byteCount <= 4096 else { return nil }
    let operation = "\(operation), array \"\(name.prefix(64))\""
    let data = try archive.data(of: entry)
    var bytes = Array(data.prefix(entry.byteCount))
    if entry.isDeflated {
      let library = try ZlibLibrary.open(for: operation)
      let inflater = try Inflater(library, data, operation: operation)
      bytes = [UInt8](repeating: 0, count: entry.byteCount)
      try fill(&bytes, from: 0, inflater)
    }
    guard bytes.count >= NPYHeader.prefixByteCount else { return nil }
    let prefix = try bytes.withBytes { (bytes) throws(WeftError) in
      try NPYHeader.Prefix(parsing: bytes, operation: operation)
    }
    guard prefix.dataOffset <= bytes.count else { return nil }
    // Byte strings and UTF-32 text alike, without what pads them.
    return String(decoding: bytes[prefix.dataOffset...].filter { $0 != 0 }, as: UTF8.self)
  }

  private func stored(
    _ entry: ZipArchive.Entry, _ data: UnsafeRawBufferPointer, operation: String
  ) throws(WeftError) -> NPYArray {
    if options.verifiesChecksums {
      let library = try ZlibLibrary.open(for: operation)
      try check(library.checksum(data), entry, operation: operation)
    }
    let (array, byteCount) = try NPYFile.decode(
      data, owner: archive.contents, options: options, account: account, operation: operation)
    try checkExtent(byteCount, entry, operation: operation)
    return array
  }

  /// Deflate cannot shrink more: 258 bytes take at least two bits.
  ///
  /// - Source: zlib, "Technical Details": at most 1032 to 1.
  private static let greatestRatio = 1032

  /// Inflates the header of a deflated entry; what follows are the elements.
  func openedDeflated(
    _ entry: ZipArchive.Entry, _ data: UnsafeRawBufferPointer, operation: String
  ) throws(WeftError) -> (header: NPYHeader, inflater: Inflater) {
    guard entry.byteCount / Self.greatestRatio <= data.count else {
      throw NPYHeader.invalid(
        operation, "\(data.count) compressed bytes cannot hold \(entry.byteCount)")
    }
    guard entry.byteCount >= NPYHeader.prefixByteCount else {
      throw NPYHeader.invalid(operation, "\(entry.byteCount) bytes are not a .npy file")
    }
    let library = try ZlibLibrary.open(for: operation)
    let inflater = try Inflater(library, data, operation: operation)
    var text = [UInt8](repeating: 0, count: NPYHeader.prefixByteCount)
    try fill(&text, from: 0, inflater)
    let prefix = try text.withBytes { (bytes) throws(WeftError) in
      try NPYHeader.Prefix(parsing: bytes, operation: operation)
    }
    guard prefix.dataOffset >= text.count, prefix.dataOffset <= entry.byteCount else {
      throw NPYHeader.invalid(operation, "the header has \(prefix.dataOffset) bytes")
    }
    try account.requireRoom(prefix.dataOffset, times: 2, for: operation)
    text += [UInt8](repeating: 0, count: prefix.dataOffset - text.count)
    try fill(&text, from: NPYHeader.prefixByteCount, inflater)
    let header = try text.withBytes { (bytes) throws(WeftError) in
      try NPYHeader(parsing: bytes, options: options, operation: operation)
    }
    try checkExtent(header.imageByteCount, entry, operation: operation)
    return (header, inflater)
  }

  private func inflated(
    _ entry: ZipArchive.Entry, _ data: UnsafeRawBufferPointer, operation: String
  ) throws(WeftError) -> NPYArray {
    let (header, inflater) = try openedDeflated(entry, data, operation: operation)
    let buffer = try Buffer(allocating: header.storedType, in: account)
    try inflate(inflater, header, entry, to: buffer.base, operation: operation)
    return NPYFile.array(buffer, header)
  }

  /// Fills memory with the elements of a deflated entry.
  func inflate(
    _ inflater: Inflater, _ header: NPYHeader, _ entry: ZipArchive.Entry,
    to base: UnsafeMutableRawPointer, operation: String
  ) throws(WeftError) {
    let bytes = UnsafeMutableRawBufferPointer(start: base, count: header.dataByteCount)
    try inflater.fill(bytes)
    try inflater.finish()
    if options.verifiesChecksums { try check(inflater.checksum, entry, operation: operation) }
    NPYFile.correct(bytes, header)
  }

  private func fill(
    _ bytes: inout [UInt8], from start: Int, _ inflater: Inflater
  ) throws(WeftError) {
    try bytes.withMutableBytes { (bytes) throws(WeftError) in
      try inflater.fill(UnsafeMutableRawBufferPointer(rebasing: bytes[start...]))
    }
  }

  private func check(
    _ checksum: UInt32, _ entry: ZipArchive.Entry, operation: String
  ) throws(WeftError) {
    guard checksum == entry.checksum else {
      throw NPYHeader.invalid(operation, "the checksum differs: the bytes are damaged")
    }
  }

  func checkExtent(
    _ byteCount: Int, _ entry: ZipArchive.Entry, operation: String
  ) throws(WeftError) {
    guard byteCount == entry.byteCount else {
      throw NPYHeader.invalid(
        operation, "the entry has \(entry.byteCount) bytes, its header says \(byteCount)")
    }
  }
}

// MARK: - Writing

extension NPZFile {
  /// Writes named arrays, stored or deflated; the file appears whole or not at all.
  ///
  /// - Throws: `argument` for a name that is empty, too long or there twice; `file` when the system
  ///   refuses or the disk is full.
  /// - NumPy: as `numpy.savez` and `numpy.savez_compressed`.
  public static func write(
    _ arrays: [(name: String, buffer: Buffer)], to path: String, isCompressed: Bool = false
  ) throws(WeftError) {
    try write(arrays, to: path, isCompressed: isCompressed, wideLimit: ZipRecord.none32)
  }

  /// As `write`, with a text named `format` as sparse arrays of SciPy and pydata/sparse have it.
  static func write(
    _ arrays: [(name: String, buffer: Buffer)], to path: String, format: String
  ) throws(WeftError) {
    try write(
      arrays, to: path, isCompressed: false, wideLimit: ZipRecord.none32,
      text: (name: "format", text: format))
  }

  /// As `write`; tests lower the limit past which zip64 records are written.
  static func write(
    _ arrays: [(name: String, buffer: Buffer)], to path: String, isCompressed: Bool,
    wideLimit: Int, text: (name: String, text: String)? = nil
  ) throws(WeftError) {
    let operation = "write \"\(path)\""
    var seen: Set<String> = []
    for (name, _) in arrays {
      guard !name.isEmpty, name.utf8.count <= 0xFF00, !name.utf8.contains(0),
        seen.insert(name).inserted
      else {
        throw WeftError(
          .argument, operation,
          "the array name \"\(name.prefix(64))\" is empty, too long, has a NUL, or is there twice")
      }
    }
    try FileOutput.create(path, operation: operation) { (output) throws(WeftError) in
      let writer = try ZipWriter(output, operation: operation, wideLimit: wideLimit)
      for (name, buffer) in arrays {
        let header = NPYHeader.encode(buffer.type)
        try buffer.reading { () throws(WeftError) in
          try header.withBytes { (header) throws(WeftError) in
            try writer.add(name + ".npy", [header, buffer.bytes], isDeflated: isCompressed)
          }
        }
      }
      if let text {
        // UTF-32: pydata/sparse takes no byte strings.
        let letters = Array(text.text.unicodeScalars)
        let image =
          NPYHeader.encode(descr: "<U\(letters.count)", [])
          + letters.flatMap { letter in
            (0..<4).map { UInt8(truncatingIfNeeded: letter.value >> ($0 * 8)) }
          }
        try image.withBytes { (bytes) throws(WeftError) in
          try writer.add(text.name + ".npy", [bytes], isDeflated: isCompressed)
        }
      }
      try writer.finish()
    }
  }
}
