import Testing
import WeftGoldenFile
import WeftIR
import WeftPasses

@Suite("Golden files of kernels")
struct KernelGoldenTests {
  /// The kernels of a graph's plan.
  private static func kernels(of graph: Graph) throws -> [Kernel] {
    let plan = ClusterPlan(graph, options: .all)
    let clusters = plan.steps.flatMap { step -> [Cluster] in
      switch step {
      case .cluster(let cluster): [cluster]
      case .pieces(let clusters): clusters
      case .contract, .row, .alias: []
      }
    }
    return try clusters.map { try #require(try $0.lowered(verifies: true)).kernel }
  }

  @Test("a file's graph has the kernels that it tells", arguments: try GoldenFile.all(["kernel"]))
  func file(_ file: GoldenFile) throws {
    let graph = try Graph(parsing: file.input)
    try GraphVerifier.verify(graph)
    let kernels = try Self.kernels(of: graph)
    let difference = try file.check(kernels.map { $0.text() }.joined(separator: "\n"))
    #expect(difference == nil, "\(difference ?? "")")
    for kernel in kernels { #expect(try Kernel(parsing: kernel.text()) == kernel) }
  }

  @Test("folded columns are cut in equal chunks, so that threads end together")
  func equalChunks() throws {
    let graph = try Graph(
      parsing: """
        graph @main(%x: float64[5000, 4000]) {
          %0 = reduce add %x axes [0]
          return %0
        }
        """)
    guard case .cluster(let cluster)? = ClusterPlan(graph, options: .all).steps.first else {
      Issue.record("no kernel")
      return
    }
    let lowered = try #require(try cluster.lowered())
    #expect(lowered.partials?.chunks == 20)
    #expect(lowered.units == 20)
    #expect(lowered.indices.contains(250))
  }

  @Test("other extents and scalars give the same kernel, another rank does not")
  func shapes() throws {
    func kernels(_ shape: String, _ value: String, axes: String) throws -> [Kernel] {
      try Self.kernels(
        of: Graph(
          parsing: """
            graph @main(%x: float32[\(shape)], %y: float32[3]) {
              %0 = constant \(value) : float32[]
              %1 = broadcast %0 to [\(shape)]
              %2 = multiply %x, %1
              %3 = broadcast %y to [\(shape)] axes [\(axes)]
              %4 = add %2, %3
              return %4
            }
            """))
    }
    let first = try kernels("3, 30", "2.0", axes: "0")
    #expect(first.count == 1)
    #expect(try first == kernels("3, 7", "5.0", axes: "0"))
    #expect(try first != kernels("3", "2.0", axes: "0"))
    #expect(try first != kernels("30, 3", "2.0", axes: "1"))
  }
}
