/// Makes routines that a program text can name, from their options.
public typealias RoutineTable = [String: @Sendable (_ options: [String: String]) throws -> Routine]

extension Graph {
  /// The graph that a text stands for.
  ///
  /// Types after `:` are compared with what inference says; they may be left out except where
  /// nothing else tells them (`constant`, `iota`, `random`, `input`).
  /// - Parameters:
  ///   - text: The text of a graph.
  ///   - functions: The scalar functions that the text may name.
  ///   - routines: The routines that the text may call.
  /// - Throws: `syntax`, `name` for what is not defined, or what inference finds wrong; the message
  ///   begins with line and column, the excerpt shows the place.
  public init(
    parsing text: String, functions: FunctionTable = .standard,
    routines: RoutineTable = Routine.builtin
  ) throws(WeftError) {
    var parser = GraphParser(Array(text.utf8), functions, routines)
    try parser.parse()
    self = parser.graph
  }
}

/// Reads the text form of a graph, row by row, with one token of lookahead.
struct GraphParser: TextParser {
  private(set) var graph = Graph()
  let functions: FunctionTable
  let routines: RoutineTable
  let bytes: [UInt8]
  var lexer: Lexer
  var token = Token.newline
  var offset = 0
  private var numbered: [Value] = []
  private var sparse: [Int: Value] = [:]
  private var named: [ValueName: Value] = [:]
  private var unknowns: [Int: Extent] = [:]

  init(_ bytes: [UInt8], _ functions: FunctionTable, _ routines: RoutineTable) {
    self.bytes = bytes
    self.functions = functions
    self.routines = routines
    lexer = Lexer(bytes)
  }

  mutating func parse() throws(WeftError) {
    try advance()
    try skipNewlines()
    try expectWord("graph")
    guard case .symbol(let name) = token else { throw unexpected("a name such as @main") }
    try advance()
    graph.name = name
    try head()
    while token != .word("return") { try row() }
    try advance()
    while let value = try operand() {
      graph.outputs.append(value)
      guard try take(",") else { break }
      if token == .newline { throw unexpected("a value") }
    }
    try expectNewline()
    try expect("}")
    try skipNewlines()
    if token != .end { throw unexpected("the end of the text") }
  }

  private mutating func head() throws(WeftError) {
    try expect("(")
    try skipNewlines()
    while token != .mark(UInt8(ascii: ")")) {
      let start = offset
      guard case .named(let name) = token else { throw unexpected("a parameter such as %x") }
      try advance()
      try expect(":")
      let type = try type()
      let layout = try takeWord("in") ? try layout() : nil
      if let layout, layout.rank != type.rank || layout.isDense && layout.chunks == nil {
        throw failure(
          "the layout of a parameter is sparse or in chunks, with a level for each axis", at: start)
      }
      var stored: Int?
      if layout != nil, try takeWord("storing") { stored = try natural("a count of entries") }
      let options = try options()
      guard let facts = Facts(options: options) else {
        throw failure("the facts of a parameter are wrong", at: start)
      }
      let value = graph.addParameter(
        name.name, type, facts: facts, layout: layout, stored: stored)
      try define(.named(name), value, at: start)
      try skipNewlines()
      guard try take(",") else { break }
      try skipNewlines()
    }
    try expect(")")
    try expect("{")
    try expectNewline()
  }

  // MARK: - Rows

  private mutating func row() throws(WeftError) {
    var results: [(token: Token, offset: Int)] = []
    repeat {
      switch token {
      case .row, .named: results.append((token, offset))
      default: throw unexpected("a row such as '%0 = ...' or 'return'")
      }
      try advance()
    } while try take(",")
    try expect("=")
    let start = offset
    let (pending, operands) = try operation()
    var annotation: [TensorType]?
    if try take(":") {
      var types: [TensorType] = []
      repeat { types.append(try type()) } while try take(",")
      annotation = types
    }
    let value = try add(pending, operands, annotation, named: results[0].token, at: start)
    let count = graph.types(value.index).count
    if results.count != count {
      throw failure("the row has \(count) results, not \(results.count)", at: start)
    }
    for (number, result) in results.enumerated() {
      try define(result.token, Value(row: value.index, result: number), at: result.offset)
    }
    try expectNewline()
  }

  private mutating func add(
    _ pending: PendingOp, _ operands: [Value], _ annotation: [TensorType]?, named: Token,
    at start: Int
  ) throws(WeftError) -> Value {
    if case .input = pending {
      guard let type = annotation?.first, case .named(let name) = named else {
        throw failure("an input needs a name and a type", at: start)
      }
      return graph.addParameter(name.name, type)
    }
    let op = try finish(pending, annotation?.first, at: start)
    let operandTypes = operands.map { graph.type($0) }
    let types: [TensorType]
    do {
      types = try TypeInference.infer(op, operandTypes, keeping: annotation ?? [])
    } catch {
      throw located(error, at: start)
    }
    if let annotation, annotation != types {
      throw failure(
        "\(op.name) gives \(text(types)), not \(text(annotation))", at: start)
    }
    let value = graph.add(op, operands, types: types, site: .none)
    if !graph.types(value.index).elementsEqual(types) {
      throw failure("an equal row above has other types", at: start)
    }
    return value
  }

  private func text(_ types: [TensorType]) -> String {
    types.map(\.description).joined(separator: ", ")
  }

  // MARK: - Values

  /// The value that the next token names, or nil when it names none.
  mutating func operand() throws(WeftError) -> Value? {
    switch token {
    case .row(let n):
      guard let value = numbered.indices.contains(n) ? numbered[n] : sparse[n] else {
        throw failure("%\(n) is not defined above", at: offset, .name)
      }
      try advance()
      return value
    case .named(let name):
      guard let value = named[name] else {
        throw failure("%\(name.name) is not defined above", at: offset, .name)
      }
      try advance()
      return value
    default: return nil
    }
  }

  private mutating func define(_ name: Token, _ value: Value, at offset: Int) throws(WeftError) {
    var isNew = true
    switch name {
    case .row(let n):
      if n == numbered.count, sparse[n] == nil {
        numbered.append(value)
      } else {
        isNew = n > numbered.count && sparse.updateValue(value, forKey: n) == nil
      }
    case .named(let name): isNew = named.updateValue(value, forKey: name) == nil
    default: break
    }
    if !isNew { throw failure("this name is already defined", at: offset) }
  }

  /// The extent that a text's `?n` stands for.
  mutating func unknown(_ n: Int) -> Extent {
    if let known = unknowns[n] { return known }
    let extent = Shape.freshUnknown()
    unknowns[n] = extent
    return extent
  }
}
