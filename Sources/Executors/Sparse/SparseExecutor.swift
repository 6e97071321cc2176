import WeftIR
import WeftPlans

/// Runs graphs with arrays that are stored sparsely: kernels over entries, and another executor for
/// what is dense.
///
/// Over a device it runs under the device's name: what that has kernels for runs there, everything else
/// over entries here, as a `fallback` event tells.
///
/// Needs graphs that the pass `layouts` has seen: each row takes its operands as they are stored.
public struct SparseExecutor: Executor {
  /// The name that sessions choose it by.
  public let name: String
  /// It does.
  public let takesSparse = true
  private let dense: any Executor
  private let device: (any EntryDevice)?

  /// An executor that gives dense rows to another.
  public init(dense: any Executor) { (self.dense, device, name) = (dense, nil, "sparse") }

  /// A device's executor that takes sparse arrays too.
  public init(over device: any EntryDevice) {
    (dense, self.device, name) = (device, device, device.name)
  }

  /// Those of the device.
  public var devices: [ExecutorDevice] { device?.devices ?? [] }
  /// Those of the device.
  public var measuredRates: CostRates? { device?.measuredRates }

  /// It works where the executor of dense rows does.
  public func probe() -> Availability {
    if let device { return device.probe() }
    return switch dense.probe() {
    case .available(let text):
      .available("kernels over entries; dense rows on \(dense.name), \(text)")
    case .unavailable(let reason): .unavailable(reason: "\(dense.name): \(reason)")
    }
  }

  /// Whether a row runs here or where dense rows do.
  public func supports(_ row: Int, of graph: Graph) -> Support {
    guard graph.isSparse else { return dense.supports(row, of: graph) }
    let layouts = GraphLayouts(graph)
    guard layouts.isSparse(row) else { return dense.supports(row, of: graph) }
    if device != nil, let reason = SparseRowRunner.refusal(of: row, of: graph, layouts) {
      return .none(reason: reason)
    }
    return .native
  }

  /// Plans steps; dense rows are made ready, kernels over entries follow the data.
  public func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
    if device != nil, !graph.isSparse { return try dense.prepare(graph, context) }
    return try SparsePlanner(graph, dense: dense, on: device, context).executable()
  }
}
