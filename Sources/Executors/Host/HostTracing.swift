import WeftIR

extension HostExecutable {
  /// As `run`, with the times of everything going to a trace.
  func run(_ inputs: [Buffer], _ context: RunContext, tracing trace: Trace) throws -> [Buffer] {
    var slots = slots(of: inputs)
    try getCode(context, trace)
    for step in program {
      let name = step.code.name
      let scheduler = TracingScheduler(context.scheduler, trace, name)
      var own = context
      own.scheduler = scheduler
      let start = Trace.now
      try step.code.run(&slots, own)
      let duration = Trace.now - start
      trace.record(
        name, .step, from: start, lasting: duration,
        step.code.arguments + step.work.arguments
          + [
            ("parts", .integer(scheduler.parts)), ("threads", .integer(scheduler.threads)),
            ("lines", .lines(step.work.sites)),
          ])
      for slot in step.frees { slots[slot] = nil }
    }
    return try finish(slots, context)
  }

  /// Waits for the code of all kernels that only code can run, so that no step's time has it.
  private func getCode(_ context: RunContext, _ trace: Trace) throws {
    let steps = waiting.filter(\.waitsForCode)
    if steps.isEmpty { return }
    let start = Trace.now
    try context.scheduler.run(steps.count, context.token) { part, thread in
      try steps[part].prepare(context.counters, trace, role: thread > 0 ? "worker" : "caller")
    }
    trace.record("wait for code", .wait, since: start, [("kernels", .integer(steps.count))])
  }
}

extension HostExecutable.Code {
  /// What the step does, in a few words.
  fileprivate var name: String {
    switch self {
    case .kernel(let step): step.title
    case .compiled(let step): step.title
    case .product(let step): step.title
    case .native(let step): step.code.name
    case .blocked: "blocks"
    case .fallback(let step): step.what
    case .alias: "alias"
    }
  }

  fileprivate var arguments: [(name: String, value: Trace.Argument)] {
    switch self {
    case .kernel: [("kind", .text("kernel")), ("code", .text("interpreted"))]
    case .compiled(let step):
      [
        ("kind", .text("compiled")), ("code", .text(step.codeName)),
        ("units", .integer(step.lowered.units)),
      ]
    case .product: [("kind", .text("contraction"))]
    case .native: [("kind", .text("row"))]
    case .blocked: [("kind", .text("blocks"))]
    case .fallback(let step): [("kind", .text("fallback")), ("executor", .text(step.executor))]
    case .alias: [("kind", .text("alias"))]
    }
  }
}

extension StepWork {
  fileprivate var arguments: [(name: String, value: Trace.Argument)] {
    var arguments: [(name: String, value: Trace.Argument)] = [
      ("read", .integer(read)), ("written", .integer(written)),
    ]
    if flops > 0 { arguments.append(("flops", .number(flops))) }
    if operations > 0 { arguments.append(("operations", .number(operations))) }
    if elements > 0 { arguments.append(("elements", .integer(elements))) }
    return arguments
  }
}

/// A scheduler that notes the parts of one step, and counts them and the threads that took part.
private final class TracingScheduler: Scheduler {
  private let base: any Scheduler
  private let trace: Trace
  private let name: String
  private let seen = Lock<(parts: Int, threads: Set<Int>)>((0, []))

  init(_ base: any Scheduler, _ trace: Trace, _ name: String) {
    self.base = base
    self.trace = trace
    self.name = name
  }

  var threadCount: Int { base.threadCount }
  /// The parts that ran; 1 for a step that was not cut.
  var parts: Int { max(1, seen.withLock { $0.parts }) }
  /// The threads that ran parts.
  var threads: Int { max(1, seen.withLock { $0.threads.count }) }

  func run(
    _ count: Int, _ token: CancellationToken,
    _ body: @Sendable (_ part: Int, _ thread: Int) throws -> Void
  ) throws {
    try base.run(count, token) { part, thread in
      let start = Trace.now
      try body(part, thread)
      trace.record(
        name, .part, since: start, role: thread > 0 ? "worker" : "caller",
        [("part", .integer(part))])
      seen.withLock {
        $0.parts += 1
        $0.threads.insert(thread)
      }
    }
  }
}
