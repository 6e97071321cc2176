import WeftIR
import WeftPlans

/// Runs graphs with arrays that are stored sparsely: kernels over entries, and another executor for
/// what is dense.
///
/// Needs graphs that the pass `layouts` has seen: each row takes its operands as they are stored.
public struct SparseExecutor: Executor {
  /// The name that sessions choose it by.
  public let name = "sparse"
  /// It does.
  public let takesSparse = true
  private let dense: any Executor

  /// An executor that gives dense rows to another.
  public init(dense: any Executor) { self.dense = dense }

  /// It works where the executor of dense rows does.
  public func probe() -> Availability {
    switch dense.probe() {
    case .available(let text):
      .available("kernels over entries; dense rows on \(dense.name), \(text)")
    case .unavailable(let reason): .unavailable(reason: "\(dense.name): \(reason)")
    }
  }

  /// Whether a row runs here or where dense rows do.
  public func supports(_ row: Int, of graph: Graph) -> Support {
    GraphLayouts(graph).isSparse(row) ? .native : dense.supports(row, of: graph)
  }

  /// Plans steps; dense rows are made ready, kernels over entries follow the data.
  public func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
    try SparsePlanner(graph, dense: dense, context).executable()
  }
}
