import WeftIR

/// Rows that are neither kernels nor contractions and run here.
enum RowCode: Sendable {
  case concatenate(axis: Int)
  case pad([PadSpan])
  case gather(axis: Int)
  case scatter(axis: Int, ScatterFunction)
  case compress(axis: Int)
  case argReduce(isMaximum: Bool, axis: Int)
  case scan(ScanFunction, axis: Int)
  /// Positions that nobody uses are not written.
  case sort(axis: Int, isDescending: Bool, givesPositions: Bool)

  /// The code of a row, or nil where the fallback runs it.
  init?(_ row: Int, of graph: Graph) {
    let types = graph.operands(row).map { graph.type($0) }
    guard let type = types.first, types.allSatisfy(\.shape.isKnown) else { return nil }
    switch graph.rows[row].op {
    case .concatenate(let axis): self = .concatenate(axis: axis)
    case .pad(let spans): self = .pad(spans)
    case .gather(let axis): self = .gather(axis: axis)
    case .scatter(let axis, let f):
      guard let function = ScatterFunction(f, type.dtype) else { return nil }
      self = .scatter(axis: axis, function)
    case .compress(let axis, _): self = .compress(axis: axis)
    case .argReduce(let f, let axis):
      guard !type.dtype.isComplex else { return nil }
      self = .argReduce(isMaximum: f == .maximum, axis: axis)
    case .scan(let f, let axis):
      guard let function = ScanFunction(f, type.dtype) else { return nil }
      self = .scan(function, axis: axis)
    case .sort(let axis, let isDescending):
      guard !type.dtype.isComplex, type.shape.count ?? 0 <= Int(UInt32.max) else { return nil }
      self = .sort(
        axis: axis, isDescending: isDescending,
        givesPositions: graph.uses(Value(row: row, result: 1)))
    case .input, .constant, .iota, .random, .map, .convert, .reduce, .contract, .broadcast,
      .reshape, .permute, .slice, .reverse, .store, .call:
      return nil
    }
  }

  /// Whether a row has code here.
  static func isNative(_ row: Int, of graph: Graph) -> Bool { RowCode(row, of: graph) != nil }

  /// The word for `explain()`.
  var name: String {
    switch self {
    case .concatenate: "concatenate"
    case .pad: "pad"
    case .gather: "gather"
    case .scatter: "scatter"
    case .compress: "compress"
    case .argReduce(let isMaximum, _): isMaximum ? "argmax" : "argmin"
    case .scan(let function, _): "scan \(function.function.name)"
    case .sort: "sort"
    }
  }
}

extension RowCode {
  /// Elements of a lane that are searched as one.
  static let searchChunk = 1 << 16

  /// Bytes that the row needs only while it runs on so many threads, for an operand of a type.
  func scratchBytes(_ type: TensorType, threads: Int) -> Int {
    let extents = type.shape.known ?? []
    switch self {
    case .argReduce(_, let axis):
      let chunks = (extents[axis] + Self.searchChunk - 1) / Self.searchChunk
      let isContiguous = extents[(axis + 1)...].allSatisfy { $0 == 1 }
      return isContiguous ? extents[..<axis].reduce(chunks, *) * MemoryLayout<Int>.stride : 0
    case .sort(let axis, _, _): return threads * LaneSorter.byteCount(of: extents[axis])
    case .compress(let axis): return extents[axis] * MemoryLayout<Int64>.stride
    case .concatenate, .pad, .gather, .scatter, .scan: return 0
    }
  }
}

/// A row with the slots it reads and writes.
final class NativeStep: Sendable {
  let code: RowCode
  let sources: [Int]
  let targets: [HostExecutable.Target]
  let site: SourceSite
  private let operand: TensorType

  /// A row whose first operand has the type `operand`.
  init(
    _ code: RowCode, _ operand: TensorType, sources: [Int], targets: [HostExecutable.Target],
    site: SourceSite
  ) {
    self.code = code
    self.operand = operand
    self.sources = sources
    self.targets = targets
    self.site = site
  }

  /// Bytes that the step needs only while it runs on so many threads.
  func scratchBytes(threads: Int) -> Int { code.scratchBytes(operand, threads: threads) }

  /// One line for `explain()`.
  var summary: String {
    "\(code.name) -> \(targets.map(\.type.description).joined(separator: ", "))"
  }

  func run(_ slots: inout ContiguousArray<Buffer?>, _ context: RunContext) throws {
    try context.token.check()
    // The planner has filled every slot that a step reads.
    let operands = sources.map { slots[$0].unsafelyUnwrapped }
    do {
      if case .compress(let axis) = code {
        slots[targets[0].slot] = try compress(operands[0], operands[1], axis, context)
        return
      }
      let results = try targets.map { try Buffer(allocating: $0.type, in: context.memory) }
      try run(operands, results, context)
      for (target, result) in zip(targets, results) { slots[target.slot] = result }
    } catch let error as WeftError {
      throw error.located(at: site)
    }
  }

  private func run(_ operands: [Buffer], _ results: [Buffer], _ context: RunContext) throws {
    let result = results[0]
    if result.count == 0 { return try checkIndices(operands) }
    switch code {
    case .concatenate(let axis): try concatenate(operands, result, axis, context)
    case .pad(let spans): try pad(operands[0], operands[1], result, spans, context)
    case .gather(let axis): try gather(operands[0], operands[1], result, axis, context)
    case .scatter(let axis, let f):
      try scatter(operands[0], operands[1], operands[2], result, axis, f, context)
    case .compress: break
    case .argReduce(let isMaximum, let axis):
      try argReduce(operands[0], result, axis, isMaximum: isMaximum, context)
    case .scan(let f, let axis): try scan(operands[0], result, axis, f, context)
    case .sort(let axis, let isDescending, let givesPositions):
      try sort(
        operands[0], results, axis, isDescending: isDescending, givesPositions: givesPositions,
        context)
    }
  }
}

/// An array as three axes: all before an axis, the axis, all behind it.
struct AxisBox: Sendable {
  let outer: Int
  let extent: Int
  let inner: Int
  let itemSize: Int
  let base: KernelAddress

  init(_ buffer: Buffer, _ axis: Int) {
    let extents = buffer.type.shape.known ?? []
    outer = extents[..<axis].reduce(1, *)
    extent = extents[axis]
    inner = extents[(axis + 1)...].reduce(1, *)
    itemSize = buffer.type.dtype.itemSize
    base = KernelAddress(buffer.base)
  }

  /// The bytes behind one position of the axis.
  var innerBytes: Int { inner * itemSize }

  /// Where a position of the axis begins.
  func address(_ outer: Int, _ index: Int) -> UnsafeMutableRawPointer {
    base.pointer + (outer * extent + index) * innerBytes
  }
}

extension RunContext {
  /// Runs `body` over ranges of units that cost about `cost` elements each.
  func share(
    _ units: Int, cost: Int, _ body: @escaping @Sendable (Range<Int>) throws -> Void
  ) throws {
    if units <= 0 { return }
    let work = units.multipliedReportingOverflow(by: max(1, cost))
    let elements = work.overflow ? Int.max : work.partialValue
    var parts = min(elements / TileKernel.partElements, scheduler.threadCount * 8)
    parts = min(max(parts, elements / TileKernel.longestPart), units)
    if parts <= 1 {
      try body(0..<units)
      return
    }
    let (size, extra) = units.quotientAndRemainder(dividingBy: parts)
    try scheduler.run(parts, token) { part, _ in
      let start = part * size + min(part, extra)
      try body(start..<start + size + (part < extra ? 1 : 0))
    }
  }
}
