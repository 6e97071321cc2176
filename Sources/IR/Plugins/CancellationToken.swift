import Synchronization

/// Tells running work that its result is no longer wanted.
public final class CancellationToken: Sendable {
  /// Bodies that run when the token is cancelled, by number.
  private final class Watchers: Sendable {
    let bodies = Lock<(next: Int, all: [Int: @Sendable () -> Void])>((0, [:]))
  }

  private let flag = Atomic<Bool>(false)
  private let watchers = OnceReference<Watchers>()

  /// A token that is not cancelled.
  public init() {}

  /// The token of work that nobody stops.
  package static let ofNobody = CancellationToken()

  /// Whether the work should stop.
  public var isCancelled: Bool { flag.load(ordering: .relaxed) }

  /// Asks the work to stop.
  public func cancel() {
    flag.store(true, ordering: .sequentiallyConsistent)
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    guard let watchers = watchers.load() else { return }
    for body in watchers.bodies.withLock({ Array($0.all.values) }) { body() }
  }

  /// Runs a body when the token is cancelled, at once where it is: who waits for something else can
  /// be woken. Gives a number for `unwatch`.
  ///
  /// The body may run twice, on any thread.
  public func watch(_ body: @escaping @Sendable () -> Void) -> Int {
    let watchers = self.watchers.load() ?? self.watchers.storeIfNil(Watchers())
    let number = watchers.bodies.withLock { bodies in
      bodies.next += 1
      bodies.all[bodies.next] = body
      return bodies.next
    }
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    if flag.load(ordering: .sequentiallyConsistent) { body() }
    return number
  }

  /// Forgets a body.
  public func unwatch(_ number: Int) {
    // What goes may free memory, which must not happen under the lock.
    let body = watchers.load()?.bodies.withLock { $0.all.removeValue(forKey: number) }
    withExtendedLifetime(body) {}
  }

  /// Stops the caller when cancelled.
  ///
  /// - Throws: `cancelled`.
  public func check() throws(WeftError) {
    if isCancelled { throw WeftError(.cancelled, "compute", "the computation was cancelled") }
  }
}
