import WeftIR

/// zlib, opened at run time, so that building needs none of its headers.
struct ZlibLibrary: Sendable {
  /// `z_stream` of `zlib.h` on 64-bit systems; `inflateInit2_` refuses another size.
  struct Stream {
    var nextIn: UnsafePointer<UInt8>?
    var availableIn: UInt32 = 0
    var totalIn: UInt = 0
    var nextOut: UnsafeMutablePointer<UInt8>?
    var availableOut: UInt32 = 0
    var totalOut: UInt = 0
    var message: UnsafePointer<CChar>?
    var state: UnsafeRawPointer?
    var allocate: UnsafeRawPointer?
    var release: UnsafeRawPointer?
    var opaque: UnsafeRawPointer?
    var dataType: Int32 = 0
    var checksum: UInt = 0
    var reserved: UInt = 0
  }

  /// Return codes and flags of `zlib.h`.
  enum Code {
    static let ok: Int32 = 0
    static let streamEnd: Int32 = 1
    static let outOfMemory: Int32 = -4
    static let bufferError: Int32 = -5
    static let noFlush: Int32 = 0
    static let finish: Int32 = 4
    static let deflated: Int32 = 8
    static let defaultStrategy: Int32 = 0
    /// The greatest window, without zlib's own header and trailer: what zip archives hold.
    static let rawWindow: Int32 = -15
    /// The greatest window, with zlib's header and trailer, and with those of gzip.
    static let zlibWindow: Int32 = 15
    static let gzipWindow: Int32 = 15 + 16
    /// The greatest window, with the header and trailer of zlib or gzip.
    static let anyWindow: Int32 = 15 + 32
  }

  typealias Initializer =
    @convention(c) (
      UnsafeMutableRawPointer, Int32, UnsafePointer<CChar>?, Int32
    ) -> Int32
  typealias LongInitializer =
    @convention(c) (
      UnsafeMutableRawPointer, Int32, Int32, Int32, Int32, Int32, UnsafePointer<CChar>?, Int32
    ) -> Int32
  typealias Step = @convention(c) (UnsafeMutableRawPointer, Int32) -> Int32
  typealias End = @convention(c) (UnsafeMutableRawPointer) -> Int32

  let inflateInit2: Initializer
  let inflate: Step
  let inflateEnd: End
  let deflateInit2: LongInitializer
  let deflate: Step
  let deflateEnd: End
  let version: @convention(c) () -> UnsafePointer<CChar>?
  private let crc32: @convention(c) (UInt, UnsafePointer<UInt8>?, UInt32) -> UInt
  private let compressBound: @convention(c) (UInt) -> UInt
  private let compress2:
    @convention(c) (
      UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt>, UnsafePointer<UInt8>?, UInt, Int32
    ) -> Int32

  /// zlib counts in 32 bits; longer data goes in pieces.
  static let greatestPiece = 1 << 30
}

// MARK: - Opening

extension ZlibLibrary {
  /// The library of this system.
  ///
  /// - Throws: `file` when there is none.
  static func open(for operation: String) throws(WeftError) -> ZlibLibrary {
    switch loaded {
    case .success(let library): return library
    case .failure(let failure):
      throw failure.error("zlib", package: "zlib1g", operation)
    }
  }

  private static let loaded = Result { () throws(SystemLibrary.Failure) in try ZlibLibrary() }

  private init() throws(SystemLibrary.Failure) {
    #if canImport(Glibc)
      let library = try SystemLibrary(["libz.so.1", "libz.so"])
    #else
      let library = try SystemLibrary(["/usr/lib/libz.1.dylib", "libz.dylib"])
    #endif
    inflateInit2 = try library.function("inflateInit2_", Initializer.self)
    inflate = try library.function("inflate", Step.self)
    inflateEnd = try library.function("inflateEnd", End.self)
    deflateInit2 = try library.function("deflateInit2_", LongInitializer.self)
    deflate = try library.function("deflate", Step.self)
    deflateEnd = try library.function("deflateEnd", End.self)
    version = try library.function("zlibVersion", type(of: version))
    crc32 = try library.function("crc32", type(of: crc32))
    compressBound = try library.function("compressBound", type(of: compressBound))
    compress2 = try library.function("compress2", type(of: compress2))
  }
}

// MARK: - Whole buffers

extension ZlibLibrary {
  /// The CRC-32 of bytes that follow those which gave `seed`.
  func checksum(_ bytes: UnsafeRawBufferPointer, seed: UInt32 = 0) -> UInt32 {
    var value = UInt(seed)
    for start in stride(from: 0, to: bytes.count, by: Self.greatestPiece) {
      let count = min(Self.greatestPiece, bytes.count - start)
      let address = bytes.baseAddress.map {
        ($0 + start).assumingMemoryBound(to: UInt8.self)
      }
      value = crc32(value, address, UInt32(count))
    }
    return UInt32(truncatingIfNeeded: value)
  }

  /// The bytes in zlib's own format, as PNG wants them.
  func compressed(
    _ bytes: UnsafeRawBufferPointer, level: Int32, operation: String
  ) throws(WeftError) -> [UInt8] {
    let bound = compressBound(UInt(bytes.count))
    guard bound < UInt(Int.max) else {
      throw WeftError(.tooLarge, operation, "\(bytes.count) bytes cannot be compressed at once")
    }
    var code: Int32 = 0
    let output = [UInt8](unsafeUninitializedCapacity: Int(bound)) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      var length = bound
      code = compress2(
        start, &length, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
        UInt(bytes.count), level)
      initialized = code == Code.ok ? Int(length) : 0
    }
    guard code == Code.ok else {
      throw WeftError(.outOfMemory, operation, "zlib gave up with code \(code)")
    }
    return output
  }
}
