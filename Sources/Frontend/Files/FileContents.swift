import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads whole files as buffers of `uint8`.
package enum FileContents {
  /// Smaller files are read: a mapping costs a page and one of 65,530 places in the kernel's table.
  static let leastMapped = 65_536

  /// The bytes of a regular file, mapped when it is large and mapping is wanted, else read.
  ///
  /// - Throws: `file` when the file is missing, refused, or a directory, pipe or device.
  package static func read(
    _ path: String, operation: String, mapped: Bool, in account: MemoryAccount
  ) throws(WeftError) -> Buffer {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw WeftError(.file, operation, "a path is not empty and has no NUL")
    }
    // Without O_NONBLOCK opening a pipe waits for its writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system(operation, "cannot open \"\(path)\"") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .system(operation, "cannot examine \"\(path)\"")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw WeftError(.file, operation, "\"\(path)\" is a directory")
    default: throw WeftError(.file, operation, "\"\(path)\" is not a regular file")
    }
    guard let extent = Int(exactly: status.st_size), extent >= 0 else {
      throw WeftError(.file, operation, "\"\(path)\" is larger than memory can address")
    }
    let type = TensorType(.uint8, Shape([extent]))
    guard mapped, extent >= leastMapped else {
      let buffer = try Buffer(allocating: type, in: account)
      try fill(buffer, from: descriptor, path: path, operation: operation)
      return buffer
    }
    guard let buffer = FileMaps.map(descriptor, status, path: path) else {
      throw .system(operation, "cannot map \"\(path)\"")
    }
    return buffer
  }

  private static func fill(
    _ buffer: Buffer, from descriptor: Int32, path: String, operation: String
  ) throws(WeftError) {
    var done = 0
    while done < buffer.byteCount {
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, buffer.base + done, buffer.byteCount - done)
      #else
        let count = Darwin.read(
          descriptor, buffer.base + done, min(buffer.byteCount - done, 1 << 30))
      #endif
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(operation, "cannot read \"\(path)\"")
      }
      if count == 0 {
        throw WeftError(.file, operation, "\"\(path)\" became shorter while it was read")
      }
      done += count
    }
  }
}

extension WeftError {
  /// A `file` error that ends with what the system says of `errno`.
  static func system(_ operation: String, _ message: String, number: Int32 = errno) -> WeftError {
    WeftError(.file, operation, "\(message): \(String(cString: strerror(number)))")
  }
}
