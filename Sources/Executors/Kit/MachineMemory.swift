#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The memory of the machine, as far as this process may have it.
package enum MachineMemory {
  /// Programs that need less are not compared with what is free: asking takes some tens of microseconds.
  static let leastNeed = 1 << 30

  /// All bytes: those of the machine, cut by cgroup v2; nil where the system does not say.
  package static var bytes: Int? {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let page = sysconf(Int32(_SC_PAGESIZE))
    let (bytes, overflow) = pages.multipliedReportingOverflow(by: page)
    guard !overflow, bytes > 0 else { return nil }
    return min(bytes, granted("memory.max") ?? bytes)
  }

  /// The bytes that can be had without taking them from anybody: free ones, caches that can go and
  /// swap, cut by what cgroup v2 leaves; nil where the system does not say.
  static var availableBytes: Int? {
    guard let text = text(of: "/proc/meminfo") else { return nil }
    var free: Int?
    for line in text.split(separator: "\n") {
      guard line.hasPrefix("MemAvailable:") || line.hasPrefix("SwapFree:") else { continue }
      let words = line.split(separator: " ")
      guard words.count >= 2, let count = Int(words[1]) else { continue }
      free = (free ?? 0) + count * 1024
    }
    guard let free else { return nil }
    guard let limit = granted("memory.max"), let used = granted("memory.current") else {
      return free
    }
    return min(free, max(0, limit - used + cachedBytes))
  }

  /// Pages of files that the cgroup holds and would give back.
  private static var cachedBytes: Int {
    let lines = text(of: folder + "memory.stat")?.split(separator: "\n") ?? []
    let line = lines.first { $0.hasPrefix("inactive_file ") }
    return line.flatMap { Int($0.dropFirst(14)) } ?? 0
  }

  private static let folder = "/sys/fs/cgroup/"

  /// A number that cgroup v2 says; nil where it says none.
  private static func granted(_ file: String) -> Int? {
    text(of: folder + file).flatMap { Int($0.prefix { $0 > " " }) }
  }

  /// The start of a small file.
  private static func text(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
