/// Makes routines that a program text can name, from their options.
public typealias RoutineTable = [String: @Sendable (_ options: [String: String]) throws -> Routine]

extension Graph {
  /// The graph that a text stands for.
  ///
  /// Types after `:` are compared with what inference says; they may be left out except where
  /// nothing else tells them (`constant`, `iota`, `random`, `input`).
  /// - Parameters:
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
struct GraphParser {
  private(set) var graph = Graph()
  let functions: FunctionTable
  let routines: RoutineTable
  private let bytes: [UInt8]
  private var lexer: Lexer
  /// The token that comes next, and where it begins.
  private(set) var token = Token.newline
  private(set) var offset = 0
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
      try define(
        .named(name), graph.addParameter(name.name, try type()), at: start)
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

// MARK: - Tokens

extension GraphParser {
  mutating func advance() throws(WeftError) {
    do {
      (token, offset) = try lexer.next()
    } catch {
      throw failure(error.message, at: error.offset)
    }
  }

  mutating func take(_ mark: Unicode.Scalar) throws(WeftError) -> Bool {
    guard token == .mark(UInt8(ascii: mark)) else { return false }
    try advance()
    return true
  }

  mutating func takeWord(_ word: String) throws(WeftError) -> Bool {
    guard token == .word(word) else { return false }
    try advance()
    return true
  }

  mutating func expect(_ mark: Unicode.Scalar) throws(WeftError) {
    if try !take(mark) { throw unexpected("'\(mark)'") }
  }

  mutating func expectWord(_ word: String) throws(WeftError) {
    if try !takeWord(word) { throw unexpected("'\(word)'") }
  }

  mutating func expectNewline() throws(WeftError) {
    if token != .newline { throw unexpected("the end of the line") }
    try advance()
  }

  mutating func skipNewlines() throws(WeftError) {
    while token == .newline { try advance() }
  }

  mutating func integer() throws(WeftError) -> Int {
    guard case .number(let text) = token else { throw unexpected("a number") }
    guard let number = Int(text) else {
      throw failure("\(text) is not an integer of 64 bits", at: offset)
    }
    try advance()
    return number
  }

  /// A word or text in quotes.
  mutating func name(_ what: String) throws(WeftError) -> String {
    switch token {
    case .word(let text), .quoted(let text):
      try advance()
      return text
    default: throw unexpected(what)
    }
  }
}

// MARK: - Errors

extension GraphParser {
  func unexpected(_ expected: String) -> WeftError {
    failure("expected \(expected), got \(token.description)", at: offset)
  }

  func failure(_ message: String, at offset: Int, _ code: ErrorCode = .syntax) -> WeftError {
    located(WeftError(code, "parse", message), at: offset)
  }

  /// The error with line and column before its message, and the line with a caret.
  func located(_ error: WeftError, at offset: Int) -> WeftError {
    let place = min(offset, bytes.count)
    let newline = UInt8(ascii: "\n")
    let lineStart = bytes[..<place].lastIndex(of: newline).map { $0 + 1 } ?? 0
    let lineEnd = bytes[place...].firstIndex(of: newline) ?? bytes.count
    let line = bytes[..<lineStart].count { $0 == newline } + 1
    let before = String(decoding: bytes[lineStart..<place], as: UTF8.self).unicodeScalars
    // Long lines are shown around the place alone.
    let left = String(before.suffix(60))
    let right = String(decoding: bytes[place..<min(lineEnd, place + 60)], as: UTF8.self)
    let shown = String((left + right).map { $0 == "\t" || $0 == "\r" ? " " : $0 })
    var located = error
    located.message = "\(line):\(before.count + 1): \(error.message)"
    located.excerpt = "  \(shown)\n  \(String(repeating: " ", count: left.count))^"
    return located
  }
}
