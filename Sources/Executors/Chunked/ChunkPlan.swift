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
  /// Whether each chunk waits on disk for its uses; empty where none does.
  let isSpilled: [Bool]
  /// The bytes of chunks that wait on disk.
  let spilledBytes: Int
  /// Rows that no tile cuts.
  let wholeRows: [Int]
  /// Whether a chunk is one of a result.
  let isResult: [Bool]
  private let stored: [Value: Int]

  /// A plan of tasks; above a limit of memory chunks wait on disk.
  init(_ expansion: consuming TaskExpander, limit: Int? = nil) {
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
    let forecast = MemoryForecast(expansion, readers, firstReader, limit: limit)
    needs = forecast.needs
    peakBytes = forecast.peak
    greatest = forecast.greatest
    isSpilled = forecast.isSpilled
    spilledBytes = forecast.spilledBytes
  }

  /// The array of a value that is stored.
  func output(_ value: Value) -> Int? { stored[value] }

  /// The array of a chunk, by the chunk's number in all.
  func array(ofChunk number: Int) -> ChunkedArray {
    var (low, high) = (0, arrays.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if arrays[middle].firstChunk <= number { low = middle } else { high = middle }
    }
    return arrays[low]
  }

  /// The bytes of a chunk, by its number in all.
  func bytes(ofChunk number: Int) -> Int {
    let array = array(ofChunk: number)
    return array.chunkBytes(number - array.firstChunk)
  }

  /// Whether a chunk waits on disk for its uses.
  func isOnDisk(_ chunk: Int) -> Bool { !isSpilled.isEmpty && isSpilled[chunk] }

  /// The bytes of the chunks that a task makes and that stay when it has ended, but for those that go
  /// to their place in a result.
  func keptBytes(_ task: Int) -> Int {
    let stage = stages[Int(tasks[task].stage)]
    let chunk = stage.chunk(of: Int(tasks[task].tile))
    return stage.results.reduce(0) { sum, array in
      let place = arrays[array].firstChunk + chunk
      let isKept =
        (isResult[place] || firstReader[place] < firstReader[place + 1]) && !isOnDisk(place)
      return sum + (arrays[array].isAssembled || !isKept ? 0 : arrays[array].chunkBytes(chunk))
    }
  }

  /// For each task whether it has nothing to make, as sinks have its chunks from an earlier run; nil
  /// where sinks have nothing.
  func unneeded(_ sinks: [any RegionSink]) -> [Bool]? {
    var isWanted: [Bool]?
    for array in arrays {
      if array.sinks.isEmpty { continue }
      for chunk in 0..<array.grid.count {
        let box = array.grid.region(of: chunk)
        guard array.sinks.allSatisfy({ sinks[$0].has(box) }) else { continue }
        var known = isWanted ?? isTaken
        isWanted = nil
        known[array.firstChunk + chunk] = false
        isWanted = known
      }
    }
    guard var isWanted else { return nil }
    var isUnneeded = Array(repeating: false, count: tasks.count)
    for number in tasks.indices.reversed() {
      let stage = stages[Int(tasks[number].stage)]
      let chunk = stage.chunk(of: Int(tasks[number].tile))
      guard stage.results.contains(where: { isWanted[arrays[$0].firstChunk + chunk] }) else {
        isUnneeded[number] = true
        continue
      }
      for place in Int(firstRead[number])..<Int(firstRead[number + 1]) {
        isWanted[Int(reads[place])] = true
      }
    }
    return isUnneeded
  }

  /// Whether a chunk is one that somebody outside takes.
  private var isTaken: [Bool] {
    arrays.flatMap { array in
      Array(repeating: array.isResult || !array.sinks.isEmpty, count: array.grid.count)
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
