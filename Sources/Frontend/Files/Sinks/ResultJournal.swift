import CWeft
import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which chunks of a result are written, for the run that goes on where this one stops.
///
/// A text file beside what is not whole yet. Its first line has the fingerprint of the program, then
/// comes a line for each chunk: number, bytes and hash of what was written. A line counts only
/// where the chunk still has that hash, so that what a lost power supply tears is written again.
/// Who has the file open holds its lock: two runs never write one result.
///
/// `@unchecked Sendable`: the descriptor never changes; a line is one call of the system.
final class ResultJournal: @unchecked Sendable {
  /// What a line says of a chunk.
  struct Entry: Hashable {
    var byteCount: Int
    var hash: String
  }

  /// What the file was when it was opened.
  enum Past: Hashable {
    /// There was none.
    case none
    /// An interrupted run of the same program.
    case sameProgram
    /// An interrupted run of another program, or one that nobody can tell.
    case otherProgram
  }

  /// What is written in place of a fingerprint that nobody knows.
  private static let unknown = "unknown"
  private static let title = "weft result journal 1"

  let path: String
  private let operation: String
  private let descriptor: Int32
  let past: Past
  /// The chunks that the run before has written; none where it was of another program.
  let entries: [Int: Entry]

  /// Opens or makes the file; lines of another program's run are removed.
  ///
  /// - Throws: `file` where another run has it, or the system refuses.
  init(_ path: String, fingerprint: String?, operation: String) throws(WeftError) {
    self.path = path
    self.operation = operation
    descriptor = try Self.open(path, operation)
    let text: String
    do throws(WeftError) {
      text = try Self.contents(descriptor, path, operation)
    } catch {
      weft_unlock_file(descriptor)
      close(descriptor)
      throw error
    }
    let head = "\(Self.title) \(fingerprint ?? Self.unknown)\n"
    guard fingerprint != nil, text.hasPrefix(head) else {
      past = text.isEmpty ? .none : .otherProgram
      entries = [:]
      guard ftruncate(descriptor, 0) == 0 else {
        throw .system(operation, "cannot write \"\(path)\"")
      }
      try append(head)
      return
    }
    past = .sameProgram
    var entries: [Int: Entry] = [:]
    var whole = head.utf8.count
    for line in text.dropFirst(head.count).split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast()
    {
      whole += line.utf8.count + 1
      let words = line.split(separator: " ")
      guard words.count == 3, let chunk = Int(words[0]), let count = Int(words[1]) else { continue }
      entries[chunk] = Entry(byteCount: count, hash: String(words[2]))
    }
    self.entries = entries
    // A line that was torn must not become the start of the next.
    guard ftruncate(descriptor, off_t(whole)) == 0 else {
      throw .system(operation, "cannot write \"\(path)\"")
    }
  }

  deinit {
    weft_unlock_file(descriptor)
    close(descriptor)
  }

  /// Adds a chunk.
  func append(_ chunk: Int, _ entry: Entry) throws(WeftError) {
    try append("\(chunk) \(entry.byteCount) \(entry.hash)\n")
  }

  private func append(_ line: String) throws(WeftError) {
    let bytes = Array(line.utf8)
    let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    guard count == bytes.count else {
      throw .system(
        operation, "cannot write \"\(path)\"", number: count < 0 ? errno : ENOSPC)
    }
  }

  /// The file, locked, under its name still.
  private static func open(_ path: String, _ operation: String) throws(WeftError) -> Int32 {
    while true {
      #if canImport(Glibc)
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
      #else
        let descriptor = Darwin.open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
      #endif
      guard descriptor >= 0 else { throw .system(operation, "cannot open \"\(path)\"") }
      guard weft_lock_file(descriptor) == 0 else {
        close(descriptor)
        throw WeftError(.file, operation, "another run is writing it")
      }
      // The run that had it may have ended, and taken the file away, in between.
      var (mine, named) = (stat(), stat())
      if fstat(descriptor, &mine) == 0, stat(path, &named) == 0, mine.st_ino == named.st_ino {
        return descriptor
      }
      weft_unlock_file(descriptor)
      close(descriptor)
    }
  }

  private static func contents(
    _ descriptor: Int32, _ path: String, _ operation: String
  ) throws(WeftError) -> String {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = part.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(operation, "cannot read \"\(path)\"")
      }
      bytes += part[..<count]
    }
  }
}
