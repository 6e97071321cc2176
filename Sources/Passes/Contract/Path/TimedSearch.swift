#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// When a search has to end.
struct SearchDeadline: Sendable {
  private let start = ContinuousClock.now
  /// Seconds from the start on; infinite for none.
  let seconds: Double

  /// A deadline some seconds from now.
  init(seconds: Double) { self.seconds = seconds }

  /// Seconds since the start.
  var elapsed: Double {
    let parts = (ContinuousClock.now - start).components
    return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
  }

  var isOver: Bool { seconds < .infinity && elapsed >= seconds }
  var remaining: Double { seconds - elapsed }
}

/// One thread's search: first orders of several kinds, the best of them annealed and put in order,
/// round after round, until time or rounds end.
struct SearchWorker {
  private let table: IndexTable
  private let cost: StepCost
  private let deadline: SearchDeadline
  private var random: PathRandom
  private var greedy: GreedySearch
  private let partition: PartitionSearch
  private let sweep: SweepSearch
  private var reconfiguration: TreeReconfiguration
  private var annealing: TreeAnnealing
  /// The best tree so far, what it costs and what found it.
  private(set) var best: ContractionTree
  private(set) var bestCost: Double
  private(set) var method: String
  /// Seconds that annealing takes for each move tried; learnt.
  private var secondsPerSweep = 0.0

  /// How many leaves a part has when it is put in order: often, and at the end of a round.
  private static let quickLeaves = 6
  private static let thoroughLeaves = 9
  /// The temperature at which annealing begins and ends: from changes by a factor of e^1 half of
  /// the time to almost none.
  private static let temperatures = (first: 1.0, last: 0.05)

  /// A search from a path on, or from the greedy one.
  init(
    _ network: ContractionNetwork, _ table: IndexTable, _ cost: StepCost,
    from path: ContractionPath? = nil, method: String = "greedy", seed: UInt64,
    deadline: SearchDeadline
  ) {
    self.table = table
    self.cost = cost
    self.deadline = deadline
    self.method = method
    var random = PathRandom(seed)
    var greedy = GreedySearch(network)
    partition = PartitionSearch(table)
    sweep = SweepSearch(table)
    reconfiguration = TreeReconfiguration(table)
    annealing = TreeAnnealing(table)
    let first = path ?? greedy.run(random: &random)
    best = ContractionTree(first, table, cost)
    bestCost = best.total
    self.random = random
    self.greedy = greedy
  }

  /// Makes parts of the best tree better while that helps: what polynomial time gives.
  mutating func polishBest(leaves: Int = quickLeaves, passes: Int = 6) {
    var tree = best
    polish(&tree, leaves: leaves, passes: passes)
    keep(tree, method == "greedy" ? "greedy, reconfigured" : method)
  }

  /// Searches until the deadline or for a number of rounds.
  mutating func run(rounds: Int?) {
    polishBest()
    var round = 0
    while !deadline.isOver, rounds.map({ round < $0 }) ?? true {
      var tree = best
      var name = method
      if let (made, kind) = bestTrial(of: round == 0 ? 18 : 9, isTimed: rounds == nil) {
        keep(made, kind)
        // Every second round goes on from the best of all.
        if round % 2 == 0 { (tree, name) = (made, kind) }
      }
      anneal(&tree, sweeps: 400 << min(round / 4, 5), isTimed: rounds == nil)
      polish(&tree, leaves: Self.thoroughLeaves, passes: 12)
      keep(tree, name.hasSuffix("annealed") ? name : name + ", annealed")
      round += 1
    }
  }

  private mutating func anneal(_ tree: inout ContractionTree, sweeps: Int, isTimed: Bool) {
    let deadline = deadline
    var sweeps = sweeps
    // Half an annealing is worth nothing: a short one that fits is better.
    if isTimed, secondsPerSweep > 0 {
      sweeps = max(20, min(sweeps, Int(min(deadline.remaining * 0.8 / secondsPerSweep, 1e6))))
    }
    let start = deadline.elapsed
    let schedule = TreeAnnealing.Schedule(
      first: Self.temperatures.first, last: Self.temperatures.last, sweeps: sweeps)
    annealing.run(&tree, schedule, &random, isLate: { deadline.isOver })
    if !deadline.isOver { secondsPerSweep = (deadline.elapsed - start) / Double(sweeps) }
  }

  private mutating func polish(_ tree: inout ContractionTree, leaves: Int, passes: Int) {
    let deadline = deadline
    reconfiguration.reset()
    let openings: [TreeReconfiguration.Opening] = [.costliest, .anyOf, .largest]
    for pass in 0..<passes {
      let isBetter = reconfiguration.pass(
        &tree, leaves: leaves, openings[pass % 3], &random, isLate: { deadline.isOver })
      if !isBetter, pass > 1 { return }
    }
  }

  // MARK: First orders

  /// The best of a number of first orders, fewer where they take more than a tenth of the time left.
  private mutating func bestTrial(of count: Int, isTimed: Bool) -> (ContractionTree, String)? {
    var found: (ContractionTree, String)?
    var least = Double.infinity
    let end = isTimed ? deadline.elapsed + 0.1 * deadline.remaining : .infinity
    for number in 0..<count {
      if number >= 3, deadline.elapsed > end { break }
      guard let (path, kind) = trial(number) else { break }
      var tree = ContractionTree(path, table, cost)
      polish(&tree, leaves: Self.quickLeaves, passes: 2)
      let total = tree.total
      if total < least || found == nil {
        least = total
        found = (tree, kind)
      }
    }
    return found
  }

  private mutating func trial(_ number: Int) -> (ContractionPath, String)? {
    let deadline = deadline
    if deadline.isOver { return nil }
    switch number % 3 {
    case 0:
      let imbalance = exp(random.uniform(log(0.01), 0))
      let path = partition.run(imbalance: imbalance, &random, isLate: { deadline.isOver })
      return path.map { ($0, "partition") }
    case 1:
      let settings = GreedySearch.Settings(
        weight: random.uniform(0.1, 4), temperature: exp(random.uniform(log(0.001), 0)))
      return (greedy.run(settings, random: &random), "random greedy")
    default:
      return (swept(), "sweep")
    }
  }

  /// A sweep from somewhere, or from one side of a bisection to the other.
  private mutating func swept() -> ContractionPath {
    var settings = SweepSearch.Settings()
    if random.below(2) == 0 { settings.noise = random.unit() }
    var start = random.below(table.operandCount)
    if random.below(3) > 0 {
      let sides = partition.sides(imbalance: random.uniform(0.02, 0.6), &random)
      let levels = sweep.levels(from: sides)
      settings.levels = levels
      settings.pull = exp(random.uniform(log(0.1), log(30)))
      start = levels.indices.min { levels[$0] < levels[$1] } ?? start
    } else if random.below(4) > 0 {
      start = sweep.farthest(from: start)
    }
    return sweep.run(from: start, settings, &random)
  }

  private mutating func keep(_ tree: ContractionTree, _ name: String) {
    let total = tree.total
    if total < bestCost {
      bestCost = total
      best = tree
      method = name
    }
  }
}
