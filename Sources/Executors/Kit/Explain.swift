import WeftIR

extension Session {
  /// How expressions would be computed: executor and why, what passes did, steps, peak bytes.
  ///
  /// Prepares the expressions and runs nothing; where extents are unknown it tells of what comes
  /// before they are known.
  ///
  /// - Throws: the errors of the expressions.
  public func explain(
    _ expressions: [Expr], on argument: ExecutorName? = nil
  ) throws(WeftError) -> String {
    let capture = try Capture(expressions)
    let choice = try chooseExecutor(argument)
    let stage = try Stage(cutting: capture.graph)
    let (prepared, wasCached) = try prepared(stage?.graph ?? capture.graph, on: choice.executor)
    var lines = ["executor: \(choice.executor.name) (\(choice.reason))"]
    if case .available(let text) = runtime.cache.availability(of: choice.executor) {
      lines.append("device: \(text)")
    }
    lines.append(
      "plan: \(wasCached ? "from the cache" : "new"), \(Int(prepared.seconds * 1e6)) us, "
        + "\(prepared.source.count) rows before passes, \(prepared.lowered.count) after")
    if stage != nil { lines.append("stages: more follow when the extents are known") }
    for entry in prepared.report.entries {
      lines.append(
        "pass \(entry.name): \(Int(entry.seconds * 1e6)) us, \(entry.rowsBefore) -> \(entry.rowsAfter) rows"
      )
    }
    for (rule, count) in prepared.report.rules.sorted(by: { $0.key < $1.key }) {
      lines.append("rule \(rule): \(count)")
    }
    lines += prepared.report.notes
    lines += prepared.executable.steps.enumerated().map { "step \($0): \($1)" }
    lines.append("peak: \(ByteCount(bytes: prepared.executable.peakBytes))")
    return lines.joined(separator: "\n")
  }

  /// The graph of expressions after the passes up to one (all when nil); runs nothing.
  ///
  /// - Throws: the errors of the expressions; `argument` for an unknown pass.
  public func graph(of expressions: [Expr]) throws(WeftError) -> Graph {
    try Capture(expressions).graph
  }
}
