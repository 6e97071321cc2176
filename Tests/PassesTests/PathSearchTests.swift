import Foundation
import Testing
import WeftPasses

/// Searches end by rounds here, so that results do not depend on the machine.
@Suite("contraction path searches")
struct PathSearchTests {
  static func options(
    _ rounds: Int, _ model: PathCostModel = .multiplyAdds, threads: Int = 1
  ) -> PathOptions {
    var options = PathOptions(model: model)
    options.rounds = rounds
    options.threadCount = threads
    return options
  }

  static func lattice(_ rows: Int, _ columns: Int, extent: Int = 2) -> ContractionNetwork {
    var lists = Array(repeating: [Int](), count: rows * columns)
    var count = 0
    for row in 0..<rows {
      for column in 0..<columns {
        let place = row * columns + column
        for other in [(row + 1, column), (row, column + 1)]
        where other.0 < rows && other.1 < columns {
          lists[place].append(count)
          lists[other.0 * columns + other.1].append(count)
          count += 1
        }
      }
    }
    return ContractionNetwork(lists, to: [], extents: Array(repeating: extent, count: count))
  }

  @Test("every search gives a whole path whose cost is what it says") func whole() {
    var random = SplitMix(state: 11)
    for round in 0..<4 {
      let network =
        round % 2 == 0
        ? RandomNetwork.make(operands: 24 + round, indices: 20, &random)
        : RandomNetwork.connected(operands: 22 + round, chords: 8, &random)
      for model in [(PathTests.models + [.size])[round]] {
        let plan = network.plan(Self.options(1, model))
        #expect(PathTests.isWhole(plan.path))
        let (work, flops) = PathTests.counts(network, plan.path)
        #expect(abs(plan.cost.log2MultiplyAdds - log2(work)) < 1e-9)
        #expect(abs(plan.cost.log2Flops - log2(flops)) < 1e-9)
        let greedy = network.plan(PathOptions(.greedy, model: model))
        #expect(
          network.cost(of: plan.path, by: model)
            <= network.cost(of: greedy.path, by: model) * (1 + 1e-9))
      }
    }
  }

  @Test("a search for a number of rounds gives the same path again") func deterministic() {
    let network = Self.lattice(3, 7)
    for threads in [1, 2] {
      let plans = (0..<2).map { _ in network.plan(Self.options(1, threads: threads)) }
      #expect(plans[0].path == plans[1].path)
    }
  }

  @Test("the search finds the optimum of networks that the exact search can do") func optimum() {
    var random = SplitMix(state: 12)
    for _ in 0..<2 {
      let network = RandomNetwork.connected(operands: 12, chords: 4, &random)
      let exact = network.plan(PathOptions(.optimal))
      #expect(exact.isOptimal)
      // Too many operands for the exact search: a scalar each beside them.
      let padded = ContractionNetwork(
        network.operands + Array(repeating: [], count: 10), to: [], extents: network.extents)
      let found = padded.plan(Self.options(2))
      let least = network.cost(of: exact.path, by: .multiplyAdds)
      let cost = padded.cost(of: found.path, by: .multiplyAdds)
      #expect(cost >= least && cost <= least * 1.05 + 20)
    }
  }

  @Test("a lattice is swept along its long side") func lattice() {
    let plan = Self.lattice(4, 8).plan(Self.options(1))
    // Five open bonds at most, of what four rows need.
    #expect(plan.cost.log2LargestMade <= 5)
  }

  @Test("twenty operands under one batch index have an exact order") func batch() {
    // All subsets hang together by the batch index.
    let network = ContractionNetwork(
      (0..<20).map { [$0, $0 + 1, 21] }, to: [0, 20, 21],
      extents: (0..<21).map { 2 + $0 * 7 % 5 } + [8])
    let plan = network.plan(PathOptions(.optimal))
    #expect(plan.isOptimal)
    let chain = ContractionNetwork(
      (0..<20).map { [$0, $0 + 1] }, to: [0, 20], extents: Array(network.extents.prefix(21)))
    let without = chain.plan(PathOptions(.optimal))
    #expect(abs(plan.cost.log2MultiplyAdds - without.cost.log2MultiplyAdds - 3) < 1e-9)
  }

  @Test("slices keep every value within a limit, and their work is counted") func slicing() {
    var random = SplitMix(state: 13)
    let networks = [Self.lattice(3, 7), RandomNetwork.connected(operands: 22, chords: 8, &random)]
    for network in networks {
      let free = network.plan(Self.options(1))
      for fewer in [1.0, 4] {
        var options = Self.options(1)
        options.memoryLimit = exp2(max(free.cost.log2Largest - fewer, 1))
        let plan = network.plan(options)
        #expect(plan.leastFeasibleSize == nil)
        let slice = network.slicing(plan.sliced)
        #expect(slice.cost(of: plan.path).log2Largest <= log2(options.memoryLimit ?? 0) + 1e-9)
        #expect(slice.cost(of: plan.path) == plan.cost)
        let slices = plan.sliced.reduce(1) { $0 * network.extents[$1] }
        #expect(abs(plan.log2Slices - log2(Double(slices))) < 1e-9)
        #expect(
          plan.cost.log2MultiplyAdds + plan.log2Slices >= free.cost.log2MultiplyAdds - 0.5)
      }
    }
  }

  @Test("a limit below the result, or without slices, says what would do") func refused() {
    let network = ContractionNetwork(
      [[0, 1], [1, 2], [2, 3]], to: [0, 3], extents: [8, 2, 2, 8])
    var options = PathOptions()
    options.memoryLimit = 32
    #expect(network.plan(options).leastFeasibleSize == 64)
    options.memoryLimit = 64
    #expect(network.plan(options).leastFeasibleSize == nil)
    let lattice = Self.lattice(4, 4)
    options.memoryLimit = 4
    options.allowsSlicing = false
    let least = lattice.plan(options).leastFeasibleSize ?? 0
    #expect(least > 4)
    options.memoryLimit = least
    #expect(lattice.plan(options).leastFeasibleSize == nil)
    #expect(lattice.plan(options).cost.log2Largest <= log2(least))
  }

  @Test("plans are kept by structure, a bounded number of them") func cache() {
    let cache = PathCache(capacity: 3)
    for _ in 0..<2 { _ = cache.plan(Self.lattice(3, 3), PathOptions()) }
    #expect(cache.hits == 1)
    for extent in 3..<9 { _ = cache.plan(Self.lattice(3, 3, extent: extent), PathOptions()) }
    #expect(cache.count == 3)
    _ = cache.plan(Self.lattice(3, 3, extent: 8), PathOptions())
    #expect(cache.hits == 2)
    _ = cache.plan(Self.lattice(3, 3, extent: 8), PathOptions(model: .flops))
    #expect(cache.hits == 2)
  }

  @Test("extents that no number holds, empty axes and no indices are no trouble") func extremes() {
    let huge = ContractionNetwork(
      (0..<30).map { [$0, ($0 + 1) % 30, ($0 * 7 + 3) % 30] }, to: [],
      extents: Array(repeating: 1 << 60, count: 30))
    let plan = huge.plan(Self.options(1))
    #expect(PathTests.isWhole(plan.path))
    #expect(plan.cost.log2MultiplyAdds > 100)
    let empty = ContractionNetwork([[0, 1], [1, 2], [2, 0]], to: [], extents: [0, 3, 4])
    #expect(PathTests.isWhole(empty.plan().path))
    for count in [1, 2, 3, 25] {
      let scalars = ContractionNetwork(Array(repeating: [], count: count), to: [], extents: [])
      #expect(PathTests.isWhole(scalars.plan(Self.options(1)).path))
    }
  }
}
