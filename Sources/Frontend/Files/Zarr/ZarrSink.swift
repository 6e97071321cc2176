import CWeft
import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A Zarr array, version 2 or 3, that is written chunk by chunk.
///
/// Until all chunks are there the store is called `NAME.partial`, without metadata, so that nobody takes it for an
/// array; `.weft-journal` in it lists the finished chunks. `finish()` waits until they are on the disk, adds the
/// metadata and gives the folder its name, in place of an array that had it. A run of the program with
/// the same fingerprint goes on where an interrupted one stopped.
///
/// ```swift
/// import Foundation
/// import WeftExecution
///
/// let path = NSTemporaryDirectory() + "weft-sink.zarr"
/// let x = arange(6).reshaped([3, 2])
/// let sink = try ZarrSink(path, type: x.expr.type, chunks: [2, 2], compression: .gzip())
/// try Session.current.write([x.expr], to: [sink])
/// try sink.finish()
/// try NDArray(contentsOf: path)[2]  // [4 5]
/// ```
public final class ZarrSink: RegionSink {
  private let metadata: ZarrMetadata
  private let compression: ChunkCompression
  private let metadataName: String
  private let metadataText: [UInt8]
  private let target: String
  private let partial: String
  private let operation: String
  private let progress: ResultProgress
  private let isResumable: Bool
  private let folders = Lock<Set<String>>([])

  /// Begins a store, or goes on with one.
  ///
  /// - Parameters:
  ///   - path: the name that the store gets at the end.
  ///   - type: dtype and shape of the array.
  ///   - chunks: the extents of chunks.
  ///   - compression: what is done to the bytes of a chunk.
  ///   - version: of Zarr's format, 2 or 3.
  ///   - fingerprint: what tells the program and its arrays; nil to go on with nothing and leave nothing.
  /// - Throws: `argument` for what the version does not have; `unsupported` for a dtype that it does not have;
  ///   `file` where the system refuses, a library is missing, another run writes the store, or the name is that
  ///   of a folder which is no Zarr array.
  public init(
    _ path: String, type: TensorType, chunks: [Int], compression: ChunkCompression = .zstd(),
    version: Int = 3, fingerprint: String? = nil
  ) throws(WeftError) {
    let operation = "write \"\(path)\""
    self.operation = operation
    guard let extents = type.shape.known, type.byteCount != nil else {
      throw WeftError(.unknownExtent, operation, "\(type) has no extents yet")
    }
    let metadata = try ZarrMetadata(
      writing: type, chunks: chunks, compression: compression, version: version,
      operation: operation)
    let text = try ZarrMetadata.text(type, chunks, compression, version, operation)
    self.metadata = metadata
    self.compression = compression
    metadataName = ZarrMetadata.fileName(version: version)
    metadataText = Array(text.utf8)
    target = try ResultPath.resolved(path, isFolder: true, operation)
    let partial = target + ".partial"
    self.partial = partial
    isResumable = fingerprint != nil
    try Self.checkOurs(target, operation)
    try Self.checkOurs(partial, operation)
    try FolderWalk.make(partial, operation: operation)
    let journal = try ResultJournal(
      "\(partial)/\(Self.journalName)",
      fingerprint: fingerprint.map {
        "\($0) zarr \(text.count) "
          + Self.hash(text)
      }, operation: operation)
    Self.clean(partial, keepsChunks: journal.past == .sameProgram)
    let grid = ChunkGrid(extents, cuts: chunks.map { .uniform($0) })
    progress = ResultProgress(grid, journal, operation: operation) { chunk, entry in
      let file = "\(partial)/\(metadata.key(of: grid.indices(of: chunk)))"
      guard
        let found = try? FileContents.read(
          file, operation: operation, mapped: false, in: MemoryAccount())
      else { return false }
      return ResultProgress.isSame(found.bytes, as: entry)
    }
  }

  private static let journalName = ".weft-journal"

  private static func hash(_ text: String) -> String {
    var hash = ContentHash()
    hash.combine(text)
    return hash.text
  }

  /// The chunks.
  public var chunks: [ChunkGrid.Cut]? { progress.grid.cuts }
  /// A chunk as it is stored, and one that goes on behind the array.
  public var writeScratchBytes: Int {
    let isPadded = zip(metadata.type.shape.codes, metadata.chunkExtents).contains { $0 % $1 != 0 }
    return (metadata.layers.codecs.isEmpty ? 0 : metadata.storedByteCount)
      + (isPadded ? metadata.chunkByteCount : 0)
  }
  /// The number of chunks.
  public var chunkCount: Int { progress.grid.count }
  /// The chunks that an interrupted run had written.
  public var resumedCount: Int { progress.resumed }
  /// Whether an interrupted run of another program left chunks, which are given up.
  public var replacesOtherProgram: Bool { progress.journal.past == .otherProgram }

  /// Whether a box is written.
  public func has(_ region: Region) -> Bool { progress.has(region) }

  /// Writes a box of whole chunks, each to a file of another name that then gets the chunk's.
  ///
  /// - Throws: `file` when the system refuses or the disk is full.
  public func write(_ region: Region, from base: UnsafeRawPointer) throws {
    if region.count == 0 { return }
    let itemSize = metadata.type.dtype.itemSize
    let count = metadata.chunkByteCount
    for (number, part) in try progress.chunks(of: region) {
      let indices = progress.grid.indices(of: number)
      let box = Region(zip(indices, metadata.chunkExtents).map { $0 * $1..<($0 + 1) * $1 })
      if box == region {
        try write(number, indices, UnsafeRawBufferPointer(start: base, count: count))
        continue
      }
      // Chunks at the end go on behind the array.
      let held = try Buffer(
        allocating: TensorType(.uint8, Shape([count])), in: MemoryAccount())
      if part != box { memset(held.base, 0, count) }
      RegionCopy.copy(base, region, to: held.base, box, itemSize: itemSize)
      try write(number, indices, held.bytes)
    }
  }

  private func write(
    _ number: Int, _ indices: [Int], _ bytes: UnsafeRawBufferPointer
  ) throws(WeftError) {
    let key = metadata.key(of: indices)
    let file = "\(partial)/\(key)"
    if let slash = key.lastIndex(of: "/") { try makeFolder("\(partial)/\(key[..<slash])") }
    let encoded = try compression.encoded(
      bytes, itemSize: metadata.type.dtype.itemSize, operation: operation)
    if let encoded {
      try encoded.withBytes { (bytes) throws(WeftError) in try write(number, file, bytes) }
    } else {
      try write(number, file, bytes)
    }
  }

  private func write(
    _ number: Int, _ file: String, _ bytes: UnsafeRawBufferPointer
  ) throws(WeftError) {
    try FileOutput.create(file, operation: operation) { (output) throws(WeftError) in
      try output.write(bytes)
    }
    try progress.finish(number, bytes)
  }

  private func makeFolder(_ folder: String) throws(WeftError) {
    if folders.withLock({ $0.contains(folder) }) { return }
    try FolderWalk.make(folder, operation: operation)
    folders.withLock { _ = $0.insert(folder) }
  }

  /// Adds the metadata and gives the store its name, once all chunks are on the disk.
  ///
  /// - Throws: `file` when the system refuses; `internal` where chunks are missing.
  public func finish() throws(WeftError) {
    try progress.checkWhole()
    try sync()
    try FileOutput.create("\(partial)/\(metadataName)", operation: operation) {
      (output) throws(WeftError) in try output.write(metadataText)
    }
    try sync()
    if rename(partial, target) != 0 {
      // Somebody's array has the name: the two change places, and the old one goes.
      guard errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR else {
        throw .system(operation, "cannot name \"\(target)\"")
      }
      try Self.checkOurs(target, operation)
      if weft_exchange(partial, target) != 0 { try replaceInSteps() }
    }
    unlink("\(target)/\(Self.journalName)")
    ResultPath.sync(folderOf: target)
    FolderWalk.remove(partial)
  }

  /// As an exchange, where the system has none: for a moment there is no array of the name.
  private func replaceInSteps() throws(WeftError) {
    let old = "\(target).replaced-\(getpid())"
    guard rename(target, old) == 0 else {
      throw .system(operation, "cannot replace \"\(target)\"")
    }
    guard rename(partial, target) == 0 else {
      let reason = errno
      rename(old, target)
      throw .system(operation, "cannot replace \"\(target)\"", number: reason)
    }
    FolderWalk.remove(old)
  }

  /// Removes what is not whole, unless a later run may go on with it.
  public func abandon() { if !isResumable { FolderWalk.remove(partial) } }

  /// Waits until the file system has everything on its disk: one wait for all chunks.
  private func sync() throws(WeftError) {
    let descriptor = open(partial, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(operation, "cannot open \"\(partial)\"") }
    defer { close(descriptor) }
    guard weft_sync_file_system(descriptor) == 0 else {
      throw .system(operation, "cannot write \"\(partial)\"")
    }
  }

  /// Refuses a folder that is neither empty, nor an array, nor what a run left.
  private static func checkOurs(_ folder: String, _ operation: String) throws(WeftError) {
    guard let stream = opendir(folder) else { return }
    defer { closedir(stream) }
    var count = 0
    while count < 3, readdir(stream) != nil { count += 1 }
    let isOurs =
      count < 3 || access("\(folder)/\(journalName)", F_OK) == 0
      || access("\(folder)/.zarray", F_OK) == 0 || isArray("\(folder)/zarr.json")
    guard isOurs else {
      throw WeftError(
        .file, operation, "\"\(folder)\" is a folder with other files, not a Zarr array",
        hint: "remove it, or choose another name")
    }
  }

  private static func isArray(_ file: String) -> Bool {
    guard
      let contents = try? FileContents.read(
        file, operation: "read", mapped: false, in: MemoryAccount()),
      let object = try? JSONParser.parse(Array(contents.bytes))
    else { return false }
    return object["node_type"]?.text == "array"
  }

  /// Removes what is not a finished chunk, or everything.
  private static func clean(_ folder: String, keepsChunks: Bool) {
    for entry in FolderWalk.entries(below: folder).reversed() {
      if entry.path == "\(folder)/\(journalName)" { continue }
      if keepsChunks, !entry.path.hasSuffix(FileOutput.temporarySuffix) { continue }
      if entry.isFolder { rmdir(entry.path) } else { unlink(entry.path) }
    }
  }
}
