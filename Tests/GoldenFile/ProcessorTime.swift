#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Processor time of this thread, which other work on the machine hardly changes.
public enum ProcessorTime {
  /// The seconds of it since the thread started.
  public static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The seconds of it that a body takes, the least of several tries.
  public static func seconds(tries: Int = 1, _ body: () throws -> Void) rethrows -> Double {
    var least = Double.infinity
    for _ in 0..<max(tries, 1) {
      let start = now
      try body()
      least = min(least, now - start)
    }
    return least
  }
}
