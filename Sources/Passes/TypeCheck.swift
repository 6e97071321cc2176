import WeftIR

extension Pipeline {
  /// Fails when a row stands before its operands or has other types than inference gives.
  ///
  /// - Throws: `internal` with the row.
  public static func checkTypes(_ graph: Graph) throws {
    for row in 0..<graph.count {
      let op = graph.rows[row].op
      guard graph.operands(row).allSatisfy({ $0.index < row }) else {
        throw WeftError(.internal, op.name, "row \(row) stands before its operands")
      }
      let types = try TypeInference.infer(op, graph.operands(row).map { graph.type($0) })
      guard types.count == graph.types(row).count,
        zip(types, graph.types(row)).allSatisfy({ mayBeSame($0, $1) })
      else {
        throw WeftError(
          .internal, op.name, "row \(row) has types \(Array(graph.types(row))), expected \(types)")
      }
    }
    guard graph.outputs.allSatisfy({ $0.index < graph.count }) else {
      throw WeftError(.internal, "graph", "an output has no row")
    }
  }

  /// Inference gives new ids to some unknown extents each time.
  private static func mayBeSame(_ a: TensorType, _ b: TensorType) -> Bool {
    a.dtype == b.dtype && a.rank == b.rank
      && zip(a.shape.codes, b.shape.codes).allSatisfy { $0 == $1 || $0 < 0 || $1 < 0 }
  }

  /// One row a line: enough to read while no printer is given.
  public static func plainText(_ graph: Graph) -> String {
    var text = ""
    for row in 0..<graph.count {
      let operands = graph.operands(row).map { "%\($0.row)" }.joined(separator: ", ")
      text += "%\(row) = \(graph.rows[row].op) \(operands) : \(Array(graph.types(row)))\n"
    }
    return text + "return " + graph.outputs.map { "%\($0.row)" }.joined(separator: ", ") + "\n"
  }
}
