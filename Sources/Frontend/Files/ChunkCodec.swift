import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How the bytes of a chunk are compressed; the libraries are opened when a chunk needs them.
enum ChunkCodec: Sendable {
  /// zlib's and gzip's formats, which name themselves.
  case zlib
  case zstd

  /// A codec by the name that metadata have.
  init(_ name: String, _ fields: ZarrFields) throws(WeftError) {
    switch name {
    case "zlib", "gzip": self = .zlib
    case "zstd": self = .zstd
    default: throw fields.unsupported("codec \(name)")
    }
  }

  /// Fills `target` with what the bytes were before.
  ///
  /// - Throws: `file` where there is no library; `file-format` where the bytes are damaged or are not
  ///   exactly so many.
  func decode(
    _ bytes: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, operation: String
  ) throws(WeftError) {
    switch self {
    case .zlib:
      let inflater = try Inflater(
        ZlibLibrary.open(for: operation), bytes, window: ZlibLibrary.Code.anyWindow,
        operation: operation)
      try inflater.fill(target)
      try inflater.finish()
    case .zstd: try Self.checked(Self.zstdCount(bytes, target, operation), target, operation)
    }
  }

  private static func checked(
    _ count: Int, _ target: UnsafeMutableRawBufferPointer, _ operation: String
  ) throws(WeftError) {
    guard count == target.count else {
      throw WeftError(
        .fileFormat, operation,
        count < 0
          ? "the compressed data are damaged"
          : "the compressed data are \(count) bytes, expected \(target.count)")
    }
  }

  // MARK: - Libraries

  private typealias Zstd =
    @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeRawPointer?, Int) -> Int
  private typealias ZstdError = @convention(c) (Int) -> UInt32

  private struct Failure: Error { var reason: String }

  private static let zstdFunctions = Result { () throws(Failure) in
    let handle = try library(["libzstd.so.1", "libzstd.dylib"])
    return (
      try symbol("ZSTD_decompress", handle, Zstd.self),
      try symbol("ZSTD_isError", handle, ZstdError.self)
    )
  }

  private static func library(_ names: [String]) throws(Failure) -> UnsafeMutableRawPointer {
    for name in names {
      if let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) { return handle }
    }
    throw Failure(reason: dlerror().map { String(cString: $0) } ?? names[0])
  }

  private static func symbol<Function>(
    _ name: String, _ handle: UnsafeMutableRawPointer, _ type: Function.Type
  ) throws(Failure) -> Function {
    guard let address = dlsym(handle, name) else { throw Failure(reason: "it has no \(name)") }
    return unsafeBitCast(address, to: type)
  }

  private static func missing(
    _ name: String, _ failure: Failure, _ package: String, _ operation: String
  ) -> WeftError {
    WeftError(
      .file, operation, "\(name) cannot be opened: \(failure.reason)",
      hint: "install it (Debian: apt install \(package))")
  }

  /// The bytes that came out; negative where the data are damaged.
  private static func zstdCount(
    _ bytes: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer, _ operation: String
  ) throws(WeftError) -> Int {
    switch zstdFunctions {
    case .failure(let failure): throw missing("zstd", failure, "libzstd1", operation)
    case .success(let (decompress, isError)):
      let count = decompress(target.baseAddress, target.count, bytes.baseAddress, bytes.count)
      return isError(count) != 0 ? -1 : count
    }
  }
}
