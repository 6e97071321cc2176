import WeftIR

/// Orders found before, by structure: a bounded number, the ones used longest ago go first.
public final class PathCache: Sendable {
  /// What tells searches apart; plans with a cost function for pairs are not kept.
  private struct Key: Hashable {
    let network: ContractionNetwork
    let method: PathOptions.Method
    let count: PathCostModel.Count
    let numbers: [Double]
    let rounds: Int?
    let seed: UInt64
    let allowsSlicing: Bool

    init(_ network: ContractionNetwork, _ options: PathOptions) {
      self.network = network
      method = options.method
      count = options.model.count
      numbers = [
        options.model.writeWeight, options.model.minimizesSize ? 1 : 0, options.seconds,
        options.memoryLimit ?? .infinity,
      ]
      rounds = options.rounds
      seed = options.seed
      allowsSlicing = options.allowsSlicing
    }
  }

  private struct State {
    var plans: [Key: (plan: ContractionPlan, use: Int)] = [:]
    var uses = 0
    var found = 0
  }

  private let capacity: Int
  private let state = Lock(State())

  /// A cache of a number of plans.
  public init(capacity: Int = 256) { self.capacity = max(capacity, 1) }

  /// The cache that frontends share.
  public static let shared = PathCache()

  /// How often a plan was here already.
  public var hits: Int { state.withLock { $0.found } }

  /// The number of plans.
  public var count: Int { state.withLock { $0.plans.count } }

  /// As `ContractionNetwork.plan`, searched once.
  public func plan(_ network: ContractionNetwork, _ options: PathOptions) -> ContractionPlan {
    if network.operands.count <= 2 || options.model.pairCost != nil {
      return network.plan(options)
    }
    let key = Key(network, options)
    let known = state.withLock { state -> ContractionPlan? in
      guard let entry = state.plans[key] else { return nil }
      state.uses += 1
      state.found += 1
      state.plans[key] = (entry.plan, state.uses)
      return entry.plan
    }
    if let known { return known }
    let plan = network.plan(options)
    state.withLock { state in
      state.uses += 1
      if state.plans.count >= capacity,
        let oldest = state.plans.min(by: { $0.value.use < $1.value.use })?.key
      {
        state.plans[oldest] = nil
      }
      state.plans[key] = (plan, state.uses)
    }
    return plan
  }
}
