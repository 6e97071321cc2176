import WeftIR

/// Makes a meter for each run.
struct ProgressReporter: RunObserver {
  private let display: ProgressDisplay
  private let screen: ProgressScreen

  init(_ display: ProgressDisplay, to screen: ProgressScreen) {
    self.display = display
    self.screen = screen
  }

  func watchingRun() -> any RunObserver { ProgressMeter(display, screen) }
  func started(_ run: RunOutline) {}
  func finished(_ task: TaskRecord) {}
  func ended(_ error: WeftError?) {}
}

/// Adds up the tasks of one run and shows how far it is, now and then.
final class ProgressMeter: RunObserver {
  /// Between two updates, in nanoseconds: ten a second at most.
  static let interval = 100_000_000
  /// Between two lines.
  static let lineInterval = 1_000_000_000
  /// A bar shows up after this time, so that short runs leave no trace.
  static let patience = 300_000_000
  /// Lines for one run, if it takes long enough.
  static let lineCount = 20

  private struct State {
    var progress: RunProgress?
    var next = 0
    var lastLine = 0
    var isShown = false
  }

  private let display: ProgressDisplay
  private let screen: ProgressScreen
  private let clock: @Sendable () -> Int
  private let state = Lock(State())

  init(
    _ display: ProgressDisplay, _ screen: ProgressScreen,
    clock: @escaping @Sendable () -> Int = { Trace.now }
  ) {
    self.display = display
    self.screen = screen
    self.clock = clock
  }

  func started(_ run: RunOutline) {
    if run.taskCount == 0 { return }
    let now = clock()
    let progress = RunProgress(run, since: now)
    state.withLock {
      $0.progress = progress
      $0.next =
        switch display {
        case .bar: now + Self.patience
        case .lines: now + Self.lineInterval
        case .callback, .off: now + Self.interval
        }
    }
    if case .callback(let body) = display { body(progress.update(at: now, .running)) }
  }

  func finished(_ task: TaskRecord) {
    let update = state.withLock { state -> ProgressUpdate? in
      state.progress?.add(task)
      let now = task.span.upperBound
      // The end tells of the last task.
      guard now >= state.next, let progress = state.progress, !progress.isComplete else {
        return nil
      }
      return due(&state, progress, now)
    }
    if let update { show(update) }
  }

  /// The update that is due now, if any.
  private func due(_ state: inout State, _ progress: RunProgress, _ now: Int) -> ProgressUpdate? {
    let update = progress.update(at: now, .running)
    if case .lines = display {
      let line = Int(update.fraction * Double(Self.lineCount))
      if line <= state.lastLine { return nil }
      state.lastLine = line
      state.next = now + Self.lineInterval
    } else {
      state.next = now + Self.interval
    }
    state.isShown = true
    return update
  }

  func ended(_ error: WeftError?) {
    let (progress, isShown) = state.withLock { ($0.progress, $0.isShown) }
    guard let progress else { return }
    let update = progress.update(at: clock(), error.map { .failed($0) } ?? .ended)
    switch display {
    case .bar:
      if isShown { screen.end(update.bar(width: screen.width), self) }
    case .lines, .callback: show(update)
    case .off: break
    }
  }

  private func show(_ update: ProgressUpdate) {
    switch display {
    case .bar: screen.draw(update.bar(width: screen.width), self)
    case .lines: screen.write(update.line + "\n")
    case .callback(let body): body(update)
    case .off: break
    }
  }
}

/// The sums of a run's tasks so far.
struct RunProgress: Sendable {
  private let outline: RunOutline
  private let start: Int
  private var tasks = 0
  private var bytesRead = 0
  private var bytesWritten = 0
  private var liveBytes = 0
  /// By step: tasks that have ended and what they took.
  private var ended: [Int]
  private var times: [Int]

  init(_ outline: RunOutline, since start: Int) {
    self.outline = outline
    self.start = start
    ended = Array(repeating: 0, count: outline.stepTasks.count)
    times = ended
  }

  var isComplete: Bool { tasks >= outline.taskCount }

  mutating func add(_ task: TaskRecord) {
    tasks += 1
    bytesRead += task.bytesRead
    bytesWritten += task.bytesWritten
    liveBytes = task.liveBytes
    guard ended.indices.contains(task.step) else { return }
    ended[task.step] += 1
    times[task.step] += task.span.upperBound - task.span.lowerBound
  }

  func update(at now: Int, _ state: ProgressUpdate.State) -> ProgressUpdate {
    let seconds = Double(max(0, now - start)) / 1e9
    return ProgressUpdate(
      executor: outline.executor, tasksDone: tasks, taskCount: outline.taskCount,
      bytesRead: bytesRead, bytesWritten: bytesWritten, liveBytes: liveBytes,
      memoryLimit: outline.memoryLimit, seconds: seconds,
      secondsLeft: state == .running ? secondsLeft(after: seconds) : nil, state: state)
  }

  /// What is left of each step takes as long a task as what has ended of it; steps that have not begun
  /// are taken for average ones.
  private func secondsLeft(after seconds: Double) -> Double? {
    guard tasks > 0, seconds > 0 else { return nil }
    let all = Double(times.reduce(0, +))
    guard all > 0 else {
      return seconds * Double(outline.taskCount - tasks) / Double(tasks)
    }
    let mean = all / Double(tasks)
    var left = 0.0
    for step in ended.indices {
      let rest = Double(max(0, outline.stepTasks[step] - ended[step]))
      left += rest * (ended[step] > 0 ? Double(times[step]) / Double(ended[step]) : mean)
    }
    // As many at once as so far.
    return seconds * left / all
  }
}
