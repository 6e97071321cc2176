import WeftIR

/// A kernel as instructions for the interpreter that runs on devices.
///
/// Functions of the library stand where they are called. Registers hold the index parameters, then
/// locals, which take those of blocks that have ended, then constants.
struct KernelCode: Sendable {
  /// An instruction is two words: operation, d, a and b, 16 bits each; c in 16 bits, and a number in
  /// the upper 32. Behind them are the tables.
  let words: [UInt64]
  /// What registers hold from `firstConstant` on.
  let constants: [UInt64]
  let firstConstant: Int
  let instructionCount: Int

  /// What a device's interpreter has room for.
  static let mostRegisters = 1024
  static let mostBuffers = 32
  private static let mostInstructions = 1 << 14

  /// The instructions of a kernel; nil where an interpreter cannot hold it.
  init?(_ kernel: Kernel) {
    var assembler = KernelAssembler(kernel)
    assembler.add(kernel.body)
    assembler.emit(.end)
    guard !assembler.isImpossible, assembler.instructions.count <= Self.mostInstructions,
      assembler.mostRegisters + assembler.constants.count <= Self.mostRegisters,
      assembler.bufferCount <= Self.mostBuffers
    else { return nil }
    firstConstant = assembler.mostRegisters
    constants = assembler.constants
    instructionCount = assembler.instructions.count
    words = assembler.words()
  }
}

/// Writes the instructions of a kernel.
private struct KernelAssembler {
  /// An instruction; operands below 0 are constants.
  struct Instruction {
    var operation: Int
    var d = 0
    var a = 0
    var b = 0
    var c = 0
    var number = 0
  }

  private(set) var instructions: [Instruction] = []
  private(set) var constants: [UInt64] = []
  private var constantPlaces: [UInt64: Int] = [:]
  private var tables: [UInt64] = []
  private var tablePlaces: [[UInt64]: Int] = [:]
  /// Registers of locals where the assembler stands.
  private var registers: [Int: Int] = [:]
  private var top = 0
  private(set) var mostRegisters = 0
  /// Buffers and index parameters, numbered apart.
  private var numbers: [Int] = []
  private(set) var bufferCount = 0
  private(set) var isImpossible = false

  init(_ kernel: Kernel) {
    for parameter in kernel.parameters {
      switch parameter {
      case .buffer:
        numbers.append(bufferCount)
        bufferCount += 1
      case .index: numbers.append(take())
      }
    }
  }

  func words() -> [UInt64] {
    func register(_ operand: Int) -> UInt64 {
      UInt64(operand < 0 ? mostRegisters - 1 - operand : operand)
    }
    let size = 2 * instructions.count
    let table = InterpreterOperation.numbers[.table]
    return instructions.flatMap { instruction -> [UInt64] in
      let number = instruction.number + (instruction.operation == table ? size : 0)
      return [
        UInt64(instruction.operation) | register(instruction.d) << 16
          | register(instruction.a) << 32 | register(instruction.b) << 48,
        register(instruction.c) | UInt64(number) << 32,
      ]
    } + tables
  }

  // MARK: - Registers

  /// The first of new registers.
  private mutating func take(_ count: Int = 1) -> Int {
    top += count
    mostRegisters = max(mostRegisters, top)
    return top - count
  }

  private mutating func register(of local: Kernel.Local) -> Int {
    if local.dtype.isComplex { isImpossible = true }
    let register = take()
    registers[local.id] = register
    return register
  }

  /// Runs a body whose locals nobody sees behind it.
  private mutating func block(_ body: (inout KernelAssembler) -> Void) {
    let (outer, first) = (registers, top)
    body(&self)
    (registers, top) = (outer, first)
  }

  private mutating func constant(_ bits: UInt64) -> Int {
    if let known = constantPlaces[bits] { return known }
    constants.append(bits)
    constantPlaces[bits] = -constants.count
    return -constants.count
  }

  private mutating func operand(_ operand: Kernel.Operand) -> Int {
    switch operand {
    case .constant(let scalar):
      if scalar.dtype.isComplex { isImpossible = true }
      return constant(scalar.storageBits)
    case .parameter(let n): return numbers[n]
    case .local(let local):
      if let register = registers[local.id] { return register }
      isImpossible = true
      return 0
    }
  }

  // MARK: - Instructions

  @discardableResult
  mutating func emit(
    _ operation: InterpreterOperation, d: Int = 0, a: Int = 0, b: Int = 0, c: Int = 0,
    number: Int = 0
  ) -> Int {
    guard let code = InterpreterOperation.numbers[operation] else {
      isImpossible = true
      return 0
    }
    instructions.append(Instruction(operation: code, d: d, a: a, b: b, c: c, number: number))
    return instructions.count - 1
  }

  private mutating func land(_ jump: Int) { instructions[jump].number = instructions.count }

  mutating func add(_ statements: [Kernel.Statement]) {
    for statement in statements where !isImpossible { add(statement) }
  }

  private mutating func add(_ statement: Kernel.Statement) {
    switch statement {
    case .define(let local, let expression):
      // Before the operands' names are those of the body of a function.
      let d = register(of: local)
      let outer = top
      set(d, expression, local.dtype)
      top = outer
    case .variable(let local, let first):
      let a = operand(first)
      emit(.move, d: register(of: local), a: a)
    case .assign(let local, let value):
      emit(.move, d: operand(.local(local)), a: operand(value))
    case .store(let buffer, let index, let value):
      if value.dtype.isComplex { isImpossible = true }
      emit(
        .store(bytes: value.dtype.itemSize), d: operand(value), a: operand(index),
        b: numbers[buffer])
    case .prefetch: break
    case .loop(let loop): add(loop)
    case .branch(let condition, let then, let other):
      let jump = emit(.jumpIfZero, a: operand(condition))
      block { $0.add(then) }
      if other.isEmpty { return land(jump) }
      let end = emit(.jump)
      land(jump)
      block { $0.add(other) }
      land(end)
    case .repetition(let loop):
      let start = instructions.count
      block { assembler in
        assembler.add(loop.head)
        let exit = assembler.emit(.jumpIfZero, a: assembler.operand(loop.condition))
        assembler.add(loop.body)
        assembler.emit(.jump, number: start)
        assembler.land(exit)
      }
    }
  }

  private mutating func set(_ d: Int, _ expression: Kernel.Expression, _ dtype: DType) {
    switch expression {
    case .primitive(.select, let x), .call(.select, let x):
      emit(.select, d: d, a: operand(x[0]), b: operand(x[1]), c: operand(x[2]))
    case .primitive(let primitive, let x):
      let (a, b) = (operand(x[0]), x.count > 1 ? operand(x[1]) : 0)
      emit(
        .primitive(primitive, x[0].dtype), d: d, a: a, b: b, c: x.count > 2 ? operand(x[2]) : 0)
    case .call(let f, let x): call(f, x[0].dtype, x.map { operand($0) }, d)
    case .convert(let x):
      emit(x.dtype == dtype ? .move : .convert(x.dtype, dtype), d: d, a: operand(x))
    case .astype(let x):
      inline(KernelLibrary.conversion(from: x.dtype, to: dtype), [operand(x)], d)
    case .bitcast(let x): emit(.move, d: d, a: operand(x))
    case .load(let buffer, let index):
      emit(
        dtype == .bool ? .loadBool : .load(bytes: dtype.itemSize), d: d, a: operand(index),
        b: numbers[buffer])
    case .table(let bits, let index):
      let place = tablePlaces[bits] ?? tables.count
      if place == tables.count { tables += bits }
      tablePlaces[bits] = place
      emit(.table, d: d, a: operand(index), number: place)
    }
  }

  private mutating func call(_ f: ScalarFunction, _ dtype: DType, _ operands: [Int], _ d: Int) {
    inline(KernelLibrary.function(f, dtype), operands, d)
  }

  private mutating func inline(_ function: KernelFunction?, _ operands: [Int], _ d: Int) {
    guard let function else { return isImpossible = true }
    block { assembler in
      assembler.registers = [:]
      for (parameter, operand) in zip(function.parameters, operands) {
        assembler.registers[parameter.id] = operand
      }
      assembler.add(function.body)
      assembler.emit(.move, d: d, a: assembler.operand(function.result))
    }
  }

  // MARK: - Loops

  private mutating func add(_ loop: Kernel.Loop) {
    block { assembler in
      let (lower, upper) = (assembler.take(), assembler.take())
      assembler.emit(.move, d: lower, a: assembler.operand(loop.lower))
      assembler.emit(.move, d: upper, a: assembler.operand(loop.upper))
      if loop.kind == .parallel { assembler.share(lower, upper) }
      assembler.registers[loop.index.id] = lower
      let folds = loop.folds.map { fold -> Int in
        let first = assembler.take(fold.lanes)
        let identity = assembler.constant(fold.identity.storageBits)
        assembler.emit(.fill, d: first, a: identity, number: fold.lanes)
        return first
      }
      let iteration = assembler.take()
      if !folds.isEmpty { assembler.emit(.move, d: iteration, a: assembler.constant(0)) }
      let start = assembler.instructions.count
      let exit = assembler.emit(.jumpUnlessLess, a: lower, b: upper)
      assembler.block { assembler in
        assembler.add(loop.body)
        for (fold, lanes) in zip(loop.folds, folds) {
          assembler.fold(fold, lanes, assembler.operand(fold.value), lane: iteration)
        }
      }
      if !folds.isEmpty { assembler.emit(.advance, d: iteration, a: iteration, number: 1) }
      assembler.emit(.advance, d: lower, a: lower, number: loop.step)
      assembler.emit(.jump, number: start)
      assembler.land(exit)
      for (fold, lanes) in zip(loop.folds, folds) { assembler.finish(fold, lanes) }
    }
  }

  /// Replaces bounds by those of a work-group's own share.
  private mutating func share(_ lower: Int, _ upper: Int) {
    let (count, group, groups) = (take(), take(), take())
    func index(_ primitive: Primitive, _ d: Int, _ a: Int, _ b: Int) {
      emit(.primitive(primitive, .int64), d: d, a: a, b: b)
    }
    emit(.group, d: group)
    emit(.groups, d: groups)
    index(.subtract, count, upper, lower)
    let end = take()
    emit(.advance, d: end, a: group, number: 1)
    for bound in [group, end] {
      index(.multiply, bound, bound, count)
      index(.divide, bound, bound, groups)
    }
    index(.add, upper, lower, end)
    index(.add, lower, lower, group)
  }

  /// A lane, by its number modulo how many there are, takes a value.
  private mutating func fold(_ fold: Kernel.Fold, _ lanes: Int, _ value: Int, lane: Int) {
    let kept = take()
    let mask = fold.lanes - 1
    emit(.getLane, d: kept, a: lane, b: mask, number: lanes)
    call(fold.function, fold.variable.dtype, [kept, value], kept)
    emit(.putLane, d: kept, a: lane, b: mask, number: lanes)
  }

  /// Lanes become one value, in the order that `Kernel.Fold` states.
  private mutating func finish(_ fold: Kernel.Fold, _ lanes: Int) {
    let dtype = fold.variable.dtype
    let variable = operand(.local(fold.variable))
    block { assembler in
      let (half, lane, other) = (assembler.take(), assembler.take(), assembler.take())
      let (x, y) = (assembler.take(), assembler.take())
      let zero = assembler.constant(0)
      assembler.emit(.move, d: half, a: assembler.constant(UInt64(fold.lanes / 2)))
      let outer = assembler.emit(.jumpUnlessLess, a: zero, b: half)
      assembler.emit(.move, d: lane, a: zero)
      let inner = assembler.emit(.jumpUnlessLess, a: lane, b: half)
      assembler.emit(.primitive(.add, .int64), d: other, a: lane, b: half)
      assembler.emit(.getLane, d: x, a: lane, b: fold.lanes - 1, number: lanes)
      assembler.emit(.getLane, d: y, a: other, b: fold.lanes - 1, number: lanes)
      assembler.call(fold.function, dtype, [x, y], x)
      assembler.emit(.putLane, d: x, a: lane, b: fold.lanes - 1, number: lanes)
      assembler.emit(.advance, d: lane, a: lane, number: 1)
      assembler.emit(.jump, number: inner)
      assembler.land(inner)
      let one = assembler.constant(1)
      assembler.emit(.primitive(.shiftRight, .int64), d: half, a: half, b: one)
      assembler.emit(.jump, number: outer)
      assembler.land(outer)
      assembler.call(fold.function, dtype, [variable, lanes], variable)
    }
  }
}
