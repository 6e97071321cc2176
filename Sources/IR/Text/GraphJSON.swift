extension Graph {
  /// The graph as JSON, a line a row; unknown extents are texts such as `"?0"`.
  ///
  /// Operands and outputs are pairs of row and result.
  public var json: String {
    let names = GraphNames(self)
    var buffer = TextBuffer()
    buffer.append("{\"name\": ")
    buffer.append(quoted: name)
    buffer.append(",\n \"parameters\": [")
    buffer.appendList(parameters, separator: ",") { buffer, parameter in
      buffer.append("\n  {\"name\": ")
      buffer.append(quoted: parameter.name)
      buffer.append(", ")
      buffer.append(json: parameter.type, names)
      if let layout = parameter.layout { buffer.append(", \"layout\": ", text: "\(layout)") }
      if let stored = parameter.stored {
        buffer.append(", \"stored\": ")
        buffer.append(stored)
      }
      buffer.append("}")
    }
    buffer.append("],\n \"rows\": [")
    buffer.appendList(0..<count, separator: ",") { buffer, row in
      buffer.append("\n  {\"row\": ")
      buffer.append(row)
      buffer.append(", \"op\": ")
      buffer.append(quoted: rows[row].op.structure)
      buffer.append(json: rows[row].op, names)
      buffer.append(", \"operands\": ")
      buffer.append(json: operands(row))
      buffer.append(", \"types\": [")
      buffer.appendList(types(row)) {
        $0.append("{")
        $0.append(json: $1, names)
        $0.append("}")
      }
      buffer.append("]")
      let site = rows[row].site.description
      if !site.isEmpty { buffer.append(", \"site\": ", text: site) }
      buffer.append("}")
    }
    buffer.append("],\n \"outputs\": ")
    buffer.append(json: outputs[...])
    buffer.append("}\n")
    return buffer.text
  }
}

extension Op {
  /// The kind of op, whatever function or routine is inside.
  fileprivate var structure: String {
    switch self {
    case .map: "map"
    case .call: "call"
    default: name
    }
  }
}

extension TextBuffer {
  fileprivate mutating func append(_ key: StaticString, text: String) {
    append(key)
    append(quoted: text)
  }

  fileprivate mutating func append(_ key: StaticString, _ number: Int) {
    append(key)
    append(number)
  }

  fileprivate mutating func append(_ key: StaticString, _ numbers: [Int]) {
    append(key)
    append(numbers)
  }

  fileprivate mutating func append(json values: ArraySlice<Value>) {
    append("[")
    appendList(values) {
      $0.append("[", $1.index)
      $0.append(", ", Int($1.result))
      $0.append("]")
    }
    append("]")
  }

  fileprivate mutating func append(json type: TensorType, _ names: GraphNames) {
    append("\"dtype\": ", text: type.dtype.name)
    append(", \"shape\": ")
    append(json: type.shape, names)
  }

  fileprivate mutating func append(json shape: Shape, _ names: GraphNames) {
    append("[")
    appendList(shape.extents) { buffer, extent in
      switch extent {
      case .known(let n): buffer.append(n)
      case .unknown(let id): buffer.append(quoted: "?\(names.number(ofUnknown: id))")
      }
    }
    append("]")
  }

  /// Appends an op's attributes as members.
  fileprivate mutating func append(json op: Op, _ names: GraphNames) {
    if let f = op.function { append(", \"function\": ", text: f.name) }
    switch op {
    case .map: break
    case .input(let n, _): append(", \"parameter\": ", n)
    case .constant(let scalar): append(", \"value\": ", text: scalar.literal)
    case .random(let stream): append(", \"lane\": ", stream.lane)
    case .convert(let dtype): append(", \"to\": ", text: dtype.name)
    case .reduce(_, let axes), .reverse(let axes): append(", \"axes\": ", axes.axes)
    case .iota(_, let axis), .scan(_, let axis), .argReduce(_, let axis), .concatenate(let axis),
      .gather(let axis), .scatter(let axis, _), .compress(let axis, _):
      append(", \"axis\": ", axis)
    case .sort(let axis, let descending):
      append(", \"axis\": ", axis)
      append(text: ", \"descending\": \(descending)")
    case .contract(let contraction):
      append(", \"labels\": [")
      appendList(contraction.operands) { $0.append($1) }
      append("], \"output\": ", contraction.output)
    case .broadcast(let shape, let axes):
      append(", \"to\": ")
      append(json: shape, names)
      append(", \"axes\": ", axes)
    case .reshape(let shape):
      append(", \"to\": ")
      append(json: shape, names)
    case .permute(let axes): append(", \"axes\": ", axes)
    case .slice(let spans):
      append(", \"spans\": [")
      appendList(spans) { buffer, span in
        buffer.append("{\"start\": ", span.start)
        buffer.append(", \"step\": ", span.step)
        buffer.append(text: ", \"count\": \(span.count.map(String.init) ?? "null")}")
      }
      append("]")
    case .pad(let spans):
      append(", \"spans\": [")
      appendList(spans) { buffer, span in
        buffer.append("{\"low\": ", span.low)
        buffer.append(", \"high\": ", span.high)
        buffer.append(", \"interior\": ", span.interior)
        buffer.append("}")
      }
      append("]")
    case .store(let layout):
      append(", \"levels\": [")
      appendList(layout.levels) { $0.append(quoted: $1.rawValue) }
      append("], \"order\": ", layout.order)
      if let chunks = layout.chunks { append(", \"chunks\": ", text: ChunkGrid.text(chunks)) }
      if let fill = layout.fill { append(", \"fill\": ", text: "\(fill.dtype) \(fill.literal)") }
    case .call(let routine):
      append(", \"routine\": ", text: routine.name)
      append(", \"options\": {")
      appendList(routine.options.sorted { $0.key < $1.key }) { buffer, option in
        buffer.append(quoted: option.key)
        buffer.append(": ", text: option.value)
      }
      append("}")
    }
  }
}
