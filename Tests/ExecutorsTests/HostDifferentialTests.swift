import Testing
import WeftIR

@testable import WeftHost

@Suite("host against reference")
struct HostDifferentialTests {
  static func check(seed: Int, rows: Int, extents: [Int]) throws {
    let random = try RandomGraph(seed: seed, rows: rows, extents: extents)
    let expected = try HostRunning.reference(random.graph, random.inputs)
    let one = try HostRunning.host(random.graph, random.inputs, threads: 1)
    for (index, (a, b)) in zip(expected, one).enumerated() {
      if let difference = HostRunning.difference(a, b) {
        let steps = try HostRunning.steps(random.graph)
        Issue.record(
          "seed \(seed), output \(index): \(difference)\n\(steps.joined(separator: "\n"))")
        return
      }
    }
    for threads in [2, 7] {
      let many = try HostRunning.host(random.graph, random.inputs, threads: threads)
      for (a, b) in zip(one, many) {
        #expect(HostRunning.isSame(a, b), "seed \(seed): \(threads) threads give other bits")
      }
    }
  }

  @Test("random small graphs") func small() throws {
    for seed in 1...400 { try Self.check(seed: seed, rows: 12, extents: [1, 2, 3, 5, 7]) }
  }

  @Test("random deep graphs") func deep() throws {
    for seed in 1000...1060 { try Self.check(seed: seed, rows: 60, extents: [1, 3, 4, 9]) }
  }

  @Test("random graphs with empty axes") func empty() throws {
    for seed in 2000...2100 { try Self.check(seed: seed, rows: 10, extents: [0, 1, 3]) }
  }

  @Test("random graphs with long axes") func long() throws {
    for seed in 3000...3040 {
      try Self.check(seed: seed, rows: 10, extents: [1, 2, 37, 700, 2100])
    }
  }
}
