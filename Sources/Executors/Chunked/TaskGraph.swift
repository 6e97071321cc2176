import WeftIR
import WeftPasses

/// The tasks of a graph that is cut into chunks, as a value that can be written, read back and run
/// anywhere.
///
/// Arrays are numbered, and their chunks in C order. Tasks stand after those whose chunks they read.
///
/// ```swift
/// import Weft
/// import WeftChunked
/// import WeftIR
///
/// let sum = try (arange(6).rechunked(3).asType(.float64) + 1).sum().graph()
/// let tasks = try TaskGraph(sum, tiles: Session.standard.executors.last!, chunking: .extent(3))
/// tasks.tasks.count  // 3
/// try TaskGraph(parsing: tasks.text()) == tasks  // true
/// ```
public struct TaskGraph: Hashable, Sendable {
  /// What a parameter of a tile's program is.
  public enum Input: Hashable, Sendable {
    /// A box of an array.
    case region(array: Int, Region)
    /// A position, as `int64[]`.
    case position(Int)
  }

  /// A chunk of an array.
  public struct ChunkKey: Hashable, Sendable {
    /// The array.
    public var array: Int
    /// The chunk's number in the array's grid.
    public var chunk: Int
  }

  /// One tile to be made.
  public struct Task: Hashable, Sendable {
    /// The program, by number.
    public var program: Int
    /// Its parameters.
    public var inputs: [Input]
    /// The chunks that its results are.
    public var outputs: [ChunkKey]
  }

  /// An array with how it is cut.
  public struct Array: Hashable, Sendable {
    /// dtype and shape.
    public var type: TensorType
    /// The chunks.
    public var grid: ChunkGrid
  }

  /// The arrays.
  public var arrays: [Array] = []
  /// The array of each parameter of the graph; -1 for parameters that nothing reads.
  public var inputs: [Int] = []
  /// The array of each result.
  public var outputs: [Int] = []
  /// What tasks run.
  public var programs: [Graph] = []
  /// The tasks.
  public var tasks: [Task] = []

  init() {}
}

extension TaskGraph {
  /// The tasks of a graph, after passes, cut for an executor of tiles.
  ///
  /// - Throws: what the executor finds wrong with tiles; `unsupported` for random bits in several
  ///   chunks, which have no program of their own yet.
  public init(
    _ graph: Graph, tiles: any Executor, chunking: Chunking, _ context: PassContext = PassContext()
  ) throws {
    let bytes = chunking.chunkBytes(limit: context.memoryLimit, threads: context.threadCount)
    var planner = StagePlanner(graph, chunking, chunkBytes: bytes)
    planner.plan()
    try self.init(ChunkPlan(try TaskExpander(planner, on: tiles, context)))
  }

  init(_ plan: ChunkPlan) throws {
    arrays = plan.arrays.map { Array(type: $0.type, grid: $0.grid) }
    inputs = plan.graph.parameters.indices.map { n in
      plan.arrays.firstIndex { $0.parameter == n } ?? -1
    }
    outputs = plan.graph.outputs.compactMap { plan.output($0) }
    programs = plan.programs.map(\.graph)
    for task in plan.tasks {
      let stage = plan.stages[Int(task.stage)]
      if case .random = stage.kind {
        throw WeftError(
          .unsupported, "random", "random bits in several chunks have no program of their own",
          site: plan.graph.rows[stage.row].site)
      }
      let tile = stage.region(of: Int(task.tile))
      let inputs = plan.programs[Int(task.program)].inputs.map { input -> Input in
        switch input {
        case .position(let range):
          return .position(
            (range.source >= 0 ? tile[range.source] : range).positions.lowerBound)
        case .part(let array, let member):
          let chunk = ChunkPlan.chunk(ofPart: member, plan.arrays[array], stage, Int(task.tile))
          return .region(array: array, plan.arrays[array].grid.region(of: chunk))
        case .region(let array, let ranges):
          return .region(array: array, ChunkPlan.region(ranges, tile))
        }
      }
      let chunk = stage.chunk(of: Int(task.tile))
      tasks.append(
        Task(
          program: Int(task.program), inputs: inputs,
          outputs: stage.results.map { ChunkKey(array: $0, chunk: chunk) }))
    }
  }

  /// Runs the tasks one after the other: what they mean.
  ///
  /// - Throws: what tiles throw.
  public func run(
    _ arguments: [Buffer], tiles: any Executor, _ context: RunContext
  ) throws -> [Buffer] {
    // Arguments are here.
    let reader = RegionReader(context: context) { _ in }
    let executables = try programs.map { try tiles.prepare($0, PassContext()) }
    var chunks: [ChunkKey: Buffer] = [:]
    for (array, argument) in zip(inputs, arguments) where array >= 0 {
      try argument.load()
      let extents = arrays[array].grid.extents
      for chunk in 0..<arrays[array].grid.count {
        chunks[ChunkKey(array: array, chunk: chunk)] =
          try ChunkStore.Source.box(
            arrays[array].grid.region(of: chunk), of: argument, extents: extents
          ).elements(reader)
      }
    }
    for task in tasks {
      let values = try task.inputs.map { input -> Buffer in
        switch input {
        case .position(let position):
          try ChunkStore.Source.position(position).elements(reader)
        case .region(let array, let region): try elements(array, region, chunks, reader)
        }
      }
      let results = try executables[task.program].run(values, context)
      for (key, result) in zip(task.outputs, results) { chunks[key] = result }
    }
    return try outputs.map { array in
      if arrays[array].grid.count == 1, let only = chunks[ChunkKey(array: array, chunk: 0)] {
        return only
      }
      return try elements(array, Region(whole: arrays[array].grid.extents), chunks, reader)
    }
  }

  /// A box put together from the chunks that hold it.
  private func elements(
    _ array: Int, _ region: Region, _ chunks: [ChunkKey: Buffer], _ reader: RegionReader
  ) throws -> Buffer {
    let type = TensorType(arrays[array].type.dtype, Shape(region.extents))
    let grid = arrays[array].grid
    let pieces = try grid.chunks(in: region).map { chunk in
      guard let buffer = chunks[ChunkKey(array: array, chunk: chunk)] else {
        throw WeftError(.internal, "tasks", "no task before gives chunk \(chunk) of array \(array)")
      }
      return (piece: ChunkStore.Piece.buffer(buffer), box: grid.region(of: chunk))
    }
    if pieces.count == 1, pieces[0].box == region, case .buffer(let only) = pieces[0].piece {
      return only
    }
    return try ChunkStore.Source.pieces(region, type, pieces).elements(reader)
  }
}
