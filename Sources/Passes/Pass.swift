import WeftIR

/// One step that turns a graph into a better or lower one.
///
/// A pass keeps parameters, the number of outputs and their types.
public struct Pass: Sendable {
  /// The name that dumps, reports and `disabledPasses` use.
  public let name: String
  /// What it does, in one line.
  public let summary: String
  /// Changes a graph.
  public let run: @Sendable (inout Graph, PassContext) throws -> Void

  /// A pass from its parts.
  public init(
    _ name: String, _ summary: String,
    run: @escaping @Sendable (inout Graph, PassContext) throws -> Void
  ) {
    self.name = name
    self.summary = summary
    self.run = run
  }
}
