import Foundation
import Synchronization
import Testing
import Weft
import WeftChunked
import WeftExecution
import WeftHost
import WeftIR
import WeftReference
import WeftRoutines

/// Reading that fails is tried again as the policy says; a cancelled run does not wait for anything.
@Suite("chunks from sources that fail")
struct ChunkedReadTests {
  private static func session(
    _ chunking: Chunking = .automatic, threads: Int = 2, policy: ReadPolicy = ReadPolicy()
  ) -> Session {
    let host = HostExecutor(fallback: ReferenceExecutor(routines: Routines.table))
    var session = Session(
      executors: [ChunkedExecutor(tiles: host, chunking: chunking), host],
      runtime: Runtime(scheduler: HostScheduler(threadCount: threads)), environment: Environment())
    session.executor = .chunked
    session.readPolicy = policy
    return session
  }

  private struct Refusal: Error {}

  /// Ones, in chunks of ten rows; reading does what a function says first.
  private final class Ones: RegionSource {
    let type: TensorType
    let chunks: [ChunkGrid.Cut]?
    let origin = "a table of ones"
    let sizes = Lock<[Int]>([])
    private let before: @Sendable (Region, _ number: Int) throws -> Void

    init(
      _ extents: [Int] = [60, 7], chunks: [ChunkGrid.Cut]? = [.uniform(10), .uniform(7)],
      before: @escaping @Sendable (Region, _ number: Int) throws -> Void = { _, _ in }
    ) {
      type = TensorType(.float64, Shape(extents))
      self.chunks = chunks
      self.before = before
    }

    func read(_ region: Region, to base: UnsafeMutableRawPointer) throws {
      let number = sizes.withLock {
        $0.append(region.count)
        return $0.count
      }
      try before(region, number)
      let target = base.assumingMemoryBound(to: Double.self)
      for i in 0..<region.count { target[i] = 1 }
    }
  }

  @Test("what fails at first is read again", arguments: [1, 2])
  func again(failures: Int) throws {
    let failed = Lock<[Region: Int]>([:])
    let source = Ones { region, _ in
      let count = failed.withLock {
        $0[region, default: 0] += 1
        return $0[region] ?? 0
      }
      if count <= failures { throw Refusal() }
    }
    let session = Self.session(policy: ReadPolicy(retries: failures, delay: 0.001))
    try session.with { () throws in
      let sum: Double = try NDArray(source).sum().item()
      #expect(sum == 420)
    }
    #expect(session.runtime.counters["readRetries"] == 6 * failures)
  }

  @Test("the error after the last try has the box, the source and the number of tries")
  func last() throws {
    let bad = Region([20..<30, 0..<7])
    let source = Ones { region, _ in if region == bad { throw Refusal() } }
    for (retries, words) in [(0, "1 try"), (2, "3 tries")] {
      let session = Self.session(policy: ReadPolicy(retries: retries, delay: 0.001))
      session.with {
        do throws(WeftError) {
          _ = try NDArray(source).sum().compute()
          Issue.record("no error")
        } catch {
          #expect(error.code == .file)
          #expect(error.message.contains("[20:30, 0:7]"))
          #expect(error.message.contains("a table of ones") && error.message.contains(words))
        }
      }
      #expect(session.runtime.counters["readRetries"] == retries)
    }
  }

  @Test("the environment says how often reading is tried again, and where chunks wait")
  func environment() {
    #expect(Environment { $0 == "WEFT_READ_RETRIES" ? "7" : nil }.readRetries == 7)
    #expect(Environment { $0 == "WEFT_READ_RETRIES" ? "-1" : nil }.error?.code == .environment)
    #expect(Environment { $0 == "WEFT_SPILL" ? "/scratch" : nil }.spillFolder == "/scratch")
  }

  @Test("what no machine has memory for runs in pieces; where an executor was named it is an error")
  func machine() throws {
    // 2^53 bytes, of which two chunks are read.
    let source = Ones([1 << 50], chunks: [.uniform(1 << 30)])
    var session = Self.session()
    session.executor = nil
    session.executors.reverse()
    try session.with { () throws in
      let part = NDArray(source)[(1 << 30) - 2..<(1 << 30) + 3]
      #expect(try part.explain().hasPrefix("executor: chunked (auto: blas needs"))
      let sum: Double = try part.sum().item()
      #expect(sum == 5)
      #expect(session.runtime.counters.events.contains { $0.kind == "chunked" })
      do throws(WeftError) {
        _ = try part.sum().compute(on: .blas)
        Issue.record("no error")
      } catch {
        #expect(error.code == .outOfMemory && error.message.contains("the machine has"))
      }
    }
    #expect(source.sizes.withLock { $0.allSatisfy { $0 <= 5 } })
  }

  @Test("what cannot get better is not read again")
  func hopeless() throws {
    let source = Ones { _, _ in throw WeftError(.fileFormat, "read", "no such codec") }
    let session = Self.session(policy: ReadPolicy(retries: 5, delay: 100))
    session.with {
      do throws(WeftError) {
        _ = try NDArray(source).sum().compute()
        Issue.record("no error")
      } catch {
        #expect(error.code == .fileFormat)
      }
    }
    #expect(session.runtime.counters["readRetries"] == 0)
  }

  @Test("a file that becomes shorter is an error with the elements and the file")
  func truncated() throws {
    let path = NSTemporaryDirectory() + "weft-truncated-\(UUID().uuidString).npy"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try ones([1000, 50]).save(to: path)
    let source = try NPYSource(path)
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.truncate(atOffset: 200_000)
    try file.close()
    let session = Self.session(
      .bytes(40_000), threads: 1, policy: ReadPolicy(retries: 1, delay: 0.001))
    session.with {
      do throws(WeftError) {
        _ = try NDArray(source).sum().compute()
        Issue.record("no error")
      } catch {
        #expect(error.code == .file)
        #expect(error.description.contains(path) && error.message.contains("2 tries"))
      }
    }
    #expect(session.memory.liveBytes == 0)
  }

  @Test("a large box is read in pieces, so that a cancelled run soon ends")
  func pieces() throws {
    let source = Ones([3, 700, 1100], chunks: nil)
    let session = Self.session(.bytes(1 << 30))
    try session.with { () throws in
      // Two chunks, of which the first is larger than a piece.
      let sum: Double = try NDArray(source).rechunked([2, -1, -1]).sum().item()
      #expect(sum == 3 * 700 * 1100)
    }
    #expect(source.sizes.withLock { $0.allSatisfy { $0 <= 1 << 19 } && $0.count > 3 })
  }

  /// The seconds until a body ends with `cancelled`, whose token is cancelled when `isReady` says so.
  private static func cancel(
    when isReady: @escaping @Sendable () -> Bool,
    _ body: (CancellationToken) throws(WeftError) -> Void
  ) -> Double {
    let token = CancellationToken()
    let cancelled = Lock<ContinuousClock.Instant?>(nil)
    #expect(
      DetachedThread.start {
        while !isReady() { usleep(1000) }
        cancelled.withLock { $0 = .now }
        token.cancel()
      })
    do throws(WeftError) {
      try body(token)
      Issue.record("no error")
    } catch {
      #expect(error.code == .cancelled)
    }
    return cancelled.withLock { $0.map { (ContinuousClock.now - $0).seconds } } ?? .infinity
  }

  @Test("a run that waits to read again ends when it is cancelled")
  func whileWaiting() throws {
    let source = Ones { _, _ in throw Refusal() }
    let session = Self.session(policy: ReadPolicy(retries: 3, delay: 3600))
    let expression = session.with { NDArray(source).sum() }
    let counters = session.runtime.counters
    let seconds = Self.cancel(when: { counters["readRetries"] > 0 }) { token throws(WeftError) in
      _ = try session.evaluate([expression.expr], token: token)
    }
    #expect(seconds < 60)
  }

  /// Runs tiles on another executor, and routines never to their end.
  private struct Stuck: Executor {
    let name = "stuck"
    let inner: any Executor
    let started: Lock<Bool>
    let mayEnd: Lock<Bool>

    func probe() -> Availability { inner.probe() }
    func supports(_ row: Int, of graph: Graph) -> Support { .native }
    func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
      let isRoutine = (0..<graph.count).contains { row in
        if case .call = graph.rows[row].op { true } else { false }
      }
      return Running(
        inner: try inner.prepare(graph, context), stuck: isRoutine ? (started, mayEnd) : nil)
    }

    struct Running: Executable {
      let inner: any Executable
      let stuck: (Lock<Bool>, Lock<Bool>)?
      var peakBytes: Int { inner.peakBytes }
      var steps: [String] { inner.steps }

      func run(_ inputs: [Buffer], _ context: RunContext) throws -> [Buffer] {
        if let stuck {
          stuck.0.withLock { $0 = true }
          while !stuck.1.withLock({ $0 }) { usleep(1000) }
        }
        return try inner.run(inputs, context)
      }
    }
  }

  @Test("a cancelled run leaves a task that runs whole and looks at no token")
  func whileStuck() throws {
    let host = HostExecutor(fallback: ReferenceExecutor(routines: Routines.table))
    let (started, mayEnd) = (Lock(false), Lock(false))
    let stuck = Stuck(inner: host, started: started, mayEnd: mayEnd)
    var session = Session(
      executors: [ChunkedExecutor(tiles: stuck, chunking: .extent(3))],
      runtime: Runtime(scheduler: HostScheduler(threadCount: 2)), environment: Environment())
    session.executor = .chunked
    let expression = inv(eye(6) * 4 + 1) + 1
    let seconds = Self.cancel(when: { started.withLock { $0 } }) { token throws(WeftError) in
      _ = try session.evaluate([expression.expr], token: token)
    }
    #expect(seconds < 60)
    mayEnd.withLock { $0 = true }
  }

  @Test("bodies run when a token is cancelled, at once where it is")
  func tokens() {
    let token = CancellationToken()
    let count = Lock(0)
    let first = token.watch { count.withLock { $0 += 1 } }
    let second = token.watch { count.withLock { $0 += 10 } }
    token.unwatch(second)
    #expect(count.withLock { $0 } == 0)
    token.cancel()
    #expect(count.withLock { $0 } == 1)
    token.unwatch(first)
    _ = token.watch { count.withLock { $0 += 100 } }
    #expect(count.withLock { $0 } == 101)
  }
}
