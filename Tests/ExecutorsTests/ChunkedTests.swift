import Testing
import Weft
import WeftChunked
import WeftConformance
import WeftExecution
import WeftHost
import WeftIR
import WeftReference
import WeftRoutines

/// Graphs cut into chunks: the same values as whole, the same bits on any threads and in any memory.
@Suite("chunks")
struct ChunkedTests {
  private static func session(
    _ chunking: Chunking, threads: Int = 2, limit: Int? = nil
  ) -> Session {
    let reference = ReferenceExecutor(routines: Routines.table)
    let host = HostExecutor(fallback: reference)
    var session = Session(
      executors: [ChunkedExecutor(tiles: host, chunking: chunking), host, reference],
      runtime: Runtime(scheduler: HostScheduler(threadCount: threads)), environment: Environment())
    session.executor = .chunked
    if let limit { session.memory = MemoryAccount(limit: limit) }
    return session
  }

  /// A session that names no executor, with one MiB of memory.
  private static func ofOneMebibyte() -> Session {
    let host = HostExecutor(fallback: ReferenceExecutor())
    var session = Session(
      executors: [host, ChunkedExecutor(tiles: host)],
      runtime: Runtime(scheduler: HostScheduler(threadCount: 2)), environment: Environment())
    session.memory = MemoryAccount(limit: 1 << 20)
    return session
  }

  private static func bits(_ x: NDArray) throws -> [UInt64] {
    let values: [Double] = try x.asType(.float64).toArray()
    return values.map(\.bitPattern)
  }

  @Test(
    "the executor conforms with every axis cut",
    arguments: [Chunking.extent(1), .extent(2), .extent(3), .seeded(1), .seeded(2), .seeded(3)])
  func conformance(chunking: Chunking) {
    let suite = ExecutorConformance(scheduler: HostScheduler(threadCount: 2))
    let host = HostExecutor(fallback: ReferenceExecutor())
    #expect(suite.check(ChunkedExecutor(tiles: host, chunking: chunking)) == [])
  }

  /// Programs of several stages over arrays without a pattern.
  private static let programs: [(name: String, body: @Sendable (NDArray, NDArray) -> NDArray)] = [
    ("sums", { x, _ in x.sum() }),
    ("spread", { x, _ in (x - x.mean(axis: 0)).std() }),
    ("product", { x, y in x.T.dot(log(abs(x)) + 1) - y[..<37, ..<37] }),
    ("chain", { x, y in x.dot(y).dot(x).dot(y) }),
    ("rows", { x, _ in exp(x - x.max(axis: 1, keepAxes: true)).sum(axis: 1) }),
    ("running", { x, _ in cumsum(cumsum(x, axis: 0), axis: 1) }),
    ("places", { x, _ in x.argmax(axis: 0) + x.argmin(axis: 0) }),
    ("stencil", { x, _ in x[1..., .all] - x[..<(-1), .all] }),
    ("flat", { x, y in concatenate([x.flattened(), y.flattened()], axis: 0).reshaped([-1, 2]) }),
    ("half", { x, _ in x.asType(.float16).sum(axis: 0) }),
    ("random", { x, _ in random.uniform([61, 37], key: 5) * x }),
  ]

  private static func inputs() throws -> (NDArray, NDArray) {
    (
      try (random.uniform([61, 37], key: 1) - 0.5).compute(on: .reference),
      try (random.uniform([37, 61], key: 2) - 0.5).compute(on: .reference)
    )
  }

  @Test("any number of threads gives the same bits")
  func threads() throws {
    let (x, y) = try Self.inputs()
    for program in Self.programs {
      var first: [UInt64]?
      for threads in [1, 2, 7] {
        let found = try Self.session(.extent(7), threads: threads).with { () throws in
          try Self.bits(program.body(x, y))
        }
        #expect(first == nil || first == found, "\(program.name) on \(threads) threads")
        first = first ?? found
      }
    }
  }

  @Test("chunks give nearly what the whole gives")
  func values() throws {
    let (x, y) = try Self.inputs()
    for program in Self.programs {
      let whole: [Double] = try program.body(x, y).asType(.float64).compute(on: .reference)
        .toArray()
      for chunking in [Chunking.extent(5), .seeded(4), .bytes(2000)] {
        let cut: [Double] = try Self.session(chunking).with { () throws in
          try program.body(x, y).asType(.float64).toArray()
        }
        let greatest = whole.reduce(1) { max($0, Swift.abs($1)) }
        let tolerance = program.name == "half" ? 1e-2 : 1e-12
        let error = zip(cut, whole).reduce(0.0) { max($0, Swift.abs($1.0 - $1.1)) }
        #expect(cut.count == whole.count)
        #expect(error <= tolerance * greatest, "\(program.name), \(chunking)")
      }
    }
  }

  @Test("the memory limit changes no bit of what is cut alike, and is never passed")
  func limits() throws {
    let (x, y) = try Self.inputs()
    for program in Self.programs {
      let free = Self.session(.bytes(4000))
      let expected = try free.with { () throws in try Self.bits(program.body(x, y)) }
      var limit = 1 << 20
      while true {
        let session = Self.session(.bytes(4000), limit: limit)
        do {
          let result = try session.with { () throws in try program.body(x, y).compute() }
          #expect(session.memory.peakBytes <= limit, "\(program.name) in \(limit) bytes")
          #expect(try Self.bits(result) == expected, "\(program.name) in \(limit) bytes")
        } catch let error as WeftError {
          // Nothing has been taken when a run cannot be within the limit.
          #expect(error.code == .outOfMemory)
          #expect(session.memory.allocatedBytes == 0, "\(program.name) in \(limit) bytes")
          break
        }
        limit /= 2
      }
    }
  }

  @Test("a forecast is an upper bound of what a run takes")
  func forecast() throws {
    let (x, y) = try Self.inputs()
    for program in Self.programs {
      let session = Self.session(.extent(9), threads: 1)
      try session.with { () throws in
        let result = program.body(x, y)
        let peak = try session.preparation(of: [result.expr]).executable.peakBytes
        _ = try result.compute()
        #expect(session.memory.peakBytes <= peak, "\(program.name)")
      }
    }
  }

  @Test("what does not fit names the operation, the bytes and what to do")
  func refusal() throws {
    let x = ones([400, 400]).rechunked(100)
    let session = Self.session(.automatic, limit: 1 << 16)
    session.with {
      do throws(WeftError) {
        _ = try (x.T.dot(x) + 1).compute()
        Issue.record("no error")
      } catch {
        #expect(error.code == .outOfMemory)
        #expect(error.message.contains("64.0 KiB") && error.hint != nil)
      }
      #expect(session.memory.allocatedBytes == 0)
    }
  }

  /// A source of counts that notes what is read of it.
  private final class Counts: RegionSource {
    let type = TensorType(.int64, Shape([100, 30]))
    let chunks: [ChunkGrid.Cut]? = [.uniform(20), .uniform(30)]
    let read = Lock<[Region]>([])

    func read(_ region: Region, to base: UnsafeMutableRawPointer) throws {
      read.withLock { $0.append(region) }
      var target = base.assumingMemoryBound(to: Int64.self)
      for i in region.ranges[0] {
        for j in region.ranges[1] {
          target.pointee = Int64(i * 30 + j)
          target += 1
        }
      }
    }
  }

  @Test("sources are read in the boxes that they have, and only those that are needed")
  func sources() throws {
    try Self.session(.automatic).with { () throws in
      let source = Counts()
      let sum: Int64 = try NDArray(source).sum().item()
      #expect(sum == 2999 * 3000 / 2)
      #expect(
        Set(source.read.withLock { $0 })
          == Set((0..<5).map { Region([20 * $0..<20 * $0 + 20, 0..<30]) }))
      let other = Counts()
      let part: Int64 = try NDArray(other)[45..<50].sum().item()
      #expect(part == (1350..<1500).reduce(0, +))
      #expect(other.read.withLock { $0 }.allSatisfy { $0.ranges[0].lowerBound >= 40 })
    }
    let whole = Counts()
    let sum: Int64 = try NDArray(whole).sum().compute(on: .reference).item()
    #expect(sum == 2999 * 3000 / 2)
  }

  @Test("what is above the memory limit goes in pieces when nobody named an executor")
  func automatic() throws {
    let session = Self.ofOneMebibyte()
    try session.with { () throws in
      let x = arange(1_000_000)
      let running = cumsum(x * x % 7, axis: 0).max()
      #expect(try running.explain().hasPrefix("executor: chunked (auto: blas needs"))
      let found: Int64 = try running.item()
      #expect(found == (0..<1_000_000).reduce(Int64(0)) { $0 + Int64($1 * $1 % 7) })
      #expect(session.memory.peakBytes <= 1 << 20)
      #expect(session.runtime.counters.events.contains { $0.kind == "chunked" })
      #expect(throws: WeftError.self) { try (x + x * x).compute(on: .blas) }
    }
  }

  @Test("compiled functions run in chunks, by name and where they are above the memory limit")
  func compiled() throws {
    let session = Self.ofOneMebibyte()
    try session.with { () throws in
      let program = CompiledProgram { [cumsum(NDArray($0[0]) * 2, axis: 0).max().expr] }
      let x = try ones([100_000]).compute()
      let found = try program.run([x.expr], in: session)
      let largest: Double = try NDArray(found[0]).item()
      #expect(largest == 200_000)
      #expect(session.runtime.counters.events.contains { $0.kind == "chunked" })
      let named = try program.run([x.expr], in: session, on: .chunked)
      let again: Double = try NDArray(named[0]).item()
      #expect(again == 200_000)
      #expect(session.memory.peakBytes <= 1 << 20)
    }
  }

  @Test("tasks written and read back are equal, and give the bits that a run gives")
  func taskGraphs() throws {
    let (x, y) = try Self.inputs()
    let host = HostExecutor(fallback: ReferenceExecutor(routines: Routines.table))
    let context = RunContext(
      scheduler: HostScheduler(threadCount: 1), memory: MemoryAccount(),
      token: CancellationToken(), counters: Counters())
    for program in Self.programs where program.name != "random" {
      let capture = try Capture([program.body(x, y).expr])
      var graph = capture.graph
      try Session.standard.pipeline.run(&graph, PassContext())
      let tasks = try TaskGraph(graph, tiles: host, chunking: .extent(7))
      let read = try TaskGraph(parsing: tasks.text())
      #expect(read == tasks, "\(program.name)")
      let found = try NDArray(read.run(capture.inputs, tiles: host, context)[0])
      let expected = try Self.session(.extent(7)).with { () throws in
        try Self.bits(program.body(x, y))
      }
      #expect(try Self.bits(found) == expected, "\(program.name)")
    }
  }

  @Test("what is no task graph is an error with the line")
  func taskGraphErrors() {
    for text in ["", "tasks", "tasks () -> ()", "tasks (a0) -> (a1)\n0 (b) -> a1#0"] {
      #expect(throws: WeftError.self) { try TaskGraph(parsing: text) }
    }
  }

  @Test("what is not cut runs whole, visibly")
  func fallback() throws {
    let session = Self.session(.extent(2))
    try session.with { () throws in
      let matrix = eye(6) * 4 + 1
      let difference: Double = try abs(inv(matrix).dot(matrix) - eye(6)).max().item()
      #expect(difference < 1e-12)
    }
    #expect(session.runtime.counters.events.contains { $0.kind == "fallback" })
  }

  @Test("what is not cut is an error where the policy says so")
  func strictPolicy() throws {
    var session = Self.session(.extent(2))
    session.fallback = .error
    let x = arange(10)
    session.with {
      do throws(WeftError) {
        _ = try x[x .> 3].compute()
        Issue.record("nothing was thrown")
      } catch {
        #expect(error.code == .unsupported && "\(error)".contains("not cut into chunks"))
      }
    }
    let sum: Int = try session.with { () throws in try (x * 2).sum().item() }
    #expect(sum == 90)
  }

  @Test("a plan made under one policy is not used under another")
  func policyOfPlans() throws {
    let lax = Self.session(.extent(2))
    var strict = lax
    strict.fallback = .error
    let x = try (eye(6) * 4 + 1).compute()
    let compiled = compile { (x: NDArray) in inv(x) }
    let runs: [() throws -> NDArray] = [{ try inv(x).compute() }, { try compiled(x) }]
    for _ in 0..<2 {
      for run in runs {
        _ = try lax.with { () throws in try run() }
        let error = #expect(throws: WeftError.self) {
          try strict.with { () throws in try run() }
        }
        #expect(error?.code == .unsupported)
      }
    }
  }

  @Test("an error at run time has the line of its operation")
  func runTimeError() throws {
    let x = arange(10)
    Self.session(.extent(2)).with {
      do throws(WeftError) {
        _ = try take(x, [3, 12], axis: 0).compute()
        Issue.record("no error")
      } catch {
        #expect(error.code == .indexOutOfBounds)
      }
    }
  }

  @Test("chunks that a program asks for are those that it gets")
  func rechunking() throws {
    try Self.session(.automatic).with { () throws in
      let x = ones([10, 6]).rechunked([.pieces([3, 3, 4]), 4])
      let text = try (x + 1).rechunked([5, -1]).explain()
      #expect(text.contains("in chunks [5, 6] of [10, 6]"))
      #expect(try x.explain().contains("in chunks [[3, 3, 4], 4] of [10, 6]"))
      let sum: Double = try (x + 1).rechunked([5, -1]).sum().item()
      #expect(sum == 120)
    }
  }

  @Test("a cancelled run ends")
  func cancellation() async throws {
    let session = Self.session(.extent(1))
    let task = Task {
      try await Session.$scoped.withValue(session) {
        try await cumsum(random.uniform([2000, 50], key: 1), axis: 0).compute()
      }
    }
    task.cancel()
    await #expect(throws: (any Error).self) { try await task.value }
  }
}
