/// A box of an array: a range of positions along each axis.
///
/// ```swift
/// import WeftIR
///
/// let box = Region([2..<4, 0..<3])
/// box.extents  // [2, 3]
/// box.count  // 6
/// ```
public struct Region: Hashable, Sendable {
  /// The positions along each axis.
  public var ranges: [Range<Int>]

  /// A box from its ranges.
  public init(_ ranges: [Range<Int>]) { self.ranges = ranges }

  /// All of an array.
  public init(whole extents: [Int]) { ranges = extents.map { 0..<$0 } }

  /// The number of axes.
  public var rank: Int { ranges.count }
  /// The number of positions along each axis.
  public var extents: [Int] { ranges.map(\.count) }
  /// The number of elements.
  public var count: Int { ranges.reduce(1) { $0 &* $1.count } }

  /// Whether every position of another box is one of this.
  public func contains(_ other: Region) -> Bool {
    zip(ranges, other.ranges).allSatisfy {
      $0.lowerBound <= $1.lowerBound && $1.upperBound <= $0.upperBound
    }
  }
}

extension Region: CustomStringConvertible {
  /// As a slice is written: `[0:2, 5:7]`.
  public var description: String {
    "[" + ranges.map { "\($0.lowerBound):\($0.upperBound)" }.joined(separator: ", ") + "]"
  }
}

/// How an array is cut into chunks: along each axis into pieces of one extent, or of given extents.
///
/// Chunks are numbered in C order. An axis without positions has one chunk, which is empty.
///
/// ```swift
/// import WeftIR
///
/// let grid = ChunkGrid([10, 6], cuts: [.uniform(4), .pieces([1, 5])])
/// grid.counts  // [3, 2]
/// grid.region(of: 5)  // [8:10, 1:6]
/// grid  // [4, [1, 5]] of [10, 6]
/// ```
public struct ChunkGrid: Hashable, Sendable {
  /// How one axis is cut.
  public enum Cut: Hashable, Sendable {
    /// Pieces of so many positions; the last one has what is left.
    case uniform(Int)
    /// Pieces of these extents, which add up to the axis.
    case pieces([Int])
  }

  /// The extents of the array.
  public let extents: [Int]
  /// How each axis is cut.
  public let cuts: [Cut]
  /// The number of pieces along each axis.
  public let counts: [Int]
  /// The first position of each piece, and the extent, of axes that are cut into given pieces.
  private let bounds: [[Int]]

  /// A grid from the array's extents and a cut for each axis.
  public init(_ extents: [Int], cuts: [Cut]) {
    self.extents = extents
    self.cuts = cuts
    var counts: [Int] = []
    var bounds: [[Int]] = []
    for (extent, cut) in zip(extents, cuts) {
      switch cut {
      case .uniform(let size):
        counts.append(max(1, (extent + max(1, size) - 1) / max(1, size)))
        bounds.append([])
      case .pieces(let pieces):
        counts.append(max(1, pieces.count))
        bounds.append(pieces.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) })
      }
    }
    self.counts = counts
    self.bounds = bounds
  }

  /// One chunk.
  public init(whole extents: [Int]) {
    self.init(extents, cuts: extents.map { .uniform(max(1, $0)) })
  }

  /// The number of chunks.
  public var count: Int { counts.reduce(1, *) }

  /// The positions of a piece of an axis.
  @inlinable
  public func range(_ axis: Int, _ piece: Int) -> Range<Int> {
    switch cuts[axis] {
    case .uniform(let size):
      let start = piece &* size
      return start..<min(start &+ size, extents[axis])
    case .pieces: return givenRange(axis, piece)
    }
  }

  @usableFromInline func givenRange(_ axis: Int, _ piece: Int) -> Range<Int> {
    piece + 1 < bounds[axis].count ? bounds[axis][piece]..<bounds[axis][piece + 1] : 0..<0
  }

  /// The piece of an axis that holds a position.
  public func piece(_ axis: Int, of position: Int) -> Int {
    switch cuts[axis] {
    case .uniform(let size): return min(position / max(1, size), counts[axis] - 1)
    case .pieces:
      var (low, high) = (0, counts[axis])
      while high - low > 1 {
        let middle = (low + high) / 2
        if bounds[axis][middle] <= position { low = middle } else { high = middle }
      }
      return low
    }
  }

  /// The pieces of an axis that share positions with a range; the first where the range is empty.
  public func pieces(_ axis: Int, in range: Range<Int>) -> ClosedRange<Int> {
    let first = piece(axis, of: range.lowerBound)
    return first...(range.isEmpty ? first : piece(axis, of: range.upperBound - 1))
  }

  /// The place of a chunk along each axis.
  public func indices(of chunk: Int) -> [Int] {
    var rest = chunk
    var indices = counts
    for axis in counts.indices.reversed() {
      indices[axis] = rest % counts[axis]
      rest /= counts[axis]
    }
    return indices
  }

  /// The number of the chunk at a place.
  public func chunk(at indices: [Int]) -> Int {
    zip(indices, counts).reduce(0) { $0 * $1.1 + $1.0 }
  }

  /// The box of a chunk.
  public func region(of chunk: Int) -> Region {
    Region(indices(of: chunk).enumerated().map { range($0, $1) })
  }

  /// The chunks that a box has elements of, in order.
  public func chunks(in region: Region) -> [Int] {
    var found = [0]
    for axis in counts.indices {
      let pieces = pieces(axis, in: region.ranges[axis])
      found = found.flatMap { chunk in pieces.map { chunk * counts[axis] + $0 } }
    }
    return found
  }
}

extension ChunkGrid: CustomStringConvertible {
  /// The cuts and the array's extents.
  public var description: String { "\(Self.text(cuts)) of \(extents)" }

  /// Cuts as the text form of a layout writes them: `[4, [1, 5]]`.
  static func text(_ cuts: [Cut]) -> String {
    let words = cuts.map { cut in
      switch cut {
      case .uniform(let size): "\(size)"
      case .pieces(let pieces): "\(pieces)"
      }
    }
    return "[" + words.joined(separator: ", ") + "]"
  }
}
