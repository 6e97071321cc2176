#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import WeftIR

extension ContractionNetwork {
  /// An order of the operands' contraction.
  ///
  /// One, two and three operands take a few microseconds; up to ten take at most a tenth of a
  /// millisecond, and the order is the best of all.
  public func plan(_ options: PathOptions = PathOptions()) -> ContractionPlan {
    PathSearch(self, options).run()
  }
}

/// One search of an order: which methods run, and which result counts.
struct PathSearch {
  private let network: ContractionNetwork
  private let options: PathOptions
  private let step: StepCost

  /// All orders are looked at up to this number of operands without being asked for: 3^10 / 2 pairs
  /// take 60 us.
  private static let alwaysExact = 10
  /// All orders can be looked at up to this number of operands: at most 3^20 / 2 pairs, 2 s.
  private static let everExact = 20
  /// Trees keep a set of indices for each value; networks with more words than this are ordered by
  /// the greedy search alone.
  private static let mostWords = 1 << 26

  init(_ network: ContractionNetwork, _ options: PathOptions) {
    self.network = network
    self.options = options
    step = StepCost(
      options.model, limit: options.memoryLimit ?? .infinity, isStrict: !options.allowsSlicing)
  }

  func run() -> ContractionPlan {
    // Rounds alone are no limit of time; slices get a third of it.
    let seconds =
      options.rounds != nil && options.seconds == 0 ? Double.infinity : options.seconds
    let share = options.memoryLimit == nil ? 1 : 0.67
    var plan = unlimited(SearchDeadline(seconds: share * seconds))
    if let limit = options.memoryLimit {
      let rest = SearchDeadline(seconds: max((1 - share) * seconds, 0.05))
      meet(log2(max(limit, 0.5)), &plan, rest)
    }
    return plan
  }

  private func unlimited(_ deadline: SearchDeadline) -> ContractionPlan {
    let count = network.operands.count
    if count <= 2 || options.method == .leftToRight {
      return plan(.leftToRight(count), count <= 2, count <= 2 ? "only order" : "left to right")
    }
    if options.method == .greedy { return plan(greedy(), false, "greedy") }
    if count <= Self.alwaysExact {
      if case .found(let path) = subsets(below: .infinity, isLate: { false }) {
        return plan(path, true, "dynamic programming")
      }
    }
    return larger(deadline)
  }

  private func greedy() -> ContractionPath {
    var search = GreedySearch(network)
    var random = PathRandom(options.seed)
    return search.run(random: &random)
  }

  private func plan(_ path: ContractionPath, _ isOptimal: Bool, _ method: String)
    -> ContractionPlan
  {
    ContractionPlan(
      path: path, cost: network.cost(of: path), isOptimal: isOptimal, method: method)
  }

  // MARK: More than a few operands

  private func larger(_ deadline: SearchDeadline) -> ContractionPlan {
    let table = IndexTable(network)
    guard 2 * table.operandCount * table.wordCount <= Self.mostWords else {
      return plan(greedy(), false, "greedy")
    }
    let isSearch = deadline.seconds > 0
    // Without a time the parts of one tree are put in order, which is polynomial.
    var first = SearchWorker(
      network, table, step, seed: options.seed, deadline: SearchDeadline(seconds: .infinity))
    let isHuge = table.operandCount > 5_000
    if !isHuge { first.polishBest(leaves: 8, passes: 4) }
    let bound = first.bestCost * (1 + 1e-12)
    if options.model.pairCost != nil { return byPairCost(first.best.path()) }
    if network.operands.count <= Self.everExact, isSearch || options.method == .optimal {
      let isTimed = options.method != .optimal || options.seconds > 0
      switch subsets(below: bound, isLate: { isTimed && deadline.isOver }) {
      case .found(let path): return plan(path, true, "dynamic programming")
      case .none: return plan(first.best.path(), true, "dynamic programming")
      case .unfinished: break
      }
    }
    var isConnected = false
    if !isHuge {
      var search = ConnectedSearch(table, cost: step)
      // Rounds limit the pairs too: without seconds nothing else does.
      let pairLimit = !isSearch ? 50_000 : options.rounds == nil ? 40_000_000 : 1_000_000
      let share = SearchDeadline(seconds: isSearch ? 0.1 * deadline.seconds : .infinity)
      if let (_, steps) = search.solve(
        below: bound, allowsOuter: false, pairLimit: pairLimit,
        isLate: { share.isOver })
      {
        isConnected = true
        let path = ContractionPath(operandCount: table.operandCount, steps: steps)
        first = SearchWorker(
          network, table, step, from: path, seed: options.seed, deadline: deadline)
      }
    }
    guard isSearch else {
      if isConnected { first.polishBest(leaves: 8, passes: 3) }
      return plan(first.best.path(), false, isConnected ? Self.connected : first.method)
    }
    return timed(first, isConnected: isConnected, deadline)
  }

  private static let connected = "dynamic programming over connected parts, reconfigured"

  /// The search over trees, on several threads.
  private func timed(_ first: SearchWorker, isConnected: Bool, _ deadline: SearchDeadline)
    -> ContractionPlan
  {
    let simple = Simplification(network)
    let isSimpler =
      !isConnected && simple.network.operands.count > 3 && !simple.steps.isEmpty
    let count = max(options.threadCount, 1)
    // What is contracted first is not always best so: every second thread searches the whole.
    let simplifies = { @Sendable [network] (number: Int) in
      isSimpler && number % 2 == 0 && (count > 1 || network.operands.count > 200)
    }
    // What is best without outer products gets a little time to find some.
    let rounds = isConnected ? min(options.rounds ?? 6, 6) : options.rounds
    let start = isConnected ? first.best.path() : nil
    let results = Lock<[Int: (path: ContractionPath, method: String)]>([:])
    let search = { @Sendable [network, step, options] (number: Int) in
      let searched = simplifies(number) ? simple.network : network
      var worker = SearchWorker(
        searched, IndexTable(searched), step, from: start,
        seed: options.seed &* 64 &+ UInt64(number),
        deadline: SearchDeadline(seconds: deadline.remaining * 0.95))
      worker.run(rounds: rounds)
      let path = worker.best.path()
      let whole = simplifies(number) ? simple.expand(path) : path
      let result = (path: whole, method: worker.method)
      results.withLock { $0[number] = result }
    }
    var started = 1
    for number in 1..<count where DetachedThread.start({ search(number) }) { started += 1 }
    search(0)
    while results.withLock({ $0.count }) < started { usleep(100) }
    // The whole tree's parts are put in order once more.
    var best = first
    let ended = results.withLock { found in found.sorted { $0.key < $1.key }.map(\.value) }
    for (path, method) in ended {
      var worker = SearchWorker(
        network, IndexTable(network), step, from: path, method: method, seed: options.seed,
        deadline: rounds == nil ? deadline : SearchDeadline(seconds: .infinity))
      worker.polishBest(leaves: 8, passes: 6)
      if worker.bestCost < best.bestCost { best = worker }
    }
    let method = isConnected && best.method == first.method ? Self.connected : best.method
    return plan(best.best.path(), false, method)
  }

  /// The cheapest of a few orders by the user's cost of pairs.
  private func byPairCost(_ path: ContractionPath) -> ContractionPlan {
    var search = GreedySearch(network)
    var random = PathRandom(options.seed)
    var best = path
    var least = network.cost(of: path, by: options.model)
    for round in 0..<32 {
      let settings = GreedySearch.Settings(
        weight: round == 0 ? 1 : random.uniform(0.1, 4), temperature: round == 0 ? 0 : 0.3)
      let other = search.run(settings, random: &random)
      let cost = network.cost(of: other, by: options.model)
      if cost < least { (best, least) = (other, cost) }
    }
    return plan(best, false, "greedy by the cost of pairs")
  }

  // MARK: All orders

  private enum Exact {
    case found(ContractionPath)
    /// No order costs less than the bound.
    case none
    /// The search is too large or late.
    case unfinished
  }

  /// The best of all orders below a bound.
  private func subsets(below bound: Double, isLate: () -> Bool) -> Exact {
    let patterns = network.patterns()
    if patterns.keys.count <= UInt64.capacity {
      return solve(SubsetSearch<UInt64>(), patterns, bound, isLate)
    }
    if patterns.keys.count <= WidePatternSet.capacity {
      return solve(SubsetSearch<WidePatternSet>(), patterns, bound, isLate)
    }
    return .unfinished
  }

  private func solve<Bits>(
    _ search: SubsetSearch<Bits>, _ patterns: IndexPatterns, _ bound: Double, _ isLate: () -> Bool
  ) -> Exact {
    var search = search
    var isOver = false
    let count = network.operands.count
    let cost = search.solve(
      patterns, leaves: count, cost: step, below: bound, pairCost: options.model.pairCost,
      isLate: {
        isOver = isLate()
        return isOver
      })
    if isOver { return .unfinished }
    guard cost < .infinity else { return .none }
    return .found(ContractionPath(operandCount: count, steps: search.steps(leaves: count)))
  }

  // MARK: Memory

  /// Slices until every value has at most a number of elements, or says what size would do.
  private func meet(
    _ log2Limit: Double, _ plan: inout ContractionPlan, _ deadline: SearchDeadline
  ) {
    let tolerance = 1e-9
    if plan.cost.log2Largest <= log2Limit + tolerance { return }
    let result = network.output.reduce(0.0) { $0 + log2(Double(max(network.extents[$1], 1))) }
    if options.allowsSlicing, result <= log2Limit + tolerance {
      var slicing = Slicing(
        network, plan.path, options.model, log2Limit: log2Limit, seed: options.seed,
        deadline: deadline)
      slicing.run(rounds: options.rounds)
      plan.path = slicing.path
      plan.sliced = slicing.sliced.sorted()
      plan.cost = network.slicing(plan.sliced).cost(of: plan.path)
      plan.log2Slices = plan.sliced.reduce(0.0) { $0 + log2(Double(network.extents[$1])) }
      plan.method += ", sliced"
    } else if options.allowsSlicing {
      plan.leastFeasibleSize = Self.elements(result)
    } else {
      smallest(log2Limit, &plan)
    }
    plan.isOptimal = false
  }

  /// An order whose largest value is small, in place of one that is cheap.
  private func smallest(_ log2Limit: Double, _ plan: inout ContractionPlan) {
    var bySize = options
    bySize.model = .size
    bySize.memoryLimit = nil
    bySize.seconds = 0.33 * options.seconds
    let small = network.plan(bySize)
    if small.cost.log2Largest < plan.cost.log2Largest { plan = small }
    if plan.cost.log2Largest > log2Limit + 1e-9 {
      plan.leastFeasibleSize = Self.elements(plan.cost.log2Largest)
    }
  }

  /// A number of elements from its logarithm: whole where a number holds whole ones.
  private static func elements(_ log2Size: Double) -> Double {
    let size = exp2(log2Size)
    return log2Size < 50 ? size.rounded() : size
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
