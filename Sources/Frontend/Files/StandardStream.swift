#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where programs write text, without a buffer in between.
package enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  /// Writes bytes; false when the reader is gone or the disk is full.
  @discardableResult
  package func write(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(rawValue, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        return false
      }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Writes a text and a line break.
  @discardableResult
  package func line(_ text: String) -> Bool { write(Array(text.utf8) + [UInt8(ascii: "\n")]) }
}

private func systemWrite(_ descriptor: Int32, _ base: UnsafeRawPointer?, _ count: Int) -> Int {
  #if canImport(Glibc)
    Glibc.write(descriptor, base, count)
  #else
    Darwin.write(descriptor, base, count)
  #endif
}
