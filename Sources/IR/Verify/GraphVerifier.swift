/// Checks what every graph must hold; runs after each pass in debug builds and in tests.
public enum GraphVerifier {
  /// Checks order of operands, results, parameters, outputs, and each row's types by inference.
  ///
  /// - Parameters:
  ///   - graph: The graph.
  ///   - step: What made the graph, such as a pass; the message names it.
  /// - Throws: `internal`, with ten lines around the bad row.
  public static func verify(_ graph: Graph, after step: String? = nil) throws(WeftError) {
    var inputs: [Int] = []
    for row in 0..<graph.count {
      if let problem = problem(of: row, in: graph, &inputs) {
        throw error(problem, row: row, graph, step)
      }
    }
    if inputs != Array(graph.parameters.indices) {
      throw error("the input rows \(inputs) do not give each parameter once", row: 0, graph, step)
    }
    for (number, output) in graph.outputs.enumerated()
    where !has(graph, output, before: graph.count) {
      let message =
        "output \(number) is result \(output.result) of row \(output.row), which is not there"
      throw error(message, row: graph.count - 1, graph, step)
    }
  }

  private static func has(_ graph: Graph, _ value: Value, before row: Int) -> Bool {
    value.index >= 0 && value.index < row && value.result >= 0
      && Int(value.result) < graph.types(value.index).count
  }

  private static func problem(of row: Int, in graph: Graph, _ inputs: inout [Int]) -> String? {
    for operand in graph.operands(row) where !has(graph, operand, before: row) {
      return "an operand is result \(operand.result) of row \(operand.row), which is not above"
    }
    let op = graph.rows[row].op
    let stored = Array(graph.types(row))
    switch op {
    case .input(let n, let type):
      inputs.append(n)
      guard graph.parameters.indices.contains(n) else { return "there is no parameter \(n)" }
      if graph.parameters[n].type != type {
        return "parameter \(n) is \(graph.parameters[n].type), the row says \(type)"
      }
    case .contract(let contraction):
      if Contraction(contraction.operands, to: contraction.output) != contraction {
        return "index labels are not numbered in order of appearance"
      }
    default: break
    }
    do {
      let types = try TypeInference.infer(
        op, graph.operands(row).map { graph.type($0) }, keeping: stored)
      if types == stored { return nil }
      return "the types are \(text(stored)), inference says \(text(types))"
    } catch {
      return "\(error.operation): \(error.message) [\(error.code.rawValue)]"
    }
  }

  private static func text(_ types: [TensorType]) -> String {
    types.map(\.description).joined(separator: ", ")
  }

  private static func error(
    _ problem: String, row: Int, _ graph: Graph, _ step: String?
  ) -> WeftError {
    let place = step.map { "after \($0), " } ?? ""
    var error = WeftError(
      .internal, "verify", "\(place)row \(row) of @\(graph.name): \(problem)",
      hint: "this is a mistake in Weft; WEFT_DUMP=all shows the graph after each pass")
    if graph.rows.indices.contains(row) {
      error.site = graph.rows[row].site
      let before = graph.text(rows: max(0, row - 5)..<row)
      let after = graph.text(rows: row + 1..<row + 5)
      let guilty = graph.text(rows: row..<row + 1)
      error.excerpt = String((before + ">" + guilty.dropFirst() + after).dropLast())
    }
    return error
  }
}
