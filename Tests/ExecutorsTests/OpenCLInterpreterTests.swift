import Testing
import WeftIR

@testable import WeftOpenCL

@Suite("interpreted kernels on OpenCL devices", .needsOpenCL)
struct OpenCLInterpreterTests {
  private static func graph(_ dtype: String, _ rows: String) throws -> Graph {
    try Graph(
      parsing: "graph @main(%x: \(dtype)[6, 7], %y: \(dtype)[6, 7]) {\n\(rows)\n}")
  }

  private static func inputs(_ graph: Graph) throws -> [Buffer] {
    try graph.parameters.enumerated().map { try OpenCLRunning.values($1.type, seed: $0 + 1) }
  }

  @Test("kernels of all dtypes and functions compile no program but one")
  func programs() throws {
    let counters = Counters()
    let rows = [
      "%0 = add %x, %y\n return %0", "%0 = reduce maximum %x axes [1]\n return %0",
      "%0 = scan multiply %x axis 0\n return %0", "%0 = argreduce minimum %x axis 1\n return %0",
      "%0 = permute %x axes [1, 0]\n %1 = permute %y axes [1, 0]\n return %0, %1",
    ]
    var kernels = 0
    for dtype in ["int8", "uint16", "int64", "float16", "float32", "float64", "bool"] {
      for rows in rows {
        if dtype == "bool", rows.contains("scan") { continue }
        let graph = try Self.graph(dtype, rows)
        let inputs = try Self.inputs(graph)
        let results = try OpenCLRunning.run(
          graph, inputs, on: OpenCLRunning.executor(), counters: counters, compilation: .never)
        for (want, got) in zip(try HostRunning.reference(graph, inputs), results) {
          let difference = HostRunning.difference(want, got)
          #expect(difference == nil, "\(dtype) \(rows): \(difference ?? "")")
        }
        kernels += 1
      }
    }
    #expect(counters["interpretations"] >= kernels)
    #expect(counters["compiles"] + counters["codeLoads"] <= 1)
  }

  @Test("a kernel is compiled when as much work was interpreted as a compilation costs")
  func tiers() throws {
    let graph = try Graph(
      parsing: """
        graph @main(%x: float32[5000]) {
          %0 = tan %x
          %1 = cosh %0
          return %1
        }
        """)
    let (counters, inputs) = (Counters(), try Self.inputs(graph))
    var first: [Buffer] = []
    var runs = 0
    while counters["compiles"] + counters["codeLoads"] < 2, runs < 1000 {
      let results = try OpenCLRunning.run(
        graph, inputs, on: OpenCLRunning.executor(), counters: counters, compilation: .automatic)
      if runs == 0 { first = results }
      runs += 1
      #expect(HostRunning.difference(first[0], results[0]) == nil)
      if counters["interpretations"] == runs { continue }
      break
    }
    #expect(counters["interpretations"] == runs - 1 && runs > 1 && runs < 1000)
    #expect(counters["kernels"] == runs)
  }

  @Test("what the interpreter has no room for is compiled")
  func limits() throws {
    let kernel = Kernel(
      name: "kernel",
      parameters: Array(
        repeating: .buffer(.float32, isWritten: false), count: KernelCode.mostBuffers + 1),
      body: [])
    #expect(KernelCode(kernel) == nil)
    #expect(KernelCode(Kernel(name: "kernel", parameters: [.index], body: [])) != nil)
  }

  @Test("indices reach past 2^31")
  func longIndices() throws {
    let count = 1 << 31 + 1000
    let graph = try Graph(
      parsing: """
        graph @main(%x: int8[1]) {
          %0 = iota axis 0 : int64[\(count)]
          %1 = reduce maximum %0 axes [0]
          return %1
        }
        """)
    let results = try OpenCLRunning.run(
      graph, try Self.inputs(graph), on: OpenCLRunning.executor())
    #expect(results[0].scalar(at: 0).intValue == Int64(count - 1))
  }

  @Test("on a device without float64 only its rows leave the device, and say so")
  func noDouble() throws {
    let graph = try Graph(
      parsing: """
        graph @main(%x: float32[40]) {
          %0 = exp %x
          %1 = convert %0 to float64
          %2 = sin %1
          %3 = convert %2 to float32
          %4 = add %3, %x
          return %4
        }
        """)
    let executor = OpenCLExecutor(
      fallback: OpenCLRunning.fallback, OpenCLRuntime.Options(checks: false, lacksDouble: true))
    try OpenCLRunning.check(graph, ways: [executor])
    let prepared = try executor.prepare(graph, PassContext())
    #expect(prepared.steps.contains { $0.hasPrefix("fallback ") && $0.contains("sin") })
    #expect(prepared.steps.contains { $0.contains("opencl exp") })
    guard case .none(let reason) = executor.supports(2, of: graph) else {
      Issue.record("sin of float64 is supported")
      return
    }
    #expect(reason == "the device has no float64")
    let listings = try #require(prepared as? OpenCLExecutable).listings
    #expect(!listings.contains { $0.language == "opencl" && $0.text.contains("double") })
    #expect(!OpenCLInterpreter.source(hasDouble: false).contains("double"))
  }
}
