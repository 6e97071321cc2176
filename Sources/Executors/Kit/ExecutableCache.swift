import WeftIR

/// A graph made ready, with what making it took.
public struct PreparedGraph: Sendable {
  /// The graph before the passes.
  public let source: Graph
  /// The graph after the passes.
  public let lowered: Graph
  /// What runs.
  public let executable: any Executable
  /// What passes did.
  public let report: PassReport
  /// Seconds that passes and preparation took.
  public let seconds: Double
  /// About how many elements the lowered graph's rows make and read.
  public let work: Double
}

/// Keeps prepared graphs by structure, the least recently used ones going first.
final class ExecutableCache: Sendable {
  /// Everything but the data that a prepared graph depends on.
  struct Key: Hashable, Sendable {
    let graph: Graph
    let executor: String
    let exactness: PassContext.Exactness
    let memoryLimit: Int?
    let compilation: PassContext.Compilation
    let disabled: Set<String>
  }

  private struct Entry {
    let prepared: PreparedGraph
    var lastUse: Int
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    var rows = 0
    var clock = 0
    var probes: [String: Availability] = [:]
  }

  /// Bounds on what is kept; a million rows of plans are some hundred megabytes.
  private static let mostEntries = 512
  private static let mostRows = 200_000
  /// The entries among which the nearest is looked for when somebody asks why a plan is new.
  private static let mostCompared = 16
  private let state = Lock(State())

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
    }
  }

  /// The executor's probe, run once.
  func availability(of executor: any Executor) -> Availability {
    if let known = state.withLock({ $0.probes[executor.name] }) { return known }
    let answer = executor.probe()
    state.withLock { $0.probes[executor.name] = answer }
    return answer
  }
}
