import WeftIR

extension Trace {
  /// A table for people: totals, then the time of each step and of each of the user's lines.
  ///
  /// The time of a step that computes several lines is shared evenly among them. What is left of the
  /// computes' time after preparing, waiting for code and the steps is `other`.
  public func table() -> String { TraceTable(events).text }
}

/// Adds up events.
struct TraceTable {
  private struct Row {
    var name: String
    var lines: [String]
    var calls = 0
    var nanoseconds = 0
    var bytes = 0
    var flops = 0.0
    var threads = 0
    var code = ""

    mutating func add(_ event: Trace.Event) {
      calls += 1
      nanoseconds += event.duration
      bytes += event.integer("read") + event.integer("written")
      flops += event.flops ?? 0
      threads = max(threads, event.integer("threads"))
      code = event.text("code")
    }
  }

  private struct Key: Hashable {
    var name: String
    var sites: [SourceSite]
  }

  private var computes = 0
  private var wall = 0
  private var prepare = 0
  private var wait = 0
  private var run = 0
  private var rows: [Row] = []
  private var compiles: [Trace.Event] = []

  init(_ events: [Trace.Event]) {
    var known: [Key: Int] = [:]
    for event in events {
      switch event.category {
      case .compute:
        computes += 1
        wall += event.duration
      case .prepare: prepare += event.duration
      case .wait: wait += event.duration
      case .compile: compiles.append(event)
      case .step:
        run += event.duration
        let key = Key(name: event.name, sites: event.sites)
        let index = known[key] ?? rows.count
        if index == rows.count {
          known[key] = index
          rows.append(Row(name: event.name, lines: event.sites.lines))
        }
        rows[index].add(event)
      case .pass, .part, .task: break
      }
    }
    rows.sort { $0.nanoseconds > $1.nanoseconds }
  }

  var text: String {
    var lines = [
      "\(computes) \(computes == 1 ? "compute" : "computes"), \(milliseconds(wall)) ms: "
        + "prepare \(milliseconds(prepare)), wait for code \(milliseconds(wait)), "
        + "run \(milliseconds(run)), other \(milliseconds(wall - prepare - wait - run))"
    ]
    if !rows.isEmpty { lines += steps + userLines }
    if !compiles.isEmpty { lines += code }
    return lines.joined(separator: "\n")
  }

  private var steps: [String] {
    var cells = [["calls", "total ms", "share", "GB/s", "GFLOP/s", "threads", "code", "step"]]
    for row in rows {
      let time = Double(max(1, row.nanoseconds))
      cells.append([
        "\(row.calls)", milliseconds(row.nanoseconds), share(row.nanoseconds),
        row.bytes > 0 ? decimal(Double(row.bytes) / time, 1) : "-",
        row.flops > 0 ? decimal(row.flops / time, 1) : "-", "\(row.threads)",
        row.code.isEmpty ? "-" : row.code, row.name + Self.comment(row.lines),
      ])
    }
    return [""] + Self.aligned(cells)
  }

  private var userLines: [String] {
    var totals: [String: Double] = [:]
    for row in rows {
      let lines = row.lines.isEmpty ? ["(unknown)"] : row.lines
      for line in lines {
        totals[line, default: 0] += Double(row.nanoseconds) / Double(lines.count)
      }
    }
    var cells = [["total ms", "share", "line"]]
    for (line, time) in totals.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      cells.append([milliseconds(Int(time)), share(Int(time)), line])
    }
    return [""] + Self.aligned(cells)
  }

  private var code: [String] {
    var cells = [["ms", "code", "waits", "kernel"]]
    for event in compiles {
      let reason = event.text("reason")
      cells.append([
        milliseconds(event.duration), event.text("code"),
        event.integer("background") == 1 ? "nobody" : "run",
        event.name + (reason.isEmpty ? "" : "  // \(reason)"),
      ])
    }
    return [""] + Self.aligned(cells)
  }

  // MARK: - Text

  private static func comment(_ lines: [String]) -> String {
    lines.isEmpty ? "" : "  // " + lines.joined(separator: ", ")
  }

  private func milliseconds(_ nanoseconds: Int) -> String { decimal(Double(nanoseconds) / 1e6, 3) }

  private func share(_ nanoseconds: Int) -> String {
    wall > 0 ? decimal(100 * Double(nanoseconds) / Double(wall), 1) + " %" : "-"
  }

  private func decimal(_ value: Double, _ digits: Int) -> String {
    ReportNumbers.decimal(value, digits)
  }

  /// Columns of equal width, numbers to the right; the last column as it is.
  private static func aligned(_ cells: [[String]]) -> [String] {
    let last = cells[0].count - 1
    let widths = (0..<last).map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { row in
      let fields = zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }
      return (fields + [row[last]]).joined(separator: "  ")
    }
  }
}
