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
  private let ledger: MemoryLedger?
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
    let ledger = account.ledger
    try ledger.reserve(bytes, for: type)
    guard let pointer = ledger.pool.take(bytes) else {
      ledger.release(bytes)
      throw WeftError(.outOfMemory, "allocate", "no memory for \(type), \(bytes) bytes")
    }
    self.type = type
    place = Atomic(pointer)
    byteCount = bytes
    self.ledger = ledger
    sparse = nil
    release = nil
  }

  /// The elements that are elsewhere; memory is taken here when somebody reads them.
  public convenience init(
    at residence: any Residence, type: TensorType, in account: MemoryAccount
  ) {
    self.init(at: residence, type: type, in: account.ledger)
  }

  private init(at residence: any Residence, type: TensorType, in ledger: MemoryLedger) {
    self.type = type
    place = Atomic(nil)
    byteCount = type.byteCount ?? 0
    self.ledger = ledger
    elsewhere = residence
    sparse = nil
    release = nil
  }

  /// A sparse array; its dense elements take memory when somebody reads them.
  public init(_ sparse: SparseElements, in account: MemoryAccount) {
    type = sparse.type
    place = Atomic(nil)
    byteCount = sparse.type.byteCount ?? 0
    ledger = account.ledger
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
    ledger = nil
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
    guard let residence, let ledger else { return }
    guard type.byteCount != nil else {
      throw WeftError(.tooLarge, "load", "\(type) has more bytes than can be counted")
    }
    try ledger.reserve(byteCount, for: type)
    guard let pointer = ledger.pool.take(byteCount) else {
      ledger.release(byteCount)
      throw WeftError(.outOfMemory, "load", "no memory for \(type), \(byteCount) bytes")
    }
    var isKept = false
    defer {
      if !isKept {
        ledger.give(pointer, byteCount, isKept: false)
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
    if !isHere, let ledger, let residence {
      return Buffer(at: residence, type: type, in: ledger)
    }
    return Buffer(wrapping: base, type: type) { [self] in _ = self }
  }

  deinit {
    if let release {
      release()
    } else if let ledger, let base = place.load(ordering: .relaxed) {
      ledger.give(base, byteCount, isKept: true)
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
