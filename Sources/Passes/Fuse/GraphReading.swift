import WeftIR

/// What each row of a graph is to the fuser, and through which views its result is read.
struct GraphReading {
  /// The role of a row.
  enum Role: UInt8 {
    /// Not needed by an output.
    case dead
    /// An input: in memory already.
    case input
    /// One element that kernels hold as a parameter.
    case constant
    /// Counts that kernels make where they need them.
    case iota
    /// Read through strides by its users.
    case view
    /// A map, a conversion, random bits or taking at indices: part of a kernel.
    case elementwise
    /// The end of a kernel: a fold, or the position of an extreme.
    case reduce
    /// A running fold: part of a kernel that has no other.
    case scan
    /// The end of a kernel that puts elements at indices; nothing else ends there.
    case scatter
    /// Operands in boxes of the result, a pad or concatenation: part of a kernel in pieces.
    case assembled
    /// A step of its own that reads through views: a contraction.
    case contract
    /// A step of its own: what kernels do not hold.
    case other
  }

  let graph: Graph
  private let options: FuseOptions
  private(set) var roles: [Role]
  /// The view that reads a `view` row, or -1.
  private var viewIndex: [Int32]
  private var views: [ClusterPlan.Reading] = []
  /// Rows that must be in memory as they are, for outputs and for steps that take dense values.
  private(set) var isDense: [Bool]
  private(set) var isOutput: [Bool]
  /// Rows that only kernels without stages and pieces may hold.
  private(set) var isPlainOnly: [Bool]

  init(
    _ graph: Graph, _ options: FuseOptions, isNative: (Int) -> Bool, isVersatile: (Int) -> Bool
  ) {
    self.graph = graph
    self.options = options
    roles = Array(repeating: .dead, count: graph.count)
    viewIndex = Array(repeating: -1, count: graph.count)
    isDense = Array(repeating: false, count: graph.count)
    isOutput = Array(repeating: false, count: graph.count)
    let live = graph.liveRows()
    isPlainOnly = Array(repeating: false, count: graph.count)
    for row in 0..<graph.count where live[row] {
      roles[row] = role(of: row, isNative)
      switch roles[row] {
      case .elementwise, .reduce, .scan, .scatter:
        if !needsCode(row) {
          isPlainOnly[row] = options.needsVersatile && !isVersatile(row)
        } else if !isVersatile(row) {
          roles[row] = .other
        }
      case .assembled: if !isVersatile(row) { roles[row] = .other }
      case .dead, .input, .constant, .iota, .view, .contract, .other: break
      }
    }
  }

  private mutating func role(of row: Int, _ isNative: (Int) -> Bool) -> Role {
    switch graph.rows[row].op {
    case .input: return .input
    case .constant: return .constant
    case .iota: return .iota
    case .map, .convert, .random: return isNative(row) ? .elementwise : .other
    case .reduce: return isNative(row) ? .reduce : .other
    case .contract: return .contract
    case .broadcast(let shape, let axes):
      return addView(row) { view in shape.known.map { view.broadcast(to: $0, axes: axes) } }
    case .reshape(let shape):
      return addView(row) { view in shape.known.flatMap { view.reshaped(to: $0) } }
    case .permute(let axes): return addView(row) { $0.permuted(axes) }
    case .slice(let spans): return addView(row) { $0.sliced(spans) }
    case .reverse(let axes): return addView(row) { $0.reversed(axes) }
    case .store: return addView(row) { $0 }
    case .pad, .concatenate: return boxes(of: row) == nil ? .other : .assembled
    case .argReduce(_, let axis):
      return options.positions && isLong(row, axis) && isNative(row) ? .reduce : .other
    case .scan(_, let axis):
      return options.scans && isLong(row, axis) && isNative(row) ? .scan : .other
    case .gather: return options.gathers && mayTake(row) && isNative(row) ? .elementwise : .other
    case .scatter: return options.scatters && mayPut(row) && isNative(row) ? .scatter : .other
    case .call(let routine): return options.readers.contains(routine.name) ? .contract : .other
    case .compress, .sort: return .other
    }
  }

  /// Whether a row's operand has elements, and two or more along an axis.
  private func isLong(_ row: Int, _ axis: Int) -> Bool {
    guard let operand = graph.operands(row).first, let shape = graph.type(operand).shape.known
    else { return false }
    return !shape.contains(0) && shape[axis] > 1
  }

  /// Whether a kernel can take elements for a row: from memory or a count, if there are any.
  private func mayTake(_ row: Int) -> Bool {
    guard graph.type(Value(row: row)).shape.count ?? 0 > 0 else { return false }
    let operands = graph.operands(row)
    let (array, indices) = (operands[operands.startIndex], operands[operands.startIndex + 1])
    return roles[root(array).index] != .constant && graph.type(array).shape.isKnown
      && graph.type(indices).shape.isKnown && graph.type(indices).dtype == .int64
  }

  /// Whether a kernel can put elements for a row: in an array of one axis, at known extents.
  private func mayPut(_ row: Int) -> Bool {
    let operands = graph.operands(row)
    guard graph.type(Value(row: row)).rank == 1,
      operands.allSatisfy({ graph.type($0).shape.count ?? 0 > 0 })
    else { return false }
    let base = root(operands[operands.startIndex])
    return roles[base.index] != .iota
      && graph.type(operands[operands.startIndex + 1]).dtype == .int64
  }

  /// Whether only kernels with more than plain loops may hold a row.
  func needsCode(_ row: Int) -> Bool {
    switch graph.rows[row].op {
    case .gather: roles[row] == .elementwise
    case .argReduce: roles[row] == .reduce
    case .scan: roles[row] == .scan
    case .scatter: roles[row] == .scatter
    default: false
    }
  }

  /// Where a row that takes at indices reads its array, over the row's shape: the place for index 0
  /// and the stride of an index.
  func taking(_ row: Int) -> (value: Value, view: StridedView, stride: Int, extent: Int) {
    guard case .gather(let axis) = graph.rows[row].op, let array = graph.operands(row).first else {
      preconditionFailure("row \(row) takes nothing")
    }
    let (source, shape) = (reading(array), graph.type(Value(row: row)).shape.codes)
    let rank = shape.count - source.view.shape.count + 1
    var view = source.view
    view.shape = shape
    view.strides.replaceSubrange(axis...axis, with: Array(repeating: 0, count: rank))
    return (source.value, view, source.view.strides[axis], source.view.shape[axis])
  }

  /// How a row that takes at indices reads them, over the row's shape.
  func indexReading(_ row: Int) -> ClusterPlan.Reading {
    guard case .gather(let axis) = graph.rows[row].op, let indices = graph.operands(row).last else {
      preconditionFailure("row \(row) takes nothing")
    }
    var result = reading(indices)
    let shape = graph.type(Value(row: row)).shape.codes
    result.view = result.view.broadcast(
      to: shape, axes: Array(axis..<axis + result.view.shape.count))
    return result
  }

  /// Where the operands lie in the result of a pad or concatenation that kernels can write piece
  /// by piece: a box for each operand but the fill.
  func boxes(of row: Int) -> [Box]? {
    guard options.pieces, let shape = graph.types(row).first?.shape.known, !shape.contains(0)
    else { return nil }
    var boxes: [Box] = []
    switch graph.rows[row].op {
    case .pad(let spans):
      guard let operand = graph.operands(row).first, let extents = graph.type(operand).shape.known,
        spans.allSatisfy({ $0.interior == 0 })
      else { return nil }
      boxes.append(Box(low: spans.map(\.low), extents: extents))
    case .concatenate(let axis):
      guard graph.operands(row).count <= ClusterPlan.pieceLimit else { return nil }
      var low = shape.map { _ in 0 }
      for operand in graph.operands(row) {
        guard let extents = graph.type(operand).shape.known else { return nil }
        boxes.append(Box(low: low, extents: extents))
        low[axis] += extents[axis]
      }
    default: return nil
    }
    guard Box.regions(of: shape, cutBy: boxes, limit: ClusterPlan.pieceLimit) != nil else {
      return nil
    }
    return boxes
  }

  /// Composes the view with the one its operand is read through; where strides cannot tell the
  /// result, the operand is made dense.
  private mutating func addView(_ row: Int, _ apply: (StridedView) -> StridedView?) -> Role {
    let operand = graph.operands(row)[graph.operands(row).startIndex]
    guard graph.type(operand).shape.isKnown, graph.types(row).first?.shape.isKnown == true else {
      return .other
    }
    let base = reading(operand)
    var reading = ClusterPlan.Reading(value: base.value, view: base.view)
    if let view = apply(base.view) {
      reading.view = view
    } else if isGenerated(base.value) {
      // Strides of a count tell the count: what they cannot tell is a step over memory.
      return .other
    } else {
      isDense[operand.index] = true
      // Strides over a count tell the count itself, so that its elements are copied by a step.
      if roles[operand.index] == .iota { return .other }
      let dense = StridedView(contiguous: graph.type(operand).shape.known ?? [])
      reading = ClusterPlan.Reading(value: operand, view: apply(dense) ?? dense)
    }
    viewIndex[row] = Int32(views.count)
    views.append(reading)
    return .view
  }

  /// Marks what outputs and opaque steps need in memory.
  mutating func markDense() {
    for output in graph.outputs {
      isDense[output.index] = true
      isOutput[output.index] = true
    }
    for row in 0..<graph.count {
      switch roles[row] {
      case .other:
        for operand in graph.operands(row) { isDense[operand.index] = true }
      case .contract:
        for operand in graph.operands(row) where isGenerated(root(operand)) {
          isDense[operand.index] = true
        }
      case .view:
        let source = views[Int(viewIndex[row])].value
        if isAlias(row) { isDense[source.index] = true }
      case .dead, .input, .constant, .iota, .elementwise, .reduce, .scan, .scatter, .assembled:
        break
      }
    }
    // A dense alias needs its source in memory, whose row comes earlier.
    for row in (0..<graph.count).reversed() where isDense[row] && isAlias(row) {
      isDense[views[Int(viewIndex[row])].value.index] = true
    }
  }

  /// How a value is read: the materialised value behind it and the strides.
  ///
  /// Of an iota the strides tell the count itself, not a place in memory.
  func reading(_ value: Value) -> ClusterPlan.Reading {
    let index = viewIndex[value.index]
    if index >= 0 { return views[Int(index)] }
    var view = StridedView(contiguous: graph.type(value).shape.known ?? [])
    if case .iota(_, let axis) = graph.rows[value.index].op {
      for other in view.strides.indices { view.strides[other] = other == axis ? 1 : 0 }
    }
    return ClusterPlan.Reading(value: value, view: view)
  }

  /// How a step that takes memory reads a value.
  func readingInMemory(_ value: Value) -> ClusterPlan.Reading {
    let reading = reading(value)
    if !isGenerated(reading.value) { return reading }
    return ClusterPlan.Reading(
      value: value, view: StridedView(contiguous: graph.type(value).shape.known ?? []))
  }

  /// Whether kernels make a value where they need it.
  func isGenerated(_ value: Value) -> Bool {
    roles[value.index] == .constant || roles[value.index] == .iota
  }

  /// The materialised value behind a value.
  func root(_ value: Value) -> Value {
    let index = viewIndex[value.index]
    return index >= 0 ? views[Int(index)].value : value
  }

  /// Whether a value is read as the root itself: same elements, same shape.
  func isDirect(_ value: Value) -> Bool {
    let index = viewIndex[value.index]
    if index < 0 { return true }
    let reading = views[Int(index)]
    return reading.view.isContiguous && graph.type(reading.value).shape.known == reading.view.shape
  }

  /// Whether a row is dense and its elements are those of its root in order.
  func isAlias(_ row: Int) -> Bool {
    let index = viewIndex[row]
    guard index >= 0, isDense[row] else { return false }
    let reading = views[Int(index)]
    switch roles[reading.value.index] {
    case .constant, .iota: return false
    default:
      return reading.view.isContiguous
        && graph.type(reading.value).shape.count == reading.view.count
    }
  }

  /// Whether each operand of a row that need not be stored is in memory or made by its users.
  func isOverMemory(_ row: Int) -> Bool {
    if isDense[row] { return false }
    return graph.operands(row).allSatisfy { operand in
      switch roles[root(operand).index] {
      case .input, .constant, .iota, .contract, .scatter, .other: true
      case .dead, .view, .elementwise, .assembled, .reduce, .scan: false
      }
    }
  }

  /// Whether a row is a node of a kernel that stores or uses it.
  func isClusterRow(_ row: Int) -> Bool {
    switch roles[row] {
    case .elementwise, .assembled, .scan: true
    case .view: isDense[row] && !isAlias(row)
    case .constant, .iota: isDense[row]
    case .dead, .input, .reduce, .scatter, .contract, .other: false
    }
  }
}
