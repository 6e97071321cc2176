import WeftIR

extension Pass {
  /// Removes rows that no output needs.
  ///
  /// Needs: nothing. Leaves: live rows and all parameters.
  public static let deadCode = Pass("dead-code", "remove rows that no output needs") { graph, _ in
    let live = graph.liveRows()
    let isClean = (0..<graph.count).allSatisfy { row in
      if live[row] { return true }
      if case .input = graph.rows[row].op { return true }
      return false
    }
    if !isClean { graph = try graph.rebuilt { _, _, _ in nil } }
  }
}
