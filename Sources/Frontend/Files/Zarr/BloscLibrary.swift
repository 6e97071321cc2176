import WeftIR

/// libblosc, whose frames tell their compressor and how bytes were shuffled.
///
/// - Source: blosc.h of c-blosc 1.21; the header of a frame, README_CHUNK_FORMAT.rst there.
struct BloscLibrary: Sendable {
  private typealias Compress =
    @convention(c) (
      Int32, Int32, Int, Int, UnsafeRawPointer?, UnsafeMutableRawPointer?, Int,
      UnsafePointer<CChar>?, Int, Int32
    ) -> Int32
  private typealias Decompress =
    @convention(c) (UnsafeRawPointer?, UnsafeMutableRawPointer?, Int, Int32) -> Int32
  private typealias Validate =
    @convention(c) (UnsafeRawPointer?, Int, UnsafeMutablePointer<Int>) -> Int32
  private typealias Code = @convention(c) (UnsafePointer<CChar>?) -> Int32

  /// `BLOSC_MAX_OVERHEAD`, the bytes of the header.
  private static let headerByteCount = 16
  /// `BLOSC_MAX_BUFFERSIZE`.
  static let greatestCount = Int(Int32.max) - headerByteCount

  private let compress: Compress
  private let decompress: Decompress
  private let validate: Validate
  private let code: Code

  private static let loaded = Result { () throws(SystemLibrary.Failure) in try BloscLibrary() }

  private init() throws(SystemLibrary.Failure) {
    let library = try SystemLibrary(["libblosc.so.1", "libblosc.dylib"])
    // These keep no state of their own, so that threads need not wait for each other.
    compress = try library.function("blosc_compress_ctx", Compress.self)
    decompress = try library.function("blosc_decompress_ctx", Decompress.self)
    validate = try library.function("blosc_cbuffer_validate", Validate.self)
    code = try library.function("blosc_compname_to_compcode", Code.self)
  }

  /// The library of this system.
  ///
  /// - Throws: `file` when there is none.
  static func open(for operation: String) throws(WeftError) -> BloscLibrary {
    switch loaded {
    case .success(let library): return library
    case .failure(let failure): throw failure.error("blosc", package: "libblosc1", operation)
    }
  }

  /// Fills `target` with what a frame holds, exactly.
  func decode(
    _ bytes: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, operation: String
  ) throws(WeftError) {
    var count = 0
    guard bytes.count >= Self.headerByteCount,
      validate(bytes.baseAddress, bytes.count, &count) == 0
    else { throw ChunkCodec.damaged(operation) }
    try ChunkCodec.check(count, target.count, operation)
    let found = decompress(bytes.baseAddress, target.baseAddress, target.count, 1)
    guard found >= 0 else { throw ChunkCodec.damaged(operation) }
    try ChunkCodec.check(Int(found), target.count, operation)
  }

  /// One frame.
  func encoded(
    _ bytes: UnsafeRawBufferPointer, itemSize: Int, _ settings: ChunkCompression.Blosc,
    operation: String
  ) throws(WeftError) -> [UInt8] {
    guard bytes.count <= Self.greatestCount else {
      throw WeftError(
        .tooLarge, operation,
        "chunks of \(bytes.count) bytes; blosc takes \(Self.greatestCount) at most")
    }
    guard code(settings.compressor.rawValue) >= 0 else {
      throw WeftError(
        .unsupported, operation, "this libblosc has no \(settings.compressor.rawValue)")
    }
    let capacity = bytes.count + Self.headerByteCount
    var count: Int32 = 0
    let output = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
      count = compress(
        Int32(clamping: settings.level), settings.shuffle.code, itemSize, bytes.count,
        bytes.baseAddress, buffer.baseAddress, capacity, settings.compressor.rawValue, 0, 1)
      initialized = max(0, Int(count))
    }
    guard count > 0 else {
      throw WeftError(.outOfMemory, operation, "blosc gave up with code \(count)")
    }
    return output
  }
}
