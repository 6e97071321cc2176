/// A graph with the arrays that its parameters stand for.
public struct Capture: Sendable {
  /// The program; each distinct array in memory is a parameter, and parameters are the first rows.
  public let graph: Graph
  /// The parameters' elements, in order.
  public let inputs: [Buffer]
  /// What other expressions must be for the graph to be theirs too; nil when extents are unknown
  /// or there are more steps than were asked for.
  public let structure: Structure?

  /// Captures expressions as one graph with an output for each.
  ///
  /// - Throws: the errors of poisoned nodes, the first with the others behind it.
  public init(_ outputs: [Expr], structureSteps: Int = 0) throws(WeftError) {
    try self.init(outputs, CaptureWalk(arguments: [], structureSteps: structureSteps))
  }

  /// Captures what a function made of nodes that stand for its arguments; those are the first
  /// parameters, and `inputs` has the arrays for the others.
  ///
  /// - Throws: as for any expressions.
  public init(_ outputs: [Expr], arguments: [Expr]) throws(WeftError) {
    try self.init(outputs, CaptureWalk(arguments: arguments, structureSteps: 0))
  }

  private init(_ outputs: [Expr], _ start: CaptureWalk) throws(WeftError) {
    var walk = start
    for output in outputs { walk.visit(output) }
    if var first = walk.errors.first {
      first.others = Array(walk.errors.dropFirst())
      throw first
    }
    var graph = try walk.graph()
    graph.outputs = outputs.map { walk.value(of: $0) }
    self.graph = graph
    inputs = walk.inputs
    structure = walk.structure
  }
}

/// The state of a walk over expressions, operands first, with an explicit stack.
///
/// The walk puts nodes in order; rows are made afterwards, when all parameters are known.
private struct CaptureWalk {
  private(set) var inputs: [Buffer] = []
  private(set) var errors: [WeftError] = []
  private var seenErrors: Set<WeftError> = []
  private var parameters = NodeTable()
  private var inputSites: [SourceSite] = []
  /// Nodes in the order in which the walk came to them, which is also that of `values`.
  private var nodes = NodeTable()
  private var values: [Value] = []
  /// Nodes that are neither in memory nor wrong, as they were when the walk came to them; they are
  /// read once, as another task may fulfil them meanwhile.
  private var entered: [(expr: Expr, node: Expr.Node)] = []
  /// What of `entered` is to be made, operands first, with its number in `nodes`.
  private var pending: [(entry: Int32, number: Int32)] = []
  /// Unknown extents that have been computed since users of them were built.
  private var known: [Int: Extent] = [:]
  private(set) var structure: Structure?
  private let structureSteps: Int
  private let arguments: [Expr]

  init(arguments: [Expr], structureSteps: Int) {
    self.arguments = arguments
    self.structureSteps = structureSteps
    structure = structureSteps > 0 ? Structure() : nil
  }

  private enum Step {
    /// Whoever has the node as operand is in `entered` and keeps it alive.
    case enter(Unmanaged<Expr>)
    /// The number in `entered`, and the node's in `nodes`.
    case leave(Int32, Int32)
  }

  mutating func visit(_ root: Expr) {
    var stack: [Step] = [.enter(.passUnretained(root))]
    while let step = stack.popLast() {
      switch step {
      case .enter(let reference):
        let expr = reference.takeUnretainedValue()
        let (number, isNew) = nodes.insert(expr)
        let place = Int32(truncatingIfNeeded: number)
        if isNew {
          values.append(Value(row: 0))
          enter(expr, place, &stack)
        } else {
          record(.again(place))
        }
      case .leave(let entry, let number): pending.append((entry, number))
      }
    }
  }

  private mutating func enter(_ expr: Expr, _ number: Int32, _ stack: inout [Step]) {
    let node = expr.node
    let entry = Int32(truncatingIfNeeded: entered.count)
    switch node {
    case .leaf(let buffer): leaf(buffer, expr, number)
    case .poison(let poison):
      if seenErrors.insert(poison.error).inserted { errors.append(poison.error) }
      structure = nil
    case .released: structure = nil
    case .projection(let source, let result):
      stack.append(.leave(entry, number))
      stack.append(.enter(.passUnretained(source)))
      entered.append((expr, node))
      record(.projection(Int32(truncatingIfNeeded: result)), expr)
    case .op(.input, _): argument(expr, number)
    case .op(let op, let operands):
      stack.append(.leave(entry, number))
      operands.forEach { stack.append(.enter(.passUnretained($0))) }
      entered.append((expr, node))
      record(.op(op, Int32(truncatingIfNeeded: operands.count)), expr)
    }
  }

  /// A node that stands for an argument; outside its function it means nothing.
  private mutating func argument(_ expr: Expr, _ number: Int32) {
    structure = nil
    if let place = arguments.firstIndex(where: { $0 === expr }) {
      values[Int(number)] = Value(row: place)
      return
    }
    let error = WeftError(
      .argument, "compute",
      "an argument of a compiled function has elements only when it is called",
      hint: "return what depends on it from the function")
    if seenErrors.insert(error).inserted { errors.append(error) }
  }

  private mutating func record(_ step: Structure.Step, _ expr: Expr? = nil) {
    guard let count = structure?.count else { return }
    let isKnown = expr.map { $0.type.shape.isKnown && $0.laterTypes.allSatisfy(\.shape.isKnown) }
    if count < structureSteps, isKnown ?? true {
      structure?.append(step)
    } else {
      structure = nil
    }
  }

  private mutating func leaf(_ buffer: Buffer, _ expr: Expr, _ number: Int32) {
    if !expr.type.shape.isKnown {
      for case (.unknown(let id), let extent) in zip(
        expr.type.shape.extents, buffer.type.shape.extents)
      {
        if case .unknown(let free) = self.extent(id) { known[free] = extent }
      }
    }
    let (parameter, isNew) = parameters.insert(buffer)
    values[Int(number)] = Value(row: arguments.count + parameter)
    if structure != nil {
      let array = Graph.Parameter(
        name: "", type: buffer.type, layout: buffer.layout, stored: buffer.sparse?.count)
      record(.leaf(Int32(truncatingIfNeeded: parameter), array), expr)
    }
    if isNew {
      inputs.append(buffer)
      inputSites.append(expr.site)
    }
  }

  func value(of expr: Expr) -> Value {
    nodes.number(of: expr).map { values[$0] } ?? Value(row: 0)
  }

  mutating func graph() throws(WeftError) -> Graph {
    // An extent may become known behind a row that names it: then the rows are made again.
    while true {
      let before = known.count
      let graph = try rows()
      if known.count == before { return graph }
    }
  }

  private mutating func rows() throws(WeftError) -> Graph {
    var graph = Graph()
    graph.reserve(rows: arguments.count + inputs.count + pending.count)
    for (n, argument) in arguments.enumerated() {
      _ = graph.addParameter("p\(n)", argument.type, site: argument.site)
    }
    for (n, buffer) in inputs.enumerated() {
      _ = graph.addParameter(
        "p\(arguments.count + n)", buffer.type, layout: buffer.layout,
        stored: buffer.sparse?.count, site: inputSites[n])
    }
    var operands: [Value] = []
    for (entry, number) in pending {
      let (expr, node) = entered[Int(entry)]
      switch node {
      case .op(let op, let list):
        operands.removeAll(keepingCapacity: true)
        list.forEach { operands.append(value(of: $0)) }
        values[Int(number)] = try row(op, operands, expr, in: &graph)
      case .projection(let source, let result):
        values[Int(number)] = Value(row: value(of: source).index, result: result)
      case .leaf, .poison, .released: break
      }
    }
    return graph
  }

  private mutating func row(
    _ op: Op, _ operands: [Value], _ expr: Expr, in graph: inout Graph
  ) throws(WeftError) -> Value {
    if known.isEmpty {
      let count = graph.count
      let value = graph.add(
        op, operands, type: expr.type, laterTypes: expr.laterTypes, site: expr.site)
      if value.index < count { identify(expr, with: graph.types(value.index)) }
      return value
    }
    var resolved = op.replacingUnknowns { extent($0) }
    if case .reshape(let shape) = resolved {
      resolved = .reshape(shape.completed(count: graph.type(operands[0]).shape.count))
    }
    if case .broadcast(let asked, let axes) = op, case .broadcast(let found, _) = resolved {
      let operand = graph.type(operands[0]).shape
      resolved = .broadcast(
        to: asked.widened(found, axes: axes, operand: operand), axes: axes)
    }
    let operands = graph.aligned(resolved, operands, site: expr.site)
    do {
      let types = try TypeInference.infer(
        resolved, operands.map { graph.type($0) }, keeping: [expr.type] + expr.laterTypes)
      for (old, new) in zip([expr.type] + expr.laterTypes, types) where old.rank == new.rank {
        for case (.unknown(let id), .known(let n)) in zip(old.shape.extents, new.shape.extents) {
          if case .unknown(let free) = extent(id) { known[free] = .known(n) }
        }
      }
      let count = graph.count
      let value = graph.add(resolved, operands, types: types, site: expr.site)
      if value.index < count { identify(expr, with: graph.types(value.index)) }
      return value
    } catch {
      throw error.located(at: expr.site)
    }
  }

  /// What is known of an unknown extent.
  private func extent(_ id: Int) -> Extent {
    var id = id
    while let next = known[id] {
      guard case .unknown(let other) = next else { return next }
      id = other
    }
    return .unknown(id: id)
  }

  /// Notes that the extents which an equal row made up are those of the row that stands for both.
  private mutating func identify(_ expr: Expr, with types: ArraySlice<TensorType>) {
    guard case .op(let op, _) = expr.node, op.makesExtents else { return }
    for (own, type) in zip([expr.type] + expr.laterTypes, types) where own.rank == type.rank {
      for case (.unknown(let id), .unknown(let other)) in zip(own.shape.extents, type.shape.extents)
      {
        let (mine, theirs) = (extent(id), extent(other))
        if case .unknown(let free) = mine, mine != theirs { known[free] = theirs }
      }
    }
  }
}
