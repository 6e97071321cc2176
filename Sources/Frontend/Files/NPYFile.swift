import WeftIR

/// How array files are read.
public struct ArrayFileOptions: Hashable, Sendable {
  /// Whether large files are mapped into memory instead of read.
  ///
  /// A mapped file costs no memory until it is touched, but should not be changed in place while the
  /// array lives: then values change. A file that became shorter is a `file` error of what reads it, as
  /// long as it is; what is read past `compute()`, through `Buffer.base`, finds zeros.
  /// Replacing the file by renaming another over it, as weft writes, is safe.
  public var isMapped = true
  /// Whether `<V2`, which is how bfloat16 gets into `.npy` files, is bfloat16; else it is an error.
  public var readsVoidAsBFloat16 = false
  /// Whether the checksums of `.npz` entries are compared, which reads every byte.
  public var verifiesChecksums = true

  /// The default options.
  public init() {}
}

/// An array from a file.
public struct NPYArray: Sendable {
  /// The elements as they lie in the file: the axes are reversed when `isFortranOrder`.
  public var buffer: Buffer
  /// dtype and shape as the file says.
  public var type: TensorType
  /// Whether `buffer` has the axes in reverse; false with fewer than two axes.
  public var isFortranOrder: Bool
}

/// Reads and writes NumPy's `.npy` files.
///
/// ```swift
/// import Foundation
///
/// let path = NSTemporaryDirectory() + "weft-plain.npy"
/// try NPYFile.write(try arange(3).buffer(), to: path)
/// try NPYFile.read(path).type  // int64[3]
/// ```
public enum NPYFile {
  /// Reads an array; elements stay in the mapped file when alignment and byte order allow.
  ///
  /// - Throws: `file` when the system refuses, `file-format` when the bytes are not an array of
  ///   numbers, `out-of-memory`.
  /// - NumPy: as `numpy.load`; bytes after the array are ignored.
  public static func read(
    _ path: String, options: ArrayFileOptions = .init(), account: MemoryAccount = .init()
  ) throws(WeftError) -> NPYArray {
    let operation = "read \"\(path)\""
    let contents = try FileContents.read(
      path, operation: operation, mapped: options.isMapped, in: account)
    let array = try parse(
      contents, at: 0, options: options, account: account, operation: operation
    ).array
    // Some elements are copied, and the bits of bools looked at.
    try FileMaps.check([contents])
    // Executors that go box by box read these, so that the map fills no memory.
    if options.isMapped, array.buffer.byteCount >= NPYSource.leastBytes {
      array.buffer.keep(SourceResidence(try NPYSource(path, options: options)))
    }
    return array
  }

  /// Reads the image that starts at an offset of a buffer; the array may share its memory.
  ///
  /// - Returns: the array and the bytes of its image.
  /// - Throws: as `read`; `out-of-range` when the offset is outside the buffer.
  public static func parse(
    _ contents: Buffer, at offset: Int, options: ArrayFileOptions = .init(),
    account: MemoryAccount = .init(), operation: String = "parse .npy"
  ) throws(WeftError) -> (array: NPYArray, byteCount: Int) {
    guard (0...contents.byteCount).contains(offset) else {
      throw WeftError(
        .outOfRange, operation, "offset \(offset) in \(contents.byteCount) bytes")
    }
    let bytes = UnsafeRawBufferPointer(rebasing: contents.bytes[offset...])
    return try decode(
      bytes, owner: contents, options: options, account: account, operation: operation)
  }

  /// Reads the image at the start of memory that the caller keeps; elements are copied.
  public static func parse(
    bytes: UnsafeRawBufferPointer, options: ArrayFileOptions = .init(),
    account: MemoryAccount = .init(), operation: String = "parse .npy"
  ) throws(WeftError) -> (array: NPYArray, byteCount: Int) {
    try decode(bytes, owner: nil, options: options, account: account, operation: operation)
  }

  /// Writes an array; the file appears whole or not at all.
  ///
  /// bfloat16 is written as `<V2`, as ml_dtypes does.
  ///
  /// - Throws: `file` when the system refuses or the disk is full.
  /// - NumPy: as `numpy.save`, which writes the same bytes.
  public static func write(_ buffer: Buffer, to path: String) throws(WeftError) {
    let header = NPYHeader.encode(buffer.type)
    try FileOutput.create(path, operation: "write \"\(path)\"") { (output) throws(WeftError) in
      try output.write(header)
      try buffer.reading { () throws(WeftError) in try output.write(buffer.bytes) }
    }
  }
}

// MARK: - Elements

extension NPYFile {
  /// Decodes an image; the elements stay where they are when `owner` keeps them and they fit.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, owner: Buffer?, options: ArrayFileOptions,
    account: MemoryAccount, operation: String
  ) throws(WeftError) -> (array: NPYArray, byteCount: Int) {
    let header = try NPYHeader(parsing: bytes, options: options, operation: operation)
    guard header.imageByteCount <= bytes.count else {
      throw WeftError(
        .fileFormat, operation,
        "the file ends early: \(header.type) needs \(header.dataByteCount) bytes after the "
          + "header, there are \(bytes.count - header.dataOffset)")
    }
    let data = UnsafeRawBufferPointer(rebasing: bytes[header.dataOffset..<header.imageByteCount])
    let stored = header.storedType
    let buffer: Buffer
    if let owner, let base = data.baseAddress, isUsable(data, header) {
      buffer = Buffer(wrapping: UnsafeMutableRawPointer(mutating: base), type: stored) {
        [owner] in _ = owner
      }
    } else {
      buffer = try Buffer(allocating: stored, in: account)
      if let base = data.baseAddress { buffer.base.copyMemory(from: base, byteCount: data.count) }
      correct(buffer, header)
    }
    return (array(buffer, header), header.imageByteCount)
  }

  static func array(_ buffer: Buffer, _ header: NPYHeader) -> NPYArray {
    NPYArray(buffer: buffer, type: header.type, isFortranOrder: header.isFortranOrder)
  }

  /// Turns elements as the file has them into ones of this machine, in place.
  static func correct(_ buffer: Buffer, _ header: NPYHeader) {
    let bytes = UnsafeMutableRawBufferPointer(start: buffer.base, count: buffer.byteCount)
    correct(bytes, header)
  }

  /// As `correct`, for some of the elements.
  static func correct(_ bytes: UnsafeMutableRawBufferPointer, _ header: NPYHeader) {
    if header.isByteSwapped {
      switch componentByteCount(header.type.dtype) {
      case 2: swapBytes(bytes, UInt16.self)
      case 4: swapBytes(bytes, UInt32.self)
      default: swapBytes(bytes, UInt64.self)
      }
    }
    if header.type.dtype == .bool {
      for i in bytes.indices { bytes[i] = bytes[i] == 0 ? 0 : 1 }
    }
  }

  private static func isUsable(_ data: UnsafeRawBufferPointer, _ header: NPYHeader) -> Bool {
    isAligned(data.baseAddress, header)
      && (header.type.dtype != .bool || data.reduce(0, |) <= 1)
  }

  /// Whether elements at an address need no moving, and no change but that of bools.
  static func isAligned(_ base: UnsafeRawPointer?, _ header: NPYHeader) -> Bool {
    let alignment = componentByteCount(header.type.dtype)
    return !header.isByteSwapped && UInt(bitPattern: base) % UInt(alignment) == 0
  }

  /// The bytes that are swapped and aligned as one: those of a part for complex numbers.
  private static func componentByteCount(_ dtype: DType) -> Int { dtype.realPart.itemSize }

  private static func swapBytes<Word: FixedWidthInteger>(
    _ bytes: UnsafeMutableRawBufferPointer, _ word: Word.Type
  ) {
    for offset in stride(from: 0, to: bytes.count, by: MemoryLayout<Word>.size) {
      let value = bytes.load(fromByteOffset: offset, as: Word.self)
      bytes.storeBytes(of: value.byteSwapped, toByteOffset: offset, as: Word.self)
    }
  }
}
