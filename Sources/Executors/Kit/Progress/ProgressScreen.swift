import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where progress is drawn: a terminal's line, which is drawn over, or a text that grows.
///
/// Of several runs at once the first has the line.
final class ProgressScreen: Sendable {
  private let sink: @Sendable (String) -> Void
  private let columns: @Sendable () -> Int
  private let owner = Lock<ObjectIdentifier?>(nil)
  /// Whether lines can be drawn over.
  let isTerminal: Bool

  /// A screen over a function that takes texts.
  init(
    isTerminal: Bool, columns: @escaping @Sendable () -> Int = { 80 },
    sink: @escaping @Sendable (String) -> Void
  ) {
    self.isTerminal = isTerminal
    self.columns = columns
    self.sink = sink
  }

  /// Standard error, a terminal where it is one that moves its cursor.
  static let standardError = ProgressScreen(
    isTerminal: isatty(2) == 1 && terminal != "dumb", columns: { columns(of: 2) },
    sink: { StandardDumpSink.writeError($0) })

  private static var terminal: String? { getenv("TERM").map { String(cString: $0) } }

  /// The columns of a terminal; 80 where it does not tell.
  private static func columns(of descriptor: Int32) -> Int {
    var size = winsize()
    let status = ioctl(descriptor, UInt(TIOCGWINSZ), &size)
    return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// The characters of a line: one less than columns, as some terminals wrap after the last.
  var width: Int { max(1, columns() - 1) }

  /// Draws a run's line over its last one.
  func draw(_ line: String, _ run: AnyObject) {
    let isMine = owner.withLock { owner in
      if owner == nil { owner = ObjectIdentifier(run) }
      return owner == ObjectIdentifier(run)
    }
    if isMine { write("\r" + line + Self.eraseRest) }
  }

  /// Draws a run's last line and goes to the next one.
  func end(_ line: String, _ run: AnyObject) {
    let isMine = owner.withLock { owner in
      if owner != ObjectIdentifier(run) { return false }
      owner = nil
      return true
    }
    if isMine { write("\r" + line + Self.eraseRest + "\n") }
  }

  /// Writes a text.
  func write(_ text: String) { sink(text) }

  /// - Source: ECMA-48 8.3.41, EL: erase to the end of the line.
  private static let eraseRest = "\u{1B}[K"
}
