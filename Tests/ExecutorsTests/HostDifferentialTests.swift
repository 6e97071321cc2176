import Foundation
import Testing
import WeftIR

@testable import WeftHost

@Suite("host against reference")
struct HostDifferentialTests {
  static func check(
    seed: Int, rows: Int, extents: [Int], _ compilation: PassContext.Compilation = .never
  ) throws {
    let random = try RandomGraph(seed: seed, rows: rows, extents: extents)
    let expected = try HostRunning.reference(random.graph, random.inputs)
    let one = try HostRunning.host(random.graph, random.inputs, threads: 1, compilation)
    for (index, (a, b)) in zip(expected, one).enumerated() {
      if let difference = HostRunning.difference(a, b) {
        let steps = try HostRunning.steps(random.graph, compilation)
        Issue.record(
          "seed \(seed), output \(index): \(difference)\n\(steps.joined(separator: "\n"))")
        return
      }
    }
    for threads in [2, 7] {
      let many = try HostRunning.host(
        random.graph, random.inputs, threads: threads, compilation)
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

  @Test("random small graphs, compiled", .needsLLVM) func smallCompiled() throws {
    for seed in 1...150 {
      try Self.check(seed: seed, rows: 12, extents: [1, 2, 3, 5, 7], .always)
    }
  }

  @Test("random deep graphs, compiled", .needsLLVM) func deepCompiled() throws {
    for seed in 1000...1020 {
      try Self.check(seed: seed, rows: 60, extents: [1, 3, 4, 9], .always)
    }
  }

  @Test("random graphs with empty axes, compiled", .needsLLVM) func emptyCompiled() throws {
    for seed in 2000...2030 { try Self.check(seed: seed, rows: 10, extents: [0, 1, 3], .always) }
  }

  @Test("random graphs with long axes, compiled", .needsLLVM) func longCompiled() throws {
    for seed in 3000...3040 {
      try Self.check(seed: seed, rows: 10, extents: [1, 2, 37, 700, 2100], .always)
    }
  }

  /// The first seed and how many, where somebody wants a long run: `WEFT_SOAK=100000,2000`.
  static let soak: (first: Int, count: Int)? = {
    let words = ProcessInfo.processInfo.environment["WEFT_SOAK"]?.split(separator: ",") ?? []
    guard words.count == 2, let first = Int(words[0]), let count = Int(words[1]) else { return nil }
    return (first, count)
  }()

  @Test("as many random graphs as WEFT_SOAK says, compiled", .enabled(if: soak != nil))
  func longRun() throws {
    guard let (first, count) = Self.soak else { return }
    let kinds: [(rows: Int, extents: [Int])] = [
      (12, [1, 2, 3, 5, 7]), (60, [1, 3, 4, 9]), (20, [1, 2, 37, 700, 2100]), (10, [0, 1, 3]),
      (25, [2, 16, 33, 64]),
    ]
    for seed in first..<first + count {
      let kind = kinds[seed % kinds.count]
      try Self.check(seed: seed, rows: kind.rows, extents: kind.extents, .always)
    }
  }
}
