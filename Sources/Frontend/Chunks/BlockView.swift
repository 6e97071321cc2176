import WeftIR

extension NDArray {
  /// The extents of the chunks along each axis, as the program cuts the array: what `rechunked`,
  /// `mapBlocks` and sources say, carried on through operations that leave an axis as it is.
  ///
  /// One chunk where nothing was said, and for an array that is wrong; the executor `chunked` may cut
  /// finer to keep a memory limit. Of an array that has been computed since it was built only its own
  /// `rechunked` is known.
  ///
  /// - Shape: a list for each axis.
  /// - DType: none.
  /// - Throws: nothing.
  /// - NumPy: none; `dask.array.Array.chunks`.
  ///
  /// ```swift
  /// let x = zeros([10, 4]).rechunked([4, -1])
  /// x.chunks  // [[4, 4, 2], [4]]
  /// (x + 1).T.chunks  // [[4], [4, 4, 2]]
  /// ```
  public var chunks: [[Int]] {
    (try? ProgramChunks.pieces(of: expr)) ?? expr.type.shape.codes.map { [Swift.max(0, $0)] }
  }

  /// The number of chunks along each axis.
  ///
  /// - Shape: a number for each axis.
  /// - DType: none.
  /// - Throws: nothing.
  /// - NumPy: none; `dask.array.Array.numblocks`.
  ///
  /// ```swift
  /// zeros([10, 4]).rechunked([4, 2]).blockCounts  // [3, 2]
  /// ```
  public var blockCounts: [Int] { chunks.map(\.count) }

  /// The chunks of the array, to be picked by their place: `x.blocks[0, 1...]`.
  ///
  /// - Shape: none.
  /// - DType: none.
  /// - Throws: nothing; what is picked may be wrong.
  /// - NumPy: none; `dask.array.Array.blocks`.
  ///
  /// ```swift
  /// let x = arange(10).rechunked(4)
  /// x.blocks[1]  // [4 5 6 7]
  /// x.blocks.shape  // [3]
  /// ```
  public var blocks: BlockView { BlockView(array: self) }
}

/// The chunks of an array by their place.
///
/// An integer keeps its axis, so that what is picked has as many axes as the array.
///
/// ```swift
/// let x = arange(24).reshaped([4, 6]).rechunked([2, 3])
/// x.blocks[1, 0]
/// // [[12 13 14]
/// //  [18 19 20]]
/// x.blocks[0].type  // int64[2, 6]
/// x.blocks[.all, -1].chunks  // [[2, 2], [3]]
/// ```
public struct BlockView: Sendable {
  let array: NDArray

  /// The number of chunks along each axis.
  public var shape: [Int] { array.blockCounts }
  /// The number of chunks.
  public var count: Int { shape.reduce(1, *) }

  /// The chunks in C order.
  ///
  /// ```swift
  /// arange(5).rechunked(2).blocks.all.map { $0.shape }  // [[Optional(2)], [Optional(2)], [Optional(1)]]
  /// ```
  public var all: [NDArray] {
    let call = Call("blocks", .none)
    guard let grid = try? BlockGrid(array, call) else { return [array] }
    return (0..<grid.grid.count).map { grid.part(array, grid.grid.region(of: $0), call) }
  }

  /// The chunks at some places, joined; axes that are not named are whole.
  ///
  /// - Shape: that of the chunks together.
  /// - DType: unchanged.
  /// - Throws: from `compute()`: `index` for places that there are not and for more places than axes,
  ///   and where two axes have lists; `unknown-extent`.
  /// - NumPy: none; `dask.array.Array.blocks`.
  ///
  /// ```swift
  /// let x = arange(10).rechunked(4)
  /// x.blocks[[0, 2]]  // [0 1 2 3 8 9]
  /// x.blocks[.stride(by: -1)]  // [8 9 4 5 6 7 0 1 2 3]
  /// x.blocks[3]  // error: blocks: block 3 is out of range for 3 blocks along axis 0 of int64[10] [index]
  /// ```
  public subscript(
    _ places: any AxisIndexConvertible..., file file: StaticString = #fileID,
    line line: UInt = #line
  ) -> NDArray {
    selecting(places.map(\.axisIndex), site: SourceSite(file: file, line: line))
  }

  func selecting(_ places: [AxisIndex], site: SourceSite) -> NDArray {
    let call = Call("blocks", site)
    return call.build([array]) { () throws(WeftError) in
      let grid = try BlockGrid(array, call)
      let picked = try grid.picked(places, of: array, call)
      return grid.joined(picked, of: array, call)
    }
  }
}

/// The chunks of an array, with what is done with them.
struct BlockGrid {
  let grid: ChunkGrid

  init(_ array: NDArray, _ call: Call) throws(WeftError) {
    let extents = try call.extents(of: array)
    let pieces = try ProgramChunks.pieces(of: array.expr)
    grid = ChunkGrid(extents, cuts: pieces.map { .pieces($0) })
  }

  /// A box of an array.
  func part(_ array: NDArray, _ region: Region, _ call: Call) -> NDArray {
    if region.extents == grid.extents { return array.strong }
    return call.node(
      .slice(region.ranges.map { SliceSpan(start: $0.lowerBound, step: 1, count: $0.count) }),
      array.strong)
  }

  // MARK: - Picking

  /// The blocks along each axis that indices name.
  fileprivate func picked(
    _ indices: [AxisIndex], of array: NDArray, _ call: Call
  ) throws(WeftError) -> [[Int]] {
    var indices = indices
    let rank = grid.counts.count
    if let place = indices.firstIndex(where: { if case .remaining = $0 { true } else { false } }) {
      let rest = max(0, rank - (indices.count - 1))
      let all = AxisIndex.slice(start: nil, stop: nil, step: 1)
      indices.replaceSubrange(place...place, with: Array(repeating: all, count: rest))
    }
    guard indices.count <= rank else {
      throw call.error(.index, "\(indices.count) places for \(rank) axes of \(array.expr.type)")
    }
    var lists = 0
    var picked: [[Int]] = []
    for axis in 0..<rank {
      let count = grid.counts[axis]
      func checked(_ place: Int) throws(WeftError) -> Int {
        guard place >= -count, place < count else {
          throw call.error(
            .index,
            "block \(place) is out of range for \(count) blocks along axis \(axis) of "
              + "\(array.expr.type)")
        }
        return place < 0 ? place + count : place
      }
      guard axis < indices.count else {
        picked.append(Array(0..<count))
        continue
      }
      switch indices[axis] {
      case .at(let place): picked.append([try checked(place)])
      case .slice(let start, let stop, let step):
        guard step != 0 else { throw call.error(.index, "a step of 0 along axis \(axis)") }
        picked.append(Self.places(start, stop, step, count))
      case .array(let list):
        lists += 1
        if lists > 1 { throw call.error(.index, "blocks take one list of places") }
        var places: [Int] = []
        for place in try Self.numbers(list, call) { places.append(try checked(place)) }
        picked.append(places)
      case .remaining, .inserted:
        throw call.error(.index, "blocks take integers, ranges and one list of places")
      }
      if picked[axis].isEmpty {
        throw call.error(.index, "no blocks along axis \(axis) of \(array.expr.type)")
      }
    }
    return picked
  }

  /// The places of Python's slice.
  private static func places(_ start: Int?, _ stop: Int?, _ step: Int, _ count: Int) -> [Int] {
    func bound(_ value: Int, _ low: Int, _ high: Int) -> Int {
      min(max(value < 0 ? value + count : value, low), high)
    }
    if step > 0 {
      let first = start.map { bound($0, 0, count) } ?? 0
      let end = stop.map { bound($0, 0, count) } ?? count
      return Array(Swift.stride(from: first, to: end, by: step))
    }
    let first = start.map { bound($0, -1, count - 1) } ?? count - 1
    let end = stop.map { bound($0, -1, count - 1) } ?? -1
    return Array(Swift.stride(from: first, to: end, by: step))
  }

  /// The integers of a list that is in memory.
  private static func numbers(_ list: NDArray, _ call: Call) throws(WeftError) -> [Int] {
    guard let buffer = list.expr.buffer, list.rank <= 1, list.dtype.isInteger else {
      throw call.error(
        .index, "a list of places is integers in one axis and in memory, not \(list.expr.type)")
    }
    try buffer.load()
    return (0..<buffer.count).map { Int(buffer.scalar(at: $0).intValue) }
  }

  /// The blocks at places along each axis, joined, and cut as they are.
  fileprivate func joined(_ places: [[Int]], of array: NDArray, _ call: Call) -> NDArray {
    var result = array.strong
    for (axis, list) in places.enumerated() {
      if list == Array(0..<grid.counts[axis]) { continue }
      // Neighbours are one slice.
      var runs: [Range<Int>] = []
      for place in list {
        let range = grid.range(axis, place)
        if let last = runs.last, last.upperBound == range.lowerBound {
          runs[runs.count - 1] = last.lowerBound..<range.upperBound
        } else {
          runs.append(range)
        }
      }
      let whole = result
      let parts = runs.map {
        call.slice(whole, axis: axis, from: $0.lowerBound, count: $0.count)
      }
      result = call.concatenate(parts, axis: axis)
    }
    let pieces = places.enumerated().map { axis, list in list.map { grid.range(axis, $0).count } }
    return call.cut(result, pieces)
  }
}

extension ChunkGrid.Cut {
  /// The cut into pieces; uniform where all but a shorter last one are alike.
  init(pieces: [Int]) {
    let first = pieces.first ?? 1
    let isUniform =
      first > 0 && pieces.dropLast().allSatisfy { $0 == first }
      && (1...first).contains(pieces.last ?? 1)
    self = isUniform ? .uniform(first) : .pieces(pieces)
  }
}

extension Call {
  /// An array of known extents, cut into pieces.
  func cut(_ a: NDArray, _ pieces: [[Int]]) -> NDArray {
    if a.expr.isPoison || pieces.allSatisfy({ $0.count == 1 }) { return a }
    var layout = Layout.dense(rank: a.rank)
    layout.chunks = pieces.map { ChunkGrid.Cut(pieces: $0) }
    return node(.store(layout), a)
  }
}
