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
  /// It does, chunk by chunk.
  public let takesSinks = true
  /// Where somebody runs tiles over boxes of sparse arrays.
  public var takesSparse: Bool { sparseTiles != nil }
  private let tiles: any Executor
  private let sparseTiles: SparseTiles?
  private let chunking: Chunking
  private let tileMemory: Int?
  private let spillFolder: SpillFolder

  /// An executor that gives tiles to another, which has `tileMemory` bytes for them; nil for as many
  /// as the memory limit says. Chunks that memory has no room for wait in a folder. `sparseTiles` runs
  /// tiles over boxes of sparse arrays; without it these are stored densely first.
  public init(
    tiles: any Executor, sparseTiles: (any Executor)? = nil, chunking: Chunking = .automatic,
    tileMemory: Int? = nil, spillFolder: SpillFolder = SpillFolder()
  ) {
    self.spillFolder = spillFolder
    self.tiles = tiles
    self.sparseTiles = sparseTiles.map { SparseTiles(inner: $0) }
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
    let tiles: any Executor = graph.isSparse ? sparseTiles ?? self.tiles : self.tiles
    let room = [context.memoryLimit, tileMemory].compactMap { $0 }.min()
    let bytes = chunking.chunkBytes(limit: room, threads: context.threadCount)
    let isStreamed = !context.streams.isEmpty
    var planner = StagePlanner(
      isStreamed ? graph.givenToSinks(context.streams) : graph, chunking, chunkBytes: bytes,
      isStreamed: isStreamed)
    var quiet = context
    quiet.streams = []
    if planner.isWhole {
      let whole = graph.isSparse ? sparseTiles?.inner ?? self.tiles : self.tiles
      return WholeExecutable(inner: try whole.prepare(graph, quiet), name: whole.name)
    }
    if graph.isSparse, !isStreamed, let reason = SparseTiles.uncounted(planner.graph) {
      let whole = sparseTiles?.inner ?? self.tiles
      return UncutExecutable(
        inner: try whole.prepare(graph, quiet), name: whole.name, reason: reason)
    }
    if let gathered = try Moments.gathered(planner.graph, planner.isFoldCut) {
      planner = StagePlanner(gathered, chunking, chunkBytes: bytes, isStreamed: isStreamed)
    }
    planner.plan()
    if graph.isSparse, !isStreamed, let reason = SparseTiles.problem(planner) {
      let whole = sparseTiles?.inner ?? self.tiles
      return UncutExecutable(
        inner: try whole.prepare(graph, quiet), name: whole.name, reason: reason)
    }
    if !isStreamed, let limit = context.memoryLimit { try Self.requireRoom(for: graph, limit) }
    quiet.report = PassReport()
    quiet.dumps = .none
    let plan = ChunkPlan(
      try TaskExpander(planner, on: tiles, quiet), limit: context.memoryLimit)
    if let limit = context.memoryLimit, plan.peakBytes > limit {
      throw plan.tooLarge(limit, bytes)
    }
    return ChunkedExecutable(plan: plan, tiles: tiles.name, spillFolder: spillFolder)
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

extension Graph {
  /// The graph with each result in a row of its own, in the chunks that its sink wants.
  func givenToSinks(_ streams: [ResultStream]) -> Graph {
    var graph = self
    for (number, stream) in streams.enumerated() {
      let value = outputs[number]
      var layout = Layout.dense(rank: type(value).rank)
      layout.chunks = stream.chunks
      graph.outputs[number] = graph.add(
        .store(layout), [value], types: [type(value)], site: rows[value.index].site)
    }
    return graph
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
  let spillFolder: SpillFolder

  /// Inputs may be read box by box.
  var takesElsewhere: Bool { true }
  var tellsObserver: Bool { true }
  var peakBytes: Int { plan.peakBytes }

  var steps: [String] {
    plan.stages.map { stage in
      let what = plan.title(of: stage)
      let results = stage.results.map { plan.arrays[$0] }
        .map {
          "\($0.name): \($0.type) in chunks \($0.grid)\($0.sinks.isEmpty ? "" : " for a sink")"
        }
      let others = stage.members.count - stage.companions.count - 1
      let rows = others > 0 ? ", with \(others) rows before it" : ""
      return "\(stage.grid.count) \(what) -> \(results.joined(separator: "; "))\(rows)"
    } + plan.wholeRows.map { "whole \(plan.graph.title(of: $0)) -> \(tiles)" }
  }

  func notes(of graph: Graph) -> [String] {
    [
      "chunks: \(plan.tasks.count) tasks, \(plan.executables.count) programs, the greatest holds "
        + "\(plan.peakBytes) bytes at \(plan.title(of: plan.row(of: plan.greatest)))"
    ]
      + (plan.isSpilled.isEmpty
        ? []
        : [
          "spill: \(plan.isSpilled.count { $0 }) chunks, \(ByteText.of(plan.spilledBytes)), wait in "
            + "a file in \(spillFolder.path) for their use"
        ])
  }

  private func handedOn(_ row: Int) -> (reason: String, site: SourceSite) {
    (
      "\(plan.graph.title(of: row)) is not cut into chunks; it runs whole on \(tiles)",
      plan.graph.rows[row].site
    )
  }

  var handedOn: (reason: String, site: SourceSite)? { plan.wholeRows.first.map(handedOn) }

  func run(_ inputs: [Buffer], _ context: RunContext) throws -> [Buffer] {
    for row in plan.wholeRows {
      let (message, site) = handedOn(row)
      context.counters.add("fallbacks")
      context.counters.note(Counters.Event(kind: "fallback", message: message, site: site))
    }
    if plan.spilledBytes > 0 {
      context.counters.note(
        Counters.Event(
          kind: "spill",
          message: "\(ByteText.of(plan.spilledBytes)) of chunks do not fit the memory limit and "
            + "wait in a file in \(spillFolder.path)",
          site: plan.graph.rows[plan.row(of: plan.greatest)].site))
    }
    guard let watch = RunWatch(self, context) else {
      return try ChunkRun(plan, inputs, context, spillingTo: spillFolder).results()
    }
    return try watch.around {
      try ChunkRun(plan, inputs, context, spillingTo: spillFolder, watch).results()
    }
  }
}

extension ChunkPlan {
  /// What a row does, in a word or two; for one that gives a value to a sink what makes the value.
  func title(of row: Int) -> String {
    let isTaken = arrays.contains { !$0.sinks.isEmpty } && graph.outputs.contains(Value(row: row))
    guard isTaken, let value = graph.operands(row).first else { return graph.title(of: row) }
    return graph.title(of: value.index)
  }

  /// The row that a task makes tiles of.
  func row(of task: Int) -> Int {
    tasks.indices.contains(task) ? stages[Int(tasks[task].stage)].row : 0
  }

  /// How many of some threads can take tasks at once, where each needs scratch memory for what it reads and
  /// writes.
  ///
  /// - Throws: `out-of-memory` where there is no room for one.
  func threadCount(_ most: Int, scratch: Int, room: Int?) throws(WeftError) -> Int {
    guard let room, scratch > 0 else { return most }
    let count = min(most, (room - peakBytes) / scratch)
    if count >= 1 || most < 1 { return most < 1 ? most : count }
    throw WeftError(
      .outOfMemory, title(of: row(of: greatest)),
      "chunks take \(ByteText.of(scratch)) to be read and written, beside \(ByteText.of(peakBytes)) "
        + "of elements; the limit leaves \(ByteText.of(room))",
      site: graph.rows[row(of: greatest)].site,
      hint: "raise the memory limit, or store smaller chunks")
  }

  /// The error of a plan that needs more than a limit.
  func tooLarge(_ limit: Int, _ chunkBytes: Int) -> WeftError {
    let row = row(of: greatest)
    let isWhole = wholeRows.contains(row)
    let stage = stages[Int(tasks[greatest].stage)]
    let arrays = stage.results.map { "\(self.arrays[$0].type) in chunks \(self.arrays[$0].grid)" }
    return WeftError(
      .outOfMemory, title(of: row),
      "needs \(ByteText.of(peakBytes)) at its peak for \(arrays.joined(separator: ", ")); the limit "
        + "is \(ByteText.of(limit))",
      site: graph.rows[row].site,
      hint: isWhole
        ? "it is not cut into chunks: raise the memory limit"
        : "write the result to a file, ask for a smaller one, raise the memory limit or take smaller "
          + "chunks than \(ByteText.of(chunkBytes))")
  }
}
