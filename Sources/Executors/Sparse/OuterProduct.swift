import WeftIR

/// A product of two sparse arrays that are repeated along each other's axes, as `kron` and `outer` make it:
/// an entry for each pair of entries, without the repetitions in between.
struct OuterProduct: Sendable {
  let row: Int
  /// The repeated arrays, and the axes of the result that theirs are.
  let sources: [(value: Value, axes: [Int])]
  /// The rows that repeat them.
  let broadcasts: [Int]

  /// nil for other rows.
  init?(_ row: Int, of graph: Graph, _ layouts: GraphLayouts, uses: [Int]) {
    guard case .map(.multiply) = graph.rows[row].op, layouts.layout(of: Value(row: row)) != nil
    else { return nil }
    let extents = graph.type(Value(row: row)).shape.codes
    var sources: [(value: Value, axes: [Int])] = []
    var taken = Set<Int>()
    for operand in graph.operands(row) {
      guard case .broadcast(_, let axes) = graph.op(operand), uses[operand.index] == 1,
        let source = graph.operands(operand.index).first,
        layouts.layout(of: source)?.fill?.boolValue == false, layouts[operand].isSparse
      else { return nil }
      let own = graph.type(source).shape.codes
      let moving = own.indices.filter { own[$0] != 1 }.map { axes[$0] }
      guard taken.isDisjoint(with: moving) else { return nil }
      taken.formUnion(moving)
      sources.append((source, axes))
    }
    // Along other axes entries would be repeated, too.
    guard sources.count == 2, extents.indices.allSatisfy({ extents[$0] == 1 || taken.contains($0) })
    else { return nil }
    self.row = row
    self.sources = sources
    broadcasts = graph.operands(row).map(\.index)
  }
}

extension SparseRowRunner {
  /// The products of all pairs of entries; nil where an infinity or NaN meets what is not stored.
  func outer(_ product: OuterProduct) throws -> Buffer? {
    let shape = graph.type(Value(row: product.row)).shape.codes
    return try PositionWidth.isWide([shape])
      ? outer(product, UInt128.self) : outer(product, UInt64.self)
  }

  private func outer<Key: PositionKey>(_ product: OuterProduct, _: Key.Type) throws -> Buffer? {
    let parts = try product.sources.map { try elements($0.value) }
    guard parts.allSatisfy({ $0.values.isFinite }) else { return nil }
    let type = graph.type(Value(row: product.row))
    let frame = Frame<Key>(type.shape.codes, order: Array(0..<type.rank))
    let places = try zip(parts, product.sources).map { part, source in
      let own = part.type.shape.codes
      return try kernels.sums(
        of: part,
        part.layout.order.map { own[$0] == 1 ? Key.zero : frame.strides[source.axes[$0]] })
    }
    let (a, b) = (places[0], places[1])
    let (count, overflow) = a.count.multipliedReportingOverflow(by: b.count)
    guard !overflow else {
      throw WeftError(.tooLarge, "multiply", "\(a.count) times \(b.count) entries are too many")
    }
    let keys: Vector<Key> = try kernels.vector(count)
    let values = try kernels.values(count, type.dtype)
    try kernels.forEachRange(a.count, entries: count) { entry in
      let (base, target) = (a.base[entry], keys.base + entry &* b.count)
      for other in 0..<b.count { target[other] = base &+ b.base[other] }
    }
    if type.dtype == .float16 || type.dtype == .bfloat16 {
      try kernels.forEachRange(a.count, entries: count) { entry in
        let x = parts[0].values.scalar(at: entry).doubleValue
        for other in 0..<b.count {
          Scalar(x * parts[1].values.scalar(at: other).doubleValue, type.dtype)
            .store(to: values.base + (entry * b.count + other) * 2)
        }
      }
    } else {
      try withSparseNumber(
        type.dtype, Pairs(a: parts[0].values, b: parts[1].values, result: values, kernels: kernels))
    }
    let entries = try kernels.pruned(
      kernels.sorted(keys, values), fill: Scalar(0 as Int64, type.dtype))
    return try result(product.row, entries)
  }

  /// Each value times each other.
  private struct Pairs: SparseNumberBody {
    let a: Buffer
    let b: Buffer
    let result: Buffer
    let kernels: SparseKernels

    func run<Element: SparseNumber>(_: Element.Type) throws {
      nonisolated(unsafe) let x = a.base.assumingMemoryBound(to: Element.self)
      nonisolated(unsafe) let y = b.base.assumingMemoryBound(to: Element.self)
      nonisolated(unsafe) let z = result.base.assumingMemoryBound(to: Element.self)
      let count = b.count
      try kernels.forEachRange(a.count, entries: result.count) { entry in
        let (value, target) = (x[entry], z + entry &* count)
        for other in 0..<count { target[other] = Element.product(value, y[other]) }
      }
    }
  }
}
