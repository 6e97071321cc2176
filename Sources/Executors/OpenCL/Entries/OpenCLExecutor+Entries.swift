import WeftIR
import WeftPlans

extension OpenCLExecutor: EntryDevice {
  /// Runs work on entries on the device; the arrays of levels that were sent stay there.
  public func run(
    _ work: EntryWork, at site: SourceSite, _ context: RunContext,
    host: @escaping @Sendable () throws -> Buffer
  ) throws -> Buffer? {
    let runtime = try OpenCLRuntime.shared(options)
    guard let text = OpenCLEntryText(work, on: runtime), work.rows.count > 0,
      work.type.byteCount ?? 0 > 0
    else { return nil }
    let queue = context.trace == nil ? runtime.queue : try runtime.profilingQueue()
    let run = OpenCLRun(
      runtime, queue, slotCount: text.buffers.count + 1, context.memory, context)
    let (sources, target) = (Array(text.buffers.indices), text.buffers.count)
    for slot in sources { run.setInput(slot, text.buffers[slot]) }
    let substitute = OpenCLSubstitute(sources: [], targets: [target]) { HostEntries(body: host) }
    do {
      try run.requireRoom(text.ownBytes.reduce(work.type.byteCount ?? 0, +), text.buffers)
      try run.uploadInputs(sources)
      let start = run.start
      let memory = try sources.map { try run.memory($0) }
      let result = try run.allocate(target, work.type)
      let own = try text.ownBytes.map { try run.temporary($0) }
      var trusts: [OpenCLTrust] = []
      for launch in text.launches {
        let code = try run.code(launch.source, title: text.title).kernel
        if code.trust.isQuarantined {
          run.abandon()
          return nil
        }
        trusts.append(code.trust)
        let arguments = launch.arguments.map { argument -> OpenCLKernel.Argument in
          switch argument {
          case .source(let n): .memory(memory[n])
          case .result: .memory(result)
          case .own(let n): .memory(own[n])
          case .number(let value): .index(Int64(value))
          }
        }
        try run.launch(code, arguments, groups: launch.groups, items: launch.items)
      }
      context.counters.add("kernels")
      context.counters.add("entryKernels")
      try run.record(
        text.title, since: start,
        [
          ("kind", .text("opencl")), ("elements", .integer(text.elements)),
          ("lines", .lines([site])),
        ])
      // Kernels of longer ways have their first run later than others.
      for trust in trusts where text.elements <= OpenCLSubstitute.mostCheckedElements {
        try substitute.check(trust, title: text.title, site: site, run, context)
      }
      try run.show([target])
      try run.finish()
      return try run.result(target)
    } catch let error as WeftError where error.code == .outOfMemory {
      run.abandon()
      return nil
    } catch {
      run.abandon()
      throw error
    }
  }
}

/// The host's way to a result, for the check of a kernel's first run.
private struct HostEntries: Executable {
  let body: @Sendable () throws -> Buffer
  var peakBytes: Int { 0 }
  var steps: [String] { [] }
  func run(_ inputs: [Buffer], _ context: RunContext) throws -> [Buffer] { [try body()] }
}
