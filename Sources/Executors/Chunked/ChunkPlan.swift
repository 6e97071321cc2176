import WeftIR
import WeftPasses

/// A tile to be made.
struct TileTask: Sendable {
  var stage: Int32
  var tile: Int32
  var program: Int32
}

/// What makes a graph's results chunk by chunk: arrays, stages, and the tasks in an order that lets
/// go of chunks before it makes others.
final class ChunkPlan: Sendable {
  let graph: Graph
  let arrays: [ChunkedArray]
  let stages: [Stage]
  let programs: [TileProgram]
  let executables: [any Executable]
  /// Each after those that it needs.
  let tasks: [TileTask]
  /// The chunks that each task reads, one task's after the other's.
  let reads: [Int32]
  /// Where each task's begin in `reads`.
  let firstRead: [Int32]
  /// The tasks that read each chunk, one chunk's after the other's, and where they begin.
  let readers: [Int32]
  let firstReader: [Int32]
  /// The bytes that each task takes while it runs, results included.
  let needs: [Int]
  /// The most bytes alive at once when tasks run in order.
  let peakBytes: Int
  /// The task at which that is.
  let greatest: Int
  /// Rows that no tile cuts.
  let wholeRows: [Int]
  /// Whether a chunk is one of a result.
  let isResult: [Bool]
  private let stored: [Value: Int]

  init(_ expansion: consuming TaskExpander) {
    graph = expansion.planner.graph
    arrays = expansion.arrays
    stages = expansion.planner.stages
    programs = expansion.programs
    executables = expansion.executables
    tasks = expansion.tasks
    reads = expansion.reads
    firstRead = expansion.firstRead + [Int32(expansion.reads.count)]
    wholeRows = expansion.planner.wholeRows
    stored = expansion.planner.stored
    isResult = expansion.arrays.flatMap { array in
      Array(repeating: array.isResult, count: array.grid.count)
    }
    let chunkCount = arrays.last.map { $0.firstChunk + $0.grid.count } ?? 0
    var counts = Array(repeating: Int32(0), count: chunkCount + 1)
    for chunk in reads { counts[Int(chunk) + 1] += 1 }
    for chunk in 0..<chunkCount { counts[chunk + 1] += counts[chunk] }
    firstReader = counts
    var readers = Array(repeating: Int32(0), count: reads.count)
    for task in tasks.indices {
      for place in Int(firstRead[task])..<Int(firstRead[task + 1]) {
        let chunk = Int(reads[place])
        readers[Int(counts[chunk])] = Int32(task)
        counts[chunk] += 1
      }
    }
    self.readers = readers
    let forecast = MemoryForecast(
      arrays, stages, programs, executables, tasks, reads, firstRead, firstReader)
    needs = forecast.needs
    peakBytes = forecast.peak
    greatest = forecast.greatest
  }

  /// The array of a value that is stored.
  func output(_ value: Value) -> Int? { stored[value] }

  /// The bytes of the chunks that a task makes, but for those that go to their place in a result.
  func keptBytes(_ task: Int) -> Int {
    let stage = stages[Int(tasks[task].stage)]
    let chunk = stage.chunk(of: Int(tasks[task].tile))
    return stage.results.reduce(0) {
      $0 + (arrays[$1].isAssembled ? 0 : arrays[$1].chunkBytes(chunk))
    }
  }

  /// The region of an array that an input of a tile is.
  @inline(__always)
  static func region(_ ranges: [TileRange], _ tile: [TileRange]) -> Region {
    Region(ranges.map { $0.source >= 0 ? tile[$0.source].positions : $0.positions })
  }

  /// The chunk of a part.
  static func chunk(
    ofPart member: Int, _ array: ChunkedArray, _ stage: Stage, _ tile: Int
  ) -> Int {
    let inner = stage.grid.count / stage.grid.counts[0]
    let (group, rest) = (tile / inner, tile % inner)
    return (group * JoinTree.width + member) * inner + rest
  }
}

/// What tasks take of memory when they run in order.
private struct MemoryForecast {
  var needs: [Int] = []
  var peak = 0
  var greatest = 0

  init(
    _ arrays: [ChunkedArray], _ stages: [Stage], _ programs: [TileProgram],
    _ executables: [any Executable], _ tasks: [TileTask], _ reads: [Int32], _ firstRead: [Int32],
    _ firstReader: [Int32]
  ) {
    let peaks = executables.map(\.peakBytes)
    var left = Array(repeating: Int32(0), count: firstReader.count - 1)
    for chunk in left.indices { left[chunk] = firstReader[chunk + 1] - firstReader[chunk] }
    var bytes = Array(repeating: 0, count: left.count)
    var isBegun = Array(repeating: false, count: arrays.count)
    var live = 0
    needs.reserveCapacity(tasks.count)
    for (number, task) in tasks.enumerated() {
      let stage = stages[Int(task.stage)]
      let tile = stage.region(of: Int(task.tile))
      let program = programs[Int(task.program)]
      var need = program.executable >= 0 ? peaks[program.executable] : 0
      for input in program.inputs {
        if case .position = input { need += DType.int64.itemSize }
        guard case .region(let array, let ranges) = input else { continue }
        let region = ChunkPlan.region(ranges, tile)
        // Whether a parameter has to be read into memory only the array tells.
        if arrays[array].parameter != nil || arrays[array].copies(region) {
          need += region.count * arrays[array].type.dtype.itemSize
        }
      }
      var made = 0
      for array in stage.results {
        let size = arrays[array].chunkBytes(stage.chunk(of: Int(task.tile)))
        need += program.executable >= 0 && !program.givesInputs ? 0 : size
        if arrays[array].isAssembled {
          if isBegun[array] { continue }
          isBegun[array] = true
          let whole = arrays[array].type.byteCount ?? 0
          made += whole
          need += whole
        } else {
          made += size
          bytes[arrays[array].firstChunk + stage.chunk(of: Int(task.tile))] = size
        }
      }
      needs.append(need)
      let now = live + need
      if now > peak { (peak, greatest) = (now, number) }
      live += made
      for place in Int(firstRead[number])..<Int(firstRead[number + 1]) {
        let chunk = Int(reads[place])
        left[chunk] -= 1
        if left[chunk] == 0 { live -= bytes[chunk] }
      }
    }
  }
}

extension TileProgram {
  /// Whether a result is an input as it is, which takes memory of its own only when it is kept.
  var givesInputs: Bool {
    graph.outputs.contains { output in
      if case .input = graph.op(output) { true } else { false }
    }
  }
}

extension ChunkedArray {
  /// Whether chunks go to their places in one buffer: results of several chunks do.
  var isAssembled: Bool { isResult && parameter == nil && grid.count > 1 }

  /// Whether the array is one buffer.
  var isOneBuffer: Bool { parameter != nil || isAssembled || grid.count == 1 }

  /// The bytes of a chunk, 0 where only the data tell.
  func chunkBytes(_ chunk: Int) -> Int {
    guard type.shape.isKnown else { return 0 }
    return grid.region(of: chunk).count * type.dtype.itemSize
  }

  /// Whether a region has to be put together to be read as one array.
  func copies(_ region: Region) -> Bool {
    if isOneBuffer { return !RegionCopy.isContiguous(region, of: grid.extents) }
    return chunk(of: region) == nil
  }

  /// The chunk that a region is.
  func chunk(of region: Region) -> Int? {
    var chunk = 0
    for (axis, range) in region.ranges.enumerated() {
      let piece = grid.piece(axis, of: range.lowerBound)
      if grid.range(axis, piece) != range { return nil }
      chunk = chunk * grid.counts[axis] + piece
    }
    return chunk
  }
}
