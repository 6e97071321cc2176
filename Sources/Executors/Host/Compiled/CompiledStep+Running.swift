import CHost
import WeftIR
import WeftPasses
import WeftPlans

/// How a compiled kernel runs: its arrays are bound, its units cut into parts.
extension CompiledStep {
  func run(_ slots: inout ContiguousArray<Buffer?>, _ context: RunContext) throws {
    guard let code = try code(context) else {
      try interpreted?.run(&slots, context)
      return
    }
    var launches = [try launch(code, &slots, context)]
    for companion in companions {
      launches.append(
        try companion.launch(companion.prepare(context.counters, context.trace), &slots, context))
    }
    try Self.run(launches, context)
    for launch in launches {
      try launch.step.runFinish(launch, context)
      try launch.check(&slots, context)
      try launch.combine(context)
    }
  }

  /// A kernel with the addresses of one run; parts of it write to disjoint elements.
  private struct Launch: @unchecked Sendable {
    let step: CompiledStep
    let code: LoadedKernel
    let addresses: [UnsafeMutableRawPointer?]
    /// The index parameters and the word of streams.
    let indices: [Int64]
    let buffers: [Buffer]
    let partials: [(values: Buffer, positions: Buffer?)]
    let flags: Buffer?
    let totals: Buffer?

    /// Throws for the first node that met an index outside of its extent.
    func check(_ slots: inout ContiguousArray<Buffer?>, _ context: RunContext) throws {
      guard let flags else { return }
      for (number, check) in step.checks.enumerated()
      where flags.base.load(fromByteOffset: number, as: UInt8.self) != 0 {
        throw check.error(&slots, context)
      }
    }

    /// Brings chunks of reductions together.
    func combine(_ context: RunContext) throws {
      for (part, partial) in zip(step.combining, partials) {
        let kernel: TileKernel
        switch part.way {
        case .fold(let fold): kernel = fold
        case .search(let search):
          if let positions = partial.positions {
            search.run(partial.values, positions, buffers[part.target])
          }
          continue
        case .part(let sum):
          sum.run(partial.values, buffers[part.target])
          continue
        case .kernel: continue
        }
        try withUnsafeTemporaryAllocation(
          of: UnsafeMutableRawPointer.self, capacity: 2
        ) { bases in
          bases[0] = partial.values.base
          bases[1] = buffers[part.target].base
          // A temporary allocation of two elements has an address.
          let base = UnsafePointer(bases.baseAddress.unsafelyUnwrapped)
          try kernel.run(KernelBases(pointer: base), context)
        }
      }
    }
  }

  private func launch(
    _ code: LoadedKernel, _ slots: inout ContiguousArray<Buffer?>, _ context: RunContext
  ) throws -> Launch {
    var buffers: [Buffer] = []
    for target in targets {
      buffers.append(try HostMemory.buffer(for: target, &slots, context))
    }
    var partials: [(values: Buffer, positions: Buffer?)] = []
    for part in combining {
      partials.append(
        (
          try Buffer(allocating: part.type, in: context.memory),
          try part.positions.map { try Buffer(allocating: $0, in: context.memory) }
        ))
    }
    var flags: Buffer?
    if !checks.isEmpty {
      let buffer = try Buffer(
        allocating: TensorType(.uint8, Shape([checks.count])), in: context.memory)
      buffer.base.initializeMemory(as: UInt8.self, repeating: 0, count: checks.count)
      flags = buffer
    }
    var totals: Buffer?
    if let phases = lowered.phases, phases.needsTotals {
      totals = try Buffer(
        allocating: TensorType(phases.dtype, Shape([lowered.units * phases.parts])),
        in: context.memory)
    }
    var addresses: [UnsafeMutableRawPointer?] = []
    addresses.reserveCapacity(sources.count)
    for source in sources {
      switch source {
      // The planner has filled every slot that a step reads.
      case .slot(let slot): addresses.append(slots[slot].unsafelyUnwrapped.base)
      case .constant(let n): addresses.append(constants.base + n * 16)
      case .target(let n): addresses.append(buffers[n].base)
      case .partial(let n): addresses.append(partials[n].values.base)
      case .partialPosition(let n): addresses.append(partials[n].positions?.base)
      case .scratch, .nothing: addresses.append(constants.base)
      case .flags: addresses.append(flags?.base)
      case .totals: addresses.append(totals?.base ?? constants.base)
      }
    }
    return Launch(
      step: self, code: code, addresses: addresses, indices: indices(writing: buffers),
      buffers: buffers, partials: partials, flags: flags, totals: totals)
  }

  /// The index parameters and the word that tells which targets go past the cache: those that it
  /// could not hold, and that are not written over what was just read.
  func indices(writing buffers: [Buffer]) -> [Int64] {
    let isLarge = buffers.contains { $0.byteCount >= Self.cacheBytes }
    if !isLarge, lowered.prefetchDistances.isEmpty { return indices }
    let streams = KernelStreams.word(sources) { n in
      buffers[n].byteCount >= Self.cacheBytes && targets[n].reuses < 0
    }
    return lowered.indices(streams: streams) + [streams]
  }

  /// Results of so many bytes and more go past the cache.
  static let cacheBytes = weft_cache_bytes()

  // MARK: - Parts

  /// The parts into which the units of the step are cut.
  private func partCount(_ context: RunContext) -> Int {
    var parts = min(lowered.elements / Self.partElements, context.scheduler.threadCount * 8)
    parts = max(parts, lowered.elements / Self.longestPart)
    return min(parts, lowered.units)
  }

  /// The least elements that are worth a part of their own, and the most: the token is looked at
  /// between parts, fifty functions on the most take some 10 ms, and threads end at about one time.
  private static let partElements = 32768
  private static let longestPart = 1 << 17

  /// Runs kernels at once: each part runs its share of each of them, so that a thread meets what it
  /// wrote itself.
  private static func run(_ launches: [Launch], _ context: RunContext) throws {
    if launches[0].totals != nil {
      try launches[0].step.runPhases(launches[0], context)
      return
    }
    let parts = launches[0].step.partCount(context)
    if parts <= 1 {
      try context.token.check()
      for launch in launches {
        try launch.step.call(launch, 0..<launch.step.lowered.units, context)
      }
      return
    }
    try context.scheduler.run(parts, context.token) { part, _ in
      for launch in launches {
        let range = range(part, of: parts, units: launch.step.lowered.units)
        if !range.isEmpty { try launch.step.call(launch, range, context) }
      }
    }
  }

  /// Runs a kernel for totals and then for results, some units at a time so that caches hold them.
  private func runPhases(_ launch: Launch, _ context: RunContext) throws {
    guard let phases = lowered.phases else { return }
    var totals = launch.indices
    totals[phases.index] = 0
    let window = Self.unitsOfThread * context.scheduler.threadCount
    for first in stride(from: 0, to: lowered.units, by: window) {
      let count = min(window, lowered.units - first)
      for indices in [totals, launch.indices] {
        try context.scheduler.run(count, context.token) { part, _ in
          try call(launch, first + part..<first + part + 1, indices, context)
        }
      }
    }
  }

  /// Runs a kernel that uses what it folded in chunks for its end.
  private func runFinish(_ launch: Launch, _ context: RunContext) throws {
    guard let finish = lowered.finish else { return }
    var ending = launch.indices
    ending[finish.phase] = 1
    let indices = ending
    let parts = min(finish.units, context.scheduler.threadCount)
    try context.scheduler.run(parts, context.token) { part, _ in
      try call(launch, Self.range(part, of: parts, units: finish.units), indices, context)
    }
  }

  /// The units of a thread whose elements stay in its second cache.
  private static let unitsOfThread = 2

  /// The units of one of equal parts.
  private static func range(_ part: Int, of parts: Int, units: Int) -> Range<Int> {
    let (size, extra) = units.quotientAndRemainder(dividingBy: parts)
    let start = part * size + min(part, extra)
    return start..<start + size + (part < extra ? 1 : 0)
  }

  private func call(
    _ launch: Launch, _ range: Range<Int>, _ context: RunContext
  ) throws {
    try call(launch, range, launch.indices, context)
  }

  private func call(
    _ launch: Launch, _ range: Range<Int>, _ indices: [Int64], _ context: RunContext
  ) throws {
    let (begin, end) = (Int64(range.lowerBound), Int64(range.upperBound))
    let code = launch.code
    // `init` adds the word of streams.
    defer { if indices[indices.count - 1] != 0 { weft_settle_stores() } }
    try indices.withUnsafeBufferPointer { indices in
      // There is an address: see above.
      let integers = indices.baseAddress.unsafelyUnwrapped
      if lowered.scratch.isEmpty {
        launch.addresses.withUnsafeBufferPointer {
          // Every kernel writes to a buffer.
          code($0.baseAddress.unsafelyUnwrapped, integers, from: begin, to: end)
        }
        return
      }
      let bytes = lowered.scratch.reduce(0, +)
      let block = try Buffer(allocating: TensorType(.uint8, Shape([bytes])), in: context.memory)
      withUnsafeTemporaryAllocation(
        of: UnsafeMutableRawPointer?.self, capacity: sources.count
      ) { own in
        for (n, source) in sources.enumerated() {
          switch source {
          case .scratch(let place):
            own[n] = block.base + lowered.scratch[..<place].reduce(0, +)
          case .nothing: own[n] = block.base
          default: own[n] = launch.addresses[n]
          }
        }
        // As many as there are sources.
        code(UnsafePointer(own.baseAddress.unsafelyUnwrapped), integers, from: begin, to: end)
      }
    }
  }
}
