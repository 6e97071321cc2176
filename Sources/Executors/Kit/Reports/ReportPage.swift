import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The page of a report.
struct ReportPage {
  private let report: RunReport
  private let noted: RunReport.State
  private let order: [Int]
  private let charts: ReportCharts
  private let first: Int
  private let last: Int

  init(_ report: RunReport) {
    self.report = report
    let noted = report.noted
    self.noted = noted
    first = noted.first ?? 0
    last = max(noted.last ?? 1, first + 1)
    order = noted.steps.indices.sorted { noted.steps[$0].nanoseconds > noted.steps[$1].nanoseconds }
    var classes = Array(repeating: "rest", count: noted.steps.count)
    for (rank, step) in order.prefix(ReportStyle.colourCount).enumerated() {
      classes[step] = "s\(rank)"
    }
    charts = ReportCharts(first: first, last: last, classes: classes)
  }

  /// The memory limit and the greatest planned peak of the runs.
  private var limit: Int? { noted.runs.compactMap(\.outline.memoryLimit).min() }
  private var peak: Int {
    noted.runs.map { $0.outline.liveBytes + $0.outline.peakBytes }.max() ?? 0
  }
  private var samples: [SampleSeries.Sample] { noted.samples.all }

  var html: String {
    var html = HTMLText()
    let title = report.title.isEmpty ? "Weft run" : report.title
    html.markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
    html.markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
    html.element("title", "", title)
    html.markup("\n<style>\n\(ReportStyle.sheet)\n</style>\n</head>\n<body>\n")
    html.element("h1", "", title)
    summary(&html)
    timeline(&html)
    bytes(&html)
    steps(&html)
    kernels(&html)
    plans(&html)
    surroundings(&html)
    html.markup("</body>\n</html>\n")
    return html.text
  }

  // MARK: - Sections

  private func summary(_ html: inout HTMLText) {
    var executors: [String] = []
    for run in noted.runs where !executors.contains(run.outline.executor) {
      executors.append(run.outline.executor)
    }
    let runs = noted.runs.count + noted.laterRuns
    html.element(
      "p", "class=\"soft\"",
      "\(runs) \(runs == 1 ? "run" : "runs") on \(executors.joined(separator: ", "))")
    if let error = noted.error { html.element("p", "class=\"bad\"", error.description) }
    let threads = noted.runs.map(\.outline.threadCount).max() ?? 0
    html.element("ul", "class=\"tiles\"") { html in
      func tile(_ value: String, _ words: String) {
        html.element("li") { html in
          html.element("b", "", value)
          html.element("span", "", words)
        }
      }
      tile(ReportNumbers.time(last - first), "from start to end")
      if noted.tasks > 0 { tile(ReportNumbers.count(noted.tasks), "tasks") }
      tile("\(threads)", threads == 1 ? "thread" : "threads")
      if noted.read > 0 { tile(ByteText.of(noted.read), "read") }
      if noted.written > 0 { tile(ByteText.of(noted.written), "written") }
      if noted.tasks > 0 { tile(ByteText.of(noted.mostLive), "of buffers at most") }
      tile(ByteText.of(peak), "planned peak" + (limit.map { " of \(ByteText.of($0))" } ?? ""))
    }
  }

  private func timeline(_ html: inout HTMLText) {
    // By role, then by number.
    let lanes = noted.lanes.filter { !$0.all.isEmpty }
      .sorted { ($0.name.count, $0.name) < ($1.name.count, $1.name) }
    if lanes.isEmpty { return }
    html.element("h2", "", "Timeline")
    html.element("figure") { html in
      charts.timeline(lanes, &html)
      let isJoined = lanes.contains { $0.all.contains { $0.tasks > 1 } }
      html.element(
        "figcaption", "",
        "What each thread did when; the colours are those of the table of steps."
          + (isJoined
            ? " There are too many tasks to draw each: the height of a bar is the part of its time in "
              + "which the thread was busy." : ""))
    }
  }

  private func bytes(_ html: inout HTMLText) {
    let samples = self.samples
    if samples.isEmpty { return }
    html.element("h2", "", "Memory")
    html.element("figure") { html in
      charts.memory(samples, limit: limit, peak: peak, &html)
      html.element(
        "figcaption", "",
        "Bytes of buffers when tasks ended, inputs in memory among them. Maps of files do not count."
      )
    }
    if noted.read + noted.written == 0 { return }
    html.element("h2", "", "Reading and writing")
    html.element("figure") { html in
      charts.transfer(samples, &html)
      html.element("figcaption") { html in
        html.markup("<i class=\"s0\"></i>read a second ")
        if noted.written > 0 { html.markup("&#160; <i class=\"s1\"></i>written a second") }
      }
    }
  }

  private func head(_ html: inout HTMLText, _ columns: [String], numbers: ClosedRange<Int>) {
    html.element("tr") { html in
      for (place, column) in columns.enumerated() {
        html.element("th", numbers.contains(place) ? "class=\"n\"" : "", column)
      }
    }
  }

  private func number(_ html: inout HTMLText, _ text: String) {
    html.element("td", "class=\"n\"", text)
  }

  private func share(_ part: Int, of all: Int) -> String {
    all > 0 ? ReportNumbers.decimal(100 * Double(part) / Double(all), 1) + " %" : "–"
  }

  private func bytes(_ count: Int) -> String { count > 0 ? ByteText.of(count) : "–" }

  private func steps(_ html: inout HTMLText) {
    let shown = order.filter { noted.steps[$0].count > 0 }
    if shown.isEmpty { return }
    let all = noted.steps.reduce(0) { $0 + $1.nanoseconds }
    html.element("h2", "", "Steps, the slowest first")
    html.element(
      "p", "class=\"soft\"",
      "Time is added up over threads: \(ReportNumbers.time(all)) in all.")
    html.element("div", "class=\"scroll\"") { html in
      html.element("table", "id=\"steps\"") { html in
        head(
          &html, ["step", "tasks", "time", "share", "mean", "longest", "read", "written"],
          numbers: 1...7)
        for step in shown.prefix(100) {
          let total = noted.steps[step]
          html.element("tr") { html in
            html.element("td", "class=\"w\"") { html in
              html.markup("<i class=\"\(charts.classes[step])\"></i>")
              html.markup(HTMLText.escaped(total.name))
            }
            number(&html, ReportNumbers.count(total.count))
            number(&html, ReportNumbers.time(total.nanoseconds))
            number(&html, share(total.nanoseconds, of: all))
            number(&html, ReportNumbers.time(total.nanoseconds / max(1, total.count)))
            number(&html, ReportNumbers.time(total.longest))
            number(&html, bytes(total.read))
            number(&html, bytes(total.written))
          }
        }
      }
    }
  }

  /// Characters of a kernel's name that are shown.
  private static let longestName = 160

  private func kernels(_ html: inout HTMLText) {
    if noted.kernels.isEmpty { return }
    let all = noted.kernels.reduce(0) { $0 + $1.nanoseconds }
    html.element("h2", "", "Kernels, the slowest first")
    html.element(
      "p", "class=\"soft\"",
      "Computing took \(ReportNumbers.time(noted.computes)), of which preparing plans "
        + "\(ReportNumbers.time(noted.prepare)) and waiting for code "
        + "\(ReportNumbers.time(noted.wait)). Bytes are those that arrays hold.")
    html.element("div", "class=\"scroll\"") { html in
      html.element("table", "id=\"kernels\"") { html in
        head(
          &html, ["kernel", "calls", "time", "share", "read", "written", "GB/s", "GFLOP/s"],
          numbers: 1...7)
        for total in noted.kernels.sorted(by: { $0.nanoseconds > $1.nanoseconds }).prefix(30) {
          let time = Double(max(1, total.nanoseconds))
          let moved = Double(total.read + total.written)
          html.element("tr") { html in
            html.element("td", "class=\"w\"") { html in
              let name = total.name
              let isLong = name.count > Self.longestName
              html.markup(
                HTMLText.escaped(String(name.prefix(Self.longestName)) + (isLong ? " …" : "")))
              let lines = total.lines.lines.joined(separator: ", ")
              if !lines.isEmpty {
                html.markup("<br/>")
                html.element("code", "", lines)
              }
            }
            number(&html, ReportNumbers.count(total.count))
            number(&html, ReportNumbers.time(total.nanoseconds))
            number(&html, share(total.nanoseconds, of: all))
            number(&html, bytes(total.read))
            number(&html, bytes(total.written))
            number(&html, moved > 0 ? ReportNumbers.decimal(moved / time, 1) : "–")
            number(&html, total.flops > 0 ? ReportNumbers.decimal(total.flops / time, 1) : "–")
          }
        }
      }
    }
  }

  private func plans(_ html: inout HTMLText) {
    if !report.program.isEmpty {
      html.element("h2", "", "Program")
      html.element("pre", "", report.program)
    }
    var shown: [RunPlan] = []
    for run in noted.runs {
      if let plan = run.plan, !shown.contains(plan) { shown.append(plan) }
    }
    if shown.isEmpty { return }
    html.element("h2", "", shown.count == 1 ? "Plan" : "Plans")
    for (place, plan) in shown.enumerated() {
      html.element("details", place == 0 ? "open=\"open\"" : "") { html in
        html.element("summary", "", shown.count == 1 ? "What runs" : "What runs, \(place + 1)")
        html.element("pre", "", plan.explanation)
      }
      html.element("details") { html in
        html.element("summary", "", "The graph before passes")
        html.element("pre", "", plan.graph)
      }
    }
    if noted.laterRuns > 0 {
      html.element("p", "class=\"soft\"", "\(noted.laterRuns) later runs are in the sums alone.")
    }
  }

  private func surroundings(_ html: inout HTMLText) {
    let facts = report.surroundings
    if facts.isEmpty { return }
    html.element("h2", "", "Surroundings")
    html.element("table", "id=\"surroundings\"") { html in
      for fact in facts {
        html.element("tr") { html in
          html.element("th", "", fact.name)
          html.element("td", "class=\"w\"", fact.value)
        }
      }
    }
  }
}

extension RunReport {
  /// The page as text.
  public func html() -> String { ReportPage(self).html }

  /// Writes the page.
  ///
  /// - Throws: `file` when it cannot be written.
  public func write(to path: String) throws(WeftError) {
    func failure() -> WeftError {
      WeftError(.file, "report", "cannot write \"\(path)\": \(String(cString: strerror(errno)))")
    }
    guard let file = fopen(path, "w") else { throw failure() }
    let bytes = Array(html().utf8)
    let written = fwrite(bytes, 1, bytes.count, file)
    let isClosed = fclose(file) == 0
    if written < bytes.count || !isClosed { throw failure() }
  }

  /// Notes the machine, the session's choices, the environment's variables and what the session
  /// told of.
  public func describe(_ session: Session) {
    var system = utsname()
    if uname(&system) == 0 {
      func text<T>(_ field: T) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      }
      note("system", "\(text(system.sysname)) \(text(system.release)), \(text(system.machine))")
    }
    if let processor = Self.processorName { note("processor", processor) }
    note(
      "threads",
      "\(session.runtime.scheduler.threadCount), of \(Environment.processorCount) processors")
    note("memory limit", session.memory.limit.map { ByteText.of($0) } ?? "none")
    note("bytes of buffers at most", ByteText.of(session.memory.peakBytes))
    for variable in Self.variables {
      if let value = getenv(variable), value.pointee != 0 { note(variable, String(cString: value)) }
    }
    let counters = session.runtime.counters.all.sorted { $0.key < $1.key }
    note("counters", counters.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
    for event in session.runtime.counters.events.prefix(50) {
      let place = event.site.description
      note(event.kind, place.isEmpty ? event.message : "\(event.message) (\(place))")
    }
    var now = time(nil)
    var local = tm()
    localtime_r(&now, &local)
    var text = [CChar](repeating: 0, count: 64)
    if strftime(&text, 64, "%Y-%m-%d %H:%M:%S %Z", &local) > 0 {
      note("written", String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
    }
  }

  private static let variables = [
    "WEFT_EXECUTOR", "WEFT_THREADS", "WEFT_MEMORY_LIMIT", "WEFT_CHUNKS", "WEFT_JIT", "WEFT_EXACT",
    "WEFT_FALLBACK", "WEFT_OPENCL_DEVICE",
  ]

  /// What the processor calls itself, where the system tells.
  private static var processorName: String? {
    guard let file = fopen("/proc/cpuinfo", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") else { continue }
      return String(text[text.index(after: colon)...].drop { $0 == " " }.prefix { $0 != "\n" })
    }
    return nil
  }
}
