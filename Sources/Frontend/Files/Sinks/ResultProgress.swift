import WeftIR

/// The chunks of a result that are written.
final class ResultProgress: Sendable {
  let grid: ChunkGrid
  let journal: ResultJournal
  /// The chunks that an interrupted run has written.
  let resumed: Int
  private let operation: String
  private let done: Lock<Set<Int>>

  /// - Parameter isThere: whether a chunk of an interrupted run is as its line says.
  init(
    _ grid: ChunkGrid, _ journal: ResultJournal, operation: String,
    isThere: (Int, ResultJournal.Entry) -> Bool
  ) {
    self.grid = grid
    self.journal = journal
    self.operation = operation
    let there = journal.entries.filter { entry in
      (0..<grid.count).contains(entry.key) && isThere(entry.key, entry.value)
    }
    resumed = there.count
    done = Lock(Set(there.keys))
  }

  /// Whether a box is written.
  func has(_ region: Region) -> Bool {
    let chunks = grid.chunks(in: region)
    return done.withLock { done in chunks.allSatisfy { done.contains($0) } }
  }

  /// The chunks that a box is made of.
  ///
  /// - Throws: `argument` for a box that has some of a chunk alone.
  func chunks(of region: Region) throws(WeftError) -> [(number: Int, box: Region)] {
    let chunks = grid.chunks(in: region).map { (number: $0, box: grid.region(of: $0)) }
    guard chunks.allSatisfy({ region.contains($0.box) }) else {
      throw WeftError(.argument, operation, "box \(region) is not made of whole chunks of \(grid)")
    }
    return chunks
  }

  /// Takes note of a chunk that is written.
  func finish(_ chunk: Int, _ bytes: UnsafeRawBufferPointer) throws(WeftError) {
    var hash = ContentHash()
    hash.combine(bytes)
    try journal.append(chunk, .init(byteCount: bytes.count, hash: hash.text))
    done.withLock { _ = $0.insert(chunk) }
  }

  /// - Throws: `internal` where chunks are missing that have elements.
  func checkWhole() throws(WeftError) {
    let missing = grid.count - done.withLock { $0.count }
    guard missing == 0 || grid.extents.contains(0) else {
      throw WeftError(.internal, operation, "\(missing) of \(grid.count) chunks were not given")
    }
  }

  /// Whether bytes are those that a line of the journal is about.
  static func isSame(_ bytes: UnsafeRawBufferPointer, as entry: ResultJournal.Entry) -> Bool {
    guard bytes.count == entry.byteCount else { return false }
    var hash = ContentHash()
    hash.combine(bytes)
    return hash.text == entry.hash
  }
}
