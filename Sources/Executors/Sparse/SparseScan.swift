import WeftIR

extension SparseRowRunner {
  /// Running folds along an axis: a dense array, made from the entries without the operand's dense elements.
  func scanned(
    _ row: Int, _ f: ScalarFunction, _ operand: Value, _ axis: Int
  ) throws -> Buffer {
    let (elements, type) = (try elements(operand), type(row))
    let result = try Buffer(allocating: type, in: kernels.context.memory)
    let shape = type.shape.codes
    let entries: Entries<UInt64> = try kernels.entries(of: elements, order: Array(0..<type.rank))
    try SparseScan(
      f: f, dtype: type.dtype, fill: elements.fill, entries: entries,
      outer: shape[..<axis].reduce(1, *), extent: shape[axis],
      inner: shape[(axis + 1)...].reduce(1, *), result: result, kernels: kernels
    ).run()
    return result
  }
}

/// Running folds of entries and of the fills between them, lane by lane or many lanes side by side.
///
/// Sums and products of narrow floats are kept in float64, as those of dense arrays are. A lane's folds depend on the lane
/// alone, so that the number of threads changes nothing.
private struct SparseScan: Sendable {
  let f: ScalarFunction
  let dtype: DType
  let fill: Scalar
  /// In C order.
  let entries: Entries<UInt64>
  let outer: Int
  let extent: Int
  let inner: Int
  let result: Buffer
  let kernels: SparseKernels

  private var isSum: Bool { f == .add || f == .multiply }

  func run() throws {
    if result.count == 0 { return }
    switch dtype {
    case .int8: if try integers(Int8.self) { return }
    case .int16: if try integers(Int16.self) { return }
    case .int32: if try integers(Int32.self) { return }
    case .int64: if try integers(Int64.self) { return }
    case .uint8: if try integers(UInt8.self) { return }
    case .uint16: if try integers(UInt16.self) { return }
    case .uint32: if try integers(UInt32.self) { return }
    case .uint64: if try integers(UInt64.self) { return }
    case .float64: if try floats(Double.self) { return }
    case .float32:
      if isSum {
        return try sums(ScanLoops<DoubledFloats>(self))
      }
      if try floats(Float.self) { return }
    case .complex128 where f == .add:
      return try ScanLoops<Unchanged<SIMD2<Double>>>(self).run(
        { $0 + $1 }, { Self.isSame($0, $1) })
    case .complex64 where f == .add:
      return try ScanLoops<DoubledPairs>(self).run({ $0 + $1 }, { Self.isSame($0, $1) })
    case .bool, .float16, .bfloat16, .complex64, .complex128: break
    }
    try general()
  }

  private static func isSame(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Bool {
    a.x.bitPattern == b.x.bitPattern && a.y.bitPattern == b.y.bitPattern
  }

  /// False for functions without a loop.
  private func integers<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _: Element.Type
  ) throws -> Bool {
    let loops = ScanLoops<Unchanged<Element>>(self)
    switch f {
    case .add: try loops.run({ $0 &+ $1 }, ==)
    case .multiply: try loops.run({ $0 &* $1 }, ==)
    case .maximum: try loops.run({ Swift.max($0, $1) }, ==)
    case .minimum: try loops.run({ Swift.min($0, $1) }, ==)
    default: return false
    }
    return true
  }

  /// False for functions without a loop.
  private func floats<Element: ScanFloat>(_: Element.Type) throws -> Bool {
    let loops = ScanLoops<Unchanged<Element>>(self)
    switch f {
    case .add, .multiply: try sums(loops)
    case .maximum:
      try loops.run(
        { $0.isNaN ? $0 : $1.isNaN ? $1 : $0 >= $1 ? $0 : $1 }, { $0.hasBits(of: $1) })
    case .minimum:
      try loops.run(
        { $0.isNaN ? $0 : $1.isNaN ? $1 : $0 <= $1 ? $0 : $1 }, { $0.hasBits(of: $1) })
    default: return false
    }
    return true
  }

  private func sums<Form: ScanForm>(_ loops: ScanLoops<Form>) throws where Form.Wide: ScanFloat {
    f == .add
      ? try loops.run({ $0 + $1 }, { $0.hasBits(of: $1) })
      : try loops.run({ $0 * $1 }, { $0.hasBits(of: $1) })
  }

  /// Any function, by its meaning, element by element.
  private func general() throws {
    let isNarrow = isSum && [.float16, .bfloat16, .float32, .complex64].contains(dtype)
    let wide: DType = isNarrow ? (dtype.isComplex ? .complex128 : .float64) : dtype
    let (fill, size) = (fill.converted(to: wide), dtype.itemSize)
    nonisolated(unsafe) let target = result.base
    try kernels.forEachRange(outer * inner, entries: result.count) { lane in
      let (before, column) = lane.quotientAndRemainder(dividingBy: inner)
      var running: Scalar?
      for k in 0..<extent {
        let place = (before * extent + k) * inner + column
        let entry = entries.keys.firstIndex(from: UInt64(place))
        let isStored = entry < entries.count && entries.keys.base[entry] == UInt64(place)
        let x = isStored ? entries.values.scalar(at: entry).converted(to: wide) : fill
        let next = running.map { f.evaluate($0, x, x) } ?? x
        running = next
        next.converted(to: dtype).store(to: target + place * size)
      }
    }
  }
}

/// Floats whose bits are compared.
private protocol ScanFloat: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  func hasBits(of other: Self) -> Bool
}
extension Float: ScanFloat {
  @inline(__always)
  fileprivate func hasBits(of other: Float) -> Bool { bitPattern == other.bitPattern }
}
extension Double: ScanFloat {
  @inline(__always)
  fileprivate func hasBits(of other: Double) -> Bool { bitPattern == other.bitPattern }
}

/// What elements are folded as.
private protocol ScanForm: SendableMetatype {
  associatedtype Element: BitwiseCopyable, Sendable
  associatedtype Wide: BitwiseCopyable, Sendable
  static func widened(_ element: Element) -> Wide
  static func narrowed(_ wide: Wide) -> Element
}

private enum Unchanged<Element: BitwiseCopyable & Sendable>: ScanForm {
  @inline(__always)
  static func widened(_ element: Element) -> Element { element }
  @inline(__always)
  static func narrowed(_ wide: Element) -> Element { wide }
}

private enum DoubledFloats: ScanForm {
  @inline(__always)
  static func widened(_ element: Float) -> Double { Double(element) }
  @inline(__always)
  static func narrowed(_ wide: Double) -> Float { Float(wide) }
}

private enum DoubledPairs: ScanForm {
  @inline(__always)
  static func widened(_ element: SIMD2<Float>) -> SIMD2<Double> { SIMD2<Double>(element) }
  @inline(__always)
  static func narrowed(_ wide: SIMD2<Double>) -> SIMD2<Float> { SIMD2<Float>(wide) }
}

/// The loops of running folds.
private struct ScanLoops<Form: ScanForm>: Sendable {
  typealias Element = Form.Element
  typealias Wide = Form.Wide
  let scan: SparseScan

  init(_ scan: SparseScan) { self.scan = scan }

  private var fill: Wide {
    withUnsafeTemporaryAllocation(byteCount: 16, alignment: 16) { bytes in
      // Room was asked for.
      let base = bytes.baseAddress.unsafelyUnwrapped
      scan.fill.converted(to: scan.dtype).store(to: base)
      return Form.widened(base.load(as: Element.self))
    }
  }

  @inline(__always)
  func run(
    _ fold: @Sendable (Wide, Wide) -> Wide, _ isSame: @Sendable (Wide, Wide) -> Bool
  ) throws {
    scan.inner == 1 ? try runAlong(fold, isSame) : try runAcross(fold)
  }

  /// Lanes whose elements stand together.
  @inline(__always)
  private func runAlong(
    _ fold: @Sendable (Wide, Wide) -> Wide, _ isSame: @Sendable (Wide, Wide) -> Bool
  ) throws {
    let (keys, extent, fill) = (scan.entries.keys, scan.extent, fill)
    nonisolated(unsafe) let values = scan.entries.values.base.assumingMemoryBound(to: Element.self)
    nonisolated(unsafe) let target = scan.result.base.assumingMemoryBound(to: Element.self)
    try scan.kernels.forEachRange(scan.outer, entries: scan.result.count) { lane in
      let (start, end) = (lane &* extent, (lane &+ 1) &* extent)
      var entry = keys.firstIndex(from: UInt64(start))
      var place = start
      var running = fill
      while place < end {
        if entry < keys.count, Int(truncatingIfNeeded: keys.base[entry]) == place {
          let x = Form.widened(values[entry])
          running = place == start ? x : fold(running, x)
          target[place] = Form.narrowed(running)
          (place, entry) = (place &+ 1, entry &+ 1)
          continue
        }
        let next =
          entry < keys.count ? Swift.min(end, Int(truncatingIfNeeded: keys.base[entry])) : end
        if place == start {
          target[place] = Form.narrowed(fill)
          place &+= 1
        }
        while place < next {
          let folded = fold(running, fill)
          let element = Form.narrowed(folded)
          if isSame(folded, running) {
            // Another fill changes nothing any more.
            (target + place).update(repeating: element, count: next &- place)
            place = next
            break
          }
          running = folded
          target[place] = element
          place &+= 1
        }
      }
    }
  }

  /// Lanes side by side: some columns a part, row by row.
  @inline(__always)
  private func runAcross(_ fold: @Sendable (Wide, Wide) -> Wide) throws {
    let (keys, extent, inner, fill) = (scan.entries.keys, scan.extent, scan.inner, fill)
    nonisolated(unsafe) let values = scan.entries.values.base.assumingMemoryBound(to: Element.self)
    nonisolated(unsafe) let target = scan.result.base.assumingMemoryBound(to: Element.self)
    let width = Swift.min(1024, Swift.max(64, (inner + 7) / 8))
    let blocks = (inner + width - 1) / width
    try scan.kernels.forEachRange(scan.outer * blocks, entries: scan.result.count) { unit in
      let (before, block) = unit.quotientAndRemainder(dividingBy: blocks)
      let first = block &* width
      let count = Swift.min(width, inner &- first)
      withUnsafeTemporaryAllocation(of: Wide.self, capacity: count) { memory in
        // Room was asked for.
        let running = memory.baseAddress.unsafelyUnwrapped
        running.initialize(repeating: fill, count: count)
        for k in 0..<extent {
          let base = (before &* extent &+ k) &* inner &+ first
          var entry = keys.firstIndex(from: UInt64(base))
          var column = 0
          while entry < keys.count {
            let own = Int(truncatingIfNeeded: keys.base[entry]) &- base
            if own >= count { break }
            if k > 0 {
              for c in column..<own { running[c] = fold(running[c], fill) }
            }
            let x = Form.widened(values[entry])
            running[own] = k == 0 ? x : fold(running[own], x)
            (column, entry) = (own &+ 1, entry &+ 1)
          }
          if k > 0 {
            for c in column..<count { running[c] = fold(running[c], fill) }
          }
          let row = target + base
          for c in 0..<count { row[c] = Form.narrowed(running[c]) }
        }
      }
    }
  }
}
