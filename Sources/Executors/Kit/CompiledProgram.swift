import Synchronization
import WeftIR

/// A function of arrays that is traced once for each list of argument types; a later call binds
/// buffers to what was made ready.
public final class CompiledProgram: Sendable {
  /// What the function is for arguments of some types.
  private final class Trace: Sendable {
    let types: [TensorType]
    let options: PlanOptions
    /// The number of the last session whose call with `request` it was for.
    let session: Atomic<Int>
    /// The executor that the call asked for.
    let request: ExecutorName?
    let executor: any Executor
    let graph: Graph
    /// The arrays that the function itself brings along; parameters after the arguments.
    let captured: [Buffer]
    /// Nil where only data tell extents: then the graph runs in stages.
    let prepared: PreparedGraph?

    init(
      _ types: [TensorType], _ session: Session, _ request: ExecutorName?,
      _ executor: any Executor, _ capture: Capture, _ prepared: PreparedGraph?
    ) {
      self.session = Atomic(session.number)
      self.request = request
      self.executor = executor
      self.types = types
      options = session.options(for: executor)
      graph = capture.graph
      captured = capture.inputs
      self.prepared = prepared
    }

    /// Whether it is for arguments of the types of some buffers.
    func takes(_ buffers: [Buffer]) -> Bool {
      types.withUnsafeBufferPointer { types in
        buffers.withUnsafeBufferPointer { buffers in
          guard types.count == buffers.count else { return false }
          for place in 0..<types.count where types[place] != buffers[place].type { return false }
          return true
        }
      }
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
    token: CancellationToken? = nil
  ) throws(WeftError) -> [Expr] {
    let token = token ?? .ofNobody
    let buffers: [Buffer]
    if let known = Session.buffers(of: arguments) {
      buffers = known
    } else if Self.isTracing {
      return body(arguments)
    } else {
      buffers = try session.evaluate(arguments, on: argument, token: token)
    }
    // What is stored sparsely is planned as it comes.
    if buffers.contains(where: \.isSparse) {
      let results = Self.$isTracing.withValue(true) { body(buffers.map { Expr($0) }) }
      return try session.evaluate(results, on: argument, token: token).map { Expr($0) }
    }
    session.runtime.counters.add("computes")
    let start = session.traceStart
    defer { session.traceCompute(since: start, outputs: 1) }
    do throws(WeftError) {
      return try run(buffers, in: session, on: argument, token)
    } catch {
      guard let other = session.inPieces(after: error, instead: argument) else { throw error }
      return try run(buffers, in: other.session, on: other.executor, token)
    }
  }

  /// The results for arguments in memory.
  private func run(
    _ arguments: [Buffer], in session: Session, on argument: ExecutorName?,
    _ token: CancellationToken
  ) throws(WeftError) -> [Expr] {
    let trace =
      if let known = known(arguments, session, argument) { known } else {
        try trace(for: arguments, session, argument)
      }
    let buffers = trace.captured.isEmpty ? arguments : arguments + trace.captured
    let results: [Buffer]
    if let prepared = trace.prepared {
      let isGeneral = prepared.looks.isEmpty || !session.looksAtData
      results = try session.run(
        isGeneral ? prepared : session.specialised(prepared, buffers, on: trace.executor), buffers,
        token)
    } else {
      results = try session.run(trace.graph, buffers, on: trace.executor, token: token)
    }
    return results.map { Expr($0) }
  }

  /// The trace for arguments, where it was for the caller's session and request the last time: then
  /// nobody needs to choose an executor.
  private func known(
    _ buffers: [Buffer], _ session: Session, _ argument: ExecutorName?
  ) -> Trace? {
    let number = session.number
    return traces.withLock { traces in
      for place in 0..<traces.count
      where traces[place].session.load(ordering: .relaxed) == number
        && traces[place].request == argument
        && traces[place].takes(buffers)
      {
        return traces[place]
      }
      return nil
    }
  }

  /// The trace for arguments in another session, or a new one.
  private func trace(
    for buffers: [Buffer], _ session: Session, _ argument: ExecutorName?
  ) throws(WeftError) -> Trace {
    let executor = try session.chooseExecutor(argument).executor
    let known = traces.withLock { traces in
      traces.first { $0.takes(buffers) && $0.options.hold(for: session, executor) }
    }
    if let known {
      if known.request == argument { known.session.store(session.number, ordering: .relaxed) }
      return known
    }
    return try trace(buffers.map(\.type), session, argument, executor)
  }

  private func trace(
    _ types: [TensorType], _ session: Session, _ argument: ExecutorName?,
    _ executor: any Executor
  ) throws(WeftError) -> Trace {
    session.runtime.counters.add("traces")
    let arguments = types.enumerated().map { Expr(parameter: $0, $1) }
    let outputs = Self.$isTracing.withValue(true) { body(arguments) }
    let capture = try Capture(outputs, arguments: arguments)
    let executor =
      capture.graph.isSparse
      ? try session.chooseExecutor(argument, for: capture.graph).executor : executor
    var prepared: PreparedGraph?
    // What is stored sparsely is what the function brings along: its layouts are those of every call.
    let graph = try session.given(
      capture.graph, capture.inputs, from: types.count, to: executor)
    if try Stage(cutting: graph) == nil {
      prepared = try session.prepared(graph, on: executor).0
    }
    let trace = Trace(types, session, argument, executor, capture, prepared)
    traces.withLock { traces in
      if traces.count >= Self.mostTraces { traces.removeFirst() }
      traces.append(trace)
    }
    return trace
  }
}
