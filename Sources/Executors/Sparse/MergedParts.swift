import CHost
import WeftIR
import WeftPasses

extension MergedRun {
  /// An operand, as threads read it.
  struct Feed: BitwiseCopyable, Sendable {
    /// Where elements come from.
    enum Kind: BitwiseCopyable { case uniform, inPlace, list, dense }

    let kind: Kind
    nonisolated(unsafe) let base: UnsafeMutableRawPointer
    /// What the operand has where it stores nothing.
    nonisolated(unsafe) let fill: UnsafeMutableRawPointer
    /// Bytes of an entry.
    let size: Int
    let list: Int
    /// Whether the result has all of the operand's entries, one after the other.
    let isRun: Bool

    init(_ operand: MergedPlan.Operand, _ pattern: MergedPattern, of fill: Buffer, width: Int) {
      base = operand.elements.base
      size = operand.dtype.itemSize * width
      self.fill = operand.fill?.base ?? fill.base
      switch operand.source {
      case .uniform: (kind, list, isRun) = (.uniform, 0, false)
      case .dense: (kind, list, isRun) = (.dense, 0, false)
      case .list(let own):
        (kind, list) = (pattern.donor == own ? .inPlace : .list, own)
        isRun = pattern.terms.contains([own])
      }
    }
  }

  /// A thread's memory for a part.
  struct Scratch: @unchecked Sendable {
    private let kept: [Buffer]
    private let ends: Vector<Int64>
    /// By list that is read: places of entries.
    let sources: Vector<UnsafeMutableRawPointer?>
    /// By operand that is gathered: elements.
    let gathered: Vector<UnsafeMutableRawPointer?>
    var rowEnds: UnsafeMutablePointer<Int64>

    fileprivate init(_ run: MergedRun, _ most: Int, rows: Int) throws {
      let (plan, kernels) = (run.plan, run.kernels)
      sources = try kernels.vector(plan.lists.count)
      gathered = try kernels.vector(plan.operands.count)
      sources.base.update(repeating: nil, count: sources.count)
      gathered.base.update(repeating: nil, count: gathered.count)
      var kept: [Buffer] = []
      for list in plan.pattern.read {
        kept.append(try kernels.values(most + MergedRun.room, .int32))
        sources.base[list] = kept[kept.count - 1].base
      }
      for (n, operand) in plan.operands.enumerated() where run.computing != nil {
        guard [.list, .dense].contains(run.feeds.base[n].kind) else { continue }
        kept.append(try kernels.values(most * run.width, operand.dtype))
        gathered.base[n] = kept[kept.count - 1].base
      }
      self.kept = kept
      ends = try kernels.vector(rows)
      rowEnds = ends.base
    }
  }

  /// Memory of all threads for parts of so many entries and rows.
  func scratch(_ most: Int, rows: Int, parts: Int) throws -> [Scratch] {
    try (0..<max(1, min(parts, kernels.context.scheduler.threadCount))).map { _ in
      try Scratch(self, most, rows: rows)
    }
  }

  /// Merges a part of the lists; the number of entries.
  func merge(
    _ part: Int, _ cut: ListSpace.Cut, _ own: Scratch, merged: [UnsafeMutableRawPointer]
  ) -> Int {
    let rows = cut.rows(of: part)
    switch merger {
    case .none: return 0
    case .pair(let loop, let first, let second):
      let (a, b) = (plan.lists[first], plan.lists[second])
      let (x, y) = (cut.entries(of: first, in: part), cut.entries(of: second, in: part))
      var merge = weft_merge(
        ends: (UnsafeRawPointer(a.positions.base), UnsafeRawPointer(b.positions.base)),
        coordinates: (
          UnsafeRawPointer(a.coordinates[0].base), UnsafeRawPointer(b.coordinates[0].base)
        ), starts: (x.lowerBound, y.lowerBound), stops: (x.upperBound, y.upperBound),
        merged: merged.first,
        sources: (
          own.sources.base[first]?.assumingMemoryBound(to: Int32.self),
          own.sources.base[second]?.assumingMemoryBound(to: Int32.self)
        ), rowEnds: own.rowEnds)
      return loop(&merge, rows.lowerBound, rows.upperBound)
    case .compiled(let code):
      var count: Int64 = 0
      withUnsafeMutablePointer(to: &count) { count in
        let bases = code.kernel.bindings.map { binding -> UnsafeMutableRawPointer? in
          switch binding {
          case .ends(let list): plan.lists[list].positions.base
          case .coordinates(let list, let level): plan.lists[list].coordinates[level].base
          case .merged(let level): merged[level]
          case .sources(let list): own.sources.base[list]
          case .rowEnds: UnsafeMutableRawPointer(own.rowEnds)
          case .count: UnsafeMutableRawPointer(count)
          }
        }
        let order = plan.space.layout.order
        let numbers = code.kernel.numbers.map { number -> Int64 in
          switch number {
          case .firstRow: Int64(rows.lowerBound)
          case .lastRow: Int64(rows.upperBound)
          case .start(let list): Int64(cut.entries(of: list, in: part).lowerBound)
          case .stop(let list): Int64(cut.entries(of: list, in: part).upperBound)
          case .stride(let level):
            order.dropFirst(plan.space.leadingLevels + level + 1).reduce(Int64(1)) {
              $0 * Int64(max(1, plan.space.shape[$1]))
            }
          }
        }
        code.call.run(bases, numbers, 0..<1)
      }
      return Int(count)
    }
  }

  /// Fills targets with the result's elements, or with those of operands; how many differ from the fill.
  func fill(
    _ targets: [UnsafeMutableRawPointer], _ part: Int, _ cut: ListSpace.Cut, _ own: Scratch,
    _ rows: PartRows, _ count: Int
  ) -> Int {
    guard let computing else {
      var next = 0
      for n in 0..<feeds.count where feeds.base[n].kind != .uniform {
        gather(n, part, cut, own, rows, count, targets[next])
        next += 1
      }
      return count
    }
    var bases: [UnsafeMutableRawPointer?] = []
    bases.reserveCapacity(feeds.count + 3)
    for n in 0..<feeds.count {
      let feed = feeds.base[n]
      switch feed.kind {
      case .uniform: bases.append(feed.base)
      case .inPlace:
        bases.append(feed.base + cut.entries(of: feed.list, in: part).lowerBound * feed.size)
      case .list, .dense:
        if let target = own.gathered.base[n] { gather(n, part, cut, own, rows, count, target) }
        bases.append(own.gathered.base[n])
      }
    }
    var differing: Int64 = 0
    withUnsafeMutablePointer(to: &differing) { differing in
      bases.append(fill.base)
      bases.append(targets[0])
      bases.append(UnsafeMutableRawPointer(differing))
      computing.call.run(bases, [Int64(count * width)], 0..<1)
    }
    return Int(differing)
  }

  /// An operand's elements at the entries of a part.
  private func gather(
    _ number: Int, _ part: Int, _ cut: ListSpace.Cut, _ own: Scratch, _ rows: PartRows,
    _ count: Int, _ target: UnsafeMutableRawPointer
  ) {
    let feed = feeds.base[number]
    switch feed.kind {
    case .uniform, .inPlace: return
    case .dense:
      guard let view = plan.operands[number].view else { return }
      let shape = plan.space.shape
      let body = ViewGather(
        rows: rows, source: feed.base, target: target,
        extents: plan.space.layout.order.map { shape[$0] },
        strides: plan.space.layout.order.map { view.strides[$0] })
      // Nothing in it throws.
      try? withSparseItem(plan.operands[number].dtype, body)
    case .list:
      guard let sources = own.sources.base[feed.list]?.assumingMemoryBound(to: Int32.self) else {
        return
      }
      let entries = cut.entries(of: feed.list, in: part)
      if width > 1 {
        weft_gather_blocks()?(
          feed.base + entries.lowerBound * feed.size, feed.fill, sources, target, count, feed.size)
        return
      }
      // There is an element to read, also where none is a part's.
      let from = entries.isEmpty ? feed.fill : feed.base + entries.lowerBound * feed.size
      weft_gather_of(Int32(feed.size), feed.isRun ? 1 : 0)?(
        from, feed.fill, sources, target, count)
    }
  }

  /// Leaves entries with the fill's bits out; how many stay.
  func prune(_ slot: Slot, _ rows: PartRows, _ fill: Scalar) -> Int {
    let body = Pruning(
      rows: rows, fill: fill, values: slot.values[0].base,
      coordinates: slot.coordinates.map(\.base))
    // Nothing in it throws.
    return (try? withSparseItem(type.dtype, body)) ?? 0
  }
}

/// Entries of a part by rows: where each row ends, and the coordinates below it.
struct PartRows {
  let rows: Range<Int>
  let ends: UnsafeMutablePointer<Int64>
  let coordinates: [UnsafeRawPointer]
  let index: DType
}

/// The elements of a dense array at the entries of a part.
private struct ViewGather: SparseItemBody {
  let rows: PartRows
  let source: UnsafeMutableRawPointer
  let target: UnsafeMutableRawPointer
  /// By level.
  let extents: [Int]
  let strides: [Int]

  func run<Item: SparseItem>(_: Item.Type) {
    rows.index == .int32 ? run(Item.self, Int32.self) : run(Item.self, Int64.self)
  }

  private func run<Item: SparseItem, Index: FixedWidthInteger & BitwiseCopyable>(
    _: Item.Type, _: Index.Type
  ) {
    let from = source.assumingMemoryBound(to: Item.self)
    let to = target.assumingMemoryBound(to: Item.self)
    let lists = rows.coordinates.map { $0.assumingMemoryBound(to: Index.self) }
    let lead = strides.count - lists.count
    let (inner, step) = (lists[lists.count - 1], strides[strides.count - 1])
    var start = 0
    for row in rows.rows {
      let end = Int(rows.ends[row &- rows.rows.lowerBound])
      if start == end { continue }
      var (rest, base) = (row, 0)
      for level in (0..<lead).reversed() {
        base &+= (level == 0 ? rest : rest % extents[level]) &* strides[level]
        if level > 0 { rest /= extents[level] }
      }
      if lists.count == 1 {
        for entry in start..<end { to[entry] = from[base &+ Int(inner[entry]) &* step] }
      } else {
        for entry in start..<end {
          var place = base
          for (level, list) in lists.enumerated() {
            place &+= Int(list[entry]) &* strides[lead &+ level]
          }
          to[entry] = from[place]
        }
      }
      start = end
    }
  }
}

/// A part's entries without those that have the fill's bits.
private struct Pruning: SparseItemBody {
  let rows: PartRows
  let fill: Scalar
  let values: UnsafeMutableRawPointer
  let coordinates: [UnsafeMutableRawPointer]

  func run<Item: SparseItem>(_: Item.Type) -> Int {
    rows.index == .int32 ? run(Item.self, Int32.self) : run(Item.self, Int64.self)
  }

  private func run<Item: SparseItem, Index: FixedWidthInteger & BitwiseCopyable>(
    _: Item.Type, _: Index.Type
  ) -> Int {
    let empty = fill.item(Item.self)
    let values = values.assumingMemoryBound(to: Item.self)
    let lists = coordinates.map { $0.assumingMemoryBound(to: Index.self) }
    let inner = lists[0]
    var (entry, kept) = (0, 0)
    for row in 0..<rows.rows.count {
      let end = Int(rows.ends[row])
      while entry < end {
        let value = values[entry]
        values[kept] = value
        inner[kept] = inner[entry]
        for list in lists.dropFirst() { list[kept] = list[entry] }
        kept &+= value == empty ? 0 : 1
        entry &+= 1
      }
      rows.ends[row] = Int64(kept)
    }
    return kept
  }
}
