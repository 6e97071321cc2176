import WeftIR

/// Tells who watches a run of its tasks: an observer, a trace. There is none where nobody does.
struct RunWatch: Sendable {
  private let observer: (any RunObserver)?
  private let trace: Trace?
  private let memory: MemoryAccount
  private let titles: [String]
  private let outline: RunOutline

  init?(_ executable: ChunkedExecutable, _ context: RunContext) {
    if context.observer == nil && context.trace == nil { return nil }
    let plan = executable.plan
    observer = context.observer
    trace = context.trace
    memory = context.memory
    titles = plan.stages.map { plan.title(of: $0) }
    let steps = executable.steps
    var counts = Array(repeating: 0, count: steps.count)
    // What sinks have already does not run.
    let unneeded = plan.unneeded(context.sinks)
    for (number, task) in plan.tasks.enumerated() where unneeded?[number] != true {
      counts[Int(task.stage)] += 1
    }
    let taskCount = counts.reduce(0, +)
    outline = RunOutline(
      executor: "chunked", taskCount: taskCount, peakBytes: plan.peakBytes,
      memoryLimit: memory.limit, steps: steps, stepTasks: counts,
      threadCount: min(context.scheduler.threadCount, max(1, plan.tasks.count)),
      liveBytes: memory.liveBytes)
  }

  /// Tells of start and end around a run.
  func around<Result>(_ run: () throws -> Result) throws -> Result {
    observer?.started(outline)
    do {
      let result = try run()
      observer?.ended(nil)
      return result
    } catch {
      observer?.ended(error as? WeftError ?? WeftError(.internal, "compute", "\(error)"))
      throw error
    }
  }

  /// Names the calling thread, which only runs tasks, in traces.
  func nameWorker() { trace?.nameThread(role: "worker") }

  /// A task that a thread begins now.
  func begun(_ number: Int, _ task: TileTask, on thread: Int) -> TaskRecord {
    let now = Trace.now
    return TaskRecord(
      step: Int(task.stage), task: number, thread: thread, span: now...now, bytesRead: 0,
      bytesWritten: 0, liveBytes: 0)
  }

  /// Tells of a task that has ended; by one thread at a time.
  func finished(_ begun: TaskRecord) {
    var record = begun
    let start = begun.span.lowerBound
    record.span = start...max(start, Trace.now)
    record.liveBytes = memory.liveBytes
    observer?.finished(record)
    trace?.record(
      titles[record.step], .task, from: start, lasting: record.span.upperBound - start,
      [
        ("step", .integer(record.step)), ("task", .integer(record.task)),
        ("read", .integer(record.bytesRead)), ("written", .integer(record.bytesWritten)),
        ("live", .integer(record.liveBytes)),
      ])
  }
}

extension ChunkPlan {
  /// What tiles of a stage make, in a few words.
  func title(of stage: Stage) -> String {
    let rows = ([stage.row] + stage.companions.map(\.row)).map { title(of: $0) }
      .joined(separator: ", ")
    return switch stage.kind {
    case .tile: "tiles of \(rows)"
    case .part: "parts of \(rows)"
    case .join: "joins of \(rows)"
    case .carry: "tiles of \(rows), one after the other"
    case .random: "tiles of random"
    }
  }
}
