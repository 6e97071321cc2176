import Synchronization
import WeftIR
import WeftPasses

/// A graph made ready, with what making it took.
///
/// Passes have run; the executor makes its part when somebody first asks for it, since a look at
/// the arrays may tell of a better plan before this one ever runs.
public final class PreparedGraph: Sendable {
  /// The graph before the passes.
  public let source: Graph
  /// The graph after the passes.
  public let lowered: Graph
  /// The name of the executor that it is for.
  public let executor: String
  /// What passes did.
  public let report: PassReport
  /// About how many elements the lowered graph's rows make and read.
  public let work: Double
  /// How results are taken box by box.
  let streams: [ResultStream]
  /// The arrays whose elements may tell of a better plan.
  let looks: LeafLooks
  /// The last plan that such a look led to.
  let special = Lock<SpecialPlan?>(nil)

  private let passSeconds: Double
  private let make: @Sendable () throws -> any Executable
  private let made = OnceReference<MadeExecutable>()

  init(
    source: Graph, lowered: Graph, executor: String, report: PassReport, seconds: Double,
    streams: [ResultStream],
    make: @escaping @Sendable () throws -> any Executable
  ) {
    self.source = source
    self.lowered = lowered
    self.executor = executor
    self.report = report
    self.make = make
    self.streams = streams
    passSeconds = seconds
    work = lowered.work
    looks = LeafLooks(lowered, source: source)
  }

  /// What runs.
  ///
  /// - Throws: what the executor finds wrong with the graph.
  public var executable: any Executable {
    get throws(WeftError) {
      if let made = made.load() { return made.executable }
      let start = ContinuousClock.now
      let executable = try WeftError.wrapping("prepare") { try make() }
      let seconds = (ContinuousClock.now - start).seconds
      return made.storeIfNil(MadeExecutable(executable, seconds)).executable
    }
  }

  /// Seconds that passes and, as far as it has happened, the executor's preparation took.
  public var seconds: Double { passSeconds + (made.load()?.seconds ?? 0) }
}

/// What an executor made of a graph, and the seconds that it took.
private final class MadeExecutable: Sendable {
  let executable: any Executable
  let seconds: Double

  init(_ executable: any Executable, _ seconds: Double) {
    self.executable = executable
    self.seconds = seconds
  }
}

/// What a prepared graph depends on besides the graph.
struct PlanOptions: Hashable, Sendable {
  let executor: String
  let exactness: PassContext.Exactness
  let memoryLimit: Int?
  let densifyLimit: Int
  let compilation: PassContext.Compilation
  let usesMeasuredRates: Bool
  let fallback: FallbackPolicy
  let disabledPasses: Set<String>
  let disabledRules: Set<String>
  let passes: [String]
  /// None in plans that are found by structure, which nobody streams.
  let streams: [ResultStream]

  /// Whether they are those of a session and an executor; as `==` with those, without making them.
  func hold(for session: Session, _ executor: any Executor) -> Bool {
    executor.name == self.executor && exactness == session.exactness
      && compilation == session.compilation
      && usesMeasuredRates == session.usesMeasuredRates
      && fallback == session.fallback
      && memoryLimit == session.plannedBytes
      && densifyLimit == session.densifyLimit.bytes
      && Self.areSame(disabledPasses, session.disabledPasses)
      && Self.areSame(disabledRules, session.disabledRules) && passes == session.pipeline.names
  }

  /// Sets are nearly always empty here, and comparing them otherwise is slow.
  @inline(__always)
  private static func areSame(_ a: Set<String>, _ b: Set<String>) -> Bool {
    a.isEmpty && b.isEmpty || a == b
  }
}

/// Keeps prepared graphs, the least recently used ones going first; a second table finds them by
/// the structure of expressions, without a graph.
final class ExecutableCache: Sendable {
  /// Everything but the data that a prepared graph depends on.
  struct Key: Hashable, Sendable {
    let graph: Graph
    let options: PlanOptions
  }

  private struct Entry {
    let prepared: PreparedGraph
    var lastUse: Int
  }

  /// A prepared graph under the structure of expressions that it serves.
  final class Plan: Sendable {
    fileprivate let structure: Structure
    fileprivate let options: PlanOptions
    let prepared: PreparedGraph
    let executor: any Executor
    /// What is chosen by who does not know whether arrays are sparse.
    private let choice: ChoiceName
    /// The number of the last session whose call with `request` it was for.
    fileprivate let session: Atomic<Int>
    /// The executor that the call asked for.
    fileprivate let request: ExecutorName?

    init(
      _ structure: Structure, _ options: PlanOptions, _ prepared: PreparedGraph,
      _ choice: ExecutorChoice, _ executor: any Executor, _ session: Session,
      _ request: ExecutorName?
    ) {
      self.choice = choice.named
      self.structure = structure
      self.options = options
      self.prepared = prepared
      self.executor = executor
      self.session = Atomic(session.number)
      self.request = request
    }

    /// Whether a call for which an executor was chosen, before anybody knew that arrays are sparse, can have it.
    fileprivate func holds(for session: Session, _ choice: ExecutorChoice) -> Bool {
      self.choice == choice.named && options.hold(for: session, executor)
    }
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    var rows = 0
    var clock = 0
    var plans: [UInt32: [Plan]] = [:]
    var planCount = 0
    var planSteps = 0
    var probes: [(name: String, answer: Availability)] = []
  }

  /// Bounds on what is kept; a million rows of plans are some hundred megabytes.
  private static let mostEntries = 512
  private static let mostRows = 200_000
  /// The longest structure that is kept.
  static let mostStepsOfOne = 50_000
  /// Structures that share a word; what comes later drives the first one out.
  private static let mostOfOneWord = 8
  /// The entries among which the nearest is looked for when somebody asks why a plan is new.
  private static let mostCompared = 16
  private let state = Lock(State())

  // MARK: - By structure

  /// The plan for expressions of this structure, and the arrays of these.
  ///
  /// One that was for the caller's session and request the last time needs no executor to be chosen.
  func find(
    _ outputs: [Expr], _ session: Session, _ request: ExecutorName?
  ) -> (Plan, [Buffer])? {
    let word = Structure.word(of: outputs)
    guard let plans = state.withLock({ $0.plans[word] }) else { return nil }
    let number = session.number
    for plan in plans
    where plan.session.load(ordering: .relaxed) == number && plan.request == request {
      if let arrays = plan.structure.arrays(of: outputs) { return (plan, arrays) }
    }
    guard let choice = try? session.chooseExecutor(request) else { return nil }
    for plan in plans
    where plan.session.load(ordering: .relaxed) != number || plan.request != request {
      guard plan.holds(for: session, choice),
        let arrays = plan.structure.arrays(of: outputs)
      else { continue }
      if plan.request == request { plan.session.store(number, ordering: .relaxed) }
      return (plan, arrays)
    }
    return nil
  }

  func insert(_ plan: Plan, of outputs: [Expr]) {
    let word = Structure.word(of: outputs)
    state.withLock { state in
      // What goes is found again by its graph; the next compute puts it back.
      if state.planCount >= Self.mostEntries || state.planSteps >= Self.mostRows {
        state.plans = [:]
        state.planCount = 0
        state.planSteps = 0
      }
      if state.plans[word]?.count == Self.mostOfOneWord {
        let first = state.plans[word]?.removeFirst()
        state.planSteps -= first?.structure.count ?? 0
        state.planCount -= 1
      }
      state.plans[word, default: []].append(plan)
      state.planCount += 1
      state.planSteps += plan.structure.count
    }
  }

  // MARK: - By graph

  func find(_ key: Key) -> PreparedGraph? {
    state.withLock { state in
      state.clock += 1
      guard let index = state.entries.index(forKey: key) else { return nil }
      state.entries.values[index].lastUse = state.clock
      return state.entries.values[index].prepared
    }
  }

  /// The keys of graphs with so many rows, at most a few.
  func keys(ofRows count: Int) -> [Key] {
    state.withLock { state in
      let keys = state.entries.filter { $0.key.graph.count == count }
        .sorted { $0.value.lastUse > $1.value.lastUse }
      return keys.prefix(Self.mostCompared).map(\.key)
    }
  }

  func insert(_ prepared: PreparedGraph, for key: Key) {
    guard key.graph.count <= Self.mostRows / 4 else { return }
    state.withLock { state in
      if let old = state.entries.updateValue(
        Entry(prepared: prepared, lastUse: state.clock), forKey: key)
      {
        state.rows -= old.prepared.source.count
      }
      state.rows += key.graph.count
      if state.entries.count > Self.mostEntries || state.rows > Self.mostRows {
        // Half of the entries go at once, so that the sort is paid for by many insertions.
        let byAge = state.entries.sorted { $0.value.lastUse < $1.value.lastUse }
        for (key, entry) in byAge.prefix(byAge.count / 2) {
          state.rows -= entry.prepared.source.count
          state.entries[key] = nil
        }
      }
    }
  }

  func removeAll() {
    state.withLock {
      $0.entries = [:]
      $0.rows = 0
      $0.plans = [:]
      $0.planCount = 0
      $0.planSteps = 0
    }
  }

  /// The executor's probe, run once.
  func availability(of executor: any Executor) -> Availability {
    let name = executor.name
    if let known = state.withLock({ state in state.probes.first { $0.name == name } }) {
      return known.answer
    }
    let answer = executor.probe()
    state.withLock { state in
      if !state.probes.contains(where: { $0.name == name }) { state.probes.append((name, answer)) }
    }
    return answer
  }
}
