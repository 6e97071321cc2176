import WeftIR
import WeftPasses

/// Compiles the merges of a cluster, once each.
///
/// What is large is compiled at once, what comes again in the background; until then, and where nothing is
/// compiled, kernels over vectors serve, with the same bits.
final class MergeCompiler: Sendable {
  /// The code of a cluster's kernels.
  struct Code: Sendable {
    let counting: (kernel: MergedKernel, call: any KernelCall)?
    let computing: (kernel: MergedKernel, call: any KernelCall)
  }

  private let rows: [Int]
  private let graph: Graph
  private let host: any KernelCompiling
  private let isAlways: Bool
  private let known = Lock<[MergedCluster: State]>([:])

  private enum State: Sendable {
    case waiting(runs: Int)
    case ready(Code)
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

  /// The code for a cluster; nil where it is not there yet, or never will.
  func code(_ cluster: MergedCluster, entries: Int, _ counters: Counters) throws -> Code? {
    let isAwaited = isAlways || entries * (4 + rows.count) >= Self.leastAwaited
    var mustStart = false
    let state = known.withLock { known -> State? in
      guard case .waiting(let runs)? = known[cluster] ?? .waiting(runs: 0) else {
        return known[cluster]
      }
      known[cluster] = .waiting(runs: runs + 1)
      mustStart = runs == 1
      return nil
    }
    switch state {
    case .ready(let code)?: return code
    case .impossible?: return nil
    case .waiting?, nil: break
    }
    if isAwaited { return try compile(cluster, counters) }
    if mustStart {
      // A kernel that cannot be compiled is not used.
      _ = DetachedThread.start { _ = try? self.compile(cluster, counters) }
    }
    return nil
  }

  private func compile(_ cluster: MergedCluster, _ counters: Counters) throws -> Code? {
    guard let computing = cluster.computing(rows, of: graph) else {
      known.withLock { $0[cluster] = .impossible }
      return nil
    }
    let counting = try cluster.counting().map { kernel in
      (kernel: kernel, call: try host.code(of: kernel.kernel, counters))
    }
    let code = Code(
      counting: counting,
      computing: (kernel: computing, call: try host.code(of: computing.kernel, counters)))
    known.withLock { $0[cluster] = .ready(code) }
    return code
  }
}
