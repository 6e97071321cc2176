import WeftIR

/// A cluster under pads and concatenations, cut into boxes in which each row has one meaning.
///
/// In a box a pad is its operand or its fill, a concatenation one of its operands, and a `select`
/// whose mask is constant there one of its values. What is left is a plain cluster over the box.
extension ClusterAssembly {
  /// What a row is in a region.
  private enum Meaning {
    /// A node that the row computes.
    case row(Int)
    /// A value read at the positions of a place, or a 0-d one read everywhere.
    case leaf(Value, place: Int32)
  }

  private struct Leaf: Hashable {
    var value: Value
    var place: Int32
  }

  mutating func pieces(_ step: Int, _ rows: ArraySlice<Int32>) -> ClusterPlan.Step {
    let info = assignment.steps[step]
    let whole = [Box(whole: info.shape)]
    let regions =
      Box.regions(of: info.shape, cutBy: info.boxes, limit: ClusterPlan.pieceLimit) ?? whole
    // No region holds a row without elements, whose result is an array all the same.
    var empty: [Box] = []
    for row in rows where assignment.isStored(Int(row)) {
      let own = box(Int(row), step)
      if own.count == 0, !regions.contains(own), !empty.contains(own) { empty.append(own) }
    }
    // Large pieces first, so that small ones fill what threads have left.
    let clusters = (regions.sorted { $0.count > $1.count } + empty).map { piece(step, rows, $0) }
    return clusters.count == 1 ? .cluster(clusters[0]) : .pieces(clusters)
  }

  private func piece(_ step: Int, _ rows: ArraySlice<Int32>, _ region: Box) -> Cluster {
    var meaning: [Int: Meaning] = [:]
    let present = rows.map { Int($0) }.filter { box($0, step).contains(region) }
    for row in present { meaning[row] = self.meaning(row, step, region, meaning) }
    let stored = present.filter { assignment.isStored($0) }

    // What the outputs need, users before operands.
    var isNeeded: Set<Int> = []
    for row in stored { if case .row(let row)? = meaning[row] { isNeeded.insert(row) } }
    for row in present.reversed() where isNeeded.contains(row) {
      for operand in graph.operands(row) {
        if case .row(let row) = meaningOf(operand, user: row, step, region, meaning) {
          isNeeded.insert(row)
        }
      }
    }

    var cluster = Cluster(shape: region.extents)
    var nodes: [Int: Int] = [:]
    var leaves: [Leaf: Int] = [:]
    for row in present where isNeeded.contains(row) {
      nodes[row] = makeNode(row, step, region, meaning, &nodes, &leaves, &cluster)
    }
    for row in stored {
      guard let own = meaning[row] else { continue }
      let node = node(own, step, region, meaning, &nodes, &leaves, &cluster)
      let memory = StridedView(contiguous: graph.type(Value(row: row)).shape.codes)
      cluster.outputs.append(
        Cluster.Output(
          value: Value(row: row), node: node,
          view: window(memory, region, assignment.context[row])))
    }
    return cluster
  }

  /// The positions of the cluster at which a row has elements.
  private func box(_ row: Int, _ step: Int) -> Box {
    let place = assignment.context[row]
    return place > 0
      ? assignment.contexts[Int(place)] : Box(whole: assignment.steps[step].shape)
  }

  /// The part of a view over a place that lies in a region.
  private func window(_ view: StridedView, _ region: Box, _ place: Int32) -> StridedView {
    var spans: [SliceSpan] = []
    for axis in region.low.indices {
      let low = place > 0 ? assignment.contexts[Int(place)].low[axis] : 0
      spans.append(SliceSpan(start: region.low[axis] - low, count: region.extents[axis]))
    }
    return view.sliced(spans)
  }

  // MARK: - Meanings

  private func meaning(
    _ row: Int, _ step: Int, _ region: Box, _ known: [Int: Meaning]
  ) -> Meaning {
    let operands = graph.operands(row)
    let first = operands.startIndex
    if reading.roles[row] == .assembled, let boxes = reading.boxes(of: row) {
      let place = assignment.context[row]
      for (number, box) in boxes.enumerated() {
        let shifted = assignment.shifted(box, place)
        if shifted.contains(region) {
          return meaningOf(operands[first + number], user: row, number: number, step, region, known)
        }
      }
      return .leaf(operands[first + boxes.count], place: 0)
    }
    if case .map(let f) = graph.rows[row].op, f == .select,
      case .leaf(let mask, _) = meaningOf(operands[first], user: row, step, region, known),
      case .constant(let scalar) = graph.op(reading.root(mask))
    {
      let chosen = operands[first + (scalar.boolValue ? 1 : 2)]
      return meaningOf(chosen, user: row, step, region, known)
    }
    return .row(row)
  }

  /// The meaning of an operand of a row; of a pad or concatenation it is operand `number`.
  private func meaningOf(
    _ value: Value, user: Int, number: Int? = nil, _ step: Int, _ region: Box,
    _ known: [Int: Meaning]
  ) -> Meaning {
    let root = reading.root(value)
    if root.result == 0 {
      if assignment.step(of: root.index) == step, let meaning = known[root.index] {
        return meaning
      }
      if assignment.isRepeated[root.index], reading.isDirect(value) {
        // A row that each user computes for itself: its operands are in memory.
        return reading.roles[root.index] == .assembled
          ? meaning(root.index, step, region, known) : .row(root.index)
      }
    }
    var place = assignment.context[user]
    if let number { place = assignment.place(ofOperand: number, of: user) }
    return .leaf(value, place: place)
  }

  // MARK: - Nodes

  private func node(
    _ meaning: Meaning, _ step: Int, _ region: Box, _ known: [Int: Meaning],
    _ nodes: inout [Int: Int], _ leaves: inout [Leaf: Int], _ cluster: inout Cluster
  ) -> Int {
    switch meaning {
    case .row(let row):
      if let node = nodes[row] { return node }
      let node = makeNode(row, step, region, known, &nodes, &leaves, &cluster)
      nodes[row] = node
      return node
    case .leaf(let value, let place):
      let key = Leaf(value: value, place: place)
      if let node = leaves[key] { return node }
      let reading = reading.reading(value)
      let isScalar = reading.view.shape.isEmpty && !region.low.isEmpty
      let view =
        isScalar
        ? reading.view.broadcast(to: region.extents, axes: [])
        : window(reading.view, region, place)
      let node = leaf(reading.value, view, &cluster)
      leaves[key] = node
      return node
    }
  }

  private func makeNode(
    _ row: Int, _ step: Int, _ region: Box, _ known: [Int: Meaning],
    _ nodes: inout [Int: Int], _ leaves: inout [Leaf: Int], _ cluster: inout Cluster
  ) -> Int {
    switch graph.rows[row].op {
    case .map, .convert:
      var sources: [Int] = []
      for operand in graph.operands(row) {
        let meaning = meaningOf(operand, user: row, step, region, known)
        sources.append(node(meaning, step, region, known, &nodes, &leaves, &cluster))
      }
      return function(row, sources, &cluster)
    case .random:
      let view = StridedView(contiguous: graph.type(Value(row: row)).shape.codes)
      return random(row, window(view, region, assignment.context[row]), &cluster)
    case .gather:
      let indices = graph.operands(row)[graph.operands(row).startIndex + 1]
      let place = assignment.context[row]
      let index: Int
      if graph.type(indices).shape == graph.type(Value(row: row)).shape {
        let meaning = meaningOf(indices, user: row, step, region, known)
        index = node(meaning, step, region, known, &nodes, &leaves, &cluster)
      } else {
        let reading = reading.indexReading(row)
        index = leaf(reading.value, window(reading.view, region, place), &cluster)
      }
      return gather(row, index, { window($0, region, place) }, &cluster)
    default:
      return node(
        .leaf(Value(row: row), place: assignment.context[row]), step, region, known, &nodes,
        &leaves, &cluster)
    }
  }
}
