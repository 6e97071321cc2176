import Synchronization

/// What a run may use: threads, memory, a way to be stopped, a place for events.
public struct RunContext: Sendable {
  /// What many runs share; behind one reference, as contexts are copied at each compute.
  package final class Means: Sendable {
    fileprivate let values: Values

    package init(
      scheduler: any Scheduler, memory: MemoryAccount, counters: Counters, trace: Trace?,
      readPolicy: ReadPolicy = ReadPolicy()
    ) {
      values = Values(
        scheduler: scheduler, memory: memory, counters: counters, trace: trace,
        readPolicy: readPolicy)
    }

    fileprivate init(_ values: Values) { self.values = values }
  }

  fileprivate struct Values: Sendable {
    var scheduler: any Scheduler
    var memory: MemoryAccount
    var counters: Counters
    var trace: Trace?
    var readPolicy: ReadPolicy
    var sinks: [any RegionSink] = []
    var observer: (any RunObserver)?
  }

  private var means: Means
  /// Runs parts of a step.
  public var scheduler: any Scheduler {
    get { means.values.scheduler }
    set { change { $0.scheduler = newValue } }
  }
  /// Counts and limits buffers.
  public var memory: MemoryAccount {
    get { means.values.memory }
    set { change { $0.memory = newValue } }
  }
  /// Tells when to stop.
  public var token: CancellationToken
  /// Who takes the results, one for each of `PassContext.streams`.
  public var sinks: [any RegionSink] {
    get { means.values.sinks }
    set { change { $0.sinks = newValue } }
  }
  /// Takes note of what happens.
  public var counters: Counters {
    get { means.values.counters }
    set { change { $0.counters = newValue } }
  }
  /// Takes note of when it happens; nil when nobody wants to know.
  public var trace: Trace? {
    get { means.values.trace }
    set { change { $0.trace = newValue } }
  }
  /// Watches the run; nil when nobody does.
  public var observer: (any RunObserver)? {
    get { means.values.observer }
    set { change { $0.observer = newValue } }
  }
  /// How often reading from sources is tried again.
  public var readPolicy: ReadPolicy {
    get { means.values.readPolicy }
    set { change { $0.readPolicy = newValue } }
  }

  private mutating func change(_ body: (inout Values) -> Void) {
    var values = means.values
    body(&values)
    means = Means(values)
  }

  /// A context from its parts.
  public init(
    scheduler: any Scheduler, memory: MemoryAccount, token: CancellationToken, counters: Counters,
    trace: Trace? = nil
  ) {
    self.init(
      Means(scheduler: scheduler, memory: memory, counters: counters, trace: trace), token: token)
  }

  package init(_ means: Means, token: CancellationToken) {
    self.means = means
    self.token = token
  }
}

/// What happened so far: cheap enough to stay on.
public final class Counters: Sendable {
  // Those that every compute touches; the others share a table.
  private let computes = Atomic<Int>(0)
  private let cacheHits = Atomic<Int>(0)
  private let kernels = Atomic<Int>(0)
  private let contractions = Atomic<Int>(0)
  private static let frequent = ["computes", "cacheHits", "kernels", "contractions"]
  private let table = Lock<[String: Int]>([:])
  private let log = Lock<[Event]>([])

  /// Something that a user may want to know of, with the place it comes from.
  public struct Event: Hashable, Sendable {
    /// What kind: `fallback`, `densify`.
    public var kind: String
    /// What happened, in words.
    public var message: String
    /// The user's line.
    public var site: SourceSite

    /// An event from its parts.
    public init(kind: String, message: String, site: SourceSite) {
      self.kind = kind
      self.message = message
      self.site = site
    }
  }

  /// Counters at zero.
  public init() {}

  /// Adds to a counter: `computes`, `kernels`, `contractions`, `prepares`, `cacheHits`, ...
  public func add(_ name: String, _ amount: Int = 1) {
    switch name {
    case "computes": computes.add(amount, ordering: .relaxed)
    case "cacheHits": cacheHits.add(amount, ordering: .relaxed)
    case "kernels": kernels.add(amount, ordering: .relaxed)
    case "contractions": contractions.add(amount, ordering: .relaxed)
    default: table.withLock { $0[name, default: 0] += amount }
    }
  }

  /// The value of a counter.
  public subscript(name: String) -> Int {
    switch name {
    case "computes": computes.load(ordering: .relaxed)
    case "cacheHits": cacheHits.load(ordering: .relaxed)
    case "kernels": kernels.load(ordering: .relaxed)
    case "contractions": contractions.load(ordering: .relaxed)
    default: table.withLock { $0[name] ?? 0 }
    }
  }

  /// All counters that are not 0.
  public var all: [String: Int] {
    var all = table.withLock { $0 }
    for name in Self.frequent where self[name] != 0 { all[name] = self[name] }
    return all
  }

  /// Notes an event; the last thousand are kept.
  public func note(_ event: Event) {
    log.withLock {
      if $0.count >= 1000 { $0.removeFirst(500) }
      $0.append(event)
    }
  }

  /// The events so far.
  public var events: [Event] { log.withLock { $0 } }
}
