/// A graph with the arrays that its parameters stand for.
public struct Capture: Sendable {
  /// The program; each distinct array in memory is a parameter, and parameters are the first rows.
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
    var graph = try walk.graph()
    graph.outputs = outputs.map { walk.value(of: $0) }
    self.graph = graph
    inputs = walk.inputs
  }
}

/// The state of a walk over expressions, operands first, with an explicit stack.
///
/// The walk puts nodes in order; rows are made afterwards, when all parameters are known.
private struct CaptureWalk {
  private(set) var inputs: [Buffer] = []
  private(set) var errors: [WeftError] = []
  private var seenErrors: Set<WeftError> = []
  private var parameterOf: [ObjectIdentifier: Int] = [:]
  private var inputSites: [SourceSite] = []
  private var values: [ObjectIdentifier: Value] = [:]
  private var order: [(expr: Expr, node: Expr.Node)] = []
  /// Unknown extents that have been computed since users of them were built.
  private var known: [Int: Extent] = [:]

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
        case .leaf(let buffer): leaf(buffer, expr)
        case .poison(let poison):
          if seenErrors.insert(poison.error).inserted { errors.append(poison.error) }
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
        if values.updateValue(Value(row: 0), forKey: ObjectIdentifier(expr)) == nil {
          order.append((expr, node))
        }
      }
    }
  }

  private mutating func leaf(_ buffer: Buffer, _ expr: Expr) {
    if !expr.type.shape.isKnown {
      for case (.unknown(let id), let extent) in zip(
        expr.type.shape.extents, buffer.type.shape.extents)
      {
        known[id] = extent
      }
    }
    if let parameter = parameterOf[ObjectIdentifier(buffer)] {
      values[ObjectIdentifier(expr)] = Value(row: parameter)
      return
    }
    parameterOf[ObjectIdentifier(buffer)] = inputs.count
    values[ObjectIdentifier(expr)] = Value(row: inputs.count)
    inputs.append(buffer)
    inputSites.append(expr.site)
  }

  func value(of expr: Expr) -> Value { values[ObjectIdentifier(expr)] ?? Value(row: 0) }

  mutating func graph() throws(WeftError) -> Graph {
    var graph = Graph()
    graph.reserve(rows: inputs.count + order.count)
    for (n, buffer) in inputs.enumerated() {
      _ = graph.addParameter("p\(n)", buffer.type, site: inputSites[n])
    }
    var operands: [Value] = []
    for (expr, node) in order {
      switch node {
      case .op(let op, let list):
        operands.removeAll(keepingCapacity: true)
        list.forEach { operands.append(value(of: $0)) }
        values[ObjectIdentifier(expr)] = try row(op, operands, expr, in: &graph)
      case .projection(let source, let result):
        values[ObjectIdentifier(expr)] = Value(row: value(of: source).index, result: result)
      case .leaf, .poison, .released: break
      }
    }
    return graph
  }

  private func row(
    _ op: Op, _ operands: [Value], _ expr: Expr, in graph: inout Graph
  ) throws(WeftError) -> Value {
    let types = expr.laterTypes.isEmpty ? [expr.type] : [expr.type] + expr.laterTypes
    if known.isEmpty { return graph.add(op, operands, types: types, site: expr.site) }
    let resolved = op.replacingUnknowns { known[$0] ?? .unknown(id: $0) }
    do {
      let inferred = try TypeInference.infer(
        resolved, operands.map { graph.type($0) }, keeping: types)
      return graph.add(resolved, operands, types: inferred, site: expr.site)
    } catch {
      throw error.located(at: expr.site)
    }
  }
}
