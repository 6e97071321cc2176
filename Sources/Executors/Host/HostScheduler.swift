import CHost
import WeftIR

/// Runs parts on the process's pool of threads.
public final class HostScheduler: Scheduler {
  /// The most parts that run at once, the caller's included.
  public let threadCount: Int

  /// A scheduler with a budget of threads.
  public init(threadCount: Int) { self.threadCount = max(1, threadCount) }

  /// Runs `body` for 0..<count; the error of the lowest part wins.
  public func run(
    _ count: Int, _ token: CancellationToken,
    _ body: @Sendable (_ part: Int, _ thread: Int) throws -> Void
  ) throws {
    try token.check()
    if count <= 0 { return }
    let failure = Lock<(part: Int, error: any Error)?>(nil)
    withoutActuallyEscaping(body) { body in
      let region = Region { part, thread in
        if token.isCancelled { return }
        do {
          try body(part, thread)
        } catch {
          failure.withLock { first in
            if first.map({ part < $0.part }) ?? true { first = (part, error) }
          }
        }
      }
      withExtendedLifetime(region) {
        weft_parallel(
          Int32(clamping: threadCount), Int64(count), runPart,
          Unmanaged.passUnretained(region).toOpaque())
      }
    }
    if let error = failure.withLock({ $0?.error }) { throw error }
    try token.check()
  }
}

/// What the pool's threads call.
private final class Region: Sendable {
  let body: @Sendable (Int, Int) -> Void
  init(_ body: @escaping @Sendable (Int, Int) -> Void) { self.body = body }
}

private func runPart(_ context: UnsafeMutableRawPointer?, _ part: Int64, _ thread: Int32) {
  guard let context else { return }
  Unmanaged<Region>.fromOpaque(context).takeUnretainedValue().body(Int(part), Int(thread))
}
