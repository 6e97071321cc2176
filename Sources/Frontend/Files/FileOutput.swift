import Synchronization
import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file being written: it appears under its name whole, or not at all.
///
/// Bytes go to a temporary file in the same folder, which is renamed at the end and removed when
/// anything fails. A device or pipe is written directly.
final class FileOutput {
  /// The bytes written so far.
  private(set) var offset = 0
  private let descriptor: Int32
  private let path: String
  private let operation: String

  private init(descriptor: Int32, path: String, operation: String) {
    self.descriptor = descriptor
    self.path = path
    self.operation = operation
  }

  /// Appends bytes.
  ///
  /// - Throws: `file` when the disk is full or the system refuses.
  func write(_ bytes: UnsafeRawBufferPointer) throws(WeftError) {
    guard let base = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, base + done, min(bytes.count - done, 1 << 30))
      #else
        let count = Darwin.write(descriptor, base + done, min(bytes.count - done, 1 << 30))
      #endif
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(operation, "cannot write \"\(path)\"")
      }
      done += count
    }
    offset += done
  }

  /// Appends bytes.
  func write(_ bytes: [UInt8]) throws(WeftError) {
    try bytes.withBytes { (bytes) throws(WeftError) in try write(bytes) }
  }

  /// Makes a file of what `body` writes.
  static func create(
    _ path: String, operation: String, body: (FileOutput) throws(WeftError) -> Void
  ) throws(WeftError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw WeftError(.file, operation, "a path is not empty and has no NUL")
    }
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT == S_IFDIR {
      throw WeftError(.file, operation, "\"\(path)\" is a directory")
    }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw .system(operation, "cannot open \"\(path)\"") }
      try fill(descriptor, path: path, operation: operation, body: body)
      return
    }
    // A link keeps pointing at the file that it names.
    let target = exists ? resolved(path) : path
    let (temporary, descriptor) = try openTemporary(beside: target, operation: operation)
    do throws(WeftError) {
      if exists { fchmod(descriptor, status.st_mode & 0o7777) }
      try fill(descriptor, path: path, operation: operation, body: body)
      guard rename(temporary, target) == 0 else {
        throw .system(operation, "cannot replace \"\(path)\"")
      }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private static func fill(
    _ descriptor: Int32, path: String, operation: String,
    body: (FileOutput) throws(WeftError) -> Void
  ) throws(WeftError) {
    do throws(WeftError) {
      try body(FileOutput(descriptor: descriptor, path: path, operation: operation))
    } catch {
      close(descriptor)
      throw error
    }
    // Quotas and network file systems may report a failed write only here.
    guard close(descriptor) == 0 else { throw .system(operation, "cannot write \"\(path)\"") }
  }

  private static func resolved(_ path: String) -> String {
    guard let text = realpath(path, nil) else { return path }
    defer { free(text) }
    return String(cString: text)
  }

  /// What the names of temporary files end with.
  static let temporarySuffix = ".tmp"

  private static func openTemporary(
    beside path: String, operation: String
  ) throws(WeftError) -> (path: String, descriptor: Int32) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    for _ in 0..<100 {
      let serial = temporaries.add(1, ordering: .relaxed).oldValue
      let name = "\(folder).weft-\(getpid())-\(serial)\(temporarySuffix)"
      let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (name, descriptor) }
      guard errno == EEXIST else { throw .system(operation, "cannot create \"\(path)\"") }
    }
    throw .system(operation, "cannot create \"\(path)\"", number: EEXIST)
  }
}

/// Names of temporary files only need to differ; a name that exists is passed over.
private let temporaries = Atomic<Int>(0)
