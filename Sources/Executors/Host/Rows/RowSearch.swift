import WeftIR

/// An element that can be compared with NaN in mind.
protocol Searchable: BitwiseCopyable, Sendable {
  /// Whether the first beats the second: strictly greater (or less), or the only NaN.
  static func isGreater(_ a: Self, _ b: Self) -> Bool
  static func isLess(_ a: Self, _ b: Self) -> Bool
}

extension Searchable where Self: FixedWidthInteger {
  @inline(__always) static func isGreater(_ a: Self, _ b: Self) -> Bool { a > b }
  @inline(__always) static func isLess(_ a: Self, _ b: Self) -> Bool { a < b }
}
extension Int8: Searchable {}
extension Int16: Searchable {}
extension Int32: Searchable {}
extension Int64: Searchable {}
extension UInt8: Searchable {}
extension UInt16: Searchable {}
extension UInt32: Searchable {}
extension UInt64: Searchable {}

extension Searchable where Self: BinaryFloatingPoint {
  @inline(__always)
  static func isGreater(_ a: Self, _ b: Self) -> Bool { a > b || (a != a && b == b) }
  @inline(__always)
  static func isLess(_ a: Self, _ b: Self) -> Bool { a < b || (a != a && b == b) }
}
extension Float: Searchable {}
extension Double: Searchable {}
extension Float16: Searchable {}

/// A bfloat16 by its bits.
struct BrainBits: Searchable {
  var bits: UInt16
  @inline(__always) var value: Float { Float(bitPattern: UInt32(bits) << 16) }
  @inline(__always)
  static func isGreater(_ a: BrainBits, _ b: BrainBits) -> Bool {
    Float.isGreater(a.value, b.value)
  }
  @inline(__always)
  static func isLess(_ a: BrainBits, _ b: BrainBits) -> Bool { Float.isLess(a.value, b.value) }
}

extension NativeStep {
  /// The first position of the least or greatest along an axis; NaN wins.
  func argReduce(
    _ operand: Buffer, _ result: Buffer, _ axis: Int, isMaximum: Bool, _ context: RunContext
  ) throws {
    let search = Search(
      box: AxisBox(operand, axis), out: KernelAddress(result.base), isMaximum: isMaximum,
      context: context)
    switch operand.type.dtype {
    case .bool, .uint8: try search.run(UInt8.self)
    case .int8: try search.run(Int8.self)
    case .int16: try search.run(Int16.self)
    case .int32: try search.run(Int32.self)
    case .int64: try search.run(Int64.self)
    case .uint16: try search.run(UInt16.self)
    case .uint32: try search.run(UInt32.self)
    case .uint64: try search.run(UInt64.self)
    case .float16: try search.run(Float16.self)
    case .bfloat16: try search.run(BrainBits.self)
    case .float32: try search.run(Float.self)
    case .float64: try search.run(Double.self)
    case .complex64, .complex128: break
    }
  }
}

private struct Search {
  let box: AxisBox
  let out: KernelAddress
  let isMaximum: Bool
  let context: RunContext

  func run<T: Searchable>(_ type: T.Type) throws {
    if isMaximum {
      try run(type) { T.isGreater($0, $1) }
    } else {
      try run(type) { T.isLess($0, $1) }
    }
  }

  @inline(__always)
  private func run<T: Searchable>(
    _ type: T.Type, _ beats: @escaping @Sendable (T, T) -> Bool
  ) throws {
    if box.inner == 1 {
      try rows(type, beats)
    } else {
      try columns(type, beats)
    }
  }

  /// Lanes lie one after the other; a long lane is cut, and the first of equals wins.
  @inline(__always)
  private func rows<T: Searchable>(
    _ type: T.Type, _ beats: @escaping @Sendable (T, T) -> Bool
  ) throws {
    let box = box
    let chunk = RowCode.searchChunk
    let chunks = (box.extent + chunk - 1) / chunk
    let memory = try Buffer(
      allocating: TensorType(.int64, Shape([box.outer * chunks])), in: context.memory)
    defer { withExtendedLifetime(memory) {} }
    let found = memory.base.bindMemory(to: Int.self, capacity: memory.count)
    let places = KernelAddress(memory.base)
    try context.share(box.outer * chunks, cost: min(chunk, box.extent)) { range in
      let places = places.pointer.assumingMemoryBound(to: Int.self)
      for unit in range {
        let (outer, part) = unit.quotientAndRemainder(dividingBy: chunks)
        let first = part * chunk
        places[unit] =
          first
          + Self.best(
            type, box.address(outer, first), min(chunk, box.extent - first), beats)
      }
    }
    let results = out.pointer.assumingMemoryBound(to: Int64.self)
    for outer in 0..<box.outer {
      let lane = UnsafeRawPointer(box.address(outer, 0))
      let size = MemoryLayout<T>.stride
      var best = found[outer * chunks]
      for part in 1..<max(1, chunks) {
        let place = found[outer * chunks + part]
        let (a, b) = (
          (lane + place * size).loadUnaligned(as: T.self),
          (lane + best * size).loadUnaligned(as: T.self)
        )
        if beats(a, b) { best = place }
      }
      results[outer] = Int64(best)
    }
  }

  /// The first best of contiguous elements: blocks whose best does not beat are left quickly.
  @inline(__always)
  private static func best<T: Searchable>(
    _ type: T.Type, _ base: UnsafeMutableRawPointer, _ n: Int, _ beats: (T, T) -> Bool
  ) -> Int {
    let size = MemoryLayout<T>.stride
    let source = UnsafeRawPointer(base)
    var best = source.loadUnaligned(as: T.self)
    var place = 0
    var i = 1
    while i < n {
      let end = min(n, i + 64)
      // Without branches, so that it becomes vector code.
      var anyBeats = false
      for j in i..<end {
        anyBeats = beats((source + j * size).loadUnaligned(as: T.self), best) || anyBeats
      }
      if anyBeats {
        for j in i..<end {
          let x = (source + j * size).loadUnaligned(as: T.self)
          if beats(x, best) { (best, place) = (x, j) }
        }
      }
      i = end
    }
    return place
  }

  /// Lanes lie side by side: rows are compared with the best so far.
  @inline(__always)
  private func columns<T: Searchable>(
    _ type: T.Type, _ beats: @escaping @Sendable (T, T) -> Bool
  ) throws {
    let (box, out) = (box, out)
    let block = 512
    let blocks = (box.inner + block - 1) / block
    let size = MemoryLayout<T>.stride
    try context.share(box.outer * blocks, cost: min(block, box.inner) * box.extent) { range in
      let best = UnsafeMutablePointer<T>.allocate(capacity: block)
      defer { best.deallocate() }
      for unit in range {
        let (outer, part) = unit.quotientAndRemainder(dividingBy: blocks)
        let first = part * block
        let n = min(block, box.inner - first)
        let places =
          out.pointer.assumingMemoryBound(to: Int64.self) + outer * box.inner + first
        let base = UnsafeRawPointer(box.address(outer, 0)) + first * size
        for j in 0..<n {
          best[j] = (base + j * size).loadUnaligned(as: T.self)
          places[j] = 0
        }
        for index in 1..<max(1, box.extent) {
          let row = base + index * box.innerBytes
          for j in 0..<n {
            let x = (row + j * size).loadUnaligned(as: T.self)
            let wins = beats(x, best[j])
            best[j] = wins ? x : best[j]
            places[j] = wins ? Int64(index) : places[j]
          }
        }
      }
    }
  }
}
