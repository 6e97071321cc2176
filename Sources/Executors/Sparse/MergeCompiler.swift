import WeftIR
import WeftPasses

/// Compiles what a cluster's merges need, once each: the merging of lists, and the computing of elements.
///
/// What is large is compiled at once, what comes again in the background; until then, and where nothing is
/// compiled, kernels over vectors serve, with the same bits.
final class MergeCompiler: Sendable {
  private let rows: [Int]
  private let graph: Graph
  private let host: any KernelCompiling
  private let isAlways: Bool
  private let merging = Lock<[MergedPattern: State<MergedPattern.Merging>]>([:])
  private let computing = Lock<[MergedElements: State<MergedElements.Computing>]>([:])

  /// A kernel and its code.
  struct Code<Kernel: Sendable>: Sendable {
    let kernel: Kernel
    let call: any KernelCall
  }

  private enum State<Kernel: Sendable>: Sendable {
    case waiting(runs: Int)
    case ready(Code<Kernel>)
    case impossible
  }

  /// nil where nothing is compiled.
  init?(_ rows: [Int], of graph: Graph, on executor: any Executor, _ context: PassContext) {
    guard context.compilation != .never, let host = executor as? any KernelCompiling,
      host.compilesKernels
    else { return nil }
    self.rows = rows
    self.graph = graph
    self.host = host
    isAlways = context.compilation == .always
  }

  /// Work from which on waiting for the compiler pays: that of the host's own kernels.
  private static let leastAwaited = 1 << 22

  /// The code that merges lists; nil where it is not there yet.
  func code(
    of pattern: MergedPattern, entries: Int, _ counters: Counters
  ) throws -> Code<MergedPattern.Merging>? {
    try code(of: pattern, in: merging, entries: entries, counters) {
      let kernel = pattern.merging()
      return (kernel, kernel.kernel)
    }
  }

  /// The code that computes elements; nil where it is not there yet, or never will.
  func code(
    of elements: MergedElements, entries: Int, _ counters: Counters
  ) throws -> Code<MergedElements.Computing>? {
    try code(of: elements, in: computing, entries: entries, counters) { [rows, graph] in
      elements.computing(rows, of: graph).map { ($0, $0.kernel) }
    }
  }

  private func code<Key: Hashable & Sendable, Made: Sendable>(
    of key: Key, in known: Lock<[Key: State<Made>]>, entries: Int, _ counters: Counters,
    _ make: @escaping @Sendable () -> (Made, Kernel)?
  ) throws -> Code<Made>? {
    let isAwaited = isAlways || entries * (4 + rows.count) >= Self.leastAwaited
    var mustStart = false
    let state = known.withLock { known -> State<Made>? in
      guard case .waiting(let runs)? = known[key] ?? .waiting(runs: 0) else { return known[key] }
      known[key] = .waiting(runs: runs + 1)
      mustStart = runs == 1
      return nil
    }
    switch state {
    case .ready(let code)?: return code
    case .impossible?: return nil
    case .waiting?, nil: break
    }
    let compile = { @Sendable [host] () throws -> Code<Made>? in
      guard let (made, kernel) = make() else {
        known.withLock { $0[key] = .impossible }
        return nil
      }
      let code = Code(kernel: made, call: try host.code(of: kernel, counters))
      known.withLock { $0[key] = .ready(code) }
      return code
    }
    if isAwaited { return try compile() }
    if mustStart {
      // A kernel that cannot be compiled is not used.
      _ = DetachedThread.start { _ = try? compile() }
    }
    return nil
  }
}
