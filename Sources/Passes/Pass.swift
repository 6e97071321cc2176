import WeftIR

/// One step that turns a graph into a better or lower one.
///
/// A pass keeps parameters, the number of outputs and their types.
///
/// ```swift
/// import Weft
/// import WeftIR
/// import WeftPasses
///
/// let countRows = Pass("count-rows", "note how many rows there are") { graph, context in
///   context.report.note("there are \(graph.count) rows")
/// }
///
/// var session = Session.standard
/// session.pipeline = Pipeline(session.pipeline.passes + [countRows])
/// let root = sqrt(ones([3]) * 2)
/// let text = try session.with { try root.explain(on: .reference) }
/// text.contains("there are 2 rows")  // true
/// ```
public struct Pass: Sendable {
  /// The name that dumps, reports and `disabledPasses` use.
  public let name: String
  /// What it does, in one line.
  public let summary: String
  /// Whether graphs run only after it, so that no time limit leaves it out.
  public let isNeeded: Bool
  /// Changes a graph.
  public let run: @Sendable (inout Graph, PassContext) throws -> Void

  /// A pass from its parts.
  public init(
    _ name: String, _ summary: String, isNeeded: Bool = false,
    run: @escaping @Sendable (inout Graph, PassContext) throws -> Void
  ) {
    self.name = name
    self.summary = summary
    self.isNeeded = isNeeded
    self.run = run
  }
}
