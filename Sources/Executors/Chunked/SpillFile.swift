import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Chunks of one run that wait on disk for their next use: a file without a name, which is gone with
/// the run, however that ends.
final class SpillFile: Sendable {
  private struct State {
    var descriptor: Int32 = -1
    var end = 0
    /// Places that chunks have left, by their bytes.
    var free: [Int: [Int]] = [:]
    var used = 0
  }

  private let state = Lock(State())
  private let folder: SpillFolder

  init(in folder: SpillFolder) { self.folder = folder }

  deinit {
    let descriptor = state.withLock { $0.descriptor }
    if descriptor >= 0 { close(descriptor) }
  }

  /// Writes a chunk and gives its place.
  ///
  /// - Throws: `file`, when there is no file or no room in it.
  func write(_ buffer: Buffer, _ name: String, _ box: Region) throws(WeftError) -> Int {
    let count = buffer.byteCount
    let (descriptor, place) = try state.withLock { state throws(WeftError) in
      if state.descriptor < 0 { state.descriptor = try folder.open() }
      state.used += count
      if let place = state.free[count]?.popLast() { return (state.descriptor, place) }
      state.end += count
      return (state.descriptor, state.end - count)
    }
    var done = 0
    while done < count {
      let written = pwrite(descriptor, buffer.base + done, count - done, off_t(place + done))
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        let reason = written < 0 ? String(cString: strerror(errno)) : "nothing was written"
        let others = state.withLock { $0.used } - count
        throw WeftError(
          .file, "spill",
          "cannot write \(ByteText.of(count)) of \(name)\(box) to a file in \(folder.path), which "
            + "has \(ByteText.of(others)): \(reason)",
          hint: "name a folder with more room by WEFT_SPILL, or raise the memory limit")
      }
      done += written
    }
    return place
  }

  /// Reads a part of a chunk.
  ///
  /// - Throws: `file`, when the system refuses.
  func read(_ place: Int, _ count: Int, to target: UnsafeMutableRawPointer) throws(WeftError) {
    let descriptor = state.withLock { $0.descriptor }
    var done = 0
    while done < count {
      let found = pread(descriptor, target + done, count - done, off_t(place + done))
      if found < 0, errno == EINTR { continue }
      guard found > 0 else {
        let reason = found < 0 ? String(cString: strerror(errno)) : "the file ends early"
        throw WeftError(.file, "spill", "cannot read a chunk back from \(folder.path): \(reason)")
      }
      done += found
    }
  }

  /// Gives the place of a chunk to others.
  func release(_ place: Int, _ count: Int) {
    state.withLock {
      $0.used -= count
      $0.free[count, default: []].append(place)
    }
  }
}

/// Where files for chunks that wait on disk lie.
public struct SpillFolder: Sendable {
  /// The folder.
  public let path: String
  /// Opens a file without a name for reading and writing.
  package let open: @Sendable () throws(WeftError) -> Int32

  /// A folder; nil for what `TMPDIR` says, else `/tmp`.
  public init(_ path: String? = nil) {
    let path = path ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    self.init(path) { () throws(WeftError) in
      var name = Array("\(path)/weft-spill-XXXXXX".utf8CString)
      let descriptor = mkstemp(&name)
      guard descriptor >= 0 else {
        throw WeftError(
          .file, "spill", "cannot make a file in \(path): \(String(cString: strerror(errno)))",
          hint: "name another folder by WEFT_SPILL, or raise the memory limit")
      }
      unlink(&name)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      return descriptor
    }
  }

  /// A folder whose files a function opens.
  init(_ path: String, open: @escaping @Sendable () throws(WeftError) -> Int32) {
    self.path = path
    self.open = open
  }
}
