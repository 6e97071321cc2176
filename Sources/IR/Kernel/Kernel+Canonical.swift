extension Kernel {
  /// The kernel with its locals numbered from 0 in the order in which they are defined.
  ///
  /// Kernels that differ in these numbers alone become equal.
  public func canonical() -> Kernel {
    var numbering = LocalNumbering()
    return Kernel(name: name, parameters: parameters, body: numbering.renumbered(body))
  }
}

/// New numbers of locals, given where they are defined.
///
/// Uses of what is not defined get negative numbers, so that they stay wrong.
private struct LocalNumbering {
  private var numbers: [Int: Int] = [:]
  private var count = 0

  mutating func renumbered(_ statements: [Kernel.Statement]) -> [Kernel.Statement] {
    statements.map { renumbered($0) }
  }

  private mutating func defined(_ local: Kernel.Local) -> Kernel.Local {
    numbers[local.id] = count
    count += 1
    return Kernel.Local(id: count - 1, dtype: local.dtype)
  }

  private func used(_ local: Kernel.Local) -> Kernel.Local {
    Kernel.Local(
      id: numbers[local.id] ?? (local.id < 0 ? local.id : -1 - local.id), dtype: local.dtype)
  }

  private func used(_ operand: Kernel.Operand) -> Kernel.Operand {
    if case .local(let local) = operand { .local(used(local)) } else { operand }
  }

  private mutating func renumbered(_ statement: Kernel.Statement) -> Kernel.Statement {
    switch statement {
    case .define(let local, let expression):
      let expression = expression.mapOperands(used)
      return .define(defined(local), expression)
    case .variable(let local, let first):
      let first = used(first)
      return .variable(defined(local), first)
    case .assign(let local, let operand): return .assign(used(local), used(operand))
    case .store(let buffer, let index, let operand):
      return .store(buffer: buffer, at: used(index), used(operand))
    case .prefetch(let buffer, let index): return .prefetch(buffer: buffer, at: used(index))
    case .loop(let loop): return .loop(renumbered(loop))
    case .branch(let condition, let then, let other):
      let condition = used(condition)
      let then = renumbered(then)
      return .branch(condition, then: then, else: renumbered(other))
    case .repetition(let loop):
      let head = renumbered(loop.head)
      let condition = used(loop.condition)
      return .repetition(
        Kernel.Repetition(head, while: condition, body: renumbered(loop.body)))
    }
  }

  private mutating func renumbered(_ loop: Kernel.Loop) -> Kernel.Loop {
    var result = loop
    result.lower = used(loop.lower)
    result.upper = used(loop.upper)
    for n in loop.folds.indices { result.folds[n].variable = used(loop.folds[n].variable) }
    result.index = defined(loop.index)
    result.body = renumbered(loop.body)
    for n in loop.folds.indices { result.folds[n].value = used(loop.folds[n].value) }
    return result
  }
}

extension Kernel.Expression {
  /// The same expression over other operands.
  func mapOperands(_ transform: (Kernel.Operand) -> Kernel.Operand) -> Self {
    switch self {
    case .primitive(let primitive, let operands): .primitive(primitive, operands.map(transform))
    case .call(let f, let operands): .call(f, operands.map(transform))
    case .convert(let operand): .convert(transform(operand))
    case .astype(let operand): .astype(transform(operand))
    case .bitcast(let operand): .bitcast(transform(operand))
    case .load(let buffer, let index): .load(buffer: buffer, at: transform(index))
    case .table(let bits, let index): .table(bits, at: transform(index))
    }
  }
}
