import WeftIR

extension Chunking {
  /// The most bytes of a chunk where nothing is said; Dask's `array.chunk-size` is 128 MiB, which
  /// leaves the cache for no gain.
  static let mostBytes = 32 << 20
  /// A chunk has this part of the memory limit at most: a tile reads some, makes some, and threads
  /// work on several.
  static let partsOfLimit = 24
  /// The most pieces of an axis that tests cut.
  static let mostPieces = 12

  /// The bytes that a chunk has at most, of a session's limit and a number of threads.
  func chunkBytes(limit: Int?, threads: Int) -> Int {
    if case .bytes(let bytes) = self { return bytes }
    guard let limit else { return Self.mostBytes }
    return max(1 << 10, min(Self.mostBytes, limit / (Self.partsOfLimit * max(1, threads))))
  }
}
