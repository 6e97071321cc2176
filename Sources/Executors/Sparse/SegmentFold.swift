import WeftIR

/// Folds values that share a place, and fills for what of them is not stored.
struct SegmentFold: Sendable {
  private let f: ScalarFunction
  private let dtype: DType
  private let fill: Scalar
  /// How many elements each result folds.
  private let count: UInt128
  /// Whether what is not stored is folded, too.
  private var takesFills = true

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

  /// Folds each value into the place that it belongs to, in the order of entries.
  func run(
    _ values: Buffer, _ places: Vector<Int>, into result: Buffer, _ kernels: SparseKernels
  ) throws {
    let loops = PlacedFold(values: values, places: places, result: result, kernels: kernels)
    if try !run(loops) { try general(loops) }
  }

  /// The same by loops that know where values belong; false for functions and dtypes that have none.
  func run(_ loops: some FoldLoops) throws -> Bool {
    if isPlainSum {
      if try loops.summed(dtype) { return true }
      switch dtype {
      case .float32: return try widened(loops, NativeFloat.self)
      case .float16: return try widened(loops, NarrowFloat16.self)
      case .bfloat16: return try widened(loops, NarrowBFloat16.self)
      case .complex64: return try run(loops, PairSum<Float>.self)
      case .complex128: return try run(loops, PairSum<Double>.self)
      default: break
      }
    }
    switch dtype {
    case .bool:
      if f == .add || f == .maximum { return try run(loops, AnyBit.self) }
      if f == .multiply || f == .minimum { return try run(loops, CommonBits.self) }
    case .int8: return try runWhole(loops, Int8.self)
    case .int16: return try runWhole(loops, Int16.self)
    case .int32: return try runWhole(loops, Int32.self)
    case .int64: return try runWhole(loops, Int64.self)
    case .uint8: return try runWhole(loops, UInt8.self)
    case .uint16: return try runWhole(loops, UInt16.self)
    case .uint32: return try runWhole(loops, UInt32.self)
    case .uint64: return try runWhole(loops, UInt64.self)
    case .float32: return try runReal(loops, Float.self)
    case .float64: return try runReal(loops, Double.self)
    case .complex64, .complex128, .float16, .bfloat16: break
    }
    return false
  }

  /// Integers; false for functions without a loop.
  private func runWhole<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ loops: some FoldLoops, _: Element.Type
  ) throws -> Bool {
    switch f {
    case .add: try run(loops, WholeSum<Element>.self)
    case .multiply: try run(loops, WholeProduct<Element>.self)
    case .maximum: try run(loops, WholeMaximum<Element>.self)
    case .minimum: try run(loops, WholeMinimum<Element>.self)
    default: false
    }
  }

  /// Floats; false for functions without a loop.
  private func runReal<Element: BinaryFloatingPoint & BitwiseCopyable & Sendable>(
    _ loops: some FoldLoops, _: Element.Type
  ) throws -> Bool {
    switch f {
    case .add: try run(loops, RealSum<Element>.self)
    case .multiply: try run(loops, RealProduct<Element>.self)
    case .maximum: try run(loops, RealMaximum<Element>.self)
    case .minimum: try run(loops, RealMinimum<Element>.self)
    default: false
    }
  }

  private func run<Operation: FoldOperation>(
    _ loops: some FoldLoops, _: Operation.Type
  ) throws -> Bool {
    typealias Item = NativeItem<Operation.Element>
    if isNeutral, let identity = f.identity {
      try loops.fold(Operation.self, Item.self, from: Scalar(Int64(identity), dtype))
      return true
    }
    try loops.fold(Operation.self, Item.self) { stored in
      if !takesFills || count == UInt128(stored) { return nil }
      return f.folded(fill, count: count - UInt128(stored))
    }
    return true
  }

  /// Sums of narrow floats, added in float64 and rounded once, if the result is not wide itself.
  private func widened<Item: FoldItem>(
    _ loops: some FoldLoops, _: Item.Type
  ) throws -> Bool where Item.Sum == Double {
    let zero = Scalar(0.0, .float64)
    if loops.result.type.dtype == .float64 {
      try loops.fold(RealSum<Double>.self, WideResult<Item>.self, from: zero)
    } else {
      try loops.fold(RealSum<Double>.self, Item.self, from: zero)
    }
    return true
  }

  /// Any function, by its meaning.
  private func general(_ loops: PlacedFold) throws {
    let (values, places, result) = (loops.values, loops.places, loops.result)
    let stored: Vector<Int> = try loops.kernels.vector(result.count)
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
      let missing = takesFills ? count - UInt128(stored.base[place]) : 0
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

extension SegmentFold {
  /// Folds all values into one result: parts of the entries first, then these, in their order.
  func total(_ values: Buffer, into result: Buffer, _ kernels: SparseKernels) throws {
    let length = SparseKernels.entriesOfPart
    let parts = (values.count + length - 1) / length
    var total = f.folded(fill, count: count)
    if parts > 0 {
      let isNarrow = [.float32, .float16, .bfloat16].contains(dtype)
      let folds = try kernels.values(parts, isPlainSum && isNarrow ? .float64 : dtype)
      var own = self
      own.takesFills = false
      let ends: Vector<Int64> = try kernels.vector(parts + 1)
      for part in 0...parts { ends.base[part] = Int64(min(values.count, part * length)) }
      let runs = RunFold(
        ends: ends, values: values, result: folds, kernels: kernels, isOneRunAPart: true)
      if try !own.run(runs) {
        let places: Vector<Int> = try kernels.vector(values.count)
        try kernels.forEachPart(values.count) { range in
          for entry in range { places.base[entry] = entry / length }
        }
        try own.run(values, places, into: folds, kernels)
      }
      total = folds.scalar(at: 0)
      for part in 1..<parts {
        let next = folds.scalar(at: part)
        total = f.evaluate(total, next, next)
      }
      let missing = count - UInt128(values.count)
      if missing > 0, !isNeutral {
        let fills = f.folded(fill, count: missing)
        total = f.evaluate(total, fills, fills)
      }
    }
    total.converted(to: dtype).store(to: result.base)
  }
}
