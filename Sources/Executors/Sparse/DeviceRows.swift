import WeftIR
import WeftPlans

extension SparseRowRunner {
  /// Why kernels of devices do not run a row with sparse operands; nil where they do as a rule. What
  /// only data tell, such as positions that must be merged, is not asked.
  static func refusal(of row: Int, of graph: Graph, _ layouts: GraphLayouts) -> String? {
    let reason = "\(graph.title(of: row)) of sparse arrays has no kernel"
    let isDense = layouts.layout(of: Value(row: row)) == nil
    switch graph.rows[row].op {
    case .map, .convert, .permute: return nil
    case .store(let layout): return layout.isDense ? nil : reason
    case .reduce: return isDense ? nil : reason
    case .contract(let contraction):
      let operands = Array(graph.operands(row))
      let sparse = operands.indices.filter { layouts[operands[$0]].isSparse }
      guard isDense, operands.count == 2, sparse.count == 1 else { return reason }
      let labels = contraction.operands[sparse[0]]
      let isRows = labels.count == 2 && labels.count(where: contraction.output.contains) == 1
      return isRows ? nil : reason
    case .call(let routine) where routine.semiring != nil: return isDense ? nil : reason
    case .input, .constant, .iota, .random, .broadcast, .reshape, .slice, .reverse, .pad,
      .concatenate, .gather, .scatter, .compress, .scan, .argReduce, .sort, .call:
      return reason
    }
  }

  /// A row's result by kernels of the device; nil where there is no device, or none of its kernels
  /// does it.
  func runOnDevice(_ row: Int) throws -> Buffer? {
    guard let device = kernels.device else { return nil }
    let operands = Array(graph.operands(row))
    switch graph.rows[row].op {
    case .permute(let axes):
      // Nothing moves.
      return try permuted(row, operands[0], axes)
    case .store(let layout) where layout.isDense:
      if let fold = SparsePlanner.foldStored(densely: row, graph, plan.layouts),
        !isKnown(Value(row: fold)), case .reduce(let f, let axes) = graph.rows[fold].op
      {
        return try folded(row, f, axes, graph.operands(fold).first, device)
      }
      return try dense(row, operands[0], device)
    case .reduce(let f, let axes): return try folded(row, f, axes, operands.first, device)
    case .contract(let contraction): return try times(row, contraction, operands, device)
    case .call(let routine):
      return try routine.semiring.flatMap { try times(row, over: $0, operands, device) }
    default: return nil
    }
  }

  /// Tells that rows of an array are made here for a device.
  func noteRows(_ elements: SparseElements, _ layout: Layout, _ row: Int) throws {
    guard kernels.device != nil else { return }
    kernels.noteFallback(
      "storing \(elements.type) in \(elements.layout) as \(layout) runs on sparse",
      graph.rows[row].site)
    try elements.values.load()
  }

  private func run(_ work: EntryWork, _ row: Int, _ device: any EntryDevice) throws -> Buffer? {
    try device.run(work, at: graph.rows[row].site, kernels.context) {
      try plan.load(.row(row), values)
      return try run(row)
    }
  }

  /// A sparse matrix by rows times a dense array over its columns.
  private func times(
    _ row: Int, _ contraction: Contraction, _ operands: [Value], _ device: any EntryDevice
  ) throws -> Buffer? {
    guard Self.refusal(of: row, of: graph, plan.layouts) == nil,
      let place = operands.indices.first(where: { plan.layouts[operands[$0]].isSparse })
    else { return nil }
    let factor = DenseFactor(try view(operands[1 - place]), contraction.operands[1 - place])
    let type = type(row)
    let terms = ProductTerms(
      try elements(operands[place]), contraction.operands[place], [factor],
      to: contraction.output, type.shape.codes)
    let kept = terms.labels.indices.filter { terms.output.contains(terms.labels[$0]) }
    guard kept.count == 1, terms.innerLabels.isEmpty,
      !factor.labels.contains(terms.labels[kept[0]]),
      factor.labels.contains(terms.labels[1 - kept[0]]),
      factor.view.buffer.type.dtype == type.dtype, terms.elements.type.dtype == type.dtype,
      try kernels.isFinite(factor.view.buffer, plan.passContext),
      let matrix = try rows(terms.elements, by: kept[0], for: row),
      let entries = EntryRows(matrix)
    else { return nil }
    let free = terms.freeLabels.map {
      EntryAxis(
        extent: terms.extent(of: $0), source: factor.stride(of: $0),
        target: terms.outputStride(of: $0))
    }
    let kind = EntryWork.Kind.times(
      factor: factor.view.buffer, over: .plusTimes,
      rowStride: terms.outputStride(of: terms.labels[kept[0]]),
      columnStride: factor.stride(of: terms.labels[1 - kept[0]]), free: free)
    return try run(EntryWork(entries, kind, type: type), row, device)
  }

  /// A sparse matrix by rows times a dense one over a semiring, whose zero is the fill.
  private func times(
    _ row: Int, over semiring: Semiring, _ operands: [Value], _ device: any EntryDevice
  ) throws -> Buffer? {
    let type = type(row)
    guard layout(row) == nil, !plan.layouts[operands[1]].isSparse else { return nil }
    let left = try elements(operands[0])
    let factor = try whole(operands[1])
    if semiring == .maxTimes {
      // Zero times a negative number is not the least: what is not stored counts.
      for values in [left.values, factor] {
        guard try kernels.isNowhereNegative(values, plan.passContext) else { return nil }
      }
    }
    guard let matrix = try rows(left, by: 0, for: row), let entries = EntryRows(matrix) else {
      return nil
    }
    let width = type.shape.codes[1]
    let kind = EntryWork.Kind.times(
      factor: factor, over: semiring, rowStride: width, columnStride: width,
      free: width == 1 ? [] : [EntryAxis(extent: width, source: 1, target: 1)])
    return try run(EntryWork(entries, kind, type: type), row, device)
  }

  /// A fold of each row, or of everything, to a dense result.
  private func folded(
    _ row: Int, _ f: ScalarFunction, _ axes: AxisSet, _ operand: Value?,
    _ device: any EntryDevice
  ) throws -> Buffer? {
    guard let operand, layout(row) == nil else { return nil }
    let elements = try elements(operand)
    let (shape, type) = (elements.type.shape.codes, type(row))
    guard elements.type.dtype == type.dtype else { return nil }
    let kept = shape.indices.filter { !axes.contains($0) }
    if kept.isEmpty { return try folded(f, elements, type) }
    guard axes.axes.count == 1, let axis = axes.axes.first else { return nil }
    var matrix = elements
    if shape.count == 2 {
      guard let rows = try rows(elements, by: kept[0], for: row) else { return nil }
      matrix = rows
    }
    guard matrix.layout.order == kept + [axis], let entries = EntryRows(matrix) else { return nil }
    let kind = EntryWork.Kind.fold(f, fill: elements.fill, extent: shape[axis])
    return try run(EntryWork(entries, kind, type: type), row, device)
  }

  /// The fold of all elements: a dense one of the values, then what is not stored.
  private func folded(
    _ f: ScalarFunction, _ elements: SparseElements, _ type: TensorType
  ) throws -> Buffer? {
    let count = elements.type.shape.codes.reduce(UInt128(1)) { $0 &* UInt128($1) }
    guard elements.count > 0 else { return nil }
    let stored = try kernels.result(of: plan.passContext, [elements.values]) { program, values in
      try program.add(.reduce(f, AxisSet([0])), [values[0]])
    }
    let missing = count - UInt128(elements.count)
    guard let stored else { return nil }
    if missing == 0 { return stored }
    try stored.load()
    let fold = f.folded(elements.fill.converted(to: type.dtype), count: missing)
    let result = try Buffer(allocating: type, in: kernels.context.memory)
    f.evaluate(stored.scalar(at: 0), fold, fold).store(to: result.base)
    return result
  }

  /// All elements of an array by rows, densely; told of, as they take more room.
  private func dense(
    _ row: Int, _ operand: Value, _ device: any EntryDevice
  ) throws -> Buffer? {
    let elements = try elements(operand)
    let (shape, order) = (elements.type.shape.codes, elements.layout.order)
    guard shape.count == 2 || order == Array(shape.indices), shape.count > 1,
      let entries = EntryRows(elements), let last = order.last
    else { return nil }
    let kind = EntryWork.Kind.dense(
      fill: elements.fill, columns: shape[last],
      rowStride: order[0] == 0 ? shape[shape.count - 1] : 1,
      columnStride: order[0] == 0 ? 1 : shape[1])
    let work = EntryWork(entries, kind, type: elements.type)
    let result = try device.run(work, at: graph.rows[row].site, kernels.context) {
      try elements.values.load()
      let result = try Buffer(allocating: elements.type, in: kernels.context.memory)
      try elements.copy(to: result.base, result.byteCount)
      return result
    }
    if result != nil { noteDense(elements, row) }
    return result
  }
}

extension SparseKernels {
  /// Tells that something runs here, not on the device.
  func noteFallback(_ message: String, _ site: SourceSite) {
    context.counters.add("fallbacks")
    context.counters.note(Counters.Event(kind: "fallback", message: message, site: site))
  }

  /// The result of a small dense program over buffers, on the device; nil where there is none.
  func result(
    of passContext: PassContext, _ inputs: [Buffer],
    _ body: (inout Graph, [Value]) throws -> Value
  ) throws -> Buffer? {
    guard let device else { return nil }
    var program = Graph(name: "entries")
    let parameters = inputs.enumerated().map { program.addParameter("p\($0)", $1.type) }
    program.outputs = [try body(&program, parameters)]
    return try device.prepare(program, passContext).run(inputs, context).first
  }

  /// Whether values that only the device has all differ from a fill, as numbers; false where that is
  /// to be found out here.
  func allDiffer(_ values: Buffer, from fill: Scalar) throws -> Bool {
    guard device != nil, !values.isHere, values.count > 0 else { return false }
    let any = try result(of: PassContext(), [values]) { program, values in
      let shape = program.type(values[0]).shape
      let same: Value
      if Self.isNaN(fill) {
        same = try program.add(.map(.notEqual), [values[0], values[0]])
      } else {
        let constant = try program.add(.constant(fill))
        let fills = try program.add(.broadcast(to: shape, axes: []), [constant])
        same = try program.add(.map(.equal), [values[0], fills])
      }
      return try program.add(.reduce(.logicalOr, AxisSet([0])), [same])
    }
    guard let any else { return false }
    try any.load()
    return !any.scalar(at: 0).boolValue
  }

  /// Whether some element is infinite or NaN or, where asked, zero.
  func hasExceptions(
    _ values: Buffer, zeros: Bool, _ passContext: PassContext
  ) throws -> Bool {
    if device == nil || values.isHere || values.count == 0 {
      return try !exceptionalPlaces(values, zeros: zeros).isEmpty
    }
    let flat = values.reinterpreted(as: TensorType(values.type.dtype, Shape([values.count])))
    let all = try result(of: passContext, [flat]) { program, values in
      let type = program.type(values[0])
      let zero = try program.add(.constant(Scalar(0 as Int64, type.dtype)))
      let zeroes = try program.add(.broadcast(to: type.shape, axes: []), [zero])
      var isFine = try program.add(.map(.notEqual), [values[0], zeroes])
      if type.dtype.isInexact {
        let isFinite = try program.add(.map(.isfinite), [values[0]])
        isFine = zeros ? try program.add(.map(.logicalAnd), [isFine, isFinite]) : isFinite
      }
      return try program.add(.reduce(.logicalAnd, AxisSet([0])), [isFine])
    }
    guard let all else { return true }
    try all.load()
    return !all.scalar(at: 0).boolValue
  }

  /// Whether no float is negative or NaN, wherever they are.
  func isNowhereNegative(_ values: Buffer, _ passContext: PassContext) throws -> Bool {
    if device == nil || values.isHere { return values.isNowhereNegative }
    if values.count == 0 { return true }
    let flat = values.reinterpreted(as: TensorType(values.type.dtype, Shape([values.count])))
    let all = try result(of: passContext, [flat]) { program, values in
      let type = program.type(values[0])
      let zero = try program.add(.constant(Scalar(0 as Int64, type.dtype)))
      let zeroes = try program.add(.broadcast(to: type.shape, axes: []), [zero])
      let isFine = try program.add(.map(.greaterEqual), [values[0], zeroes])
      return try program.add(.reduce(.logicalAnd, AxisSet([0])), [isFine])
    }
    guard let all else { return false }
    try all.load()
    return all.scalar(at: 0).boolValue
  }

  /// Whether all elements of a dense array are finite, wherever it is.
  func isFinite(_ values: Buffer, _ passContext: PassContext) throws -> Bool {
    if device == nil || values.isHere { return values.isFinite }
    guard values.type.dtype.isInexact else { return true }
    return try !hasExceptions(values, zeros: false, passContext)
  }

  /// The elements of a dense array at entries, by the device; nil where it has no kernel.
  func taken(
    _ view: DenseView, at elements: SparseElements, _ passContext: PassContext
  ) throws -> Buffer? {
    guard let device, elements.count > 0 else { return nil }
    let order = elements.layout.order
    let strides = order.map { view.strides[$0] }
    let shape = elements.type.shape.codes
    let type = TensorType(view.buffer.type.dtype, Shape([elements.count]))
    if let rows = EntryRows(elements) {
      let axes = order.dropLast().map {
        EntryAxis(extent: shape[$0], source: view.strides[$0], target: 0)
      }
      let kind = EntryWork.Kind.take(
        from: view.buffer, rows: axes, columnStride: strides[strides.count - 1])
      return try device.run(EntryWork(rows, kind, type: type), at: .none, context) {
        guard try !PositionWidth.isWide([shape]) else { throw Self.tooWide(elements.type) }
        try view.buffer.load()
        try elements.values.load()
        let entries: Entries<UInt64> = try entries(of: elements, order: order)
        return try values(of: view, at: entries.keys, Frame(shape, order: order))
      }
    }
    guard let lists = elements.coordinateLists else { return nil }
    let flat = view.buffer.reinterpreted(
      as: TensorType(view.buffer.type.dtype, Shape([view.buffer.count])))
    return try result(of: passContext, [flat] + lists) { program, values in
      var index: Value?
      for (level, stride) in strides.enumerated() where stride != 0 {
        let wide = try program.add(.convert(.int64), [values[level + 1]])
        let step = try program.add(.constant(Scalar(Int64(stride), .int64)))
        let steps = try program.add(.broadcast(to: type.shape, axes: []), [step])
        let term = try program.add(.map(.multiply), [wide, steps])
        index = try index.map { try program.add(.map(.add), [$0, term]) } ?? term
      }
      if let index { return try program.add(.gather(axis: 0), [values[0], index]) }
      // One element for all.
      let element = try program.add(.reshape(.scalar), [values[0]])
      return try program.add(.broadcast(to: type.shape, axes: []), [element])
    }
  }

  private static func tooWide(_ type: TensorType) -> WeftError {
    WeftError(.tooLarge, "sparse", "\(type) has more elements than 64 bits count")
  }
}

extension SparseElements {
  /// Whether the arrays of the levels are another's.
  func sharesLevels(with other: SparseElements) -> Bool {
    if self === other { return true }
    guard layout.hasLevels(of: other.layout), type.shape == other.type.shape else { return false }
    return zip(levels, other.levels).allSatisfy { a, b in
      switch (a, b) {
      case (.dense, .dense): true
      case (.compressed(let p, let c), .compressed(let q, let d)): p === q && c === d
      case (.singleton(let c), .singleton(let d)): c === d
      default: false
      }
    }
  }

  /// A coordinate of each entry for each level, of arrays that store just these; nil for others.
  fileprivate var coordinateLists: [Buffer]? {
    guard layout.leadingDenseLevels == 0, layout.packing == .elements else { return nil }
    var lists: [Buffer] = []
    for (level, kind) in zip(levels, layout.levels) {
      switch (level, kind) {
      case (.compressed(_, let coordinates), _) where lists.isEmpty: lists.append(coordinates)
      case (.singleton(let coordinates), .singleton): lists.append(coordinates)
      default: return nil
      }
    }
    return lists
  }
}
