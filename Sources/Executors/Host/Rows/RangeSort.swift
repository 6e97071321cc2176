import WeftIR

/// What a long lane is sorted by, alone or with where it comes from.
protocol SortItem: BitwiseCopyable, Sendable {
  var key: UInt64 { get }
  init(key: UInt64, position: UInt32)
}

/// A key alone.
struct KeyItem: SortItem {
  let key: UInt64
  init(key: UInt64, position: UInt32) { self.key = key }
}

/// A key with the position that it comes from.
struct PlacedItem: SortItem {
  let key: UInt64
  let position: UInt32
}

/// Sorts many items on all threads, stably: most significant digits of what lies between the least and the greatest key
/// first, until few items are left to insert.
///
/// Long ranges are counted and moved by all threads, each with items of its own; short ones by one. Where items go
/// follows from their order alone, so that the number of threads changes nothing.
///
/// - Source: McIlroy, Bostic & McIlroy 1993, "Engineering radix sort"; digits of ranges as in Neubert's flash sort 1998.
struct RangeSort<Item: SortItem>: @unchecked Sendable {
  // Threads write ranges of their own.
  private let items: UnsafeMutablePointer<Item>
  private let others: UnsafeMutablePointer<Item>
  private let count: Int
  private let context: RunContext

  /// Sorts in `items`, with room for as many in `others`.
  init(
    _ items: UnsafeMutablePointer<Item>, _ others: UnsafeMutablePointer<Item>, count: Int,
    _ context: RunContext
  ) {
    (self.items, self.others, self.count, self.context) = (items, others, count, context)
  }

  /// A range of items, and whether they are in the other memory.
  private struct Span {
    var range: Range<Int>
    var isMoved: Bool
  }

  /// Items of a range that threads share, and of one that is a thread's own.
  private static var leastShared: Int { 1 << 16 }
  private static var mostInserted: Int { 24 }
  private static var mostBits: Int { 11 }

  func run() throws {
    var open = [Span(range: 0..<count, isMoved: false)]
    var spans: [Span] = []
    while let span = open.popLast() {
      if span.range.count <= Self.leastShared {
        spans.append(span)
      } else {
        open += try shared(span)
      }
    }
    // Neighbours make up parts of some thousand items.
    spans.sort { $0.range.lowerBound < $1.range.lowerBound }
    var starts: [Int] = []
    var held = Int.max
    for (n, span) in spans.enumerated() {
      if held >= 1 << 13 {
        starts.append(n)
        held = 0
      }
      held += span.range.count
    }
    let (all, bounds) = (spans, starts + [spans.count])
    try context.scheduler.run(starts.count, context.token) { part, _ in
      for span in all[bounds[part]..<bounds[part + 1]] { sort(span.range, isMoved: span.isMoved) }
    }
  }

  private func memory(_ isMoved: Bool) -> UnsafeMutablePointer<Item> { isMoved ? others : items }

  /// How many bits of what lies between two keys are left when the first are taken as digits.
  @inline(__always)
  private static func shift(_ least: UInt64, _ greatest: UInt64, _ count: Int) -> (Int, Int) {
    let bits = 64 - (greatest &- least).leadingZeroBitCount
    let wanted = min(mostBits, max(3, 62 - count.leadingZeroBitCount))
    return bits > wanted ? (bits - wanted, 1 << wanted) : (0, 1 << bits)
  }

  // MARK: - By all threads

  /// Moves the items of a range to those of each digit.
  private func shared(_ span: Span) throws -> [Span] {
    nonisolated(unsafe) let (source, target) = (memory(span.isMoved), memory(!span.isMoved))
    let (start, count) = (span.range.lowerBound, span.range.count)
    let parts = max(1, min(context.scheduler.threadCount, count / (1 << 14)))
    let bounds = (0...parts).map { start + count / parts * $0 + count % parts * $0 / parts }
    let ends = Box<(UInt64, UInt64, Bool)>(parts, repeating: (.max, 0, true))
    try context.scheduler.run(parts, context.token) { part, _ in
      var (least, greatest, isSorted) = (UInt64.max, UInt64.zero, true)
      var last = source[max(start, bounds[part] - 1)].key
      for place in bounds[part]..<bounds[part + 1] {
        let key = source[place].key
        isSorted = isSorted && key >= last
        last = key
        least = min(least, key)
        greatest = max(greatest, key)
      }
      ends[part] = (least, greatest, isSorted)
    }
    let least = (0..<parts).map { ends[$0].0 }.min() ?? 0
    let greatest = (0..<parts).map { ends[$0].1 }.max() ?? 0
    if (0..<parts).allSatisfy({ ends[$0].2 }) {
      if span.isMoved { try copyBack(span.range) }
      return []
    }
    let (shift, size) = Self.shift(least, greatest, count)
    let places = Box<Int>(parts * size, repeating: 0)
    try context.scheduler.run(parts, context.token) { part, _ in
      let own = places.base + part * size
      for place in bounds[part]..<bounds[part + 1] {
        own[Int(truncatingIfNeeded: (source[place].key &- least) &>> UInt64(shift))] &+= 1
      }
    }
    var spans: [Span] = []
    var sum = start
    for digit in 0..<size {
      let first = sum
      for part in 0..<parts {
        let here = places[part * size + digit]
        places[part * size + digit] = sum
        sum += here
      }
      if sum > first { spans.append(Span(range: first..<sum, isMoved: !span.isMoved)) }
    }
    try context.scheduler.run(parts, context.token) { part, _ in
      let own = places.base + part * size
      for place in bounds[part]..<bounds[part + 1] {
        let item = source[place]
        let digit = Int(truncatingIfNeeded: (item.key &- least) &>> UInt64(shift))
        target[own[digit]] = item
        own[digit] &+= 1
      }
    }
    return spans
  }

  private func copyBack(_ range: Range<Int>) throws {
    let length = 1 << 16
    try context.scheduler.run((range.count + length - 1) / length, context.token) { part, _ in
      let first = range.lowerBound + part * length
      (items + first).update(from: others + first, count: min(length, range.upperBound - first))
    }
  }

  // MARK: - By one thread

  /// Sorts a range, which ends in `items`.
  private func sort(_ range: Range<Int>, isMoved: Bool) {
    if range.count <= Self.mostInserted {
      insert(range, isMoved: isMoved)
      return
    }
    let (source, target) = (memory(isMoved), memory(!isMoved))
    var (least, greatest) = (UInt64.max, UInt64.zero)
    for place in range {
      let key = source[place].key
      least = min(least, key)
      greatest = max(greatest, key)
    }
    if least == greatest {
      if isMoved {
        (items + range.lowerBound).update(from: others + range.lowerBound, count: range.count)
      }
      return
    }
    let (shift, size) = Self.shift(least, greatest, range.count)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: size) { ends in
      ends.update(repeating: 0)
      for place in range {
        ends[Int(truncatingIfNeeded: (source[place].key &- least) &>> UInt64(shift))] &+= 1
      }
      var sum = range.lowerBound
      for digit in 0..<size {
        let here = ends[digit]
        ends[digit] = sum
        sum &+= here
      }
      for place in range {
        let item = source[place]
        let digit = Int(truncatingIfNeeded: (item.key &- least) &>> UInt64(shift))
        target[ends[digit]] = item
        ends[digit] &+= 1
      }
      var first = range.lowerBound
      for digit in 0..<size where ends[digit] > first {
        sort(first..<ends[digit], isMoved: !isMoved)
        first = ends[digit]
      }
    }
  }

  /// Sorts a few items by insertion, into `items`.
  private func insert(_ range: Range<Int>, isMoved: Bool) {
    let source = memory(isMoved)
    for place in range {
      let item = source[place]
      var j = place
      while j > range.lowerBound, item.key < items[j &- 1].key {
        items[j] = items[j &- 1]
        j &-= 1
      }
      items[j] = item
    }
  }
}

/// Elements that threads write, each its own.
private final class Box<Element>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  private let count: Int

  init(_ count: Int, repeating element: Element) {
    self.count = count
    base = .allocate(capacity: count)
    base.initialize(repeating: element, count: count)
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  subscript(_ place: Int) -> Element {
    get { base[place] }
    set { base[place] = newValue }
  }
}
