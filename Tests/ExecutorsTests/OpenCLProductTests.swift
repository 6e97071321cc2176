import Testing
import WeftIR
import WeftPasses

@testable import WeftOpenCL

@Suite("products on an OpenCL device", .needsOpenCL)
struct OpenCLProductTests {
  /// A device that multiplies with its own kernels, as those with memory of their own do.
  private static let device = OpenCLRunning.executor(copies: true)

  private func contraction(
    _ dtype: String, _ a: ([Int], String), _ b: ([Int], String), to output: String
  ) throws -> Graph {
    try Graph(
      parsing: """
        graph @main(%x: \(dtype)\(a.0), %y: \(dtype)\(b.0)) {
          %0 = contract %x[\(a.1)], %y[\(b.1)] -> [\(output)]
          return %0
        }
        """)
  }

  @Test(
    "matrix products of extents that no tile divides",
    arguments: ["float32", "float64"], [(33, 70, 41), (2, 3, 2), (65, 1, 130), (5, 300, 17)])
  func matrices(_ dtype: String, _ extents: (Int, Int, Int)) throws {
    let (m, k, n) = extents
    for (a, b) in [
      (([m, k], "i, k"), ([k, n], "k, j")), (([k, m], "k, i"), ([k, n], "k, j")),
      (([m, k], "i, k"), ([n, k], "j, k")), (([k, m], "k, i"), ([n, k], "j, k")),
    ] {
      let graph = try contraction(dtype, a, b, to: "i, j")
      try OpenCLRunning.check(graph, ways: [Self.device])
      let step = try Self.device.prepare(graph, PassContext()).steps[0]
      #expect(step.hasPrefix("kernel 0: opencl product \(m) x \(n) x \(k) -> "))
    }
  }

  @Test("batches, results in any order of labels, several labels in a group, diagonals")
  func labels() throws {
    for (a, b, output) in [
      (([3, 20, 30], "b, i, k"), ([3, 30, 18], "b, k, j"), "b, i, j"),
      (([3, 20, 30], "b, i, k"), ([3, 30, 18], "b, k, j"), "j, b, i"),
      (([20, 3, 30], "i, b, k"), ([30, 18, 3], "k, j, b"), "i, b, j"),
      (([4, 5, 6, 7], "i, k, m, l"), ([6, 8, 5], "m, j, k"), "l, i, j"),
      (([2, 3, 4, 5], "a, b, i, k"), ([2, 3, 5, 6], "a, b, k, j"), "b, a, i, j"),
      (([6, 6, 5], "k, k, i"), ([6, 7], "k, j"), "i, j"),
      (([4, 3], "i, k"), ([5, 2], "j, l"), "i, j"),
    ] {
      let graph = try contraction("float64", a, b, to: output)
      try OpenCLRunning.check(graph, ways: [Self.device])
    }
  }

  @Test("views are read where they lie")
  func views() throws {
    let graph = try Graph(
      parsing: """
        graph @main(%x: float32[40, 50], %y: float32[60, 30]) {
          %0 = slice %x [3:39:2, 1:49:3]
          %1 = permute %y axes [1, 0]
          %2 = slice %1 [0:16, 2:50]
          %3 = contract %0[i, k], %2[k, j] -> [i, j]
          return %3
        }
        """)
    try OpenCLRunning.check(graph, ways: [Self.device])
    #expect(try Self.device.prepare(graph, PassContext()).steps.count == 1)
  }

  @Test("products with vectors and of integers are folds of kernels")
  func vectors() throws {
    for (dtype, a, b, output) in [
      ("float32", ([70, 90], "i, k"), ([90], "k"), "i"), ("float64", ([90], "k"), ([90], "k"), ""),
      ("float64", ([5, 90], "b, k"), ([5, 90], "b, k"), "b"),
      ("int32", ([20, 30], "i, k"), ([30, 10], "k, j"), "i, j"),
      ("uint8", ([20, 30], "i, k"), ([10, 30], "j, k"), "j, i"),
    ] {
      let graph = try contraction(dtype, a, b, to: output)
      try OpenCLRunning.check(graph, ways: [Self.device])
      let step = try Self.device.prepare(graph, PassContext()).steps[0]
      #expect(step.hasPrefix("kernel 0: opencl contract -> "))
    }
  }

  @Test("complex products run elsewhere, and it is told")
  func complex() throws {
    let graph = try contraction("complex128", ([4, 5], "i, k"), ([5, 6], "k, j"), to: "i, j")
    try OpenCLRunning.check(graph, ways: [Self.device])
    let step = try Self.device.prepare(graph, PassContext()).steps[0]
    #expect(step.hasPrefix("fallback contract -> reference"))
    let counters = Counters()
    let inputs = try graph.parameters.map { try OpenCLRunning.values($0.type, seed: 1) }
    _ = try OpenCLRunning.run(graph, inputs, on: Self.device, counters: counters)
    #expect(counters["fallbacks"] == 1)
  }

  @Test("on a processor the host's library multiplies over the same memory, which explain tells")
  func shared() throws {
    let graph = try contraction("float64", ([40, 50], "i, k"), ([50, 60], "k, j"), to: "i, j")
    let executor = OpenCLRunning.executor()
    let step = try executor.prepare(graph, PassContext()).steps[0]
    #expect(step.hasPrefix("contract on reference, memory shared"))
    let counters = Counters()
    let inputs = try graph.parameters.map { try OpenCLRunning.values($0.type, seed: 1) }
    _ = try OpenCLRunning.run(graph, inputs, on: executor, counters: counters)
    #expect(counters["fallbacks"] == 0)
  }

  @Test("the tile of a kind of product is searched for once, and every tile gives the product")
  func search() throws {
    let options = OpenCLRuntime.Options(copies: true, checks: false, searchesAlways: true)
    let executor = OpenCLExecutor(fallback: OpenCLRunning.fallback, options)
    let graph = try contraction("float32", ([70, 30], "i, k"), ([30, 90], "k, j"), to: "i, j")
    try OpenCLRunning.check(graph, ways: [executor])
    let runtime = try OpenCLRuntime.shared(options)
    let product = try #require(
      OpenCLProduct(
        Contraction([[0, 1], [1, 2]], to: [0, 2]), StridedView(contiguous: [70, 30]),
        StridedView(contiguous: [30, 90]), .float32))
    var asked = 0
    _ = runtime.tuning.tile(for: product, on: runtime) { _ in
      asked += 1
      return 1
    }
    #expect(asked == 0)
    let tuning = OpenCLTuning()
    let tiles = OpenCLTile.fitting(runtime.device, itemSize: 8)
    let wide = try #require(
      OpenCLProduct(
        Contraction([[0, 1], [1, 2]], to: [0, 2]), StridedView(contiguous: [7, 3]),
        StridedView(contiguous: [3, 9]), .float64))
    // The disk may know this kind from an earlier run; a process asks at most once.
    for _ in 0..<2 {
      _ = tuning.tile(for: wide, on: runtime) { $0 == tiles[1] ? 1 : 2 }
    }
    #expect(tuning.searchCount <= 1)
    #expect(tuning.tile(for: wide, on: runtime) { _ in nil } == tiles[1])
  }

  @Test("tiles fit the device's local memory and groups")
  func tiles() throws {
    let device = try OpenCLRuntime.shared(OpenCLRuntime.Options(copies: true)).device
    for itemSize in [4, 8] {
      for tile in OpenCLTile.fitting(device, itemSize: itemSize) {
        #expect(tile.items <= device.mostItemsOfGroup)
        #expect(tile.localElements * itemSize <= device.localBytes)
      }
    }
  }
}
