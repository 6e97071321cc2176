import WeftIR

/// A function of arrays that is traced once for each list of argument types; a later call binds
/// buffers to what was made ready.
public final class CompiledProgram: Sendable {
  /// What the function is for arguments of some types.
  private final class Trace: Sendable {
    let types: [TensorType]
    let options: PlanOptions
    /// What the session that it was made in has in common with most callers'.
    let origin: Session.Origin
    let graph: Graph
    /// The arrays that the function itself brings along; parameters after the arguments.
    let captured: [Buffer]
    /// Nil where only data tell extents: then the graph runs in stages.
    let prepared: PreparedGraph?

    init(
      _ types: [TensorType], _ session: Session, _ options: PlanOptions, _ capture: Capture,
      _ prepared: PreparedGraph?
    ) {
      origin = Session.Origin(session)
      self.types = types
      self.options = options
      graph = capture.graph
      captured = capture.inputs
      self.prepared = prepared
    }
  }

  /// The most traces; what was traced first goes first.
  private static let mostTraces = 64
  private let body: @Sendable ([Expr]) -> [Expr]
  private let traces = Lock<[Trace]>([])

  /// Whether the running task is inside the body of a function that is being traced.
  @TaskLocal private static var isTracing = false

  /// A program over a function, which runs when it is traced and must only build.
  public init(_ body: @escaping @Sendable ([Expr]) -> [Expr]) { self.body = body }

  /// How many lists of argument types it has been traced for.
  public var traceCount: Int { traces.withLock { $0.count } }

  /// The results for arguments, in memory.
  ///
  /// Called while another function is traced it becomes part of that one.
  ///
  /// - Throws: the errors of the arguments and of the function, run-time errors with their line.
  public func run(
    _ arguments: [Expr], in session: Session, on argument: ExecutorName? = nil,
    token: CancellationToken = CancellationToken()
  ) throws(WeftError) -> [Expr] {
    var buffers: [Buffer] = []
    buffers.reserveCapacity(arguments.count + 4)
    for expr in arguments {
      guard let buffer = expr.buffer else { break }
      buffers.append(buffer)
    }
    if buffers.count < arguments.count {
      if Self.isTracing { return body(arguments) }
      buffers = try session.evaluate(arguments, on: argument, token: token)
    }
    let executor = try session.chooseExecutor(argument).executor
    let trace: Trace
    if let known = known(buffers, session, executor) {
      trace = known
    } else {
      trace = try self.trace(buffers.map(\.type), session, executor)
    }
    buffers += trace.captured
    session.runtime.counters.add("computes")
    let start = session.traceStart
    defer { session.traceCompute(since: start, outputs: 1) }
    let results: [Buffer]
    if let prepared = trace.prepared {
      results = try session.run(prepared, buffers, token)
    } else {
      results = try session.run(trace.graph, buffers, on: executor, token: token)
    }
    return results.map { Expr($0) }
  }

  private func known(
    _ buffers: [Buffer], _ session: Session, _ executor: any Executor
  ) -> Trace? {
    traces.withLock { traces in
      for trace in traces where trace.types.count == buffers.count {
        var isSame = true
        for place in buffers.indices where trace.types[place] != buffers[place].type {
          isSame = false
          break
        }
        if isSame,
          trace.origin.isShared(by: session) && trace.options.executor == executor.name
            || trace.options.hold(for: session, executor)
        {
          return trace
        }
      }
      return nil
    }
  }

  private func trace(
    _ types: [TensorType], _ session: Session, _ executor: any Executor
  ) throws(WeftError) -> Trace {
    session.runtime.counters.add("traces")
    let arguments = types.enumerated().map { Expr(parameter: $0, $1) }
    let outputs = Self.$isTracing.withValue(true) { body(arguments) }
    let capture = try Capture(outputs, arguments: arguments)
    var prepared: PreparedGraph?
    if try Stage(cutting: capture.graph) == nil {
      prepared = try session.prepared(capture.graph, on: executor).0
    }
    let trace = Trace(types, session, session.options(for: executor), capture, prepared)
    traces.withLock { traces in
      if traces.count >= Self.mostTraces { traces.removeFirst() }
      traces.append(trace)
    }
    return trace
  }
}
