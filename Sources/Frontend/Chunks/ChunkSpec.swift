import WeftExecution
import WeftIR

/// How one axis is cut into chunks, in Dask's words.
///
/// ```swift
/// let specs: [ChunkSpec] = [100, -1, "auto", "64MiB", .pieces([3, 4])]
/// specs
/// // [100, whole, auto, 64.0 MiB, [3, 4]]
/// ```
public enum ChunkSpec: Hashable, Sendable {
  /// Pieces of so many positions.
  case extent(Int)
  /// One piece; -1 and `None` in Dask.
  case whole
  /// Such that chunks have about 128 MiB, together with the other axes that are cut so.
  case auto
  /// As `auto`, for another number of bytes.
  case bytes(ByteCount)
  /// Pieces of these extents, which add up to the axis.
  case pieces([Int])
  /// A text that is neither `auto` nor a size.
  case unreadable(String)
}

extension ChunkSpec: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  /// An extent; -1 is the whole axis.
  public init(integerLiteral extent: Int) { self = extent == -1 ? .whole : .extent(extent) }
  /// `auto`, or a size such as `1KiB`.
  public init(stringLiteral text: String) {
    self = text == "auto" ? .auto : ByteCount(text).map { .bytes($0) } ?? .unreadable(text)
  }
}

extension ChunkSpec: CustomStringConvertible {
  /// The word or numbers.
  public var description: String {
    switch self {
    case .extent(let extent): "\(extent)"
    case .whole: "whole"
    case .auto: "auto"
    case .bytes(let size): "\(size)"
    case .pieces(let pieces): "\(pieces)"
    case .unreadable(let text): text
    }
  }
}

/// The cuts that specifications mean for an array.
struct ChunkCuts {
  /// Dask's `array.chunk-size`.
  static let standardBytes = 128 << 20

  private let extents: [Int]
  private let itemSize: Int

  init(_ extents: [Int], itemSize: Int) {
    self.extents = extents
    self.itemSize = itemSize
  }

  /// One cut for each axis; what is wrong with a specification is thrown as text.
  func cuts(_ specs: [ChunkSpec]) throws(ChunkSpecError) -> [ChunkGrid.Cut] {
    guard specs.count == extents.count else {
      throw ChunkSpecError("\(specs.count) specifications for \(extents.count) axes")
    }
    var cuts: [ChunkGrid.Cut?] = []
    var limit = Self.standardBytes
    for (axis, spec) in specs.enumerated() { cuts.append(try cut(spec, axis, &limit)) }
    return shared(cuts, limit)
  }

  /// The cut that a specification says; nil where it is for the bytes to say.
  private func cut(
    _ spec: ChunkSpec, _ axis: Int, _ limit: inout Int
  ) throws(ChunkSpecError) -> ChunkGrid.Cut? {
    let extent = extents[axis]
    switch spec {
    case .extent(let size):
      guard size > 0 else { throw ChunkSpecError("chunks of \(size) positions along axis \(axis)") }
      return .uniform(min(size, max(1, extent)))
    case .whole: return .uniform(max(1, extent))
    case .auto: return nil
    case .bytes(let size):
      limit = min(limit, size.bytes)
      return nil
    case .pieces(let pieces):
      let sum = pieces.reduce(0) { $0.addingReportingOverflow($1).partialValue }
      guard pieces.allSatisfy({ $0 >= 0 }), sum == extent else {
        throw ChunkSpecError(
          "chunks of \(pieces) positions do not make up axis \(axis) of extent \(extent)")
      }
      return .pieces(pieces)
    case .unreadable(let text):
      throw ChunkSpecError("'\(text)' is neither auto nor a size")
    }
  }

  /// Gives the open axes equal extents such that chunks have the bytes; short axes stay whole.
  private func shared(_ given: [ChunkGrid.Cut?], _ limit: Int) -> [ChunkGrid.Cut] {
    var cuts = given
    while true {
      let open = cuts.indices.filter { cuts[$0] == nil }
      if open.isEmpty { return cuts.map { $0 ?? .uniform(1) } }
      var others = Double(itemSize)
      for (axis, cut) in cuts.enumerated() {
        switch cut {
        case .uniform(let size): others *= Double(min(size, extents[axis]))
        case .pieces(let pieces): others *= Double(pieces.max() ?? 1)
        case nil: break
        }
      }
      let size = Self.root(Double(limit) / max(1, others), open.count)
      let short = open.filter { extents[$0] < size }
      for axis in short { cuts[axis] = .uniform(max(1, extents[axis])) }
      if short.isEmpty {
        for axis in open { cuts[axis] = .uniform(max(1, size)) }
      }
    }
  }

  /// The greatest whole number whose power is at most x.
  private static func root(_ x: Double, _ degree: Int) -> Int {
    func power(_ n: Int) -> Double { (0..<degree).reduce(1) { product, _ in product * Double(n) } }
    var (low, high) = (0, 1 << 40)
    while high - low > 1 {
      let middle = (low + high) / 2
      if power(middle) <= x { low = middle } else { high = middle }
    }
    return low
  }
}

/// What is wrong with a specification of chunks.
struct ChunkSpecError: Error {
  let message: String
  init(_ message: String) { self.message = message }
}
