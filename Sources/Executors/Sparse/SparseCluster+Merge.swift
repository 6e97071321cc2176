import WeftIR
import WeftPasses

/// Elementwise rows over sparse arrays in one pass over their entries (`MergedRun`).
extension SparseCluster {
  /// The result; nil where others serve: levels that are not merged so, many lists that nothing merges yet.
  func merged(
    _ sparse: [Value: SparseElements], _ views: [Value: DenseView], _ kernels: SparseKernels
  ) throws -> Buffer? {
    let type = graph.type(Value(row: root))
    guard let space = try ListSpace(type.shape.codes, layout, kernels) else { return nil }
    var elements: [Value: SparseElements] = [:]
    var stored: [Value: ListSpace.Lists] = [:]
    for (input, own) in sparse {
      let isLaid = own.layout.hasLevels(of: layout)
      let laid =
        try isLaid
        ? own
        : own.inLayout(layout.filled(own.fill)) { () throws in try kernels.relaid(own, layout) }
      elements[input] = laid
      stored[input] = try space.positions(of: laid)
    }
    guard let plan = try MergedPlan(self, space, stored, elements, views),
      let merger = try ListMerger(plan, compiler)
    else { return nil }
    let computing = try compiler?.code(
      of: plan.elements, entries: plan.entries, kernels.context.counters)
    let run = try MergedRun(plan, merger, computing, type, filled(type), kernels)
    if computing != nil {
      // What shares levels has been computed in place, but for entries that go.
      let isThinned =
        views.isEmpty
        && sparse.values.allSatisfy { own in
          own.layout.hasLevels(of: layout)
            && sparse.values.allSatisfy { $0.sharesLevels(with: own) }
        }
      return Buffer(try run.result(isThinned: isThinned), in: kernels.context.memory)
    }
    let (lists, vectors) = try run.vectors()
    let values = try compute(lists.count * space.width, kernels) { input in
      guard let vector = vectors[input] else { throw missing(input) }
      return vector
    }
    guard layout.packing == .elements,
      let kept = try kernels.places(of: values, differingFrom: fill(type))
    else {
      return Buffer(space.elements(lists, values, type, filled(type)), in: kernels.context.memory)
    }
    return Buffer(
      space.elements(
        try space.subset(lists, kept),
        try kernels.moved(values, count: kept.count) { kept.base[$0] }, type, filled(type)),
      in: kernels.context.memory)
  }

  /// The result over the values of arrays that share levels, which it keeps: one pass; nil where nothing is compiled
  /// for it, and where entries go.
  func computedInPlace(
    _ sparse: [Value: SparseElements], _ first: SparseElements, _ kernels: SparseKernels
  ) throws -> Buffer? {
    let type = graph.type(Value(row: root))
    let elements = MergedElements(
      inputs.map {
        MergedElements.Operand($0, graph.type($0).dtype, isUniform: uniform($0) != nil)
      })
    guard first.count > 0,
      let code = try compiler?.code(
        of: elements, entries: first.count, kernels.context.counters)
    else { return nil }
    let operands = try inputs.map { input -> Buffer in
      if let own = sparse[input] { return own.values }
      guard let element = uniform(input) else { throw missing(input) }
      let buffer = try kernels.values(1, element.dtype)
      element.store(to: buffer.base)
      return buffer
    }
    let fill = try kernels.values(1, type.dtype)
    self.fill(type).store(to: fill.base)
    let result = try kernels.values(first.count, type.dtype)
    let length = SparseKernels.entriesOfPart
    let differing: Vector<Int64> = try kernels.vector((first.count + length - 1) / length)
    let isUniform = elements.operands.map(\.isUniform)
    kernels.context.counters.add("mergeKernels")
    try kernels.forEachPart(first.count) { range in
      let start = range.lowerBound
      var bases: [UnsafeMutableRawPointer?] = zip(operands, isUniform).map { operand, isUniform in
        operand.base + (isUniform ? 0 : start * operand.type.dtype.itemSize)
      }
      bases += [
        fill.base, result.base + start * type.dtype.itemSize,
        UnsafeMutableRawPointer(differing.base + start / length),
      ]
      code.call.run(bases, [Int64(range.count)], 0..<1)
    }
    let kept = (0..<differing.count).reduce(Int64(0)) { $0 + differing.base[$1] }
    // Blocks and diagonals hold fills, too.
    if kept < first.count, layout.packing == .elements { return nil }
    return Buffer(
      SparseElements(type, filled(type), levels: first.levels, values: result),
      in: kernels.context.memory)
  }
}
