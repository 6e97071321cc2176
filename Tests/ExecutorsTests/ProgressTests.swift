import Testing
import Weft
import WeftIR

@testable import WeftExecution

/// Bars, lines and calls that tell how far a run is.
@Suite("progress")
struct ProgressTests {
  private static let outline = RunOutline(
    executor: "chunked", taskCount: 1000, peakBytes: 100, memoryLimit: nil,
    steps: ["short", "long"], stepTasks: [500, 500])

  /// A meter that runs by a clock of the test, with what it wrote.
  private final class Setup: Sendable {
    let texts = Lock<[String]>([])
    let time = Lock(0)
    let updates = Lock<[ProgressUpdate]>([])
    var written: [String] { texts.withLock { $0 } }

    func meter(_ display: ProgressDisplay, columns: Int = 80) -> ProgressMeter {
      let screen = ProgressScreen(isTerminal: true, columns: { columns }) { [texts] text in
        texts.withLock { $0.append(text) }
      }
      return ProgressMeter(display, screen, clock: { [time] in time.withLock { $0 } })
    }

    /// Runs a thousand tasks: 500 of a millisecond, then 500 of nine.
    func run(_ meter: ProgressMeter, error: WeftError? = nil) {
      meter.started(outline)
      var now = 0
      for task in 0..<1000 {
        let duration = task < 500 ? 1_000_000 : 9_000_000
        now += duration
        let end = now
        time.withLock { $0 = end }
        meter.finished(
          TaskRecord(
            step: task / 500, task: task, thread: 0, span: now - duration...now,
            bytesRead: 1 << 20, bytesWritten: 0, liveBytes: 10))
      }
      meter.ended(error)
    }
  }

  @Test("a bar is drawn at most ten times a second over its own line, and ends with one")
  func bar() {
    let setup = Setup()
    setup.run(setup.meter(.bar))
    let drawn = setup.written
    // 5 seconds, of which the first 0.3 show nothing.
    #expect(drawn.count > 30 && drawn.count <= 50)
    #expect(drawn.allSatisfy { $0.hasPrefix("\r") && $0.count <= 80 + 4 })
    #expect(drawn.dropLast().allSatisfy { !$0.contains("\n") })
    let last = drawn.last ?? ""
    #expect(last.hasSuffix("\n"))
    #expect(last.contains("100 %") && last.contains("1000/1000 tasks"))
    #expect(last.contains("1000.0 MiB read") && last.contains("5.0 s in all"))
  }

  @Test("a bar of a run that is over at once is not shown")
  func shortRun() {
    let setup = Setup()
    let meter = setup.meter(.bar)
    meter.started(Self.outline)
    setup.time.withLock { $0 = 200_000_000 }
    meter.ended(nil)
    #expect(setup.written.isEmpty)
  }

  @Test("a bar fits its terminal and has what matters most", arguments: [1, 20, 40, 60, 80, 200])
  func width(columns: Int) {
    let update = ProgressUpdate(
      executor: "chunked", tasksDone: 420, taskCount: 1000, bytesRead: 1 << 31,
      bytesWritten: 1 << 30, liveBytes: 0, memoryLimit: nil, seconds: 3, secondsLeft: 200,
      state: .running)
    let text = update.bar(width: columns)
    #expect(text.count <= columns)
    if columns >= 40 {
      #expect(text.contains("42 %") && text.contains("420/1000 tasks"))
      #expect(text.contains("3 min 20 s left"))
    }
    if columns >= 80 { #expect(text.contains("#") && text.contains("read")) }
    if columns >= 200 { #expect(text.contains("1.0 GiB written") && text.contains("1.0 GiB/s")) }
  }

  @Test("lines come for each twentieth at most, and at the end")
  func lines() {
    let setup = Setup()
    setup.run(setup.meter(.lines))
    let lines = setup.written
    #expect(lines.count >= 4 && lines.count <= 21)
    #expect(lines.allSatisfy { $0.hasSuffix("\n") && !$0.contains("\r") })
    #expect(lines.last?.contains("100 %") == true)
  }

  @Test("a callback hears of the start, now and then, and of the end")
  func callback() {
    let setup = Setup()
    let meter = setup.meter(
      .callback { [updates = setup.updates] update in
        updates.withLock { $0.append(update) }
      })
    setup.run(meter, error: WeftError(.file, "read", "no"))
    let updates = setup.updates.withLock { $0 }
    #expect(updates.first?.tasksDone == 0 && updates.first?.state == .running)
    #expect(updates.count > 20 && updates.count <= 52)
    #expect(updates.last?.state == .failed(WeftError(.file, "read", "no")))
    #expect(updates.last?.bytesRead == 1000 << 20)
    let done = updates.map(\.tasksDone)
    #expect(done == done.sorted())
  }

  @Test("the time left follows what tasks of each step took")
  func timeLeft() throws {
    var progress = RunProgress(Self.outline, since: 0)
    for task in 0..<510 {
      let step = task < 500 ? 0 : 1
      let end = step == 0 ? (task + 1) * 1_000_000 : 500_000_000 + (task - 499) * 9_000_000
      let duration = step == 0 ? 1_000_000 : 9_000_000
      progress.add(
        TaskRecord(
          step: step, task: task, thread: 0, span: end - duration...end, bytesRead: 0,
          bytesWritten: 0, liveBytes: 0))
    }
    let update = progress.update(at: 590_000_000, .running)
    let left = try #require(update.secondsLeft)
    // 490 tasks of nine milliseconds.
    #expect(Swift.abs(left - 4.41) < 1e-6)
    #expect(update.fraction == 0.51)
  }

  @Test("of two runs at once one has the line")
  func twoRuns() {
    let setup = Setup()
    let screen = ProgressScreen(isTerminal: true) { [texts = setup.texts] text in
      texts.withLock { $0.append(text) }
    }
    let (first, second) = (Lock(1), Lock(2))
    screen.draw("first", first)
    screen.draw("second", second)
    screen.end("second", second)
    screen.end("first", first)
    screen.draw("second", second)
    #expect(setup.written.map { $0.filter(\.isLetter) } == ["firstK", "firstK", "secondK"])
  }

  @Test("WEFT_PROGRESS is read, and wrong words are told")
  func environment() {
    func read(_ value: String) -> Environment {
      Environment { $0 == "WEFT_PROGRESS" ? value : nil }
    }
    for word in ["bar", "lines", "off"] {
      #expect(read(word).error == nil && read(word).progress != nil)
    }
    #expect(read("auto").error == nil && read("auto").progress == nil)
    #expect(read("loud").error?.code == .environment)
  }

  @Test("compute shows its progress where it is asked to")
  func argument() throws {
    let last = Lock<ProgressUpdate?>(nil)
    let x = sqrt(arange(100).rechunked(9))
    try x.compute(
      on: .chunked,
      progress: .callback { update in last.withLock { $0 = update } })
    let update = try #require(last.withLock { $0 })
    #expect(update.state == .ended && update.tasksDone == 12 && update.taskCount == 12)
  }
}
