import Synchronization
import Weft
import WeftExecution
import WeftIR

/// Counts what another executor is asked to do: for tests that nothing, or only this much, runs.
public final class CountingExecutor: Executor {
  /// The name, so that sessions can choose it.
  public let name: String
  private let inner: any Executor
  private let prepareCount = Atomic<Int>(0)
  private let runCount = Atomic<Int>(0)
  private let graphs = Lock<[Graph]>([])

  /// Counts the calls of an executor.
  public init(_ inner: any Executor, name: String = "counting") {
    self.inner = inner
    self.name = name
  }

  /// Graphs made ready.
  public var prepares: Int { prepareCount.load(ordering: .relaxed) }
  /// Graphs run.
  public var runs: Int { runCount.load(ordering: .relaxed) }
  /// The graphs made ready, after the passes.
  public var prepared: [Graph] { graphs.withLock { $0 } }

  /// The inner executor's answer.
  public func probe() -> Availability { inner.probe() }

  /// The inner executor's answer.
  public func supports(_ row: Int, of graph: Graph) -> Support { inner.supports(row, of: graph) }

  /// Counts, and lets the inner executor prepare.
  public func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
    prepareCount.add(1, ordering: .relaxed)
    graphs.withLock { $0.append(graph) }
    return CountingExecutable(try inner.prepare(graph, context), self)
  }

  private struct CountingExecutable: Executable {
    let inner: any Executable
    let owner: CountingExecutor

    init(_ inner: any Executable, _ owner: CountingExecutor) {
      self.inner = inner
      self.owner = owner
    }

    var peakBytes: Int { inner.peakBytes }
    var steps: [String] { inner.steps }

    func run(_ inputs: [Buffer], _ context: RunContext) throws -> [Buffer] {
      owner.runCount.add(1, ordering: .relaxed)
      return try inner.run(inputs, context)
    }
  }
}

extension Session {
  /// A session over one executor, with a runtime of its own.
  public static func isolated(_ executor: any Executor) -> Session {
    var session = Session(
      executors: [executor], runtime: Runtime(scheduler: standard.runtime.scheduler))
    session.executor = ExecutorName(executor.name)
    return session
  }
}
