import WeftIR
import WeftPasses
import WeftPlans

/// A kernel of a device with the slots it reads and writes.
final class OpenCLKernelStep: Sendable {
  /// Partial results of chunks, and what brings them together in a target; nil where the kernel does
  /// that itself.
  struct Combining: Sendable {
    let kernel: LoweredKernel.Combining?
    let code: OpenCLCode?
    let valueBytes: Int
    let positionBytes: Int
    let target: Int

    init(
      _ kernel: LoweredKernel.Combining?, for runtime: OpenCLRuntime, valueBytes: Int,
      positionBytes: Int, target: Int, _ compilation: PassContext.Compilation
    ) throws(WeftError) {
      self.kernel = kernel
      if let kernel {
        let style = runtime.style(for: kernel.kernel)
        let source = try OpenCLRenderer.render(
          kernel.kernel.neutral(), symbol: OpenCLPrograms.symbol, style: style)
        code = OpenCLCode(kernel.kernel, source: source, style, compilation)
      } else {
        code = nil
      }
      self.valueBytes = OpenCLRun.temporaryBytes(valueBytes, on: runtime)
      self.positionBytes =
        positionBytes > 0 ? OpenCLRun.temporaryBytes(positionBytes, on: runtime) : 0
      self.target = target
    }
  }

  /// What a wrong index is told with.
  struct IndexCheck: Sendable {
    var what: String
    var axis: Int
    var extent: Int
    var site: SourceSite

    var error: WeftError {
      WeftError(
        .indexOutOfBounds, what,
        "an index is out of bounds for axis \(axis) with extent \(extent)"
      ).located(at: site)
    }
  }

  let text: OpenCLText
  let title: String
  let sites: [SourceSite]
  let wiring: KernelWiring
  /// What the slots of the targets hold.
  let types: [TensorType]
  let substitute: OpenCLSubstitute
  /// Whether other kernels write other parts of the same values.
  let isPiece: Bool
  private let combining: [Combining]
  private let checks: [IndexCheck]
  /// The constants on the device, once it has run.
  private let constantMemory = Lock<[DeviceMemory]?>(nil)
  private let code: OpenCLCode
  private let scratchBytes: Int
  /// The word of `KernelStreams`.
  private let streams: Int64

  init(
    _ text: OpenCLText, title: String, sites: [SourceSite], _ wiring: KernelWiring,
    types: [TensorType], combining: [Combining], checks: [IndexCheck],
    substitute: OpenCLSubstitute, isPiece: Bool, _ compilation: PassContext.Compilation,
    on runtime: OpenCLRuntime
  ) {
    code = OpenCLCode(text, compilation)
    streams = KernelStreams.word(wiring.sources) { n in
      types[n].byteCount ?? 0 >= runtime.device.cacheBytes
    }
    self.isPiece = isPiece
    self.text = text
    self.title = title
    self.sites = sites
    self.wiring = wiring
    self.types = types
    self.combining = combining
    self.checks = checks
    self.substitute = substitute
    let totals = text.lowered.totalBytes
    scratchBytes =
      text.scratchBytes(on: runtime)
      + (totals > 0 ? OpenCLRun.temporaryBytes(totals, on: runtime) : 0)
  }

  /// The slots that are written.
  var targets: [KernelWiring.Target] { wiring.targets }

  /// Bytes that the step needs only while it runs.
  var extraBytes: Int {
    let partials = combining.reduce(0) { $0 + $1.valueBytes + $1.positionBytes }
    return partials + scratchBytes + checks.count
  }

  /// Functions, result types, counts, and where the code was found.
  var summary: String {
    let types = zip(targets, types).filter { !$0.0.isContinued }.map(\.1.description)
    let lowered = text.lowered
    let lines = Set(sites.map(\.description).filter { !$0.isEmpty }).sorted()
    return "opencl \(title) -> \(types.joined(separator: ", "))  "
      + "(\(lowered.elements) elements in \(lowered.units) units, "
      + "\(Set(wiring.readSlots).count) reads, \(targets.count) writes; code: \(code.origin))"
      + (lines.isEmpty ? "" : "  // " + lines.joined(separator: ", "))
  }

  // MARK: - Running

  /// Enqueues the kernel, and what brings its partial results together.
  func run(_ run: OpenCLRun) throws {
    let runtime = run.runtime
    let start = run.start
    let way = try code.way(elements: text.lowered.elements, run, title: title)
    if way.trust.isQuarantined, let context = run.context {
      try substitute.run(run, context)
      return
    }
    let memories = try memories(run)
    let groups = text.groups(units: text.lowered.units, on: runtime)
    let whole = text.lowered.indices(streams: streams)
    var phases = [whole]
    if let scan = text.lowered.phases, scan.needsTotals {
      var totals = whole
      totals[scan.index] = 0
      phases.insert(totals, at: 0)
    }
    if let finish = text.lowered.finish {
      var ending = whole
      ending[finish.phase] = 1
      ending[finish.unitsIndex] = Int64(finish.units)
      phases.append(ending)
    }
    for indices in phases {
      try way.launch(memories.buffers, indices, streams: streams, groups: groups, run)
    }
    for (part, partial) in zip(combining, memories.partials) {
      guard let kernel = part.kernel, let code = part.code else { continue }
      let count = part.valueBytes / 8
      let buffers =
        [partial.values] + (partial.positions.map { [$0] } ?? []) + [memories.targets[part.target]]
      try code.way(elements: count, run, title: "combine").launch(
        buffers, kernel.indices, groups: kernel.units, run)
    }
    guard let context = run.context else { return }
    if !isPiece { context.counters.add("kernels") }
    try run.record(
      title, since: start,
      [
        ("kind", .text("opencl")), ("elements", .integer(text.lowered.elements)),
        ("units", .integer(text.lowered.units)),
        ("code", .text(way.origin)),
        ("lines", .lines(sites)),
      ])
    if !isPiece, text.lowered.elements <= OpenCLSubstitute.mostCheckedElements,
      Set(targets.map(\.slot)) == Set(substitute.targets)
    {
      try substitute.check(way.trust, title: title, site: sites.first ?? .none, run, context)
    }
  }

  private struct Memories {
    var buffers: [DeviceMemory]
    var targets: [DeviceMemory]
    var partials: [(values: DeviceMemory, positions: DeviceMemory?)]
  }

  private func memories(_ run: OpenCLRun) throws(WeftError) -> Memories {
    var targets: [DeviceMemory] = []
    for (target, type) in zip(self.targets, types) {
      targets.append(
        target.isContinued
          ? try run.memory(target.slot) : try run.allocate(target.slot, type))
    }
    var partials: [(values: DeviceMemory, positions: DeviceMemory?)] = []
    for part in combining {
      let values = try run.temporary(part.valueBytes)
      partials.append(
        (values, part.positionBytes > 0 ? try run.temporary(part.positionBytes) : nil))
    }
    let groups = text.groups(units: text.lowered.units, on: run.runtime)
    var buffers: [DeviceMemory] = []
    for source in wiring.sources {
      switch source {
      case .slot(let slot): buffers.append(try run.memory(slot))
      case .constant(let n): buffers.append(try constant(n, run.runtime))
      case .target(let n): buffers.append(targets[n])
      case .partial(let n): buffers.append(partials[n].values)
      case .partialPosition(let n): buffers.append(partials[n].positions ?? partials[n].values)
      case .scratch(let n): buffers.append(try run.temporary(text.lowered.scratch[n] * groups))
      case .flags: buffers.append(try run.flags(checks))
      case .totals:
        buffers.append(try run.temporary(max(16, text.lowered.totalBytes)))
      case .nothing: buffers.append(try run.temporary(16))
      }
    }
    return Memories(buffers: buffers, targets: targets, partials: partials)
  }

  private func constant(_ n: Int, _ runtime: OpenCLRuntime) throws(WeftError) -> DeviceMemory {
    if let known = constantMemory.withLock({ $0 }) { return known[n] }
    var made: [DeviceMemory] = []
    for scalar in wiring.constants {
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
}
