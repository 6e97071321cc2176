import Foundation
import Testing
import Weft
import WeftIR

@testable import WeftExecution

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The page about a run: whole, self-contained, and its numbers add up.
@Suite("reports")
struct ReportTests {
  /// A page read as XML: elements with their texts.
  private final class Reader: NSObject, XMLParserDelegate {
    var error: (any Error)?
    var counts: [String: Int] = [:]
    var attributes: [String] = []
    /// The cells of each row of the table of an id.
    var tables: [String: [[String]]] = [:]
    private var table = ""
    private var cell: String?

    init(_ html: String) {
      super.init()
      let body = html.replacingOccurrences(of: "<!DOCTYPE html>\n", with: "")
      let parser = XMLParser(data: Data(body.utf8))
      parser.delegate = self
      if !parser.parse() { error = parser.parserError }
    }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes found: [String: String]
    ) {
      counts[name, default: 0] += 1
      attributes += found.values
      if name == "table" { table = found["id"] ?? "" }
      if name == "tr" { tables[table, default: []].append([]) }
      if name == "td" { cell = "" }
    }
    func parser(_ parser: XMLParser, foundCharacters text: String) { cell?.append(text) }
    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
      qualifiedName: String?
    ) {
      guard name == "td", let text = cell else { return }
      let last = (tables[table]?.count ?? 1) - 1
      tables[table]?[last].append(text)
      cell = nil
    }
  }

  private static func session() -> Session {
    Session(
      executors: Session.standard.executors,
      runtime: Runtime(scheduler: Session.standard.runtime.scheduler), environment: Environment())
  }

  @Test("a page is well-formed, loads nothing, and its steps add up to the tasks")
  func page() throws {
    let report = RunReport(
      title: "a <b> & \"c\"", program: "x < 3 </pre><script>alert(1)</script>\u{1B}")
    var session = Self.session().reported(in: report)
    session.memory = MemoryAccount(limit: 1 << 22)
    try session.with(executor: .chunked) { () throws in
      let x = random.uniform([100, 100], key: 3).rechunked([10, -1])
      _ = try (x - x.mean(axis: 0)).std().compute()
    }
    session.trace?.flush()
    report.describe(session)
    let html = report.html()
    let reader = Reader(html)
    #expect(reader.error == nil, "\(String(describing: reader.error))")
    #expect(
      reader.counts["script"] == nil && reader.counts["link"] == nil && reader.counts["img"] == nil)
    #expect(!html.contains("http"))
    #expect(html.contains("&lt;script&gt;"))
    let rows = reader.tables["steps"]?.filter { !$0.isEmpty } ?? []
    let tasks = rows.reduce(0) { $0 + (Int($1[1].filter(\.isNumber)) ?? 0) }
    #expect(tasks == report.taskCount && tasks > 20)
    let shares = rows.compactMap { Double($0[3].replacingOccurrences(of: " %", with: "")) }
    #expect(shares.count == rows.count && Swift.abs(shares.reduce(0, +) - 100) < 1)
    #expect(shares == shares.sorted(by: >))
    #expect(reader.tables["kernels"]?.isEmpty == false)
    #expect(reader.counts["svg"] == 2)
    #expect(html.contains("limit 4.0 MiB"))
    #expect(html.contains("pass "))
  }

  @Test("a page of very many tasks stays small, and counts all of them")
  func many() {
    let report = RunReport()
    let watch = report.watchingRun()
    let count = 300_000
    watch.started(
      RunOutline(
        executor: "chunked", taskCount: count, peakBytes: 1 << 20, memoryLimit: 1 << 21,
        steps: ["even", "odd"], stepTasks: [count / 2, count / 2], threadCount: 2))
    let start = Trace.now
    for task in 0..<count {
      watch.finished(
        TaskRecord(
          step: task % 2, task: task, thread: task % 2,
          span: start + task * 10...start + task * 10 + 20, bytesRead: 3, bytesWritten: 1,
          liveBytes: task % 1000))
    }
    watch.ended(nil)
    #expect(report.taskCount == count)
    let noted = report.noted
    #expect(noted.read == 3 * count && noted.written == count && noted.mostLive == 999)
    for lane in noted.lanes {
      #expect(lane.all.count <= 4096)
      #expect(lane.all.reduce(0) { $0 + $1.tasks } == count / 2)
      #expect(lane.all.reduce(0) { $0 + $1.busy } == 20 * count / 2)
    }
    #expect(noted.samples.all.map(\.live).max() == 999)
    #expect(noted.samples.all.last?.read == 3 * count)
    let html = report.html()
    #expect(html.utf8.count < 400_000)
    #expect(Reader(html).error == nil)
  }

  @Test("executors without tasks have their steps in the timeline, and errors head the page")
  func others() throws {
    let report = RunReport()
    let session = Self.session().reported(in: report)
    #expect(throws: WeftError.self) {
      try session.with(executor: .blas) { () throws in
        _ = try ones([300, 300]).dot(ones([300, 300]) + 1).compute()
        let places = random.uniform([2], key: 1).asType(.int64) + 5
        _ = try take(arange(3), places, axis: 0).compute()
      }
    }
    session.trace?.flush()
    let reader = Reader(report.html())
    #expect(reader.error == nil)
    #expect(report.noted.error?.code == .indexOutOfBounds)
    #expect(report.noted.lanes.isEmpty == false)
    #expect(reader.tables["kernels"]?.isEmpty == false)
    #expect(reader.counts["svg"] == 1)
  }

  @Test("a page is written also when the run fails; the run's error goes on")
  func written() throws {
    let path = NSTemporaryDirectory() + "weft-report-\(UUID().uuidString).html"
    defer { try? FileManager.default.removeItem(atPath: path) }
    do {
      try Self.session().reporting(to: path) { () throws in
        _ = try take(arange(3), NDArray([5]), axis: 0).compute()
      }
      Issue.record("no error")
    } catch let error as WeftError {
      #expect(error.code == .indexOutOfBounds)
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8).hasSuffix("</html>\n"))
    #expect(throws: WeftError.self) {
      try Self.session().reporting(to: "/nowhere/x.html") { () throws in
        try ones([1]).sum().compute()
      }
    }
  }

  @Test("numbers are as people read them")
  func numbers() {
    #expect(ReportNumbers.time(999) == "999 ns")
    #expect(ReportNumbers.time(1500) == "1.50 µs")
    #expect(ReportNumbers.time(45_600_000) == "45.6 ms")
    #expect(ReportNumbers.time(1_250_000_000) == "1.25 s")
    #expect(ReportNumbers.time(200_000_000_000) == "3 min 20 s")
    #expect(ReportNumbers.count(1_234_567) == "1\u{202F}234\u{202F}567")
    #expect(ReportNumbers.ticks(to: 5.2, about: 10) == [0, 1, 2, 3, 4, 5])
    #expect(ReportNumbers.ticks(to: 0.034, about: 10).count <= 11)
    #expect(ReportNumbers.ticks(to: 1000, about: 5, isBinary: true) == [0, 256, 512, 768])
  }
}
