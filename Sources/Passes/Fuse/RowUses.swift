import WeftIR

/// Who reads each row's result, and how.
struct RowUses {
  /// How a row reads another's result.
  enum Way: UInt8 {
    /// Element for element, in the same shape.
    case direct
    /// Element for element, in a shape that differs by extents of 1.
    case flat
    /// Repeated along the axes that `detail` tells.
    case spread
    /// As operand number `detail` of a pad or concatenation.
    case boxed
    /// From memory.
    case memory
  }

  /// One operand of one row.
  struct Use {
    var user: Int32
    var way: Way
    /// See `Way`.
    var detail: UInt64 = 0
  }

  private var start: [Int32]
  private var all: [Use] = []

  init(_ reading: GraphReading, _ options: FuseOptions) {
    let graph = reading.graph
    start = Array(repeating: 0, count: graph.count + 1)
    var found: [(root: Int32, use: Use)] = []
    found.reserveCapacity(graph.count * 2)
    for row in 0..<graph.count {
      Self.forEachUse(reading, options, row) { root, way, detail in
        start[root + 1] += 1
        found.append((Int32(root), Use(user: Int32(row), way: way, detail: detail)))
      }
    }
    for row in 0..<graph.count { start[row + 1] += start[row] }
    all = Array(repeating: Use(user: 0, way: .memory), count: found.count)
    var fill = start
    for (root, use) in found {
      all[Int(fill[Int(root)])] = use
      fill[Int(root)] += 1
    }
  }

  /// The uses of a row's result, in the order of users.
  subscript(_ row: Int) -> ArraySlice<Use> { all[Int(start[row])..<Int(start[row + 1])] }

  /// Visits the materialised rows that a row reads when it runs.
  static func forEachRoot(_ reading: GraphReading, _ row: Int, _ visit: (_ root: Int) -> Void) {
    let graph = reading.graph
    switch reading.roles[row] {
    case .dead, .input, .constant, .iota: return
    case .view:
      if !reading.isDense[row] { return }
      let root = reading.root(Value(row: row))
      if !reading.isGenerated(root) { visit(root.index) }
    case .elementwise, .reduce, .scan, .scatter, .assembled:
      for operand in graph.operands(row) {
        let root = reading.root(operand)
        if !reading.isGenerated(root) { visit(root.index) }
      }
    case .contract:
      for operand in graph.operands(row) { visit(reading.readingInMemory(operand).value.index) }
    case .other:
      for operand in graph.operands(row) { visit(operand.index) }
    }
  }

  private static func forEachUse(
    _ reading: GraphReading, _ options: FuseOptions, _ row: Int,
    _ visit: (_ root: Int, _ way: Way, _ detail: UInt64) -> Void
  ) {
    let graph = reading.graph
    switch reading.roles[row] {
    case .elementwise, .reduce, .scan, .scatter, .assembled:
      let isRandom = if case .random = graph.rows[row].op { true } else { false }
      let isGather = if case .gather = graph.rows[row].op { true } else { false }
      let isAssembled = reading.roles[row] == .assembled
      for (number, operand) in graph.operands(row).enumerated() {
        let root = reading.root(operand)
        if reading.isGenerated(root) { continue }
        let isFar =
          isGather && (number == 0 || !isAlike(operand, row, graph))
          || reading.roles[row] == .scatter && number == 0
        if isRandom || isFar || root.result != 0 {
          visit(root.index, .memory, 0)
        } else if isAssembled {
          let isBoxed = reading.isDirect(operand) && graph.type(operand).rank > 0
          visit(root.index, isBoxed ? .boxed : .memory, UInt64(number))
        } else {
          let (way, detail) = way(of: operand, root, reading, options)
          visit(root.index, way, detail)
        }
      }
    case .dead, .input, .constant, .iota, .view, .contract, .other:
      forEachRoot(reading, row) { visit($0, .memory, 0) }
    }
  }

  /// Whether an operand has an element for each of a row's.
  private static func isAlike(_ operand: Value, _ row: Int, _ graph: Graph) -> Bool {
    graph.type(operand).shape == graph.type(Value(row: row)).shape
  }

  private static func way(
    of operand: Value, _ root: Value, _ reading: GraphReading, _ options: FuseOptions
  ) -> (Way, UInt64) {
    if reading.isDirect(operand) {
      let isLocal = options.usesFolds || reading.roles[root.index] != .reduce
      return (isLocal ? .direct : .memory, 0)
    }
    guard options.usesFolds,
      reading.roles[root.index] == .elementwise || reading.roles[root.index] == .reduce,
      let shape = reading.graph.type(root).shape.known
    else { return (.memory, 0) }
    let view = reading.reading(operand).view
    if view.offset != 0 { return (.memory, 0) }
    var (expected, axes, place) = (1, UInt64(0), shape.count - 1)
    for axis in view.shape.indices.reversed() where view.shape[axis] != 1 {
      if view.strides[axis] == 0, axis < 64, view.shape[axis] > 0 {
        axes |= 1 << UInt64(axis)
        continue
      }
      while place >= 0, shape[place] == 1 { place -= 1 }
      guard place >= 0, shape[place] == view.shape[axis], view.strides[axis] == expected else {
        return (.memory, 0)
      }
      expected *= view.shape[axis]
      place -= 1
    }
    while place >= 0, shape[place] == 1 { place -= 1 }
    if place >= 0 { return (.memory, 0) }
    return axes == 0 ? (.flat, 0) : (.spread, axes)
  }
}
