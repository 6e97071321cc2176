import WeftIR
import WeftPasses

extension Session {
  /// Runs a body in which the session is the current one, and gives what its computes did when.
  ///
  /// - Throws: what the body throws.
  ///
  /// ```swift
  /// let trace = try Session.standard.tracing { _ = try (ones([3]) * 2).sum().compute() }
  /// trace.events.contains { $0.category == .compute }  // true
  /// ```
  @discardableResult
  public func tracing(_ body: () throws -> Void) rethrows -> Trace {
    let session = traced()
    // A session that was just given a trace has one.
    try Session.$scoped.withValue(session) { try body() }
    return session.trace ?? Trace()
  }

  /// As the synchronous one, for a body that waits.
  ///
  /// - Throws: what the body throws.
  @discardableResult
  public func tracing(_ body: () async throws -> Void) async rethrows -> Trace {
    let session = traced()
    try await Session.$scoped.withValue(session) { try await body() }
    return session.trace ?? Trace()
  }

  /// The session with a new trace, which an outer trace hears of too.
  private func traced() -> Session {
    var session = self
    session.trace = Trace(forwardingTo: trace)
    return session
  }

  /// The counters, with the bytes that the session's buffers took.
  public var counters: [String: Int] {
    var counters = runtime.counters.all
    counters["bytesAllocated"] = memory.allocatedBytes
    counters["bytesPeak"] = memory.peakBytes
    return counters
  }

  /// Now, where something is traced.
  var traceStart: Int? { trace == nil ? nil : Trace.now }

  /// Notes a compute that began at a time; nil where nothing is traced.
  func traceCompute(since start: Int?, outputs: Int) {
    guard let trace, let start else { return }
    trace.record("compute", .compute, since: start, [("outputs", .integer(outputs))])
    trace.flush()
  }

  /// Notes that a graph was made ready, and what its passes took.
  func tracePrepare(_ prepared: PreparedGraph, since start: Int, _ trace: Trace, plan: String) {
    // Passes run one after the other, before the executor's planning.
    var time = start
    for pass in prepared.report.entries {
      let duration = Int(pass.seconds * 1e9)
      trace.record(
        pass.name, .pass, from: time, lasting: duration,
        [
          ("rows before", .integer(pass.rowsBefore)), ("rows after", .integer(pass.rowsAfter)),
        ])
      time += duration
    }
    trace.record(
      "prepare", .prepare, since: start,
      [("plan", .text(plan)), ("rows", .integer(prepared.source.count))])
  }
}

extension Graph {
  /// The rows that convert dtypes.
  var castCount: Int {
    rows.count { if case .convert = $0.op { true } else { false } }
  }
}
