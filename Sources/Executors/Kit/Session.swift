import WeftIR
import WeftPasses

/// Who computes and how: executors, threads, limits, options. A value; scopes nest by task.
///
/// ```swift
/// var session = Session.standard
/// session.disabledRules = ["multiply-identity"]
/// let a = ones([2]) * 1
/// try session.with(executor: .reference) { try a.compute() }  // [1. 1.]
/// ```
public struct Session: Sendable {
  /// The executors, the preferred first.
  public var executors: [any Executor]
  /// The executor to use; nil lets the environment decide, then `auto`.
  public var executor: ExecutorName?
  /// The loosest class of rewrites.
  public var exactness: PassContext.Exactness
  /// Passes to leave out, by name.
  public var disabledPasses: Set<String> {
    get { rest.value.disabledPasses }
    set { change { $0.disabledPasses = newValue } }
  }
  /// Rules to leave out, by name.
  public var disabledRules: Set<String> {
    get { rest.value.disabledRules }
    set { change { $0.disabledRules = newValue } }
  }
  /// The passes.
  public var pipeline: Pipeline {
    get { rest.value.pipeline }
    set { change { $0.pipeline = newValue } }
  }
  /// The most bytes of a dense array that a sparse one becomes unasked.
  public var densifyLimit: ByteCount {
    get { .bytes(rest.value.densifyLimit) }
    set { change { $0.densifyLimit = newValue.bytes } }
  }
  /// What happens to rows that the executor does not run.
  public var fallback: FallbackPolicy
  /// When kernels are compiled.
  public var compilation: PassContext.Compilation
  /// Threads, plans, counters: shared by the sessions made from one.
  public let runtime: Runtime
  /// Counts and limits buffers.
  public var memory: MemoryAccount
  /// About the most elements that the rows of a graph may make and read; nil for no limit.
  ///
  /// For programs of strangers: a shape of 10^15 costs no memory where nothing is stored, but ages.
  public var workLimit: Double?
  /// Whether plans for large products follow what a look at their arrays' elements tells.
  public var looksAtData: Bool
  /// Takes note of what happens when; nil when nobody wants to know.
  public var trace: Trace?
  var environment: Environment { rest.value.environment }

  /// What few sessions change; behind a reference, as sessions are copied at each compute.
  private struct Rest: Sendable {
    var disabledPasses: Set<String> = []
    var disabledRules: Set<String> = []
    var pipeline: Pipeline = .standard
    var environment: Environment
    var densifyLimit = PassContext.standardDensifyLimit
    var dumpSink: (any DumpSink)?
    var dumpSelection: PassContext.DumpSelection?
  }

  private final class Shared: Sendable {
    let value: Rest
    init(_ value: Rest) { self.value = value }
  }

  private var rest: Shared

  /// How a session has graphs made ready and by whom, told apart by identity, which is quick.
  final class Origin: Sendable {
    private let rest: Shared
    private let executors: [any Executor]
    private let executor: ExecutorName?
    private let exactness: PassContext.Exactness
    private let compilation: PassContext.Compilation
    private let memoryLimit: Int?

    /// That of a session.
    init(_ session: Session) {
      rest = session.rest
      executors = session.executors
      executor = session.executor
      exactness = session.exactness
      compilation = session.compilation
      memoryLimit = session.memory.limit
    }

    /// Whether a session has graphs made ready alike for certain.
    func isShared(by session: Session) -> Bool {
      rest === session.rest && exactness == session.exactness
        && compilation == session.compilation && memoryLimit == session.memory.limit
        && executor == session.executor && hasExecutors(of: session)
    }

    /// Whether both lists of executors are one in memory.
    private func hasExecutors(of session: Session) -> Bool {
      executors.withUnsafeBufferPointer { own in
        session.executors.withUnsafeBufferPointer {
          own.count == $0.count && own.baseAddress == $0.baseAddress
        }
      }
    }
  }

  private mutating func change(_ body: (inout Rest) -> Void) {
    var value = rest.value
    body(&value)
    rest = Shared(value)
  }

  /// A session over executors; unless told otherwise it follows the environment variables.
  public init(
    executors: [any Executor], runtime: Runtime, environment: Environment = .process
  ) {
    self.executors = executors
    self.runtime = runtime
    rest = Shared(
      Rest(
        environment: environment,
        densifyLimit: environment.densifyLimit ?? PassContext.standardDensifyLimit))
    exactness = environment.isExact ? .stable : .contraction
    fallback = environment.fallback
    compilation = environment.compilation
    looksAtData = environment.looksAtData
    trace = environment.trace
    memory = MemoryAccount(limit: environment.memoryLimit)
  }

  /// The innermost session of the running task, if a scope set one.
  @TaskLocal public static var scoped: Session?

  /// The session with another executor, memory limit or exactness.
  ///
  /// ```swift
  /// let small = Session.standard.with(memoryLimit: .kibibytes(1))
  /// let big = random.uniform([1000, 1000], key: 1) + 1
  /// try small.with { try big.compute() }
  /// // error: compute: needs ... at its peak; the limit is 1.0 KiB, of which 0 bytes are used [out-of-memory]
  /// ```
  public func with(
    executor: ExecutorName? = nil, memoryLimit: ByteCount? = nil,
    exactness: PassContext.Exactness? = nil
  ) -> Session {
    var session = self
    if let executor { session.executor = executor }
    if let memoryLimit { session.memory = MemoryAccount(limit: memoryLimit.bytes) }
    if let exactness { session.exactness = exactness }
    return session
  }

  /// Runs a body in which the session with these changes is the current one.
  ///
  /// ```swift
  /// let a: NDArray = [1, 2, 3]
  /// try Session.standard.with(executor: .reference) { try a.sum().compute() }  // 6
  /// ```
  @discardableResult
  public func with<Result>(
    executor: ExecutorName? = nil, memoryLimit: ByteCount? = nil,
    exactness: PassContext.Exactness? = nil, _ body: () throws -> Result
  ) rethrows -> Result {
    let session = with(executor: executor, memoryLimit: memoryLimit, exactness: exactness)
    return try Session.$scoped.withValue(session) { try body() }
  }

  /// The session with texts of passes going to a sink.
  public func dumping(
    _ selection: PassContext.DumpSelection, to sink: any DumpSink
  ) -> Session {
    var session = self
    session.change {
      $0.dumpSelection = selection
      $0.dumpSink = sink
    }
    return session
  }

  /// Which texts of passes are wanted.
  var dumps: PassContext.DumpSelection { rest.value.dumpSelection ?? environment.dumps }

  /// What passes and executors are told.
  public func passContext() -> PassContext {
    var context = PassContext()
    context.exactness = exactness
    context.disabledPasses = disabledPasses
    context.disabledRules = disabledRules
    context.compilation = compilation
    context.memoryLimit = memory.limit
    context.densifyLimit = rest.value.densifyLimit
    context.threadCount = runtime.scheduler.threadCount
    context.dumps = dumps
    if context.dumps != .none {
      context.dump =
        rest.value.dumpSink ?? StandardDumpSink(directory: environment.dumpDirectory)
    }
    return context
  }
}

/// What sessions share: threads, prepared graphs, counters.
public final class Runtime: Sendable {
  /// Runs the parts of a step.
  public let scheduler: any Scheduler
  /// What happened.
  public let counters = Counters()
  let cache = ExecutableCache()

  /// A runtime over a scheduler.
  public init(scheduler: any Scheduler) { self.scheduler = scheduler }

  /// Forgets prepared graphs.
  public func removeCachedExecutables() { cache.removeAll() }
}
