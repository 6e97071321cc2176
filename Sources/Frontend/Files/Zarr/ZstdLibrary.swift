import WeftIR

/// libzstd: whole buffers in and out.
struct ZstdLibrary: Sendable {
  private typealias Decompress =
    @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeRawPointer?, Int) -> Int
  private typealias Compress =
    @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeRawPointer?, Int, Int32) -> Int
  private typealias Size = @convention(c) (Int) -> Int
  private typealias Check = @convention(c) (Int) -> UInt32

  private let decompress: Decompress
  private let compress: Compress
  private let bound: Size
  private let isError: Check

  private static let loaded = Result { () throws(SystemLibrary.Failure) in try ZstdLibrary() }

  private init() throws(SystemLibrary.Failure) {
    let library = try SystemLibrary(["libzstd.so.1", "libzstd.dylib"])
    decompress = try library.function("ZSTD_decompress", Decompress.self)
    compress = try library.function("ZSTD_compress", Compress.self)
    bound = try library.function("ZSTD_compressBound", Size.self)
    isError = try library.function("ZSTD_isError", Check.self)
  }

  /// The library of this system.
  ///
  /// - Throws: `file` when there is none.
  static func open(for operation: String) throws(WeftError) -> ZstdLibrary {
    switch loaded {
    case .success(let library): return library
    case .failure(let failure): throw failure.error("zstd", package: "libzstd1", operation)
    }
  }

  /// Fills `target` with what frames hold, exactly.
  func decode(
    _ bytes: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, operation: String
  ) throws(WeftError) {
    let count = decompress(target.baseAddress, target.count, bytes.baseAddress, bytes.count)
    guard isError(count) == 0 else { throw ChunkCodec.damaged(operation) }
    try ChunkCodec.check(count, target.count, operation)
  }

  /// One frame.
  func encoded(
    _ bytes: UnsafeRawBufferPointer, level: Int, operation: String
  ) throws(WeftError) -> [UInt8] {
    let capacity = bound(bytes.count)
    guard isError(capacity) == 0 else {
      throw WeftError(.tooLarge, operation, "\(bytes.count) bytes cannot be compressed at once")
    }
    var isDone = false
    let output = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
      let count = compress(
        buffer.baseAddress, capacity, bytes.baseAddress, bytes.count, Int32(clamping: level))
      isDone = isError(count) == 0
      initialized = isDone ? count : 0
    }
    guard isDone else { throw WeftError(.outOfMemory, operation, "zstd has no memory") }
    return output
  }
}
