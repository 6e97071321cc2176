import WeftIR

/// How far a run is.
public struct ProgressUpdate: Sendable {
  /// Where a run stands.
  public enum State: Hashable, Sendable {
    /// It has begun and not ended.
    case running
    /// All tasks have run.
    case ended
    /// It ended with an error.
    case failed(WeftError)
  }

  /// The executor's name.
  public var executor: String
  /// The tasks that have ended.
  public var tasksDone: Int
  /// All tasks.
  public var taskCount: Int
  /// The bytes that were read from sources.
  public var bytesRead: Int
  /// The bytes that were written to sinks and spilled.
  public var bytesWritten: Int
  /// The bytes of buffers that were alive when the last task ended.
  public var liveBytes: Int
  /// The memory limit; nil for none.
  public var memoryLimit: Int?
  /// The seconds since the start.
  public var seconds: Double
  /// About the seconds that are left; nil before a task has ended.
  public var secondsLeft: Double?
  /// Where the run stands.
  public var state: State

  /// What of the tasks is done, from 0 to 1.
  public var fraction: Double {
    taskCount > 0 ? Double(tasksDone) / Double(taskCount) : state == .ended ? 1 : 0
  }

  /// The bytes read and written in a second.
  public var bytesPerSecond: Double {
    seconds > 0 ? Double(bytesRead + bytesWritten) / seconds : 0
  }
}
