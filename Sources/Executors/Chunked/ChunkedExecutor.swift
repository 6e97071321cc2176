import WeftIR
import WeftPasses
import WeftPlans

/// Runs graphs chunk by chunk within the memory limit: each tile of a stage is a small graph that
/// another executor runs.
///
/// What cannot be cut runs as one task, which is noted in the steps and as an event.
public struct ChunkedExecutor: Executor {
  /// The name that sessions choose it by.
  public let name = "chunked"
  /// It does.
  public let keepsLimit = true
  private let tiles: any Executor
  private let chunking: Chunking
  private let tileMemory: Int?

  /// An executor that gives tiles to another, which has `tileMemory` bytes for them; nil for as many
  /// as the memory limit says.
  public init(tiles: any Executor, chunking: Chunking = .automatic, tileMemory: Int? = nil) {
    self.tiles = tiles
    self.chunking = chunking
    self.tileMemory = tileMemory
  }

  /// It works where the executor of tiles does.
  public func probe() -> Availability {
    switch tiles.probe() {
    case .available(let text): .available("tiles on \(tiles.name), \(text)")
    case .unavailable(let reason): .unavailable(reason: "\(tiles.name): \(reason)")
    }
  }

  /// Whether a row runs; the executor of tiles runs all of them.
  public func supports(_ row: Int, of graph: Graph) -> Support { tiles.supports(row, of: graph) }

  /// Chooses chunks and expands the tasks.
  ///
  /// - Throws: `out-of-memory` when the tasks need more than the memory limit, with the row, the bytes
  ///   and what to do; `too-large` when there are too many tasks.
  public func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
    let room = [context.memoryLimit, tileMemory].compactMap { $0 }.min()
    let bytes = chunking.chunkBytes(limit: room, threads: context.threadCount)
    var planner = StagePlanner(graph, chunking, chunkBytes: bytes)
    if planner.isWhole {
      return WholeExecutable(inner: try tiles.prepare(graph, context), name: tiles.name)
    }
    planner.plan()
    if let limit = context.memoryLimit { try Self.requireRoom(for: graph, limit) }
    var quiet = context
    quiet.report = PassReport()
    quiet.dumps = .none
    let plan = ChunkPlan(try TaskExpander(planner, on: tiles, quiet))
    if let limit = context.memoryLimit, plan.peakBytes > limit {
      throw plan.tooLarge(limit, bytes)
    }
    return ChunkedExecutable(plan: plan, tiles: tiles.name)
  }
}

extension ChunkedExecutor {
  /// Results are in memory whole.
  private static func requireRoom(for graph: Graph, _ limit: Int) throws(WeftError) {
    var total = 0
    for output in Set(graph.outputs) {
      if case .input = graph.op(output) { continue }
      let (sum, overflow) = total.addingReportingOverflow(graph.type(output).byteCount ?? 0)
      guard !overflow, sum <= limit else {
        throw WeftError(
          .outOfMemory, graph.title(of: output.index),
          "the result \(graph.type(output)) needs \(ByteText.of(sum)); the limit is "
            + "\(ByteText.of(limit))",
          site: graph.rows[output.index].site,
          hint: "ask for a part, or raise the memory limit")
      }
      total = sum
    }
  }
}

/// A graph that needs no cutting.
private struct WholeExecutable: Executable {
  let inner: any Executable
  let name: String

  var peakBytes: Int { inner.peakBytes }
  var steps: [String] { inner.steps.map { "\(name): \($0)" } }
  var listings: [KernelListing] { inner.listings }
  func notes(of graph: Graph) -> [String] { ["chunks: one"] + inner.notes(of: graph) }
  func run(_ inputs: [Buffer], _ context: RunContext) throws -> [Buffer] {
    try inner.run(inputs, context)
  }
}

/// A graph cut into tasks.
struct ChunkedExecutable: Executable {
  let plan: ChunkPlan
  let tiles: String

  /// Inputs may be read box by box.
  var takesElsewhere: Bool { true }
  var tellsObserver: Bool { true }
  var peakBytes: Int { plan.peakBytes }

  var steps: [String] {
    plan.stages.map { stage in
      let what = plan.title(of: stage)
      let results = stage.results.map { plan.arrays[$0] }
        .map { "\($0.name): \($0.type) in chunks \($0.grid)" }
      let rows = stage.members.count > 1 ? ", with \(stage.members.count - 1) rows before it" : ""
      return "\(stage.grid.count) \(what) -> \(results.joined(separator: "; "))\(rows)"
    } + plan.wholeRows.map { "whole \(plan.graph.title(of: $0)) -> \(tiles)" }
  }

  func notes(of graph: Graph) -> [String] {
    [
      "chunks: \(plan.tasks.count) tasks, \(plan.executables.count) programs, the greatest holds "
        + "\(plan.peakBytes) bytes at \(plan.graph.title(of: plan.row(of: plan.greatest)))"
    ]
  }

  func run(_ inputs: [Buffer], _ context: RunContext) throws -> [Buffer] {
    for row in plan.wholeRows {
      context.counters.add("fallbacks")
      context.counters.note(
        Counters.Event(
          kind: "fallback",
          message: "\(plan.graph.title(of: row)) is not cut into chunks; it runs whole on \(tiles)",
          site: plan.graph.rows[row].site))
    }
    context.counters.add("chunkTasks", plan.tasks.count)
    guard let watch = RunWatch(self, context) else {
      return try ChunkRun(plan, inputs, context).results()
    }
    return try watch.around { try ChunkRun(plan, inputs, context, watch).results() }
  }
}

extension ChunkPlan {
  /// The row that a task makes tiles of.
  func row(of task: Int) -> Int {
    tasks.indices.contains(task) ? stages[Int(tasks[task].stage)].row : 0
  }

  /// The error of a plan that needs more than a limit.
  func tooLarge(_ limit: Int, _ chunkBytes: Int) -> WeftError {
    let row = row(of: greatest)
    let isWhole = wholeRows.contains(row)
    let stage = stages[Int(tasks[greatest].stage)]
    let arrays = stage.results.map { "\(self.arrays[$0].type) in chunks \(self.arrays[$0].grid)" }
    return WeftError(
      .outOfMemory, graph.title(of: row),
      "needs \(ByteText.of(peakBytes)) at its peak for \(arrays.joined(separator: ", ")); the limit "
        + "is \(ByteText.of(limit))",
      site: graph.rows[row].site,
      hint: isWhole
        ? "it is not cut into chunks: raise the memory limit"
        : "ask for a smaller result, raise the memory limit or take smaller chunks than "
          + "\(ByteText.of(chunkBytes))")
  }
}
