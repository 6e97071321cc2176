import WeftIR
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Object files in a folder, named for the hash of what they were made from.
///
/// Any number of processes may use one folder: a file is written under another name and renamed.
/// What cannot be read or written is a miss; nothing here throws.
package final class KernelDiskCache: Sendable {
  /// Why an object was not found.
  package enum Miss: String, Sendable, CaseIterable {
    /// There is no such file, or it cannot be read.
    case absent
    /// The file was cut or changed.
    case torn
    /// The file is of another key, no cache entry, or another user may have written it.
    case foreign
    /// The cache is off.
    case disabled
  }

  /// What a cache did since it was made.
  package struct Counts: Sendable {
    package var hits = 0
    package var misses: [Miss: Int] = [:]
    package var writes = 0
    /// Writes that the file system refused.
    package var failedWrites = 0
    /// Files that were removed to stay below the limit.
    package var evictions = 0
  }

  private struct State {
    var counts = Counts()
    /// The bytes of all files when they were last looked at, with what was written since.
    var bytes: Int?
    var writesSinceSweep = 0
  }

  /// Where the files are; nil when the cache is off.
  package let directory: String?
  /// The bytes that the files may take; the least recently used ones go first.
  package let capacity: Int
  private let state = Lock(State())

  /// The bytes that a user's cache may take.
  package static let usualCapacity = 256 << 20
  /// Other processes write too: after so many writes the folder is looked at again.
  private static let writesPerSweep = 64

  /// A cache in a folder, which the first write makes; nil for one that is off.
  package init(directory: String?, capacity: Int = usualCapacity) {
    self.directory = directory
    self.capacity = capacity
  }

  /// The cache that `WEFT_CACHE_DIR` and `XDG_CACHE_HOME` ask for.
  package static let process = KernelDiskCache(
    directory: directory { name in getenv(name).map { String(cString: $0) } })

  /// The folder that variables ask for; `off` and a process without a home have none.
  package static func directory(reading variable: (String) -> String?) -> String? {
    func text(_ name: String) -> String? {
      variable(name).flatMap { $0.isEmpty ? nil : $0 }
    }
    if let chosen = text("WEFT_CACHE_DIR") { return chosen == "off" ? nil : chosen + "/kernels" }
    // The base directory specification has relative paths ignored.
    if let base = text("XDG_CACHE_HOME"), base.hasPrefix("/") { return base + "/weft/kernels" }
    return text("HOME").map { $0 + "/.cache/weft/kernels" }
  }

  /// What this cache did so far.
  package var counts: Counts { state.withLock { $0.counts } }

  // MARK: Reading

  /// The object that was stored for a key.
  package func find(_ key: [UInt8]) -> [UInt8]? {
    let content = read(key)
    return state.withLock { state in
      switch content {
      case .success(let object):
        state.counts.hits += 1
        return object
      case .failure(let miss):
        state.counts.misses[miss.reason, default: 0] += 1
        return nil
      }
    }
  }

  private struct Failure: Error { let reason: Miss }

  private func read(_ key: [UInt8]) -> Result<[UInt8], Failure> {
    guard let path = path(of: key) else { return .failure(Failure(reason: .disabled)) }
    switch KernelCacheFolder.contents(of: path) {
    case .absent: return .failure(Failure(reason: .absent))
    case .untrusted: return .failure(Failure(reason: .foreign))
    case .bytes(let bytes):
      switch KernelCacheEntry.decode(bytes, key: key) {
      case .object(let object): return .success(object)
      case .foreign: return .failure(Failure(reason: .foreign))
      case .torn: return .failure(Failure(reason: .torn))
      }
    }
  }

  // MARK: Writing

  /// Keeps an object for a key.
  package func store(_ object: [UInt8], for key: [UInt8]) {
    guard let directory, let path = path(of: key) else { return }
    let bytes = KernelCacheEntry.encode(key: key, object: object)
    guard bytes.count <= capacity / 4 else { return }
    let written = KernelCacheFolder.write(bytes, to: path, in: directory)
    let mustSweep = state.withLock { state in
      guard written else {
        state.counts.failedWrites += 1
        return false
      }
      state.counts.writes += 1
      state.writesSinceSweep += 1
      guard let known = state.bytes else { return true }
      state.bytes = known + bytes.count
      return known + bytes.count > capacity || state.writesSinceSweep >= Self.writesPerSweep
    }
    if mustSweep { sweep(directory) }
  }

  private func path(of key: [UInt8]) -> String? {
    guard let directory else { return nil }
    var hash = ContentHash()
    key.withUnsafeBytes { hash.combine($0) }
    return directory + "/" + hash.text + KernelCacheFolder.suffix
  }

  // MARK: Keeping below the limit

  /// Counts the bytes of the folder, and above the limit removes the oldest to three quarters of it.
  private func sweep(_ directory: String) {
    var files = KernelCacheFolder.files(in: directory)
    var bytes = files.reduce(0) { $0 + $1.bytes }
    var removed = 0
    if bytes > capacity {
      files.sort { $0.time < $1.time }
      for file in files where bytes > capacity / 4 * 3 {
        if unlink(file.path) == 0 { removed += 1 }
        bytes -= file.bytes
      }
    }
    state.withLock { state in
      state.bytes = bytes
      state.writesSinceSweep = 0
      state.counts.evictions += removed
    }
  }
}
