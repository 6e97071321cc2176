import Testing
import Weft
import WeftChunked
import WeftExecution
import WeftHost
import WeftIR

@testable import WeftOpenCL

/// A device with memory of its own is PoCL's with copies; counters tell what moves.
@Suite("memory of OpenCL devices", .needsOpenCL)
struct OpenCLMemoryTests {
  private let doubled: Graph
  private let summed: Graph
  private static let type = TensorType(.float32, Shape([1000]))
  private static let bytes = 4000

  init() throws {
    doubled = try Graph(
      parsing: """
        graph @main(%x: float32[1000]) {
          %0 = add %x, %x
          return %0
        }
        """)
    summed = try Graph(
      parsing: """
        graph @main(%x: float32[1000], %y: float32[1000]) {
          %0 = add %x, %y
          return %0
        }
        """)
  }

  private func executor(
    limit: Int? = nil, losesAt: Int? = nil
  ) -> OpenCLExecutor {
    OpenCLExecutor(
      fallback: OpenCLRunning.fallback,
      OpenCLRuntime.Options(copies: true, checks: false, memoryLimit: limit, losesAt: losesAt))
  }

  private func input(_ seed: Int) throws -> Buffer {
    try OpenCLRunning.values(Self.type, seed: seed)
  }

  @Test("results stay on the device until somebody reads them, and are inputs there")
  func residence() throws {
    let (executor, counters) = (executor(), Counters())
    let x = try input(1)
    let y = try OpenCLRunning.run(doubled, [x], on: executor, counters: counters)[0]
    #expect(counters["bytesToDevice"] == Self.bytes)
    let z = try OpenCLRunning.run(summed, [x, y], on: executor, counters: counters)[0]
    #expect(counters["bytesToDevice"] == Self.bytes)
    #expect(counters["bytesFromDevice"] == 0)
    #expect(!z.isHere && !y.isHere)
    for _ in 0..<2 {
      try z.load()
      #expect(z.scalar(at: 7).doubleValue == 3 * x.scalar(at: 7).doubleValue)
    }
    #expect(counters["bytesFromDevice"] == Self.bytes)
  }

  @Test("an array of the host's goes to the device once")
  func uploads() throws {
    let (executor, counters) = (executor(), Counters())
    let x = try input(2)
    for _ in 0..<3 {
      _ = try OpenCLRunning.run(doubled, [x], on: executor, counters: counters)
    }
    #expect(counters["bytesToDevice"] == Self.bytes)
  }

  @Test("nothing is copied where memory is shared")
  func shared() throws {
    let counters = Counters()
    let x = try input(3)
    let y = try OpenCLRunning.run(
      doubled, [x], on: OpenCLRunning.executor(), counters: counters)[0]
    #expect(y.isHere)
    #expect(y.scalar(at: 3).doubleValue == 2 * x.scalar(at: 3).doubleValue)
    #expect(counters["bytesToDevice"] == 0 && counters["bytesFromDevice"] == 0)
  }

  @Test("arrays of one compute are inputs of the next; other executors and readers get copies")
  func frontend() throws {
    let host = OpenCLRunning.fallback
    let session = Session(
      executors: [executor(), host], runtime: Runtime(scheduler: HostScheduler(threadCount: 1)))
    let counters = session.runtime.counters
    try Session.$scoped.withValue(session) { () throws in
      let x = NDArray(try input(4))
      let y = try (x * 2).compute(on: "opencl")
      let z = try (x + y).compute(on: "opencl")
      #expect(counters["bytesToDevice"] == Self.bytes)
      #expect(counters["bytesFromDevice"] == 0)
      let values: [Float] = try z.toArray()
      #expect(counters["bytesFromDevice"] == Self.bytes)
      let expected: [Float] = try (x * 3).compute(on: "reference").toArray()
      #expect(values == expected)
      let w: [Float] = try (y + 1).compute(on: "reference").toArray()
      #expect(counters["bytesFromDevice"] == 2 * Self.bytes)
      #expect(w == (try x.toArray(of: Float.self)).map { $0 * 2 + 1 })
    }
  }

  @Test("a run that does not fit is refused before it begins, and the next one runs")
  func limit() throws {
    let executor = executor(limit: 3 * Self.bytes - 500)
    let inputs = [try input(5), try input(6)]
    do {
      _ = try OpenCLRunning.run(summed, inputs, on: executor)
      Issue.record("no error")
    } catch let error as WeftError {
      #expect(error.code == .outOfMemory)
      #expect(error.message.contains("of the device's 11500"))
    }
    let result = try OpenCLRunning.run(doubled, [inputs[0]], on: executor)[0]
    #expect(result.scalar(at: 1).doubleValue == 2 * inputs[0].scalar(at: 1).doubleValue)
  }

  @Test("graphs larger than the device's memory run there in pieces", arguments: [1, 2])
  func pieces(threads: Int) throws {
    let (limit, host) = (1 << 20, OpenCLRunning.fallback)
    let options = OpenCLRuntime.Options(copies: true, checks: false, memoryLimit: limit)
    let executor = OpenCLExecutor(fallback: host, options) { device, memory in
      ChunkedExecutor(tiles: device, tileMemory: memory)
    }
    let runtime = try OpenCLRuntime.shared(options)
    let session = Session(
      executors: [executor, host],
      runtime: Runtime(scheduler: HostScheduler(threadCount: threads)))
    try Session.$scoped.withValue(session) { () throws in
      let type = TensorType(.float32, Shape([700, 800]))
      let x = NDArray(try OpenCLRunning.values(type, seed: 8))
      let y = NDArray(try OpenCLRunning.values(type, seed: 9))
      for (n, program) in [x * 2 - y, (x * y).sum(axis: 0), x.T • y, maximum(x, y).T].enumerated() {
        let counters = session.runtime.counters
        let before = counters["chunkTasks"]
        let found = try program.compute(on: "opencl").toArray(of: Float.self)
        #expect(counters["chunkTasks"] > before, "program \(n)")
        #expect(runtime.memory.liveBytes <= limit)
        let expected = try program.compute(on: "reference").toArray(of: Float.self)
        #expect(
          zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-4 * max(1, abs($1)) },
          "program \(n)")
      }
      #expect(try (x * 2).explain(on: "opencl").contains("chunks: "))
    }
  }

  @Test("what only the check of a first run reads is there when it runs", arguments: [false, true])
  func checkedOperands(copies: Bool) throws {
    let host = OpenCLRunning.fallback
    let device = OpenCLExecutor(
      fallback: host, OpenCLRuntime.Options(copies: copies, checks: true))
    let session = Session(
      executors: [device, host], runtime: Runtime(scheduler: HostScheduler(threadCount: 1)))
    try Session.$scoped.withValue(session) { () throws in
      // The kernel behind the sort knows that the only index is 0, and what is sorted is a constant.
      let x = full([1], 7.5, dtype: .float64)
      #expect(try isin(x, x).compute(on: "opencl").toArray(of: Bool.self) == [true])
    }
  }

  @Test("arrays that stay give way to what needs the room")
  func eviction() throws {
    let executor = executor(limit: 4 * Self.bytes)
    let runtime = try OpenCLRuntime.shared(
      OpenCLRuntime.Options(copies: true, checks: false, memoryLimit: 4 * Self.bytes))
    var kept: [(input: Buffer, result: Buffer)] = []
    for seed in 1...6 {
      let x = try input(seed)
      kept.append((x, try OpenCLRunning.run(doubled, [x], on: executor)[0]))
      #expect(runtime.memory.liveBytes <= 4 * Self.bytes)
    }
    #expect(kept.contains { $0.result.isHere } && kept.contains { !$0.result.isHere })
    for (x, y) in kept {
      try y.load()
      #expect(
        (0..<1000).allSatisfy { y.scalar(at: $0).doubleValue == 2 * x.scalar(at: $0).doubleValue })
    }
    kept = []
    #expect(runtime.memory.liveBytes == 0)
  }

  @Test("a device that is lost is an error, and the process goes on")
  func loss() throws {
    let executor = executor(losesAt: 2)
    let x = try input(7)
    _ = try OpenCLRunning.run(doubled, [x], on: executor)
    do {
      _ = try OpenCLRunning.run(doubled, [x], on: executor)
      Issue.record("no error")
    } catch let error as WeftError {
      #expect(error.code == .unusableExecutor)
      #expect(error.message.contains("CL_DEVICE_NOT_AVAILABLE"))
    }
    let other = try HostRunning.reference(doubled, [x])[0]
    let again = try OpenCLRunning.run(doubled, [x], on: executor)[0]
    #expect(again.scalar(at: 9) == other.scalar(at: 9))
  }

  @Test("all inputs are on their way before the first kernel, also those that a later one reads")
  func transfers() throws {
    let graph = try Graph(
      parsing: """
        graph @main(%x: float32[1000], %y: float32[1000]) {
          %0, %1 = sort %x axis 0
          %2, %3 = sort %y axis 0
          return %0, %2
        }
        """)
    let inputs = [try input(8), try input(9)]
    let counters = Counters()
    #expect(throws: WeftError.self) { () throws in
      try OpenCLRunning.run(graph, inputs, on: executor(losesAt: 1), counters: counters)
    }
    #expect(counters["bytesToDevice"] == 2 * Self.bytes)
    let results = try OpenCLRunning.run(graph, inputs, on: executor(), counters: counters)
    let expected = try HostRunning.reference(graph, inputs)
    for (got, wanted) in zip(results, expected) {
      try got.load()
      #expect(HostRunning.difference(wanted, got) == nil)
    }
  }

  @Test("a run's peak is this machine's memory; the device's is told apart")
  func peaks() throws {
    let own = try executor().prepare(summed, PassContext())
    #expect(own.peakBytes == 0)
    #expect(try #require(own as? OpenCLExecutable).deviceBytes == Self.bytes)
    let shared = try OpenCLRunning.executor().prepare(summed, PassContext())
    #expect(shared.peakBytes == Self.bytes)
    let mixed = try Graph(
      parsing: """
        graph @main(%x: complex64[500], %y: float32[1000]) {
          %0, %1 = sort %x axis 0
          %2 = add %y, %y
          return %0, %2
        }
        """)
    // Complex numbers are sorted here: keys and positions.
    let peak = try executor().prepare(mixed, PassContext()).peakBytes
    #expect(peak >= 500 * 16 && peak < 500 * 16 + 8 * Self.bytes)
  }

  @Test("work for when nothing runs is done once the last run has ended")
  func idle() {
    let idle = IdleWork()
    let count = Lock(0)
    for _ in 0..<2 { idle.beginRun() }
    idle.add { count.withLock { $0 += 1 } }
    idle.endRun()
    #expect(count.withLock { $0 } == 0)
    for _ in 0..<2 {
      idle.endRun()
      #expect(count.withLock { $0 } == 1)
      idle.beginRun()
    }
  }

  @Test("the memory of a device is held to its limit")
  func account() throws {
    let account = DeviceAccount(limit: 100)
    try account.reserve(60)
    #expect(throws: WeftError.self) { () throws in try account.reserve(41) }
    account.release(60)
    try account.reserve(100)
    #expect(account.liveBytes == 100)
  }
}
