import WeftIR

/// How the progress of runs is shown.
///
/// Only the executor `chunked` has tasks to tell of; a run of any other shows nothing.
///
/// ```swift
/// import WeftIR
///
/// let last = Lock(0.0)
/// let x = ones([1000]).rechunked(100)
/// try sqrt(x).compute(on: .chunked, progress: .callback { update in
///   last.withLock { $0 = update.fraction }
/// })
/// last.withLock { $0 }  // 1.0
/// ```
public enum ProgressDisplay: Sendable {
  /// Nothing.
  case off
  /// A bar on standard error where that is a terminal, drawn anew at most ten times a second; nothing
  /// elsewhere, and nothing for runs that are over at once.
  case bar
  /// A line on standard error for each twentieth of the tasks, at most one a second.
  case lines
  /// A function is told at the start, at most ten times a second, and at the end.
  ///
  /// It is called on a thread that runs tasks, which waits for it.
  case callback(@Sendable (ProgressUpdate) -> Void)

  /// `off`, `bar` or `lines`; nil for other words.
  public init?(_ word: String) {
    switch word {
    case "off": self = .off
    case "bar": self = .bar
    case "lines": self = .lines
    default: return nil
    }
  }

  /// What shows it; nil where nothing is to be shown.
  public var observer: (any RunObserver)? {
    switch self {
    case .off: nil
    case .bar:
      ProgressScreen.standardError.isTerminal
        ? ProgressReporter(.bar, to: .standardError) : nil
    case .lines: ProgressReporter(.lines, to: .standardError)
    case .callback(let body): ProgressReporter(.callback(body), to: .standardError)
    }
  }
}

extension Session {
  /// The session with the progress of its runs shown, beside what watches them already.
  ///
  /// ```swift
  /// import WeftExecution
  ///
  /// let x = arange(1000).rechunked(100)
  /// try Session.standard.showing(.lines).with { try x.sum().compute() }  // 499500
  /// ```
  public func showing(_ progress: ProgressDisplay) -> Session {
    progress.observer.map { watched(by: $0) } ?? self
  }
}
