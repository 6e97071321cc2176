import Synchronization
import WeftIR

/// A function of arrays that is traced once for each list of argument types; a later call binds
/// buffers to what was made ready.
public final class CompiledProgram: Sendable {
  /// What the function is for arguments of some types.
  private final class Trace: Sendable {
    let types: [TensorType]
    /// How arguments are stored; empty where all are dense.
    let stored: [Graph.Parameter]
    let options: PlanOptions
    /// The number of the last session whose call with `request` it was for.
    let session: Atomic<Int>
    /// The executor that the call asked for.
    let request: ExecutorName?
    let executor: any Executor
    /// What was chosen before anybody knew that arrays are sparse, and whether somebody named it.
    let choice: ChoiceName
    let graph: Graph
    /// The arrays that the function itself brings along, and sparse arguments; parameters after dense arguments.
    let captured: [Captured]
    /// Nil where only data tell extents: then the graph runs in stages.
    let prepared: PreparedGraph?

    init(
      _ arguments: Arguments, _ session: Session, _ request: ExecutorName?,
      _ choice: ExecutorChoice, _ executor: any Executor, _ graph: Graph, _ captured: [Captured],
      _ prepared: PreparedGraph?
    ) {
      self.session = Atomic(session.number)
      self.request = request
      self.executor = executor
      self.choice = choice.named
      types = arguments.buffers.map(\.type)
      stored = arguments.stored
      options = session.options(for: executor)
      self.graph = graph
      self.captured = captured
      self.prepared = prepared
    }

    /// Whether a call that the executor was chosen for can have it.
    func holds(for session: Session, _ choice: ExecutorChoice) -> Bool {
      self.choice == choice.named && options.hold(for: session, executor)
    }

    /// What the graph is given.
    func inputs(_ arguments: Arguments) -> [Buffer] {
      if captured.isEmpty { return arguments.buffers }
      return arguments.dense + captured.map { $0.buffer(arguments.buffers) }
    }

    /// Whether it is for arguments of the types and layouts of some buffers.
    func takes(_ arguments: Arguments) -> Bool {
      let buffers = arguments.buffers
      guard stored.isEmpty && arguments.stored.isEmpty || stored == arguments.stored else {
        return false
      }
      return types.withUnsafeBufferPointer { types in
        buffers.withUnsafeBufferPointer { buffers in
          guard types.count == buffers.count else { return false }
          for place in 0..<types.count where types[place] != buffers[place].type { return false }
          return true
        }
      }
    }
  }

  /// Arguments in memory.
  private struct Arguments {
    let buffers: [Buffer]
    /// How they are stored; empty where all are dense.
    let stored: [Graph.Parameter]

    init(_ buffers: [Buffer]) {
      self.buffers = buffers
      stored =
        buffers.contains(where: \.isSparse)
        ? buffers.map {
          Graph.Parameter(name: "", type: $0.type, layout: $0.layout, stored: $0.sparse?.count)
        } : []
    }

    var dense: [Buffer] { stored.isEmpty ? buffers : buffers.filter { !$0.isSparse } }
  }

  /// An array that a trace takes beside dense arguments.
  private enum Captured {
    case array(Buffer)
    case argument(Int)

    func buffer(_ arguments: [Buffer]) -> Buffer {
      switch self {
      case .array(let buffer): buffer
      case .argument(let place): arguments[place]
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
    let arguments = Arguments(buffers)
    session.runtime.counters.add("computes")
    let start = session.traceStart
    defer { session.traceCompute(since: start, outputs: 1) }
    do throws(WeftError) {
      return try run(arguments, in: session, on: argument, token)
    } catch {
      guard let other = session.inPieces(after: error, instead: argument) else { throw error }
      return try run(arguments, in: other.session, on: other.executor, token)
    }
  }

  /// The results for arguments in memory.
  private func run(
    _ arguments: Arguments, in session: Session, on argument: ExecutorName?,
    _ token: CancellationToken
  ) throws(WeftError) -> [Expr] {
    let trace =
      if let known = known(arguments, session, argument) { known } else {
        try trace(for: arguments, session, argument)
      }
    let buffers = trace.inputs(arguments)
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
    _ arguments: Arguments, _ session: Session, _ argument: ExecutorName?
  ) -> Trace? {
    let number = session.number
    return traces.withLock { traces in
      for place in 0..<traces.count
      where traces[place].session.load(ordering: .relaxed) == number
        && traces[place].request == argument
        && traces[place].takes(arguments)
      {
        return traces[place]
      }
      return nil
    }
  }

  /// The trace for arguments in another session, or a new one.
  private func trace(
    for arguments: Arguments, _ session: Session, _ argument: ExecutorName?
  ) throws(WeftError) -> Trace {
    let choice = try session.chooseExecutor(argument)
    let known = traces.withLock { traces in
      traces.first { $0.takes(arguments) && $0.holds(for: session, choice) }
    }
    if let known {
      if known.request == argument { known.session.store(session.number, ordering: .relaxed) }
      return known
    }
    return try trace(arguments, session, argument, choice)
  }

  private func trace(
    _ arguments: Arguments, _ session: Session, _ argument: ExecutorName?,
    _ choice: ExecutorChoice
  ) throws(WeftError) -> Trace {
    session.runtime.counters.add("traces")
    var parameters: [Expr] = []
    // Sparse arguments are leaves of their own, which nobody else holds: functions see how they are stored.
    var leaves: [(buffer: Buffer, place: Int)] = []
    let exprs = arguments.buffers.enumerated().map { place, buffer in
      if let elements = buffer.sparse {
        let leaf = Buffer(elements, in: session.memory)
        leaves.append((leaf, place))
        return Expr(leaf)
      }
      let parameter = Expr(parameter: parameters.count, buffer.type)
      parameters.append(parameter)
      return parameter
    }
    let outputs = Self.$isTracing.withValue(true) { body(exprs) }
    let capture = try Capture(outputs, arguments: parameters)
    let executor = try session.chooseExecutor(for: capture.graph, instead: choice).executor
    let captured = capture.inputs.map { input in
      leaves.first { $0.buffer === input }.map { Captured.argument($0.place) } ?? .array(input)
    }
    var prepared: PreparedGraph?
    // What is stored sparsely has the layouts of every call.
    let graph = try session.given(
      capture.graph, captured.map { $0.buffer(arguments.buffers) }, from: parameters.count,
      to: executor)
    if try Stage(cutting: graph) == nil {
      prepared = try session.prepared(graph, on: executor).0
    }
    let trace = Trace(
      arguments, session, argument, choice, executor, capture.graph, captured, prepared)
    traces.withLock { traces in
      if traces.count >= Self.mostTraces { traces.removeFirst() }
      traces.append(trace)
    }
    return trace
  }
}
