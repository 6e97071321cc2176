import WeftIR

/// How the bytes of a chunk are told from what is stored; libraries are opened when a chunk needs them.
enum ChunkCodec: Hashable, Sendable {
  /// zlib's and gzip's formats, which name themselves.
  case deflate
  case zstd
  case blosc
  /// Four bytes behind the others that tell damage.
  case checksum

  /// A codec by the name that metadata have.
  init(_ name: String, _ fields: ZarrFields) throws(WeftError) {
    // zarr-python's prefix of codecs of version 2 in stores of version 3.
    let plain = name.hasPrefix("numcodecs.") ? String(name.dropFirst(10)) : name
    switch plain {
    case "zlib", "gzip": self = .deflate
    case "zstd": self = .zstd
    case "blosc": self = .blosc
    case "crc32c": self = .checksum
    default: throw fields.unsupported("codec \(name.prefix(64))")
    }
  }

  /// Fills `target` with what the bytes were before some codecs, the last one first.
  ///
  /// - Throws: `file` where a library is missing; `file-format` where the bytes are damaged or are not
  ///   exactly so many; `unsupported` for several compressions of one chunk.
  static func decode(
    _ stored: UnsafeRawBufferPointer, _ codecs: [ChunkCodec],
    to target: UnsafeMutableRawBufferPointer, operation: String
  ) throws(WeftError) {
    var bytes = stored
    var rest = codecs[...]
    while rest.last == .checksum {
      rest.removeLast()
      bytes = try Castagnoli.checked(bytes, operation: operation)
    }
    guard rest.count <= 1, let codec = rest.last else {
      guard rest.isEmpty else {
        throw WeftError(.unsupported, operation, "several compressions of one chunk are not read")
      }
      guard bytes.count == target.count else {
        throw WeftError(
          .fileFormat, operation, "the chunk has \(bytes.count) bytes, expected \(target.count)")
      }
      target.copyMemory(from: bytes)
      return
    }
    switch codec {
    case .deflate:
      let inflater = try Inflater(
        ZlibLibrary.open(for: operation), bytes, window: ZlibLibrary.Code.anyWindow,
        operation: operation)
      try inflater.fill(target)
      try inflater.finish()
    case .zstd:
      try ZstdLibrary.open(for: operation).decode(bytes, to: target, operation: operation)
    case .blosc:
      try BloscLibrary.open(for: operation).decode(bytes, to: target, operation: operation)
    case .checksum: break
    }
  }

  static func damaged(_ operation: String) -> WeftError {
    WeftError(.fileFormat, operation, "the compressed data are damaged")
  }

  /// Refuses another number of bytes than a chunk has.
  static func check(_ count: Int, _ expected: Int, _ operation: String) throws(WeftError) {
    guard count == expected else {
      throw WeftError(
        .fileFormat, operation, "the compressed data are \(count) bytes, expected \(expected)")
    }
  }
}

/// How the elements of a chunk are told from what is stored of it.
struct ChunkLayers: Sendable {
  /// What was done with the bytes, the first one first.
  let codecs: [ChunkCodec]
  let isByteSwapped: Bool
  /// The axes of the array in the order in which a chunk has them, the one that varies slowest first; nil for C
  /// order.
  let axes: [Int]?

  init(codecs: [ChunkCodec], isByteSwapped: Bool, axes: [Int]?) {
    self.codecs = codecs
    self.isByteSwapped = isByteSwapped
    self.axes = axes
  }

  /// Reads the list of codecs that metadata of version 3 have.
  ///
  /// - Throws: `file-format` where it is damaged; `unsupported` for what is not read, by its name.
  init(
    _ items: [JSONValue], rank: Int, itemSize: Int, _ fields: ZarrFields
  ) throws(WeftError) {
    var codecs: [ChunkCodec] = []
    var isSwapped = false
    var axes: [Int]?
    for codec in items {
      let configuration = codec["configuration"]
      switch codec["name"]?.text ?? "" {
      case "bytes": isSwapped = configuration?["endian"]?.text == "big" && itemSize > 1
      case "transpose":
        guard axes == nil, codecs.isEmpty else {
          throw fields.unsupported("several transpositions")
        }
        axes = configuration?["order"]?.items?.compactMap(\.int) ?? []
        guard axes?.sorted() == Array(0..<rank) else {
          throw fields.damaged("'order' of transpose is no permutation of \(rank) axes")
        }
      case let name: codecs.append(try ChunkCodec(name, fields))
      }
    }
    self.init(
      codecs: codecs, isByteSwapped: isSwapped, axes: axes == Array(0..<rank) ? nil : axes)
  }
}

/// CRC-32C.
///
/// - Source: RFC 3720, B.4: the polynomial of Castagnoli, bits reversed.
enum Castagnoli {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1
    }
  }

  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      ~bytes.reduce(~0) { table[Int(truncatingIfNeeded: ($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
    }
  }

  /// The bytes before a checksum that is right.
  static func checked(
    _ bytes: UnsafeRawBufferPointer, operation: String
  ) throws(WeftError) -> UnsafeRawBufferPointer {
    guard let stored = LittleEndian(bytes).word32(bytes.count - 4) else {
      throw ChunkCodec.damaged(operation)
    }
    let rest = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 4)])
    guard stored == Int(checksum(rest)) else {
      throw WeftError(.fileFormat, operation, "the checksum differs: the bytes are damaged")
    }
    return rest
  }
}
