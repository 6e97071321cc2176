import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes events in the JSON form of Chrome's tracing, which Perfetto opens.
///
/// - Source: "Trace Event Format" of the Chromium project: complete events (`X`) with times in
///   microseconds, metadata events (`M`) with the names of threads, counters (`C`) of bytes in memory.
struct ChromeTrace {
  /// The text so far: objects, each after a comma and a line break but for the first one of all.
  private(set) var text = ""
  private var isFirst: Bool
  private let process = getpid()

  /// A writer of objects that follow others, or of the first ones.
  init(isFirst: Bool) { self.isFirst = isFirst }

  /// Names a thread.
  mutating func append(thread: Int, named name: String) {
    begin("thread_name", "M", thread)
    text += ", \"args\": {\"name\": "
    append(quoted: name)
    text += "}}"
  }

  /// Adds an event.
  mutating func append(_ event: Trace.Event) {
    begin(event.name, "X", event.thread)
    text += ", \"cat\": \"\(event.category.rawValue)\", \"ts\": "
    append(microseconds: event.start)
    text += ", \"dur\": "
    append(microseconds: event.duration)
    text += ", \"args\": {"
    var separator = ""
    func add(_ name: String, _ writer: inout ChromeTrace) {
      writer.text += separator
      separator = ", "
      writer.append(quoted: name)
      writer.text += ": "
    }
    for (name, value) in event.arguments {
      add(name, &self)
      append(value)
    }
    for (name, rate) in event.rates {
      add(name, &self)
      append(.number(rate))
    }
    text += "}}"
    if case .integer(let bytes)? = event["live"] {
      begin("memory", "C", event.thread)
      text += ", \"ts\": "
      append(microseconds: event.start + event.duration)
      text += ", \"args\": {\"bytes\": \(bytes)}}"
    }
  }

  private mutating func begin(_ name: String, _ phase: String, _ thread: Int) {
    if !isFirst { text += ",\n" }
    isFirst = false
    text += "{\"name\": "
    append(quoted: name)
    text += ", \"ph\": \"\(phase)\", \"pid\": \(process), \"tid\": \(thread)"
  }

  /// Microseconds with all three digits of the nanoseconds.
  private mutating func append(microseconds nanoseconds: Int) {
    let rest = String(nanoseconds % 1000)
    text += "\(nanoseconds / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }

  private mutating func append(_ value: Trace.Argument) {
    switch value {
    case .integer(let n): text += String(n)
    case .number(let x): text += x.isFinite ? String(x) : "null"
    case .text(let text): append(quoted: text)
    case .lines(let sites): append(quoted: sites.lines.joined(separator: ", "))
    }
  }

  private mutating func append(quoted string: String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"", "\\": text += "\\" + String(scalar)
      case "\n": text += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension Trace {
  /// The events in the JSON form of Chrome's tracing, which Perfetto opens.
  public func chromeJSON() -> String {
    var writer = ChromeTrace(isFirst: true)
    for (number, name) in threads.enumerated() { writer.append(thread: number, named: name) }
    for event in events { writer.append(event) }
    return "[\n" + writer.text + "\n]\n"
  }
}

/// A file of Chrome's tracing that grows by what each flush brings.
///
/// After each write it is a whole JSON array: the next write begins where the bracket stood. A
/// process that is killed while it writes leaves an array without its end, which Perfetto reads.
final class TraceFile: TraceSink {
  private struct State {
    var descriptor: Int32 = -1
    var end = 0
    var threads = 0
    var hasFailed = false
  }

  let path: String
  private let state = Lock(State())

  init(path: String) { self.path = path }

  deinit { state.withLock { if $0.descriptor >= 0 { _ = close($0.descriptor) } } }

  func write(_ events: [Trace.Event], threads: [String]) {
    state.withLock { state in
      if state.hasFailed || !open(&state) { return }
      var writer = ChromeTrace(isFirst: state.end == 0)
      for number in state.threads..<max(state.threads, threads.count) {
        writer.append(thread: number, named: threads[number])
      }
      state.threads = max(state.threads, threads.count)
      for event in events { writer.append(event) }
      let body = Array(((state.end == 0 ? "[\n" : "") + writer.text).utf8)
      if write(body + Array("\n]\n".utf8), &state) { state.end += body.count }
    }
  }

  private func open(_ state: inout State) -> Bool {
    if state.descriptor >= 0 { return true }
    state.descriptor = weftOpen(path)
    if state.descriptor < 0 { fail(&state) }
    return state.descriptor >= 0
  }

  private func write(_ bytes: [UInt8], _ state: inout State) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        // Within the buffer, which is not empty.
        pwrite(
          state.descriptor, buffer.baseAddress.unsafelyUnwrapped + done, bytes.count - done,
          off_t(state.end + done))
      }
      if count < 0, errno == EINTR { continue }
      if count <= 0 {
        fail(&state)
        return false
      }
      done += count
    }
    return true
  }

  private func fail(_ state: inout State) {
    state.hasFailed = true
    StandardDumpSink.writeError(
      "cannot write \(path): \(String(cString: strerror(errno)))\n")
  }
}

private func weftOpen(_ path: String) -> Int32 {
  open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
}

extension Trace.Event {
  /// Rates that follow from the arguments and the time.
  var rates: [(name: String, value: Double)] {
    guard duration > 0 else { return [] }
    var rates: [(name: String, value: Double)] = []
    let bytes = integer("read") + integer("written")
    if bytes > 0 { rates.append(("GB/s", Double(bytes) / Double(duration))) }
    if let flops { rates.append(("GFLOP/s", flops / Double(duration))) }
    return rates
  }

  /// The floating-point operations of a product.
  var flops: Double? {
    if case .number(let count)? = self["flops"] { count } else { nil }
  }

  func integer(_ name: String) -> Int {
    if case .integer(let n)? = self[name] { n } else { 0 }
  }

  func text(_ name: String) -> String {
    if case .text(let text)? = self[name] { text } else { "" }
  }

  var sites: [SourceSite] {
    if case .lines(let sites)? = self["lines"] { sites } else { [] }
  }
}

extension [SourceSite] {
  /// The distinct places that are known, in words.
  var lines: [String] {
    var lines: [String] = []
    for site in self {
      let line = site.description
      if !line.isEmpty, !lines.contains(line) { lines.append(line) }
    }
    return lines
  }
}
