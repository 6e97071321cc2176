import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A list of passes.
///
/// ```swift
/// import Weft
/// import WeftIR
/// import WeftPasses
///
/// var graph = try (ones([3]) * 2 + 1).graph()
/// try Pipeline.standard.run(&graph, PassContext())
/// graph
/// // graph @main() {
/// //   %0 = constant 3.0 : float64[]
/// //   %1 = broadcast %0 to [3] : float64[3]
/// //   return %1
/// // }
/// ```
public struct Pipeline: Sendable {
  /// The passes in the order they run.
  public var passes: [Pass] { didSet { names = passes.map(\.name) } }
  /// The names of the passes in order.
  public private(set) var names: [String]
  /// Fails when a graph breaks a rule of the IR; runs after each pass when the context asks.
  public var verify: @Sendable (Graph) throws -> Void = { try GraphVerifier.verify($0) }
  /// The text of a graph for dumps.
  public var print: @Sendable (Graph) -> String = { $0.text() }
  /// Seconds after which the remaining passes are left out, with a note in the report: those that the calling thread
  /// had a processor, so that a plan does not depend on what else the machine does.
  public var timeLimit = 10.0

  /// A pipeline of passes.
  public init(_ passes: [Pass]) {
    self.passes = passes
    names = passes.map(\.name)
  }

  /// What every executor's graphs go through.
  public static let standard = Pipeline([
    .semirings,
    .foldConstants,
    .simplify,
    .sparseSystems,
    .structure,
    .pushDown,
    .simplify,
    .masks,
    .contractions,
    .orderContractions,
    .linearAlgebra,
    .masks,
    .deadCode,
    .layouts,
  ])

  /// Why passes stand in the order they do.
  public static let constraints = [
    OrderConstraint(
      "semirings", "fold-constants", "what it writes out is simplified like the rest"),
    OrderConstraint("fold-constants", "simplify", "rules match literals, not literal arithmetic"),
    OrderConstraint("fold-constants", "push-down", "a folded value needs no narrower copy"),
    OrderConstraint("push-down", "simplify", "slices meet others at the leaves and become one"),
    OrderConstraint("push-down", "contractions", "parts at the leaves make products smaller"),
    OrderConstraint("simplify", "contractions", "transposes are labels, equal rows are one"),
    OrderConstraint("contractions", "order-contractions", "what joins is ordered as one"),
    OrderConstraint("contractions", "dead-code", "products made for one use are left behind"),
    OrderConstraint("push-down", "dead-code", "parts of a concatenation may be left unused"),
    OrderConstraint("sparse-systems", "linear-algebra", "factors of dense matrices come after"),
    OrderConstraint("structure", "push-down", "slices of blocks meet what they were joined from"),
    OrderConstraint("order-contractions", "linear-algebra", "solves take products of two"),
    OrderConstraint("simplify", "linear-algebra", "transposes have become labels of products"),
    OrderConstraint("linear-algebra", "dead-code", "inverses are left that nobody needs"),
    OrderConstraint("order-contractions", "masks", "what masks make is not cut into pairs again"),
    OrderConstraint("linear-algebra", "masks", "products have their last form"),
    OrderConstraint("masks", "dead-code", "products that are made at entries are left behind"),
    OrderConstraint("simplify", "dead-code", "rewriting leaves the rows it replaced"),
    OrderConstraint("dead-code", "layouts", "what nobody needs must not be stored densely"),
  ]
}

/// The last run of one pass stands before the last run of another.
public struct OrderConstraint: Hashable, Sendable {
  /// The pass that runs first.
  public let first: String
  /// The pass that runs later.
  public let second: String
  /// Why.
  public let reason: String

  /// A constraint from its parts.
  public init(_ first: String, _ second: String, _ reason: String) {
    self.first = first
    self.second = second
    self.reason = reason
  }

  /// Whether a list of passes keeps it; one without either pass does.
  public func holds(in passes: [Pass]) -> Bool {
    guard let a = passes.lastIndex(where: { $0.name == first }),
      let b = passes.lastIndex(where: { $0.name == second })
    else { return true }
    return a < b
  }
}

extension Pipeline {
  /// Runs the passes: timed, verified and dumped as the context asks.
  ///
  /// - Throws: `internal`, naming the pass, when a pass or the verifier fails.
  public func run(_ graph: inout Graph, _ context: PassContext) throws {
    let start = Pipeline.processorSeconds
    let layouts = Pass.resultLayouts(graph)
    if context.dumps == .all { dump(graph, "00-input", context) }
    for (position, pass) in passes.enumerated() {
      if context.disabledPasses.contains(pass.name) { continue }
      if !pass.isNeeded, Pipeline.processorSeconds - start > timeLimit {
        context.report.note("\(pass.name): left out after \(timeLimit) s of optimising")
        continue
      }
      try run(pass, &graph, context)
      if context.dumps.includes(pass.name) {
        dump(graph, "\(position < 9 ? "0" : "")\(position + 1)-\(pass.name)", context)
      }
    }
    try Pass.storeUniform(&graph, layouts)
    if context.dumps == .final { dump(graph, "final", context) }
  }

  /// Whether a type is that of before, an extent that was unknown being known at most.
  private static func keeps(_ before: TensorType, _ after: TensorType) -> Bool {
    guard before.dtype == after.dtype, before.rank == after.rank else { return false }
    return zip(before.shape.extents, after.shape.extents).allSatisfy { old, new in
      if case .unknown = old { true } else { old == new }
    }
  }

  private func run(_ pass: Pass, _ graph: inout Graph, _ context: PassContext) throws {
    let start = ContinuousClock.now
    let before = graph.count
    let parameters = graph.parameters
    let types = graph.outputs.map { graph.type($0) }
    do {
      try pass.run(&graph, context)
      context.report.add(
        .init(
          pass.name, seconds: Pipeline.seconds(since: start), rowsBefore: before,
          rowsAfter: graph.count))
      guard context.verifies else { return }
      try verify(graph)
      guard graph.parameters == parameters,
        zip(graph.outputs, types).allSatisfy({ Pipeline.keeps($1, graph.type($0)) })
      else { throw WeftError(.internal, pass.name, "changes the types of inputs or outputs") }
    } catch {
      throw Pipeline.failure(error, in: pass)
    }
  }

  /// An error of a pass is never the user's: what users can get wrong was found when building, but
  /// for what would take too many bytes.
  private static func failure(_ error: any Error, in pass: Pass) -> WeftError {
    let cause = error as? WeftError
    if let cause, cause.code == .wouldDensify { return cause }
    let text = cause.map { "\($0.operation): \($0.message)" } ?? "\(error)"
    return WeftError(
      .internal, pass.name, text, site: cause?.site ?? .none,
      hint: "WEFT_DUMP=all shows the graph after each pass")
  }

  private func dump(_ graph: Graph, _ name: String, _ context: PassContext) {
    guard let sink = context.dump else { return }
    let rules = context.report.rules.sorted { $0.key < $1.key }
    let notes = context.report.notes.map { "// \($0)\n" }.joined()
    let fired = rules.map { "// \($0.key) fired \($0.value) times\n" }.joined()
    sink.write(name: name, text: notes + fired + print(graph))
  }

  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func seconds(since start: ContinuousClock.Instant) -> Double {
    let parts = start.duration(to: .now).components
    return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
  }
}

extension PassContext.DumpSelection {
  /// Whether the text after a pass is wanted.
  fileprivate func includes(_ pass: String) -> Bool {
    switch self {
    case .none, .final: false
    case .all: true
    case .passes(let names): names.contains(pass)
    }
  }
}
