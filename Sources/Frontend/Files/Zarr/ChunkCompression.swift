import WeftIR

/// How the chunks of a Zarr array are compressed when it is written.
///
/// ```swift
/// ChunkCompression("zstd:3")  // zstd:3
/// ChunkCompression("blosc:lz4:5:bitshuffle")  // blosc:lz4:5:bitshuffle
/// ChunkCompression("rar") == nil  // true
/// ```
public enum ChunkCompression: Hashable, Sendable {
  /// The elements' bytes as they are.
  case none
  /// gzip, levels 0 to 9.
  case gzip(level: Int = 5)
  /// zlib's format, levels 0 to 9; Zarr has it in version 2 alone.
  case zlib(level: Int = 1)
  /// Zstandard, levels 0 (its own choice) to 22.
  case zstd(level: Int = 1)
  /// Blosc: bytes are shuffled, then compressed block by block.
  case blosc(Blosc = Blosc())

  /// What blosc does with a chunk.
  public struct Blosc: Hashable, Sendable {
    /// What compresses the blocks.
    public enum Compressor: String, Hashable, Sendable, CaseIterable {
      /// The compressors of libblosc.
      case lz4, lz4hc, blosclz, zstd, zlib, snappy
    }
    /// How bytes change places before.
    public enum Shuffle: String, Hashable, Sendable, CaseIterable {
      /// Not, by bytes of elements, by their bits: the names that Zarr has.
      case noshuffle, shuffle, bitshuffle
    }
    /// What compresses the blocks.
    public var compressor: Compressor
    /// 0 to 9.
    public var level: Int
    /// How bytes change places before.
    public var shuffle: Shuffle

    /// Settings; those of numcodecs where nothing is said.
    public init(compressor: Compressor = .lz4, level: Int = 5, shuffle: Shuffle = .shuffle) {
      self.compressor = compressor
      self.level = level
      self.shuffle = shuffle
    }
  }

  /// Reads `none`, `gzip`, `zlib`, `zstd` with a level behind a colon, or `blosc` with a compressor, a
  /// level and a shuffle.
  public init?(_ text: String) {
    let words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let level = words.count > 1 ? Int(words[1]) : nil
    if words.count > 1, words[0] != "blosc", words.count > 2 || level == nil { return nil }
    switch words[0] {
    case "none" where words.count == 1: self = .none
    case "gzip": self = level.map { .gzip(level: $0) } ?? .gzip()
    case "zlib": self = level.map { .zlib(level: $0) } ?? .zlib()
    case "zstd": self = level.map { .zstd(level: $0) } ?? .zstd()
    case "blosc":
      guard let settings = Blosc(words.dropFirst()) else { return nil }
      self = .blosc(settings)
    default: return nil
    }
  }
}

extension ChunkCompression: CustomStringConvertible {
  /// The text that `init(_:)` reads.
  public var description: String {
    switch self {
    case .none: "none"
    case .gzip(let level): "gzip:\(level)"
    case .zlib(let level): "zlib:\(level)"
    case .zstd(let level): "zstd:\(level)"
    case .blosc(let settings):
      "blosc:\(settings.compressor.rawValue):\(settings.level):\(settings.shuffle.rawValue)"
    }
  }
}

extension ChunkCompression.Blosc {
  fileprivate init?(_ words: ArraySlice<String>) {
    self.init()
    var rest = words
    if let word = rest.popFirst() {
      guard let compressor = Compressor(rawValue: word) else { return nil }
      self.compressor = compressor
    }
    if let word = rest.popFirst() {
      guard let level = Int(word) else { return nil }
      self.level = level
    }
    if let word = rest.popFirst() {
      guard let shuffle = Shuffle(rawValue: word) else { return nil }
      self.shuffle = shuffle
    }
    if !rest.isEmpty { return nil }
  }
}

extension ChunkCompression.Blosc.Shuffle {
  /// `BLOSC_NOSHUFFLE`, `BLOSC_SHUFFLE`, `BLOSC_BITSHUFFLE`.
  var code: Int32 {
    switch self {
    case .noshuffle: 0
    case .shuffle: 1
    case .bitshuffle: 2
    }
  }
}

// MARK: - Writing

extension ChunkCompression {
  /// Refuses levels that there are not and what a version of Zarr does not have; opens the library.
  func check(version: Int, operation: String) throws(WeftError) {
    let (level, greatest): (Int, Int) =
      switch self {
      case .none: (0, 0)
      case .gzip(let level), .zlib(let level): (level, 9)
      case .zstd(let level): (level, 22)
      case .blosc(let settings): (settings.level, 9)
      }
    guard (0...greatest).contains(level) else {
      throw WeftError(
        .argument, operation, "compression \(self): levels go from 0 to \(greatest)")
    }
    switch self {
    case .zlib where version == 3:
      throw WeftError(
        .argument, operation, "Zarr version 3 has no zlib", hint: "gzip compresses the same")
    case .none: break
    case .gzip, .zlib: _ = try ZlibLibrary.open(for: operation)
    case .zstd: _ = try ZstdLibrary.open(for: operation)
    case .blosc: _ = try BloscLibrary.open(for: operation)
    }
  }

  /// The bytes as they are stored; nil where they are stored as they are.
  func encoded(
    _ bytes: UnsafeRawBufferPointer, itemSize: Int, operation: String
  ) throws(WeftError) -> [UInt8]? {
    switch self {
    case .none: return nil
    case .gzip(let level):
      return try Self.deflated(bytes, level, ZlibLibrary.Code.gzipWindow, operation)
    case .zlib(let level):
      return try Self.deflated(bytes, level, ZlibLibrary.Code.zlibWindow, operation)
    case .zstd(let level):
      return try ZstdLibrary.open(for: operation).encoded(
        bytes, level: level, operation: operation)
    case .blosc(let settings):
      return try BloscLibrary.open(for: operation).encoded(
        bytes, itemSize: itemSize, settings, operation: operation)
    }
  }

  private static func deflated(
    _ bytes: UnsafeRawBufferPointer, _ level: Int, _ window: Int32, _ operation: String
  ) throws(WeftError) -> [UInt8] {
    let deflater = try Deflater(
      ZlibLibrary.open(for: operation), level: Int32(clamping: level), window: window,
      operation: operation)
    var output: [UInt8] = []
    try deflater.compress(bytes, isLast: true) { (piece) throws(WeftError) in output += piece }
    return output
  }
}
