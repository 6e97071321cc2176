import WeftIR
public struct ReferenceExecutor: Executor {
  public let name = "reference"
  public init() {}
  public func probe() -> Availability { .unavailable(reason: "not built yet") }
  public func supports(_ row: Int, of graph: Graph) -> Support { .native }
  public func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
    throw WeftError(.unsupported, "prepare", "not built")
  }
}
