import WeftChunked
import WeftExecution
import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The chunks of an array, in memory or in a file without a name: first they are written, once each,
/// then they are read.
final class KeptChunks: RegionSink, RegionSource {
  /// Where chunks are.
  private enum Place {
    /// Each in a buffer.
    case memory([Buffer])
    /// One after the other in a file; nobody else knows it.
    case file(Int32, starts: [Int])
  }

  let type: TensorType
  private let grid: ChunkGrid
  private let place: Place

  /// Chunks that nobody has written yet; in a file when there is no account to take them from.
  ///
  /// - Throws: `out-of-memory`, `file`, and what keeps the array from being cut.
  init(_ array: NDArray, in memory: MemoryAccount?, limit: Int?) throws(WeftError) {
    type = array.expr.type
    grid = try Self.grid(array, limit)
    let itemSize = type.dtype.itemSize
    if let memory {
      var buffers: [Buffer] = []
      for chunk in 0..<grid.count {
        let extents = grid.region(of: chunk).extents
        buffers.append(
          try Buffer(allocating: TensorType(array.dtype, Shape(extents)), in: memory))
      }
      place = .memory(buffers)
      return
    }
    var starts = [0]
    for chunk in 0..<grid.count {
      starts.append(starts[chunk] + grid.region(of: chunk).count * itemSize)
    }
    place = .file(try SpillFolder(Environment.process.spillFolder).open(), starts: starts)
  }

  deinit {
    if case .file(let descriptor, _) = place { _ = close(descriptor) }
  }

  /// The bytes of a chunk at most where the program does not cut the array: the least of 32 MiB and a
  /// 48th of the limit.
  private static func grid(_ array: NDArray, _ limit: Int?) throws(WeftError) -> ChunkGrid {
    let extents = array.expr.type.shape.codes
    let pieces = try ProgramChunks.pieces(of: array.expr)
    if pieces.contains(where: { $0.count > 1 }) {
      return ChunkGrid(extents, cuts: pieces.map { ChunkGrid.Cut(pieces: $0) })
    }
    let most = max(1 << 12, min(32 << 20, (limit ?? Int.max) / 48))
    let specs = Array(repeating: ChunkSpec.bytes(.bytes(most)), count: extents.count)
    do {
      return ChunkGrid(
        extents, cuts: try ChunkCuts(extents, itemSize: array.dtype.itemSize).cuts(specs))
    } catch {
      throw WeftError(.internal, "persist", error.message)
    }
  }

  private static func failure(_ what: String) -> WeftError {
    WeftError(.file, "persist", "cannot \(what): \(String(cString: strerror(errno)))")
  }

  var chunks: [ChunkGrid.Cut]? { grid.cuts }

  // MARK: - Writing

  func write(_ region: Region, from base: UnsafeRawPointer) throws {
    for chunk in grid.chunks(in: region) {
      let box = grid.region(of: chunk)
      switch place {
      case .memory(let buffers):
        RegionCopy.copy(
          base, region, to: buffers[chunk].base, box, itemSize: type.dtype.itemSize)
      case .file(let descriptor, let starts):
        try write(region, base, chunk: box, descriptor, at: starts[chunk])
      }
    }
  }

  /// The part of a region that a chunk holds: where it lies in the chunk, and in the array.
  private static func shared(_ region: Region, _ box: Region) -> (inner: Region, outer: Region) {
    let ranges = zip(region.ranges, box.ranges).map { $0.clamped(to: $1) }
    let inner = zip(ranges, box.ranges).map {
      $0.lowerBound - $1.lowerBound..<$0.upperBound - $1.lowerBound
    }
    return (Region(inner), Region(ranges))
  }

  private func write(
    _ region: Region, _ base: UnsafeRawPointer, chunk box: Region, _ descriptor: Int32,
    at start: Int
  ) throws(WeftError) {
    let itemSize = type.dtype.itemSize
    if region == box {
      return try Self.transfer(box.count * itemSize, "write") { done, count in
        pwrite(descriptor, base + done, count, off_t(start + done))
      }
    }
    let (inner, outer) = Self.shared(region, box)
    try withPart(outer) { (part) throws(WeftError) in
      RegionCopy.copy(base, region, to: part, outer, itemSize: itemSize)
      var taken = 0
      try RegionCopy.forEachRun(of: inner, in: box.extents) { (first, count) throws(WeftError) in
        let from = part + taken
        try Self.transfer(count * itemSize, "write") { done, count in
          pwrite(descriptor, from + done, count, off_t(start + first * itemSize + done))
        }
        taken += count * itemSize
      }
    }
  }

  // MARK: - Reading

  func read(_ region: Region, to base: UnsafeMutableRawPointer) throws {
    let itemSize = type.dtype.itemSize
    for chunk in grid.chunks(in: region) {
      let box = grid.region(of: chunk)
      switch place {
      case .memory(let buffers):
        RegionCopy.copy(buffers[chunk].base, box, to: base, region, itemSize: itemSize)
      case .file(let descriptor, let starts):
        let (inner, outer) = Self.shared(region, box)
        if outer == region {
          try read(inner, of: box, descriptor, at: starts[chunk], to: base)
        } else {
          try withPart(outer) { (part) throws(WeftError) in
            try read(inner, of: box, descriptor, at: starts[chunk], to: part)
            RegionCopy.copy(part, outer, to: base, region, itemSize: itemSize)
          }
        }
      }
    }
  }

  private func read(
    _ inner: Region, of box: Region, _ descriptor: Int32, at start: Int,
    to base: UnsafeMutableRawPointer
  ) throws(WeftError) {
    let itemSize = type.dtype.itemSize
    var given = 0
    try RegionCopy.forEachRun(of: inner, in: box.extents) { (first, count) throws(WeftError) in
      let target = base + given
      try Self.transfer(count * itemSize, "read") { done, count in
        pread(descriptor, target + done, count, off_t(start + first * itemSize + done))
      }
      given += count * itemSize
    }
  }

  /// Memory for the elements of a box, for as long as a body runs.
  private func withPart(
    _ box: Region, _ body: (UnsafeMutableRawPointer) throws(WeftError) -> Void
  ) throws(WeftError) {
    let part = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, box.count * type.dtype.itemSize), alignment: 64)
    defer { part.deallocate() }
    try body(part)
  }

  /// Calls the system until all bytes are there.
  private static func transfer(
    _ bytes: Int, _ what: String, _ call: (_ done: Int, _ count: Int) -> Int
  ) throws(WeftError) {
    var done = 0
    while done < bytes {
      let count = call(done, bytes - done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("\(what) chunks") }
      done += count
    }
  }
}
