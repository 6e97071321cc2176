import Weft
import WeftExecution
import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Answers programs from standard input, one a line, until it ends; no line stops it.
struct LinesLoop {
  let answer: ScriptAnswer
  /// The bytes of the longest line that is read as a program.
  private static let longestLine = 1 << 20

  /// About the most elements that a line may make and read: some minutes of work.
  private static let workLimit = 0x1p37

  /// The session with a limit of work and one of memory, so that no line takes the machine: what
  /// WEFT_MEMORY_LIMIT says, else half of the memory there is.
  static func bounded(_ session: Session) -> Session {
    var session = session
    session.workLimit = workLimit
    if session.memory.limit != nil { return session }
    guard let bytes = MachineMemory.bytes else { return session }
    return session.with(memoryLimit: .bytes(bytes / 2))
  }

  /// Reads and answers; ends with the input, or when nobody reads the answers.
  func run() {
    signal(SIGPIPE, SIG_IGN)
    var line: [UInt8] = []
    var isTooLong = false
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(0, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      var rest = chunk[..<count]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        isTooLong = isTooLong || line.count + (end - rest.startIndex) > Self.longestLine
        if !isTooLong { line += rest[..<end] }
        guard reply(line, isTooLong) else { return }
        rest = rest[(end + 1)...]
        line = []
        isTooLong = false
      }
      isTooLong = isTooLong || line.count + rest.count > Self.longestLine
      line = isTooLong ? [] : line + rest
    }
    if isTooLong || !line.isEmpty { _ = reply(line, isTooLong) }
  }

  /// Answers one line; false when the answer cannot be written.
  private func reply(_ line: [UInt8], _ isTooLong: Bool) -> Bool {
    let reply =
      if isTooLong {
        ScriptAnswer.json(
          of: ScriptError(
            WeftError(
              .tooLarge, "line", "the line has more than \(Self.longestLine) bytes")))
      } else {
        answer.json(to: line.last == UInt8(ascii: "\r") ? Array(line.dropLast()) : line)
      }
    return StandardStream.output.write(reply + [UInt8(ascii: "\n")])
  }
}
