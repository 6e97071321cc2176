/// How extents of chunks are chosen where the program does not say.
public enum Chunking: Hashable, Sendable {
  /// By the memory limit.
  case automatic
  /// So that a chunk has at most about so many bytes.
  case bytes(Int)
  /// Every axis into pieces of at most so many positions, or a dozen pieces: for tests.
  case extent(Int)
  /// Every axis into pieces of some extent that follows from a seed: for tests.
  case seeded(Int)

  /// Reads `auto`, a size such as `16MiB`, `extent:3` or `seed:7`; nil for other texts.
  public init?(_ text: String, size: (String) -> Int?) {
    if text == "auto" {
      self = .automatic
    } else if let n = Self.number(text, after: "extent:"), n > 0 {
      self = .extent(n)
    } else if let n = Self.number(text, after: "seed:") {
      self = .seeded(n)
    } else if let bytes = size(text), bytes > 0 {
      self = .bytes(bytes)
    } else {
      return nil
    }
  }

  private static func number(_ text: String, after prefix: String) -> Int? {
    text.hasPrefix(prefix) ? Int(text.dropFirst(prefix.count)) : nil
  }
}
