import COpenCL
import WeftIR
import WeftPasses

/// A kernel of a device with the slots it reads and writes.
final class OpenCLKernelStep: Sendable {
  /// Where the memory of a buffer parameter comes from.
  enum Source: Sendable {
    case slot(Int)
    case constant(Int)
    case target(Int)
    /// Partial results, by the number of their combining, and the positions that belong to them.
    case partial(Int)
    case partialPosition(Int)
    case scratch(Int)
    case flags
    case totals
    /// Nothing goes there.
    case nothing
  }

  /// A slot that the kernel writes.
  struct Target: Sendable {
    var slot: Int
    var type: TensorType
    /// Whether an earlier kernel wrote another part of the same value.
    var isContinued: Bool
  }

  /// Partial results of chunks, and what brings them together in a target; nil where the kernel does
  /// that itself.
  struct Combining: Sendable {
    let kernel: LoweredKernel.Combining?
    let source: String
    let valueBytes: Int
    let positionBytes: Int
    let target: Int

    init(
      _ kernel: LoweredKernel.Combining?, for runtime: OpenCLRuntime, valueBytes: Int,
      positionBytes: Int, target: Int
    ) throws(WeftError) {
      self.kernel = kernel
      source =
        if let kernel {
          try OpenCLRenderer.render(
            kernel.kernel, symbol: OpenCLPrograms.symbol, style: runtime.style(for: kernel.kernel))
        } else {
          ""
        }
      self.valueBytes = valueBytes
      self.positionBytes = positionBytes
      self.target = target
    }
  }

  /// What a wrong index is told with.
  struct IndexCheck: Sendable {
    var axis: Int
    var extent: Int
    var site: SourceSite

    var error: WeftError {
      WeftError(
        .indexOutOfBounds, "gather",
        "an index is out of bounds for axis \(axis) with extent \(extent)"
      ).located(at: site)
    }
  }

  let text: OpenCLText
  let title: String
  let sites: [SourceSite]
  let targets: [Target]
  let substitute: Substitute
  private let sources: [Source]
  private let constants: [Scalar]
  private let combining: [Combining]
  private let checks: [IndexCheck]
  /// The constants on the device, once it has run.
  private let constantMemory = Lock<[DeviceMemory]?>(nil)
  private let found = Lock<(origin: OpenCLKernel.Origin, seconds: Double)?>(nil)
  private let scratchBytes: Int

  init(
    _ text: OpenCLText, title: String, sites: [SourceSite], sources: [Source],
    constants: [Scalar], targets: [Target], combining: [Combining], checks: [IndexCheck],
    substitute: Substitute, scratchBytes: Int = 0
  ) {
    self.text = text
    self.title = title
    self.sites = sites
    self.sources = sources
    self.constants = constants
    self.targets = targets
    self.combining = combining
    self.checks = checks
    self.substitute = substitute
    self.scratchBytes = scratchBytes
  }

  /// The slots that are read.
  var readSlots: [Int] {
    sources.compactMap { if case .slot(let slot) = $0 { slot } else { nil } }
  }

  /// Bytes that the step needs only while it runs.
  var extraBytes: Int {
    let partials = combining.reduce(0) { $0 + max(16, $1.valueBytes) + $1.positionBytes }
    let totals =
      text.lowered.phases.map {
        text.lowered.units * $0.parts * $0.dtype.itemSize
      } ?? 0
    return partials + totals + scratchBytes + checks.count
  }

  /// Functions, result types, counts, and where the code was found.
  var summary: String {
    let types = targets.filter { !$0.isContinued }.map(\.type.description)
    let lowered = text.lowered
    let code = found.withLock { found in
      guard let found else { return "not yet" }
      return found.origin == .memory
        ? "memory" : "\(found.origin.rawValue) in \(Int(found.seconds * 1e6)) us"
    }
    let lines = Set(sites.map(\.description).filter { !$0.isEmpty }).sorted()
    return "opencl \(title) -> \(types.joined(separator: ", "))  "
      + "(\(lowered.elements) elements in \(lowered.units) units, "
      + "\(Set(readSlots).count) reads, \(targets.count) writes; code: \(code))"
      + (lines.isEmpty ? "" : "  // " + lines.joined(separator: ", "))
  }

  // MARK: - Running

  /// Enqueues the kernel, and what brings its partial results together.
  func run(_ run: OpenCLRun) throws {
    let runtime = run.runtime
    let kernel = text.lowered.kernel
    if runtime.programs.isQuarantined(kernel), let context = run.context {
      try substitute.run(run, context)
      return
    }
    let start = run.context?.trace == nil ? 0 : Trace.now
    var events: [weft_cl_ref] = []
    defer { for event in events { _ = weft_cl_ReleaseEvent(event) } }
    let wantsEvents = run.context?.trace != nil
    func launch(
      _ code: OpenCLKernel, _ arguments: [OpenCLKernel.Argument], groups: Int, items: Int
    ) throws(WeftError) {
      let event = try code.enqueue(
        arguments, groups: groups, items: items, on: run.queue, wantsEvent: wantsEvents)
      if let event { events.append(event) }
      run.noteCommand()
    }

    let code = try self.code(text.source, run)
    let memories = try memories(run)
    let groups = text.groups(units: text.lowered.units, on: runtime)
    var phases = [text.lowered.indices]
    if let scan = text.lowered.phases, scan.needsTotals {
      var totals = text.lowered.indices
      totals[scan.index] = 0
      phases.insert(totals, at: 0)
    }
    if let finish = text.lowered.finish {
      var ending = text.lowered.indices
      ending[finish.phase] = 1
      ending[finish.unitsIndex] = Int64(finish.units)
      phases.append(ending)
    }
    for indices in phases {
      var arguments = Self.arguments(kernel, memories.buffers, indices)
      for scratch in text.scratch { arguments.append(.index(Int64(scratch.elements))) }
      try launch(code, arguments, groups: groups, items: text.items)
    }
    for (part, partial) in zip(combining, memories.partials) {
      guard let kernel = part.kernel else { continue }
      let code = try self.code(part.source, run)
      let buffers =
        [partial.values] + (partial.positions.map { [$0] } ?? []) + [memories.targets[part.target]]
      try launch(
        code, Self.arguments(kernel.kernel, buffers, kernel.indices), groups: kernel.units,
        items: runtime.style(for: kernel.kernel).items)
    }
    if let context = run.context {
      context.counters.add("kernels")
      if let trace = context.trace { try record(trace, start, events, run) }
      try check(run, context)
    }
  }

  private static func arguments(
    _ kernel: Kernel, _ buffers: [DeviceMemory], _ indices: [Int64]
  ) -> [OpenCLKernel.Argument] {
    var (buffers, indices) = (buffers[...], indices[...])
    return kernel.parameters.map { parameter in
      switch parameter {
      // The lowering gives a binding for each buffer and a value for each index.
      case .buffer: .memory(buffers.removeFirst())
      case .index: .index(indices.removeFirst())
      }
    }
  }

  /// The code of a text, with a note of where it was found.
  private func code(_ source: String, _ run: OpenCLRun) throws(WeftError) -> OpenCLKernel {
    let start = run.context?.trace == nil ? 0 : Trace.now
    let (kernel, isNew) = try run.runtime.programs.kernel(source, on: run.runtime)
    let origin = isNew ? kernel.origin : .memory
    let isMain = source == text.source
    if isMain { found.withLock { if $0 == nil { $0 = (origin, kernel.seconds) } } }
    guard let context = run.context, isNew else { return kernel }
    context.counters.add(origin == .disk ? "codeLoads" : "compiles")
    context.trace?.record(
      isMain ? title : "combine", .compile, since: start, role: "caller",
      [
        ("code", .text(origin.rawValue)), ("reason", .text("new structure")),
        ("background", .integer(0)),
      ])
    return kernel
  }

  private struct Memories {
    var buffers: [DeviceMemory]
    var targets: [DeviceMemory]
    var partials: [(values: DeviceMemory, positions: DeviceMemory?)]
  }

  private func memories(_ run: OpenCLRun) throws(WeftError) -> Memories {
    var targets: [DeviceMemory] = []
    for target in self.targets {
      targets.append(
        target.isContinued
          ? try run.memory(target.slot) : try run.allocate(target.slot, target.type))
    }
    var partials: [(values: DeviceMemory, positions: DeviceMemory?)] = []
    for part in combining {
      let values = try run.temporary(part.valueBytes)
      partials.append(
        (values, part.positionBytes > 0 ? try run.temporary(part.positionBytes) : nil))
    }
    let groups = text.groups(units: text.lowered.units, on: run.runtime)
    var buffers: [DeviceMemory] = []
    for source in sources {
      switch source {
      case .slot(let slot): buffers.append(try run.memory(slot))
      case .constant(let n): buffers.append(try constant(n, run.runtime))
      case .target(let n): buffers.append(targets[n])
      case .partial(let n): buffers.append(partials[n].values)
      case .partialPosition(let n): buffers.append(partials[n].positions ?? partials[n].values)
      case .scratch(let n): buffers.append(try run.temporary(text.lowered.scratch[n] * groups))
      case .flags: buffers.append(try run.flags(checks))
      case .totals:
        let phases = text.lowered.phases
        let bytes =
          text.lowered.units * (phases.map { $0.parts * $0.dtype.itemSize } ?? 8)
        buffers.append(try run.temporary(phases?.needsTotals == true ? bytes : 16))
      case .nothing: buffers.append(try run.temporary(16))
      }
    }
    return Memories(buffers: buffers, targets: targets, partials: partials)
  }

  private func constant(_ n: Int, _ runtime: OpenCLRuntime) throws(WeftError) -> DeviceMemory {
    if let known = constantMemory.withLock({ $0 }) { return known[n] }
    var made: [DeviceMemory] = []
    for scalar in constants {
      var bytes = [UInt8](repeating: 0, count: 16)
      bytes.withUnsafeMutableBytes { scalar.store(to: $0.baseAddress.unsafelyUnwrapped) }
      made.append(try DeviceMemory(copying: bytes, on: runtime))
    }
    return constantMemory.withLock { memory in
      if let memory { return memory[n] }
      memory = made
      return made[n]
    }
  }

  // MARK: - Trace

  /// Waits, and notes how long the device took.
  private func record(
    _ trace: Trace, _ start: Int, _ events: [weft_cl_ref], _ run: OpenCLRun
  ) throws(WeftError) {
    try OpenCLLibrary.check(weft_cl_Finish(run.queue), "clFinish")
    var nanoseconds = 0
    for event in events {
      func time(_ name: Int) -> UInt64 {
        var value: UInt64 = 0
        let status = weft_cl_GetEventProfilingInfo(event, UInt32(name), 8, &value, nil)
        return status == WEFT_CL_SUCCESS ? value : 0
      }
      let (begin, end) = (
        time(WEFT_CL_PROFILING_COMMAND_START), time(WEFT_CL_PROFILING_COMMAND_END)
      )
      if end > begin { nanoseconds += Int(end - begin) }
    }
    trace.record(
      title, .step, since: start, role: "caller",
      [
        ("kind", .text("opencl")), ("device ns", .integer(nanoseconds)),
        ("elements", .integer(text.lowered.elements)), ("units", .integer(text.lowered.units)),
        ("code", .text(found.withLock { $0?.origin.rawValue } ?? "memory")),
        ("lines", .lines(sites)),
      ])
  }
}
