import WeftIR

/// The text form: the arrays as parameters of a graph, then programs as graphs, then a line a task.
///
///     tasks (a0) -> (a1)
///     graph @arrays(%a0: float64[6] in {dense} chunks [3], %a1: ...) { ... }
///     graph @tile(%p0: float64[3]) { ... }
///     0 (a0[0:3]) -> a1#0
///     0 (a0[3:6]) -> a1#1
extension TaskGraph {
  /// The text form.
  public func text() -> String {
    var lines = [
      "tasks (\(inputs.map { "a\($0)" }.joined(separator: ", "))) -> "
        + "(\(outputs.map { "a\($0)" }.joined(separator: ", ")))"
    ]
    var table = Graph(name: "arrays")
    for (number, array) in arrays.enumerated() {
      var layout = Layout.dense(rank: array.type.rank)
      layout.chunks = array.grid.cuts
      _ = table.addParameter("a\(number)", array.type, layout: layout)
    }
    var text = table.text()
    for program in programs { text += program.text() }
    if text.last == "\n" { text.removeLast() }
    lines.append(text)
    for task in tasks {
      let inputs = task.inputs.map { input in
        switch input {
        case .position(let position): "\(position)"
        case .region(let array, let region): "a\(array)\(region)"
        }
      }
      let outputs = task.outputs.map { "a\($0.array)#\($0.chunk)" }
      lines.append(
        "\(task.program) (\(inputs.joined(separator: "; "))) -> "
          + outputs.joined(separator: ", "))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Reads the text form.
  ///
  /// - Throws: `syntax`, with the line; what graphs throw.
  public init(parsing text: String) throws(WeftError) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let head = lines.first, head.hasPrefix("tasks ") else {
      throw Self.error("a task graph begins with 'tasks'", 1)
    }
    let sides = head.dropFirst(6).split(separator: ">", maxSplits: 1)
    guard sides.count == 2 else { throw Self.error("expected '(inputs) -> (outputs)'", 1) }
    inputs = try Self.numbers(sides[0].dropLast(1), 1)
    outputs = try Self.numbers(sides[1], 1)
    var graphs: [Graph] = []
    var pending = ""
    for (number, line) in lines.enumerated().dropFirst() {
      if line.isEmpty { continue }
      if !pending.isEmpty || line.hasPrefix("graph ") {
        pending += line + "\n"
        if line == "}" {
          graphs.append(try Graph(parsing: pending))
          pending = ""
        }
        continue
      }
      tasks.append(try Self.task(line, number + 1))
    }
    guard let table = graphs.first else { throw Self.error("the arrays are missing", 1) }
    programs = Swift.Array(graphs.dropFirst())
    for parameter in table.parameters {
      let extents = parameter.type.shape.codes.map { max(0, $0) }
      let cuts = parameter.layout?.chunks ?? []
      guard cuts.count == extents.count else {
        throw Self.error("%\(parameter.name) has no chunks", 2)
      }
      arrays.append(Array(type: parameter.type, grid: ChunkGrid(extents, cuts: cuts)))
    }
    try verify()
  }

  private static func error(_ message: String, _ line: Int) -> WeftError {
    WeftError(.syntax, "tasks", "line \(line): \(message)")
  }

  /// Reads `(a0, a-1)`.
  private static func numbers(
    _ text: Substring, _ line: Int
  ) throws(WeftError) -> [Int] {
    var numbers: [Int] = []
    for word in text.split(whereSeparator: { "(), ".contains($0) }) {
      guard word.first == "a", let number = Int(word.dropFirst()) else {
        throw error("'\(word)' is no array", line)
      }
      numbers.append(number)
    }
    return numbers
  }

  /// Reads `0 (a0[0:3]; 17) -> a1#0`.
  private static func task(_ text: Substring, _ line: Int) throws(WeftError) -> Task {
    guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close,
      let program = Int(text[..<open].filter { $0 != " " })
    else { throw error("expected 'program (inputs) -> chunks'", line) }
    var task = Task(program: program, inputs: [], outputs: [])
    for word in text[text.index(after: open)..<close].split(separator: ";") {
      task.inputs.append(try input(word.drop { $0 == " " }, line))
    }
    for word in text[close...].split(whereSeparator: { ")->, ".contains($0) }) {
      let parts = word.dropFirst().split(separator: "#")
      guard word.first == "a", parts.count == 2, let array = Int(parts[0]),
        let chunk = Int(parts[1])
      else { throw error("'\(word)' is no chunk", line) }
      task.outputs.append(ChunkKey(array: array, chunk: chunk))
    }
    return task
  }

  private static func input(_ text: Substring, _ line: Int) throws(WeftError) -> Input {
    if let position = Int(text) { return .position(position) }
    guard let open = text.firstIndex(of: "["), text.first == "a", text.last == "]",
      let array = Int(text[text.index(after: text.startIndex)..<open])
    else { throw error("'\(text)' is no region", line) }
    var ranges: [Range<Int>] = []
    for word in text[text.index(after: open)...].dropLast().split(separator: ",") {
      let ends = word.split(separator: ":").map { Int($0.filter { $0 != " " }) }
      guard ends.count == 2, let low = ends[0], let high = ends[1], low <= high else {
        throw error("'\(word)' is no range", line)
      }
      ranges.append(low..<high)
    }
    return .region(array: array, Region(ranges))
  }

  /// Checks that tasks name what there is.
  ///
  /// - Throws: `out-of-range`, with the task.
  func verify() throws(WeftError) {
    func check(_ condition: Bool, _ task: Int, _ what: String) throws(WeftError) {
      if !condition { throw WeftError(.outOfRange, "tasks", "task \(task): \(what)") }
    }
    guard inputs.allSatisfy({ $0 >= -1 && $0 < arrays.count }),
      outputs.allSatisfy({ arrays.indices.contains($0) })
    else { throw WeftError(.outOfRange, "tasks", "an input or output is no array") }
    for (number, task) in tasks.enumerated() {
      try check(programs.indices.contains(task.program), number, "no program \(task.program)")
      let program = programs[task.program]
      try check(
        program.parameters.count == task.inputs.count
          && program.outputs.count == task.outputs.count, number,
        "the program takes \(program.parameters.count) and gives \(program.outputs.count) arrays")
      for case .region(let array, let region) in task.inputs {
        try check(
          arrays.indices.contains(array) && region.rank == arrays[array].type.rank
            && Region(whole: arrays[array].grid.extents).contains(region), number,
          "\(region) is no box of array \(array)")
      }
      for key in task.outputs {
        try check(
          arrays.indices.contains(key.array)
            && (0..<arrays[key.array].grid.count).contains(key.chunk), number,
          "array \(key.array) has no chunk \(key.chunk)")
      }
    }
  }
}
