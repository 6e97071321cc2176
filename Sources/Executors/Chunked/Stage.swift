import WeftIR
import WeftPasses

/// An array that tasks read and make in chunks: a parameter, a stored value, or parts of one.
struct ChunkedArray: Sendable {
  /// What it is called in task graphs: a parameter's or value's name, with its level for parts.
  var name: String
  var type: TensorType
  var grid: ChunkGrid
  /// The parameter that it is.
  var parameter: Int?
  /// The share of the elements that takes memory, indices included: more than 1 never.
  var storedShare = 1.0
  /// The number of its first chunk among those of all arrays.
  var firstChunk = 0
  /// Whether the whole array is a result of the graph.
  var isResult = false
  /// The sinks that take the chunks, by number.
  var sinks: [Int] = []
}

/// Tiles of one row and of what is computed with it; of several rows where these read the same.
struct Stage: Sendable {
  /// What a tile makes.
  enum Kind: Sendable {
    /// Chunks of the row's results.
    case tile
    /// A part of a chunk; the parts of a chunk are numbered in C order of the folded pieces.
    case part(TileSpace.Combination)
    /// One of up to `JoinTree.width` parts of a chunk; the last level makes the chunk.
    case join(TileSpace.Combination, isLast: Bool)
    /// A chunk of running folds, which begin with what the tile before it ends with.
    case carry(ScalarFunction, axis: Int)
    /// Random bits, which only whole arrays have a kernel for.
    case random(RandomStream)
  }

  /// A row whose tiles a stage makes along with those of its first.
  struct Companion: Sendable {
    var row: Int
    var kind: Kind
    /// The axes of the companion's space: that of the stage's grid, nil for one that is not cut.
    var axes: [(stage: Int?, extent: Int)]
  }

  /// The row whose results the tiles are of.
  var row: Int
  var kind: Kind
  /// The tiles: of the row's space, or of the next level of parts.
  var grid: ChunkGrid
  /// The arrays that tiles make chunks of, the first row's first.
  var results: [Int]
  /// Rows that read the same and are made along.
  var companions: [Companion] = []
  /// The parts that a join takes.
  var parts: [Int] = []
  /// For each axis of the grid how far chunks of the results are apart.
  var steps: [Int] = []
  /// Rows that are computed within tiles, in order.
  var members: [Int] = []

  /// The chunk that a tile makes, counted from the first of each array that it makes.
  func chunk(of tile: Int) -> Int {
    if steps.isEmpty { return tile }
    return zip(grid.indices(of: tile), steps).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The tile that makes a chunk.
  func tile(of chunk: Int) -> Int {
    if steps.isEmpty { return chunk }
    return zip(steps, grid.counts).reduce(0) { tile, axis in
      tile * axis.1 + (axis.0 == 0 ? 0 : chunk / axis.0 % axis.1)
    }
  }

  /// The tile's region of the grid; axes of one piece are the same for each tile.
  func region(of tile: Int) -> [TileRange] {
    let indices = grid.indices(of: tile)
    return indices.indices.map { axis in
      TileRange(
        grid.range(axis, indices[axis]),
        source: grid.counts[axis] == 1 ? TileRange.fixed : axis)
    }
  }
}

/// The tree that joins parts: neighbours, so many at a time, whatever threads or memory there are.
enum JoinTree {
  /// The parts that one task joins.
  static let width = 4

  /// How many of so many parts a group joins.
  static func members(of group: Int, _ count: Int) -> Int { min(width, count - group * width) }

  /// The number of parts after each level, until one is left.
  static func levels(_ count: Int) -> [Int] {
    var levels: [Int] = []
    var count = count
    while count > 1 {
      count = (count + width - 1) / width
      levels.append(count)
    }
    return levels
  }
}
