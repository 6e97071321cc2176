import WeftPasses

/// Random networks with everything that a network may have, and orders of them by plain means.
enum RandomNetwork {
  /// Hyperedges, batch indices, diagonals, indices in one operand alone, parts that do not meet.
  static func make(
    operands: Int, indices: Int, rank: Int = 3, extents: ClosedRange<Int> = 1...6,
    _ random: inout some RandomNumberGenerator
  ) -> ContractionNetwork {
    let lists = (0..<operands).map { _ in
      (0..<Int.random(in: 0...rank, using: &random)).map { _ in
        Int.random(in: 0..<indices, using: &random)
      }
    }
    let output = Set(lists.joined()).sorted().filter { _ in
      Int.random(in: 0..<6, using: &random) == 0
    }
    return ContractionNetwork(
      lists, to: output,
      extents: (0..<indices).map { _ in Int.random(in: extents, using: &random) })
  }

  /// Operands on a ring with chords.
  static func connected(
    operands: Int, chords: Int, _ random: inout some RandomNumberGenerator
  ) -> ContractionNetwork {
    var lists = (0..<operands).map { [$0, ($0 + 1) % operands] }
    for chord in 0..<chords {
      for _ in 0..<Int.random(in: 2...3, using: &random) {
        lists[Int.random(in: 0..<operands, using: &random)].append(operands + chord)
      }
    }
    let count = operands + chords
    return ContractionNetwork(
      lists, to: [], extents: (0..<count).map { _ in Int.random(in: 2...5, using: &random) })
  }

  /// The cost of the best of all orders, found by trying each.
  static func leastCost(_ network: ContractionNetwork, _ model: PathCostModel) -> Double {
    func search(_ present: [Int], _ steps: [ContractionPath.Step]) -> Double {
      if present.count == 1 {
        let path = ContractionPath(operandCount: network.operands.count, steps: steps)
        return network.cost(of: path, by: model)
      }
      var least = Double.infinity
      for (position, left) in present.enumerated() {
        for right in present[(position + 1)...] {
          let made = network.operands.count + steps.count
          let rest = present.filter { $0 != left && $0 != right } + [made]
          least = min(least, search(rest, steps + [ContractionPath.Step(left, right)]))
        }
      }
      return least
    }
    return search(Array(network.operands.indices), [])
  }
}
