import WeftIR
import WeftPasses

/// Decides which values are stored in chunks and which rows are computed within the tiles of others.
///
/// Stored are results of the graph, what is put together from parts, and what more than one stage, or
/// several tiles of one, would otherwise compute again at more than a few operations an element.
struct StagePlanner {
  let graph: Graph
  let spaces: [TileSpace?]
  private(set) var arrays: [ChunkedArray] = []
  /// The array of each value that is stored.
  private(set) var stored: [Value: Int] = [:]
  /// Stages, each after those that it reads.
  var stages: [Stage] = []
  let classes: AxisClasses
  private var live: [Bool]
  /// The row of the sum for each row of squares about the mean, where both are put together from parts.
  private var sums: [Int: Int] = [:]
  private let names: [String]
  /// Whether sinks take the results.
  private let isStreamed: Bool
  private var isRoot: [Bool]
  /// Rows that no tile cuts.
  private(set) var wholeRows: [Int] = []

  /// Rows that one tile computes again where another stage does too, at most.
  private static let mostRepeatedRows = 48

  /// A planner for a graph; `isStreamed` where sinks take the results, each of which is then a row
  /// of its own (`Graph.givenToSinks`).
  init(_ graph: Graph, _ chunking: Chunking, chunkBytes: Int, isStreamed: Bool = false) {
    self.graph = graph
    self.isStreamed = isStreamed
    let live = graph.liveRows()
    let spaces = (0..<graph.count).map { live[$0] ? graph.tileSpace($0) : nil }
    self.live = live
    self.spaces = spaces
    names = graph.valueNames()
    isRoot = Array(repeating: false, count: graph.count)
    var classes = AxisClasses(graph, spaces, live)
    classes.followProgram(live)
    classes.choose(chunking, chunkBytes: chunkBytes, live)
    self.classes = classes
    sums = Moments.sums(of: graph, live).filter { _, sum in
      isFoldCut(sum)
    }
    if !sums.isEmpty { self.live = usedRows() }
  }

  /// Whether a row's result is put together from parts.
  func isFoldCut(_ row: Int) -> Bool {
    guard let space = spaces[row] else { return false }
    let grid = grid(row, space)
    return space.folded.contains { grid.counts[$0] > 1 }
  }

  /// What a row reads: squares about a mean are made of what the sum is made of.
  func reads(_ row: Int) -> ArraySlice<Value> { graph.operands(sums[row] ?? row) }

  /// The rows that lead to results.
  private func usedRows() -> [Bool] {
    var used = live.map { _ in false }
    for output in graph.outputs { used[output.index] = true }
    for row in (0..<graph.count).reversed() where used[row] {
      if let sum = sums[row] { used[sum] = true }
      for operand in reads(row) { used[operand.index] = true }
    }
    return used
  }

  /// Whether no value is cut.
  var isWhole: Bool { classes.isWhole }

  mutating func plan() {
    for row in 0..<graph.count where live[row] {
      guard case .input(let n, let type) = graph.rows[row].op else { continue }
      let cuts = type.shape.codes.indices.map { classes.cut(Value(row: row), $0) }
      stored[Value(row: row)] = arrays.count
      arrays.append(
        ChunkedArray(
          name: "%" + graph.parameters[n].name, type: type,
          grid: ChunkGrid(type.shape.codes, cuts: cuts), parameter: n,
          storedShare: graph.parameters[n].storedShare))
    }
    chooseRoots()
    for row in 0..<graph.count where isRoot[row] && sums[row] == nil { addStages(for: row) }
    for (number, output) in graph.outputs.enumerated() {
      guard let array = stored[output] else { continue }
      if isStreamed { arrays[array].sinks.append(number) } else { arrays[array].isResult = true }
    }
    joinStages()
    var chunk = 0
    for array in arrays.indices {
      arrays[array].firstChunk = chunk
      chunk += arrays[array].grid.count
    }
  }

  // MARK: - Which rows are stored

  private mutating func chooseRoots() {
    var stages: [Set<Int>] = Array(repeating: [], count: graph.count)
    var repeats = Array(repeating: 1, count: graph.count)
    var depth = Array(repeating: 1, count: graph.count)
    for row in 0..<graph.count where live[row] {
      depth[row] = reads(row).reduce(1) { min($0 + depth[$1.index], 1 << 20) }
    }
    for output in graph.outputs {
      isRoot[output.index] = true
      guard isStreamed, isFiner(output) else { continue }
      // Chunks for the sink are put together from what memory has room to compute.
      for operand in graph.operands(output.index) { isRoot[operand.index] = true }
    }
    for row in (0..<graph.count).reversed() where live[row] {
      if case .input = graph.rows[row].op {
        isRoot[row] = false
        continue
      }
      let isShared = stages[row].count > 1 || repeats[row] > 1
      if mustBeStored(row) || isShared && isCostly(row, depth[row]) { isRoot[row] = true }
      if case .random = graph.rows[row].op, mustBeStored(row) {
        for key in graph.operands(row) { isRoot[key.index] = true }
      }
      let own: Set<Int> = isRoot[row] ? [sums[row] ?? row] : stages[row]
      let count = isRoot[row] ? 1 : repeats[row]
      let space = spaces[row]
      let grid = space.map { self.grid(row, $0) }
      for (n, operand) in reads(row).enumerated() {
        stages[operand.index].formUnion(own)
        var more = 1
        if let space, let grid {
          more = Self.repeats(space, grid, n)
          more *= pieces(ofWholeAxes: operand, space.operands[n], grid)
          if case .reshape = graph.rows[row].op, grid.count > 1,
            space.operands[n].contains(where: { if case .moved = $0 { true } else { false } })
          {
            more += 1
          }
        }
        repeats[operand.index] = max(repeats[operand.index], min(count * more, 1 << 30))
      }
    }
  }

  /// How many tiles of a space need the same elements of an operand.
  private static func repeats(_ space: TileSpace, _ grid: ChunkGrid, _ operand: Int) -> Int {
    var count = grid.count
    for use in Set(space.operands[operand]) {
      switch use {
      case .same(let axis), .moved(let axis): count /= grid.counts[axis]
      case .whole: break
      }
    }
    return max(1, count)
  }

  /// How many tiles ask for parts of an operand that is only made with whole axes.
  private func pieces(
    ofWholeAxes operand: Value, _ uses: [TileSpace.Use], _ grid: ChunkGrid
  ) -> Int {
    guard let whole = spaces[operand.index]?.wholeWithinTiles, !whole.isEmpty,
      let output = spaces[operand.index]?.output
    else { return 1 }
    var count = 1
    for (place, use) in uses.enumerated() where whole.contains(output[place]) {
      switch use {
      case .same(let axis), .moved(let axis): count *= grid.counts[axis]
      case .whole: break
      }
    }
    return count
  }

  private func mustBeStored(_ row: Int) -> Bool {
    guard let space = spaces[row] else { return true }
    if graph.types(row).count > 1 { return true }
    let grid = grid(row, space)
    switch graph.rows[row].op {
    case .random: return grid.count > 1
    case .scan(_, let axis): return grid.counts[axis] > 1
    // A grid that is the class's too needs no chunks of its own.
    case .store: return grid != classes.grid(row, space)
    default: return isFoldCut(row)
    }
  }

  /// The grid of a row's tiles: that of its axes' classes, or what the program asks for.
  private func grid(_ row: Int, _ space: TileSpace) -> ChunkGrid {
    let own = classes.grid(row, space)
    guard case .store(let layout) = graph.rows[row].op, let asked = layout.chunks else {
      return own
    }
    let cuts = asked.indices.map { axis -> ChunkGrid.Cut in
      if !isTaken(row), classes.isReduced(Value(row: row), axis) { return own.cuts[axis] }
      guard case .uniform(let size) = asked[axis] else { return asked[axis] }
      return .uniform(max(1, min(size, own.extents[axis])))
    }
    return ChunkGrid(own.extents, cuts: cuts)
  }

  /// Whether a sink takes a row's result, in chunks that are not cut finer.
  private func isTaken(_ row: Int) -> Bool {
    isStreamed && graph.outputs.contains(Value(row: row))
  }

  /// Whether a value is cut finer than the program or a sink says.
  private func isFiner(_ value: Value) -> Bool {
    graph.type(value).shape.codes.indices.contains { classes.isReduced(value, $0) }
  }

  private func isCostly(_ row: Int, _ depth: Int) -> Bool {
    switch graph.rows[row].op {
    case .input, .constant, .iota, .broadcast: false
    case .map, .convert, .reshape, .permute, .slice, .pad, .reverse, .concatenate, .store:
      depth > Self.mostRepeatedRows
    case .random, .reduce, .scan, .argReduce, .contract, .gather, .scatter, .compress, .sort,
      .call:
      true
    }
  }

  // MARK: - Stages

  private mutating func addStages(for row: Int) {
    let members = members(of: row)
    guard let space = spaces[row] else {
      let results = (0..<graph.types(row).count).map { n -> Int in
        let type = graph.types(row)[graph.types(row).startIndex + n]
        return store(
          Value(row: row, result: n), ChunkGrid(whole: type.shape.codes.map { max(0, $0) }))
      }
      if graph.operands(row).isEmpty == false { wholeRows.append(row) }
      stages.append(
        Stage(row: row, kind: .tile, grid: ChunkGrid(whole: []), results: results, members: members)
      )
      return
    }
    let grid = grid(row, space)
    let outputGrid = ChunkGrid(
      space.output.map { space.extents[$0] }, cuts: space.output.map { grid.cuts[$0] })
    let isCut = space.folded.contains { grid.counts[$0] > 1 }
    if isCut {
      addParts(row, space, grid, outputGrid, members)
      return
    }
    let results = (0..<graph.types(row).count).map {
      store(Value(row: row, result: $0), outputGrid)
    }
    var kind = Stage.Kind.tile
    switch graph.rows[row].op {
    case .random(let stream) where grid.count > 1: kind = .random(stream)
    case .scan(let f, let axis) where grid.counts[axis] > 1: kind = .carry(f, axis: axis)
    default: break
    }
    stages.append(
      Stage(
        row: row, kind: kind, grid: grid, results: results,
        steps: Self.steps(space, outputGrid), members: members))
  }

  private mutating func store(_ value: Value, _ grid: ChunkGrid) -> Int {
    stored[value] = arrays.count
    let name = value.result == 0 ? names[value.index] : "\(names[value.index]).\(value.result)"
    arrays.append(ChunkedArray(name: name, type: graph.type(value), grid: grid))
    return arrays.count - 1
  }

  /// How far apart the results' chunks are along each axis of the space.
  private static func steps(_ space: TileSpace, _ grid: ChunkGrid) -> [Int] {
    var steps = Array(repeating: 0, count: space.extents.count)
    var step = 1
    for (place, axis) in space.output.enumerated().reversed() {
      steps[axis] = step
      step *= grid.counts[place]
    }
    return steps
  }

  private mutating func addParts(
    _ row: Int, _ space: TileSpace, _ grid: ChunkGrid, _ outputGrid: ChunkGrid, _ members: [Int]
  ) {
    let partCount = space.folded.reduce(1) { $0 * grid.counts[$1] }
    var steps = Self.steps(space, outputGrid)
    var step = outputGrid.count
    for axis in space.folded.reversed() {
      steps[axis] = step
      step *= grid.counts[axis]
    }
    let squares = sums.first { $0.value == row }?.key
    let combination = squares == nil ? space.combination : .moments
    let types = Self.partTypes(row, combination, graph)
    var parts = types.indices.map { n in
      addPartArray("\(names[row]).part\(n)", types[n], partCount, outputGrid)
    }
    stages.append(
      Stage(
        row: row, kind: .part(combination), grid: grid, results: parts, steps: steps,
        members: members))
    let levels = JoinTree.levels(partCount)
    for (level, count) in levels.enumerated() {
      let isLast = level == levels.count - 1
      let results =
        isLast
        ? ([row] + (squares.map { [$0] } ?? [])).map { store(Value(row: $0), outputGrid) }
        : types.indices.map {
          addPartArray("\(names[row]).join\(level).\($0)", types[$0], count, outputGrid)
        }
      let joinGrid = ChunkGrid(
        [count] + outputGrid.extents, cuts: [.uniform(1)] + outputGrid.cuts)
      stages.append(
        Stage(
          row: row, kind: .join(combination, isLast: isLast), grid: joinGrid,
          results: results, parts: parts))
      parts = results
    }
  }

  private mutating func addPartArray(
    _ name: String, _ dtype: DType, _ count: Int, _ grid: ChunkGrid
  ) -> Int {
    let whole = ChunkGrid([count] + grid.extents, cuts: [.uniform(1)] + grid.cuts)
    arrays.append(
      ChunkedArray(name: name, type: TensorType(dtype, Shape(whole.extents)), grid: whole))
    return arrays.count - 1
  }

  /// The dtypes of a row's parts: sums of half precision are kept in single precision.
  static func partTypes(
    _ row: Int, _ combination: TileSpace.Combination, _ graph: Graph
  ) -> [DType] {
    let dtype = graph.operands(row).first.map { graph.type($0).dtype } ?? .float64
    switch combination {
    case .moments: return [dtype, dtype, dtype, dtype]
    case .position: return [dtype, .int64]
    case .fold(let f): return [wide(dtype, f)]
    case .none, .carry: return [dtype]
    }
  }

  /// The dtype that parts of a fold are kept in.
  static func wide(_ dtype: DType, _ f: ScalarFunction) -> DType {
    (dtype == .float16 || dtype == .bfloat16) && f.algebra.isDisjoint(with: .idempotent)
      ? .float32 : dtype
  }

  /// The rows that a stage's tiles compute, in order; the row itself is the last.
  private func members(of row: Int) -> [Int] {
    var seen: Set<Int> = [row]
    var open = [row]
    while let next = open.popLast() {
      for operand in graph.operands(next) where stored[operand] == nil {
        if seen.insert(operand.index).inserted { open.append(operand.index) }
      }
    }
    return seen.sorted()
  }
}
