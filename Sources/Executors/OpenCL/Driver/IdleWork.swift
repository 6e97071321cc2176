import WeftIR

/// Work that waits until no run is under way; runs that begin meanwhile wait for it.
///
/// PoCL 3.1 may stop the process that asks for a program's binary while a kernel runs, on whichever
/// queue.
final class IdleWork: Sendable {
  /// That of the process.
  static let process = IdleWork()

  private let state = Lock((runs: 0, work: [@Sendable () -> Void]()))

  /// Begins a run.
  func beginRun() { state.withLock { $0.runs += 1 } }

  /// Ends a run, whose commands are done.
  func endRun() {
    state.withLock { state in
      state.runs -= 1
      if state.runs > 0 { return }
      for item in state.work { item() }
      state.work = []
    }
  }

  /// Adds work, during a run.
  func add(_ item: @escaping @Sendable () -> Void) { state.withLock { $0.work.append(item) } }
}
