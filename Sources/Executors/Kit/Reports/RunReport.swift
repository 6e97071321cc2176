import WeftIR

/// Takes note of runs for a page: what ran when, memory over time, what took longest, the plans.
///
/// It takes some hundred KiB however many tasks there are.
///
/// ```swift
/// import WeftExecution
///
/// let report = RunReport(title: "a root")
/// let x = ones([1000]).rechunked(100)
/// try Session.standard.reported(in: report).with(executor: .chunked) { try sqrt(x).compute() }
/// report.taskCount  // 10
/// report.html().hasPrefix("<!DOCTYPE html>")  // true
/// ```
public final class RunReport: RunObserver, TraceSink {
  /// A run.
  struct Run: Sendable {
    var outline: RunOutline
    var start: Int
    var end: Int?
    var error: WeftError?
    var plan: RunPlan?
  }

  /// What the tasks of a step took, or the calls of a kernel.
  struct Total: Sendable {
    var name: String
    var executor = ""
    var lines: [SourceSite] = []
    var count = 0
    var nanoseconds = 0
    var longest = 0
    var read = 0
    var written = 0
    var flops = 0.0

    mutating func add(_ nanoseconds: Int, read: Int, written: Int) {
      count += 1
      self.nanoseconds += nanoseconds
      longest = max(longest, nanoseconds)
      self.read += read
      self.written += written
    }
  }

  /// All that has been noted.
  struct State: Sendable {
    var runs: [Run] = []
    /// Runs that are not in `runs`, as there are too many.
    var laterRuns = 0
    var error: WeftError?
    var tasks = 0
    var read = 0
    var written = 0
    var mostLive = 0
    var samples = SampleSeries()
    var steps: [Total] = []
    var kernels: [Total] = []
    var lanes: [TimelineLane] = []
    var first: Int?
    var last: Int?
    /// Nanoseconds of computes, and in them of preparing and of waiting for code.
    var computes = 0
    var prepare = 0
    var wait = 0
    fileprivate var stepNumbers: [StepKey: Int] = [:]
    fileprivate var kernelNumbers: [StepKey: Int] = [:]
    fileprivate var laneNumbers: [String: Int] = [:]
    /// When runs with tasks began and ended, by start.
    fileprivate var taskRuns: [(start: Int, end: Int)] = []
  }

  fileprivate struct StepKey: Hashable {
    var executor: String
    var name: String
    var lines: [SourceSite] = []
  }

  /// Runs whose plans are kept.
  static let mostRuns = 40
  /// Different steps and kernels that are told apart; the others are one row.
  static let mostRows = 400
  /// Threads that have a lane of their own.
  static let mostLanes = 64

  let title: String
  let program: String
  private let state = Lock(State())
  private let facts = Lock<[(name: String, value: String)]>([])

  /// A report without runs; the title and the program's text, if there is one, head the page.
  public init(title: String = "", program: String = "") {
    self.title = title
    self.program = program
  }

  /// The runs so far.
  public var runCount: Int { state.withLock { $0.runs.count + $0.laterRuns } }
  /// The tasks so far.
  public var taskCount: Int { state.withLock { $0.tasks } }

  /// A copy of what has been noted.
  var noted: State { state.withLock { $0 } }

  /// What else the page tells of the program's surroundings.
  var surroundings: [(name: String, value: String)] { facts.withLock { $0 } }

  /// Adds a line to what the page tells of the program's surroundings.
  public func note(_ name: String, _ value: String) {
    facts.withLock { $0.append((name, value)) }
  }

  /// Notes what ended the program, where no run has told of an error.
  func fail(_ error: any Error) {
    let known = error as? WeftError ?? WeftError(.internal, "compute", "\(error)")
    state.withLock { $0.error = $0.error ?? known }
  }

  // MARK: - Runs

  /// Takes note of one run.
  public func watchingRun() -> any RunObserver { ReportedRun(self) }
  /// Nothing: each run is told to what `watchingRun` gives.
  public func started(_ run: RunOutline) {}
  /// Nothing, as `started`.
  public func finished(_ task: TaskRecord) {}
  /// Nothing, as `started`.
  public func ended(_ error: WeftError?) {}

  fileprivate func begin(_ run: Run, steps: [String]) -> (number: Int, rows: [Int]) {
    state.withLock { state in
      state.first = min(state.first ?? run.start, run.start)
      state.last = max(state.last ?? run.start, run.start)
      if run.outline.taskCount > 0 { state.taskRuns.append((run.start, Int.max)) }
      let rows = steps.map { state.row(of: $0, run.outline.executor) }
      guard state.runs.count < Self.mostRuns else {
        state.laterRuns += 1
        return (-1, rows)
      }
      state.runs.append(run)
      return (state.runs.count - 1, rows)
    }
  }

  fileprivate func add(_ task: TaskRecord, row: Int) {
    state.withLock { state in
      let (start, end) = (task.span.lowerBound, task.span.upperBound)
      state.tasks += 1
      state.read += task.bytesRead
      state.written += task.bytesWritten
      state.mostLive = max(state.mostLive, task.liveBytes)
      state.last = max(state.last ?? end, end)
      state.steps[row].add(end - start, read: task.bytesRead, written: task.bytesWritten)
      state.samples.add(
        SampleSeries.Sample(
          time: end, live: task.liveBytes, read: state.read, written: state.written))
      if let lane = state.lane("thread \(task.thread)") {
        state.lanes[lane].add(start, end, step: row)
      }
    }
  }

  fileprivate func end(_ number: Int, start: Int, at now: Int, _ error: WeftError?) {
    state.withLock { state in
      state.last = max(state.last ?? now, now)
      if let error, state.error == nil { state.error = error }
      if let place = state.taskRuns.lastIndex(where: { $0.start == start }) {
        state.taskRuns[place].end = now
      }
      if state.runs.indices.contains(number) {
        state.runs[number].end = now
        state.runs[number].error = error
      }
    }
  }

  // MARK: - Traces

  /// Takes steps of executors without tasks, and the kernels of all.
  public func write(_ events: [Trace.Event], threads: [String]) {
    state.withLock { state in
      for event in events { state.add(event, threads) }
    }
  }
}

/// Tells a report of one run.
private final class ReportedRun: RunObserver {
  private struct Own {
    var plan: RunPlan?
    var number = -1
    var start = 0
    var rows: [Int] = []
  }

  private let report: RunReport
  private let own = Lock(Own())

  init(_ report: RunReport) { self.report = report }

  func planned(_ plan: () -> RunPlan) {
    if report.runCount >= RunReport.mostRuns { return }
    let plan = plan()
    own.withLock { $0.plan = plan }
  }

  func started(_ run: RunOutline) {
    let now = Trace.now
    own.withLock { own in
      own.start = now
      (own.number, own.rows) = report.begin(
        RunReport.Run(outline: run, start: now, plan: own.plan),
        steps: run.taskCount > 0 ? run.steps : [])
    }
  }

  func finished(_ task: TaskRecord) {
    let row = own.withLock { $0.rows.indices.contains(task.step) ? $0.rows[task.step] : nil }
    if let row { report.add(task, row: row) }
  }

  func ended(_ error: WeftError?) {
    let (number, start) = own.withLock { ($0.number, $0.start) }
    report.end(number, start: start, at: Trace.now, error)
  }
}

extension RunReport.State {
  /// The number of a step's row; the last row takes what is too many.
  fileprivate mutating func row(of name: String, _ executor: String) -> Int {
    let key = RunReport.StepKey(executor: executor, name: name)
    if let known = stepNumbers[key] { return known }
    guard steps.count < RunReport.mostRows else {
      steps[steps.count - 1].name = "other steps"
      return steps.count - 1
    }
    steps.append(RunReport.Total(name: name, executor: executor))
    stepNumbers[key] = steps.count - 1
    return steps.count - 1
  }

  /// The number of a lane; nil when there are too many.
  fileprivate mutating func lane(_ name: String) -> Int? {
    if let known = laneNumbers[name] { return known }
    guard lanes.count < RunReport.mostLanes else { return nil }
    lanes.append(TimelineLane(name))
    laneNumbers[name] = lanes.count - 1
    return lanes.count - 1
  }

  fileprivate mutating func add(_ event: Trace.Event, _ threads: [String]) {
    let end = event.start + event.duration
    switch event.category {
    case .compute:
      computes += event.duration
      first = min(first ?? event.start, event.start)
      last = max(last ?? end, end)
    case .prepare: prepare += event.duration
    case .wait: wait += event.duration
    case .step:
      addKernel(event)
      if !isInTaskRun(event.start) { addSpan(event, threads, isTimed: true) }
    case .part:
      // The caller's parts lie within its step.
      let name = threads.indices.contains(event.thread) ? threads[event.thread] : ""
      if !name.hasPrefix("caller"), !isInTaskRun(event.start) {
        addSpan(event, threads, isTimed: false)
      }
    case .pass, .compile, .task: break
    }
  }

  private mutating func addKernel(_ event: Trace.Event) {
    let key = RunReport.StepKey(executor: "", name: event.name, lines: event.sites)
    var place = kernelNumbers[key] ?? kernels.count
    if place == kernels.count {
      if kernels.count < RunReport.mostRows {
        kernels.append(RunReport.Total(name: event.name, lines: event.sites))
        kernelNumbers[key] = place
      } else {
        place = kernels.count - 1
        kernels[place].name = "other kernels"
        kernels[place].lines = []
      }
    }
    kernels[place].add(
      event.duration, read: event.integer("read"), written: event.integer("written"))
    kernels[place].flops += event.flops ?? 0
  }

  private mutating func addSpan(_ event: Trace.Event, _ threads: [String], isTimed: Bool) {
    let row = row(of: event.name, "steps")
    if isTimed { steps[row].add(event.duration, read: 0, written: 0) }
    guard threads.indices.contains(event.thread), let lane = lane(threads[event.thread]) else {
      return
    }
    lanes[lane].add(event.start, event.start + event.duration, step: row)
  }

  /// Whether a run with tasks went on at a time.
  private func isInTaskRun(_ time: Int) -> Bool {
    var (low, high) = (0, taskRuns.count)
    while low < high {
      let middle = (low + high) / 2
      if taskRuns[middle].start <= time { low = middle + 1 } else { high = middle }
    }
    return low > 0 && time <= taskRuns[low - 1].end
  }
}

// MARK: - Sessions

extension Session {
  /// The session whose runs a report takes note of.
  public func reported(in report: RunReport) -> Session {
    var session = watched(by: report)
    session.trace = Trace(to: report, forwardingTo: trace)
    return session
  }

  /// Runs a body in which the session is the current one, and writes a page about what ran, also when
  /// that failed.
  ///
  /// The page is one file that loads nothing: a timeline of tasks or steps by thread, memory over time
  /// with the limit, what took longest, the plans, the program, the machine.
  ///
  /// - Throws: what the body throws; `file` when the page cannot be written.
  ///
  /// ```swift
  /// import Foundation
  ///
  /// let path = NSTemporaryDirectory() + "weft-report.html"
  /// try Session.standard.reporting(to: path, title: "a sum") { try ones([100]).sum().compute() }
  /// // 100.0
  /// FileManager.default.fileExists(atPath: path)  // true
  /// ```
  @discardableResult
  public func reporting<Result>(
    to path: String, title: String = "", program: String = "", _ body: () throws -> Result
  ) throws -> Result {
    let report = RunReport(title: title, program: program)
    let session = reported(in: report)
    let outcome = Swift.Result { try Session.$scoped.withValue(session) { try body() } }
    if case .failure(let error) = outcome { report.fail(error) }
    session.trace?.flush()
    report.describe(session)
    do {
      try report.write(to: path)
    } catch {
      // The run's own error says more.
      _ = try outcome.get()
      throw error
    }
    return try outcome.get()
  }
}
