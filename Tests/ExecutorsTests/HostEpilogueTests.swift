import Testing
import WeftIR

@testable import WeftHost

@Suite("What follows a fold in its kernel", .needsLLVM)
struct HostEpilogueTests {
  static let cases: [([Int], [Int])] = [
    ([300, 70], [0]), ([70, 300], [1]), ([3, 5, 70], [0, 2]), ([3, 5, 70], [1]),
    ([200_001], [0]), ([3000, 130], [0]), ([140_001, 3], [0]), ([3, 140_001], [1]),
    ([2100, 128], [0, 1]), ([40, 50, 60], [0, 1]), ([7, 1, 9], [0]), ([5000, 5], [1]),
  ]

  /// The mean and its negative root, and the greatest less twice the mean, over some axes.
  private static func graph(_ dtype: DType, _ shape: [Int], _ axes: [Int]) throws -> Graph {
    var graph = Graph()
    let x = graph.addParameter("x", TensorType(dtype, Shape(shape)))
    let kept = shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
    let y = graph.addParameter("y", TensorType(dtype, Shape(kept)))
    let count = axes.reduce(1) { $0 * shape[$1] }
    let divisor = try graph.add(
      .broadcast(to: Shape(kept), axes: []),
      [try graph.add(.constant(Scalar(Int64(count), dtype)), [])])
    let squares = try graph.add(.map(.multiply), [x, x])
    let sum = try graph.add(.reduce(.add, AxisSet(axes)), [squares])
    let mean = try graph.add(.map(dtype.isFloat ? .divide : .maximum), [sum, divisor])
    let most = try graph.add(.reduce(.maximum, AxisSet(axes)), [squares])
    let rest = try graph.add(.map(.subtract), [most, try graph.add(.map(.multiply), [mean, y])])
    graph.outputs = [mean, rest, most]
    return graph
  }

  @Test("folds over any axes end with functions in one kernel, the same for any number of threads")
  func ends() throws {
    for (shape, axes) in Self.cases {
      for dtype: DType in [.float32, .float64, .int64] {
        let graph = try Self.graph(dtype, shape, axes)
        var random = HostRandom(shape.count)
        let inputs = try graph.parameters.map { try HostRunning.small($0.type, &random) }
        let steps = try HostRunning.steps(graph, .always)
        #expect(steps.count == 1, "\(shape) \(axes): \(steps)")
        let expected = try HostRunning.reference(graph, inputs)
        let one = try HostRunning.host(graph, inputs, threads: 1, .always)
        for (a, b) in zip(expected, one) {
          let difference = HostRunning.difference(a, b)
          #expect(difference == nil, "\(dtype) \(shape) \(axes): \(difference ?? "")")
        }
        for threads in [2, 7] {
          let many = try HostRunning.host(graph, inputs, threads: threads, .always)
          for (a, b) in zip(one, many) {
            #expect(HostRunning.isSame(a, b), "\(dtype) \(shape) \(axes), \(threads) threads")
          }
        }
        let interpreted = try HostRunning.host(graph, inputs, .never)
        for (a, b) in zip(expected, interpreted) {
          #expect(HostRunning.difference(a, b) == nil, "\(dtype) \(shape) \(axes), interpreted")
        }
      }
    }
  }

  @Test("positions of extremes and their functions, sums of complex numbers and their moduli")
  func others() throws {
    for (shape, axis) in [([200_001], 0), ([3000, 130], 0), ([130, 300], 1), ([5000, 5], 1)] {
      var graph = Graph()
      let x = graph.addParameter("x", TensorType(.float32, Shape(shape)))
      let z = graph.addParameter("z", TensorType(.complex128, Shape(shape)))
      let place = try graph.add(.argReduce(.maximum, axis: axis), [x])
      let total = try graph.add(.reduce(.add, [axis]), [z])
      graph.outputs = [
        try graph.add(.map(.add), [place, place]), try graph.add(.map(.abs), [total]), total,
      ]
      var random = HostRandom(8)
      let inputs = try graph.parameters.map { try HostRunning.small($0.type, &random) }
      let expected = try HostRunning.reference(graph, inputs)
      for threads in [1, 2, 7] {
        let results = try HostRunning.host(graph, inputs, threads: threads, .always)
        for (a, b) in zip(expected, results) {
          let difference = HostRunning.difference(a, b)
          #expect(difference == nil, "\(shape): \(difference ?? "")")
        }
      }
    }
  }

  @Test("following rows are asked for, but not beside results along rows that stay in the cache")
  func prefetchDistances() throws {
    /// How far ahead the kernel of the rows' squares, folded or not, asks for elements.
    func distances(rows: Int, isFolded: Bool) throws -> [Int64] {
      var graph = Graph()
      let shape = Shape([rows, 4000])
      let x = graph.addParameter("x", TensorType(.float64, shape))
      let largest = try graph.add(.reduce(.maximum, [1]), [x])
      let spread = try graph.add(.broadcast(to: shape, axes: [0]), [largest])
      let below = try graph.add(.map(.subtract), [x, spread])
      let sum = try graph.add(.reduce(.add, [1]), [below])
      graph.outputs = [isFolded ? try graph.add(.map(.abs), [sum]) : below]
      let executable = try #require(
        HostRunning.executable(graph, .always) as? HostExecutable)
      #expect(executable.program.count == 1)
      guard case .compiled(let step)? = executable.program.first?.code else { return [] }
      let memory = MemoryAccount()
      let results = try step.targets.map { try Buffer(allocating: $0.type, in: memory) }
      let indices = step.indices(writing: results)
      return step.lowered.prefetchDistances.map { indices[$0] }
    }
    #expect(try distances(rows: 64, isFolded: true) == [4000])
    #expect(try distances(rows: 64, isFolded: false) == [0])
    let manyRows = CompiledStep.cacheBytes / (8 * 4000) + 1
    #expect(try distances(rows: manyRows, isFolded: false) == [4000])
  }
}
