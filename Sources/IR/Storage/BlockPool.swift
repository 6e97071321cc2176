import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Memory for buffers: large blocks lie on huge pages and are kept for the next buffer when freed.
///
/// A page that a process touches for the first time costs more than computing its elements; one
/// that it had before costs nothing.
final class BlockPool: Sendable {
  /// Blocks below this come from `malloc`, which is many times as quick as an aligned block and
  /// gives 16 bytes of alignment.
  static let leastAligned = 1 << 10
  /// Blocks from here on are kept: the C library gives these back to the system.
  static let leastKept = 1 << 16
  /// Blocks from here on begin with a page.
  private static let leastPaged = 1 << 20
  /// Blocks from here on lie on huge pages.
  static let leastHuge = 1 << 22
  private static let hugePage = 1 << 21
  /// Blocks on huge pages begin at so many places of their first page, one after the other, so far
  /// apart.
  ///
  /// Streams that are read side by side from one place of their huge pages hinder each other in the
  /// memory's banks (7 % on the processor that this was measured on); the distance is none of a
  /// page's either, so that a store is not taken for one to what another stream loads next.
  private static let places = 8
  private static let placeBytes = 4096 + 512
  /// The most blocks kept, so that looking through them stays cheap.
  private static let mostBlocks = 128

  private struct Block: @unchecked Sendable {
    var base: UnsafeMutableRawPointer
    var bytes: Int
  }

  private let kept = Lock<[Block]>([])
  private let total = Atomic<Int>(0)
  private static let nextPlace = Atomic<Int>(0)
  /// The most bytes kept: an eighth of the machine's memory.
  private let capacity: Int

  init() {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    capacity = max(64 << 20, pages * sysconf(Int32(_SC_PAGESIZE)) / 8)
  }

  deinit {
    for block in kept.withLock({ $0 }) { Self.release(block.base, block.bytes) }
  }

  /// Bytes of blocks that are kept.
  var keptBytes: Int { total.load(ordering: .relaxed) }

  /// The bytes that a block for so many has.
  private static func rounded(_ bytes: Int) -> Int {
    let unit = bytes >= leastHuge ? hugePage : bytes >= leastPaged ? 1 << 16 : 1 << 12
    let (sum, overflow) = bytes.addingReportingOverflow(unit - 1)
    return overflow ? bytes : sum / unit * unit
  }

  /// A block of at least so many bytes, or nil when there is none.
  func take(_ bytes: Int) -> UnsafeMutableRawPointer? {
    if bytes >= Self.leastKept {
      let wanted = Self.rounded(bytes)
      let found = kept.withLock { blocks -> Block? in
        // The last one freed is the likeliest to be in cache.
        guard let place = blocks.lastIndex(where: { $0.bytes == wanted }) else { return nil }
        return blocks.remove(at: place)
      }
      if let found {
        total.subtract(found.bytes, ordering: .relaxed)
        return found.base
      }
    }
    if let fresh = Self.allocate(bytes) { return fresh }
    drain()
    return Self.allocate(bytes)
  }

  private static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer? {
    if bytes < leastAligned { return malloc(max(bytes, 16)) }
    var pointer: UnsafeMutableRawPointer?
    if bytes < leastKept {
      return posix_memalign(&pointer, 64, bytes) == 0 ? pointer : nil
    }
    let size = rounded(bytes)
    let isHuge = size >= leastHuge
    guard isHuge else {
      let alignment = bytes < leastPaged ? 64 : 4096
      return posix_memalign(&pointer, alignment, size) == 0 ? pointer : nil
    }
    let (whole, overflow) = size.addingReportingOverflow(places * placeBytes)
    guard !overflow, posix_memalign(&pointer, hugePage, whole) == 0, let pointer else { return nil }
    #if os(Linux)
      madvise(pointer, whole, MADV_HUGEPAGE)
    #endif
    return pointer + nextPlace.add(1, ordering: .relaxed).oldValue % places * placeBytes
  }

  /// Gives a block back to the system.
  private static func release(_ base: UnsafeMutableRawPointer, _ size: Int) {
    // Where the block's first huge page begins is what was allocated.
    free(size >= leastHuge ? base - Int(bitPattern: base) % hugePage : base)
  }

  /// Takes a block back; keeps it if there is `room` for it.
  func give(_ base: UnsafeMutableRawPointer, _ bytes: Int, room: Int) {
    guard bytes >= Self.leastKept else {
      free(base)
      return
    }
    let size = Self.rounded(bytes)
    let gone = kept.withLock { blocks -> Block? in
      guard total.load(ordering: .relaxed) + size <= min(capacity, room) else {
        return Block(base: base, bytes: size)
      }
      total.add(size, ordering: .relaxed)
      blocks.append(Block(base: base, bytes: size))
      if blocks.count <= Self.mostBlocks { return nil }
      // The one that nobody has asked for the longest.
      let oldest = blocks.removeFirst()
      total.subtract(oldest.bytes, ordering: .relaxed)
      return oldest
    }
    if let gone { Self.release(gone.base, gone.bytes) }
  }

  /// Lets all kept blocks go.
  func drain() {
    let blocks = kept.withLock { blocks in
      let all = blocks
      blocks = []
      return all
    }
    for block in blocks {
      total.subtract(block.bytes, ordering: .relaxed)
      Self.release(block.base, block.bytes)
    }
  }
}
