import Testing
import WeftIR

@testable import WeftPasses

@Suite("What passes keep")
struct PropertyTests {
  @Test("random programs give the same bits after the exact pipeline", arguments: 0..<8)
  func sameBits(part: Int) throws {
    for seed in 0..<60 {
      let graph = RandomGraph.make(seed: UInt64(part * 1000 + seed), rows: 40)
      var optimised = graph
      try Pipeline.standard.run(&optimised, .checking(.exact))
      try expectSameResults(graph, optimised, seed: UInt64(seed))
    }
  }

  @Test("optimising twice gives what optimising once gives, in rows", arguments: 0..<4)
  func stable(part: Int) throws {
    for seed in 0..<50 {
      var graph = RandomGraph.make(seed: UInt64(7777 + part * 1000 + seed), rows: 40)
      try Pipeline.standard.run(&graph, .checking())
      let once = graph.count
      try Pipeline.standard.run(&graph, .checking())
      #expect(graph.count <= once)
    }
  }
}
