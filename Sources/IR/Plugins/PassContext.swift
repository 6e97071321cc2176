/// What passes and executors are told: options, limits, and where dumps and reports go.
public struct PassContext: Sendable {
  /// Which rewrites are allowed.
  public enum Exactness: Int, Comparable, Sendable {
    /// Same bits for every input.
    case exact
    /// At least as accurate.
    case stable
    /// Reorders sums of products, with an error bound of the same order.
    case contraction
    /// Whatever is true of real numbers.
    case relaxed

    /// Whether `a` is stricter than `b`.
    public static func < (a: Exactness, b: Exactness) -> Bool { a.rawValue < b.rawValue }
  }

  /// The loosest class of rewrites that may fire.
  public var exactness: Exactness = .contraction
  /// Passes that are left out, by name.
  public var disabledPasses: Set<String> = []
  /// Rules that are left out, by name.
  public var disabledRules: Set<String> = []
  /// Whether the verifier runs after each pass.
  public var verifies: Bool
  /// When kernels are compiled.
  public var compilation: Compilation = .automatic
  /// The most bytes of live buffers; nil for no limit.
  public var memoryLimit: Int?
  /// The most bytes of a dense array that a sparse one becomes unasked.
  public var densifyLimit = PassContext.standardDensifyLimit
  /// The limit where nobody sets one: 1 GiB.
  public static let standardDensifyLimit = 1 << 30
  /// The most threads.
  public var threadCount: Int = 1
  /// How each result is taken box by box, for executors that give them to sinks; empty where results
  /// are in memory whole.
  public var streams: [ResultStream] = []
  /// What the executor's steps cost here, measured; asked for plans that are worth it, nil where
  /// plans must not depend on the machine.
  public var measuredRates: (@Sendable () -> CostRates?)?
  /// Receives texts after passes; nil for none.
  public var dump: (any DumpSink)?
  /// Which passes are dumped.
  public var dumps: DumpSelection = .none
  /// What passes and rules did, for `explain()`.
  public var report: PassReport = PassReport()

  /// The rates for a plan of about so many operations: measured ones only where much is to gain, so that
  /// all other plans are the same on every machine.
  public func rates(forOperations count: Double) -> CostRates {
    guard count >= CostRates.leastMeasured else { return .standard }
    return measuredRates?() ?? .standard
  }

  /// Counts a rule that fired, with its reason once.
  public func noteFired(_ rule: String, because summary: String) {
    if report.rules[rule] == nil { report.note("\(rule): \(summary)") }
    report.fired(rule)
  }

  /// When kernels are compiled; where they are not, they are interpreted.
  public enum Compilation: String, Sendable {
    /// Where there is enough work to pay for it.
    case automatic = "auto"
    /// Whatever can be.
    case always
    /// Nothing.
    case never
  }

  /// Which texts a dump has.
  public enum DumpSelection: Hashable, Sendable {
    /// None.
    case none
    /// After the last pass.
    case final
    /// After every pass.
    case all
    /// After the passes named.
    case passes(Set<String>)
  }

  /// The standard options; the verifier runs in debug builds.
  public init() {
    #if DEBUG
      verifies = true
    #else
      verifies = false
    #endif
  }
}

/// What passes did to a graph: times, counts of rules, notes.
public final class PassReport: Sendable {
  /// What one pass did.
  public struct Entry: Sendable {
    /// The pass.
    public var name: String
    /// Seconds it took.
    public var seconds: Double
    /// Rows before and after.
    public var rowsBefore: Int
    /// Rows after.
    public var rowsAfter: Int
  }

  private struct State {
    var entries: [Entry] = []
    var rules: [String: Int] = [:]
    var notes: [Note] = []
  }
  /// A decision; a function alone in an array costs a look-up of its type in each process.
  private struct Note {
    let text: @Sendable () -> String
  }
  private let state = Lock(State())

  /// An empty report.
  public init() {}

  /// Notes a pass.
  public func add(_ entry: Entry) { state.withLock { $0.entries.append(entry) } }
  /// Notes that a rule fired.
  public func fired(_ rule: String) { state.withLock { $0.rules[rule, default: 0] += 1 } }
  /// Notes a decision with its reason.
  public func note(_ text: String) { note(later: { text }) }
  /// Notes a decision whose text is made when somebody reads it: the line of a user's expression may
  /// have to be looked up on disk.
  public func note(later text: @escaping @Sendable () -> String) {
    state.withLock { $0.notes.append(Note(text: text)) }
  }

  /// The passes in order.
  public var entries: [Entry] { state.withLock { $0.entries } }
  /// How often each rule fired.
  public var rules: [String: Int] { state.withLock { $0.rules } }
  /// Decisions with their reasons.
  public var notes: [String] { state.withLock { $0.notes }.map { $0.text() } }
}

extension PassReport.Entry {
  /// An entry from its parts.
  public init(_ name: String, seconds: Double, rowsBefore: Int, rowsAfter: Int) {
    self.init(name: name, seconds: seconds, rowsBefore: rowsBefore, rowsAfter: rowsAfter)
  }
}
