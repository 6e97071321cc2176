import WeftIR
import WeftPasses

/// Rows that run block by block along an axis: each block is a program of its own on one thread.
///
/// Blocks are cut by shape alone, and sums over blocks are added in a fixed order, so the bits do
/// not depend on the number of threads.
final class BlockedStep: Sendable {
  /// An array that blocks read: their part of it, or all.
  struct Source: Sendable {
    var slot: Int
    var type: TensorType
    var axis: Int?
  }

  let sources: [Source]
  let targets: [HostExecutable.Target]
  /// The axis of each target that blocks write; nil for a sum over blocks.
  private let axes: [Int?]
  private let whole: HostExecutable
  private let rest: HostExecutable?
  private let extent: Int
  private let positions: Int
  /// How many sums of consecutive blocks there are, or blocks where nothing is summed.
  private let runs: Int
  private let blocks: Int

  /// Bytes of what a block stores on the way: half of a second cache of the smaller kind.
  private static let blockBytes = 1 << 20
  /// The most sums that are added up at the end.
  private static let mostSums = 32

  /// The step of a group whose values have slots.
  init(
    _ group: RowBlocks, sources: [Source], targets: [HostExecutable.Target],
    plan: (Graph) throws -> HostExecutable
  ) throws {
    self.sources = sources
    self.targets = targets
    axes = group.outputs.map(\.axis)
    extent = group.extent
    let fitting = max(1, Self.blockBytes / group.bytesPerPosition)
    positions = min(extent, fitting >= 16 ? fitting / 8 * 8 : fitting)
    blocks = (extent + positions - 1) / positions
    runs = axes.contains(nil) ? min(blocks, Self.mostSums) : blocks
    whole = try plan(group.block(of: positions))
    let last = extent % positions
    rest = last == 0 ? nil : try plan(group.block(of: last))
  }

  /// Bytes that are needed while it runs, besides the results.
  func scratchBytes(threads: Int) -> Int {
    let sums = zip(targets, axes).reduce(0) { $1.1 == nil ? $0 + ($1.0.type.byteCount ?? 0) : $0 }
    return min(threads, runs) * max(whole.peakBytes, rest?.peakBytes ?? 0) + runs * sums
  }

  /// The steps of a block in one line.
  var summary: String {
    "\(blocks) blocks of \(positions) of \(extent): " + whole.steps.joined(separator: " | ")
  }

  /// The texts of the kernels.
  var listings: [KernelListing] { whole.listings }

  func run(_ slots: inout ContiguousArray<Buffer?>, _ context: RunContext) throws {
    // The planner has filled every slot that a step reads.
    let inputs = sources.map { slots[$0.slot].unsafelyUnwrapped }
    var outputs: [Buffer] = []
    for target in targets { outputs.append(try HostMemory.buffer(for: target, &slots, context)) }
    let results = outputs
    let sums = Lock<[[Buffer]]>(Array(repeating: [], count: runs))
    try context.scheduler.run(runs, context.token) { [self] run, _ in
      var own = context
      own.scheduler = CallingThread()
      own.trace = nil
      var totals: [Buffer] = []
      for block in run * blocks / runs..<(run + 1) * blocks / runs {
        try self.run(block, inputs, results, &totals, own)
      }
      let finished = totals
      sums.withLock { $0[run] = finished }
    }
    let partial = sums.withLock { $0 }
    var number = 0
    for (target, axis) in zip(results, axes) where axis == nil {
      for (run, totals) in partial.enumerated() {
        if run == 0 {
          target.base.copyMemory(from: totals[number].base, byteCount: target.byteCount)
        } else {
          Self.add(totals[number], to: target)
        }
      }
      number += 1
    }
  }

  private func run(
    _ block: Int, _ inputs: [Buffer], _ outputs: [Buffer], _ totals: inout [Buffer],
    _ context: RunContext
  ) throws {
    let first = block * positions
    let count = min(positions, extent - first)
    let program = count == positions ? whole : rest ?? whole
    let parts = zip(sources, inputs).map { source, buffer in
      source.axis.map { Self.part(of: buffer, source.type, axis: $0, from: first, count) } ?? buffer
    }
    var sums: [Buffer] = []
    for ((result, output), axis) in zip(zip(try program.run(parts, context), outputs), axes) {
      if axis == nil {
        sums.append(result)
      } else {
        let place = output.byteCount / extent * first
        (output.base + place).copyMemory(from: result.base, byteCount: result.byteCount)
      }
    }
    if totals.isEmpty {
      totals = sums
    } else {
      for (sum, total) in zip(sums, totals) { Self.add(sum, to: total) }
    }
  }

  /// Positions of the outermost axis.
  private static func part(
    of buffer: Buffer, _ type: TensorType, axis: Int, from first: Int, _ count: Int
  ) -> Buffer {
    var codes = type.shape.codes
    let bytes = codes[axis] == 0 ? 0 : buffer.byteCount / codes[axis]
    codes[axis] = count
    return Buffer(
      wrapping: buffer.base + first * bytes, type: TensorType(type.dtype, Shape(codes: codes))
    ) { _ = buffer }
  }

  private static func add(_ buffer: Buffer, to total: Buffer) {
    func add<T: FloatingPoint>(_ type: T.Type) {
      let (from, to) = (
        buffer.base.assumingMemoryBound(to: T.self), total.base.assumingMemoryBound(to: T.self)
      )
      for i in 0..<buffer.count { to[i] += from[i] }
    }
    if buffer.type.dtype == .float32 { add(Float.self) } else { add(Double.self) }
  }
}

/// Runs everything on the thread that calls.
private struct CallingThread: Scheduler {
  let threadCount = 1

  func run(
    _ count: Int, _ token: CancellationToken,
    _ body: @Sendable (_ part: Int, _ thread: Int) throws -> Void
  ) throws {
    for part in 0..<count {
      try token.check()
      try body(part, 0)
    }
  }
}
