import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An array of a Zarr directory store, read chunk by chunk: versions 2 and 3.
///
/// Codecs: none, zlib, gzip and zstd, through the system's libraries. Chunks that are not
/// stored have the fill value.
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

  /// dtype and shape.
  public var type: TensorType { metadata.type }
  /// The chunks of the store.
  public var chunks: [ChunkGrid.Cut]? { metadata.chunkExtents.map { .uniform($0) } }

  /// The folder.
  public var origin: String { path }

  /// Reads the elements of a box: every chunk that has some of them, whole.
  ///
  /// - Throws: `file` and `file-format`, with the chunk's file.
  public func read(_ region: Region, to base: UnsafeMutableRawPointer) throws {
    let extents = metadata.type.shape.codes
    let grid = ChunkGrid(extents, cuts: metadata.chunkExtents.map { .uniform($0) })
    let size = metadata.type.dtype.itemSize
    if region.count == 0 { return }
    let bytes = metadata.chunkExtents.reduce(size, *)
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes), alignment: 64)
    defer { chunk.deallocate() }
    let target = UnsafeMutableRawBufferPointer(rebasing: chunk[..<bytes])
    for number in grid.chunks(in: region) {
      let indices = grid.indices(of: number)
      // Chunks at the end go on behind the array.
      let box = Region(
        zip(indices, metadata.chunkExtents).map { $0 * $1..<($0 + 1) * $1 })
      try load(indices, to: target)
      guard let source = target.baseAddress else { continue }
      RegionCopy.copy(source, box, to: base, region, itemSize: size)
    }
  }

  /// Reads one chunk.
  private func load(
    _ indices: [Int], to target: UnsafeMutableRawBufferPointer
  ) throws(WeftError) {
    let key = metadata.prefix + indices.map { "\($0)" }.joined(separator: metadata.separator)
    let file = "\(path)/\(key.isEmpty ? "0" : key)"
    if access(file, F_OK) != 0, errno == ENOENT {
      let size = metadata.type.dtype.itemSize
      guard let base = target.baseAddress else { return }
      for offset in stride(from: 0, to: target.count, by: size) {
        metadata.fill.store(to: base + offset)
      }
      return
    }
    let operation = "read \"\(file)\""
    let stored = try FileContents.read(
      file, operation: operation, mapped: true, in: MemoryAccount())
    try decode(stored, to: target, operation)
    correct(target)
  }

  private func decode(
    _ stored: Buffer, to target: UnsafeMutableRawBufferPointer, _ operation: String
  ) throws(WeftError) {
    guard let codec = metadata.codecs.first else {
      guard stored.byteCount == target.count else {
        throw WeftError(
          .fileFormat, operation,
          "the chunk has \(stored.byteCount) bytes, expected \(target.count)")
      }
      target.copyMemory(from: stored.bytes)
      return
    }
    guard metadata.codecs.count == 1 else {
      throw WeftError(.unsupported, operation, "several compressions of one chunk are not read")
    }
    try codec.decode(stored.bytes, to: target, operation: operation)
  }

  /// Turns elements as the file has them into ones of this machine.
  private func correct(_ target: UnsafeMutableRawBufferPointer) {
    NPYFile.correct(
      target,
      NPYHeader(
        type: metadata.type, isFortranOrder: false, isByteSwapped: metadata.isByteSwapped,
        dataOffset: 0, dataByteCount: target.count))
  }
}
