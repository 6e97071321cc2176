#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Chooses indices to slice over until no value of a slice has more elements than a limit.
///
/// - Source: slice finding of cotengra (Gray and Kourtis 2021, section 5): the index of a value that
///   is too large whose slices repeat the least work, the order made better for the slices between.
struct Slicing {
  private let network: ContractionNetwork
  private let cost: StepCost
  private let strictCost: StepCost
  private let log2Limit: Double
  private let deadline: SearchDeadline
  private let seed: UInt64
  /// The indices chosen.
  private(set) var sliced: [Int] = []
  /// The order of a slice.
  private(set) var path: ContractionPath

  init(
    _ network: ContractionNetwork, _ path: ContractionPath, _ model: PathCostModel,
    log2Limit: Double, seed: UInt64, deadline: SearchDeadline
  ) {
    self.network = network
    self.path = path
    self.log2Limit = log2Limit
    self.seed = seed
    self.deadline = deadline
    cost = StepCost(model, limit: exp2(log2Limit))
    strictCost = StepCost(model, limit: exp2(log2Limit), isStrict: true)
  }

  /// Slices until the limit holds, then searches a better order of one slice.
  mutating func run(rounds: Int?) {
    var part = network
    while true {
      let table = IndexTable(part)
      guard let index = choice(ContractionTree(path, table, cost)) else { break }
      sliced.append(index)
      part = network.slicing(sliced)
      var worker = SearchWorker(
        part, IndexTable(part), cost, from: path, seed: seed, deadline: deadline)
      worker.polishBest()
      path = worker.best.path()
    }
    if sliced.isEmpty || deadline.isOver { return }
    var worker = SearchWorker(
      part, IndexTable(part), strictCost, from: path, seed: seed, deadline: deadline)
    worker.run(rounds: rounds)
    let better = worker.best.path()
    if part.cost(of: better).log2Largest <= log2Limit + 1e-9 { path = better }
  }

  /// The index to slice over next, or nil when every value is small enough.
  private func choice(_ tree: ContractionTree) -> Int? {
    let table = tree.table
    var isCandidate = Array(repeating: UInt64(0), count: table.wordCount)
    var largest = log2Limit + 1e-9
    for value in tree.sizes.indices where tree.sizes[value] > largest {
      largest = tree.sizes[value]
    }
    guard largest > log2Limit + 1e-9 else { return nil }
    for value in tree.sizes.indices where tree.sizes[value] >= largest - 1e-9 {
      for word in 0..<table.wordCount {
        isCandidate[word] |= tree.sets[value * table.wordCount + word]
      }
    }
    var best = -1
    var least = Double.infinity
    for index in 0..<table.indexCount
    where isCandidate[index >> 6] >> UInt64(index & 63) & 1 != 0 && table.log2Extents[index] > 0 {
      // What does not have the index is done again in each slice.
      let (word, bit) = (index >> 6, UInt64(1) << UInt64(index & 63))
      var repeated = 0.0
      for value in table.operandCount..<tree.costs.count {
        let (a, b) = (Int(tree.left[value]), Int(tree.right[value]))
        let union =
          tree.sets[a * table.wordCount + word] | tree.sets[b * table.wordCount + word]
        if union & bit == 0 { repeated += tree.costs[value] }
      }
      let overhead = repeated * (table.extents[index] - 1) / table.log2Extents[index]
      if overhead < least || best < 0 {
        least = overhead
        best = index
      }
    }
    return best < 0 ? nil : best
  }
}
