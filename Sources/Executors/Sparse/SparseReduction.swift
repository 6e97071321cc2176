import WeftIR

extension SparseRowRunner {
  /// A fold over axes: stored entries of each result, then those that are not stored.
  func reduced<Key: PositionKey>(
    _ row: Int, _ f: ScalarFunction, _ axes: AxisSet, _ operand: Value, _: Key.Type
  ) throws -> Buffer {
    let elements = try elements(operand)
    let kept = elements.type.shape.codes.indices.filter { !axes.contains($0) }
    return try folded(row, f, elements, kept: kept, elements.values, Key.self)
  }

  /// The fold that a row would make dense, made dense at once; nil where the fold was made before.
  func foldedDensely<Key: PositionKey>(_ row: Int, _: Key.Type) throws -> Buffer? {
    guard let fold = SparsePlanner.foldStored(densely: row, graph, plan.layouts),
      !isKnown(Value(row: fold)), case .reduce(let f, let axes) = graph.rows[fold].op
    else { return nil }
    let operand = graph.operands(fold)[graph.operands(fold).startIndex]
    return try reduced(row, f, axes, operand, Key.self)
  }

  /// The fold of one value for each entry over all axes but some, which the result has in their
  /// order here.
  func folded<Key: PositionKey>(
    _ row: Int, _ f: ScalarFunction, _ elements: SparseElements, kept: [Int], _ values: Buffer,
    _: Key.Type
  ) throws -> Buffer {
    let (shape, type) = (elements.type.shape.codes, type(row))
    let folds = shape.indices.filter { !kept.contains($0) }
      .reduce(UInt128(1)) { $0 &* UInt128(shape[$1]) }
    let fold = SegmentFold(f, type.dtype, fill: elements.fill, count: folds)
    if layout(row) == nil {
      if let result = try fold.along(elements, kept: kept, values, type, kernels) { return result }
      if let result = try summed(row, fold, elements, kept: kept, values) { return result }
      if kept.isEmpty {
        let result = try Buffer(allocating: type, in: kernels.context.memory)
        try fold.total(values, into: result, kernels)
        return result
      }
      // Every result has a place: entries go there without being sorted.
      let target = Frame<Int64Key>(type.shape.codes, order: Array(0..<type.rank))
      var strides = Array(repeating: 0, count: shape.count)
      for (place, axis) in kept.enumerated() { strides[axis] = Int(target.strides[place]) }
      let places = try kernels.sums(of: elements, elements.layout.order.map { strides[$0] })
      let result = try Buffer(allocating: type, in: kernels.context.memory)
      try fold.run(values, places, into: result, kernels)
      return result
    }
    let frame = Frame<Key>(type.shape.codes, order: Array(0..<type.rank))
    var strides = Array(repeating: Key.zero, count: shape.count)
    for (place, axis) in kept.enumerated() { strides[axis] = frame.strides[place] }
    let keys = try kernels.sums(of: elements, elements.layout.order.map { strides[$0] })
    let entries = try kernels.folded(try kernels.sorted(keys, values), fold, type.dtype)
    let fill = (layout(row)?.fill ?? Scalar(false)).converted(to: type.dtype)
    return try result(row, kernels.pruned(entries, fill: fill))
  }
}

extension SparseRowRunner {
  /// A sum to a dense array of entries that stand together; nil for other folds.
  private func summed(
    _ row: Int, _ fold: SegmentFold, _ elements: SparseElements, kept: [Int], _ values: Buffer
  ) throws -> Buffer? {
    let type = type(row)
    guard fold.isPlainSum, elements.type.dtype == type.dtype, type.rank > 0,
      Set(elements.layout.order.prefix(kept.count)) == Set(kept)
    else { return nil }
    let own = SparseElements(
      elements.type, elements.layout, levels: elements.levels, values: values)
    let terms = ProductTerms(
      own, Array(0..<elements.type.rank), [], to: kept, type.shape.codes)
    let result = try Buffer(allocating: type, in: kernels.context.memory)
    return try EntryLoops(terms, kernels).sum(into: result) ? result : nil
  }
}

extension SparseKernels {
  /// Sorted entries of which those at one position become one.
  func folded<Key: PositionKey>(
    _ entries: Entries<Key>, _ fold: SegmentFold, _ dtype: DType
  ) throws -> Entries<Key> {
    let heads: Vector<Int>
    if let found = try self.heads(entries.keys) {
      heads = found
    } else {
      heads = try vector(entries.count)
      for entry in 0..<entries.count { heads.base[entry] = entry }
    }
    let results = try values(heads.count, dtype)
    try fold.run(
      entries.values, runs(heads, count: entries.count), into: results, self)
    return Entries(keys: try subset(entries.keys, heads), values: results)
  }
}

/// Offsets of dense results fit 64 bits.
typealias Int64Key = UInt64
