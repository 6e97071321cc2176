import Synchronization

/// The elements of an array in memory: dense, C order, never written once published.
///
/// They may be elsewhere, such as on a device, until somebody reads them here.
/// `@unchecked Sendable`: whoever allocates a buffer fills it before handing it on; from then on
/// every holder only reads.
public final class Buffer: @unchecked Sendable {
  /// dtype and shape; the shape is known.
  public let type: TensorType
  /// The first element, or nil while the elements are only elsewhere.
  @usableFromInline let place: Atomic<UnsafeMutableRawPointer?>
  /// The bytes of all elements; 0 where a sparse array has too many to count.
  public let byteCount: Int
  /// The elements as stored, where the array is sparse; then nobody needs `base`.
  public let sparse: SparseElements?
  private let account: MemoryAccount?
  /// Read and changed under `residences` alone.
  private var elsewhere: (any Residence)?
  /// One for all buffers: few are ever elsewhere, and it is held for a moment.
  private static let residences = Lock(())
  private let release: (@Sendable () -> Void)?
  /// What a look at the elements found, once somebody asked; see `facts`.
  let look = OnceReference<FoundFacts>()
  /// 0 while nobody has asked whether all elements are finite, 1 when they are, 2 when not.
  let finiteness = Atomic<UInt8>(0)

  /// Takes fresh memory, not initialised.
  ///
  /// - Throws: `too-large` when the bytes cannot be counted, `out-of-memory` when there are not so
  ///   many or the account's limit forbids them.
  public init(allocating type: TensorType, in account: MemoryAccount) throws(WeftError) {
    guard type.shape.isKnown, let bytes = type.byteCount else {
      throw WeftError(.tooLarge, "allocate", "\(type) has more bytes than can be counted")
    }
    try account.reserve(bytes, for: type)
    guard let pointer = account.pool.take(bytes) else {
      account.release(bytes)
      throw WeftError(.outOfMemory, "allocate", "no memory for \(type), \(bytes) bytes")
    }
    self.type = type
    place = Atomic(pointer)
    byteCount = bytes
    self.account = account
    sparse = nil
    release = nil
  }

  /// The elements that are elsewhere; memory is taken here when somebody reads them.
  public init(at residence: any Residence, type: TensorType, in account: MemoryAccount) {
    self.type = type
    place = Atomic(nil)
    byteCount = type.byteCount ?? 0
    self.account = account
    elsewhere = residence
    sparse = nil
    release = nil
  }

  /// A sparse array; its dense elements take memory when somebody reads them.
  public init(_ sparse: SparseElements, in account: MemoryAccount) {
    type = sparse.type
    place = Atomic(nil)
    byteCount = sparse.type.byteCount ?? 0
    self.account = account
    elsewhere = sparse
    self.sparse = sparse
    release = nil
  }

  /// Wraps memory that somebody else owns; `release` runs when the last holder lets go.
  ///
  /// - Precondition: the memory holds the type's elements in C order and nobody writes to it.
  public init(
    wrapping base: UnsafeMutableRawPointer, type: TensorType,
    release: @escaping @Sendable () -> Void
  ) {
    self.type = type
    place = Atomic(base)
    byteCount = type.byteCount ?? 0
    account = nil
    sparse = nil
    self.release = release
  }

  /// The first element; aligned to 64 bytes from a KiB on, unless the memory is somebody else's.
  ///
  /// - Precondition: elements that are only elsewhere can be copied here. Who cannot know calls
  ///   `load()` first, which throws.
  @inlinable public var base: UnsafeMutableRawPointer {
    place.load(ordering: .acquiring) ?? loaded()
  }

  /// Whether the elements are in this machine's memory.
  @inlinable public var isHere: Bool { place.load(ordering: .relaxed) != nil }

  /// Copies elements that are only elsewhere to this machine's memory.
  ///
  /// - Throws: `out-of-memory`, and what keeps the other place from giving them.
  @inlinable public func load() throws(WeftError) {
    if !isHere { try fetch() }
  }

  /// Of several threads that fetch at once the first to end leaves its copy.
  @usableFromInline func fetch() throws(WeftError) {
    guard let residence, let account else { return }
    guard type.byteCount != nil else {
      throw WeftError(.tooLarge, "load", "\(type) has more bytes than can be counted")
    }
    try account.reserve(byteCount, for: type)
    guard let pointer = account.pool.take(byteCount) else {
      account.release(byteCount)
      throw WeftError(.outOfMemory, "load", "no memory for \(type), \(byteCount) bytes")
    }
    var isKept = false
    defer {
      if !isKept {
        account.release(byteCount)
        account.pool.give(pointer, byteCount, room: 0)
      }
    }
    try residence.copy(to: pointer, byteCount)
    isKept =
      place.compareExchange(
        expected: nil, desired: pointer, ordering: .acquiringAndReleasing
      ).exchanged
  }

  @usableFromInline func loaded() -> UnsafeMutableRawPointer {
    do throws(WeftError) {
      try load()
    } catch {
      preconditionFailure("\(type) was read without load(): \(error)")
    }
    guard let pointer = place.load(ordering: .acquiring) else {
      preconditionFailure("\(type) has no elements")
    }
    return pointer
  }

  /// How a sparse array is stored; nil for a dense one.
  public var layout: Layout? { sparse?.layout }

  /// Whether the array is stored sparsely.
  public var isSparse: Bool { sparse != nil }

  /// Where else the elements are, if anywhere: a copy that is kept, or the only one.
  public var residence: (any Residence)? { Self.residences.withLock { _ in elsewhere } }

  /// Remembers another place that holds the elements; nil forgets it, if they are here too.
  public func keep(_ residence: (any Residence)?) {
    if residence == nil, !isHere { return }
    // What goes may free memory, which must not happen under the lock.
    var old: (any Residence)?
    Self.residences.withLock { _ in
      old = elsewhere
      elsewhere = residence
    }
    withExtendedLifetime(old) {}
  }

  /// The same elements under another type of as many bytes.
  public func reinterpreted(as type: TensorType) -> Buffer {
    if !isHere, let account, let residence {
      return Buffer(at: residence, type: type, in: account)
    }
    return Buffer(wrapping: base, type: type) { [self] in _ = self }
  }

  deinit {
    if let release {
      release()
    } else if let account, let base = place.load(ordering: .relaxed) {
      account.release(byteCount)
      let room = (account.limit ?? Int.max) - account.liveBytes
      account.pool.give(base, byteCount, room: room)
    }
  }

  /// The element at a flat C-order position.
  public func scalar(at index: Int) -> Scalar {
    Scalar(type.dtype, loading: base + index * type.dtype.itemSize)
  }

  /// The number of elements.
  public var count: Int { type.shape.count ?? 0 }
}

/// Another place that holds the elements of a buffer, such as a device's memory.
public protocol Residence: AnyObject, Sendable {
  /// Copies the elements to this machine's memory.
  func copy(to base: UnsafeMutableRawPointer, _ byteCount: Int) throws(WeftError)
}

/// Counts the bytes of live buffers and holds them to a limit.
public final class MemoryAccount: Sendable {
  private let live = Atomic<Int>(0)
  private let most = Atomic<Int>(0)
  private let total = Atomic<Int>(0)
  /// Where buffers' memory comes from.
  let pool = BlockPool()
  /// The most bytes that may live at once; nil for no limit.
  public let limit: Int?

  /// Requests until the one that is refused; 0 when none is.
  private let untilRefusal: Atomic<Int>

  /// An account with a limit in bytes.
  public init(limit: Int? = nil) {
    self.limit = limit
    untilRefusal = Atomic(0)
  }

  /// An account that refuses one request, the n-th from 1: tests find with it who does not expect
  /// that there is no memory.
  package init(refusing n: Int) {
    limit = nil
    untilRefusal = Atomic(n)
  }

  /// Whether the request that was to be refused has been.
  package var hasRefused: Bool { untilRefusal.load(ordering: .relaxed) < 0 }

  /// Bytes of live buffers.
  public var liveBytes: Int { live.load(ordering: .relaxed) }
  /// The most bytes that lived at once since the start or the last `resetPeak`.
  public var peakBytes: Int { most.load(ordering: .relaxed) }
  /// Bytes of all buffers so far, those that are gone included.
  public var allocatedBytes: Int { total.load(ordering: .relaxed) }
  /// Bytes of blocks that are kept for the next buffers.
  package var keptBytes: Int { pool.keptBytes }
  /// Begins a new measurement of the peak.
  public func resetPeak() { most.store(liveBytes, ordering: .relaxed) }

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
}
