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
    let loops = FoldLoops(values: values, places: places, result: result, kernels: kernels)
    if isPlainSum {
      switch dtype {
      case .float32:
        return try loops.widened { Double($0.assumingMemoryBound(to: Float.self)[$1]) }
      case .float16, .bfloat16:
        return try loops.widened { [dtype] in Scalar(dtype, loading: $0 + $1 * 2).doubleValue }
      default: break
      }
    }
    switch dtype {
    case .bool:
      if f == .add || f == .maximum { return try run(loops, UInt8.self) { $0 | $1 } }
      if f == .multiply || f == .minimum { return try run(loops, UInt8.self) { $0 & $1 } }
    case .int8: if try run(loops, Int8.self) { return }
    case .int16: if try run(loops, Int16.self) { return }
    case .int32: if try run(loops, Int32.self) { return }
    case .int64: if try run(loops, Int64.self) { return }
    case .uint8: if try run(loops, UInt8.self) { return }
    case .uint16: if try run(loops, UInt16.self) { return }
    case .uint32: if try run(loops, UInt32.self) { return }
    case .uint64: if try run(loops, UInt64.self) { return }
    case .float32: if try runReal(loops, Float.self) { return }
    case .float64: if try runReal(loops, Double.self) { return }
    case .complex64, .complex128, .float16, .bfloat16: break
    }
    try general(loops)
  }

  /// Integers; false for functions without a loop.
  private func run<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ loops: FoldLoops, _: Element.Type
  ) throws -> Bool {
    switch f {
    case .add: try run(loops, Element.self) { $0 &+ $1 }
    case .multiply: try run(loops, Element.self) { $0 &* $1 }
    case .maximum: try run(loops, Element.self) { Swift.max($0, $1) }
    case .minimum: try run(loops, Element.self) { Swift.min($0, $1) }
    default: return false
    }
    return true
  }

  /// Floats; false for functions without a loop.
  private func runReal<Element: BinaryFloatingPoint & BitwiseCopyable & Sendable>(
    _ loops: FoldLoops, _: Element.Type
  ) throws -> Bool {
    switch f {
    case .add: try run(loops, Element.self) { $0 + $1 }
    case .multiply: try run(loops, Element.self) { $0 * $1 }
    case .maximum:
      try run(loops, Element.self) { $0.isNaN ? $0 : $1.isNaN ? $1 : $0 >= $1 ? $0 : $1 }
    case .minimum:
      try run(loops, Element.self) { $0.isNaN ? $0 : $1.isNaN ? $1 : $0 <= $1 ? $0 : $1 }
    default: return false
    }
    return true
  }

  @inline(__always)
  private func run<Element: BitwiseCopyable & Sendable>(
    _ loops: FoldLoops, _: Element.Type, _ body: @Sendable (Element, Element) -> Element
  ) throws {
    if isNeutral, let identity = f.identity {
      return try loops.fold(Element.self, from: Scalar(Int64(identity), dtype), body)
    }
    try loops.fold(Element.self, body) { stored in
      if !takesFills || count == UInt128(stored) { return nil }
      return f.folded(fill, count: count - UInt128(stored))
    }
  }

  /// Any function, by its meaning.
  private func general(_ loops: FoldLoops) throws {
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
      let places: Vector<Int> = try kernels.vector(values.count)
      try kernels.forEachPart(values.count) { range in
        for entry in range { places.base[entry] = entry / length }
      }
      var own = self
      own.takesFills = false
      try own.run(values, places, into: folds, kernels)
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

/// The loops of folds: entries of one place are folded by one thread, in their order.
private struct FoldLoops: Sendable {
  let values: Buffer
  let places: Vector<Int>
  let result: Buffer
  let kernels: SparseKernels

  /// Which entries a thread looks at, and which places are its own.
  private struct Share {
    var entries: Range<Int>
    var places: Range<Int>
  }

  /// Where places grow with the entries, threads have entries of their own; else each looks at all for its
  /// own places.
  private func shares() throws -> [Share] {
    let (count, results) = (places.count, result.count)
    let length = SparseKernels.entriesOfPart
    if count <= length { return [Share(entries: 0..<count, places: 0..<results)] }
    let isTurned: Vector<Bool> = try kernels.vector((count + length - 1) / length)
    try kernels.forEachPart(count) { range in
      var isFound = false
      for entry in Swift.max(1, range.lowerBound)..<range.upperBound {
        if places.base[entry] < places.base[entry &- 1] { isFound = true }
      }
      isTurned.base[range.lowerBound / length] = isFound
    }
    let grows = !(0..<isTurned.count).contains { isTurned[$0] }
    var shares: [Share] = []
    if grows {
      var (entry, place) = (0, 0)
      while entry < count {
        var end = Swift.min(count, entry + length)
        while end < count, places.base[end] == places.base[end - 1] { end += 1 }
        let next = end == count ? results : places.base[end]
        shares.append(Share(entries: entry..<end, places: place..<next))
        (entry, place) = (end, next)
      }
      return shares
    }
    let threads = Swift.max(1, Swift.min(kernels.context.scheduler.threadCount, results, 64))
    for thread in 0..<threads {
      let bounds = [thread, thread + 1].map {
        results / threads * $0 + results % threads * $0 / threads
      }
      shares.append(Share(entries: 0..<count, places: bounds[0]..<bounds[1]))
    }
    return shares
  }

  private func run(_ body: @Sendable (Share) throws -> Void) throws {
    let shares = try shares()
    try kernels.context.scheduler.run(shares.count, kernels.context.token) { part, _ in
      try body(shares[part])
    }
  }

  /// Folds to which what is not stored adds nothing.
  @inline(__always)
  func fold<Element: BitwiseCopyable & Sendable>(
    _: Element.Type, from identity: Scalar, _ body: @Sendable (Element, Element) -> Element
  ) throws {
    nonisolated(unsafe) let source = values.base.assumingMemoryBound(to: Element.self)
    nonisolated(unsafe) let target = result.base.assumingMemoryBound(to: Element.self)
    let first = withUnsafeTemporaryAllocation(byteCount: 16, alignment: 16) { bytes -> Element in
      // Room was asked for.
      let base = bytes.baseAddress.unsafelyUnwrapped
      identity.store(to: base)
      return base.load(as: Element.self)
    }
    try run { share in
      for place in share.places { target[place] = first }
      let (low, high) = (share.places.lowerBound, share.places.upperBound)
      for entry in share.entries {
        let place = places.base[entry]
        if place < low || place >= high { continue }
        target[place] = body(target[place], source[entry])
      }
    }
  }

  /// Folds that take so many fills for what a place does not store, given by how many it stores.
  @inline(__always)
  func fold<Element: BitwiseCopyable & Sendable>(
    _: Element.Type, _ body: @Sendable (Element, Element) -> Element,
    missing: @Sendable (Int) -> Scalar?
  ) throws {
    nonisolated(unsafe) let source = values.base.assumingMemoryBound(to: Element.self)
    nonisolated(unsafe) let target = result.base.assumingMemoryBound(to: Element.self)
    let stored: Vector<Int> = try kernels.vector(result.count)
    try run { share in
      for place in share.places { stored.base[place] = 0 }
      let (low, high) = (share.places.lowerBound, share.places.upperBound)
      for entry in share.entries {
        let place = places.base[entry]
        if place < low || place >= high { continue }
        let value = source[entry]
        target[place] = stored.base[place] == 0 ? value : body(target[place], value)
        stored.base[place] &+= 1
      }
      // Most results store equally many.
      var known = -1
      withUnsafeTemporaryAllocation(byteCount: 16, alignment: 16) { bytes in
        let base = bytes.baseAddress.unsafelyUnwrapped
        var isFull = false
        for place in share.places {
          if stored.base[place] != known {
            known = stored.base[place]
            let fold = missing(known)
            isFull = fold == nil
            fold?.store(to: base)
          }
          if isFull { continue }
          let fills = base.load(as: Element.self)
          target[place] = known == 0 ? fills : body(target[place], fills)
        }
      }
    }
  }

  /// Sums of narrow floats, added in float64 and rounded once.
  func widened(_ load: @Sendable (UnsafeRawPointer, Int) -> Double) throws {
    let sums: Vector<Double> = try kernels.vector(result.count)
    nonisolated(unsafe) let source = UnsafeRawPointer(values.base)
    nonisolated(unsafe) let target = result.base
    let (dtype, itemSize) = (result.type.dtype, result.type.dtype.itemSize)
    try run { share in
      for place in share.places { sums.base[place] = 0 }
      let (low, high) = (share.places.lowerBound, share.places.upperBound)
      for entry in share.entries {
        let place = places.base[entry]
        if place < low || place >= high { continue }
        sums.base[place] += load(source, entry)
      }
      for place in share.places {
        Scalar(sums.base[place], dtype).store(to: target + place * itemSize)
      }
    }
  }
}
