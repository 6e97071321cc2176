import WeftIR
import WeftPasses

extension Session {
  /// Computes expressions together: what they share is computed once.
  ///
  /// Results are remembered by the expressions. On the calling thread.
  ///
  /// - Throws: every user error in the expressions, run-time errors with their line, `cancelled`.
  public func evaluate(
    _ expressions: [Expr], on argument: ExecutorName? = nil, token: CancellationToken? = nil
  ) throws(WeftError) -> [Buffer] {
    if let known = Self.buffers(of: expressions) { return known }
    let pending =
      expressions.contains { $0.buffer != nil }
      ? expressions.filter { $0.buffer == nil } : expressions
    let start = traceStart
    defer { traceCompute(since: start, outputs: pending.count) }
    let results = try compute(pending, on: argument, token ?? .ofNobody)
    runtime.counters.add("computes")
    for (expression, result) in zip(pending, results) { expression.fulfil(with: result) }
    guard let buffers = Self.buffers(of: expressions) else { throw Self.withoutElements }
    return buffers
  }

  /// As `evaluate`, of one expression.
  ///
  /// - Throws: as `evaluate` of several.
  public func evaluate(
    _ expression: Expr, on argument: ExecutorName? = nil
  ) throws(WeftError) -> Buffer {
    if let known = expression.buffer { return known }
    let start = traceStart
    defer { traceCompute(since: start, outputs: 1) }
    let results = try compute([expression], on: argument, .ofNobody)
    runtime.counters.add("computes")
    if let result = results.first { expression.fulfil(with: result) }
    guard let buffer = expression.buffer else { throw Self.withoutElements }
    return buffer
  }

  private static let withoutElements = WeftError(
    .internal, "compute", "a computed expression has no elements")

  /// The elements of expressions, if all are in memory.
  static func buffers(of expressions: [Expr]) -> [Buffer]? {
    if let first = expressions.first, first.buffer == nil { return nil }
    let buffers = [Buffer](unsafeUninitializedCapacity: expressions.count) { places, count in
      for expression in expressions {
        guard let buffer = expression.buffer else { return }
        places.initializeElement(at: count, to: buffer)
        count += 1
      }
    }
    return buffers.count == expressions.count ? buffers : nil
  }

  /// The elements of expressions that are not in memory; where nobody named an executor and the
  /// program needs more than the memory limit, in pieces.
  private func compute(
    _ pending: [Expr], on argument: ExecutorName?, _ token: CancellationToken
  ) throws(WeftError) -> [Buffer] {
    do throws(WeftError) {
      return try computeAtOnce(pending, on: argument, token)
    } catch {
      guard let other = inPieces(after: error, instead: argument, pending[0].site) else {
        throw error
      }
      return try other.session.computeAtOnce(pending, on: other.executor, token)
    }
  }

  /// What to try again with after an error: an executor that runs programs in pieces, where this one needs
  /// more than the memory limit, or than the machine has, and nobody named it.
  func inPieces(
    after error: WeftError, instead argument: ExecutorName?, _ site: SourceSite = .none
  ) -> (session: Session, executor: ExecutorName)? {
    guard Self.isAboveLimit(error), let executor = executorInPieces(instead: argument) else {
      return nil
    }
    runtime.counters.note(
      Counters.Event(
        kind: "chunked",
        message: "\(error.message); executor '\(executor.name)' runs it in pieces",
        site: site))
    return (plannedForMachine, ExecutorName(executor.name))
  }

  func computeAtOnce(
    _ pending: [Expr], on argument: ExecutorName?, _ token: CancellationToken
  ) throws(WeftError) -> [Buffer] {
    if dumps == .none, let (plan, inputs) = runtime.cache.find(pending, self, argument) {
      runtime.counters.add("cacheHits")
      do throws(WeftError) {
        return try run(specialised(plan.prepared, inputs, on: plan.executor), inputs, token)
      } catch {
        guard Self.mayHaveOtherLines(error) else { throw error }
        let capture = try Capture(pending)
        return try run(prepare(capture.graph, on: plan.executor), capture.inputs, token)
      }
    }
    // Mistakes in the expressions come before those in the choice of an executor.
    let capture = try Capture(pending, structureSteps: ExecutableCache.mostStepsOfOne)
    let choice = try chooseExecutor(argument)
    let executor = try chooseExecutor(for: capture.graph, instead: choice).executor
    // What is made dense for an executor is made so, and told of, in each call.
    guard let structure = capture.structure, executor.takesSparse || !capture.graph.isSparse else {
      return try run(capture.graph, capture.inputs, on: executor, token: token)
    }
    let (prepared, wasCached) = try prepared(capture.graph, on: executor)
    if dumps == .none {
      runtime.cache.insert(
        ExecutableCache.Plan(
          structure, options(for: executor), prepared, choice, executor, self, argument),
        of: pending)
    }
    return try run(prepared, wasCached, capture.graph, capture.inputs, on: executor, token)
  }

  /// Runs a graph, in stages where only data tell the extents.
  public func run(
    _ graph: Graph, _ inputs: [Buffer], on executor: any Executor,
    token: CancellationToken = CancellationToken()
  ) throws(WeftError) -> [Buffer] {
    try run(graph, inputs, on: executor, to: [], token)
  }

  /// As `run`; an executor that takes sinks gives them the results, and returns none.
  func run(
    _ graph: Graph, _ inputs: [Buffer], on executor: any Executor, to sinks: [any RegionSink],
    _ token: CancellationToken
  ) throws(WeftError) -> [Buffer] {
    try checkInputs(inputs, of: graph)
    var graph = try given(graph, inputs, to: executor)
    var inputs = inputs
    while let stage = try Stage(cutting: graph) {
      let results = try runStage(stage.graph, inputs, on: executor, token: token)
      let rest = try stage.remainder(of: graph, results: results)
      graph = rest.graph
      inputs += rest.inputs
    }
    return try runStage(graph, inputs, on: executor, to: sinks, token: token)
  }

  private func checkInputs(_ inputs: [Buffer], of graph: Graph) throws(WeftError) {
    if inputs.count != graph.parameters.count {
      throw WeftError(
        .argument, "run", "\(inputs.count) arrays for \(graph.parameters.count) parameters")
    }
    for (input, parameter) in zip(inputs, graph.parameters) where input.type != parameter.type {
      throw WeftError(
        .shapeMismatch, "run",
        "parameter %\(parameter.name) is \(parameter.type), got \(input.type)")
    }
  }

  private func runStage(
    _ graph: Graph, _ inputs: [Buffer], on executor: any Executor, to sinks: [any RegionSink] = [],
    token: CancellationToken
  ) throws(WeftError) -> [Buffer] {
    let streams = try streams(of: graph, to: sinks)
    let (prepared, wasCached) = try prepared(graph, on: executor, streams)
    return try run(
      prepared, wasCached, graph, inputs, on: executor, to: streams.isEmpty ? [] : sinks, token)
  }

  /// Runs what was made ready for a graph or one equal to it.
  private func run(
    _ prepared: PreparedGraph, _ wasCached: Bool, _ graph: Graph, _ inputs: [Buffer],
    on executor: any Executor, to sinks: [any RegionSink] = [], _ token: CancellationToken
  ) throws(WeftError) -> [Buffer] {
    do {
      return try run(specialised(prepared, inputs, on: executor), inputs, to: sinks, token)
    } catch {
      // What sinks have is not given to them again.
      guard wasCached, sinks.isEmpty, Self.mayHaveOtherLines(error) else { throw error }
      return try run(prepare(graph, on: executor), inputs, token)
    }
  }

  /// Whether an error of a cached plan has the line of the expression that it was made for.
  private static func mayHaveOtherLines(_ error: WeftError) -> Bool {
    error.code != .cancelled && error.site != .none
  }

  /// Runs what was made ready, within the limits of memory and work.
  func run(
    _ prepared: PreparedGraph, _ inputs: [Buffer], to sinks: [any RegionSink] = [],
    _ token: CancellationToken
  ) throws(WeftError) -> [Buffer] {
    let executable = try prepared.executable
    if let limit = workLimit, prepared.work > limit {
      throw WeftError(
        .tooLarge, "compute", "would take about \(prepared.work) steps; the limit is \(limit)",
        hint: "reduce the shapes or compute a part")
    }
    if let error = aboveLimit(executable, inputs) { throw error }
    if !executable.takesElsewhere {
      for input in inputs { try input.load() }
    }
    do throws(WeftError) {
      let results = try runLoaded(prepared, executable, inputs, to: sinks, token)
      try FileMaps.check(inputs)
      return results
    } catch {
      // What went wrong may come from the zeros that stand where a file was.
      try FileMaps.check(inputs)
      throw error
    }
  }

  /// Runs what was made ready, on arrays that are here or taken from elsewhere.
  private func runLoaded(
    _ prepared: PreparedGraph, _ executable: any Executable, _ inputs: [Buffer],
    to sinks: [any RegionSink], _ token: CancellationToken
  ) throws(WeftError) -> [Buffer] {
    let context = RunContext(means, token: token)
    if sinks.isEmpty && !isWatched {
      return try WeftError.wrapping("compute") { try executable.run(inputs, context) }
    }
    var other = context
    other.sinks = sinks
    let given = other
    if let observer {
      return try run(prepared, executable, inputs, given, watchedBy: observer.watchingRun())
    }
    return try WeftError.wrapping("compute") { try executable.run(inputs, given) }
  }

  /// The error of what needs more than the memory limit leaves, or without one than the machine has.
  ///
  /// Arrays that are elsewhere count where they have to be here.
  func aboveLimit(_ executable: any Executable, _ inputs: [Buffer]) -> WeftError? {
    let limit = memory.limit
    var needed = executable.peakBytes
    if !executable.takesElsewhere {
      for input in inputs where !input.isHere {
        needed = needed.addingReportingOverflow(input.byteCount).partialValue
      }
    }
    guard let limit else { return needed < 0 ? nil : aboveMachine(needed) }
    guard needed < 0 || needed > limit - memory.liveBytes else { return nil }
    return WeftError(
      .outOfMemory, "compute",
      "needs \(ByteCount(bytes: needed)) at its peak; the limit is "
        + "\(ByteCount(bytes: limit)), of which \(ByteCount(bytes: memory.liveBytes)) are used",
      hint: "raise the memory limit or compute a part")
  }

  /// The error of what needs more than can be had of the machine's memory: the system would take it and
  /// then end the process.
  private func aboveMachine(_ needed: Int) -> WeftError? {
    guard needed >= MachineMemory.leastNeed, let free = MachineMemory.availableBytes,
      needed > free + memory.keptBytes
    else { return nil }
    return WeftError(
      .outOfMemory, "compute",
      "needs \(ByteCount(bytes: needed)) at its peak; the machine has "
        + "\(ByteCount(bytes: free)) free",
      hint: "compute a part, or name no executor so that it can run in pieces")
  }

  /// The bytes that there is room for: under the memory limit, else in the machine; nil where nobody says.
  package var roomBytes: Int? {
    memory.limit.map { max(0, $0 - memory.liveBytes) } ?? MachineMemory.availableBytes
  }

  /// The session as plans in pieces want it where it has no memory limit: most of what the machine has free
  /// is one to plans, in few steps, so that they can be used again.
  var plannedForMachine: Session {
    guard memory.limit == nil, let free = MachineMemory.availableBytes else { return self }
    var session = self
    let step = 1 << 30
    session.plannedBytes = max(1, free / 4 * 3 / step) * step
    return session
  }

  /// Whether an error is that of `aboveLimit`: nothing has been allocated then.
  private static func isAboveLimit(_ error: WeftError) -> Bool {
    error.code == .outOfMemory && error.operation == "compute"
  }

  /// The graph made ready: from the cache, or by passes and the executor.
  func prepared(
    _ graph: Graph, on executor: any Executor, _ streams: [ResultStream] = []
  ) throws(WeftError) -> (PreparedGraph, wasCached: Bool) {
    let key = key(of: graph, on: executor, streams)
    if dumps == .none, let known = runtime.cache.find(key) {
      runtime.counters.add("cacheHits")
      return (known, true)
    }
    let prepared = try prepare(graph, on: executor, streams)
    runtime.cache.insert(prepared, for: key)
    return (prepared, false)
  }

  /// Everything that a prepared graph depends on.
  func key(
    of graph: Graph, on executor: any Executor, _ streams: [ResultStream] = []
  ) -> ExecutableCache.Key {
    ExecutableCache.Key(graph: graph, options: options(for: executor, streams))
  }

  /// What of the session a prepared graph depends on.
  func options(for executor: any Executor, _ streams: [ResultStream] = []) -> PlanOptions {
    PlanOptions(
      executor: executor.name, exactness: exactness, memoryLimit: plannedBytes,
      densifyLimit: densifyLimit.bytes, compilation: compilation,
      usesMeasuredRates: usesMeasuredRates, fallback: fallback, disabledPasses: disabledPasses,
      disabledRules: disabledRules,
      passes: pipeline.names, streams: streams)
  }

  /// Runs the passes; the executor makes the graph ready when somebody asks for what runs.
  func prepare(
    _ graph: Graph, on executor: any Executor, _ streams: [ResultStream] = []
  ) throws(WeftError) -> PreparedGraph {
    guard let trace else { return try prepareUntraced(graph, on: executor, streams) }
    let start = Trace.now
    let plan = runtime.cache.difference(of: key(of: graph, on: executor, streams))
    let prepared = try prepareUntraced(graph, on: executor, streams)
    _ = try prepared.executable
    tracePrepare(
      prepared, since: start, trace, plan: plan?.text ?? "lines differ from the nearest")
    return prepared
  }

  private func prepareUntraced(
    _ graph: Graph, on executor: any Executor, _ streams: [ResultStream]
  ) throws(WeftError) -> PreparedGraph {
    runtime.counters.add("prepares")
    let start = ContinuousClock.now
    var planned = passContext()
    planned.streams = streams
    if usesMeasuredRates { planned.measuredRates = { executor.measuredRates } }
    let context = planned
    return try WeftError.wrapping("prepare") {
      var lowered = graph
      try pipeline.run(&lowered, context)
      try fallback.check(lowered, runs: executor)
      runtime.counters.add("casts", lowered.castCount)
      let (final, fallback) = (lowered, fallback)
      // Not of the session: whoever keeps the plan would keep its memory.
      return PreparedGraph(
        source: graph, lowered: final, executor: executor.name, report: context.report,
        seconds: (ContinuousClock.now - start).seconds, streams: streams
      ) {
        let executable = try executor.prepare(final, context)
        try fallback.check(executable, of: executor)
        return executable
      }
    }
  }
}

extension FallbackPolicy {
  /// Looks at rows that the executor does not run.
  fileprivate func check(_ graph: Graph, runs executor: any Executor) throws(WeftError) {
    guard self != .allow else { return }
    for row in 0..<graph.count {
      guard case .none(let reason) = executor.supports(row, of: graph) else { continue }
      let (name, site) = (graph.rows[row].op.name, graph.rows[row].site)
      try refuse(name, "executor '\(executor.name)' does not run it: \(reason)", site)
    }
  }

  /// Looks at what preparing has shown.
  fileprivate func check(
    _ executable: any Executable, of executor: any Executor
  ) throws(WeftError) {
    guard self != .allow, let (reason, site) = executable.handedOn else { return }
    try refuse("compute", "executor '\(executor.name)': \(reason)", site)
  }

  /// The answer to a message.
  private func refuse(
    _ name: String, _ message: String, _ site: SourceSite
  ) throws(WeftError) {
    let error = WeftError(.unsupported, name, message, site: site)
    if self == .error { throw error }
    StandardDumpSink.writeError("\(error)\n")
  }
}

extension WeftError {
  /// Runs a body and turns whatever it throws into an error of ours.
  static func wrapping<Result>(
    _ operation: String, _ body: () throws -> Result
  ) throws(WeftError) -> Result {
    do {
      return try body()
    } catch let error as WeftError {
      throw error
    } catch {
      throw WeftError(.internal, operation, "\(error)")
    }
  }
}

extension Duration {
  /// The duration in seconds.
  public var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
