import Testing
import WeftIR
import WeftReference

@testable import WeftHost

@Suite("host runs")
struct HostRunTests {
  static func vector(_ n: Int, _ dtype: DType = .float64) throws -> Buffer {
    try HostRunning.buffer(TensorType(dtype, Shape([n]))) { Scalar(Double($0 % 100), dtype) }
  }

  /// A graph over one vector.
  static func prepare(
    _ x: Buffer, _ build: (inout Graph, Value) throws -> [Value]
  ) throws -> any Executable {
    var graph = Graph()
    let value = graph.addParameter("x", x.type)
    graph.outputs = try build(&graph, value)
    return try HostExecutor(fallback: ReferenceExecutor()).prepare(graph, PassContext())
  }

  @Test("the planned peak is the measured one; intermediates die and are overwritten")
  func peak() throws {
    let n = 100_000
    let x = try Self.vector(n)
    let executable = try Self.prepare(x) { graph, x in
      // Scans cut the chain into kernels whose operands die at once.
      var y = x
      for _ in 0..<6 {
        y = try graph.add(.scan(.maximum, axis: 0), [try graph.add(.map(.exp), [y])])
        y = try graph.add(.map(.log), [y])
      }
      return [y]
    }
    let context = HostRunning.context()
    let result = try executable.run([x], context)
    #expect(context.memory.peakBytes == executable.peakBytes)
    #expect(executable.peakBytes <= 2 * n * 8)
    #expect(context.memory.liveBytes == result[0].byteCount)
    #expect(executable.steps.contains { $0.contains("in place") })
  }

  @Test("random graphs measure at most the planned peak") func peaks() throws {
    for seed in 5000...5100 {
      let random = try RandomGraph(seed: seed, rows: 25, extents: [1, 5, 60])
      let executable = try HostExecutor(fallback: ReferenceExecutor())
        .prepare(random.graph, PassContext())
      let context = HostRunning.context()
      let copies = random.inputs.map { ($0, HostRunning.bytes($0)) }
      _ = try executable.run(random.inputs, context)
      #expect(context.memory.peakBytes <= executable.peakBytes, "seed \(seed)")
      for (input, before) in copies {
        #expect(HostRunning.bytes(input) == before, "seed \(seed): an input was written")
      }
    }
  }

  @Test(
    "an intermediate that a later stage reads again is not written over",
    .enabled(if: CompiledKernels.isAvailable))
  func stages() throws {
    let x = try Self.vector(6)
    var graph = Graph()
    let parameter = graph.addParameter("x", x.type)
    // A scan, which no kernel joins, then its root, and a fold of what the mean leaves of that.
    let sums = try graph.add(.scan(.add, axis: 0), [parameter])
    let root = try graph.add(.map(.sqrt), [sums])
    let total = try graph.add(.reduce(.add, AxisSet([0])), [root])
    let spread = try graph.add(.broadcast(to: Shape([6]), axes: []), [total])
    let left = try graph.add(.map(.subtract), [root, spread])
    graph.outputs = [try graph.add(.reduce(.multiply, AxisSet([0])), [left]), root]
    let compiled = try HostRunning.host(graph, [x], threads: 1, .always)
    let interpreted = try HostRunning.host(graph, [x], threads: 1, .never)
    for (a, b) in zip(compiled, interpreted) {
      for i in 0..<a.count {
        let (x, y) = (a.scalar(at: i).doubleValue, b.scalar(at: i).doubleValue)
        #expect(abs(x - y) <= 1e-12 * abs(y))
      }
    }
  }

  @Test("a cancelled run stops with an error") func cancelled() throws {
    let x = try Self.vector(1000)
    let executable = try Self.prepare(x) { graph, x in [try graph.add(.map(.exp), [x])] }
    let context = HostRunning.context()
    context.token.cancel()
    let error = #expect(throws: WeftError.self) { try executable.run([x], context) }
    #expect(error?.code == .cancelled)
  }

  @Test("the limit of memory is an error") func limit() throws {
    let x = try Self.vector(10_000)
    let executable = try Self.prepare(x) { graph, x in [try graph.add(.map(.exp), [x])] }
    let error = #expect(throws: WeftError.self) {
      try executable.run([x], HostRunning.context(limit: 1000))
    }
    #expect(error?.code == .outOfMemory)
  }

  @Test("the lowest failing part's error wins") func errors() throws {
    struct Failure: Error { let part: Int }
    for threads in [1, 4] {
      let error = #expect(throws: Failure.self) {
        try HostScheduler(threadCount: threads).run(100, CancellationToken()) { part, thread in
          #expect(thread < threads)
          if part % 10 == 7 { throw Failure(part: part) }
        }
      }
      #expect(error?.part == 7)
    }
  }

  @Test("0-d and empty arrays, constants and counts as results") func small() throws {
    var graph = Graph()
    let x = graph.addParameter("x", TensorType(.float64, .scalar))
    let empty = graph.addParameter("e", TensorType(.float32, Shape([0, 3])))
    let three = try graph.add(.constant(Scalar(3.0, .float64)))
    graph.outputs = [
      x, three, try graph.add(.map(.add), [x, three]),
      try graph.add(.iota(TensorType(.int32, Shape([2, 3])), axis: 1)),
      try graph.add(.reduce(.add, [0]), [empty]),
      try graph.add(.reduce(.multiply, [0, 1]), [empty]),
      try graph.add(.map(.exp), [empty]), try graph.add(.reshape(Shape([1, 1])), [x]),
      try graph.add(.broadcast(to: Shape([2, 2]), axes: []), [three]),
    ]
    let inputs = [
      try HostRunning.buffer(TensorType(.float64, .scalar)) { _ in Scalar(4.0, .float64) },
      try HostRunning.buffer(TensorType(.float32, Shape([0, 3]))) { _ in Scalar(0.0, .float32) },
    ]
    let (expected, results) = (
      try HostRunning.reference(graph, inputs), try HostRunning.host(graph, inputs)
    )
    for (a, b) in zip(expected, results) { #expect(HostRunning.difference(a, b) == nil) }
    #expect(results[0] === inputs[0])
  }

  @Test("what falls back is said in the steps and noted with its line") func fallback() throws {
    let x = try Self.vector(10, .complex64)
    let executable = try Self.prepare(x) { graph, x in
      [try graph.add(.sort(axis: 0, descending: false), [x])]
    }
    #expect(executable.steps == ["fallback sort -> reference"])
    let context = HostRunning.context()
    _ = try executable.run([x], context)
    #expect(context.counters.events.map(\.kind) == ["fallback"])
  }

  @Test("random bits are the reference's, in any kernel") func random() throws {
    var graph = Graph()
    let key = graph.addParameter("key", TensorType(.uint64, .scalar))
    let bits = try graph.add(.random(RandomStream(shape: Shape([70, 1000]), lane: 3)), [key])
    graph.outputs = [
      bits, try graph.add(.reduce(.bitwiseXor, [0]), [bits]),
      try graph.add(.reduce(.bitwiseXor, [1]), [bits]),
      try graph.add(
        .slice([SliceSpan(start: 3, count: 4), SliceSpan(start: 5, step: 7, count: 9)]), [bits]),
    ]
    let input = try HostRunning.buffer(TensorType(.uint64, .scalar)) { _ in
      Scalar(0x1234_5678_9ABC_DEF0 as UInt64, .uint64)
    }
    let expected = try HostRunning.reference(graph, [input])
    for (a, b) in zip(expected, try HostRunning.host(graph, [input])) {
      #expect(HostRunning.isSame(a, b))
    }
  }
}
