import WeftIR

/// Elementwise rows over sparse arrays: their positions are those of the last one, and their values
/// a dense program over vectors.
final class SparseCluster: Sendable {
  /// The rows in order; the last is the result.
  let rows: [Int]
  var root: Int { rows[rows.count - 1] }
  private let graph: Graph
  private let layouts: GraphLayouts
  private let dense: any Executor
  private let passContext: PassContext
  /// The values that come from outside, dense ones and constants included.
  private let inputs: [Value]
  private let layout: Layout
  /// The program for the last number of entries.
  private let last = Lock<(count: Int, executable: any Executable)?>(nil)

  init(
    _ rows: [Int], of graph: Graph, _ layouts: GraphLayouts, on dense: any Executor,
    _ passContext: PassContext
  ) {
    self.rows = rows
    self.graph = graph
    self.layouts = layouts
    self.dense = dense
    self.passContext = passContext
    let own = Set(rows)
    var inputs: [Value] = []
    for row in rows {
      for operand in graph.operands(row)
      where !own.contains(operand.index) && !inputs.contains(operand) {
        inputs.append(operand)
      }
    }
    self.inputs = inputs
    let root = rows[rows.count - 1]
    layout =
      layouts.layout(of: Value(row: root)) ?? .coordinates(rank: graph.type(Value(row: root)).rank)
  }

  func run(_ values: [Value: Buffer], _ kernels: SparseKernels) throws -> Buffer {
    let shape = graph.type(Value(row: root)).shape.codes
    return try PositionWidth.isWide([shape])
      ? run(values, kernels, UInt128.self) : run(values, kernels, UInt64.self)
  }

  private func run<Key: PositionKey>(
    _ values: [Value: Buffer], _ kernels: SparseKernels, _: Key.Type
  ) throws -> Buffer {
    let type = graph.type(Value(row: root))
    let frame = Frame<Key>(type.shape.codes, order: layout.order)
    var sparse: [Value: SparseElements] = [:]
    var entries: [Value: Entries<Key>] = [:]
    var views: [Value: DenseView] = [:]
    for input in inputs {
      if layouts[input].isSparse {
        guard let elements = values[input]?.sparse else { throw missing(input) }
        sparse[input] = elements
      } else if case .dense = layouts[input] {
        views[input] = try view(input, values)
      }
    }
    // One array alone keeps its levels, and nobody needs to know its positions.
    if sparse.count == 1, views.isEmpty, let only = sparse.first?.value,
      only.layout.hasLevels(of: layout)
    {
      let result = try compute(only.count, kernels) { _ in only.values }
      if try kernels.places(of: result, differingFrom: fill(type)) == nil {
        return Buffer(
          SparseElements(type, filled(type), levels: only.levels, values: result),
          in: kernels.context.memory)
      }
    }
    for (input, elements) in sparse {
      entries[input] = try kernels.entries(of: elements, order: layout.order, Key.self)
    }
    let pattern = ClusterPattern(
      graph, layouts, Set(rows), entries: entries, views: views, frame, kernels)
    let keys = try pattern.keys(of: root)
    let result = try compute(keys.count, kernels) { input in
      if let own = entries[input] {
        return try kernels.values(
          of: own, at: keys, fill: self.sparseFill(input, sparse[input]))
      }
      guard let view = views[input] else { throw self.missing(input) }
      return try kernels.values(of: view, at: keys, frame)
    }
    let all = Entries(keys: keys, values: result)
    let kept = try kernels.pruned(all, fill: fill(type))
    let donor = sparse.first {
      entries[$0.key]?.keys === kept.keys && $0.value.layout.hasLevels(of: layout)
    }
    if let donor = donor?.value {
      return Buffer(
        SparseElements(type, filled(type), levels: donor.levels, values: kept.values),
        in: kernels.context.memory)
    }
    return Buffer(
      try kernels.elements(kept, type, filled(type)), in: kernels.context.memory)
  }

  private func fill(_ type: TensorType) -> Scalar {
    (layout.fill ?? Scalar(false)).converted(to: type.dtype)
  }

  private func filled(_ type: TensorType) -> Layout { layout.filled(fill(type)) }

  private func sparseFill(_ input: Value, _ elements: SparseElements?) -> Scalar {
    (elements?.fill ?? Scalar(false)).converted(to: graph.type(input).dtype)
  }

  private func missing(_ value: Value) -> WeftError {
    WeftError(.internal, "sparse", "no step gives \(graph.type(value))")
  }

  /// A dense operand; a broadcast is read through.
  private func view(_ input: Value, _ values: [Value: Buffer]) throws -> DenseView {
    if let buffer = values[input] { return DenseView(buffer) }
    if case .broadcast(let shape, let axes) = graph.op(input),
      let source = graph.operands(input.index).first, let buffer = values[source]
    {
      return DenseView(buffer, to: shape.codes, axes: axes)
    }
    throw missing(input)
  }

  /// The rows' results for vectors of so many values.
  private func compute(
    _ count: Int, _ kernels: SparseKernels, _ vector: (Value) throws -> Buffer
  ) throws -> Buffer {
    let type = graph.type(Value(row: root))
    if count == 0 { return try kernels.values(0, type.dtype) }
    let arguments = try inputs.filter { uniform($0) == nil }.map(vector)
    let executable = try program(count)
    guard let result = try executable.run(arguments, kernels.context).first else {
      throw missing(Value(row: root))
    }
    return result
  }

  private func uniform(_ value: Value) -> Scalar? {
    if case .uniform(let element) = layouts[value] { element } else { nil }
  }

  private func program(_ count: Int) throws -> any Executable {
    if let known = last.withLock({ $0 }), known.count == count { return known.executable }
    var program = Graph(name: graph.name)
    let shape = Shape([count])
    var renamed: [Value: Value] = [:]
    for (n, input) in inputs.filter({ uniform($0) == nil }).enumerated() {
      renamed[input] = program.addParameter(
        "p\(n)", TensorType(graph.type(input).dtype, shape))
    }
    for input in inputs {
      guard let element = uniform(input) else { continue }
      let constant = try program.add(.constant(element))
      renamed[input] = try program.add(.broadcast(to: shape, axes: []), [constant])
    }
    for row in rows {
      let operands = graph.operands(row).compactMap { renamed[$0] }
      renamed[Value(row: row)] = try program.add(
        graph.rows[row].op, operands, site: graph.rows[row].site)
    }
    program.outputs = [renamed[Value(row: root)]].compactMap { $0 }
    let executable = try dense.prepare(program, passContext)
    last.withLock { $0 = (count, executable) }
    return executable
  }
}
