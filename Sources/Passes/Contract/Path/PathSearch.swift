extension ContractionNetwork {
  /// An order of the operands' contraction.
  ///
  /// One, two and three operands take a few microseconds; up to ten take at most a tenth of a
  /// millisecond, and the order is the best of all.
  public func plan(_ options: PathOptions = PathOptions()) -> ContractionPlan {
    var search = PathSearch(self, options)
    return search.run()
  }
}

/// One search of an order: which methods run, and which result counts.
struct PathSearch {
  let network: ContractionNetwork
  let options: PathOptions
  private let step: StepCost

  /// All orders are looked at up to this number of operands without being asked for: 3^10 / 2 pairs
  /// take 60 us.
  static let alwaysExact = 10
  /// All orders can be looked at up to this number of operands.
  static let everExact = 20

  init(_ network: ContractionNetwork, _ options: PathOptions) {
    self.network = network
    self.options = options
    step = StepCost(options.model)
  }

  mutating func run() -> ContractionPlan {
    let count = network.operands.count
    if count <= 2 || options.method == .leftToRight {
      return plan(.leftToRight(count), count <= 2, count <= 2 ? "only order" : "left to right")
    }
    if options.method == .greedy { return plan(greedy(), false, "greedy") }
    if count <= Self.alwaysExact, let exact = subsets(below: .infinity) {
      return plan(exact, true, "dynamic programming")
    }
    return larger()
  }

  private mutating func larger() -> ContractionPlan {
    let first = greedy()
    let bound = network.cost(of: first, by: options.model)
    if network.operands.count <= Self.everExact, options.method == .optimal || options.seconds > 0 {
      let path = subsets(below: bound) ?? first
      return plan(path, true, "dynamic programming")
    }
    if options.model.pairCost == nil {
      var search = ConnectedSearch(IndexTable(network), cost: step)
      let pairLimit = options.seconds > 0 ? 20_000_000 : 200_000
      if let (_, steps) = search.solve(below: bound, allowsOuter: false, pairLimit: pairLimit) {
        let path = ContractionPath(operandCount: network.operands.count, steps: steps)
        return plan(path, false, "dynamic programming without outer products")
      }
    }
    return plan(first, false, "greedy")
  }

  private func greedy() -> ContractionPath {
    var search = GreedySearch(network)
    var random = PathRandom(options.seed)
    return search.run(random: &random)
  }

  /// The best of all orders below a bound.
  private func subsets(below bound: Double) -> ContractionPath? {
    let patterns = network.patterns()
    if patterns.keys.count <= UInt64.capacity {
      return solve(SubsetSearch<UInt64>(), patterns, bound)
    }
    if patterns.keys.count <= WidePatternSet.capacity {
      return solve(SubsetSearch<WidePatternSet>(), patterns, bound)
    }
    return nil
  }

  private func solve<Bits>(
    _ search: SubsetSearch<Bits>, _ patterns: IndexPatterns, _ bound: Double
  ) -> ContractionPath? {
    var search = search
    let count = network.operands.count
    let cost = search.solve(
      patterns, leaves: count, cost: step, below: bound, pairCost: options.model.pairCost)
    guard cost < .infinity else { return nil }
    return ContractionPath(operandCount: count, steps: search.steps(leaves: count))
  }

  private func plan(_ path: ContractionPath, _ isOptimal: Bool, _ method: String)
    -> ContractionPlan
  {
    ContractionPlan(
      path: path, cost: network.cost(of: path), isOptimal: isOptimal, method: method)
  }
}

extension ContractionNetwork {
  /// The indices as patterns over the operands, at most 63 of them.
  func patterns() -> IndexPatterns {
    var keys = Array(repeating: UInt64(0), count: extents.count)
    for index in output { keys[index] = 1 }
    for (position, indices) in operands.enumerated() {
      for index in indices { keys[index] |= 2 << UInt64(position) }
    }
    var patterns = IndexPatterns()
    for (index, key) in keys.enumerated() where key > 1 {
      patterns.add(key, extent: Double(max(extents[index], 1)))
    }
    return patterns
  }
}
