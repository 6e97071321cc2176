import WeftIR

/// Runs any graph with plain loops: the definition of what each op means.
///
/// - Accuracy: at least NumPy's; sums are compensated, scalar functions as their meanings say.
public struct ReferenceExecutor: Executor {
  /// The code of a routine: its results from its operands.
  public typealias RoutineTable = [String: RoutineImplementation]

  /// The name that sessions choose it by.
  public let name = "reference"
  private let routines: RoutineTable
  private let workspace: Workspace

  /// The bytes that a routine needs besides operands of some types and its results, on so many
  /// threads.
  public typealias Workspace =
    @Sendable (_ routine: Routine, _ operands: [TensorType], _ threads: Int) -> Int

  /// An executor that knows some routines by name; `workspace` tells for plans what they need.
  public init(routines: RoutineTable = [:], workspace: @escaping Workspace = { _, _, _ in 0 }) {
    self.routines = routines
    self.workspace = workspace
  }

  /// It works wherever Swift does.
  public func probe() -> Availability { .available("plain loops on one thread") }

  /// It supports every op, and the routines of its table.
  public func supports(_ row: Int, of graph: Graph) -> Support {
    if case .call(let routine) = graph.rows[row].op, !knows(routine) {
      return .none(reason: "the reference executor has no routine \(routine.name)")
    }
    return .native
  }

  /// Plans when each value is freed.
  ///
  /// - Throws: `unsupported` for a live row that calls a routine which the table lacks.
  public func prepare(_ graph: Graph, _ context: PassContext) throws -> any Executable {
    let live = graph.liveRows()
    for (row, content) in graph.rows.enumerated() where live[row] {
      if case .call(let routine) = content.op, !knows(routine) {
        throw Self.unsupported(routine).located(at: content.site)
      }
    }
    let threads = context.threadCount
    return ReferenceExecutable(graph, routines) { [workspace] in workspace($0, $1, threads) }
  }

  private func knows(_ routine: Routine) -> Bool {
    routines[routine.name] != nil || routine.body != nil
  }

  static func unsupported(_ routine: Routine) -> WeftError {
    WeftError(
      .unsupported, routine.name, "the reference executor has no routine of this name",
      hint: "give its code to ReferenceExecutor(routines:)")
  }
}
