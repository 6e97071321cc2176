import Synchronization

/// Counts the bytes of live buffers and holds them to a limit.
///
/// Memory of buffers that are gone is kept for the next ones as long as somebody has the account; buffers that
/// outlive it go on being counted, and their memory goes back to the system.
public final class MemoryAccount: Sendable {
  /// What buffers hold in place of the account.
  let ledger: MemoryLedger

  /// An account with a limit in bytes.
  public init(limit: Int? = nil) { ledger = MemoryLedger(limit: limit, refusing: 0) }

  /// An account that refuses one request, the n-th from 1: tests find with it who does not expect
  /// that there is no memory.
  package init(refusing n: Int) { ledger = MemoryLedger(limit: nil, refusing: n) }

  deinit { ledger.close() }

  /// The most bytes that may live at once; nil for no limit.
  public var limit: Int? { ledger.limit }
  /// Whether the request that was to be refused has been.
  package var hasRefused: Bool { ledger.hasRefused }
  /// Bytes of live buffers.
  public var liveBytes: Int { ledger.live.load(ordering: .relaxed) }
  /// The most bytes that lived at once since the start or the last `resetPeak`.
  public var peakBytes: Int { ledger.most.load(ordering: .relaxed) }
  /// Bytes of all buffers so far, those that are gone included.
  public var allocatedBytes: Int { ledger.total.load(ordering: .relaxed) }
  /// Bytes of blocks that are kept for the next buffers.
  package var keptBytes: Int { ledger.pool.keptBytes }
  /// Begins a new measurement of the peak.
  public func resetPeak() { ledger.most.store(liveBytes, ordering: .relaxed) }
}

/// The counts of an account, and where its buffers' memory comes from.
///
/// Apart from the account since buffers are kept for long by whoever keeps plans: one small constant must not
/// keep the blocks of all that its session ever freed.
final class MemoryLedger: Sendable {
  let limit: Int?
  let pool = BlockPool()
  let live = Atomic<Int>(0)
  let most = Atomic<Int>(0)
  let total = Atomic<Int>(0)
  /// Requests until the one that is refused; 0 when none is.
  private let untilRefusal: Atomic<Int>
  private let isClosed = Atomic<Bool>(false)

  init(limit: Int?, refusing n: Int) {
    self.limit = limit
    untilRefusal = Atomic(n)
  }

  var hasRefused: Bool { untilRefusal.load(ordering: .relaxed) < 0 }

  /// Lets kept blocks go, and keeps none from now on.
  func close() {
    isClosed.store(true, ordering: .relaxed)
    pool.drain()
  }

  func reserve(_ bytes: Int, for type: TensorType) throws(WeftError) {
    if untilRefusal.load(ordering: .relaxed) > 0 { try countDown(type, bytes) }
    let now = live.add(bytes, ordering: .relaxed).newValue
    if let limit, now > limit {
      release(bytes)
      throw WeftError(
        .outOfMemory, "allocate",
        "\(type) needs \(bytes) bytes; \(now - bytes) of \(limit) are used",
        hint: "raise the memory limit or compute in parts")
    }
    // Memory that is only kept must not take the place of memory in use.
    if let limit, now + pool.keptBytes > limit { pool.drain() }
    most.max(now, ordering: .relaxed)
    total.add(bytes, ordering: .relaxed)
  }

  private func countDown(_ type: TensorType, _ bytes: Int) throws(WeftError) {
    guard untilRefusal.subtract(1, ordering: .relaxed).newValue == 0 else { return }
    untilRefusal.store(-1, ordering: .relaxed)
    throw WeftError(.outOfMemory, "allocate", "no memory for \(type), \(bytes) bytes")
  }

  func release(_ bytes: Int) { live.subtract(bytes, ordering: .relaxed) }

  /// Takes a block back, and keeps it where there is room and somebody may want it.
  func give(_ base: UnsafeMutableRawPointer, _ bytes: Int, isKept: Bool) {
    release(bytes)
    let mayKeep = isKept && !isClosed.load(ordering: .relaxed)
    let room = mayKeep ? (limit ?? Int.max) - live.load(ordering: .relaxed) : 0
    pool.give(base, bytes, room: room)
  }
}
