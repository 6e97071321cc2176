import WeftIR

/// A graph with the plan of when its values are freed.
struct ReferenceExecutable: Executable {
  let graph: Graph
  let routines: ReferenceExecutor.RoutineTable
  let peakBytes: Int
  private let live: [Bool]
  /// The values that no row after this one and no output uses.
  private let released: [[Value]]

  init(
    _ graph: Graph, _ routines: ReferenceExecutor.RoutineTable,
    workspace: (Routine, [TensorType]) -> Int
  ) {
    self.graph = graph
    self.routines = routines
    live = graph.liveRows()
    released = Self.releases(graph, live)
    peakBytes = PeakEstimate(graph, live, released, workspace: workspace).bytes
  }

  var steps: [String] {
    graph.rows.indices.filter { live[$0] }.map { row in
      let types = graph.types(row).map(\.description).joined(separator: ", ")
      return "\(graph.rows[row].op.name): \(types)"
    }
  }

  private static func releases(_ graph: Graph, _ live: [Bool]) -> [[Value]] {
    var released: [[Value]] = Array(repeating: [], count: graph.count)
    var kept = Set(graph.outputs)
    for row in graph.rows.indices.reversed() where live[row] {
      let results = graph.types(row).indices.map {
        Value(row: row, result: $0 - graph.types(row).startIndex)
      }
      for value in results + graph.operands(row) where kept.insert(value).inserted {
        released[row].append(value)
      }
    }
    return released
  }

  func run(_ inputs: [Buffer], _ context: RunContext) throws -> [Buffer] {
    var extents = UnknownExtents()
    try check(inputs, &extents)
    let evaluator = RowEvaluator(context: context, routines: routines)
    var values: [Value: Buffer] = [:]
    for row in graph.rows.indices where live[row] {
      do {
        try context.token.check()
        let operands = graph.operands(row).compactMap { values[$0] }
        let results = try compute(row, operands, evaluator, inputs, &extents)
        for (result, buffer) in results.enumerated() {
          values[Value(row: row, result: result)] = buffer
        }
        context.counters.add("rows")
      } catch {
        throw Self.located(error, graph.rows[row])
      }
      for value in released[row] { values[value] = nil }
    }
    return graph.outputs.compactMap { values[$0] }
  }

  private func check(_ inputs: [Buffer], _ extents: inout UnknownExtents) throws {
    if inputs.count != graph.parameters.count {
      throw WeftError(
        .argument, graph.name, "takes \(graph.parameters.count) inputs, got \(inputs.count)")
    }
    for (parameter, input) in zip(graph.parameters, inputs) {
      try extents.bind(parameter.type, to: input.type, "input \(parameter.name)")
    }
  }

  private func compute(
    _ row: Int, _ operands: [Buffer], _ evaluator: RowEvaluator, _ inputs: [Buffer],
    _ extents: inout UnknownExtents
  ) throws -> [Buffer] {
    let staticTypes = Array(graph.types(row))
    let op = try extents.resolved(graph.rows[row].op, operands, staticTypes[0], evaluator)
    var types = staticTypes
    if case .call = op {
      // A routine's inference may name fresh unknown extents; its results tell the real ones.
    } else {
      types = try Self.infer(op, operands.map(\.type))
    }
    let results = try evaluator.results(of: op, operands, types, inputs)
    guard results.count == staticTypes.count else {
      throw WeftError(
        .internal, op.name, "gave \(results.count) results, expected \(staticTypes.count)")
    }
    for (type, result) in zip(staticTypes, results) {
      try extents.bind(type, to: result.type, op.name)
    }
    return results
  }

  /// The types of a row for the actual operands, which may not fit each other although the types
  /// the graph was built with do.
  private static func infer(_ op: Op, _ operands: [TensorType]) throws(WeftError) -> [TensorType] {
    do {
      return try TypeInference.infer(op, operands)
    } catch {
      var error = error
      switch op {
      case .broadcast, .concatenate, .compress, .reshape: error.code = .shapeMismatch
      default: break
      }
      throw error
    }
  }

  private static func located(_ error: any Error, _ row: Graph.Row) -> WeftError {
    if let error = error as? WeftError { return error.located(at: row.site) }
    return WeftError(.internal, row.op.name, "\(error)", site: row.site)
  }
}
