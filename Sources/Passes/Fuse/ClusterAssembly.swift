import WeftIR

/// Turns the rows of each step into what runs.
struct ClusterAssembly {
  let reading: GraphReading
  let assignment: ClusterAssignment
  let graph: Graph
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
    // Times are the numbers of the steps that were opened, and merged clusters keep the later
    // one's: the order of numbers is that of times, but for aliases that run last.
    var result: [ClusterPlan.Step] = []
    var last: [ClusterPlan.Step] = []
    result.reserveCapacity(count)
    for step in (0..<count).reversed() where assembly.assignment.steps[step].parent < 0 {
      let made = assembly.assemble(step, rows[rowCount[step]..<rowCount[step + 1]])
      if assembly.assignment.steps[step].time < 0 { last.append(made) } else { result.append(made) }
    }
    return result + last
  }

  private mutating func assemble(_ step: Int, _ rows: ArraySlice<Int32>) -> ClusterPlan.Step {
    let info = assignment.steps[step]
    switch info.kind {
    case .contract:
      return .contract(
        row: info.row, operands: graph.operands(info.row).map { reading.readingInMemory($0) })
    case .row: return .row(info.row)
    case .alias: return .alias(row: info.row, of: reading.root(Value(row: info.row)))
    case .cluster: return info.boxes.isEmpty ? .cluster(cluster(step, rows)) : pieces(step, rows)
    }
  }

  private mutating func cluster(_ step: Int, _ rows: ArraySlice<Int32>) -> Cluster {
    let info = assignment.steps[step]
    var cluster = Cluster(shape: info.shape)
    cluster.reducedAxes = info.reducedAxes ?? []
    for row in rows {
      let row = Int(row)
      let value = Value(row: row)
      let made: Int
      if let f = graph.rows[row].op.function, reading.roles[row] == .reduce {
        let operand = graph.operands(row)[graph.operands(row).startIndex]
        let dtype = graph.type(value).dtype
        let isPosition = if case .argReduce = graph.rows[row].op { true } else { false }
        let source = nodeOf(operand, &cluster, step)
        cluster.rows.append(row)
        cluster.reductions.append(
          Cluster.Reduction(
            value: value, node: source, function: f, dtype: dtype,
            isStored: assignment.isStored(row), isPosition: isPosition))
        if !assignment.isUsedInside(row) { continue }
        made = cluster.add(.folded(cluster.reductions.count - 1), dtype)
      } else if reading.roles[row] == .scatter {
        addScatter(row, &cluster, step)
        continue
      } else {
        made = makeNode(row, &cluster, step)
        if assignment.isStored(row) {
          let shape = graph.type(value).shape.codes
          let isFolded = isKept(shape, step)
          let view = spread(StridedView(contiguous: shape), step)
          cluster.outputs.append(
            Cluster.Output(value: value, node: made, view: view, isFolded: isFolded))
        }
      }
      node[row] = Int32(made)
      stamp[row] = Int32(step)
    }
    if cluster.reductions.isEmpty { cluster.dropFolds() }
    return cluster
  }

  // MARK: - Kept positions

  /// Whether values of a shape have one element for each kept position of a row kernel.
  private func isKept(_ shape: [Int], _ step: Int) -> Bool {
    assignment.steps[step].frame >= 0 && shape != assignment.steps[step].shape
  }

  /// A view over kept positions as one over all; other views as they are.
  private func spread(_ view: StridedView, _ step: Int) -> StridedView {
    if !isKept(view.shape, step) { return view }
    return assignment.frames.all[Int(assignment.steps[step].frame)].spread(view)
  }

  // MARK: - Nodes

  /// The node that computes a row of the cluster.
  private mutating func makeNode(_ row: Int, _ cluster: inout Cluster, _ step: Int) -> Int {
    switch graph.rows[row].op {
    case .map, .convert:
      var sources: [Int] = []
      for operand in graph.operands(row) { sources.append(nodeOf(operand, &cluster, step)) }
      return function(row, sources, &cluster)
    case .random:
      let view = StridedView(contiguous: graph.type(Value(row: row)).shape.codes)
      return random(row, spread(view, step), &cluster)
    case .scan(let f, let axis):
      // It has one operand.
      let source = nodeOf(graph.operands(row)[graph.operands(row).startIndex], &cluster, step)
      cluster.rows.append(row)
      cluster.scan = Cluster.Scan(node: source, function: f, axis: axis)
      return cluster.add(.scanned(0), graph.type(Value(row: row)).dtype)
    case .gather:
      let indices = graph.operands(row)[graph.operands(row).startIndex + 1]
      let isAlike = graph.type(indices).shape == graph.type(Value(row: row)).shape
      let index: Int
      if isAlike {
        index = nodeOf(indices, &cluster, step)
      } else {
        let reading = reading.indexReading(row)
        index = leaf(reading.value, spread(reading.view, step), &cluster)
      }
      return gather(row, index, { spread($0, step) }, &cluster)
    default:
      let reading = reading.reading(Value(row: row))
      return leaf(reading.value, spread(reading.view, step), &cluster)
    }
  }

  /// The end of a cluster that puts elements at indices.
  private mutating func addScatter(_ row: Int, _ cluster: inout Cluster, _ step: Int) {
    let operands = Array(graph.operands(row))
    guard case .scatter(_, let f) = graph.rows[row].op, operands.count == 3 else { return }
    let base = reading.reading(operands[0])
    var scalar: Scalar?
    if case .constant(let element) = graph.op(base.value) { scalar = element }
    let index = nodeOf(operands[1], &cluster, step)
    let node = nodeOf(operands[2], &cluster, step)
    cluster.rows.append(row)
    cluster.scatter = Cluster.Scatter(
      value: Value(row: row), index: index, node: node, function: f, base: base.value,
      view: base.view, scalar: scalar, dtype: graph.type(Value(row: row)).dtype)
  }

  /// The node for an operand: a row of the cluster, a row to repeat, or a leaf.
  private mutating func nodeOf(_ value: Value, _ cluster: inout Cluster, _ step: Int) -> Int {
    let row = value.index
    if value.result == 0, stamp[row] == Int32(step) { return Int(node[row]) }
    let root = reading.root(value)
    if root.result == 0, !reading.isGenerated(root) {
      // All uses within a cluster are local.
      if assignment.step(of: root.index) == step { return Int(node[root.index]) }
      if stamp[root.index] == Int32(step), reading.isDirect(value) { return Int(node[root.index]) }
    }
    let made: Int
    if assignment.isRepeated[root.index], reading.isDirect(value) {
      made = makeNode(root.index, &cluster, step)
    } else {
      let reading = reading.reading(value)
      made = leaf(reading.value, spread(reading.view, step), &cluster)
    }
    if value.result == 0 {
      node[row] = Int32(made)
      stamp[row] = Int32(step)
    }
    return made
  }

  /// A function or conversion of nodes.
  func function(_ row: Int, _ sources: [Int], _ cluster: inout Cluster) -> Int {
    cluster.rows.append(row)
    let dtype = graph.type(Value(row: row)).dtype
    guard case .map(let f) = graph.rows[row].op else {
      return cluster.add(.convert(sources[0]), dtype)
    }
    let values = cluster.dtypes[sources[f == .select ? 1 : 0]]
    let second = sources.count > 1 ? sources[1] : 0
    let third = sources.count > 2 ? sources[2] : 0
    return cluster.add(.map(f, values, sources[0], second, third), dtype)
  }

  /// Elements taken at the index that a node tells; `place` makes a view over the row's shape one
  /// over the cluster's.
  func gather(
    _ row: Int, _ index: Int, _ place: (StridedView) -> StridedView, _ cluster: inout Cluster
  ) -> Int {
    cluster.rows.append(row)
    let taking = reading.taking(row)
    let isCount = if case .iota = graph.op(taking.value) { true } else { false }
    return cluster.add(
      .gather(
        taking.value, place(taking.view),
        Cluster.Taking(
          index: index, stride: taking.stride, extent: taking.extent, row: row, isCount: isCount)),
      graph.type(Value(row: row)).dtype)
  }

  /// Random bits at the positions of a view.
  func random(_ row: Int, _ view: StridedView, _ cluster: inout Cluster) -> Int {
    guard case .random(let stream) = graph.rows[row].op, let key = graph.operands(row).first else {
      return 0
    }
    cluster.rows.append(row)
    let reading = reading.reading(key)
    let node = leaf(
      reading.value, reading.view.broadcast(to: cluster.shape, axes: []), &cluster)
    return cluster.add(.random(key: node, lane: stream.lane, view), .uint64)
  }

  /// A load, constant or count.
  func leaf(_ value: Value, _ view: StridedView, _ cluster: inout Cluster) -> Int {
    let type = graph.type(value)
    switch graph.op(value) {
    case .constant(let scalar): return cluster.add(.constant(scalar), type.dtype)
    case .iota: return cluster.add(.iota(type.dtype, view), type.dtype)
    default: return cluster.add(.load(value, view), type.dtype)
    }
  }
}

extension Cluster {
  /// Forgets reduced axes that no output needs, after all reductions went to other clusters.
  fileprivate mutating func dropFolds() {
    if outputs.contains(where: \.isFolded) {
      if !outputs.allSatisfy(\.isFolded) { return }
      let kept = shape.indices.filter { !reducedAxes.contains($0) }
      func dropped(_ view: StridedView) -> StridedView {
        StridedView(
          offset: view.offset, shape: kept.map { view.shape[$0] },
          strides: kept.map { view.strides[$0] })
      }
      for node in nodes.indices {
        switch nodes[node] {
        case .load(let value, let view): nodes[node] = .load(value, dropped(view))
        case .iota(let dtype, let view): nodes[node] = .iota(dtype, dropped(view))
        case .random(let key, let lane, let view):
          nodes[node] = .random(key: key, lane: lane, dropped(view))
        case .gather(let value, let view, let taking):
          nodes[node] = .gather(value, dropped(view), taking)
        case .constant, .map, .convert, .folded, .scanned: break
        }
      }
      for output in outputs.indices {
        outputs[output].view = dropped(outputs[output].view)
        outputs[output].isFolded = false
      }
      shape = kept.map { shape[$0] }
    }
    reducedAxes = []
  }
}
