extension Kernel {
  /// The kernel that a text stands for, in canonical form; `KernelVerifier` tells whether it holds.
  ///
  /// - Parameters:
  ///   - text: The text of a kernel.
  ///   - functions: The scalar functions that the text may name.
  /// - Throws: `syntax`, or `name` for what is not defined; the message begins with line and column,
  ///   the excerpt shows the place.
  public init(
    parsing text: String, functions: FunctionTable = .standard
  ) throws(WeftError) {
    var parser = KernelParser(Array(text.utf8), functions)
    self = try parser.parse()
  }
}

/// Reads the text form of a kernel; `KernelPrinter` mirrors it.
struct KernelParser: TextParser {
  let functions: FunctionTable
  let bytes: [UInt8]
  var lexer: Lexer
  var token = Token.newline
  var offset = 0
  private var parameters: [Kernel.Parameter] = []
  private var numberOfName: [ValueName: Int] = [:]
  /// Locals by their numbers in the text.
  private var locals: [Int: Kernel.Local] = [:]
  private var localCount = 0
  private var depth = 0

  /// Blocks nest no deeper, so that whoever walks a kernel may recur.
  private static let mostDepth = 64

  init(_ bytes: [UInt8], _ functions: FunctionTable) {
    self.bytes = bytes
    self.functions = functions
    lexer = Lexer(bytes)
  }

  mutating func parse() throws(WeftError) -> Kernel {
    try advance()
    try skipNewlines()
    try expectWord("kernel")
    guard case .symbol(let name) = token else { throw unexpected("a name such as @kernel") }
    try advance()
    try head()
    let body = try plainBlock()
    try skipNewlines()
    if token != .end { throw unexpected("the end of the text") }
    return Kernel(name: name, parameters: parameters, body: body)
  }

  private mutating func head() throws(WeftError) {
    try expect("(")
    try skipNewlines()
    while token != .mark(UInt8(ascii: ")")) {
      guard case .named(let name) = token else { throw unexpected("a parameter such as %b0") }
      if numberOfName.updateValue(parameters.count, forKey: name) != nil {
        throw failure("this name is already defined", at: offset)
      }
      try advance()
      if try take(":") {
        let isWritten = try takeWord("out")
        parameters.append(.buffer(try dtype(), isWritten: isWritten))
        try expect("[")
        try expect("]")
      } else {
        parameters.append(.index)
      }
      try skipNewlines()
      guard try take(",") else { break }
      try skipNewlines()
    }
    try expect(")")
  }

  // MARK: - Blocks

  /// Reads `{`, statements one a line, what they yield, and `}`.
  private mutating func block() throws(WeftError) -> ([Kernel.Statement], [Kernel.Operand]) {
    if depth == Self.mostDepth {
      throw failure("blocks nest deeper than \(Self.mostDepth)", at: offset)
    }
    depth += 1
    try expect("{")
    try expectNewline()
    var statements: [Kernel.Statement] = []
    var values: [Kernel.Operand] = []
    while token != .mark(UInt8(ascii: "}")) {
      if try takeWord("yield") {
        repeat { values.append(try operand()) } while try take(",")
        try expectNewline()
        break
      }
      statements.append(try statement())
      try expectNewline()
    }
    try expect("}")
    depth -= 1
    return (statements, values)
  }

  private mutating func plainBlock() throws(WeftError) -> [Kernel.Statement] {
    let start = offset
    let (statements, values) = try block()
    if !values.isEmpty { throw failure("only loops that fold yield values", at: start) }
    return statements
  }

  private mutating func statement() throws(WeftError) -> Kernel.Statement {
    if case .row = token { return try definition() }
    guard case .word(let word) = token else { throw unexpected("a statement") }
    if let kind = Kernel.Loop.Kind(rawValue: word) { return try loop(kind) }
    switch word {
    case "var":
      try advance()
      let name = try newName()
      try expect("=")
      let first = try operand()
      return .variable(try define(name), first)
    case "store":
      try advance()
      let (buffer, index) = try element()
      try expect("=")
      return .store(buffer: buffer, at: index, try operand())
    case "prefetch":
      try advance()
      let (buffer, index) = try element()
      return .prefetch(buffer: buffer, at: index)
    case "if":
      try advance()
      let condition = try operand()
      let then = try plainBlock()
      return .branch(condition, then: then, else: try takeWord("else") ? try plainBlock() : [])
    case "while":
      try advance()
      return .repetition(try repetition())
    default: throw unexpected("a statement")
    }
  }

  /// Reads `{`, statements, `} %0 {`, statements and `}`.
  private mutating func repetition() throws(WeftError) -> Kernel.Repetition {
    let head = try plainBlock()
    let condition = try operand()
    return Kernel.Repetition(head, while: condition, body: try plainBlock())
  }

  /// Reads `%0 = ... : dtype` or `%0 := ...`.
  private mutating func definition() throws(WeftError) -> Kernel.Statement {
    guard case .row(let number) = token else { throw unexpected("a local such as %0") }
    if let variable = locals[number] {
      try advance()
      if try !take(":") { throw failure("%\(number) is already defined", at: offset) }
      try expect("=")
      return .assign(variable, try operand())
    }
    let name = try newName()
    try expect("=")
    let expression = try expression()
    return .define(try define(name), expression)
  }

  private mutating func loop(_ kind: Kernel.Loop.Kind) throws(WeftError) -> Kernel.Statement {
    let start = offset
    try advance()
    let index = try newName()
    try expectWord("in")
    let lower = try operand()
    if token != .range { throw unexpected("'..<'") }
    try advance()
    let upper = try operand()
    let step = try takeWord("step") ? try integer() : 1
    var folds: [Kernel.Fold] = []
    if try takeWord("fold") {
      repeat { folds.append(try fold()) } while try take(",")
    }
    let local = add(index, .int64)
    let (body, values) = try block()
    if values.count != folds.count {
      throw failure("the loop folds \(folds.count) values and yields \(values.count)", at: start)
    }
    for (n, value) in values.enumerated() { folds[n].value = value }
    return .loop(
      Kernel.Loop(kind, local, from: lower, to: upper, step: step, folds: folds, body: body))
  }

  /// Reads `%0 add from 0 lanes 64`; the value comes with `yield`.
  private mutating func fold() throws(WeftError) -> Kernel.Fold {
    let variable = try local()
    let f = try function()
    try expectWord("from")
    let identity = try constant()
    try expectWord("lanes")
    return Kernel.Fold(variable, f, .constant(identity), identity: identity, lanes: try integer())
  }

  // MARK: - Expressions

  private mutating func expression() throws(WeftError) -> Kernel.Expression {
    guard case .word(let word) = token else { throw unexpected("an expression") }
    let start = offset
    try advance()
    switch word {
    case "call":
      let f = try function()
      return .call(f, try operands())
    case "convert": return .convert(try operand())
    case "astype": return .astype(try operand())
    case "bitcast": return .bitcast(try operand())
    case "load":
      let (buffer, index) = try element()
      return .load(buffer: buffer, at: index)
    case "table":
      let bits = try table()
      try expectWord("at")
      return .table(bits, at: try operand())
    default:
      guard let primitive = Primitive(rawValue: word) else {
        throw failure("no primitive is named '\(word)'", at: start, .name)
      }
      return .primitive(primitive, try operands())
    }
  }

  private mutating func table() throws(WeftError) -> [UInt64] {
    try expect("[")
    var bits: [UInt64] = []
    while token != .mark(UInt8(ascii: "]")) {
      guard case .number(let text) = token, text.hasPrefix("0x"),
        let word = UInt64(text.dropFirst(2), radix: 16)
      else { throw unexpected("bits such as 0x3f") }
      bits.append(word)
      try advance()
      guard try take(",") else { break }
    }
    try expect("]")
    return bits
  }

  private mutating func function() throws(WeftError) -> ScalarFunction {
    let start = offset
    let name = try name("a function's name")
    guard let f = functions[name] else {
      throw failure("no function is named '\(name)'", at: start, .name)
    }
    return f
  }

  /// Reads `%b0[%1]`.
  private mutating func element() throws(WeftError) -> (buffer: Int, index: Kernel.Operand) {
    let start = offset
    guard case .parameter(let buffer) = try operand() else {
      throw failure("expected a buffer such as %b0", at: start)
    }
    try expect("[")
    let index = try operand()
    try expect("]")
    return (buffer, index)
  }

  private mutating func operands() throws(WeftError) -> [Kernel.Operand] {
    var operands: [Kernel.Operand] = []
    repeat { operands.append(try operand()) } while try take(",")
    return operands
  }

  private mutating func operand() throws(WeftError) -> Kernel.Operand {
    switch token {
    case .row: return .local(try local())
    case .named(let name):
      guard let number = numberOfName[name] else {
        throw failure("there is no parameter %\(name.name)", at: offset, .name)
      }
      try advance()
      return .parameter(number)
    default: return .constant(try constant())
    }
  }

  private mutating func constant() throws(WeftError) -> Scalar {
    let start = offset
    let dtype: DType
    let text: String
    if case .word(let word) = token, let named = DType(name: word) {
      dtype = named
      try advance()
      try expect("(")
      text = try real()
      try expect(")")
    } else {
      text = try real()
      let isIntegral = text.utf8.allSatisfy { Lexer.isDigit($0) || $0 == UInt8(ascii: "-") }
      dtype = text == "true" || text == "false" ? .bool : isIntegral ? .int64 : .float64
    }
    guard let scalar = Scalar(literal: text, dtype) else {
      throw failure("\(text) is no \(dtype)", at: start)
    }
    return scalar
  }

  // MARK: - Locals

  private mutating func local() throws(WeftError) -> Kernel.Local {
    guard case .row(let number) = token else { throw unexpected("a local such as %0") }
    guard let local = locals[number] else {
      throw failure("%\(number) is not defined above", at: offset, .name)
    }
    try advance()
    return local
  }

  private mutating func newName() throws(WeftError) -> Int {
    guard case .row(let number) = token else { throw unexpected("a local such as %0") }
    if locals[number] != nil { throw failure("%\(number) is already defined", at: offset) }
    try advance()
    return number
  }

  /// Reads `: dtype` and adds the local.
  private mutating func define(_ number: Int) throws(WeftError) -> Kernel.Local {
    try expect(":")
    return add(number, try dtype())
  }

  private mutating func add(_ number: Int, _ dtype: DType) -> Kernel.Local {
    let local = Kernel.Local(id: localCount, dtype: dtype)
    localCount += 1
    locals[number] = local
    return local
  }
}
