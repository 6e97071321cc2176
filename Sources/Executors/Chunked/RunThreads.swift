import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The threads of a run, with the lock of what they share and the condition that it changed.
///
/// `@unchecked Sendable`: the count is read and changed under the lock.
final class RunThreads: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  /// The threads that have not ended; under the lock.
  private(set) var count = 0

  init() {
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    changed = .allocate(capacity: 1)
    changed.initialize(to: pthread_cond_t())
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
    pthread_cond_destroy(changed)
    changed.deallocate()
  }

  func lock() { pthread_mutex_lock(mutex) }

  func unlock() { pthread_mutex_unlock(mutex) }

  /// Wakes all that wait; under the lock or not.
  func broadcast() { pthread_cond_broadcast(changed) }

  /// Waits until somebody wakes all; under the lock.
  func wait() { pthread_cond_wait(changed, mutex) }

  /// As `wait()`, until a time of the real clock at most; false when that has come. Under the lock.
  func wait(until end: timespec) -> Bool {
    var end = end
    return pthread_cond_timedwait(changed, mutex, &end) != ETIMEDOUT
  }

  /// Starts a thread that runs a body with an owner; false when the system has none to give.
  ///
  /// The thread lets go of the owner before it is counted out: who sees no thread any more is the last to have
  /// it, and what it holds (files, memory, locks) is gone with him, not whenever the thread gets a turn.
  func start<Owner: AnyObject & Sendable>(
    for owner: Owner, _ body: @escaping @Sendable (Owner) -> Void
  ) -> Bool {
    lock()
    count += 1
    unlock()
    let held = Held(Unmanaged.passRetained(owner))
    let isStarted = DetachedThread.start { [self] in
      held.use(body)
      lock()
      count -= 1
      broadcast()
      unlock()
    }
    if !isStarted {
      held.use { _ in }
      lock()
      count -= 1
      unlock()
    }
    return isStarted
  }

  /// An owner that is let go at a line, not where the optimizer sees its last use.
  private struct Held<Owner: AnyObject & Sendable>: @unchecked Sendable {
    private let owner: Unmanaged<Owner>

    init(_ owner: Unmanaged<Owner>) { self.owner = owner }

    /// Runs a body and lets go; once.
    @inline(never)
    func use(_ body: (Owner) -> Void) { body(owner.takeRetainedValue()) }
  }
}
