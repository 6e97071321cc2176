/// Checks what every kernel must hold; runs after lowering in debug builds and in tests.
///
/// The rules are those of `Kernel`, `Primitive` and `KernelLibrary`: renderers rely on them.
public enum KernelVerifier {
  /// Checks a kernel.
  ///
  /// - Parameters:
  ///   - kernel: The kernel.
  ///   - step: What made the kernel; the message names it.
  /// - Throws: `internal`; the message names statement and rule, the excerpt shows ten lines.
  public static func verify(_ kernel: Kernel, after step: String? = nil) throws(WeftError) {
    var checker = KernelChecker(kernel.parameters, isFunction: false)
    do {
      try checker.check(kernel)
    } catch {
      var printer = KernelPrinter(kernel.parameters)
      printer.append(kernel)
      throw Self.error(error, checker.statement, "kernel @\(kernel.name)", printer, step)
    }
  }

  /// Checks a function of the library.
  ///
  /// - Throws: as for a kernel.
  public static func verify(_ function: KernelFunction, name: String) throws(WeftError) {
    var checker = KernelChecker([], isFunction: true)
    do {
      try checker.check(function)
    } catch {
      var printer = KernelPrinter([])
      printer.append(function, name: name)
      throw Self.error(error, checker.statement, "function @\(name)", printer, nil)
    }
  }

  private static func error(
    _ violation: KernelChecker.Violation, _ statement: Int, _ what: String,
    _ printer: KernelPrinter, _ step: String?
  ) -> WeftError {
    let lines = printer.text.split(separator: "\n", omittingEmptySubsequences: false)
    let isInside = printer.statementLines.indices.contains(statement)
    let line = isInside ? printer.statementLines[statement] : 0
    let place = step.map { "after \($0), " } ?? ""
    let text = lines[line].drop { $0 == " " }
    var error = WeftError(
      .internal, "verify", "\(place)\(what), '\(text)': \(violation.rule)",
      hint: "this is a mistake in Weft, in what made the kernel")
    error.excerpt = lines.indices.filter { abs($0 - line) <= 5 }
      .map { ($0 == line ? "> " : "  ") + lines[$0] }.joined(separator: "\n")
    return error
  }
}

/// What is known where a check of a kernel stands.
struct KernelChecker {
  /// The rule that does not hold.
  struct Violation: Error {
    var rule: String
    init(_ rule: String) { self.rule = rule }
  }

  private struct Definition {
    /// The place in the order of definitions, which the text form names it by.
    var number: Int
    var dtype: DType
    var isVariable: Bool
    /// Whether it may differ between the iterations of the vector loop around it.
    var varies: Bool
    /// Whether it is defined inside the vector loop around the statement.
    var isInVector: Bool
  }

  let parameters: [Kernel.Parameter]
  private let isFunction: Bool
  private var known: [Int: Definition] = [:]
  /// The locals of blocks that have ended, with their places.
  private var ended: [Int: Int] = [:]
  private var count = 0
  /// The number of the statement that is checked, in the order of the text.
  private(set) var statement = -1
  private var isInVector = false

  init(_ parameters: [Kernel.Parameter], isFunction: Bool) {
    self.parameters = parameters
    self.isFunction = isFunction
  }

  mutating func check(_ kernel: Kernel) throws(Violation) {
    for case .buffer(let dtype, _) in parameters { try real(dtype) }
    let loop = kernel.body.firstIndex {
      if case .loop(let loop) = $0 { loop.kind == .parallel } else { false }
    }
    for (n, statement) in kernel.body.enumerated() {
      if let loop, n != loop {
        let isDefinition = if case .define = statement { true } else { false }
        if n > loop || !isDefinition {
          self.statement += 1
          throw Violation("beside the parallel loop only definitions before it may stand")
        }
      }
      try check(statement, isOutermost: true)
    }
  }

  mutating func check(_ function: KernelFunction) throws(Violation) {
    for parameter in function.parameters { try define(parameter, isVariable: false, varies: false) }
    for statement in function.body { try check(statement, isOutermost: false) }
    try use(function.result)
  }

  // MARK: - Statements

  private mutating func check(
    _ statement: Kernel.Statement, isOutermost: Bool
  ) throws(Violation) {
    self.statement += 1
    switch statement {
    case .define(let local, let expression):
      let varies = try check(expression, local.dtype)
      try define(local, isVariable: false, varies: varies)
    case .variable(let local, let first):
      try expect(first, local.dtype, "the first value")
      try define(local, isVariable: true, varies: isInVector)
    case .assign(let local, let operand):
      let variable = try variable(local, "what is assigned")
      try expect(operand, local.dtype, "the value")
      if isInVector, !variable.isInVector {
        throw Violation("a vector loop assigns only variables that it declares; others it folds")
      }
    case .store(let buffer, let index, let operand):
      let (dtype, isWritten) = try self.buffer(buffer)
      if !isWritten { throw Violation("the buffer is not written") }
      try expect(index, .int64, "the index")
      try expect(operand, dtype, "the element")
      let (isSpread, varies) = (try use(index), try use(operand))
      if varies, !isSpread {
        throw Violation("iterations of the vector loop store different elements to one place")
      }
    case .prefetch(let buffer, let index):
      _ = try self.buffer(buffer)
      try expect(index, .int64, "the index")
      _ = try use(index)
    case .branch(let condition, let then, let other):
      try expect(condition, .bool, "the condition")
      try block(then)
      try block(other)
    case .repetition(let loop):
      if isFunction { throw Violation("a function repeats") }
      if isInVector { throw Violation("a vector loop repeats by a condition") }
      let guilty = self.statement
      try block(loop.head) { (checker) throws(Violation) in
        let last = checker.statement
        checker.statement = guilty
        try checker.expect(loop.condition, .bool, "the condition")
        checker.statement = last
        for statement in loop.body { try checker.check(statement, isOutermost: false) }
      }
    case .loop(let loop):
      if isFunction, loop.kind != .serial {
        throw Violation("a function has a loop that is \(loop.kind.rawValue), not serial")
      }
      try check(loop, isOutermost: isOutermost)
    }
  }

  /// Checks statements whose locals end with them, and then what still sees these.
  private mutating func block(
    _ statements: [Kernel.Statement], then last: (inout Self) throws(Violation) -> Void = { _ in }
  ) throws(Violation) {
    let outer = known
    for statement in statements { try check(statement, isOutermost: false) }
    try last(&self)
    for (id, definition) in known where outer[id] == nil { ended[id] = definition.number }
    known = outer
  }

  private mutating func check(_ loop: Kernel.Loop, isOutermost: Bool) throws(Violation) {
    try expect(loop.lower, .int64, "the lower bound")
    try expect(loop.upper, .int64, "the upper bound")
    let (lowerVaries, upperVaries) = (try use(loop.lower), try use(loop.upper))
    if lowerVaries || upperVaries {
      throw Violation("the bounds differ between iterations of the vector loop around")
    }
    if loop.index.dtype != .int64 { throw Violation("the index is \(loop.index.dtype), not int64") }
    if loop.step < 1 { throw Violation("the step \(loop.step) is below 1") }
    switch loop.kind {
    case .serial: break
    case .parallel:
      if !isOutermost { throw Violation("a parallel loop is inside another statement") }
      if loop.step != 1 { throw Violation("the step of a parallel loop is \(loop.step), not 1") }
    case .vector:
      if isInVector { throw Violation("a vector loop is inside a vector loop") }
      if loop.step != 1 { throw Violation("the step of a vector loop is \(loop.step), not 1") }
    case .tile:
      guard let copy = loop.copiedTile, !isInVector, loop.step == 1 else {
        throw Violation("a tile loop is more than a vector loop that copies one element")
      }
      // Bounds that the body defines are not known here.
      try use(copy.loop.lower)
      try use(copy.loop.upper)
    }
    try checkHeads(of: loop.folds, in: loop)
    let guilty = statement
    let (outer, wasInVector) = (known, isInVector)
    if loop.kind == .vector { isInVector = true }
    try define(loop.index, isVariable: false, varies: loop.kind == .vector)
    try block(loop.body) { (checker) throws(Violation) in
      let last = checker.statement
      checker.statement = guilty
      for fold in loop.folds {
        try checker.expect(fold.value, fold.variable.dtype, "what is yielded")
      }
      checker.statement = last
    }
    isInVector = wasInVector
    ended[loop.index.id] = known[loop.index.id]?.number
    known = outer
  }

  private mutating func checkHeads(
    of folds: [Kernel.Fold], in loop: Kernel.Loop
  ) throws(Violation) {
    if !folds.isEmpty, loop.kind != .vector {
      throw Violation("a \(loop.kind.rawValue) loop folds nothing")
    }
    if Set(folds.map(\.variable.id)).count < folds.count {
      throw Violation("two folds have one variable")
    }
    for fold in folds {
      let dtype = fold.variable.dtype
      _ = try variable(fold.variable, "what is folded")
      if fold.lanes < 1 || fold.lanes & (fold.lanes - 1) != 0 {
        throw Violation("\(fold.lanes) lanes are no power of two")
      }
      if fold.lanes != folds[0].lanes { throw Violation("folds of one loop have different lanes") }
      if fold.identity.dtype != dtype {
        throw Violation("the identity is \(fold.identity.dtype), not \(dtype)")
      }
      guard fold.function.arity == 2, fold.function.isCommutative else {
        throw Violation("\(fold.function.name) is no commutative function of two operands")
      }
      try result(of: fold.function, [dtype, dtype], dtype)
    }
  }

  // MARK: - Locals

  private mutating func define(
    _ local: Kernel.Local, isVariable: Bool, varies: Bool
  ) throws(Violation) {
    if let number = known[local.id]?.number ?? ended[local.id] {
      throw Violation("it defines %\(number) again")
    }
    try real(local.dtype)
    known[local.id] = Definition(
      number: count, dtype: local.dtype, isVariable: isVariable, varies: varies,
      isInVector: isInVector)
    count += 1
  }

  private func definition(_ local: Kernel.Local) throws(Violation) -> Definition {
    guard let definition = known[local.id] else {
      if let number = ended[local.id] {
        throw Violation("%\(number) is used outside the block that defines it")
      }
      throw Violation("%!\(local.id) is used before it is defined")
    }
    if definition.dtype != local.dtype {
      throw Violation(
        "%\(definition.number) is defined as \(definition.dtype) and used as \(local.dtype)")
    }
    return definition
  }

  private func variable(
    _ local: Kernel.Local, _ what: String
  ) throws(Violation) -> Definition {
    let definition = try definition(local)
    if !definition.isVariable {
      throw Violation("\(what), %\(definition.number), is no variable")
    }
    return definition
  }

  /// Checks an operand and tells whether it may differ between iterations of a vector loop.
  @discardableResult
  func use(_ operand: Kernel.Operand) throws(Violation) -> Bool {
    switch operand {
    case .local(let local): return try definition(local).varies
    case .parameter(let number):
      guard parameters.indices.contains(number), case .index = parameters[number] else {
        throw Violation("parameter \(number) is no index parameter")
      }
      return false
    case .constant(let scalar):
      try real(scalar.dtype)
      return false
    }
  }

  func expect(_ operand: Kernel.Operand, _ dtype: DType, _ what: String) throws(Violation) {
    try use(operand)
    if operand.dtype != dtype { throw Violation("\(what) is \(operand.dtype), not \(dtype)") }
  }

  func real(_ dtype: DType) throws(Violation) {
    if dtype.isComplex { throw Violation("\(dtype) is complex; lowering takes numbers apart") }
  }

  func buffer(_ number: Int) throws(Violation) -> (dtype: DType, isWritten: Bool) {
    guard parameters.indices.contains(number),
      case .buffer(let dtype, let isWritten) = parameters[number]
    else { throw Violation("parameter \(number) is no buffer") }
    return (dtype, isWritten)
  }
}
