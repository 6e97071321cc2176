import WeftIR

/// Placeholder until the pass manager lands.
public struct Pipeline: Sendable {
  /// The standard passes.
  public static let standard = Pipeline()
  /// Runs the passes in order.
  public func run(_ graph: inout Graph, _ context: PassContext) throws {}
}
