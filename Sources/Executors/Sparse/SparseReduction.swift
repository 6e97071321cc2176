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
      if let result = try summed(row, fold, elements, kept: kept, values) { return result }
      // Every result has a place: entries go there without being sorted.
      let target = Frame<Int64Key>(type.shape.codes, order: Array(0..<type.rank))
      var strides = Array(repeating: 0, count: shape.count)
      for (place, axis) in kept.enumerated() { strides[axis] = Int(target.strides[place]) }
      let places: Vector<Int> = try kernels.vector(elements.count)
      elements.sumCoordinates(
        strides: elements.layout.order.map { strides[$0] }, into: places.base)
      let result = try Buffer(allocating: type, in: kernels.context.memory)
      try fold.run(values, places, into: result, kernels)
      return result
    }
    let frame = Frame<Key>(type.shape.codes, order: Array(0..<type.rank))
    var strides = Array(repeating: Key.zero, count: shape.count)
    for (place, axis) in kept.enumerated() { strides[axis] = frame.strides[place] }
    let keys: Vector<Key> = try kernels.vector(elements.count)
    elements.sumCoordinates(strides: elements.layout.order.map { strides[$0] }, into: keys.base)
    let sorted = try kernels.sorted(keys, values)
    // Equal keys are one result.
    let heads: Vector<Key> = try kernels.vector(sorted.count)
    let places: Vector<Int> = try kernels.vector(sorted.count)
    var count = 0
    for entry in 0..<sorted.count {
      if entry == 0 || sorted.keys.base[entry] != sorted.keys.base[entry - 1] {
        heads.base[count] = sorted.keys.base[entry]
        count += 1
      }
      places.base[entry] = count - 1
    }
    let results = try kernels.values(count, type.dtype)
    try fold.run(sorted.values, places, into: results, kernels)
    let entries = Entries(keys: Vector(heads, count: count), values: results)
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

/// Offsets of dense results fit 64 bits.
typealias Int64Key = UInt64

/// Folds values that share a place, and fills for what of them is not stored.
struct SegmentFold: Sendable {
  private let f: ScalarFunction
  private let dtype: DType
  private let fill: Scalar
  /// How many elements each result folds.
  private let count: UInt128

  init(_ f: ScalarFunction, _ dtype: DType, fill: Scalar, count: UInt128) {
    self.f = f
    self.dtype = dtype
    self.fill = fill.converted(to: dtype)
    self.count = count
  }

  /// Whether fills change nothing, so that nobody need count them.
  private var isNeutral: Bool {
    guard let identity = f.identity else { return false }
    return fill == Scalar(Int64(identity), dtype) || identity == 0 && !fill.boolValue
  }

  /// Whether it adds up what is stored and nothing else.
  var isPlainSum: Bool { f == .add && isNeutral }

  /// Folds each value into the place that it belongs to.
  func run(
    _ values: Buffer, _ places: Vector<Int>, into result: Buffer, _ kernels: SparseKernels
  ) throws {
    if isPlainSum {
      switch dtype {
      case .float64: return sum(values, places, into: result, Double.self) { $0 }
      case .float32:
        return try widened(values, places, into: result, kernels) {
          Double($0.assumingMemoryBound(to: Float.self)[$1])
        }
      case .float16, .bfloat16:
        return try widened(values, places, into: result, kernels) { [dtype] base, place in
          Scalar(dtype, loading: base + place * 2).doubleValue
        }
      case .int64, .uint64: return sum(values, places, into: result, UInt64.self) { $0 }
      case .int32, .uint32: return sum(values, places, into: result, UInt32.self) { $0 }
      default: break
      }
    }
    try general(values, places, into: result, kernels)
  }

  private func sum<Element: SparseNumber>(
    _ values: Buffer, _ places: Vector<Int>, into result: Buffer, _: Element.Type,
    _ body: (Element) -> Element
  ) {
    let source = values.base.assumingMemoryBound(to: Element.self)
    let target = result.base.assumingMemoryBound(to: Element.self)
    for place in 0..<result.count { target[place] = .none }
    for entry in 0..<values.count {
      let place = places.base[entry]
      target[place] = Element.sum(target[place], source[entry])
    }
  }

  /// Sums of narrow floats, added in float64 and rounded once.
  private func widened(
    _ values: Buffer, _ places: Vector<Int>, into result: Buffer, _ kernels: SparseKernels,
    _ load: (UnsafeRawPointer, Int) -> Double
  ) throws {
    let sums: Vector<Double> = try kernels.vector(result.count)
    for place in 0..<result.count { sums.base[place] = 0 }
    for entry in 0..<values.count { sums.base[places.base[entry]] += load(values.base, entry) }
    let itemSize = dtype.itemSize
    for place in 0..<result.count {
      Scalar(sums.base[place], dtype).store(to: result.base + place * itemSize)
    }
  }

  /// Any function, by its meaning.
  private func general(
    _ values: Buffer, _ places: Vector<Int>, into result: Buffer, _ kernels: SparseKernels
  ) throws {
    let stored: Vector<Int> = try kernels.vector(result.count)
    for place in 0..<result.count { stored.base[place] = 0 }
    let itemSize = dtype.itemSize
    for entry in 0..<values.count {
      let place = places.base[entry]
      let target = result.base + place * itemSize
      let value = values.scalar(at: entry)
      let isFirst = stored.base[place] == 0
      let folded = isFirst ? value : f.evaluate(Scalar(dtype, loading: target), value, value)
      folded.store(to: target)
      stored.base[place] += 1
    }
    // Most results miss equally many.
    var known: (missing: UInt128, fold: Scalar)?
    for place in 0..<result.count {
      let missing = count - UInt128(stored.base[place])
      if missing == 0 { continue }
      if known?.missing != missing { known = (missing, f.folded(fill, count: missing)) }
      guard let fold = known?.fold else { continue }
      let target = result.base + place * itemSize
      if stored.base[place] == 0 {
        fold.store(to: target)
      } else {
        f.evaluate(Scalar(dtype, loading: target), fold, fold).store(to: target)
      }
    }
  }
}
