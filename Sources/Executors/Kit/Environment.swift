import CWeft
import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the environment variables say, read at the first compute of a process.
public struct Environment: Sendable {
  /// `WEFT_EXECUTOR`.
  public var executor: ExecutorName?
  /// `WEFT_THREADS`.
  public var threads: Int?
  /// `WEFT_MEMORY_LIMIT`.
  public var memoryLimit: Int?
  /// `WEFT_DENSIFY_LIMIT`.
  public var densifyLimit: Int?
  /// `WEFT_CHUNKS`.
  public var chunking = Chunking.automatic
  /// `WEFT_SPILL`: the folder of chunks that memory has no room for.
  public var spillFolder: String?
  /// `WEFT_READ_RETRIES`: how often reading from a source is tried again.
  public var readRetries: Int?
  /// `WEFT_EXACT`.
  public var isExact = false
  /// `WEFT_DUMP`.
  public var dumps: PassContext.DumpSelection = .none
  /// `WEFT_DUMP_DIR`.
  public var dumpDirectory: String?
  /// `WEFT_FALLBACK`.
  public var fallback: FallbackPolicy = .allow
  /// `WEFT_JIT`.
  public var compilation: PassContext.Compilation = .automatic
  /// `WEFT_LOOK`: whether plans may follow what arrays' elements tell.
  public var looksAtData = true
  /// `WEFT_RATES`: whether plans of much work may follow what was measured on this machine.
  public var usesMeasuredRates = true
  /// `WEFT_TRACE`: where all sessions of the environment write what happened when.
  public var trace: Trace?
  /// `WEFT_PROGRESS`: how the progress of runs is shown; nil where it says nothing, or `auto`.
  public var progress: ProgressDisplay?
  /// What is wrong with a variable; thrown by `compute()`.
  public var error: WeftError?

  /// An environment that says nothing.
  public init() {}

  /// Reads variables through a function, so that tests need not change the process.
  public init(reading variable: (String) -> String?) {
    func text(_ name: String) -> String? {
      guard let value = variable(name), !value.isEmpty else { return nil }
      return value
    }
    func wrong(_ name: String, _ value: String, _ expected: String) {
      error = WeftError(.environment, name, "is '\(value)', expected \(expected)")
    }
    if let value = text("WEFT_EXECUTOR") { executor = ExecutorName(value) }
    if let value = text("WEFT_THREADS") {
      if let count = Int(value), count >= 1 {
        threads = count
      } else {
        wrong("WEFT_THREADS", value, "a number of threads, at least 1")
      }
    }
    if let value = text("WEFT_MEMORY_LIMIT") {
      if let size = ByteCount(value) {
        memoryLimit = size.bytes
      } else {
        wrong("WEFT_MEMORY_LIMIT", value, "a size such as 200MB or 2GiB")
      }
    }
    if let value = text("WEFT_DENSIFY_LIMIT") {
      if let size = ByteCount(value) {
        densifyLimit = size.bytes
      } else {
        wrong("WEFT_DENSIFY_LIMIT", value, "a size such as 200MB or 2GiB")
      }
    }
    if let value = text("WEFT_CHUNKS") {
      if let known = Chunking(value, size: { ByteCount($0)?.bytes }) {
        chunking = known
      } else {
        wrong("WEFT_CHUNKS", value, "auto, a size such as 16MiB, extent:3 or seed:7")
      }
    }
    spillFolder = text("WEFT_SPILL")
    if let value = text("WEFT_READ_RETRIES") {
      if let count = Int(value), count >= 0 {
        readRetries = count
      } else {
        wrong("WEFT_READ_RETRIES", value, "a number from 0")
      }
    }
    if let value = text("WEFT_EXACT") { isExact = value != "0" }
    if let value = text("WEFT_LOOK") { looksAtData = value != "0" }
    if let value = text("WEFT_RATES") { usesMeasuredRates = value != "0" }
    if let value = text("WEFT_DUMP") {
      switch value {
      case "final": dumps = .final
      case "all": dumps = .all
      default: dumps = .passes(Set(value.split(separator: ",").map(String.init)))
      }
    }
    dumpDirectory = text("WEFT_DUMP_DIR")
    trace = text("WEFT_TRACE").map { Trace(to: TraceFile(path: $0)) }
    if let value = text("WEFT_PROGRESS"), value != "auto" {
      progress = ProgressDisplay(value)
      if progress == nil { wrong("WEFT_PROGRESS", value, "auto, bar, lines or off") }
    }
    if let value = text("WEFT_JIT") {
      if let known = PassContext.Compilation(rawValue: value) {
        compilation = known
      } else {
        wrong("WEFT_JIT", value, "auto, always or never")
      }
    }
    if let value = text("WEFT_FALLBACK") {
      if let policy = FallbackPolicy(rawValue: value) {
        fallback = policy
      } else {
        wrong("WEFT_FALLBACK", value, "allow, warn or error")
      }
    }
  }

  /// What the process's variables say.
  public static let process = Environment { name in getenv(name).map { String(cString: $0) } }

  /// The processors that this process may use: its affinity, cut by the cgroup's quota.
  public static var processorCount: Int {
    let affinity = Int(weft_affinity_count())
    var count = affinity > 0 ? affinity : sysconf(Int32(_SC_NPROCESSORS_ONLN))
    if let quota = cgroupQuota { count = min(count, quota) }
    return max(1, count)
  }

  /// Processors that cgroup v2 grants, rounded up; nil without a limit.
  private static var cgroupQuota: Int? {
    guard let file = fopen("/sys/fs/cgroup/cpu.max", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 64)
    guard fgets(&line, 64, file) != nil else { return nil }
    let words = line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }  // never empty
      .split { $0 == " " || $0 == "\n" }
    guard words.count == 2, let quota = Int(words[0]), let period = Int(words[1]), period > 0
    else { return nil }
    return max(1, (quota + period - 1) / period)
  }
}

/// What happens when an executor does not run a row itself.
public enum FallbackPolicy: String, Sendable {
  /// It runs elsewhere; an event says so.
  case allow
  /// As `allow`, and a line on standard error.
  case warn
  /// `compute()` throws.
  case error
}
