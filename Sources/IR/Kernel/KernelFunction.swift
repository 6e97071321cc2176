/// A scalar function written in primitives: one source for every renderer.
public struct KernelFunction: Sendable {
  /// What it takes.
  public let parameters: [Kernel.Local]
  /// What runs; its loops are serial, and their bounds the same for all lanes.
  public let body: [Kernel.Statement]
  /// What it gives.
  public let result: Kernel.Operand

  /// A function of operands of dtypes, from a body over a builder.
  public init(_ dtypes: [DType], _ body: (KernelBuilder, [KernelTerm]) -> KernelTerm) {
    let builder = KernelBuilder()
    parameters = dtypes.map { builder.local($0) }
    let result = body(builder, parameters.map { builder.term(.local($0)) })
    self.body = builder.statements
    self.result = result.operand
  }
}
