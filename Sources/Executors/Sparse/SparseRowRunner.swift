import WeftIR

/// Runs single rows that take or give sparse arrays: one arm for each op, each a function of its
/// family.
struct SparseRowRunner {
  let plan: SparseExecutable
  let kernels: SparseKernels
  let values: StepValues

  var graph: Graph { plan.graph }

  init(_ plan: SparseExecutable, _ kernels: SparseKernels, _ values: StepValues) {
    self.plan = plan
    self.kernels = kernels
    self.values = values
  }

  /// The results of a row.
  func results(_ row: Int) throws -> [Buffer] {
    let operands = Array(graph.operands(row))
    switch graph.rows[row].op {
    case .call(let routine) where routine.isFactorisation:
      return try factorised(row, routine, operands)
    case .call(let routine) where routine.takesEntries:
      return try called(routine, buffer(elements(operands[0])))
    case .call(.sparseLstsq): return try leastSquares(row, operands)
    case .sort(let axis, _) where plan.layouts.spread(row) != nil:
      return try placed(row, operands[0], axis)
    default: return [try run(row)]
    }
  }

  /// The result of a row that has one, sparse where the layouts say so.
  func run(_ row: Int) throws -> Buffer {
    let shapes =
      graph.operands(row).map { graph.type($0).shape.codes }
      + [graph.type(Value(row: row)).shape.codes]
    return try PositionWidth.isWide(shapes) ? run(row, UInt128.self) : run(row, UInt64.self)
  }

  private func run<Key: PositionKey>(_ row: Int, _ key: Key.Type) throws -> Buffer {
    let op = graph.rows[row].op
    let operands = Array(graph.operands(row))
    switch op {
    case .store:
      if let result = try foldedDensely(row, key) { return result }
      if layout(row) == nil { return try densified(row, operands[0]) }
      return try stored(row, operands[0], key)
    case .permute(let axes): return try permuted(row, operands[0], axes)
    case .reshape: return try reshaped(row, operands[0], key)
    case .slice, .reverse, .pad, .concatenate:
      return try shifted(row, operands, AxisShift.shifts(op, graph, operands), key)
    case .broadcast(let shape, let axes):
      return try broadcast(row, operands[0], shape.codes, axes, key)
    case .gather(let axis): return try gathered(row, operands[0], operands[1], axis, key)
    case .reduce(let f, let axes): return try reduced(row, f, axes, operands[0], key)
    case .contract(let contraction): return try contracted(row, contraction, operands, key)
    case .call(let routine) where routine == .sparseSolve: return try solved(row, operands)
    case .call(let routine) where routine.semiring != nil:
      return try semiringProduct(row, routine.semiring ?? .plusTimes, operands)
    case .sort(let axis, _): return try sorted(row, operands[0], axis, key)
    case .argReduce(let f, let axis): return try extremePlaces(row, f, operands[0], axis, key)
    case .compress(let axis, _):
      return try selected(row, operands[0], operands[1], axis, key)
    case .scan(let f, let axis): return try scanned(row, f, operands[0], axis)
    case .scatter(_, let f): return try updated(row, f, operands, key)
    case .input, .constant, .iota, .random, .map, .convert, .call:
      throw WeftError(.internal, op.name, "has no sparse kernel and was not stored densely")
    }
  }

  /// What a routine's own code makes of entries.
  private func called(_ routine: Routine, _ matrix: Buffer) throws -> [Buffer] {
    guard let body = routine.body else {
      throw WeftError(.internal, routine.name, "has no code of its own")
    }
    return try body(routine, [matrix], kernels.context)
  }

  // MARK: - Operands and results

  /// The entries of a sparse operand.
  func elements(_ value: Value) throws -> SparseElements {
    guard let elements = values[value]?.sparse else { throw missing(value) }
    return try kernels.unpacked(elements)
  }

  /// A dense operand; a broadcast is read through, a constant is one element.
  func view(_ value: Value) throws -> DenseView {
    let extents = graph.type(value).shape.codes
    if let buffer = values[value] { return DenseView(buffer) }
    if case .uniform(let element) = plan.layouts[value] {
      let buffer = try Buffer(
        allocating: TensorType(element.dtype, .scalar), in: kernels.context.memory)
      element.store(to: buffer.base)
      return DenseView(buffer, to: extents, axes: [])
    }
    if case .broadcast(let shape, let axes) = graph.op(value),
      let source = graph.operands(value.index).first, let buffer = values[source]
    {
      return DenseView(buffer, to: shape.codes, axes: axes)
    }
    throw missing(value)
  }

  /// What a value is, where a step has given it.
  func values(of value: Value) -> Buffer? { values[value] }

  func isKnown(_ value: Value) -> Bool { values[value] != nil }

  func missing(_ value: Value) -> WeftError {
    WeftError(.internal, "sparse", "no step gives \(graph.type(value))")
  }

  func layout(_ row: Int) -> Layout? { plan.layouts.layout(of: Value(row: row)) }

  func type(_ row: Int) -> TensorType { graph.type(Value(row: row)) }

  func buffer(_ elements: SparseElements) -> Buffer {
    Buffer(elements, in: kernels.context.memory)
  }

  /// A result of entries whose positions count in C order.
  func result<Key: PositionKey>(_ row: Int, _ entries: Entries<Key>) throws -> Buffer {
    let operand = graph.operands(row)[graph.operands(row).startIndex]
    let fill = plan.layouts.layout(of: operand)?.fill ?? Scalar(false)
    return try result(type(row), layout(row), entries, fill: fill)
  }

  /// The same as an array of a type in a layout; of one element where the type has no axes, the fill where no
  /// entry is it.
  func result<Key: PositionKey>(
    _ type: TensorType, _ layout: Layout?, _ entries: Entries<Key>, fill: Scalar
  ) throws -> Buffer {
    if type.rank == 0 {
      let result = try Buffer(allocating: type, in: kernels.context.memory)
      let element = entries.count > 0 ? entries.values.scalar(at: 0) : fill
      element.converted(to: type.dtype).store(to: result.base)
      return result
    }
    let layout = layout ?? .coordinates(rank: type.rank)
    if layout.order == Array(0..<type.rank) {
      return buffer(try kernels.elements(entries, type, layout))
    }
    let coordinates = try kernels.elements(
      entries, type, .coordinates(rank: type.rank, fill: layout.fill ?? Scalar(false)))
    let turned = try kernels.entries(of: coordinates, order: layout.order, Key.self)
    return buffer(try kernels.elements(turned, type, layout))
  }

  // MARK: - Storage

  /// The dense elements; told of, as they take more room.
  func densified(_ row: Int, _ operand: Value) throws -> Buffer {
    let elements = try elements(operand)
    let result = try Buffer(allocating: elements.type, in: kernels.context.memory)
    try elements.copy(to: result.base, result.byteCount)
    noteDense(elements, row)
    return result
  }

  /// Tells that entries are stored densely.
  func noteDense(_ elements: SparseElements, _ row: Int) {
    kernels.context.counters.add("densified")
    kernels.context.counters.note(
      Counters.Event(
        kind: "densify",
        message: "\(elements.type) in \(elements.layout) is stored densely, "
          + "\(elements.type.byteCount ?? 0) bytes",
        site: graph.rows[row].site))
  }

  private func stored<Key: PositionKey>(
    _ row: Int, _ operand: Value, _: Key.Type
  ) throws -> Buffer {
    let type = type(row)
    guard let asked = layout(row) else { throw missing(operand) }
    let layout = asked.filled((asked.fill ?? Scalar(false)).converted(to: type.dtype))
    let fill = layout.fill ?? Scalar(false)
    if plan.layouts[operand].isSparse {
      if let known = values[operand], known.sparse?.layout == layout { return known }
      let elements = try elements(operand)
      guard elements.fill == fill else {
        let dense = try densified(row, operand)
        return try compressed(dense, type, layout, Key.self)
      }
      return buffer(try kernels.relaid(elements, layout))
    }
    if case .uniform(let element) = plan.layouts[operand], element == fill {
      let none = Entries<Key>(
        keys: try kernels.vector(0), values: try kernels.values(0, type.dtype))
      return buffer(try kernels.elements(none, type, layout))
    }
    return try compressed(try whole(operand), type, layout, Key.self)
  }

  /// A dense operand with each element in a place of its own.
  func whole(_ value: Value) throws -> Buffer {
    if let buffer = values[value] { return buffer }
    let view = try view(value)
    let type = graph.type(value)
    guard let count = type.shape.count else {
      throw WeftError(.tooLarge, "store", "\(type) has more elements than can be counted")
    }
    let keys: Vector<UInt64> = try kernels.vector(count)
    for place in 0..<count { keys.base[place] = UInt64(place) }
    let frame = Frame<UInt64>(type.shape.codes, order: Array(0..<type.rank))
    let elements = try kernels.values(of: view, at: keys, frame)
    return elements.reinterpreted(as: type)
  }

  /// The entries of a dense array that differ from a fill.
  func compressed<Key: PositionKey>(
    _ dense: Buffer, _ type: TensorType, _ layout: Layout, _: Key.Type
  ) throws -> Buffer {
    let fill = layout.fill ?? Scalar(false)
    let flat = dense.reinterpreted(as: TensorType(type.dtype, Shape([dense.count])))
    let places = try kernels.places(of: flat, differingFrom: fill)
    let count = places?.count ?? dense.count
    let keys: Vector<Key> = try kernels.vector(count)
    for entry in 0..<count {
      keys.base[entry] = Key(truncatingIfNeeded: places?.base[entry] ?? entry)
    }
    let values = try places.map { places in
      try kernels.moved(flat, count: count) { places.base[$0] }
    }
    let cOrder = Layout.coordinates(rank: type.rank, fill: fill)
    let entries = Entries(keys: keys, values: values ?? flat)
    if layout.order == cOrder.order { return buffer(try kernels.elements(entries, type, layout)) }
    let coordinates = try kernels.elements(entries, type, cOrder)
    let turned = try kernels.entries(of: coordinates, order: layout.order, Key.self)
    return buffer(try kernels.elements(turned, type, layout))
  }
}
