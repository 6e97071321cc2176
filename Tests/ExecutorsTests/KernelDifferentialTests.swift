import Testing
import WeftIR
import WeftPasses

@testable import WeftHost

@Suite("kernels: interpreted against the reference, compiled against interpreted")
struct KernelDifferentialTests {
  /// What a walk over graphs met.
  struct Counts {
    var kernels = 0
    var staged = 0
    var columns = 0
    var chunked = 0
  }

  /// Checks the kernels of a graph; `compiles` compares them with what LLVM makes, too.
  static func check(
    _ graph: Graph, _ inputs: [Buffer], _ what: String, compiles: Bool, _ counts: inout Counts
  ) throws {
    let running = try KernelRunning(graph, inputs)
    for kernels in try running.lowered() {
      for (cluster, lowered) in kernels {
        counts.kernels += 1
        if cluster.isStaged { counts.staged += 1 }
        if lowered.partials != nil { counts.chunked += 1 }
        if !cluster.reducedAxes.isEmpty, lowered.bindings.contains(.scratch(1)) {
          counts.columns += 1
        }
      }
      let texts = kernels.map { $0.kernel.kernel.text() }.joined(separator: "\n")
      let interpreted = try running.results(of: kernels, .interpreted)
      for (value, result) in interpreted {
        let expected = try #require(running.values[value])
        if let difference = HostRunning.difference(expected, result) {
          Issue.record("\(what), row \(value.row), reference: \(difference)\n\(texts)")
          return
        }
      }
      for way in [KernelRunning.Way.neutral] + (compiles ? [.compiled, .streamed] : []) {
        let compiled = try running.results(of: kernels, way)
        for (value, result) in interpreted {
          let other = try #require(compiled[value])
          if let difference = Self.difference(result, other) {
            Issue.record("\(what), row \(value.row), \(way): \(difference)\n\(texts)")
            return
          }
        }
      }
    }
  }

  /// The first element whose bits differ, NaN apart.
  static func difference(_ a: Buffer, _ b: Buffer) -> String? {
    for i in 0..<a.count {
      let (x, y) = (a.scalar(at: i), b.scalar(at: i))
      if x.storageBits == y.storageBits { continue }
      if x.doubleValue.isNaN, y.doubleValue.isNaN { continue }
      return "element \(i) of \(a.type): \(x) is not \(y)"
    }
    return nil
  }

  static func random(
    _ seeds: ClosedRange<Int>, rows: Int, extents: [Int], compiles: Bool
  ) throws -> Counts {
    var counts = Counts()
    for seed in seeds {
      let random = try RandomGraph(seed: seed, rows: rows, extents: extents)
      try check(random.graph, random.inputs, "seed \(seed)", compiles: compiles, &counts)
    }
    return counts
  }

  /// Rows less their maximum over what is left, with a function that is dear to repeat.
  static func staged(_ dtype: DType, _ shape: [Int]) throws -> (Graph, [Buffer]) {
    var graph = Graph()
    let type = TensorType(dtype, Shape(shape))
    let last = shape.count - 1
    let x = graph.addParameter("x", type)
    let w = graph.addParameter("w", TensorType(dtype, Shape([shape[last]])))
    func spread(_ value: Value, _ axes: [Int]) throws -> Value {
      try graph.add(.broadcast(to: type.shape, axes: axes), [value])
    }
    let most = try graph.add(.reduce(.maximum, AxisSet([last])), [x])
    let left = try graph.add(.map(.subtract), [x, try spread(most, Array(0..<last))])
    let dear = dtype.isFloat ? try graph.add(.map(.mantissa), [left]) : left
    let product = try graph.add(.map(.multiply), [dear, try spread(w, [last])])
    let sum = try graph.add(.reduce(.add, AxisSet([last])), [product])
    let total = try graph.add(.map(.add), [dear, try spread(sum, Array(0..<last))])
    graph.outputs = [total, sum]
    var random = HostRandom(7)
    return (graph, try graph.parameters.map { try HostRunning.small($0.type, &random) })
  }

  static let stagedTypes: [DType] = [.float32, .float64, .float16, .bfloat16, .int32, .uint8]

  static func staged(compiles: Bool) throws -> Counts {
    var counts = Counts()
    for dtype in stagedTypes {
      for shape in [[3, 5], [1, 1], [2, 3, 67], [130], [2, 1100]] {
        let (graph, inputs) = try staged(dtype, shape)
        try check(graph, inputs, "\(dtype) \(shape)", compiles: compiles, &counts)
      }
    }
    return counts
  }

  /// Folds over so many elements that they are cut in chunks.
  static func long(compiles: Bool) throws -> Counts {
    var counts = Counts()
    for (shape, axis) in [([140_001], 0), ([2100, 128], 0)] {
      var graph = Graph()
      let x = graph.addParameter("x", TensorType(.float32, Shape(shape)))
      graph.outputs = [try graph.add(.reduce(.add, AxisSet([axis])), [x])]
      var random = HostRandom(3)
      let inputs = [try HostRunning.small(graph.type(x), &random)]
      try check(graph, inputs, "\(shape)", compiles: compiles, &counts)
    }
    return counts
  }

  /// Searches and running folds over so many elements that they are cut in chunks.
  static func longOthers(compiles: Bool) throws -> Counts {
    var counts = Counts()
    let cases: [(DType, [Int], Op)] = [
      (.float32, [140_001], .argReduce(.maximum, axis: 0)),
      (.int8, [2100, 128], .argReduce(.minimum, axis: 0)),
      (.float16, [140_001], .scan(.add, axis: 0)),
      (.float64, [140_001], .scan(.multiply, axis: 0)),
      (.int32, [2, 140_001], .scan(.maximum, axis: 1)),
    ]
    for (dtype, shape, op) in cases {
      var graph = Graph()
      let x = graph.addParameter("x", TensorType(dtype, Shape(shape)))
      let y = try graph.add(.map(.negative), [x])
      graph.outputs = [try graph.add(op, [y])]
      var random = HostRandom(5)
      let inputs = [try HostRunning.small(graph.type(x), &random)]
      try check(graph, inputs, "\(dtype) \(shape)", compiles: compiles, &counts)
    }
    return counts
  }

  // MARK: - Tests

  @Test("kernels of random graphs, interpreted, give the reference's elements")
  func interpreted() throws {
    let small = try Self.random(1...250, rows: 12, extents: [1, 2, 3, 5, 7], compiles: false)
    #expect(small.kernels > 200)
    let long = try Self.random(500...520, rows: 8, extents: [1, 3, 67, 130], compiles: false)
    #expect(long.columns + small.columns > 0)
  }

  @Test("compiled kernels of random graphs give the interpreter's bits", .needsLLVM)
  func compiled() throws {
    _ = try Self.random(1000...1060, rows: 12, extents: [1, 2, 3, 5, 7], compiles: true)
    _ = try Self.random(1500...1515, rows: 8, extents: [1, 3, 67, 130], compiles: true)
  }

  @Test("so do kernels in stages: against the reference, and compiled where LLVM is")
  func stages() throws {
    #expect(try Self.staged(compiles: CompiledKernels.isAvailable).staged >= 20)
  }

  @Test("and folds in chunks, of rows and of columns")
  func chunks() throws {
    #expect(try Self.long(compiles: CompiledKernels.isAvailable).chunked == 2)
  }

  @Test("and searches and running folds in chunks", .needsLLVM)
  func chunksOfOthers() throws {
    #expect(try Self.longOthers(compiles: true).chunked == 2)
  }
}
