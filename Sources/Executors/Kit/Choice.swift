import WeftIR

/// The executor that a compute uses, and why.
public struct ExecutorChoice: Sendable {
  /// The executor.
  public let executor: any Executor
  /// Who named it; nil for `auto`.
  let source: String?
  /// The executors before it, with why they do not work.
  let refusals: [String]

  /// Who chose it, in words for `explain()`.
  public var reason: String {
    if let source { return "named by \(source)" }
    let skipped = refusals.isEmpty ? "" : "; not " + refusals.joined(separator: ", not ")
    return "auto: the first that works\(skipped)"
  }
}

/// What of a choice plans remember.
struct ChoiceName: Equatable, Sendable {
  let executor: String
  /// Whether nobody named it.
  let isFree: Bool
}

extension ExecutorChoice {
  var named: ChoiceName { ChoiceName(executor: executor.name, isFree: source == nil) }
}

extension Session {
  /// Chooses the executor: the call's argument, then the session, then `WEFT_EXECUTOR`, then auto.
  ///
  /// - Throws: `unknown-executor` with the names there are; `unusable-executor` with the probe's
  ///   reason. Only `auto` substitutes.
  ///
  /// ```swift
  /// try Session.standard.chooseExecutor(.reference).reason  // named by the call's argument
  /// ```
  public func chooseExecutor(_ argument: ExecutorName? = nil) throws(WeftError) -> ExecutorChoice {
    if let error = environment.error { throw error }
    let (name, source) =
      if let argument { (argument, "the call's argument") } else if let executor {
        (executor, "the session")
      } else if let name = environment.executor { (name, "WEFT_EXECUTOR") } else {
        (ExecutorName.auto, "the default")
      }
    if name == .auto { return try automaticChoice() }
    guard let executor = executors.first(where: { $0.name == name.name }) else {
      let names = (["auto"] + executors.map(\.name)).joined(separator: ", ")
      throw WeftError(
        .unknownExecutor, "compute", "no executor is named '\(name)' (from \(source))",
        hint: "the names are \(names)")
    }
    if case .unavailable(let reason) = runtime.cache.availability(of: executor) {
      throw WeftError(
        .unusableExecutor, "compute", "executor '\(name)' (from \(source)) cannot run: \(reason)")
    }
    return ExecutorChoice(executor: executor, source: source, refusals: [])
  }

  /// As `chooseExecutor`, for a program: where arrays are sparse `auto` is the first executor that
  /// takes those.
  func chooseExecutor(
    _ argument: ExecutorName? = nil, for graph: Graph
  ) throws(WeftError) -> ExecutorChoice {
    try chooseExecutor(for: graph, instead: chooseExecutor(argument))
  }

  /// What is chosen for a program in place of what was chosen before it was known.
  func chooseExecutor(
    for graph: Graph, instead choice: ExecutorChoice
  ) throws(WeftError) -> ExecutorChoice {
    guard choice.source == nil, !choice.executor.takesSparse, graph.isSparse else { return choice }
    for executor in executors where executor.takesSparse {
      if case .available = runtime.cache.availability(of: executor) {
        return ExecutorChoice(
          executor: executor, source: nil,
          refusals: ["\(choice.executor.name): arrays are stored sparsely"])
      }
    }
    return choice
  }

  /// The executor for programs above the memory limit, where the choice is free.
  func executorInPieces(instead argument: ExecutorName?) -> (any Executor)? {
    guard let choice = try? chooseExecutor(argument), choice.source == nil else { return nil }
    return executors.first { executor in
      guard executor.keepsLimit else { return false }
      if case .available = runtime.cache.availability(of: executor) { return true }
      return false
    }
  }

  /// The graph as an executor is given it: one that takes no sparse arrays gets dense ones, within
  /// the limit for that, and visibly.
  ///
  /// The arrays are those of the parameters from `first` on.
  func given(
    _ graph: Graph, _ inputs: [Buffer] = [], from first: Int = 0, to executor: any Executor
  ) throws(WeftError) -> Graph {
    guard !executor.takesSparse, graph.isSparse else { return graph }
    for (n, parameter) in graph.parameters.enumerated() {
      guard let layout = parameter.layout else { continue }
      let site = graph.rows.first { $0.op == .input(n, parameter.type) }?.site ?? .none
      guard let bytes = parameter.type.byteCount, bytes <= densifyLimit.bytes else {
        let size = parameter.type.byteCount.map { "\($0)" } ?? "more than 2^63"
        throw WeftError(
          .wouldDensify, "compute",
          "executor '\(executor.name)' needs \(parameter.type), stored as \(layout), as a dense "
            + "array of \(size) bytes; the limit is \(densifyLimit.bytes) bytes",
          site: site, hint: "let executor 'sparse' run it, or raise WEFT_DENSIFY_LIMIT")
      }
      guard inputs.indices.contains(n - first), !inputs[n - first].isHere else { continue }
      runtime.counters.add("densified")
      runtime.counters.note(
        Counters.Event(
          kind: "densify",
          message: "\(parameter.type) in \(layout) is stored densely for executor "
            + "'\(executor.name)', \(bytes) bytes",
          site: site))
      try inputs[n - first].load()
    }
    return graph.givenDense
  }

  private func automaticChoice() throws(WeftError) -> ExecutorChoice {
    var refusals: [String] = []
    for executor in executors {
      switch runtime.cache.availability(of: executor) {
      case .available:
        return ExecutorChoice(executor: executor, source: nil, refusals: refusals)
      case .unavailable(let reason):
        refusals.append("\(executor.name): \(reason)")
      }
    }
    throw WeftError(
      .unusableExecutor, "compute", "no executor works: " + refusals.joined(separator: "; "))
  }
}
