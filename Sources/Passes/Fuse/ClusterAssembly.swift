import WeftIR

/// Turns the rows of each step into what runs.
struct ClusterAssembly {
  private let reading: GraphReading
  private let assignment: ClusterAssignment
  private let graph: Graph
  /// The node of each row in the cluster `stamp` tells.
  private var node: [Int32]
  private var stamp: [Int32]

  init(_ reading: GraphReading, _ assignment: ClusterAssignment) {
    self.reading = reading
    self.assignment = assignment
    graph = reading.graph
    node = Array(repeating: -1, count: graph.count)
    stamp = Array(repeating: -1, count: graph.count)
  }

  /// All steps in running order.
  consuming func steps() -> [ClusterPlan.Step] {
    var assembly = self
    let count = assembly.assignment.steps.count
    var rowCount = Array(repeating: 0, count: count + 1)
    for row in 0..<assembly.graph.count {
      let step = assembly.assignment.step(of: row)
      if step >= 0 { rowCount[step + 1] += 1 }
    }
    for step in 0..<count { rowCount[step + 1] += rowCount[step] }
    var rows = Array(repeating: Int32(0), count: rowCount[count])
    var fill = rowCount
    for row in 0..<assembly.graph.count {
      let step = assembly.assignment.step(of: row)
      if step < 0 { continue }
      rows[fill[step]] = Int32(row)
      fill[step] += 1
    }
    var order: [Int] = []
    for step in 0..<count where assembly.assignment.steps[step].parent < 0 { order.append(step) }
    // Times are the numbers of the steps that were opened, and merged clusters keep the later
    // one's: the order of numbers is that of times.
    var result: [ClusterPlan.Step] = []
    result.reserveCapacity(order.count)
    for step in order.reversed() {
      result.append(assembly.assemble(step, rows[rowCount[step]..<rowCount[step + 1]]))
    }
    return result
  }

  private mutating func assemble(_ step: Int, _ rows: ArraySlice<Int32>) -> ClusterPlan.Step {
    let info = assignment.steps[step]
    switch info.kind {
    case .contract:
      return .contract(
        row: info.row, operands: graph.operands(info.row).map { reading.readingInMemory($0) })
    case .row: return .row(info.row)
    case .alias: return .alias(row: info.row, of: reading.root(Value(row: info.row)))
    case .cluster: return .cluster(cluster(step, info, rows))
    }
  }

  private mutating func cluster(
    _ step: Int, _ info: ClusterAssignment.Step, _ rows: ArraySlice<Int32>
  ) -> Cluster {
    var cluster = Cluster(shape: info.shapeCodes)
    cluster.reducedAxes = info.reducedAxes ?? []
    for row in rows {
      let row = Int(row)
      if case .reduce(let f, _) = graph.rows[row].op, reading.roles[row] == .reduce {
        let operand = graph.operands(row)[graph.operands(row).startIndex]
        let source = nodeOf(operand, &cluster, step)
        cluster.reductions.append(
          Cluster.Reduction(
            value: Value(row: row), node: source, function: f, dtype: graph.type(operand).dtype))
        continue
      }
      let made = makeNode(row, &cluster, step)
      node[row] = Int32(made)
      stamp[row] = Int32(step)
      if assignment.isStored(row) {
        cluster.outputs.append(
          Cluster.Output(
            value: Value(row: row), node: made, view: StridedView(contiguous: cluster.shape)))
      }
    }
    return cluster
  }

  /// The node that computes a row of the cluster.
  private mutating func makeNode(_ row: Int, _ cluster: inout Cluster, _ step: Int) -> Int {
    let dtype = graph.type(Value(row: row)).dtype
    switch graph.rows[row].op {
    case .map(let f):
      var sources = (0, 0, 0)
      let operands = graph.operands(row)
      let first = operands.startIndex
      sources.0 = nodeOf(operands[first], &cluster, step)
      if operands.count > 1 { sources.1 = nodeOf(operands[first + 1], &cluster, step) }
      if operands.count > 2 { sources.2 = nodeOf(operands[first + 2], &cluster, step) }
      let values = operands[f == .select ? first + 1 : first]
      return cluster.add(
        .map(f, graph.type(values).dtype, sources.0, sources.1, sources.2), dtype)
    case .convert:
      let operand = graph.operands(row)[graph.operands(row).startIndex]
      return cluster.add(.convert(nodeOf(operand, &cluster, step)), dtype)
    case .random(let stream):
      let operand = graph.operands(row)[graph.operands(row).startIndex]
      let key = leaf(reading.reading(operand), repeated: cluster.shape, &cluster)
      let view = StridedView(contiguous: cluster.shape)
      return cluster.add(.random(key: key, lane: stream.lane, view), .uint64)
    default:
      return leaf(reading.reading(Value(row: row)), repeated: nil, &cluster)
    }
  }

  /// The node for an operand: a row of the cluster, a row to repeat, or a leaf.
  private mutating func nodeOf(_ value: Value, _ cluster: inout Cluster, _ step: Int) -> Int {
    let row = value.index
    if value.result == 0, stamp[row] == Int32(step) { return Int(node[row]) }
    let root = reading.root(value)
    if root != value, root.result == 0, stamp[root.index] == Int32(step),
      reading.isDirect(value), !reading.isGenerated(root)
    {
      return Int(node[root.index])
    }
    let made: Int
    if assignment.isRepeated[root.index], reading.isDirect(value) {
      made = makeNode(root.index, &cluster, step)
    } else {
      made = leaf(reading.reading(value), repeated: nil, &cluster)
    }
    if value.result == 0 {
      node[row] = Int32(made)
      stamp[row] = Int32(step)
    }
    return made
  }

  /// A load, constant or count; `repeated` spreads a 0-d value over a shape.
  private func leaf(
    _ reading: ClusterPlan.Reading, repeated shape: [Int]?, _ cluster: inout Cluster
  ) -> Int {
    var view = reading.view
    if let shape { view = view.broadcast(to: shape, axes: []) }
    let type = graph.type(reading.value)
    switch graph.op(reading.value) {
    case .constant(let scalar): return cluster.add(.constant(scalar), type.dtype)
    case .iota: return cluster.add(.iota(type.dtype, view), type.dtype)
    default: return cluster.add(.load(reading.value, view), type.dtype)
    }
  }
}
