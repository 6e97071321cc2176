import WeftIR

/// Elementwise rows over sparse arrays: their positions are those of the last one, and their values
/// a dense program over vectors.
final class SparseCluster: Sendable {
  /// The rows in order; the last is the result.
  let rows: [Int]
  var root: Int { rows[rows.count - 1] }
  let graph: Graph
  let layouts: GraphLayouts
  private let dense: any Executor
  let passContext: PassContext
  /// The values that come from outside, dense ones and constants included.
  let inputs: [Value]
  let layout: Layout
  /// What compiles merges; nil where they run by kernels that are there.
  let compiler: MergeCompiler?
  /// The same rows with a result by rows, where it is blocks or diagonals.
  private let byRows: SparseCluster?
  /// The program for the last number of entries.
  private let last = Lock<(count: Int, executable: any Executable)?>(nil)

  init(
    _ rows: [Int], of graph: Graph, _ layouts: GraphLayouts, on dense: any Executor,
    _ passContext: PassContext, byRows isByRows: Bool = false
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
    compiler = MergeCompiler(rows, of: graph, on: dense, passContext)
    let planned =
      layouts.layout(of: Value(row: root)) ?? .coordinates(rank: graph.type(Value(row: root)).rank)
    layout = isByRows ? planned.unpacked : planned
    byRows =
      layout.packing == .elements
      ? nil : SparseCluster(rows, of: graph, layouts, on: dense, passContext, byRows: true)
  }

  /// The axes of counters are there where elements are found at entries alone.
  private typealias Operands = (
    sparse: [Value: SparseElements], views: [Value: DenseView], axes: [Value: Int]
  )

  private func operands(
    _ values: StepValues, _ kernels: SparseKernels
  ) throws -> Operands {
    var sparse: [Value: SparseElements] = [:]
    for input in inputs where layouts[input].isSparse {
      guard let elements = values[input]?.sparse else { throw missing(input) }
      sparse[input] = elements
    }
    let entries = sparse.values.reduce(0) { $0 + $1.count }
    var views: [Value: DenseView] = [:]
    var axes: [Value: Int] = [:]
    for input in inputs {
      guard case .dense = layouts[input] else { continue }
      guard values[input] == nil, let axis = Self.counter(input, graph) else {
        views[input] = try view(input, values)
        continue
      }
      // As many as entries are read in place; a longer counter is the coordinate of each entry.
      let shape = graph.type(input).shape.codes
      if isComparedFrom(input), shape[axis] > 2 * entries + 1024 {
        axes[input] = axis
      } else {
        views[input] = DenseView(try kernels.counter(shape[axis]), to: shape, axes: [axis])
      }
    }
    return (sparse, views, axes)
  }

  /// The axis along which a value counts from 0; nil where it does not.
  static func counter(_ value: Value, _ graph: Graph) -> Int? {
    switch graph.op(value) {
    case .iota(let type, let axis) where type.dtype == .int64: return axis
    case .broadcast(_, let axes):
      guard let source = graph.operands(value.index).first,
        case .iota(let type, let axis) = graph.op(source), type.dtype == .int64,
        type.shape.codes[axis] == graph.type(value).shape.codes[axes[axis]]
      else { return nil }
      return axes[axis]
    default: return nil
    }
  }

  /// Whether only dense rows of the cluster use an operand: those of conditions, of which no fill speaks.
  private func isComparedFrom(_ input: Value) -> Bool {
    rows.allSatisfy { !graph.operands($0).contains(input) || layouts[Value(row: $0)] == .dense }
  }

  /// The result at the positions that all operands store, which keep their levels; nil where
  /// positions must be merged or entries go.
  ///
  /// Arrays with the same levels need nothing else; a device takes dense operands at these positions, too.
  func runInPlace(_ values: StepValues, _ kernels: SparseKernels) throws -> Buffer? {
    let type = graph.type(Value(row: root))
    let (sparse, views, axes) = try operands(values, kernels)
    guard let first = sparse.values.first, first.layout.hasLevels(of: layout), axes.isEmpty,
      views.isEmpty || kernels.device != nil,
      sparse.values.allSatisfy({ $0.sharesLevels(with: first) })
    else { return nil }
    if kernels.device == nil, let result = try computedInPlace(sparse, first, kernels) {
      return result
    }
    var taken: [Value: Buffer] = [:]
    for (input, view) in views {
      if try mayAddPositions(input, view, kernels) { return nil }
      guard let elements = try kernels.taken(view, at: first, passContext) else { return nil }
      taken[input] = elements
    }
    let result = try compute(first.count, kernels) { input in
      guard let vector = taken[input] ?? sparse[input]?.values else { throw missing(input) }
      return vector
    }
    // Blocks and diagonals hold fills, too.
    guard
      try layout.packing != .elements
        || kernels.places(of: result, differingFrom: fill(type)) == nil
    else { return nil }
    return Buffer(
      SparseElements(type, filled(type), levels: first.levels, values: result),
      in: kernels.context.memory)
  }

  /// Whether a dense operand may have elements that hinder sparse ones from deciding.
  private func mayAddPositions(
    _ input: Value, _ view: DenseView, _ kernels: SparseKernels
  ) throws -> Bool {
    for row in rows {
      guard case .map(let f) = graph.rows[row].op, graph.operands(row).contains(input) else {
        continue
      }
      let divides = f.algebra.contains(.zeroFirst)
      guard f.annihilator != nil || divides,
        view.buffer.type.dtype.isInexact || divides
      else { continue }
      if try kernels.hasExceptions(view.buffer, zeros: divides, passContext) { return true }
    }
    return false
  }

  func run(_ values: StepValues, _ kernels: SparseKernels) throws -> Buffer {
    let type = graph.type(Value(row: root))
    let shape = type.shape.codes
    var operands = try operands(values, kernels)
    if layout.packing != .elements {
      if let result = try merged(operands.sparse, operands.views, kernels) { return result }
      guard let rows = try byRows?.run(values, kernels).sparse else {
        throw missing(Value(row: root))
      }
      return Buffer(try kernels.packed(rows, filled(type)), in: kernels.context.memory)
    }
    operands.sparse = try operands.sparse.mapValues { try kernels.unpacked($0) }
    if operands.axes.isEmpty,
      let result = try merged(operands.sparse, operands.views, kernels)
    {
      return result
    }
    if let space = RowSpace<Int32>(shape, layout, kernels),
      let result = try run(operands, space, kernels)
    {
      return result
    }
    if let space = RowSpace<Int64>(shape, layout, kernels),
      let result = try run(operands, space, kernels)
    {
      return result
    }
    let result =
      try PositionWidth.isWide([shape])
      ? run(operands, KeySpace<UInt128>(shape, order: layout.order, kernels), kernels)
      : run(operands, KeySpace<UInt64>(shape, order: layout.order, kernels), kernels)
    guard let result else { throw missing(Value(row: root)) }
    return result
  }

  /// The result by positions of a space; nil where an operand's are none of its.
  private func run<Space: PositionSpace>(
    _ operands: Operands, _ space: Space, _ kernels: SparseKernels
  ) throws -> Buffer? {
    let (sparse, views, axes) = operands
    let type = graph.type(Value(row: root))
    var stored: [Value: Space.Positions] = [:]
    for (input, elements) in sparse {
      guard let positions = try space.positions(of: elements) else { return nil }
      stored[input] = positions
    }
    var pattern = ClusterPattern(
      graph, layouts, Set(rows), stored: stored, sparse: sparse, views: views, space, kernels)
    let found: Space.Positions?
    do {
      let (formula, leaves) = try pattern.formula(of: root)
      found = try space.merged(formula, of: leaves) ?? space.nothing()
    } catch is ClusterPattern<Space>.Unplaced {
      return nil
    }
    guard var positions = found else { return nil }
    var result = try compute(space.count(positions), kernels) { input in
      if let own = stored[input], let elements = sparse[input] {
        return try space.values(
          elements.values, of: own, at: positions, fill: self.sparseFill(input, elements))
      }
      if let axis = axes[input] { return try space.coordinates(along: axis, at: positions) }
      guard let view = views[input] else { throw self.missing(input) }
      return try space.values(of: view, at: positions)
    }
    if let kept = try kernels.places(of: result, differingFrom: fill(type)) {
      positions = try space.subset(positions, kept)
      result = try kernels.moved(result, count: kept.count) { kept.base[$0] }
    }
    let donor = sparse.first { input, elements in
      elements.layout.hasLevels(of: layout)
        && stored[input].map { space.isSame($0, positions) } ?? false
    }
    let elements =
      try donor.map {
        SparseElements(type, filled(type), levels: $0.value.levels, values: result)
      } ?? space.elements(positions, result, type, filled(type))
    return Buffer(elements, in: kernels.context.memory)
  }

  func fill(_ type: TensorType) -> Scalar {
    (layout.fill ?? Scalar(false)).converted(to: type.dtype)
  }

  func filled(_ type: TensorType) -> Layout { layout.filled(fill(type)) }

  func sparseFill(_ input: Value, _ elements: SparseElements?) -> Scalar {
    (elements?.fill ?? Scalar(false)).converted(to: graph.type(input).dtype)
  }

  func missing(_ value: Value) -> WeftError {
    WeftError(.internal, "sparse", "no step gives \(graph.type(value))")
  }

  /// A dense operand; a broadcast is read through.
  private func view(_ input: Value, _ values: StepValues) throws -> DenseView {
    if let buffer = values[input] { return DenseView(buffer) }
    if case .broadcast(let shape, let axes) = graph.op(input),
      let source = graph.operands(input.index).first, let buffer = values[source]
    {
      return DenseView(buffer, to: shape.codes, axes: axes)
    }
    throw missing(input)
  }

  /// The rows' results for vectors of so many values.
  func compute(
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

  func uniform(_ value: Value) -> Scalar? {
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
