/// What a graph holds, in numbers.
public struct GraphSummary: Hashable, Sendable {
  /// How often an op or a function occurs.
  public struct Entry: Hashable, Sendable {
    /// The op's name in the text form; that of the function for elementwise rows.
    public var name: String
    /// The number of rows.
    public var count: Int
  }

  /// Rows, parameters included.
  public var rows = 0
  /// Rows that outputs need.
  public var liveRows = 0
  /// Parameters.
  public var parameters = 0
  /// Outputs.
  public var outputs = 0
  /// Bytes of all parameters, dense; at most `Int.max`.
  public var parameterBytes = 0
  /// Bytes of the results of all other rows if each were stored dense; at most `Int.max`.
  public var valueBytes = 0
  /// Results whose bytes cannot be known before a run.
  public var unsizedValues = 0
  /// Ops from the most frequent to the least, then by name.
  public var ops: [Entry] = []
}

extension Graph {
  /// Counts of ops and bytes.
  public var summary: GraphSummary {
    var summary = GraphSummary()
    summary.rows = count
    summary.parameters = parameters.count
    summary.outputs = outputs.count
    summary.liveRows = liveRows().count { $0 }
    var counts: [String: Int] = [:]
    for row in 0..<count {
      let isParameter = if case .input = rows[row].op { true } else { false }
      if !isParameter { counts[rows[row].op.name, default: 0] += 1 }
      for type in types(row) {
        if let bytes = type.byteCount {
          let total = isParameter ? \GraphSummary.parameterBytes : \.valueBytes
          let (sum, overflow) = summary[keyPath: total].addingReportingOverflow(bytes)
          summary[keyPath: total] = overflow ? .max : sum
        } else {
          summary.unsizedValues += 1
        }
      }
    }
    summary.ops = counts.map { GraphSummary.Entry(name: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    return summary
  }
}

extension GraphSummary: CustomStringConvertible {
  /// Three lines: rows, bytes, ops.
  public var description: String {
    let names = ops.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
    let unsized = unsizedValues == 0 ? "" : ", \(unsizedValues) values of unknown size"
    return """
      rows \(rows) (live \(liveRows)), parameters \(parameters), outputs \(outputs)
      bytes: parameters \(parameterBytes), values \(valueBytes)\(unsized)
      ops: \(names)
      """
  }
}
