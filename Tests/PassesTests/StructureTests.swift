import Testing
import WeftGoldenFile
import WeftIR
import WeftPasses

/// Counts of a plan, named as in the golden files.
private struct Structure {
  var counts: [String: Int] = [:]

  init(_ plan: ClusterPlan, _ graph: Graph) {
    counts["kernels"] = plan.kernelCount
    counts["intermediates"] = plan.intermediateCount(of: graph)
    for step in plan.steps {
      switch step {
      case .cluster(let cluster): if cluster.isStaged { counts["staged", default: 0] += 1 }
      case .pieces(let clusters): counts["pieces", default: 0] += clusters.count
      case .contract: counts["contractions", default: 0] += 1
      case .row: counts["rows", default: 0] += 1
      case .alias: counts["aliases", default: 0] += 1
      }
    }
  }
}

@Suite("What becomes of programs: kernels and intermediates")
struct StructureTests {
  @Test("a file has the structure it tells", arguments: try GoldenFile.all(["structure"]))
  func file(_ file: GoldenFile) throws {
    let graph = try Graph(parsing: file.input)
    try GraphVerifier.verify(graph)
    let plan = ClusterPlan(graph, options: .all)
    try FuseTests.checkOrder(plan, graph)
    let structure = Structure(plan, graph)
    var isTold = false
    for option in file.options where option.key == "structure" {
      for item in option.value.split(separator: ",") {
        let words = item.split(separator: " ")
        let (name, count) = (String(words[0]), try #require(Int(words[1])))
        let actual = structure.counts[name] ?? 0
        #expect(actual == count, "\(file): \(actual) \(name)\n\(plan.notes(of: graph))")
        isTold = true
      }
    }
    #expect(isTold, "\(file) tells no structure")
    for option in file.options where option.key == "note" {
      let notes = plan.notes(of: graph)
      #expect(notes.contains(option.value), "\(file): \(notes)")
    }
    try FusePropertyTests.check(graph, seed: 3)
  }
}
