import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `--progress` and `--report`, on a terminal and off.
@Suite("weft: progress and reports")
struct ProgressTests {
  /// Some thousands of tasks: more than the time that a bar waits before it is shown.
  private static let program = "(sqrt(arange(400000)) * 2).sum()"
  private static let chunks = ["WEFT_CHUNKS": "64", "WEFT_PROGRESS": ""]

  /// What a run writes to standard error where that is a terminal of 80 columns.
  private static func onTerminal(_ arguments: [String]) throws -> (code: Int32, text: String) {
    var (master, slave): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    try #require(openpty(&master, &slave, nil, nil, &size) == 0)
    let reading = FileHandle(fileDescriptor: master, closeOnDealloc: true)
    let process = Process()
    process.executableURL = Program.weft.url
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(chunks.merging(["TERM": "xterm"]) { $1 }) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    try process.run()
    close(slave)
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 4096)
    // The terminal ends with an error when nobody has it open any more.
    while true {
      let count = read(master, &part, part.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      bytes += part[..<count]
    }
    process.waitUntilExit()
    _ = reading
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }

  @Test("a terminal shows a bar that is drawn over itself and ends with all tasks")
  func bar() throws {
    let (code, text) = try Self.onTerminal(["eval", Self.program, "--executor", "chunked"])
    #expect(code == 0)
    let drawn = text.split(separator: "\r").filter { $0.contains("tasks") }
    #expect(drawn.count >= 2, "\(text)")
    #expect(drawn.contains { $0.contains("#") && $0.contains("left") })
    #expect(drawn.last?.contains("100 %") == true && drawn.last?.contains("in all") == true)
    #expect(drawn.allSatisfy { $0.filter { $0 != "\n" }.count <= 79 + 3 })
    let off = try Self.onTerminal(
      ["eval", Self.program, "--executor", "chunked", "--progress", "off"])
    #expect(off.code == 0 && off.text.isEmpty)
  }

  @Test("what is no terminal gets nothing unless it asks for lines")
  func lines() throws {
    let silent = try Program.weft.run(
      "eval", Self.program, "--executor", "chunked", environment: Self.chunks)
    #expect(silent.code == 0 && silent.errors.isEmpty)
    let lines = try Program.weft.run(
      "eval", Self.program, "--executor", "chunked", "--progress", "lines",
      environment: Self.chunks)
    #expect(lines.errors.contains("tasks") && !lines.errors.contains("\r"))
    let variable = try Program.weft.run(
      "eval", Self.program, "--executor", "chunked",
      environment: Self.chunks.merging(["WEFT_PROGRESS": "lines"]) { $1 })
    #expect(variable.errors.contains("100 %"))
    #expect(
      try Program.weft.run("eval", "1", "--progress", "loud").code == 2)
  }

  @Test("a report is written for a value, for an error, and for a graph")
  func report() throws {
    let folder = NSTemporaryDirectory()
    let path = folder + "weft-report-\(UUID().uuidString).html"
    let graph = folder + "weft-graph-\(UUID().uuidString).ir"
    defer { for file in [path, graph] { try? FileManager.default.removeItem(atPath: file) } }
    func page() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
    let value = try Program.weft.run("eval", "arange(10).sum() < 50", "--report", path)
    #expect(value.code == 0 && value.output == "True\n")
    #expect(try page().contains("arange(10).sum() &lt; 50"))
    let wrong = try Program.weft.run(
      "eval", "take(arange(3), asarray([5]))", "--report", path)
    #expect(wrong.code == 1)
    #expect(try page().contains("class=\"bad\""))
    try
      "graph @main() {\n  %0 = constant 1.0 : float64[]\n  %1 = sqrt %0 : float64[]\n  return %1\n}\n"
      .write(toFile: graph, atomically: true, encoding: .utf8)
    #expect(try Program.weft.run("run", graph, "--report", path).code == 0)
    #expect(try page().contains("sqrt"))
    #expect(try Program.weft.run("eval", "1", "--report", "/nowhere/x.html").code == 1)
    #expect(try Program.weft.run("eval", "--lines", "--report", path).code == 2)
  }
}
