import WeftIR
public struct HostExecutor: Executor {
  public let name = "blas"
  let fallback: any Executor
  public init(fallback: any Executor) { self.fallback = fallback }
  public func probe() -> Availability { .unavailable(reason: "not built yet") }
  public func supports(_ row: Int, of graph: Graph) -> Support { .native }
  public func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
    try fallback.prepare(graph, context)
  }
}
public struct HostScheduler: Scheduler {
  public let threadCount: Int
  public init(threadCount: Int) { self.threadCount = threadCount }
  public func run(_ count: Int, _ token: CancellationToken, _ body: @Sendable (Int, Int) throws -> Void) throws {
    for part in 0..<count { try token.check(); try body(part, 0) }
  }
}
