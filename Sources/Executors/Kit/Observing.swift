import WeftIR

extension Session {
  /// The session with one more observer beside those that it has.
  ///
  /// ```swift
  /// import WeftExecution
  ///
  /// let report = RunReport()
  /// try Session.standard.watched(by: report).with { try ones([10]).sum().compute() }  // 10.0
  /// report.runCount  // 1
  /// ```
  public func watched(by other: any RunObserver) -> Session {
    var session = self
    session.observer = observer.map { JointObserver([$0, other]) } ?? other
    return session
  }

  /// Runs what was made ready while somebody watches.
  func run(
    _ prepared: PreparedGraph, _ executable: any Executable, _ inputs: [Buffer],
    _ unwatched: RunContext, watchedBy observer: any RunObserver
  ) throws(WeftError) -> [Buffer] {
    observer.planned {
      RunPlan(
        graph: prepared.source.text(maxRows: Self.mostRowsTold),
        explanation: Self.planLines(prepared, executable).joined(separator: "\n"))
    }
    var context = unwatched
    context.observer = observer
    let watched = context
    if executable.tellsObserver {
      return try WeftError.wrapping("compute") { try executable.run(inputs, watched) }
    }
    observer.started(
      RunOutline(
        executor: prepared.executor, taskCount: 0, peakBytes: executable.peakBytes,
        memoryLimit: memory.limit, steps: executable.steps,
        threadCount: watched.scheduler.threadCount, liveBytes: memory.liveBytes))
    do {
      let results = try WeftError.wrapping("compute") { try executable.run(inputs, watched) }
      observer.ended(nil)
      return results
    } catch {
      observer.ended(error)
      throw error
    }
  }

  /// Rows of a graph that observers are told.
  private static let mostRowsTold = 400
}
