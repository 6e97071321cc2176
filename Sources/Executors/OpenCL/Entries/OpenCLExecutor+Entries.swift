import WeftIR
import WeftPlans

extension OpenCLExecutor: EntryDevice {
  /// Runs work on entries on the device; the arrays of levels that were sent stay there.
  public func run(
    _ work: EntryWork, at site: SourceSite, _ context: RunContext,
    host: @escaping @Sendable () throws -> Buffer
  ) throws -> Buffer? {
    let runtime = try OpenCLRuntime.shared(options)
    guard let text = OpenCLEntryText(work, runtime.device), text.items > 0,
      work.type.byteCount ?? 0 > 0
    else { return nil }
    let queue = context.trace == nil ? runtime.queue : try runtime.profilingQueue()
    let run = OpenCLRun(
      runtime, queue, slotCount: text.buffers.count + 1, context.memory, context)
    let (sources, target) = (Array(text.buffers.indices), text.buffers.count)
    for slot in sources { run.setInput(slot, text.buffers[slot]) }
    let substitute = OpenCLSubstitute(sources: [], targets: [target]) { HostEntries(body: host) }
    do {
      try run.requireRoom(work.type.byteCount ?? 0, text.buffers)
      try run.uploadInputs(sources)
      let start = run.start
      let memory = try sources.map { OpenCLKernel.Argument.memory(try run.memory($0)) }
      let result = OpenCLKernel.Argument.memory(try run.allocate(target, work.type))
      let code = try run.code(text.source, title: text.title).kernel
      if code.trust.isQuarantined {
        run.abandon()
        return nil
      }
      let (groups, items) = OpenCLGrid.shape(text.items, on: runtime)
      try run.launch(
        code, memory + [result] + text.arguments.map { .index($0) }, groups: groups, items: items)
      context.counters.add("kernels")
      context.counters.add("entryKernels")
      try run.record(
        text.title, since: start,
        [
          ("kind", .text("opencl")), ("elements", .integer(text.elements)),
          ("lines", .lines([site])),
        ])
      if text.elements <= OpenCLSubstitute.mostCheckedElements {
        try substitute.check(code.trust, title: text.title, site: site, run, context)
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
