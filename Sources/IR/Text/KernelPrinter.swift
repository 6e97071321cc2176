extension Kernel {
  /// The kernel as text that parses back to its canonical form, one statement a line.
  public func text() -> String {
    var printer = KernelPrinter(parameters)
    printer.append(self)
    return printer.text
  }
}

extension Kernel: CustomStringConvertible {
  /// The text form.
  public var description: String { text() }
}

extension KernelFunction {
  /// The function as text, one statement a line; for reading only.
  public func text(name: String) -> String {
    var printer = KernelPrinter([])
    printer.append(self, name: name)
    return printer.text
  }
}

/// Writes the text form of kernels: locals are named in the order of their definitions.
///
/// Deep nesting is the parser's to refuse; lowering makes a few levels.
struct KernelPrinter {
  private var buffer = TextBuffer()
  private let names: [String]
  private var numbers: [Int: Int] = [:]
  private var localCount = 0
  private var depth = 0
  private var lineCount = 0
  /// The line of each statement, in the order of the text.
  private(set) var statementLines: [Int] = []

  init(_ parameters: [Kernel.Parameter]) { names = Self.names(of: parameters) }

  var text: String { buffer.text }

  /// Buffers are `b0`, `b1`, ..., index parameters `i0`, `i1`, ...
  static func names(of parameters: [Kernel.Parameter]) -> [String] {
    var (buffers, indices) = (0, 0)
    return parameters.map { parameter in
      switch parameter {
      case .buffer:
        buffers += 1
        return "b\(buffers - 1)"
      case .index:
        indices += 1
        return "i\(indices - 1)"
      }
    }
  }

  // MARK: - Wholes

  mutating func append(_ kernel: Kernel) {
    buffer.append("kernel @")
    buffer.append(name: kernel.name)
    buffer.append("(")
    buffer.appendList(zip(names, kernel.parameters)) { buffer, parameter in
      buffer.append("%")
      buffer.append(text: parameter.0)
      if case .buffer(let dtype, let isWritten) = parameter.1 {
        buffer.append(isWritten ? ": out " : ": ")
        buffer.append(text: dtype.name)
        buffer.append("[]")
      }
    }
    buffer.append(") {")
    endLine()
    append(block: kernel.body)
    buffer.append("}")
    endLine()
  }

  mutating func append(_ function: KernelFunction, name: String) {
    buffer.append("function @")
    buffer.append(name: name)
    buffer.append("(")
    for (n, parameter) in function.parameters.enumerated() {
      if n > 0 { buffer.append(", ") }
      define(parameter)
      append(parameter)
      append(type: parameter.dtype, separator: ": ")
    }
    buffer.append(") {")
    endLine()
    append(block: function.body)
    buffer.append("  return ")
    append(function.result)
    append(type: function.result.dtype)
    endLine()
    buffer.append("}")
    endLine()
  }

  // MARK: - Statements

  private mutating func endLine() {
    buffer.append("\n")
    lineCount += 1
  }

  private mutating func startLine() {
    for _ in 0..<depth { buffer.append("  ") }
  }

  private mutating func append(block statements: [Kernel.Statement]) {
    depth += 1
    for statement in statements { append(statement) }
    depth -= 1
  }

  private mutating func append(_ statement: Kernel.Statement) {
    statementLines.append(lineCount)
    startLine()
    switch statement {
    case .define(let local, let expression):
      appendNextLocal()
      buffer.append(" = ")
      append(expression)
      append(type: local.dtype)
      define(local)
    case .variable(let local, let first):
      buffer.append("var ")
      appendNextLocal()
      buffer.append(" = ")
      append(first)
      append(type: local.dtype)
      define(local)
    case .assign(let local, let operand):
      append(local)
      buffer.append(" := ")
      append(operand)
    case .store(let number, let index, let operand):
      buffer.append("store ")
      append(buffer: number, at: index)
      buffer.append(" = ")
      append(operand)
    case .prefetch(let number, let index):
      buffer.append("prefetch ")
      append(buffer: number, at: index)
    case .loop(let loop): append(loop)
    case .branch(let condition, let then, let other):
      buffer.append("if ")
      append(condition)
      buffer.append(" {")
      endLine()
      append(block: then)
      if !other.isEmpty {
        startLine()
        buffer.append("} else {")
        endLine()
        append(block: other)
      }
      startLine()
      buffer.append("}")
    case .repetition(let loop):
      buffer.append("while {")
      endLine()
      append(block: loop.head)
      startLine()
      buffer.append("} ")
      append(loop.condition)
      buffer.append(" {")
      endLine()
      append(block: loop.body)
      startLine()
      buffer.append("}")
    }
    endLine()
  }

  private mutating func append(_ loop: Kernel.Loop) {
    buffer.append(text: loop.kind.rawValue)
    buffer.append(" ")
    appendNextLocal()
    buffer.append(" in ")
    append(loop.lower)
    buffer.append(" ..< ")
    append(loop.upper)
    if loop.step != 1 {
      buffer.append(" step ")
      buffer.append(loop.step)
    }
    for (n, fold) in loop.folds.enumerated() {
      buffer.append(n == 0 ? " fold " : ", ")
      append(fold.variable)
      buffer.append(" ")
      buffer.append(name: fold.function.name)
      buffer.append(" from ")
      append(fold.identity)
      buffer.append(" lanes ")
      buffer.append(fold.lanes)
    }
    define(loop.index)
    buffer.append(" {")
    endLine()
    append(block: loop.body)
    if !loop.folds.isEmpty {
      startLine()
      buffer.append("  yield ")
      for (n, fold) in loop.folds.enumerated() {
        if n > 0 { buffer.append(", ") }
        append(fold.value)
      }
      endLine()
    }
    startLine()
    buffer.append("}")
  }

  // MARK: - Expressions

  private mutating func append(_ expression: Kernel.Expression) {
    switch expression {
    case .primitive(let primitive, let operands):
      buffer.append(text: primitive.rawValue)
      append(operands)
    case .call(let f, let operands):
      buffer.append("call ")
      buffer.append(name: f.name)
      append(operands)
    case .convert(let operand):
      buffer.append("convert")
      append([operand])
    case .astype(let operand):
      buffer.append("astype")
      append([operand])
    case .bitcast(let operand):
      buffer.append("bitcast")
      append([operand])
    case .load(let number, let index):
      buffer.append("load ")
      append(buffer: number, at: index)
    case .table(let bits, let index):
      buffer.append("table [")
      buffer.appendList(bits) { buffer, word in
        buffer.append(text: "0x" + String(word, radix: 16))
      }
      buffer.append("] at ")
      append(index)
    }
  }

  private mutating func append(_ operands: [Kernel.Operand]) {
    for (n, operand) in operands.enumerated() {
      buffer.append(n == 0 ? " " : ", ")
      append(operand)
    }
  }

  private mutating func append(_ operand: Kernel.Operand) {
    switch operand {
    case .local(let local): append(local)
    case .parameter(let number): append(parameter: number)
    case .constant(let scalar): append(scalar)
    }
  }

  private mutating func append(buffer number: Int, at index: Kernel.Operand) {
    append(parameter: number)
    buffer.append("[")
    append(index)
    buffer.append("]")
  }

  private mutating func append(parameter number: Int) {
    buffer.append("%")
    buffer.append(text: names.indices.contains(number) ? names[number] : "!parameter\(number)")
  }

  /// Appends the name of the local that is defined next; what its value names comes before it.
  private mutating func appendNextLocal() {
    buffer.append("%")
    buffer.append(localCount)
  }

  private mutating func define(_ local: Kernel.Local) {
    numbers[local.id] = localCount
    localCount += 1
  }

  private mutating func append(_ local: Kernel.Local) {
    buffer.append("%")
    guard let number = numbers[local.id] else {
      buffer.append("!")
      buffer.append(local.id)
      return
    }
    buffer.append(number)
  }

  private mutating func append(type dtype: DType, separator: StaticString = " : ") {
    buffer.append(separator)
    buffer.append(text: dtype.name)
  }

  /// A literal by itself is bool, int64 or float64; other dtypes stand before it.
  private mutating func append(_ scalar: Scalar) {
    switch scalar.dtype {
    case .bool, .int64, .float64: buffer.append(text: scalar.literal)
    default:
      buffer.append(text: scalar.dtype.name)
      buffer.append("(")
      buffer.append(text: scalar.literal)
      buffer.append(")")
    }
  }
}
