import Foundation
import Testing
import Weft
import WeftExecution
import WeftIR
import WeftReference

@Suite("Sessions and executors") struct SessionTests {
  @Test("an unknown executor is an error that lists the names")
  func unknownName() {
    let error = #expect(throws: WeftError.self) { try zeros([2]).compute(on: "gpu") }
    #expect(error?.code == .unknownExecutor)
    #expect(error?.description.contains("reference") == true)
  }

  @Test("a named executor that cannot run is an error with the probe's reason; auto substitutes")
  func unusable() throws {
    let runtime = Runtime(scheduler: Session.standard.runtime.scheduler)
    let session = Session(
      executors: [BrokenExecutor(), ReferenceExecutor()], runtime: runtime,
      environment: Environment())
    try session.with {
      let error = #expect(throws: WeftError.self) { try zeros([2]).compute(on: "broken") }
      #expect(error?.code == .unusableExecutor)
      #expect(error?.description.contains("no such device") == true)
      let text = try (zeros([2]) + 1).explain()
      #expect(text.contains("executor: reference"))
      #expect(text.contains("no such device"))
    }
  }

  @Test("the call's argument wins over the session, the session over the environment")
  func precedence() throws {
    let runtime = Runtime(scheduler: Session.standard.runtime.scheduler)
    let environment = Environment { $0 == "WEFT_EXECUTOR" ? "reference" : nil }
    var session = Session(
      executors: [
        NamedExecutor(name: "first"), NamedExecutor(name: "second"), ReferenceExecutor(),
      ],
      runtime: runtime, environment: environment)
    #expect(try session.chooseExecutor().executor.name == "reference")
    session.executor = "first"
    #expect(try session.chooseExecutor().executor.name == "first")
    #expect(try session.chooseExecutor("second").executor.name == "second")
    #expect(try session.chooseExecutor(.auto).executor.name == "first")
  }

  @Test("wrong environment variables are errors of the first compute")
  func environment() {
    for (name, value) in [
      ("WEFT_THREADS", "none"), ("WEFT_THREADS", "0"), ("WEFT_MEMORY_LIMIT", "much"),
      ("WEFT_FALLBACK", "maybe"),
    ] {
      let environment = Environment { $0 == name ? value : nil }
      #expect(environment.error?.code == .environment)
      #expect(environment.error?.operation == name)
    }
    #expect(Environment { $0 == "WEFT_MEMORY_LIMIT" ? "1.5GiB" : nil }.memoryLimit == 3 << 29)
  }

  @Test("a memory limit is checked before anything runs")
  func memoryLimit() {
    Session.standard.with(memoryLimit: .kibibytes(1)) {
      let error = #expect(throws: WeftError.self) { try (zeros([1000]) + 1).compute() }
      #expect(error?.code == .outOfMemory)
    }
  }

  @Test("a cached plan reports the line of the expression that failed")
  func siteOfCachedPlan() throws {
    let x = NDArray([1, 2, 3])
    func gather(_ index: Int, line: UInt) -> NDArray {
      take(x, NDArray([index]), axis: 0, file: "Here.swift", line: line)
    }
    for _ in 0..<2 { try gather(1, line: 1).compute() }
    let error = #expect(throws: WeftError.self) { try gather(7, line: 2).compute() }
    #expect(error?.code == .indexOutOfBounds)
    #expect(error?.description.contains("Here.swift:2") == true)
  }

  @Test("async compute gives the same values and cancelling stops it")
  func asyncCompute() async throws {
    let x = sin(arange(1000).asType(.float64))
    let y = try await x.compute()
    #expect(y.isComputed)
    let waiting = WaitingExecutor()
    let session = Session(
      executors: [waiting], runtime: Runtime(scheduler: Session.standard.runtime.scheduler),
      environment: Environment())
    // Tasks take over the session in which they begin.
    let long = session.with { Task { try await (zeros([2]) + 1).compute() } }
    while !waiting.hasBegun { await Task.yield() }
    long.cancel()
    let error = await #expect(throws: WeftError.self) { try await long.value }
    #expect(error?.code == .cancelled)
    #expect(try (zeros([2]) + 1).toArray(of: Double.self) == [1, 1])
  }
}

/// Runs until it is cancelled.
private final class WaitingExecutor: Executor {
  let name = "waiting"
  private let begun = Lock(false)
  var hasBegun: Bool { begun.withLock { $0 } }

  func probe() -> Availability { .available("a test") }
  func supports(_ row: Int, of graph: Graph) -> Support { .native }
  func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
    Waiting(owner: self)
  }

  private struct Waiting: Executable {
    let owner: WaitingExecutor
    let peakBytes = 0
    let steps: [String] = []

    func run(_ inputs: [Buffer], _ context: RunContext) throws -> [Buffer] {
      owner.begun.withLock { $0 = true }
      // Not on a cooperative thread, so that it may wait.
      while !context.token.isCancelled { Thread.sleep(forTimeInterval: 0.001) }
      try context.token.check()
      return []
    }
  }
}

private struct BrokenExecutor: Executor {
  let name = "broken"
  func probe() -> Availability { .unavailable(reason: "no such device") }
  func supports(_ row: Int, of graph: Graph) -> Support { .native }
  func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
    throw WeftError(.internal, "prepare", "must not be asked")
  }
}

private struct NamedExecutor: Executor {
  let name: String
  func probe() -> Availability { .available("a test") }
  func supports(_ row: Int, of graph: Graph) -> Support { .native }
  func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
    try ReferenceExecutor().prepare(graph, context)
  }
}
