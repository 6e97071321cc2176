#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Simulated annealing over trees: a step's part and its sibling trade places.
///
/// `((c, d), b)` becomes `(c, (d, b))` or `(d, (c, b))`; a change to a cost `f` times as large is taken
/// with probability `f^(-1 / temperature)`.
///
/// - Source: the moves of Schutski, Khakhulin, Oseledets and Kolmakov 2020 and of cotengra's
///   `simulated_anneal_tree`, whose local score this is.
struct TreeAnnealing {
  private var work: [UInt64]

  init(_ table: IndexTable) { work = Array(repeating: 0, count: table.wordCount) }

  /// How the temperature falls: from the first to the last by a constant factor.
  struct Schedule: Sendable {
    var first: Double
    var last: Double
    /// Moves tried per step of the tree.
    var sweeps: Int
  }

  /// Anneals in place.
  mutating func run(
    _ tree: inout ContractionTree, _ schedule: Schedule, _ random: inout PathRandom,
    isLate: () -> Bool
  ) {
    let count = tree.table.operandCount
    guard count > 2 else { return }
    let ratio = pow(schedule.last / schedule.first, 1 / Double(max(schedule.sweeps - 1, 1)))
    var temperature = schedule.first
    for _ in 0..<schedule.sweeps {
      if isLate() { return }
      let inverse = 1 / temperature
      for _ in 0..<count - 1 {
        move(&tree, count + random.below(count - 1), inverse, &random)
      }
      temperature *= ratio
    }
  }

  /// Tries one change of a value's parts.
  @inline(__always)
  private mutating func move(
    _ tree: inout ContractionTree, _ value: Int, _ inverseTemperature: Double,
    _ random: inout PathRandom
  ) {
    let bits = random.next()
    var opened = Int(tree.left[value])
    var sibling = Int(tree.right[value])
    if tree.isOperand(opened) || (bits & 1 != 0 && !tree.isOperand(sibling)) {
      swap(&opened, &sibling)
      if tree.isOperand(opened) { return }
    }
    var alone = Int(tree.left[opened])
    var joined = Int(tree.right[opened])
    if bits & 2 != 0 { swap(&alone, &joined) }
    let words = tree.table.wordCount
    let (a, j, s, v) = (alone &* words, joined &* words, sibling &* words, value &* words)
    var newWork = 0.0
    var newSize = 0.0
    var topWork = 0.0
    for word in 0..<words {
      let single = tree.sets[a &+ word]
      let union = tree.sets[j &+ word] | tree.sets[s &+ word]
      let kept = union & (single | tree.sets[v &+ word])
      work[word] = kept
      newWork += tree.table.size(union, word: word)
      newSize += tree.table.size(kept, word: word)
      topWork += tree.table.size(single | kept, word: word)
    }
    let cost = tree.cost.value(
      work: exp2(newWork), size: exp2(newSize), sums: newWork > newSize)
    let topSize = tree.sizes[value]
    let topCost = tree.cost.value(
      work: exp2(topWork), size: exp2(topSize), sums: topWork > topSize)
    let old = tree.costs[value] + tree.costs[opened]
    let new = cost + topCost
    if new > old {
      let chance = Double(bits >> 11) * 0x1p-53
      guard exp2((log2(old) - log2(new)) * inverseTemperature) > chance else { return }
    }
    for word in 0..<words { tree.setWord(word, of: opened, to: work[word]) }
    tree.join(joined, sibling, into: opened)
    tree.join(alone, opened, into: value)
    tree.setMeasure(of: opened, size: newSize, cost: cost)
    tree.setMeasure(of: value, size: topSize, cost: topCost)
  }
}
