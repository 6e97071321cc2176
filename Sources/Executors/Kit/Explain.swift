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
    let choice = try chooseExecutor(argument, for: capture.graph)
    let whole = try given(capture.graph, to: choice.executor)
    let stage = try Stage(cutting: whole)
    let graph = stage?.graph ?? whole
    let difference = runtime.cache.difference(of: key(of: graph, on: choice.executor))
    let (general, wasCached) = try prepared(graph, on: choice.executor)
    let prepared = try specialised(general, capture.inputs, on: choice.executor)
    let executable = try prepared.executable
    if let error = aboveLimit(executable, capture.inputs),
      let other = executorInPieces(instead: argument)
    {
      let text = try plannedForMachine.explain(expressions, on: ExecutorName(other.name))
      let rest = text.drop { $0 != "\n" }
      return "executor: \(other.name) (auto: \(choice.executor.name) \(error.message))" + rest
    }
    var lines = ["executor: \(choice.executor.name) (\(choice.reason))"]
    if case .available(let text) = runtime.cache.availability(of: choice.executor) {
      lines.append("device: \(text)")
    }
    lines.append(
      "plan: \(wasCached ? "from the cache" : Self.newPlan(difference)), \(Int(prepared.seconds * 1e6)) us, "
        + "\(prepared.source.count) rows before passes, \(prepared.lowered.count) after")
    lines += prepared.source.parameters.compactMap { parameter in
      parameter.facts == .none ? nil : "look: %\(parameter.name) is \(parameter.facts)"
    }
    lines += Self.densified(capture.graph, whole, for: choice.executor)
    if stage != nil { lines.append("stages: more follow when the extents are known") }
    lines += Self.planLines(prepared, executable)
    return lines.joined(separator: "\n")
  }

  /// What passes did to a graph and what will run, a line each.
  static func planLines(_ prepared: PreparedGraph, _ executable: any Executable) -> [String] {
    var lines: [String] = []
    for entry in prepared.report.entries {
      lines.append(
        "pass \(entry.name): \(Int(entry.seconds * 1e6)) us, \(entry.rowsBefore) -> \(entry.rowsAfter) rows"
      )
    }
    for (rule, count) in prepared.report.rules.sorted(by: { $0.key < $1.key }) {
      lines.append("rule \(rule): \(count)")
    }
    lines += prepared.report.notes
    lines += Self.flops(of: prepared.lowered)
    lines += executable.notes(of: prepared.lowered)
    lines += executable.steps.enumerated().map { "step \($0): \($1)" }
    lines.append("peak: \(ByteCount(bytes: executable.peakBytes))")
    return lines
  }

  /// The sparse arrays that an executor without sparse storage is given densely.
  private static func densified(
    _ graph: Graph, _ given: Graph, for executor: any Executor
  ) -> [String] {
    zip(graph.parameters, given.parameters).compactMap { parameter, dense in
      guard let layout = parameter.layout, dense.layout == nil else { return nil }
      return "densify: %\(parameter.name), \(parameter.type) in \(layout), is stored densely for "
        + "executor '\(executor.name)'"
        + (parameter.type.byteCount.map { ", \(ByteCount(bytes: $0))" } ?? "")
    }
  }

  /// What rows take in additions and multiplications, the greatest first, and all of them.
  private static func flops(of graph: Graph) -> [String] {
    let live = graph.liveRows()
    let names = graph.valueNames()
    let layouts = graph.isSparse ? GraphLayouts(graph) : nil
    let counts = (0..<graph.count).filter { live[$0] }
      .map { ($0, graph.flops($0, layouts).rounded()) }
      .filter { $0.1 > 0 }
    let listed = counts.sorted { $0.1 > $1.1 }.prefix(mostCounted).map { row, count in
      "flops \(names[row]) \(graph.rows[row].op.name): \(digits(count))"
    }
    return listed + ["flops: \(digits(counts.reduce(0) { $0 + $1.1 }))"]
  }

  /// Rows whose count is told.
  private static let mostCounted = 20

  /// A count; from 2^53 on in powers of ten.
  private static func digits(_ count: Double) -> String {
    Int(exactly: count).map { "\($0)" } ?? "\(count)"
  }

  private static func newPlan(_ difference: PlanDifference?) -> String {
    difference.map { "new (\($0.text))" } ?? "new"
  }

  /// The expressions made ready to run, with what that took; what follows finds them ready.
  ///
  /// Where extents are unknown, what comes before they are known.
  ///
  /// - Throws: the errors of the expressions.
  public func preparation(
    of expressions: [Expr], on argument: ExecutorName? = nil
  ) throws(WeftError) -> PreparedGraph {
    let capture = try Capture(expressions)
    let executor = try chooseExecutor(argument, for: capture.graph).executor
    let whole = try given(capture.graph, to: executor)
    let graph = try Stage(cutting: whole)?.graph ?? whole
    let prepared = try specialised(prepared(graph, on: executor).0, capture.inputs, on: executor)
    _ = try prepared.executable
    return prepared
  }

  /// The texts of expressions' graph after passes: those named, or all when nil; runs nothing.
  ///
  /// Where extents are unknown they tell of what comes before they are known.
  ///
  /// - Throws: the errors of the expressions; `name` for a pass that there is not.
  public func texts(
    of expressions: [Expr], after passes: [String]?
  ) throws(WeftError) -> [(name: String, text: String)] {
    let names = pipeline.passes.map(\.name)
    if let wrong = passes?.first(where: { !names.contains($0) }) {
      throw WeftError(
        .name, "ir", "no pass is named '\(wrong)'",
        hint: "the passes are \(names.joined(separator: ", "))")
    }
    let capture = try Capture(expressions)
    let general = try Stage(cutting: capture.graph)?.graph ?? capture.graph
    var graph = try knowing(general, capture.inputs)
    let sink = CollectingSink()
    var context = passContext()
    context.dump = sink
    context.dumps = passes.map { .passes(Set($0)) } ?? .all
    let final = context
    try WeftError.wrapping("ir") { try pipeline.run(&graph, final) }
    return sink.texts
  }
}

/// Keeps the texts that it gets.
final class CollectingSink: DumpSink {
  private let state = Lock<[(name: String, text: String)]>([])
  var texts: [(name: String, text: String)] { state.withLock { $0 } }
  func write(name: String, text: String) { state.withLock { $0.append((name, text)) } }
}
