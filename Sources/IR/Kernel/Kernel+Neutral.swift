extension Kernel {
  /// The kernel with unsigned integers for elements that are only moved, whatever they are, and for
  /// integers whose sign no operation asks for.
  ///
  /// The bits of every result stay; kernels that differ in such dtypes alone become equal.
  public func neutral() -> Kernel {
    NeutralTypes(self).replaced(self)
  }
}

/// Which buffers and locals hold the same elements, and whether these may be unsigned integers.
private struct NeutralTypes {
  /// A buffer parameter, or a local.
  private enum Place: Hashable {
    case buffer(Int)
    case local(Int)
  }

  private var parent: [Place: Place] = [:]
  /// Representatives of places whose dtype some operation asks for.
  private var fixed: Set<Place> = []

  init(_ kernel: Kernel) { visit(kernel.body) }

  // MARK: - Groups

  private func root(_ place: Place) -> Place {
    var place = place
    while let next = parent[place] { place = next }
    return place
  }

  private mutating func join(_ a: Place, _ b: Place) {
    let (a, b) = (root(a), root(b))
    if a == b { return }
    parent[a] = b
    if fixed.remove(a) != nil { fixed.insert(b) }
  }

  private mutating func join(_ place: Place, _ operand: Kernel.Operand) {
    switch operand {
    case .local(let local): join(place, .local(local.id))
    case .parameter: fix(place)
    case .constant: break
    }
  }

  private mutating func fix(_ place: Place) { fixed.insert(root(place)) }

  private mutating func fix(_ operand: Kernel.Operand) {
    if case .local(let local) = operand { fix(.local(local.id)) }
  }

  private mutating func visit(_ statements: [Kernel.Statement]) {
    for statement in statements {
      switch statement {
      case .define(let local, let expression): define(local, expression)
      case .variable(let local, let operand), .assign(let local, let operand):
        join(.local(local.id), operand)
      case .store(let buffer, let index, let operand):
        fix(index)
        join(.buffer(buffer), operand)
      case .prefetch(_, let index): fix(index)
      case .loop(let loop):
        for operand in [.local(loop.index), loop.lower, loop.upper] { fix(operand) }
        for fold in loop.folds {
          join(.local(fold.variable.id), fold.value)
          if !Self.isBlind(fold.function, fold.variable.dtype) { fix(.local(fold.variable.id)) }
        }
        visit(loop.body)
      case .branch(let condition, let then, let other):
        fix(condition)
        visit(then)
        visit(other)
      case .repetition(let loop):
        visit(loop.head)
        fix(loop.condition)
        visit(loop.body)
      }
    }
  }

  private mutating func define(_ local: Kernel.Local, _ expression: Kernel.Expression) {
    let place = Place.local(local.id)
    switch expression {
    case .load(let buffer, let index):
      fix(index)
      join(place, .buffer(buffer))
    case .primitive(.select, let operands), .call(.select, let operands):
      fix(operands[0])
      for operand in operands.dropFirst() { join(place, operand) }
    case .primitive(let primitive, let operands)
    where Self.isBlind(primitive, local.dtype):
      for operand in operands { join(place, operand) }
    case .call(let f, let operands) where Self.isBlind(f, local.dtype):
      for operand in operands { join(place, operand) }
    case .primitive(_, let operands), .call(_, let operands):
      fix(place)
      for operand in operands { fix(operand) }
    case .convert(let operand), .astype(let operand), .bitcast(let operand),
      .table(_, let operand):
      fix(place)
      fix(operand)
    }
  }

  /// Whether an operation gives the same bits for signed and for unsigned integers.
  private static func isBlind(_ primitive: Primitive, _ dtype: DType) -> Bool {
    guard dtype.kind == .signed || dtype.kind == .unsigned else { return false }
    switch primitive {
    case .add, .subtract, .multiply, .negate, .and, .or, .xor: return true
    default: return false
    }
  }

  private static func isBlind(_ f: ScalarFunction, _ dtype: DType) -> Bool {
    guard dtype.kind == .signed || dtype.kind == .unsigned else { return false }
    return [.add, .subtract, .multiply, .bitwiseAnd, .bitwiseOr, .bitwiseXor, .bitwiseInvert]
      .contains(f)
  }

  // MARK: - Replacing

  /// The dtype that stands for a place's own.
  private func dtype(_ place: Place, _ dtype: DType) -> DType {
    if fixed.contains(root(place)) || dtype.isComplex { return dtype }
    switch dtype.itemSize {
    case 1: return .uint8
    case 2: return .uint16
    case 4: return .uint32
    default: return .uint64
    }
  }

  private func replaced(_ local: Kernel.Local) -> Kernel.Local {
    Kernel.Local(id: local.id, dtype: dtype(.local(local.id), local.dtype))
  }

  /// An operand whose constants have the dtype of a place.
  private func replaced(_ operand: Kernel.Operand, like place: Place) -> Kernel.Operand {
    switch operand {
    case .local(let local): .local(replaced(local))
    case .constant(let scalar):
      .constant(scalar.reinterpreted(as: dtype(place, scalar.dtype)))
    case .parameter: operand
    }
  }

  /// An operand whose dtype nobody changes.
  private func kept(_ operand: Kernel.Operand) -> Kernel.Operand {
    if case .local(let local) = operand { .local(replaced(local)) } else { operand }
  }

  func replaced(_ kernel: Kernel) -> Kernel {
    let parameters = kernel.parameters.enumerated().map { n, parameter -> Kernel.Parameter in
      guard case .buffer(let dtype, let isWritten) = parameter else { return parameter }
      return .buffer(self.dtype(.buffer(n), dtype), isWritten: isWritten)
    }
    return Kernel(name: kernel.name, parameters: parameters, body: replaced(kernel.body))
  }

  private func replaced(_ statements: [Kernel.Statement]) -> [Kernel.Statement] {
    statements.map { statement in
      switch statement {
      case .define(let local, let expression):
        .define(replaced(local), replaced(expression, of: .local(local.id)))
      case .variable(let local, let operand):
        .variable(replaced(local), replaced(operand, like: .local(local.id)))
      case .assign(let local, let operand):
        .assign(replaced(local), replaced(operand, like: .local(local.id)))
      case .store(let buffer, let index, let operand):
        .store(buffer: buffer, at: kept(index), replaced(operand, like: .buffer(buffer)))
      case .prefetch(let buffer, let index): .prefetch(buffer: buffer, at: kept(index))
      case .loop(let loop): .loop(replaced(loop))
      case .branch(let condition, let then, let other):
        .branch(kept(condition), then: replaced(then), else: replaced(other))
      case .repetition(let loop):
        .repetition(
          Kernel.Repetition(
            replaced(loop.head), while: kept(loop.condition), body: replaced(loop.body)))
      }
    }
  }

  private func replaced(_ expression: Kernel.Expression, of place: Place) -> Kernel.Expression {
    switch expression {
    case .load(let buffer, let index): return .load(buffer: buffer, at: kept(index))
    case .primitive(.select, let operands):
      let values = operands.dropFirst().map { replaced($0, like: place) }
      return .primitive(.select, [kept(operands[0])] + values)
    case .call(.select, let operands):
      let values = operands.dropFirst().map { replaced($0, like: place) }
      return .call(.select, [kept(operands[0])] + values)
    default:
      // Constants change only where the result does: their places are one.
      let isFixed = fixed.contains(root(place))
      return expression.mapOperands { isFixed ? kept($0) : replaced($0, like: place) }
    }
  }

  private func replaced(_ loop: Kernel.Loop) -> Kernel.Loop {
    var result = loop
    result.lower = kept(loop.lower)
    result.upper = kept(loop.upper)
    for (n, fold) in loop.folds.enumerated() {
      let place = Place.local(fold.variable.id)
      result.folds[n].variable = replaced(fold.variable)
      result.folds[n].value = replaced(fold.value, like: place)
      result.folds[n].identity = fold.identity.reinterpreted(
        as: dtype(place, fold.identity.dtype))
    }
    result.body = replaced(loop.body)
    return result
  }
}
