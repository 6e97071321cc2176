import Foundation
import Testing
import WeftPasses

@Suite("contraction paths")
struct PathTests {
  static let models: [PathCostModel] = [
    .multiplyAdds, .flops, PathCostModel(.flops, writeWeight: 8),
  ]

  /// Whether each value is used once and only after it is made.
  static func isWhole(_ path: ContractionPath) -> Bool {
    let count = path.operandCount
    var used = Set<Int>()
    for (number, step) in path.steps.enumerated() {
      for value in [step.left, step.right] {
        guard (0..<count + number).contains(value), used.insert(value).inserted else {
          return false
        }
      }
    }
    return path.steps.count == max(count - 1, 0)
  }

  /// Multiply-adds and opt_einsum's count over sets, from the definition.
  static func counts(_ network: ContractionNetwork, _ path: ContractionPath) -> (Double, Double) {
    var present = network.operands.enumerated().map { (value: $0.offset, indices: Set($0.element)) }
    var work = 0.0
    var flops = 0.0
    for (number, step) in path.steps.enumerated() {
      let pair = present.filter { $0.value == step.left || $0.value == step.right }
      present.removeAll { $0.value == step.left || $0.value == step.right }
      let union = pair[0].indices.union(pair[1].indices)
      let outside = present.reduce(Set(network.output)) { $0.union($1.indices) }
      let kept = union.intersection(outside)
      let product = union.reduce(1.0) { $0 * Double(network.extents[$1]) }
      work += product
      flops += kept.count < union.count ? 2 * product : product
      present.append((path.operandCount + number, kept))
    }
    return (work, flops)
  }

  @Test("the exact search finds what trying all orders finds") func exact() {
    var random = SplitMix(state: 1)
    for round in 0..<60 {
      let network = RandomNetwork.make(
        operands: 2 + round % 4, indices: 2 + round % 7, rank: 4, &random)
      for model in Self.models {
        let plan = network.plan(PathOptions(model: model))
        let least = RandomNetwork.leastCost(network, model)
        #expect(plan.isOptimal)
        #expect(Self.isWhole(plan.path))
        #expect(
          abs(network.cost(of: plan.path, by: model) - least) <= 1e-12 * least, "\(network)")
      }
    }
  }

  @Test("a cost function for pairs decides between orders") func pairCost() {
    // The first two operands are diagonal: their product costs its length.
    let network = ContractionNetwork(
      [[0, 1], [1, 2], [2, 3], [3, 4]], to: [0, 4],
      extents: [
        50, 50, 50, 50, 50,
      ])
    var model = PathCostModel()
    model.pairCost = { pair in
      let diagonal = { (set: OperandSet) in set.members.allSatisfy { $0 < 2 } }
      switch (diagonal(pair.left), diagonal(pair.right)) {
      case (true, true): return 50
      case (true, false), (false, true): return 2500
      case (false, false): return pair.multiplyAdds
      }
    }
    let plan = network.plan(PathOptions(model: model))
    let cost = network.cost(of: plan.path, by: model)
    #expect(abs(cost - 127_550) < 1e-6)
    #expect(cost == RandomNetwork.leastCost(network, model))
  }

  @Test("costs are what the definition says") func costs() {
    var random = SplitMix(state: 2)
    for round in 0..<80 {
      let network = RandomNetwork.make(operands: 1 + round % 12, indices: 1 + round % 9, &random)
      for method in [PathOptions.Method.greedy, .leftToRight, .automatic] {
        let plan = network.plan(PathOptions(method))
        #expect(Self.isWhole(plan.path))
        let (work, flops) = Self.counts(network, plan.path)
        if work > 0 {
          #expect(abs(plan.cost.log2MultiplyAdds - log2(work)) < 1e-9)
          #expect(abs(plan.cost.log2Flops - log2(flops)) < 1e-9)
        }
      }
    }
  }

  @Test("the linear form says the same") func linear() throws {
    var random = SplitMix(state: 3)
    for count in 1...20 {
      let network = RandomNetwork.make(operands: count, indices: 6, &random)
      let path = network.plan(PathOptions(.greedy)).path
      let again = try ContractionPath(linear: path.linear, operandCount: count)
      #expect(Self.isWhole(again))
      #expect(network.cost(of: again) == network.cost(of: path))
    }
    #expect(ContractionPath.leftToRight(3).linear == [[0, 1], [0, 1]])
    #expect(ContractionPath.leftToRight(1).linear == [[0]])
    let three = try ContractionPath(linear: [[0, 1, 2]], operandCount: 3)
    #expect(three == .leftToRight(3))
  }

  @Test("what is no path is told") func mistakes() {
    for (linear, word) in [
      ([[0, 3]], "position 3"), ([[0, 0]], "twice"), ([[0, 1]], "left"), ([[]], "no operand"),
    ] as [([[Int]], String)] {
      #expect(throws: PathMistake.self) {
        try ContractionPath(linear: linear, operandCount: 3)
      }
      do {
        _ = try ContractionPath(linear: linear, operandCount: 3)
      } catch {
        #expect(error.message.contains(word))
      }
    }
    #expect(ContractionNetwork([], to: [], extents: []).mistake != nil)
    #expect(ContractionNetwork([[1]], to: [], extents: [2]).mistake != nil)
    #expect(ContractionNetwork([[0]], to: [1], extents: [2, 2]).mistake != nil)
    #expect(ContractionNetwork([[0]], to: [0, 0], extents: [2]).mistake != nil)
    #expect(ContractionNetwork([[0, 0], []], to: [0], extents: [2]).mistake == nil)
  }

  @Test("a chain of forty matrices has its known optimum") func chain() {
    var random = SplitMix(state: 4)
    let extents = (0...40).map { _ in Int.random(in: 2...90, using: &random) }
    let network = ContractionNetwork(
      (0..<40).map { [$0, $0 + 1] }, to: [0, 40], extents: extents)
    // Godbole's recurrence over intervals.
    var least = Array(repeating: Array(repeating: 0.0, count: 40), count: 40)
    for length in 1..<40 {
      for first in 0..<40 - length {
        let last = first + length
        let outer = extents[first] * extents[last + 1]
        var best = Double.infinity
        for middle in first..<last {
          let parts = least[first][middle] + least[middle + 1][last]
          best = min(best, parts + Double(outer * extents[middle + 1]))
        }
        least[first][last] = best
      }
    }
    let plan = network.plan(PathOptions(seconds: 1))
    #expect(abs(plan.cost.log2MultiplyAdds - log2(least[0][39])) < 1e-9)
  }
}
