/// What wants to know how far runs are: a progress bar, a report, a program's own display.
///
/// Calls come from the threads that run tasks, one at a time for one run.
public protocol RunObserver: Sendable {
  /// A run starts.
  func started(_ run: RunOutline)
  /// A task has ended.
  func finished(_ task: TaskRecord)
  /// The run is over; with its error if there was one.
  func ended(_ error: WeftError?)
}

/// What is known of a run before it starts.
public struct RunOutline: Hashable, Sendable {
  /// The executor's name.
  public var executor: String
  /// The number of tasks.
  public var taskCount: Int
  /// The most bytes of buffers that it holds at once.
  public var peakBytes: Int
  /// The memory limit; nil for none.
  public var memoryLimit: Int?
  /// The steps, as in `explain()`.
  public var steps: [String]

  /// An outline from its parts.
  public init(
    executor: String, taskCount: Int, peakBytes: Int, memoryLimit: Int?, steps: [String]
  ) {
    self.executor = executor
    self.taskCount = taskCount
    self.peakBytes = peakBytes
    self.memoryLimit = memoryLimit
    self.steps = steps
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
