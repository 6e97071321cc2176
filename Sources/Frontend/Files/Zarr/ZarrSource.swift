import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An array of a Zarr directory store, read chunk by chunk: versions 2 and 3.
///
/// Codecs: none, zlib, gzip, zstd, blosc, crc32c, through the system's libraries; chunks in C or
/// Fortran order, also several to a file (`sharding_indexed`). Chunks that are not stored have the fill
/// value.
///
/// ```swift
/// import Foundation
///
/// let folder = NSTemporaryDirectory() + "weft-example.zarr"
/// try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
/// let metadata =
///   #"{"zarr_format": 2, "shape": [4], "chunks": [2], "dtype": "<i8", "compressor": null, "#
///   + #""fill_value": 7, "order": "C", "filters": null}"#
/// try metadata.write(toFile: folder + "/.zarray", atomically: true, encoding: .utf8)
/// try NDArray(contentsOf: folder)  // [7 7 7 7]
/// ```
public final class ZarrSource: RegionSource {
  private let metadata: ZarrMetadata
  private let path: String
  private let operation: String

  /// Opens an array: a folder with `.zarray` or `zarr.json`.
  ///
  /// - Throws: `file` when the metadata cannot be read, `file-format` when they are damaged,
  ///   `unsupported`, with its name, for a codec, filter, order or dtype that is not read.
  public init(_ path: String) throws(WeftError) {
    self.path = path
    operation = "read \"\(path)\""
    let file = Self.metadataFile(in: path) ?? path + "/zarr.json"
    let contents = try FileContents.read(
      file, operation: operation, mapped: false, in: MemoryAccount())
    metadata = try ZarrMetadata(Array(contents.bytes), operation: operation)
  }

  /// The file with the metadata of an array in a folder, if there is one.
  static func metadataFile(in folder: String) -> String? {
    [folder + "/.zarray", folder + "/zarr.json"].first { access($0, R_OK) == 0 }
  }

  /// Whether a path is that of a folder.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// dtype and shape.
  public var type: TensorType { metadata.type }
  /// The chunks of the store.
  public var chunks: [ChunkGrid.Cut]? { metadata.chunkExtents.map { .uniform($0) } }
  /// The folder.
  public var origin: String { path }
  /// The folder's name, and size and time of all files in it.
  public var identity: String? { FileIdentity.text(path) }

  /// Reads the elements of a box: every chunk that has some of them, whole.
  ///
  /// - Throws: `file` and `file-format`, with the chunk's file.
  public func read(_ region: Region, to base: UnsafeMutableRawPointer) throws {
    if region.count == 0 { return }
    let grid = grid(metadata.chunkExtents)
    var scratch = Scratch()
    for files in fileBoxes(region) {
      let chunks = grid.chunks(in: files)
      guard let first = chunks.first else { continue }
      let file = try ZarrChunkFile(of: grid.indices(of: first), metadata, in: path)
      for number in chunks {
        try read(grid.indices(of: number), file, region, base, &scratch)
      }
    }
  }

  private func grid(_ extents: [Int]) -> ChunkGrid {
    ChunkGrid(metadata.type.shape.codes, cuts: extents.map { .uniform($0) })
  }

  /// What each file has of a box.
  private func fileBoxes(_ region: Region) -> [Region] {
    let grid = grid(metadata.fileExtents)
    return grid.chunks(in: region).map { number in
      let box = grid.region(of: number)
      return Region(zip(box.ranges, region.ranges).map { $0.clamped(to: $1) })
    }
  }

  /// Reads what a chunk has of a box.
  private func read(
    _ indices: [Int], _ file: ZarrChunkFile?, _ region: Region, _ base: UnsafeMutableRawPointer,
    _ scratch: inout Scratch
  ) throws(WeftError) {
    // Chunks at the end go on behind the array.
    let box = Region(zip(indices, metadata.chunkExtents).map { $0 * $1..<($0 + 1) * $1 })
    guard let file, let contents = try file.bytes(of: indices) else {
      metadata.fill(region, box, base)
      return
    }
    let stored = StoredChunk(metadata: metadata, contents: contents, operation: file.operation)
    if box == region {
      try stored.decode(
        to: UnsafeMutableRawBufferPointer(start: base, count: metadata.chunkByteCount), &scratch)
      return
    }
    let elements = try stored.elements(&scratch)
    RegionCopy.copy(elements, box, to: base, region, itemSize: metadata.type.dtype.itemSize)
    withExtendedLifetime((contents, scratch)) {}
  }
}

/// Memory for chunks, taken when one is there to be read.
private struct Scratch {
  private var chunk: Buffer?
  private var permuted: Buffer?

  mutating func chunk(_ count: Int) throws(WeftError) -> UnsafeMutableRawBufferPointer {
    try Self.bytes(&chunk, count)
  }

  mutating func permuted(_ count: Int) throws(WeftError) -> UnsafeMutableRawBufferPointer {
    try Self.bytes(&permuted, count)
  }

  private static func bytes(
    _ buffer: inout Buffer?, _ count: Int
  ) throws(WeftError) -> UnsafeMutableRawBufferPointer {
    if let held = buffer { return UnsafeMutableRawBufferPointer(start: held.base, count: count) }
    let fresh = try Buffer(allocating: TensorType(.uint8, Shape([count])), in: MemoryAccount())
    buffer = fresh
    return UnsafeMutableRawBufferPointer(start: fresh.base, count: count)
  }
}

/// What is stored of a chunk.
private struct StoredChunk {
  let metadata: ZarrMetadata
  let contents: Buffer
  let operation: String

  /// The chunk's elements in C order; in scratch memory unless the file has them so.
  func elements(_ scratch: inout Scratch) throws(WeftError) -> UnsafeRawPointer {
    let count = metadata.chunkByteCount
    if metadata.isPlain {
      guard contents.byteCount == count else { throw wrongCount() }
      return UnsafeRawPointer(contents.base)
    }
    let chunk = try scratch.chunk(count)
    try decode(to: chunk, &scratch)
    return UnsafeRawPointer(chunk.baseAddress ?? contents.base)
  }

  /// Fills memory with the chunk's elements in C order.
  func decode(
    to target: UnsafeMutableRawBufferPointer, _ scratch: inout Scratch
  ) throws(WeftError) {
    if metadata.layers.codecs.isEmpty, contents.byteCount != target.count { throw wrongCount() }
    let bytes = metadata.layers.axes == nil ? target : try scratch.permuted(target.count)
    try ChunkCodec.decode(contents.bytes, metadata.layers.codecs, to: bytes, operation: operation)
    NPYFile.correct(
      bytes,
      NPYHeader(
        type: metadata.type, isFortranOrder: false, isByteSwapped: metadata.layers.isByteSwapped,
        dataOffset: 0, dataByteCount: bytes.count))
    if let axes = metadata.layers.axes, let from = bytes.baseAddress, let to = target.baseAddress {
      PermutedCopy.copy(
        from, axes: axes, to: to, extents: metadata.chunkExtents,
        itemSize: metadata.type.dtype.itemSize)
    }
  }

  private func wrongCount() -> WeftError {
    WeftError(
      .fileFormat, operation,
      "the chunk has \(contents.byteCount) bytes, expected \(metadata.chunkByteCount)")
  }
}

extension ZarrMetadata {
  /// The bytes of a chunk's elements.
  var chunkByteCount: Int { chunkExtents.reduce(type.dtype.itemSize, *) }

  /// Whether a chunk's file has its elements as this machine does.
  fileprivate var isPlain: Bool {
    layers.codecs.isEmpty && layers.axes == nil && !layers.isByteSwapped && type.dtype != .bool
  }

  /// The extents of what a file has: those of a chunk or of a shard.
  fileprivate var fileExtents: [Int] {
    guard let shards else { return chunkExtents }
    return zip(shards.counts, chunkExtents).map { $0 * $1 }
  }

  /// Where the file of a chunk or of a shard is in the store.
  func key(of indices: [Int]) -> String {
    let key = prefix + indices.map { "\($0)" }.joined(separator: separator)
    return key.isEmpty ? "0" : key
  }

  /// Fills what a box has of a chunk that is not stored.
  fileprivate func fill(_ region: Region, _ box: Region, _ base: UnsafeMutableRawPointer) {
    let shared = zip(region.ranges, box.ranges).map { $0.clamped(to: $1) }
    let inner = Region(
      zip(shared, region.ranges).map {
        $0.lowerBound - $1.lowerBound..<$0.upperBound - $1.lowerBound
      })
    let size = type.dtype.itemSize
    RegionCopy.forEachRun(of: inner, in: region.extents) { (place, count) throws(Never) in
      for element in place..<place + count { fill.store(to: base + element * size) }
    }
  }
}
