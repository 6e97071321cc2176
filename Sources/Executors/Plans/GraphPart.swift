import WeftIR

extension Graph {
  /// The rows between values that are known and some others, as a graph of its own.
  ///
  /// Its parameters stand for `inputs`, its outputs for `outputs`.
  public func part(
    computing outputs: [Value], isKnown: (Value) -> Bool
  ) -> (graph: Graph, inputs: [Value]) {
    var isNeeded: Set<Int> = []
    var inputs: [Value] = []
    var seen: Set<Value> = []
    var open = outputs.map(\.index)
    while let row = open.popLast() {
      guard isNeeded.insert(row).inserted else { continue }
      for operand in operands(row) {
        if case .input = op(operand) {
          if seen.insert(operand).inserted { inputs.append(operand) }
        } else if isKnown(operand) {
          if seen.insert(operand).inserted { inputs.append(operand) }
        } else {
          open.append(operand.index)
        }
      }
    }
    inputs.sort { ($0.row, $0.result) < ($1.row, $1.result) }
    var part = Graph(name: name)
    var renamed: [Value: Value] = [:]
    for (n, input) in inputs.enumerated() {
      renamed[input] = part.addParameter("p\(n)", type(input))
    }
    for row in isNeeded.sorted() {
      let copy = part.add(
        rows[row].op, operands(row).compactMap { renamed[$0] }, types: Array(types(row)),
        site: rows[row].site)
      for result in 0..<types(row).count {
        let value = Value(row: row, result: result)
        if renamed[value] == nil { renamed[value] = Value(row: copy.index, result: result) }
      }
    }
    part.outputs = outputs.compactMap { renamed[$0] }
    return (part, inputs)
  }

  /// What a row does, in a word or two; of a map the function alone.
  public func title(of row: Int) -> String {
    if case .map(let f) = rows[row].op { return f.name }
    return rows[row].op.title
  }
}

extension Op {
  /// What it does, in a word or two.
  public var title: String { function.map { "\(name) \($0.name)" } ?? name }
}
