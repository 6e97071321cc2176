/// How wide a vector loop runs.
package enum VectorWidth {
  /// Lanes such that the widest elements that it moves fill a vector.
  package static func lanes(of loop: Kernel.Loop, vectorBytes: Int) -> Int {
    var widest = 0
    for fold in loop.folds { widest = max(widest, fold.variable.dtype.itemSize) }
    visit(loop.body) { local, expression in
      switch expression {
      case .load, .call, .astype, .table: widest = max(widest, local.dtype.itemSize)
      case .primitive(_, let operands):
        if local.dtype.isFloat { widest = max(widest, local.dtype.itemSize) }
        for operand in operands where operand.dtype.isFloat {
          widest = max(widest, operand.dtype.itemSize)
        }
      case .convert, .bitcast: break
      }
    }
    return max(1, vectorBytes / max(1, widest == 0 ? 8 : widest))
  }

  /// About how many instructions an iteration has.
  package static func cost(of loop: Kernel.Loop) -> Int {
    var cost = loop.folds.count
    visit(loop.body) { _, expression in
      if case .call(let f, _) = expression, !f.isCheap { cost += 30 } else { cost += 1 }
    }
    return cost
  }

  private static func visit(
    _ statements: [Kernel.Statement], _ body: (Kernel.Local, Kernel.Expression) -> Void
  ) {
    for statement in statements {
      switch statement {
      case .define(let local, let expression): body(local, expression)
      case .loop(let loop): visit(loop.body, body)
      case .branch(_, let then, let other):
        visit(then, body)
        visit(other, body)
      case .repetition(let loop): visit(loop.head + loop.body, body)
      case .variable, .assign, .store, .prefetch: break
      }
    }
  }
}
