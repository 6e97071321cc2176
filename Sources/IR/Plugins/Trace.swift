#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What happened when: passes, compiled kernels, steps and their parts, with what each was about.
///
/// A run without one records nothing, reads no clock and allocates nothing for it. See
/// `Note: events` for the names and arguments that tables and files are made from.
public final class Trace: Sendable {
  /// What an event is.
  public enum Category: String, Sendable, CaseIterable {
    /// All of one `compute()`.
    case compute
    /// Passes and planning of one graph.
    case prepare
    /// One pass.
    case pass
    /// The time that a run waits for the code of its kernels.
    case wait
    /// Getting the code of one kernel; several may go on at once.
    case compile
    /// One step of a plan.
    case step
    /// A part of a step, on the thread that ran it.
    case part
    /// A task over chunks, on the thread that ran it.
    case task
  }

  /// What an event says besides its times.
  public enum Argument: Hashable, Sendable {
    /// A count, such as bytes.
    case integer(Int)
    /// A number.
    case number(Double)
    /// A text.
    case text(String)
    /// The user's lines, which become text only when they are printed.
    case lines([SourceSite])
  }

  /// A stretch of time on one thread.
  public struct Event: Sendable {
    /// What ran.
    public var name: String
    /// What kind of thing ran.
    public var category: Category
    /// When it began, in nanoseconds of the system's monotonic clock.
    public var start: Int
    /// How long it took, in nanoseconds.
    public var duration: Int
    /// The thread, by the trace's number for it; see `threads`.
    public var thread: Int
    /// Numbers and texts by name.
    public var arguments: [(name: String, value: Argument)]

    /// The argument of a name, when there is one.
    public subscript(name: String) -> Argument? {
      arguments.first { $0.name == name }?.value
    }
  }

  private struct State {
    var events: [Event] = []
    var numbers: [UInt: Int] = [:]
    var threads: [String] = []
    var dropped = 0

    mutating func number(of thread: UInt, _ role: String) -> Int {
      if let known = numbers[thread] { return known }
      let same = threads.count { $0.hasPrefix(role) }
      threads.append("\(role) \(same)")
      numbers[thread] = threads.count - 1
      return threads.count - 1
    }
  }

  /// The most events that are kept in memory.
  public static let mostEvents = 1 << 20
  /// Events that wait for a sink at most.
  private static let mostWaiting = 1 << 14

  private let state = Lock(State())
  private let parent: Trace?
  private let sink: (any TraceSink)?

  /// A trace that keeps its events, and gives them to another one too.
  public init(forwardingTo parent: Trace? = nil) {
    self.parent = parent
    sink = nil
  }

  /// A trace whose events go to a sink when some thousands wait and at each `flush()`, and are then
  /// forgotten; another trace gets them too.
  public init(to sink: any TraceSink, forwardingTo parent: Trace? = nil) {
    self.parent = parent
    self.sink = sink
  }

  /// Now, in nanoseconds of the system's monotonic clock.
  public static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  /// Notes what the calling thread did from a time until now.
  ///
  /// The first event of a thread names it by `role`.
  public func record(
    _ name: String, _ category: Category, since start: Int, role: String = "caller",
    _ arguments: [(name: String, value: Argument)] = []
  ) {
    record(
      name, category, from: start, lasting: max(0, Trace.now - start), role: role, arguments)
  }

  /// Notes what the calling thread did for some nanoseconds.
  public func record(
    _ name: String, _ category: Category, from start: Int, lasting duration: Int,
    role: String = "caller", _ arguments: [(name: String, value: Argument)] = []
  ) {
    let thread = Self.currentThread
    let isFull = state.withLock { state in
      if state.events.count >= Self.mostEvents {
        state.dropped += 1
        return false
      }
      let number = state.number(of: thread, role)
      state.events.append(
        Event(
          name: name, category: category, start: start, duration: duration, thread: number,
          arguments: arguments))
      return sink != nil && state.events.count >= Self.mostWaiting
    }
    if isFull { give() }
    parent?.record(
      name, category, from: start, lasting: duration, role: role, arguments)
  }

  /// The events so far; of a trace with a sink those since the last `flush()`.
  public var events: [Event] { state.withLock { $0.events } }

  /// The name of each thread, by its number.
  public var threads: [String] { state.withLock { $0.threads } }

  /// How many events found no place.
  public var droppedCount: Int { state.withLock { $0.dropped } }

  /// Names the calling thread by a role, where no event has done so.
  public func nameThread(role: String) {
    let thread = Self.currentThread
    state.withLock { _ = $0.number(of: thread, role) }
    parent?.nameThread(role: role)
  }

  /// Gives the events to the sink, if there is one.
  public func flush() {
    give()
    parent?.flush()
  }

  private func give() {
    guard let sink else { return }
    let (events, threads) = state.withLock { state in
      defer { state.events = [] }
      return (state.events, state.threads)
    }
    if !events.isEmpty { sink.write(events, threads: threads) }
  }

  private static var currentThread: UInt {
    #if canImport(Glibc)
      UInt(pthread_self())
    #else
      UInt(bitPattern: pthread_self())
    #endif
  }
}

/// Takes the events of a trace as they come.
public protocol TraceSink: Sendable {
  /// Takes events; `threads` names those that the events mention by number.
  func write(_ events: [Trace.Event], threads: [String])
}

// Note: events
//
// - compute: `outputs`. Everything else of the same compute lies within it, but for kernels that are
//   compiled in the background.
// - prepare: `plan` (why it is new), `rows`. pass: `rows before`, `rows after`.
// - wait: no arguments; a run's kernels are compiled meanwhile.
// - compile: `code` (compiled, disk, memory), `reason`, `background` (1) where nobody waits.
// - step: `kind` (kernel, compiled, contraction, row, fallback, alias), `read` and `written` in
//   bytes, `flops` (of products) or `operations` (functions times elements), `elements`, `units`,
//   `parts`, `threads` that took part, `code`, `lines`.
// - part: `part`.
// - task: `step` and `task` by number, `read` and `written` in bytes outside memory, `live`: the bytes
//   of buffers when it ended.
//
// Bytes are those that the arrays hold once, however often caches bring them in.
