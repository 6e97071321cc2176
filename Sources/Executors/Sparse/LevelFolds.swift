import CHost
import WeftIR

extension SegmentFold {
  /// The fold to a dense array along the levels of rows: of each row, or of each column; nil for other levels and axes.
  ///
  /// - Parameters:
  ///   - values: One for each entry, of the result's dtype.
  ///   - kept: The axes of the result, in its order.
  func along(
    _ elements: SparseElements, kept: [Int], _ values: Buffer, _ type: TensorType,
    _ kernels: SparseKernels
  ) throws -> Buffer? {
    let layout = elements.layout
    let lead = layout.leadingDenseLevels
    guard lead > 0, lead == layout.rank - 1, layout.packing == .elements,
      case .compressed(let ends, let columns)? = elements.levels.last,
      values.type.dtype == type.dtype
    else { return nil }
    let isRows = Array(layout.order.prefix(lead)) == kept
    guard isRows || kept == [layout.order[lead]] && isPlainSum else { return nil }
    let result = try Buffer(allocating: type, in: kernels.context.memory)
    func run<Index: FixedWidthInteger & BitwiseCopyable & Sendable>(_: Index.Type) throws -> Bool {
      isRows
        ? try self.run(
          RunFold(
            ends: Vector<Index>(ends), values: values, result: result, kernels: kernels))
        : try self.run(
          ColumnFold(
            columns: Vector<Index>(columns), values: values, result: result, kernels: kernels))
    }
    let index = isRows ? ends.type.dtype : columns.type.dtype
    return try (index == .int32 ? run(Int32.self) : run(Int64.self)) ? result : nil
  }
}

/// Entries that stand in runs, each of which is folded.
struct RunFold<Index: FixedWidthInteger & BitwiseCopyable & Sendable>: FoldLoops {
  /// Where each run begins, and the last one's end.
  let ends: Vector<Index>
  let values: Buffer
  let result: Buffer
  let kernels: SparseKernels
  /// Whether runs are so long that each is a part.
  var isOneRunAPart = false

  private func run(_ body: @Sendable (Range<Int>) -> Void) throws {
    let runs = ends.count - 1
    if isOneRunAPart {
      try kernels.context.scheduler.run(runs, kernels.context.token) { run, _ in
        body(run..<run + 1)
      }
      return
    }
    let parts = RowParts(runs, entries: values.count, width: 1) { Int(ends.base[$0]) }
    try kernels.context.scheduler.run(parts.count, kernels.context.token) { part, _ in
      body(parts[part])
    }
  }

  func fold<Operation: FoldOperation, Item: FoldItem>(
    _: Operation.Type, _: Item.Type, from identity: Scalar
  ) throws where Item.Sum == Operation.Element {
    nonisolated(unsafe) let (source, target) = (UnsafeRawPointer(values.base), result.base)
    let first = element(identity, Operation.Element.self)
    try run { runs in
      for run in runs {
        var total = first
        for entry in Int(ends.base[run])..<Int(ends.base[run &+ 1]) {
          total = Operation.folded(total, Item.load(source, entry))
        }
        Item.store(total, target, run)
      }
    }
  }

  func fold<Operation: FoldOperation, Item: FoldItem>(
    _: Operation.Type, _: Item.Type, missing: @Sendable (Int) -> Scalar?
  ) throws where Item.Sum == Operation.Element {
    nonisolated(unsafe) let (source, target) = (UnsafeRawPointer(values.base), result.base)
    try run { runs in
      // Most runs store equally many.
      var (known, fills) = (-1, Operation.Element?.none)
      for run in runs {
        let (start, end) = (Int(ends.base[run]), Int(ends.base[run &+ 1]))
        if end - start != known {
          known = end - start
          fills = missing(known).map { element($0, Operation.Element.self) }
        }
        if start == end {
          if let fills { Item.store(fills, target, run) }
          continue
        }
        var total = Item.load(source, start)
        for entry in start + 1..<end {
          total = Operation.folded(total, Item.load(source, entry))
        }
        Item.store(fills.map { Operation.folded(total, $0) } ?? total, target, run)
      }
    }
  }

  func summed(_ dtype: DType) throws -> Bool {
    guard result.type.dtype == dtype,
      let loop = weft_sum_runs(Int32(dtype.rawValue), Int32(MemoryLayout<Index>.size))
    else {
      return false
    }
    nonisolated(unsafe) let (source, target) = (values.base, result.base)
    try run { runs in loop(ends.base, source, target, runs.lowerBound, runs.upperBound) }
    return true
  }
}

/// Entries whose places are their coordinates along one level: threads add to arrays of their own, which are added up.
struct ColumnFold<Index: FixedWidthInteger & BitwiseCopyable & Sendable>: FoldLoops {
  let columns: Vector<Index>
  let values: Buffer
  let result: Buffer
  let kernels: SparseKernels

  /// How many arrays of sums there are: what clears and adds them is little beside the entries' own work. Entries and
  /// results alone say so, as the order of sums follows.
  private var shares: Int {
    let each = columns.count / max(1, result.count)
    if columns.count < SparseKernels.entriesOfPart || each == 0 { return 1 }
    return each < 4 ? 2 : each < 64 ? 4 : 8
  }

  func fold<Operation: FoldOperation, Item: FoldItem>(
    _: Operation.Type, _: Item.Type, from identity: Scalar
  ) throws where Item.Sum == Operation.Element {
    nonisolated(unsafe) let (source, target) = (UnsafeRawPointer(values.base), result.base)
    let first = element(identity, Operation.Element.self)
    let (shares, places, count) = (shares, result.count, columns.count)
    let sums: Vector<Operation.Element> = try kernels.vector(shares * places)
    try kernels.context.scheduler.run(shares, kernels.context.token) { share, _ in
      let (own, inner) = (sums.base + share * places, columns.base)
      own.update(repeating: first, count: places)
      let start = count / shares * share + count % shares * share / shares
      let end = count / shares * (share + 1) + count % shares * (share + 1) / shares
      for entry in start..<end {
        let place = Int(inner[entry])
        own[place] = Operation.folded(own[place], Item.load(source, entry))
      }
    }
    try kernels.forEachPart(places) { range in
      for place in range {
        var total = sums.base[place]
        for share in 1..<shares {
          total = Operation.folded(total, sums.base[share &* places &+ place])
        }
        Item.store(total, target, place)
      }
    }
  }

  /// Never asked for: only sums are folded so.
  func fold<Operation: FoldOperation, Item: FoldItem>(
    _: Operation.Type, _: Item.Type, missing: @Sendable (Int) -> Scalar?
  ) throws where Item.Sum == Operation.Element {
    throw WeftError(.internal, "reduce", "columns are folded with what is not stored")
  }
}
