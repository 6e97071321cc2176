import CHost
import WeftIR
import WeftPasses

/// A run of a cluster's merge.
///
/// Where a list has just the positions of the result its arrays are the result's. Else parts are merged, computed and
/// freed of fills in memory that stays in cache, a few at a time, and what they have goes behind what others
/// before them had: nothing is counted first.
struct MergedRun {
  let plan: MergedPlan
  let merger: ListMerger
  /// Computes elements; nil where the elements of operands are asked for.
  let computing: MergeCompiler.Code<MergedElements.Computing>?
  let type: TensorType
  let layout: Layout
  let kernels: SparseKernels
  /// Elements of an entry.
  var width: Int { plan.space.width }
  /// Blocks hold fills, too.
  var isPacked: Bool { layout.packing != .elements }
  /// The element that is not stored.
  let fill: Buffer
  /// By operand.
  let feeds: Vector<Feed>
  var fillScalar: Scalar { layout.fill ?? Scalar(0 as Int64, type.dtype) }

  /// Entries of all lists in a part whose memory is to stay in cache, and in others.
  private static let mergedEntries = 1 << 13
  private static let placedEntries = 1 << 16

  init(
    _ plan: MergedPlan, _ merger: ListMerger,
    _ computing: MergeCompiler.Code<MergedElements.Computing>?, _ type: TensorType,
    _ layout: Layout, _ kernels: SparseKernels
  ) throws {
    self.plan = plan
    self.merger = merger
    self.computing = computing
    self.type = type
    self.layout = layout
    self.kernels = kernels
    fill = try kernels.values(1, type.dtype)
    (layout.fill ?? Scalar(0 as Int64, type.dtype)).store(to: fill.base)
    feeds = try kernels.vector(plan.operands.count)
    for (n, operand) in plan.operands.enumerated() {
      feeds.base[n] = Feed(operand, plan.pattern, of: fill, width: width)
    }
  }

  /// The result; needs code that computes.
  ///
  /// - Parameter isThinned: Whether it is known that not all entries of a list with the result's positions stay.
  func result(isThinned: Bool) throws -> SparseElements {
    note()
    if let donor = plan.pattern.donor, !isThinned {
      let lists = plan.lists[donor]
      let values = try kernels.values(lists.count * width, type.dtype)
      let differing = try placed(donor, into: [values])
      if isPacked || differing == lists.count {
        return plan.space.elements(lists, values, type, layout)
      }
    }
    let (lists, found) = try merged()
    let values = found[0]
    // A fill that is NaN has many bit patterns.
    if SparseKernels.isNaN(fillScalar), !isPacked,
      let places = try kernels.places(of: values, differingFrom: fillScalar)
    {
      return plan.space.elements(
        try plan.space.subset(lists, places),
        try kernels.moved(values, count: places.count) { places.base[$0] }, type, layout)
    }
    return plan.space.elements(lists, values, type, layout)
  }

  /// The positions of the result, and what each operand that has elements of its own has there.
  func vectors() throws -> (lists: ListSpace.Lists, vectors: [Value: Buffer]) {
    note()
    let asked = plan.operands.filter { $0.source != .uniform }
    let lists: ListSpace.Lists
    let found: [Buffer]
    if let donor = plan.pattern.donor {
      lists = plan.lists[donor]
      found = try asked.map { operand in
        operand.source == .list(donor)
          ? operand.elements : try kernels.values(lists.count * width, operand.dtype)
      }
      _ = try placed(donor, into: found)
    } else {
      (lists, found) = try merged()
    }
    return (
      lists, Dictionary(uniqueKeysWithValues: zip(asked.map(\.value), found))
    )
  }

  private func note() {
    if case .compiled = merger { kernels.context.counters.add("mergeKernels") }
    if computing != nil { kernels.context.counters.add("mergeKernels") }
  }

  // MARK: - Positions of a list

  /// Computes at the entries of a list, whose places are the result's; how many of the elements differ from the fill.
  private func placed(_ donor: Int, into results: [Buffer]) throws -> Int {
    let isWhole: Bool
    if case .none = merger { isWhole = true } else { isWhole = false }
    let cut = try plan.space.cut(
      plan.lists,
      entries: max(1, (isWhole ? Self.placedEntries : Self.mergedEntries) / width))
    let most = (0..<cut.count).reduce(0) { max($0, cut.entries(of: donor, in: $1).count) }
    let rows = (0..<cut.count).reduce(0) { max($0, cut.rows(of: $1).count) }
    let scratch = try scratch(most, rows: rows, parts: cut.count)
    let differing: Vector<Int> = try kernels.vector(cut.count)
    let pieces = results.map { Piece($0, width: width) }
    let coordinates = plan.lists[donor].coordinates.map { Piece($0) }
    let index = plan.pattern.lists[donor].coordinates
    let hasViews = plan.operands.contains { $0.view != nil }
    try kernels.context.scheduler.run(cut.count, kernels.context.token) { part, thread in
      let own = scratch[thread]
      let entries = cut.entries(of: donor, in: part)
      if !isWhole { _ = merge(part, cut, own, merged: []) }
      if hasViews { rowEnds(of: donor, part, cut, own) }
      let rows = PartRows(
        rows: cut.rows(of: part), ends: own.rowEnds,
        coordinates: coordinates.map {
          UnsafeRawPointer($0.base + entries.lowerBound * $0.itemSize)
        },
        index: index)
      let targets = pieces.map { $0.base + entries.lowerBound * $0.itemSize }
      differing.base[part] = fill(targets, part, cut, own, rows, entries.count)
    }
    return withExtendedLifetime((scratch, results)) {
      (0..<cut.count).reduce(0) { $0 + differing.base[$1] }
    }
  }

  /// Where the rows of a part end in it.
  private func rowEnds(of list: Int, _ part: Int, _ cut: ListSpace.Cut, _ own: Scratch) {
    let (entries, rows) = (cut.entries(of: list, in: part), cut.rows(of: part))
    let ends = plan.lists[list].positions
    for row in rows {
      own.rowEnds[row - rows.lowerBound] =
        Int64(min(ends.index(at: row + 1), entries.upperBound) - entries.lowerBound)
    }
  }

  // MARK: - Merged positions

  /// A buffer's memory, for threads.
  struct Piece: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    /// Bytes of an entry.
    let itemSize: Int

    init(_ buffer: Buffer, width: Int = 1) {
      base = buffer.base
      itemSize = buffer.type.dtype.itemSize * width
    }
  }

  /// What a part has until it is known where that goes.
  struct Slot: @unchecked Sendable {
    let coordinates: [Buffer]
    let rowEnds: Vector<Int64>
    let values: [Buffer]
    /// Coordinates and values.
    let pieces: [Piece]

    fileprivate init(
      _ coordinates: [Buffer], _ rowEnds: Vector<Int64>, _ values: [Buffer], width: Int
    ) {
      self.coordinates = coordinates
      self.rowEnds = rowEnds
      self.values = values
      pieces = coordinates.map { Piece($0) } + values.map { Piece($0, width: width) }
    }
  }

  /// Positions, and the result's elements or those of operands.
  private func merged() throws -> (lists: ListSpace.Lists, values: [Buffer]) {
    let cut = try plan.space.cut(
      plan.lists, entries: max(1, Self.mergedEntries / width))
    let bounds = (0..<cut.count).map { part in
      plan.bound { cut.entries(of: $0, in: part).count }
    }
    let (most, bound) = (bounds.max() ?? 0, bounds.reduce(0, +))
    let rowsOfPart = (0..<cut.count).reduce(0) { max($0, cut.rows(of: $1).count) }
    let dtypes =
      computing == nil
      ? plan.operands.filter { $0.source != .uniform }.map(\.dtype) : [type.dtype]
    let index = plan.pattern.index
    let levels = plan.pattern.innerLevels
    let count = min(cut.count, Self.slotsOfThread * kernels.context.scheduler.threadCount)
    let scratch = try scratch(most, rows: rowsOfPart, parts: count)
    let slots = try (0..<count).map { _ in
      Slot(
        try (0..<levels).map { _ in try kernels.values(most + Self.room, index) },
        try kernels.vector(rowsOfPart),
        try dtypes.map { try kernels.values(most * width, $0) }, width: width)
    }
    let coordinates = try (0..<levels).map { _ in try kernels.values(bound, index) }
    let values = try dtypes.map { try kernels.values(bound * width, $0) }
    let hasRows = plan.space.leadingLevels > 0
    let ends = try kernels.values(hasRows ? plan.space.rowCount + 1 : 2, index)
    Scalar(0 as Int64, index).store(to: ends.base)
    let (counts, bases): (Vector<Int>, Vector<Int>) = (
      try kernels.vector(count), try kernels.vector(count)
    )
    let targets =
      coordinates.map { Piece($0) } + values.map { Piece($0, width: width) }
    let endsPiece = Piece(ends)
    let bytes = targets.reduce(0) { $0 + bound * $1.itemSize }
    let streams = bytes > Self.leastStreamed && bytes > weft_cache_bytes() / 2
    var total = 0
    for first in stride(from: 0, to: cut.count + count, by: count) {
      try kernels.context.scheduler.run(count, kernels.context.token) { number, thread in
        let slot = slots[number]
        let (part, before) = (first + number, first + number - count)
        if before >= 0, before < cut.count {
          let (own, base) = (counts.base[number], bases.base[number])
          for (target, piece) in zip(targets, slot.pieces) {
            let (place, bytes) = (target.base + base * target.itemSize, own * target.itemSize)
            if streams {
              weft_copy_past_cache(place, piece.base, bytes)
            } else {
              place.copyMemory(from: piece.base, byteCount: bytes)
            }
          }
          if streams { weft_settle_stores() }
          if hasRows { write(slot.rowEnds, cut.wholeRows(of: before), base, to: endsPiece) }
        }
        if part < cut.count { counts.base[number] = make(part, cut, scratch[thread], slot) }
      }
      for number in 0..<count where first + number < cut.count {
        bases.base[number] = total
        total += counts.base[number]
      }
    }
    if !hasRows { Scalar(Int64(total), index).store(to: ends.base + index.itemSize) }
    return withExtendedLifetime((scratch, slots)) {
      (
        ListSpace.Lists(ends, coordinates.map { kernels.shortened($0, total) }),
        values.map { kernels.shortened($0, total * width) }
      )
    }
  }

  /// Bytes of results that some cache holds on every machine: the size of this one's is not asked for.
  private static let leastStreamed = 1 << 22
  /// Parts that a thread merges before it is known where they go.
  private static let slotsOfThread = 4
  /// Loops write whole vectors.
  static let room = 33

  private func write(
    _ own: Vector<Int64>, _ rows: Range<Int>, _ base: Int, to ends: Piece
  ) {
    if ends.itemSize == 4 {
      let target = ends.base.assumingMemoryBound(to: Int32.self)
      for (n, row) in rows.enumerated() {
        target[row + 1] = Int32(truncatingIfNeeded: own.base[n] + Int64(base))
      }
    } else {
      let target = ends.base.assumingMemoryBound(to: Int64.self)
      for (n, row) in rows.enumerated() { target[row + 1] = own.base[n] + Int64(base) }
    }
  }

  /// Merges and computes a part; the number of its entries.
  private func make(_ part: Int, _ cut: ListSpace.Cut, _ own: Scratch, _ slot: Slot) -> Int {
    var own = own
    own.rowEnds = slot.rowEnds.base
    var count: Int
    if let donor = plan.pattern.donor {
      let entries = cut.entries(of: donor, in: part)
      count = entries.count
      if case .none = merger {} else { _ = merge(part, cut, own, merged: []) }
      rowEnds(of: donor, part, cut, own)
      for (target, source) in zip(slot.coordinates, plan.lists[donor].coordinates) {
        copy(source, entries, to: target)
      }
    } else {
      count = merge(part, cut, own, merged: slot.pieces.prefix(slot.coordinates.count).map(\.base))
    }
    let pieces = slot.pieces
    let levels = slot.coordinates.count
    let rows = PartRows(
      rows: cut.rows(of: part), ends: own.rowEnds,
      coordinates: pieces.prefix(levels).map { UnsafeRawPointer($0.base) },
      index: plan.pattern.index)
    let differing = fill(pieces.dropFirst(levels).map(\.base), part, cut, own, rows, count)
    if computing != nil, !isPacked, differing < count, !SparseKernels.isNaN(fillScalar) {
      count = prune(slot, rows, fillScalar)
    }
    return count
  }

  private func copy(_ source: Buffer, _ entries: Range<Int>, to target: Buffer) {
    if source.type.dtype == target.type.dtype {
      let size = source.type.dtype.itemSize
      target.base.copyMemory(
        from: source.base + entries.lowerBound * size, byteCount: entries.count * size)
      return
    }
    for (n, entry) in entries.enumerated() {
      Scalar(Int64(source.index(at: entry)), target.type.dtype)
        .store(to: target.base + n * target.type.dtype.itemSize)
    }
  }
}
