import Synchronization
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
  public var executors: [any Executor] {
    get { values.executors }
    set { change { $0.executors = newValue } }
  }
  /// The executor to use; nil lets the environment decide, then `auto`.
  public var executor: ExecutorName? {
    get { values.executor }
    set { change { $0.executor = newValue } }
  }
  /// The loosest class of rewrites.
  public var exactness: PassContext.Exactness {
    get { values.exactness }
    set { change { $0.exactness = newValue } }
  }
  /// Passes to leave out, by name.
  public var disabledPasses: Set<String> {
    get { values.disabledPasses }
    set { change { $0.disabledPasses = newValue } }
  }
  /// Rules to leave out, by name.
  public var disabledRules: Set<String> {
    get { values.disabledRules }
    set { change { $0.disabledRules = newValue } }
  }
  /// The passes.
  public var pipeline: Pipeline {
    get { values.pipeline }
    set { change { $0.pipeline = newValue } }
  }
  /// The most bytes of a dense array that a sparse one becomes unasked.
  public var densifyLimit: ByteCount {
    get { .bytes(values.densifyLimit) }
    set { change { $0.densifyLimit = newValue.bytes } }
  }
  /// What happens to rows that the executor does not run.
  public var fallback: FallbackPolicy {
    get { values.fallback }
    set { change { $0.fallback = newValue } }
  }
  /// When kernels are compiled.
  public var compilation: PassContext.Compilation {
    get { values.compilation }
    set { change { $0.compilation = newValue } }
  }
  /// Threads, plans, counters: shared by the sessions made from one.
  public var runtime: Runtime { values.runtime }
  /// Counts and limits buffers.
  public var memory: MemoryAccount {
    get { values.memory }
    set { change { $0.memory = newValue } }
  }
  /// About the most elements that the rows of a graph may make and read; nil for no limit.
  ///
  /// For programs of strangers: a shape of 10^15 costs no memory where nothing is stored, but ages.
  public var workLimit: Double? {
    get { values.workLimit }
    set { change { $0.workLimit = newValue } }
  }
  /// The bytes that plans keep to: the memory limit, or where there is none what somebody set.
  var plannedBytes: Int? {
    get { values.memory.limit ?? values.plannedBytes }
    set { change { $0.plannedBytes = newValue } }
  }
  /// Whether plans for large products follow what a look at their arrays' elements tells.
  public var looksAtData: Bool {
    get { values.looksAtData }
    set { change { $0.looksAtData = newValue } }
  }
  /// Whether plans of much work follow what the executor measured on this machine; other plans never do.
  public var usesMeasuredRates: Bool {
    get { values.usesMeasuredRates }
    set { change { $0.usesMeasuredRates = newValue } }
  }
  /// How often reading from sources is tried again when an executor reads them box by box.
  public var readPolicy: ReadPolicy {
    get { values.readPolicy }
    set { change { $0.readPolicy = newValue } }
  }
  /// Takes note of what happens when; nil when nobody wants to know.
  public var trace: Trace? {
    get { values.trace }
    set { change { $0.trace = newValue } }
  }
  /// Watches runs: their tasks, bytes, end. `ProgressDisplay` and `RunReport` are such; nil for nobody.
  public var observer: (any RunObserver)? {
    get { values.observer }
    set { change { $0.observer = newValue } }
  }
  var environment: Environment { values.environment }

  private struct Values: Sendable {
    var executors: [any Executor]
    var executor: ExecutorName?
    var exactness: PassContext.Exactness
    var disabledPasses: Set<String> = []
    var disabledRules: Set<String> = []
    var pipeline: Pipeline = .standard
    var fallback: FallbackPolicy
    var compilation: PassContext.Compilation
    var runtime: Runtime
    var memory: MemoryAccount
    var plannedBytes: Int?
    var workLimit: Double?
    var looksAtData: Bool
    var usesMeasuredRates: Bool
    var trace: Trace?
    var observer: (any RunObserver)?
    var readPolicy: ReadPolicy
    var environment: Environment
    var densifyLimit = PassContext.standardDensifyLimit
    var dumpSink: (any DumpSink)?
    var dumpSelection: PassContext.DumpSelection?
  }

  /// The values behind one reference, as sessions are copied at each compute.
  private final class Shared: Sendable {
    let values: Values
    let number = Session.numbers.add(1, ordering: .relaxed).newValue
    let means: RunContext.Means
    let isWatched: Bool

    init(_ values: Values) {
      self.values = values
      isWatched = values.observer != nil
      means = RunContext.Means(
        scheduler: values.runtime.scheduler, memory: values.memory,
        counters: values.runtime.counters, trace: values.trace, readPolicy: values.readPolicy)
    }
  }

  private static let numbers = Atomic<Int>(0)
  private var shared: Shared
  private var values: Values { _read { yield shared.values } }

  /// Equal numbers are of equal sessions: copies that nobody has changed since.
  var number: Int { shared.number }
  /// Whether somebody watches runs.
  var isWatched: Bool { shared.isWatched }
  /// What runs of the session share.
  var means: RunContext.Means { shared.means }

  private mutating func change(_ body: (inout Values) -> Void) {
    var values = shared.values
    body(&values)
    shared = Shared(values)
  }

  /// A session over executors; unless told otherwise it follows the environment variables.
  public init(
    executors: [any Executor], runtime: Runtime, environment: Environment = .process
  ) {
    shared = Shared(
      Values(
        executors: executors, exactness: environment.isExact ? .stable : .contraction,
        fallback: environment.fallback, compilation: environment.compilation, runtime: runtime,
        memory: MemoryAccount(limit: environment.memoryLimit),
        looksAtData: environment.looksAtData, usesMeasuredRates: environment.usesMeasuredRates,
        trace: environment.trace, observer: environment.progress?.observer,
        readPolicy: environment.readRetries.map { ReadPolicy(retries: $0) } ?? ReadPolicy(),
        environment: environment,
        densifyLimit: environment.densifyLimit ?? PassContext.standardDensifyLimit))
  }

  /// The innermost session of the running task, if a scope set one.
  @TaskLocal public static var scoped: Session?

  /// The session with another executor, memory limit or exactness.
  ///
  /// ```swift
  /// let small = Session.standard.with(memoryLimit: .kibibytes(1))
  /// let big = random.uniform([1000, 1000], key: 1) + 1
  /// try small.with { try big.compute() }
  /// // error: add: the result float64[1000, 1000] needs 7.6 MiB; the limit is 1.0 KiB [out-of-memory]
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
  var dumps: PassContext.DumpSelection { values.dumpSelection ?? environment.dumps }

  /// What passes and executors are told.
  public func passContext() -> PassContext {
    var context = PassContext()
    context.exactness = exactness
    context.disabledPasses = disabledPasses
    context.disabledRules = disabledRules
    context.compilation = compilation
    context.memoryLimit = plannedBytes
    context.densifyLimit = values.densifyLimit
    context.threadCount = runtime.scheduler.threadCount
    context.dumps = dumps
    if context.dumps != .none {
      context.dump =
        values.dumpSink ?? StandardDumpSink(directory: environment.dumpDirectory)
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
