/// What wants to know how far runs are: a progress bar, a report, a program's own display.
///
/// ```swift
/// import Weft
/// import WeftExecution
/// import WeftIR
///
/// /// Counts tasks.
/// final class Counting: RunObserver {
///   let tasks = Lock(0)
///
///   func started(_ run: RunOutline) {}
///   func finished(_ task: TaskRecord) { tasks.withLock { $0 += 1 } }
///   func ended(_ error: WeftError?) {}
/// }
///
/// let observer = Counting()
/// var session = Session.standard
/// session.observer = observer
/// try session.with(executor: .chunked) { try sqrt(ones([100]).rechunked(10)).compute() }
/// observer.tasks.withLock { $0 }  // 10
/// ```
public protocol RunObserver: Sendable {
  /// Who watches one run; several may go on at once. The same for all of them unless told otherwise.
  ///
  /// Calls to what it gives come from the threads that run tasks, one at a time.
  func watchingRun() -> any RunObserver
  /// A graph has been planned and is about to run; texts are made for who calls `plan`.
  func planned(_ plan: () -> RunPlan)
  /// A run starts.
  func started(_ run: RunOutline)
  /// A task has ended.
  func finished(_ task: TaskRecord)
  /// The run is over; with its error if there was one.
  func ended(_ error: WeftError?)
}

extension RunObserver {
  /// Itself.
  public func watchingRun() -> any RunObserver { self }
  /// Does not matter.
  public func planned(_ plan: () -> RunPlan) {}
}

/// What will run, in words.
public struct RunPlan: Hashable, Sendable {
  /// The graph before passes, in its text form.
  public var graph: String
  /// What `explain()` tells: passes, rules, steps, peak.
  public var explanation: String

  /// A plan from its texts.
  public init(graph: String, explanation: String) {
    self.graph = graph
    self.explanation = explanation
  }
}

/// What is known of a run before it starts.
public struct RunOutline: Hashable, Sendable {
  /// The executor's name.
  public var executor: String
  /// The number of tasks; 0 where the executor tells of none.
  public var taskCount: Int
  /// The most bytes of buffers that it holds at once.
  public var peakBytes: Int
  /// The memory limit; nil for none.
  public var memoryLimit: Int?
  /// The steps, as in `explain()`.
  public var steps: [String]
  /// The number of tasks of each step; empty where the executor tells of none.
  public var stepTasks: [Int]
  /// The number of threads that take tasks.
  public var threadCount: Int
  /// The bytes of buffers alive before it starts, such as its inputs; `peakBytes` come to them.
  public var liveBytes: Int

  /// An outline from its parts.
  public init(
    executor: String, taskCount: Int, peakBytes: Int, memoryLimit: Int?, steps: [String],
    stepTasks: [Int] = [], threadCount: Int = 1, liveBytes: Int = 0
  ) {
    self.executor = executor
    self.taskCount = taskCount
    self.peakBytes = peakBytes
    self.memoryLimit = memoryLimit
    self.steps = steps
    self.stepTasks = stepTasks
    self.threadCount = threadCount
    self.liveBytes = liveBytes
  }
}

/// What happened in a task.
public struct TaskRecord: Hashable, Sendable {
  /// The step, a number below the outline's number of steps.
  public var step: Int
  /// The task's number in the order of one thread.
  public var task: Int
  /// The thread that ran it, counted from 0.
  public var thread: Int
  /// When it started and ended, in nanoseconds of `Trace.now`.
  public var span: ClosedRange<Int>
  /// The bytes that it read from sources.
  public var bytesRead: Int
  /// The bytes that it wrote to sinks and to spilled chunks.
  public var bytesWritten: Int
  /// The bytes of buffers that were alive when it ended.
  public var liveBytes: Int

  /// A record from its parts.
  public init(
    step: Int, task: Int, thread: Int, span: ClosedRange<Int>, bytesRead: Int,
    bytesWritten: Int, liveBytes: Int
  ) {
    self.step = step
    self.task = task
    self.thread = thread
    self.span = span
    self.bytesRead = bytesRead
    self.bytesWritten = bytesWritten
    self.liveBytes = liveBytes
  }
}

/// Tells several observers of the same runs, one after the other.
public struct JointObserver: RunObserver {
  private let observers: [any RunObserver]

  /// An observer that passes everything on.
  public init(_ observers: [any RunObserver]) { self.observers = observers }

  /// Each one's for the run.
  public func watchingRun() -> any RunObserver {
    JointObserver(observers.map { $0.watchingRun() })
  }
  /// Tells all.
  public func planned(_ plan: () -> RunPlan) { for one in observers { one.planned(plan) } }
  /// Tells all.
  public func started(_ run: RunOutline) { for one in observers { one.started(run) } }
  /// Tells all.
  public func finished(_ task: TaskRecord) { for one in observers { one.finished(task) } }
  /// Tells all.
  public func ended(_ error: WeftError?) { for one in observers { one.ended(error) } }
}
