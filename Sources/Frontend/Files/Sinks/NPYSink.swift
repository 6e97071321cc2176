import CWeft
import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A `.npy` file that is written box by box.
///
/// Until all of it is there it is called `NAME.npy.partial`, with the finished chunks in
/// `NAME.npy.partial.journal`; `finish()` gives it its name, in place of a file that had it. A run of
/// the program with the same fingerprint goes on where an interrupted one stopped.
///
/// ```swift
/// import Foundation
/// import WeftExecution
///
/// let path = NSTemporaryDirectory() + "weft-sink.npy"
/// let x = arange(6).reshaped([3, 2])
/// let sink = try NPYSink(path, type: x.expr.type, chunks: [.uniform(1), .uniform(2)])
/// try Session.current.write([x.expr], to: [sink])
/// try sink.finish()
/// try NDArray(contentsOf: path)[2]  // [4 5]
/// ```
public final class NPYSink: RegionSink {
  private let type: TensorType
  private let target: String
  private let partial: String
  private let operation: String
  private let header: [UInt8]
  private let descriptor: Int32
  private let progress: ResultProgress
  private let isResumable: Bool

  /// Begins a file, or goes on with one.
  ///
  /// - Parameters:
  ///   - path: the name that the file gets at the end.
  ///   - type: dtype and shape of the array.
  ///   - chunks: how the array is cut; one chunk when nil.
  ///   - fingerprint: what tells the program and its arrays; nil to go on with nothing and leave nothing.
  /// - Throws: `file` where the system refuses, the disk has no room, or another run writes the file.
  public init(
    _ path: String, type: TensorType, chunks: [ChunkGrid.Cut]? = nil, fingerprint: String? = nil
  ) throws(WeftError) {
    operation = "write \"\(path)\""
    self.type = type
    guard let extents = type.shape.known, type.byteCount != nil else {
      throw WeftError(.unknownExtent, operation, "\(type) has no extents yet")
    }
    target = try ResultPath.resolved(path, isFolder: false, operation)
    partial = target + ".partial"
    header = NPYHeader.encode(type)
    isResumable = fingerprint != nil
    let grid = chunks.map { ChunkGrid(extents, cuts: $0) } ?? ChunkGrid(whole: extents)
    let journal = try ResultJournal(
      partial + ".journal", fingerprint: fingerprint.map { "\($0) npy \(type) \(grid)" },
      operation: operation)
    let flags = O_RDWR | O_CREAT | O_CLOEXEC | (journal.past == .sameProgram ? 0 : O_TRUNC)
    descriptor = open(partial, flags, 0o666)
    guard descriptor >= 0 else { throw .system(operation, "cannot open \"\(partial)\"") }
    let place = FilePlace(descriptor, partial, header.count, type)
    let itemSize = type.dtype.itemSize
    progress = ResultProgress(grid, journal, operation: operation) { chunk, entry in
      let box = grid.region(of: chunk)
      guard entry.byteCount == box.count * itemSize,
        let held = try? Buffer(
          allocating: TensorType(.uint8, Shape([entry.byteCount])), in: MemoryAccount()),
        (try? place.read(box, to: held.base)) != nil
      else { return false }
      return ResultProgress.isSame(held.bytes, as: entry)
    }
    do throws(WeftError) {
      guard weft_reserve(descriptor, Int64(header.count + (type.byteCount ?? 0))) == 0 else {
        throw .system(operation, "there is no room for \(type)")
      }
      try header.withBytes { (bytes) throws(WeftError) in
        try FilePlace.write(bytes, at: 0, descriptor, operation, partial)
      }
    } catch {
      if !isResumable { discard() }
      throw error
    }
  }

  deinit { close(descriptor) }

  /// The chunks.
  public var chunks: [ChunkGrid.Cut]? { progress.grid.cuts }
  /// The number of chunks.
  public var chunkCount: Int { progress.grid.count }
  /// The chunks that an interrupted run had written.
  public var resumedCount: Int { progress.resumed }
  /// Whether an interrupted run of another program left chunks, which are given up.
  public var replacesOtherProgram: Bool { progress.journal.past == .otherProgram }

  /// Whether a box is written.
  public func has(_ region: Region) -> Bool { progress.has(region) }

  /// Writes a box of whole chunks.
  ///
  /// - Throws: `file` when the system refuses or the disk is full.
  public func write(_ region: Region, from base: UnsafeRawPointer) throws {
    if region.count == 0 { return }
    let itemSize = type.dtype.itemSize
    let chunks = try progress.chunks(of: region)
    var source = base
    try RegionCopy.forEachRun(of: region, in: type.shape.codes) {
      (place, count) throws(WeftError) in
      try FilePlace.write(
        UnsafeRawBufferPointer(start: source, count: count * itemSize),
        at: header.count + place * itemSize, descriptor, operation, partial)
      source += count * itemSize
    }
    if chunks.count == 1 {
      return try progress.finish(
        chunks[0].number, UnsafeRawBufferPointer(start: base, count: region.count * itemSize))
    }
    for (number, box) in chunks {
      let held = try Buffer(
        allocating: TensorType(.uint8, Shape([box.count * itemSize])), in: MemoryAccount())
      RegionCopy.copy(base, region, to: held.base, box, itemSize: itemSize)
      try progress.finish(number, held.bytes)
    }
  }

  /// Gives the file its name, once all of it is on the disk.
  ///
  /// - Throws: `file` when the system refuses; `internal` where boxes are missing.
  public func finish() throws(WeftError) {
    try progress.checkWhole()
    guard fsync(descriptor) == 0 else { throw .system(operation, "cannot write \"\(partial)\"") }
    var status = stat()
    if stat(target, &status) == 0 { fchmod(descriptor, status.st_mode & 0o7777) }
    guard rename(partial, target) == 0 else {
      throw .system(operation, "cannot replace \"\(target)\"")
    }
    unlink(progress.journal.path)
    ResultPath.sync(folderOf: target)
  }

  /// Removes what is not whole, unless a later run may go on with it.
  public func abandon() { if !isResumable { discard() } }

  private func discard() {
    unlink(partial)
    unlink(progress.journal.path)
  }
}
