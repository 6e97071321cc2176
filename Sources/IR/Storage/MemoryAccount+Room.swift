#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension MemoryAccount {
  /// Bytes that are asked for without a look whether they are there.
  private static let least = 1 << 16

  /// Makes sure that there is memory for an array or text of the standard library, which ends the
  /// process where there is none.
  ///
  /// The memory is taken and given back at once: what another thread takes in between is missing.
  ///
  /// - Throws: `out-of-memory` when there is not so much, or when the account's limit forbids it.
  package func requireRoom(_ bytes: Int, for operation: String) throws(WeftError) {
    let type = TensorType(.uint8, Shape([max(bytes, 0)]))
    try ledger.reserve(max(bytes, 0), for: type)
    defer { ledger.release(max(bytes, 0)) }
    if bytes < Self.least || Self.isThere(bytes) { return }
    ledger.pool.drain()
    guard Self.isThere(bytes) else {
      throw WeftError(.outOfMemory, operation, "no memory for \(bytes) bytes")
    }
  }

  /// Counts bytes that somebody takes outside of buffers while a body runs.
  ///
  /// - Throws: `out-of-memory` when the account's limit forbids them; what the body throws.
  package func holding<Result>(_ bytes: Int, _ body: () throws -> Result) throws -> Result {
    try ledger.reserve(bytes, for: TensorType(.uint8, Shape([bytes])))
    defer { ledger.release(bytes) }
    return try body()
  }

  /// Whether the system gives so many bytes. Not `malloc`: compilers leave out what is freed at once.
  private static func isThere(_ bytes: Int) -> Bool {
    let room = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
    guard let room, room != MAP_FAILED else { return false }
    munmap(room, bytes)
    return true
  }

  /// As `requireRoom`, for so many elements of so many bytes.
  package func requireRoom(
    _ count: Int, times size: Int, for operation: String
  ) throws(WeftError) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
    try requireRoom(overflow ? Int.max / 2 : bytes, for: operation)
  }
}
