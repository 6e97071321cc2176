#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Contracts first what every good order contracts early: values that a neighbour takes in without
/// becoming larger.
///
/// 1. All indices of one are indices of the other (scalars, vectors, matrices under hyperedges).
/// 2. One has at most two indices, all extents of the pair are equal and the result is no larger
///    than the larger one (gates on one line of a circuit).
///
/// - Source: the rank simplification of quimb (Gray 2018), which also keeps hyperedges.
struct Simplification {
  /// What is left, its operands in the order of `values`.
  private(set) var network: ContractionNetwork
  /// The steps that lead there.
  private(set) var steps: [ContractionPath.Step] = []
  /// What each operand that is left is among the values of the path.
  private(set) var values: [Int]
  private let operandCount: Int

  init(_ network: ContractionNetwork) {
    self.network = network
    operandCount = network.operands.count
    values = Array(0..<operandCount)
    run()
  }

  /// A path of what is left as one of the whole network.
  func expand(_ path: ContractionPath) -> ContractionPath {
    var names = values
    var all = steps
    for step in path.steps {
      all.append(ContractionPath.Step(names[step.left], names[step.right]))
      names.append(operandCount + all.count - 1)
    }
    return ContractionPath(operandCount: operandCount, steps: all)
  }

  private mutating func run() {
    var lists = network.operands.map { Array(Set($0)).sorted() }
    var holders = Array(repeating: [Int](), count: network.extents.count)
    var counts = Array(repeating: 0, count: network.extents.count)
    for index in network.output { counts[index] += 1 }
    for (value, list) in lists.enumerated() {
      for index in list {
        holders[index].append(value)
        counts[index] += 1
      }
    }
    var isAlive = Array(repeating: true, count: lists.count)
    var living = lists.count
    // The ones with few indices first, and each again when it is made.
    var pending = lists.indices.sorted { lists[$0].count > lists[$1].count }
    while let value = pending.popLast(), living > 2 {
      guard isAlive[value], lists[value].count <= 8 else { continue }
      var mate = -1
      for index in lists[value] {
        // Only a few under a hyperedge are looked at: any of them would do.
        for other in holders[index].prefix(64)
        where isAlive[other] && other != value && isAbsorbed(lists[value], lists[other], counts) {
          if mate < 0 || lists[other].count < lists[mate].count { mate = other }
        }
      }
      guard mate >= 0 else { continue }
      let made = lists.count
      var kept: [Int] = []
      for index in Set(lists[value]).union(lists[mate]).sorted() {
        let isShared = lists[value].contains(index) && lists[mate].contains(index)
        if isShared { counts[index] -= 1 }
        if counts[index] > 1 { kept.append(index) }
      }
      for index in lists[value] + lists[mate] {
        holders[index].removeAll { $0 == value || $0 == mate }
      }
      for index in kept { holders[index].append(made) }
      steps.append(ContractionPath.Step(min(value, mate), max(value, mate)))
      isAlive[value] = false
      isAlive[mate] = false
      isAlive.append(true)
      living -= 1
      lists.append(kept)
      pending.append(made)
    }
    values = lists.indices.filter { isAlive[$0] }
    network = ContractionNetwork(
      values.map { lists[$0] }, to: network.output, extents: network.extents)
  }

  private func isAbsorbed(_ small: [Int], _ large: [Int], _ counts: [Int]) -> Bool {
    if small.count > large.count { return false }
    if small.allSatisfy({ large.contains($0) }) { return true }
    guard small.count <= 2 else { return false }
    let union = Set(small).union(large)
    guard let first = union.first.map({ network.extents[$0] }),
      union.allSatisfy({ network.extents[$0] == first })
    else { return false }
    let kept = union.count { index in
      counts[index] > (small.contains(index) && large.contains(index) ? 2 : 1)
    }
    return kept <= large.count
  }
}
