import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files that hold several chunks each, with an index of their places.
///
/// - Source: codec `sharding_indexed` of the Zarr specification, version 3.
struct ZarrShards: Sendable {
  /// The chunks of a shard along every axis.
  let counts: [Int]
  private let indexCodecs: [ChunkCodec]
  private let isIndexSwapped: Bool
  private let isIndexAtEnd: Bool

  /// Reads the codec's configuration, for shards and chunks of these extents.
  ///
  /// - Throws: `file-format` where chunks do not fill shards; `unsupported` for an index of a form that
  ///   is not read.
  init(
    _ configuration: JSONValue, shard: [Int], chunk: [Int], _ fields: ZarrFields
  ) throws(WeftError) {
    guard shard.count == chunk.count,
      zip(shard, chunk).allSatisfy({ $1 > 0 && $0 > 0 && $0.isMultiple(of: $1) })
    else { throw fields.damaged("chunks of \(chunk) do not fill shards of \(shard)") }
    counts = zip(shard, chunk).map { $0 / $1 }
    let index = try ChunkLayers(
      configuration["index_codecs"]?.items ?? [], rank: counts.count + 1, itemSize: 8, fields)
    guard index.axes == nil, index.codecs.allSatisfy({ $0 == .checksum }) else {
      throw fields.unsupported("an index of shards that is compressed or transposed")
    }
    indexCodecs = index.codecs
    isIndexSwapped = index.isByteSwapped
    switch configuration["index_location"]?.text ?? "end" {
    case "end": isIndexAtEnd = true
    case "start": isIndexAtEnd = false
    case let place: throw fields.damaged("the index of shards is at \"\(place.prefix(64))\"")
    }
  }

  /// The shard that has a chunk.
  func shard(of chunk: [Int]) -> [Int] { zip(chunk, counts).map { $0 / $1 } }

  /// Where a chunk's bytes are in the file of its shard; nil where it is not stored.
  func place(of chunk: [Int], in index: [UInt64]) -> (offset: UInt64, count: UInt64)? {
    let number = zip(chunk, counts).reduce(0) { $0 * $1.1 + $1.0 % $1.1 }
    let (offset, count) = (index[2 * number], index[2 * number + 1])
    return offset == .max && count == .max ? nil : (offset, count)
  }

  /// Reads the index of a shard's file: an offset and a count of bytes for each chunk, in C order.
  func index(_ file: OpenFile, byteCount: Int, operation: String) throws(WeftError) -> [UInt64] {
    let extent = counts.reduce(16, *)
    let stored = extent + 4 * indexCodecs.count
    guard stored <= byteCount else {
      throw WeftError(
        .fileFormat, operation, "the shard has \(byteCount) bytes, its index alone \(stored)")
    }
    let contents = try file.bytes(at: isIndexAtEnd ? byteCount - stored : 0, stored)
    var bytes = [UInt8](repeating: 0, count: extent)
    try bytes.withMutableBytes { (target) throws(WeftError) in
      try ChunkCodec.decode(contents.bytes, indexCodecs, to: target, operation: operation)
    }
    return bytes.withUnsafeBytes { bytes in
      stride(from: 0, to: extent, by: 8).map {
        let word = bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self)
        return isIndexSwapped ? UInt64(bigEndian: word) : UInt64(littleEndian: word)
      }
    }
  }
}

/// The file of a chunk, or of a shard of chunks.
struct ZarrChunkFile {
  private let contents: Contents
  /// What an error says was done.
  let operation: String

  private enum Contents {
    case chunk(Buffer)
    case shard(ZarrShards, OpenFile, byteCount: Int, index: [UInt64])
  }

  /// Opens the file that has a chunk; nil where there is none.
  ///
  /// - Throws: `file` when the system refuses; `file-format` where a shard's index is damaged.
  init?(of chunk: [Int], _ metadata: ZarrMetadata, in store: String) throws(WeftError) {
    let path = "\(store)/\(metadata.key(of: metadata.shards?.shard(of: chunk) ?? chunk))"
    if access(path, F_OK) != 0, errno == ENOENT { return nil }
    operation = "read \"\(path)\""
    guard let shards = metadata.shards else {
      contents = .chunk(
        try FileContents.read(path, operation: operation, mapped: false, in: MemoryAccount()))
      return
    }
    let file = try OpenFile(path, operation: operation)
    let byteCount = try file.byteCount(operation)
    let index = try shards.index(file, byteCount: byteCount, operation: operation)
    contents = .shard(shards, file, byteCount: byteCount, index: index)
  }

  /// What is stored of a chunk that is here; nil where nothing is.
  ///
  /// - Throws: `file` when the system refuses; `file-format` where the chunk is said to be outside of the file.
  func bytes(of chunk: [Int]) throws(WeftError) -> Buffer? {
    switch contents {
    case .chunk(let bytes): return bytes
    case .shard(let shards, let file, let byteCount, let index):
      guard let (offset, count) = shards.place(of: chunk, in: index) else { return nil }
      let (end, overflow) = offset.addingReportingOverflow(count)
      guard !overflow, end <= UInt64(byteCount) else {
        throw WeftError(
          .fileFormat, operation,
          "chunk \(chunk) is said to be \(count) bytes from \(offset); the shard has \(byteCount)")
      }
      return try file.bytes(at: Int(offset), Int(count))
    }
  }
}

extension OpenFile {
  /// The bytes of a file that is one.
  fileprivate func byteCount(_ operation: String) throws(WeftError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .system(operation, "cannot examine \"\(path)\"")
    }
    guard status.st_mode & S_IFMT == S_IFREG, let count = Int(exactly: status.st_size) else {
      throw WeftError(.file, operation, "\"\(path)\" is not a regular file")
    }
    return count
  }

  /// Reads bytes from a place.
  fileprivate func bytes(at offset: Int, _ count: Int) throws(WeftError) -> Buffer {
    let buffer = try Buffer(
      allocating: TensorType(.uint8, Shape([count])), in: MemoryAccount())
    try FilePlace(descriptor, path, offset, buffer.type).read(Region([0..<count]), to: buffer.base)
    return buffer
  }
}
