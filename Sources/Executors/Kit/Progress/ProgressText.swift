import WeftIR

extension ProgressUpdate {
  /// One line with a bar, at most so many characters wide:
  /// ` 42 % [####------] 420/1000 tasks, 1.2 GiB read, 812.0 MiB/s, 12 s left`.
  func bar(width: Int) -> String {
    var parts = self.parts
    while true {
      let text = parts.joined(separator: ", ")
      // Percent, brackets and the blanks between.
      let room = width - text.count - 9
      let fits = room >= Self.shortestBar || parts.count == 2 && room >= -3
      if fits || parts.count == 1 {
        let length = room < Self.shortestBar ? 0 : min(Self.longestBar, room)
        let filled = min(length, Int(fraction * Double(length)))
        let bar =
          String(repeating: "#", count: filled) + String(repeating: "-", count: length - filled)
        let line = length > 0 ? "\(percent) [\(bar)] \(text)" : "\(percent) \(text)"
        return String(line.prefix(max(0, width)))
      }
      // Of what does not fit the rate goes first, then the bytes; tasks and the time stay longest.
      parts.remove(at: parts.count > 2 ? parts.count - 2 : 1)
    }
  }

  /// One line without a bar.
  var line: String { "\(percent) " + parts.joined(separator: ", ") }

  private static let shortestBar = 10
  private static let longestBar = 30

  private var percent: String {
    let text = "\(Int(fraction * 100)) %"
    return String(repeating: " ", count: max(0, 5 - text.count)) + text
  }

  /// Tasks, bytes, rate, and the time at the end.
  private var parts: [String] {
    var parts = ["\(tasksDone)/\(taskCount) tasks"]
    if bytesRead > 0 { parts.append("\(ByteText.of(bytesRead)) read") }
    if bytesWritten > 0 { parts.append("\(ByteText.of(bytesWritten)) written") }
    if seconds > 0, bytesRead + bytesWritten > 0 {
      parts.append("\(ByteText.of(Int(min(bytesPerSecond, 1e18))))/s")
    }
    switch state {
    case .running:
      parts.append(secondsLeft.map { "\(Self.time($0)) left" } ?? "\(Self.time(seconds)) so far")
    case .ended: parts.append("\(Self.time(seconds)) in all")
    case .failed(let error): parts.append("\(error.code) after \(Self.time(seconds))")
    }
    return parts
  }

  /// Seconds in words: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`.
  static func time(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "long" }
    if seconds < 9.95 { return "\((max(0, seconds) * 10).rounded() / 10) s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
