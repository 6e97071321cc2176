import Testing
import WeftIR

@testable import WeftOpenCL

@Suite("kernels on an OpenCL device", .needsOpenCL)
struct OpenCLRunTests {
  @Test("elementwise rows, broadcasts, permutations and several outputs")
  func elementwise() throws {
    try OpenCLRunning.check(
      Graph(
        parsing: """
          graph @main(%x: float32[20, 37], %y: float32[37], %z: int8[20, 37]) {
            %0 = constant 2.0 : float32[]
            %1 = broadcast %0 to [20, 37]
            %2 = multiply %x, %1
            %3 = broadcast %y to [20, 37] axes [1]
            %4 = add %2, %3
            %5 = exp %4
            %6 = permute %5 axes [1, 0]
            %7 = convert %z to float64
            %8 = less %x, %3
            return %5, %6, %7, %8
          }
          """))
  }

  @Test(
    "folds of rows, whole and in chunks",
    arguments: [
      ("float32", 1000), ("float32", 200_000), ("float64", 70), ("int16", 3000), ("float16", 500),
      ("bool", 100),
    ])
  func folds(_ dtype: String, _ count: Int) throws {
    let sum = dtype == "bool" ? "logical_or" : "add"
    try OpenCLRunning.check(
      Graph(
        parsing: """
          graph @main(%x: \(dtype)[\(count)]) {
            %0 = reduce maximum %x axes [0]
            %1 = reduce \(sum) %x axes [0]
            return %0, %1
          }
          """))
  }

  @Test("folds of columns, whole and in chunks")
  func columns() throws {
    try OpenCLRunning.check(
      Graph(
        parsing: """
          graph @main(%x: float32[3000, 30], %y: float32[20000, 20]) {
            %0 = reduce add %x axes [0]
            %1 = reduce add %y axes [0]
            return %0, %1
          }
          """))
  }

  @Test("positions of extremes and running folds")
  func positions() throws {
    try OpenCLRunning.check(
      Graph(
        parsing: """
          graph @main(%x: float32[300, 50], %y: float64[200000]) {
            %0 = argreduce maximum %x axis 0
            %1 = argreduce minimum %y axis 0
            %2 = scan add %x axis 0
            %3 = scan add %y axis 0
            return %0, %1, %2, %3
          }
          """))
  }

  @Test("a softmax is one kernel; data move to the device and back only at the edges")
  func rows() throws {
    let graph = try Graph(
      parsing: """
        graph @main(%x: float32[40, 100], %y: float32[100, 100]) {
          %p = contract %x[i, k], %y[k, j] -> [i, j]
          %0 = reduce maximum %p axes [1]
          %1 = broadcast %0 to [40, 100] axes [0]
          %2 = subtract %p, %1
          %3 = exp %2
          %4 = reduce add %3 axes [1]
          %5 = broadcast %4 to [40, 100] axes [0]
          %6 = divide %3, %5
          return %6
        }
        """)
    try OpenCLRunning.check(graph)
    let prepared = try OpenCLRunning.executor(copies: true).prepare(graph, PassContext())
    #expect(prepared.steps.count == 2)
    #expect(prepared.steps.allSatisfy { $0.contains(": opencl ") })
    let moved = try #require(prepared as? OpenCLExecutable).movedBytes
    #expect(moved == (4 * (40 * 100 + 100 * 100), 0))
  }

  @Test("random graphs")
  func random() throws {
    for seed in 1...25 {
      let random = try RandomGraph(seed: seed, rows: 12, extents: [0, 1, 2, 3, 5, 7])
      try OpenCLRunning.check(
        random.graph, random.inputs, ways: [OpenCLRunning.executor(copies: seed % 2 == 1)])
    }
  }

  @Test("an index outside of its extent is an error with its line, and the next run is right")
  func indices() throws {
    let graph = try Graph(
      parsing: """
        graph @main(%x: float32[5], %i: int64[3]) {
          %0 = gather %x, %i axis 0
          return %0
        }
        """)
    let executor = OpenCLRunning.executor()
    let x = try OpenCLRunning.values(TensorType(.float32, Shape([5])), seed: 3)
    func indices(_ values: [Int64]) throws -> Buffer {
      try HostRunning.buffer(TensorType(.int64, Shape([3]))) { Scalar(values[$0], .int64) }
    }
    do {
      _ = try OpenCLRunning.run(graph, [x, indices([0, 5, 1])], on: executor)
      Issue.record("no error")
    } catch let error as WeftError {
      #expect(error.code == .indexOutOfBounds)
      #expect(error.message.contains("axis 0 with extent 5"))
    }
    let right = try OpenCLRunning.run(graph, [x, indices([4, 0, 1])], on: executor)
    #expect(right[0].scalar(at: 0) == x.scalar(at: 4))
  }

  @Test("a kernel whose first run gives something else than the other executor is not used")
  func quarantine() throws {
    let graph = try Graph(
      parsing: """
        graph @main(%x: float32[7]) {
          %0 = sinh %x
          return %0
        }
        """)
    let executor = OpenCLExecutor(
      fallback: Wrong(), OpenCLRuntime.Options(copies: true, checks: true))
    let counters = Counters()
    let x = try OpenCLRunning.values(TensorType(.float32, Shape([7])), seed: 3)
    for _ in 0..<2 {
      let results = try OpenCLRunning.run(graph, [x], on: executor, counters: counters)
      #expect(results[0].scalar(at: 2).doubleValue == 77)
    }
    #expect(counters["quarantines"] == 1)
    #expect(counters.events.contains { $0.kind == "quarantine" && $0.message.contains("sinh") })
  }

  @Test("a trace has the device's time of each kernel, and how its code was had")
  func trace() throws {
    let graph = try Graph(
      parsing: """
        graph @main(%x: float32[4000]) {
          %0 = cosh %x
          return %0
        }
        """)
    let trace = Trace()
    let x = try OpenCLRunning.values(TensorType(.float32, Shape([4000])), seed: 3)
    _ = try OpenCLRunning.run(graph, [x], on: OpenCLRunning.executor(), trace: trace)
    let step = try #require(trace.events.first { $0.category == .step })
    #expect(step.name == "cosh")
    #expect(step["kind"] == .text("opencl"))
    guard case .integer(let time)? = step["device ns"] else {
      Issue.record("no time")
      return
    }
    #expect(time > 0)
  }
}

/// An executor whose every result is 77.
private struct Wrong: Executor {
  let name = "wrong"

  struct Run: Executable {
    let outputs: [TensorType]
    let peakBytes = 0
    let steps = ["77"]

    func run(_ inputs: [Buffer], _ context: RunContext) throws -> [Buffer] {
      try outputs.map { type in try HostRunning.buffer(type) { _ in Scalar(77.0, type.dtype) } }
    }
  }

  func probe() -> Availability { .available("always") }
  func supports(_ row: Int, of graph: Graph) -> Support { .native }
  func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
    Run(outputs: graph.outputs.map { graph.type($0) })
  }
}
