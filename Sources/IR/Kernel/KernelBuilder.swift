/// Writes the statements of a kernel or of a function, one after the other.
///
/// Not `Sendable`: a builder lives in the function that fills it.
public final class KernelBuilder {
  /// Statements of the blocks that are open, the innermost last.
  private var blocks: [[Kernel.Statement]] = [[]]
  private var nextID: Int

  /// A builder whose first local has a number.
  public init(firstID: Int = 0) { nextID = firstID }

  /// The statements so far; all blocks are closed.
  public var statements: [Kernel.Statement] { blocks[0] }
  /// The number that the next local gets.
  public var localCount: Int { nextID }

  /// A new local.
  public func local(_ dtype: DType) -> Kernel.Local {
    nextID += 1
    return Kernel.Local(id: nextID - 1, dtype: dtype)
  }

  /// Appends a statement to the innermost block.
  public func append(_ statement: Kernel.Statement) {
    blocks[blocks.count - 1].append(statement)
  }

  /// The statements that a body appends, as a block of their own.
  public func block(_ body: () -> Void) -> [Kernel.Statement] {
    blocks.append([])
    body()
    return blocks.removeLast()
  }

  // MARK: - Terms

  /// A term for an operand.
  public func term(_ operand: Kernel.Operand) -> KernelTerm {
    KernelTerm(operand: operand, builder: self)
  }

  /// A term for a constant.
  public func constant(_ scalar: Scalar) -> KernelTerm { term(.constant(scalar)) }

  /// Defines a local for an expression.
  public func define(_ dtype: DType, _ expression: Kernel.Expression) -> KernelTerm {
    let local = local(dtype)
    append(.define(local, expression))
    return term(.local(local))
  }

  /// The element of a buffer parameter.
  public func load(_ buffer: Int, _ dtype: DType, at index: KernelTerm) -> KernelTerm {
    define(dtype, .load(buffer: buffer, at: index.operand))
  }

  /// Writes an element of a buffer parameter.
  public func store(_ value: KernelTerm, to buffer: Int, at index: KernelTerm) {
    append(.store(buffer: buffer, at: index.operand, value.operand))
  }

  /// Asks that an element of a buffer parameter be brought into the cache.
  public func prefetch(_ buffer: Int, at index: KernelTerm) {
    append(.prefetch(buffer: buffer, at: index.operand))
  }

  /// The element of a constant table.
  public func table(_ bits: [UInt64], _ dtype: DType, at index: KernelTerm) -> KernelTerm {
    define(dtype, .table(bits, at: index.operand))
  }

  /// A scalar function of terms whose result has a dtype.
  public func call(_ f: ScalarFunction, _ dtype: DType, _ operands: [KernelTerm]) -> KernelTerm {
    define(dtype, .call(f, operands.map(\.operand)))
  }

  // MARK: - Variables and control

  /// Declares a variable.
  public func variable(_ value: KernelTerm) -> KernelVariable {
    let local = local(value.dtype)
    append(.variable(local, value.operand))
    return KernelVariable(local: local, builder: self)
  }

  /// Runs bodies by a condition; in a vector loop, element by element.
  public func branch(_ condition: KernelTerm, then: () -> Void, else other: () -> Void = {}) {
    append(.branch(condition.operand, then: block(then), else: block(other)))
  }

  /// Runs a body as long as a condition, which statements of its own compute, holds.
  public func repeating(while condition: () -> KernelTerm, _ body: () -> Void) {
    var result = Kernel.Operand.constant(Scalar(false))
    let head = block { result = condition().operand }
    append(.repetition(Kernel.Repetition(head, while: result, body: block(body))))
  }

  /// A vector loop whose body tells what is folded.
  public func foldingLoop(
    from lower: KernelTerm, to upper: KernelTerm, _ body: (KernelTerm) -> [Kernel.Fold]
  ) {
    loop(.vector, from: lower, to: upper, step: 1, folding: body)
  }

  private func loop(
    _ kind: Kernel.Loop.Kind, from lower: KernelTerm, to upper: KernelTerm, step: Int,
    folding body: (KernelTerm) -> [Kernel.Fold]
  ) {
    let index = local(.int64)
    var result: [Kernel.Fold] = []
    let statements = block { result = body(term(.local(index))) }
    append(
      .loop(
        Kernel.Loop(
          kind, index, from: lower.operand, to: upper.operand, step: step, folds: result,
          body: statements)))
  }

  /// A loop that folds nothing.
  public func loop(
    _ kind: Kernel.Loop.Kind, from lower: KernelTerm, to upper: KernelTerm, step: Int = 1,
    _ body: (KernelTerm) -> Void
  ) {
    loop(
      kind, from: lower, to: upper, step: step,
      folding: { index in
        body(index)
        return []
      })
  }
}

/// A variable of a kernel that is being written.
public struct KernelVariable {
  /// The local.
  public let local: Kernel.Local
  let builder: KernelBuilder

  /// Its value now.
  public var value: KernelTerm { builder.term(.local(local)) }
  /// Changes its value.
  public func assign(_ value: KernelTerm) { builder.append(.assign(local, value.operand)) }
}
