/// A graph with the arrays that its parameters stand for.
public struct Capture: Sendable {
  /// The program; each distinct array in memory is a parameter.
  public let graph: Graph
  /// The parameters' elements, in order.
  public let inputs: [Buffer]

  /// Captures expressions as one graph with an output for each.
  ///
  /// - Throws: the errors of poisoned nodes, the first with the others behind it.
  public init(_ outputs: [Expr]) throws(WeftError) {
    var walk = CaptureWalk()
    for output in outputs { walk.visit(output) }
    if var first = walk.errors.first {
      first.others = Array(walk.errors.dropFirst())
      throw first
    }
    walk.graph.outputs = outputs.map { walk.values[ObjectIdentifier($0)] ?? Value(row: 0) }
    graph = walk.graph
    inputs = walk.inputs
  }
}

/// The state of a walk over expressions, operands first, with an explicit stack.
private struct CaptureWalk {
  var graph = Graph()
  var inputs: [Buffer] = []
  var values: [ObjectIdentifier: Value] = [:]
  var leaves: [ObjectIdentifier: Value] = [:]
  var errors: [WeftError] = []

  private enum Step {
    case enter(Expr)
    /// Nodes are read once: another task may fulfil them meanwhile.
    case leave(Expr, Expr.Node)
  }

  mutating func visit(_ root: Expr) {
    var stack: [Step] = [.enter(root)]
    while let step = stack.popLast() {
      switch step {
      case .enter(let expr):
        if values[ObjectIdentifier(expr)] != nil { continue }
        let node = expr.node
        switch node {
        case .leaf(let buffer): values[ObjectIdentifier(expr)] = leaf(buffer, expr.site)
        case .poison(let poison):
          if !errors.contains(poison.error) { errors.append(poison.error) }
          values[ObjectIdentifier(expr)] = Value(row: 0)
        case .released: break
        case .projection(let source, _):
          stack.append(.leave(expr, node))
          stack.append(.enter(source))
        case .op(_, let operands):
          stack.append(.leave(expr, node))
          operands.forEach { stack.append(.enter($0)) }
        }
      case .leave(let expr, let node):
        if values[ObjectIdentifier(expr)] != nil { continue }
        values[ObjectIdentifier(expr)] = errors.isEmpty ? row(expr, node) : Value(row: 0)
      }
    }
  }

  private mutating func leaf(_ buffer: Buffer, _ site: SourceSite) -> Value {
    if let known = leaves[ObjectIdentifier(buffer)] { return known }
    let value = graph.addParameter("p\(inputs.count)", buffer.type, site: site)
    inputs.append(buffer)
    leaves[ObjectIdentifier(buffer)] = value
    return value
  }

  private mutating func row(_ expr: Expr, _ node: Expr.Node) -> Value {
    switch node {
    case .op(let op, let operands):
      var list: [Value] = []
      operands.forEach { list.append(values[ObjectIdentifier($0)] ?? Value(row: 0)) }
      return graph.add(op, list, types: [expr.type] + expr.laterTypes, site: expr.site)
    case .projection(let source, let result):
      let value = values[ObjectIdentifier(source)] ?? Value(row: 0)
      return Value(row: value.index, result: result)
    case .leaf, .poison, .released:
      return Value(row: 0)
    }
  }
}
