extension Graph {
  /// The graph in the language of Graphviz: a box a row, an arrow an operand.
  public var dot: String {
    let names = GraphNames(self)
    var buffer = TextBuffer()
    buffer.append("digraph ")
    buffer.append(quoted: name)
    buffer.append(" {\n  node [shape=box, fontname=monospace];\n")
    for row in 0..<count {
      var label = TextBuffer()
      if case .input = rows[row].op {
        names.append(Value(row: row), to: &label)
      } else {
        names.append(rows[row].op, operands(row), to: &label)
      }
      for type in types(row) {
        label.append("\n")
        names.append(type, to: &label)
      }
      let site = rows[row].site.description
      if !site.isEmpty { label.append(text: "\n\(site)") }
      buffer.append("  r")
      buffer.append(row)
      buffer.append(" [label=")
      buffer.append(quoted: label.text)
      buffer.append("];\n")
      for operand in operands(row) { buffer.append(edge: operand, to: "r\(row)", in: self) }
    }
    for (number, output) in outputs.enumerated() {
      buffer.append(text: "  out\(number) [label=\"output \(number)\", shape=ellipse];\n")
      buffer.append(edge: output, to: "out\(number)", in: self)
    }
    buffer.append("}\n")
    return buffer.text
  }
}

extension TextBuffer {
  /// Appends an arrow; those from rows of several results tell which one.
  fileprivate mutating func append(edge value: Value, to target: String, in graph: Graph) {
    append("  r")
    append(value.index)
    append(" -> ")
    append(text: target)
    if value.result > 0 {
      append(" [label=")
      append(Int(value.result))
      append("]")
    }
    append(";\n")
  }
}
