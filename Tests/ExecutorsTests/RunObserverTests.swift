import Testing
import Weft
import WeftChunked
import WeftIR
import WeftReference

@testable import WeftExecution

/// What runs tell of themselves: to observers, to traces.
@Suite("who watches a run")
struct RunObserverTests {
  /// Keeps what it is told.
  final class Recorder: RunObserver {
    struct Notes {
      var plans: [RunPlan] = []
      var outlines: [RunOutline] = []
      var tasks: [TaskRecord] = []
      var ends: [WeftError?] = []
    }
    let notes = Lock(Notes())
    var all: Notes { notes.withLock { $0 } }

    func planned(_ plan: () -> RunPlan) {
      let plan = plan()
      notes.withLock { $0.plans.append(plan) }
    }
    func started(_ run: RunOutline) { notes.withLock { $0.outlines.append(run) } }
    func finished(_ task: TaskRecord) { notes.withLock { $0.tasks.append(task) } }
    func ended(_ error: WeftError?) { notes.withLock { $0.ends.append(error) } }
  }

  /// Counts, read box by box; the positions from `bad` on cannot be read.
  struct Counts: RegionSource {
    let count: Int
    var bad = Int.max
    var type: TensorType { TensorType(.int64, Shape([count])) }

    func read(_ region: Region, to base: UnsafeMutableRawPointer) throws {
      for (place, position) in region.ranges[0].enumerated() {
        if position >= bad { throw WeftError(.file, "counts", "no position \(position)") }
        base.storeBytes(of: Int64(position), toByteOffset: 8 * place, as: Int64.self)
      }
    }
  }

  private static func watched(
    _ recorder: Recorder, limit: Int? = nil, _ body: () throws -> Void
  ) throws {
    var session = Session.standard
    if let limit { session.memory = MemoryAccount(limit: limit) }
    session.observer = recorder
    session.executor = .chunked
    try session.with { try body() }
  }

  @Test("an observer hears of the start, of each task once, and of the end")
  func tasks() throws {
    let recorder = Recorder()
    try Self.watched(recorder, limit: 1 << 20) {
      let x = NDArray(Counts(count: 1000)).rechunked(100)
      let sum: Int64 = try (x * 2).sum().item()
      #expect(sum == 999_000)
    }
    let notes = recorder.all
    #expect(notes.plans.count == 1 && notes.outlines.count == 1 && notes.ends == [nil])
    let outline = notes.outlines[0]
    #expect(outline.executor == "chunked")
    #expect(outline.memoryLimit == 1 << 20)
    #expect(outline.taskCount == notes.tasks.count)
    #expect(outline.stepTasks.reduce(0, +) == outline.taskCount)
    #expect(outline.stepTasks.count == outline.steps.count)
    #expect(Set(notes.tasks.map(\.task)) == Set(0..<outline.taskCount))
    #expect(notes.tasks.reduce(0) { $0 + $1.bytesRead } == 8000)
    for (step, count) in outline.stepTasks.enumerated() {
      #expect(notes.tasks.count { $0.step == step } == count)
    }
    for task in notes.tasks {
      #expect((0..<outline.threadCount).contains(task.thread))
      #expect(task.liveBytes <= outline.peakBytes)
    }
    #expect(notes.plans[0].explanation.contains("peak: "))
    #expect(notes.plans[0].graph.contains("multiply"))
  }

  @Test("a run that fails ends with its error, and tells of no task that failed")
  func failure() throws {
    let recorder = Recorder()
    #expect(throws: WeftError.self) {
      try Self.watched(recorder) {
        _ = try (NDArray(Counts(count: 100, bad: 50)).rechunked(10) + 1).sum().compute()
      }
    }
    // A plan that was made ready is not made anew for such an error, which has no line.
    #expect(recorder.all.ends.compactMap { $0?.code } == [.file])
    #expect(recorder.all.tasks.count < recorder.all.outlines[0].taskCount)
  }

  @Test("executors without tasks tell of start and end")
  func others() throws {
    let recorder = Recorder()
    var session = Session.standard
    session.observer = recorder
    try session.with(executor: .reference) { _ = try (ones([3]) + 1).compute() }
    let notes = recorder.all
    #expect(notes.outlines.map(\.executor) == ["reference"])
    #expect(notes.outlines.map(\.taskCount) == [0])
    #expect(notes.ends == [nil] && notes.tasks.isEmpty)
  }

  @Test("several observers hear the same")
  func joint() throws {
    let (first, second) = (Recorder(), Recorder())
    var session = Session.standard.watched(by: first).watched(by: second)
    session.executor = .chunked
    try session.with { _ = try sqrt(arange(10).rechunked(3)).compute() }
    #expect(first.all.tasks == second.all.tasks)
    #expect(first.all.tasks.count == 4)
  }

  @Test("a trace has an event for each task on its thread, and the bytes in memory over time")
  func trace() throws {
    var session = Session.standard
    session.executor = .chunked
    let trace = try session.tracing { () throws in
      _ = try sqrt(ones([1000]).rechunked(10)).compute()
    }
    let tasks = trace.events.filter { $0.category == .task }
    #expect(tasks.count == 100)
    #expect(Set(tasks.map(\.name)) == ["tiles of sqrt"])
    #expect(tasks.allSatisfy { $0["live"] != nil && $0["step"] == .integer(0) })
    let text = trace.chromeJSON()
    #expect(text.split(separator: "\n").count { $0.contains("\"ph\": \"C\"") } == 100)
  }

  @Test("a sink gets events before they are too many to wait")
  func longTraces() {
    final class Sink: TraceSink {
      let counts = Lock<[Int]>([])
      func write(_ events: [Trace.Event], threads: [String]) {
        counts.withLock { $0.append(events.count) }
      }
    }
    let sink = Sink()
    let trace = Trace(to: sink)
    for _ in 0..<40_000 { trace.record("x", .step, from: 0, lasting: 1) }
    trace.flush()
    let counts = sink.counts.withLock { $0 }
    #expect(counts.reduce(0, +) == 40_000 && counts.count > 2)
    #expect(trace.droppedCount == 0)
  }
}
