import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes texts of passes to files of a directory, or to standard error.
public struct StandardDumpSink: DumpSink {
  let directory: String?

  /// A sink for a directory; nil is standard error.
  public init(directory: String?) { self.directory = directory }

  /// Writes one text; a file that cannot be written is told on standard error.
  public func write(name: String, text: String) {
    guard let directory else {
      Self.writeError("// \(name)\n\(text)\n")
      return
    }
    let path = "\(directory)/\(name).ir"
    guard let file = fopen(path, "w") else {
      Self.writeError("cannot write \(path): \(String(cString: strerror(errno)))\n")
      return
    }
    fputs(text, file)
    fclose(file)
  }

  /// Writes to standard error.
  static func writeError(_ text: String) {
    _ = text.utf8.withContiguousStorageIfAvailable { write(2, $0.baseAddress, $0.count) }
  }

  private static func write(_ fd: Int32, _ base: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(fd, base, count)
    #else
      Darwin.write(fd, base, count)
    #endif
  }
}
