import WeftIR

/// Decompresses deflate data, raw ones as in archives unless told otherwise, into memory that the
/// caller bounds.
final class Inflater {
  /// The CRC-32 of the bytes given out so far.
  private(set) var checksum: UInt32 = 0
  private let library: ZlibLibrary
  private let stream: UnsafeMutablePointer<ZlibLibrary.Stream>
  private let input: UnsafeRawBufferPointer
  private let operation: String
  private var position = 0
  private var isAtEnd = false

  /// - Precondition: the input outlives the object.
  init(
    _ library: ZlibLibrary, _ input: UnsafeRawBufferPointer,
    window: Int32 = ZlibLibrary.Code.rawWindow, operation: String
  ) throws(WeftError) {
    self.library = library
    self.input = input
    self.operation = operation
    stream = .allocate(capacity: 1)
    stream.initialize(to: .init())
    let code = library.inflateInit2(
      stream, window, library.version(), Int32(MemoryLayout<ZlibLibrary.Stream>.size))
    guard code == ZlibLibrary.Code.ok else {
      throw WeftError(.outOfMemory, operation, "zlib does not start: code \(code)")
    }
  }

  deinit {
    // Harmless on a stream that did not start: zlib checks its state pointer.
    _ = library.inflateEnd(stream)
    stream.deallocate()
  }

  /// Fills all of `output` with the next bytes.
  ///
  /// - Throws: `file-format` when the data are damaged or end before.
  func fill(_ output: UnsafeMutableRawBufferPointer) throws(WeftError) {
    var done = 0
    while done < output.count {
      let count = try step(into: UnsafeMutableRawBufferPointer(rebasing: output[done...]))
      if count == 0, isAtEnd { throw damaged("the compressed data end early") }
      done += count
    }
    checksum = library.checksum(UnsafeRawBufferPointer(output), seed: checksum)
  }

  /// Checks that nothing follows.
  func finish() throws(WeftError) {
    var extra: UInt8 = 0
    while !isAtEnd {
      let count = try withUnsafeMutableBytes(of: &extra) { (byte) throws(WeftError) in
        try step(into: byte)
      }
      if count > 0 { throw damaged("the compressed data go on after the array") }
    }
    if position < input.count { throw damaged("bytes follow the compressed data") }
  }

  /// One call of zlib; at least one byte goes in or out, or the end is reached.
  private func step(into output: UnsafeMutableRawBufferPointer) throws(WeftError) -> Int {
    if isAtEnd { return 0 }
    let inCount = min(input.count - position, ZlibLibrary.greatestPiece)
    let outCount = min(output.count, ZlibLibrary.greatestPiece)
    stream.pointee.nextIn = input.baseAddress.map {
      ($0 + position).assumingMemoryBound(to: UInt8.self)
    }
    stream.pointee.availableIn = UInt32(inCount)
    stream.pointee.nextOut = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.availableOut = UInt32(outCount)
    let code = library.inflate(stream, ZlibLibrary.Code.noFlush)
    let consumed = inCount - Int(stream.pointee.availableIn)
    let produced = outCount - Int(stream.pointee.availableOut)
    position += consumed
    switch code {
    case ZlibLibrary.Code.streamEnd: isAtEnd = true
    case ZlibLibrary.Code.ok where consumed > 0 || produced > 0: break
    case ZlibLibrary.Code.ok, ZlibLibrary.Code.bufferError:
      throw damaged("the compressed data end early")
    case ZlibLibrary.Code.outOfMemory:
      throw WeftError(.outOfMemory, operation, "zlib has no memory")
    default:
      let reason = stream.pointee.message.map { String(cString: $0) } ?? "code \(code)"
      throw damaged("the compressed data are damaged: \(reason)")
    }
    return produced
  }

  private func damaged(_ message: String) -> WeftError {
    WeftError(.fileFormat, operation, message)
  }
}

/// Compresses pieces to deflate data, raw ones unless told otherwise.
final class Deflater {
  private let library: ZlibLibrary
  private let stream: UnsafeMutablePointer<ZlibLibrary.Stream>
  private let operation: String

  init(
    _ library: ZlibLibrary, level: Int32, window: Int32 = ZlibLibrary.Code.rawWindow,
    operation: String
  ) throws(WeftError) {
    self.library = library
    self.operation = operation
    stream = .allocate(capacity: 1)
    stream.initialize(to: .init())
    let code = library.deflateInit2(
      stream, level, ZlibLibrary.Code.deflated, window, 8,
      ZlibLibrary.Code.defaultStrategy, library.version(),
      Int32(MemoryLayout<ZlibLibrary.Stream>.size))
    guard code == ZlibLibrary.Code.ok else {
      throw WeftError(.outOfMemory, operation, "zlib does not start: code \(code)")
    }
  }

  deinit {
    _ = library.deflateEnd(stream)
    stream.deallocate()
  }

  /// Hands the compressed form of the next bytes to `emit`, and all that is left when it is last.
  func compress(
    _ input: UnsafeRawBufferPointer, isLast: Bool,
    emit: (UnsafeRawBufferPointer) throws(WeftError) -> Void
  ) throws(WeftError) {
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { scratch.deallocate() }
    var position = 0
    while true {
      let count = min(input.count - position, ZlibLibrary.greatestPiece)
      let flush =
        isLast && position + count == input.count
        ? ZlibLibrary.Code.finish : ZlibLibrary.Code.noFlush
      stream.pointee.nextIn = input.baseAddress.map {
        ($0 + position).assumingMemoryBound(to: UInt8.self)
      }
      stream.pointee.availableIn = UInt32(count)
      stream.pointee.nextOut = scratch.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.availableOut = UInt32(scratch.count)
      let code = library.deflate(stream, flush)
      position += count - Int(stream.pointee.availableIn)
      let produced = scratch.count - Int(stream.pointee.availableOut)
      try emit(UnsafeRawBufferPointer(rebasing: scratch[..<produced]))
      switch code {
      case ZlibLibrary.Code.streamEnd: return
      // With nothing left to do zlib reports a buffer error, which is not one.
      case ZlibLibrary.Code.ok, ZlibLibrary.Code.bufferError:
        if flush == ZlibLibrary.Code.noFlush, position == input.count, produced < scratch.count {
          return
        }
      default:
        throw WeftError(.internal, operation, "zlib gave up with code \(code)")
      }
    }
  }
}
