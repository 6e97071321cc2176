import WeftIR

/// Where a block lies in its array: Dask's `block_info`.
public struct BlockInfo: Hashable, Sendable {
  /// The block's place along each axis.
  public var index: [Int]
  /// The number of blocks along each axis.
  public var counts: [Int]
  /// The block's positions in the array.
  public var ranges: [Range<Int>]
  /// The extents of the whole array.
  public var extents: [Int]
}

extension NDArray {
  /// The array made of what a function gives for each block.
  ///
  /// The function is called once for each block while the program is built, so that its result is part
  /// of the program: any executor gives the same elements. Blocks are those of `chunks`.
  ///
  /// Results lack `dropAxes`, of which blocks have all, and have `newAxes`, counted in the result. Where
  /// `chunks` are given results must have those extents; where a `dtype` is given they are converted.
  ///
  /// - Shape: the extents of the results added up along each axis.
  /// - DType: the results', promoted; or `dtype`.
  /// - Throws: from `compute()`: what the function's expressions throw; `shape-mismatch` for results
  ///   whose axes or extents do not fit; `axis`; `unknown-extent`.
  /// - NumPy: none; `dask.array.map_blocks`.
  ///
  /// ```swift
  /// let x = arange(6).rechunked(3)
  /// x.mapBlocks { $0 - $0.mean() }  // [-1.  0.  1. -1.  0.  1.]
  /// x.mapBlocks { $0.sum(axis: 0, keepAxes: true) }  // [ 3 12]
  /// let y = ones([4, 6]).rechunked([2, 3])
  /// y.mapBlocks(dropAxes: [1]) { $0.sum(axis: 1) }  // [6. 6. 6. 6.]
  /// ```
  public func mapBlocks(
    dtype: DType? = nil, chunks: [ChunkSpec]? = nil, dropAxes: [Int] = [], newAxes: [Int] = [],
    file: StaticString = #fileID, line: UInt = #line, _ body: (NDArray) -> NDArray
  ) -> NDArray {
    Weft.mapBlocks(
      [self], dtype: dtype, chunks: chunks, dropAxes: dropAxes, newAxes: newAxes, file: file,
      line: line
    ) { blocks, _ in body(blocks[0]) }
  }

  /// The array made of what a function gives for each block and its place. See `mapBlocks`.
  ///
  /// ```swift
  /// let x = zeros([5], dtype: .int64).rechunked(2)
  /// x.mapBlocks { block, info in block + info.index[0] }  // [0 0 1 1 2]
  /// x.mapBlocks { block, info in block + info.ranges[0].lowerBound }  // [0 0 2 2 4]
  /// ```
  public func mapBlocks(
    dtype: DType? = nil, chunks: [ChunkSpec]? = nil, dropAxes: [Int] = [], newAxes: [Int] = [],
    file: StaticString = #fileID, line: UInt = #line, _ body: (NDArray, BlockInfo) -> NDArray
  ) -> NDArray {
    Weft.mapBlocks(
      [self], dtype: dtype, chunks: chunks, dropAxes: dropAxes, newAxes: newAxes, file: file,
      line: line
    ) { blocks, infos in body(blocks[0], infos[0]) }
  }
}

/// The array made of what a function gives for the blocks of several arrays that lie together.
///
/// Arrays are broadcast by their axes from the last on. Along an axis blocks are the pieces between all
/// arrays' cuts; an axis of extent 1 goes with every block.
///
/// - Shape: as `mapBlocks` of one array.
/// - DType: as `mapBlocks` of one array.
/// - Throws: as `mapBlocks` of one array; `broadcast`; `argument` for no array.
/// - NumPy: none; `dask.array.map_blocks`.
///
/// ```swift
/// let x = arange(6).rechunked(3), y = arange(6).rechunked(2)
/// mapBlocks([x, y]) { blocks, infos in blocks[0] * 10 + blocks[1].sum() }
/// // [ 1 11 22 33 49 59]
/// ```
public func mapBlocks(
  _ arrays: [NDArray], dtype: DType? = nil, chunks: [ChunkSpec]? = nil, dropAxes: [Int] = [],
  newAxes: [Int] = [], file: StaticString = #fileID, line: UInt = #line,
  _ body: ([NDArray], [BlockInfo]) -> NDArray
) -> NDArray {
  let call = Call("mapBlocks", file, line)
  return call.build(arrays) { () throws(WeftError) in
    let mapping = try BlockMapping(arrays, call, dropped: dropAxes, new: newAxes)
    return try mapping.result(dtype, chunks) { place in
      let parts = arrays.indices.map { mapping.block($0, place) }
      return body(parts.map(\.array), parts.map(\.info))
    }
  }
}

/// Blocks of arrays that lie together, and what becomes of their axes in results.
struct BlockMapping {
  private let arrays: [NDArray]
  private let call: Call
  /// The pieces of each axis of what the arrays broadcast to; whole along axes that results lack.
  let grid: ChunkGrid
  private let dropped: Set<Int>
  /// For each axis of the result the axis of the grid; nil where it is new.
  private let sources: [Int?]

  init(
    _ arrays: [NDArray], _ call: Call, dropped: [Int] = [], new: [Int] = []
  ) throws(WeftError) {
    guard !arrays.isEmpty else { throw call.error(.argument, "needs at least one array") }
    self.arrays = arrays
    self.call = call
    guard let extents = try call.broadcastShape(arrays).known else {
      _ = try call.extents(of: arrays[0])
      throw call.error(
        .unknownExtent, "extents that only the data tell; compute() the arrays first")
    }
    let rank = extents.count
    var cuts = extents.map { Set([0, $0]) }
    for array in arrays {
      let offset = rank - array.rank
      for (axis, pieces) in try ProgramChunks.pieces(of: array.expr).enumerated()
      where pieces.reduce(0, +) == extents[offset + axis] {
        var end = 0
        for piece in pieces {
          end += piece
          cuts[offset + axis].insert(end)
        }
      }
    }
    var gone: Set<Int> = []
    for axis in dropped {
      guard axis >= -rank, axis < rank else {
        throw call.error(
          .axis, "axis \(axis) is out of range for blocks of \(rank) axes in dropAxes")
      }
      gone.insert(axis < 0 ? axis + rank : axis)
    }
    self.dropped = gone
    let pieces = cuts.enumerated().map { axis, ends -> [Int] in
      if gone.contains(axis) { return [extents[axis]] }
      let sorted = ends.sorted()
      return sorted.count < 2 ? [0] : zip(sorted.dropFirst(), sorted).map { $0 - $1 }
    }
    grid = ChunkGrid(extents, cuts: pieces.map { .pieces($0) })
    let outputRank = rank - gone.count + new.count
    var added: Set<Int> = []
    for axis in new {
      guard axis >= -outputRank, axis < outputRank,
        added.insert(axis < 0 ? axis + outputRank : axis).inserted
      else {
        throw call.error(
          .axis,
          "new axes \(new) are not different axes of results of \(outputRank) axes in newAxes")
      }
    }
    var rest = (0..<rank).filter { !gone.contains($0) }[...]
    sources = (0..<outputRank).map { added.contains($0) ? nil : rest.popFirst() }
  }

  /// The block of an array at a place of the grid.
  func block(_ number: Int, _ place: [Int]) -> (array: NDArray, info: BlockInfo) {
    let array = arrays[number]
    let extents = array.expr.type.shape.codes
    let offset = grid.extents.count - array.rank
    var info = BlockInfo(index: [], counts: [], ranges: [], extents: extents)
    for (axis, extent) in extents.enumerated() {
      let isSpread = extent != grid.extents[offset + axis]
      info.index.append(isSpread ? 0 : place[offset + axis])
      info.counts.append(isSpread ? 1 : grid.counts[offset + axis])
      info.ranges.append(isSpread ? 0..<1 : grid.range(offset + axis, place[offset + axis]))
    }
    if info.ranges.map(\.count) == extents { return (array.strong, info) }
    let spans = info.ranges.map { SliceSpan(start: $0.lowerBound, step: 1, count: $0.count) }
    return (call.node(.slice(spans), array.strong), info)
  }

  /// What a function gives for each place, joined.
  func result(
    _ dtype: DType?, _ chunks: [ChunkSpec]?, _ body: (_ place: [Int]) -> NDArray
  ) throws(WeftError) -> NDArray {
    var results: [NDArray] = []
    var pieces: [[Int?]] = sources.map { source in
      Array(repeating: nil, count: source.map { grid.counts[$0] } ?? 1)
    }
    for number in 0..<grid.count {
      let place = grid.indices(of: number)
      var result = body(place).strong
      if let poison = Building.poison([result.expr]) { return NDArray(poison) }
      if let dtype { result = call.convert(result, to: dtype) }
      guard result.rank == sources.count, let extents = result.expr.type.shape.known else {
        throw call.error(
          .shapeMismatch,
          "the function gives \(result.expr.type) for block \(place), \(taken(place)); expected "
            + "\(sources.count) known extents",
          hint: result.rank < sources.count
            ? "axes that it takes away go into dropAxes" : "axes that it adds go into newAxes")
      }
      for (axis, source) in sources.enumerated() {
        let piece = source.map { place[$0] } ?? 0
        if let known = pieces[axis][piece], known != extents[axis] {
          throw call.error(
            .shapeMismatch,
            "the function gives \(result.expr.type) for block \(place), and extent \(known) along "
              + "axis \(axis) for a block before it")
        }
        pieces[axis][piece] = extents[axis]
      }
      results.append(result)
    }
    let found = pieces.map { $0.map { $0 ?? 0 } }
    if let chunks { try check(found, chunks) }
    return call.cut(joined(results), found)
  }

  /// The blocks that a function got, in words.
  private func taken(_ place: [Int]) -> String {
    arrays.indices.map { block($0, place).array.expr.type.description }.joined(separator: ", ")
  }

  private func check(_ pieces: [[Int]], _ chunks: [ChunkSpec]) throws(WeftError) {
    var isRight = chunks.count == pieces.count
    for (spec, found) in zip(chunks, pieces) {
      switch spec {
      case .extent(let extent): isRight = isRight && found.allSatisfy { $0 == extent }
      case .pieces(let wanted): isRight = isRight && found == wanted
      case .whole: isRight = isRight && found.count == 1
      case .auto, .bytes, .unreadable: isRight = false
      }
    }
    if isRight { return }
    throw call.error(
      .shapeMismatch, "the results of the blocks have extents \(pieces), not chunks \(chunks)")
  }

  /// Results in the order of blocks, joined along the last axis first.
  private func joined(_ results: [NDArray]) -> NDArray {
    var parts = results
    for source in grid.counts.indices.reversed() {
      let count = grid.counts[source]
      guard count > 1, let axis = sources.firstIndex(of: source) else { continue }
      parts = Swift.stride(from: 0, to: parts.count, by: count).map {
        call.concatenate(Array(parts[$0..<$0 + count]), axis: axis)
      }
    }
    return parts[0]
  }
}
