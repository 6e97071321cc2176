/// What the text form calls a graph's values and unknown extents.
struct GraphNames {
  /// The number of rows at the start that are parameters in order and stand in the head.
  let headCount: Int
  private let parameters: [ValueName]
  /// The number of the first result of each row; for input rows -1 - the parameter.
  private let numbers: [Int]
  private let resultCounts: [Int]
  private let unknowns: UnknownNumbering

  init(_ graph: Graph) {
    var seen: Set<String> = []
    parameters = graph.parameters.enumerated().map { n, parameter in
      let isNew = seen.insert(parameter.name).inserted
      return ValueName(name: parameter.name, number: isNew ? nil : n)
    }
    var head = 0
    while head < graph.count, case .input(head, _) = graph.rows[head].op { head += 1 }
    headCount = head
    var unknowns = UnknownNumbering()
    var numbers: [Int] = []
    var resultCounts: [Int] = []
    numbers.reserveCapacity(graph.count)
    resultCounts.reserveCapacity(graph.count)
    var next = 0
    for row in 0..<graph.count {
      let types = graph.types(row)
      if case .input(let n, _) = graph.rows[row].op {
        numbers.append(-1 - n)
      } else {
        numbers.append(next)
        next += types.count
      }
      resultCounts.append(types.count)
      _ = unknowns.numbered(graph.rows[row].op)
      for type in types { _ = unknowns.numbered(type) }
    }
    self.numbers = numbers
    self.resultCounts = resultCounts
    self.unknowns = unknowns
  }

  /// What `?` is followed by for an unknown extent.
  func number(ofUnknown id: Int) -> Int { unknowns.known(id) }

  /// Appends a value's name; what a graph does not have is named `%!row.result`.
  func append(_ value: Value, to buffer: inout TextBuffer) {
    buffer.append("%")
    guard numbers.indices.contains(value.index), value.result >= 0,
      Int(value.result) < resultCounts[value.index]
    else {
      buffer.append("!")
      buffer.append(value.index)
      buffer.append(".")
      buffer.append(Int(value.result))
      return
    }
    let number = numbers[value.index]
    if number >= 0 {
      buffer.append(number + Int(value.result))
    } else if parameters.indices.contains(-1 - number) {
      let name = parameters[-1 - number]
      buffer.append(name: name.name)
      if let number = name.number {
        buffer.append("#")
        buffer.append(number)
      }
    }
  }

  func append(_ type: TensorType, to buffer: inout TextBuffer) {
    buffer.append(text: type.dtype.name)
    append(type.shape, to: &buffer)
  }

  func append(_ shape: Shape, to buffer: inout TextBuffer) {
    buffer.append("[")
    var isFirst = true
    for code in shape.codes {
      if !isFirst { buffer.append(", ") }
      isFirst = false
      if code < 0 {
        buffer.append("?")
        buffer.append(unknowns.known(-1 - code))
      } else {
        buffer.append(code)
      }
    }
    buffer.append("]")
  }
}
