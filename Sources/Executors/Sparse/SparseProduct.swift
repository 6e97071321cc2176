import WeftIR

extension SparseRowRunner {
  /// A sum of products with one or two sparse factors.
  func contracted<Key: PositionKey>(
    _ row: Int, _ contraction: Contraction, _ operands: [Value], _ key: Key.Type
  ) throws -> Buffer {
    if let result = try rowsTimesVector(row, contraction, operands) { return result }
    if let result = try packedTimesDense(row, contraction, operands) { return result }
    let places = operands.indices.filter { plan.layouts[operands[$0]].isSparse }
    let diagonals = try places.map { place in
      try diagonal(elements(operands[place]), contraction.operands[place], key)
    }
    let sparse = diagonals.map(\.elements)
    var factors: [DenseFactor] = []
    for (place, operand) in operands.enumerated() where !places.contains(place) {
      factors.append(DenseFactor(try view(operand), contraction.operands[place]))
    }
    if operands.count == 1, Set(diagonals[0].labels) == Set(contraction.output) {
      let axes = contraction.output.compactMap { diagonals[0].labels.firstIndex(of: $0) }
      return try moved(row, sparse[0], axes, key)
    }
    // What is not stored is zero times an infinity or NaN.
    let isFinite =
      factors.allSatisfy { $0.view.buffer.isFinite }
      && (sparse.count == 1 || sparse.allSatisfy { $0.values.isFinite })
    guard isFinite else { return try contractedDensely(row, operands) }
    if sparse.count == 2 {
      let mask = try plan.masks[row].flatMap { isKnown($0) ? try elements($0) : nil }
      return try SparseMatrixProduct(
        self, row, contraction, diagonals.map(\.labels), sparse, at: mask
      ).run(key)
    }
    let terms = ProductTerms(
      sparse[0], diagonals[0].labels, factors, to: contraction.output,
      type(row).shape.codes)
    if let result = try rowsTimesDense(row, terms) { return result }
    // One value an entry first, unless sums go straight to dense rows.
    let isSampled =
      layout(row) != nil || terms.factors.isEmpty || !terms.innerLabels.isEmpty
      || terms.output.isEmpty
    if terms.freeLabels.isEmpty, isSampled { return try sampled(row, terms, key) }
    return try spread(row, terms)
  }

  /// The entries with axes in another order: a sum would lose signs of zeros.
  private func moved<Key: PositionKey>(
    _ row: Int, _ elements: SparseElements, _ axes: [Int], _: Key.Type
  ) throws -> Buffer {
    let turned = SparseElements(
      type(row), elements.layout.permuted(axes), levels: elements.levels, values: elements.values)
    if layout(row) != nil {
      let order = Array(0..<axes.count)
      return try result(row, kernels.entries(of: turned, order: order, Key.self))
    }
    let result = try Buffer(allocating: type(row), in: kernels.context.memory)
    try turned.copy(to: result.base, result.byteCount)
    return result
  }

  /// The entries on the diagonal of axes with one label, which become one axis.
  private func diagonal<Key: PositionKey>(
    _ elements: SparseElements, _ labels: [Int], _: Key.Type
  ) throws -> (elements: SparseElements, labels: [Int]) {
    let kept = labels.indices.filter { labels.firstIndex(of: labels[$0]) == $0 }
    if kept.count == labels.count { return (elements, labels) }
    let shape = elements.type.shape.codes
    let type = TensorType(elements.type.dtype, Shape(kept.map { shape[$0] }))
    let source = Frame<Key>(shape, order: Array(shape.indices))
    let target = Frame<Key>(type.shape.codes, order: Array(kept.indices))
    let twins = labels.compactMap { labels.firstIndex(of: $0) }
    let strides = twins.indices.map { axis in
      kept.firstIndex(of: axis).map { target.strides[$0] } ?? 0
    }
    let entries = try kernels.entries(of: elements, order: source.order, Key.self)
    let keys: Vector<Key> = try kernels.vector(entries.count)
    let isKept: Vector<Bool> = try kernels.vector(entries.count)
    try kernels.forEachPart(entries.count) { range in
      withUnsafeTemporaryAllocation(of: Key.self, capacity: twins.count) { coordinates in
        for entry in range {
          var (rest, key, isOn) = (entries.keys.base[entry], Key.zero, true)
          for axis in twins.indices {
            let (coordinate, next) = rest.quotientAndRemainder(dividingBy: source.strides[axis])
            rest = next
            coordinates[axis] = coordinate
            isOn = isOn && coordinates[twins[axis]] == coordinate
            key = key &+ coordinate &* strides[axis]
          }
          keys.base[entry] = key
          isKept.base[entry] = isOn
        }
      }
    }
    // First coordinates are in order, as the others on a diagonal follow from them.
    var own = Entries(keys: keys, values: entries.values)
    if let places = try kernels.places(entries.count, where: { isKept.base[$0] }) {
      own = Entries(
        keys: try kernels.subset(keys, places),
        values: try kernels.moved(entries.values, count: places.count) { places.base[$0] })
    }
    let layout = Layout.coordinates(rank: type.rank, fill: elements.fill)
    return (try kernels.elements(own, type, layout), kept.map { labels[$0] })
  }

  /// A product with infinities or NaN among its factors, from dense ones.
  private func contractedDensely(_ row: Int, _ operands: [Value]) throws -> Buffer {
    var program = Graph(name: graph.name)
    var inputs: [Buffer] = []
    var parameters: [Value] = []
    for operand in operands {
      let type = graph.type(operand)
      parameters.append(program.addParameter("p\(inputs.count)", type))
      if plan.layouts[operand].isSparse {
        inputs.append(
          try densified(row, operand, because: "other factors have infinite or NaN elements"))
      } else {
        inputs.append(try whole(operand))
      }
    }
    program.outputs = [try program.add(graph.rows[row].op, parameters)]
    let executable = try plan.dense.prepare(program, plan.passContext)
    let results = try executable.run(inputs, kernels.context)
    guard let result = results.first else { throw missing(operands[0]) }
    guard let layout = layout(row) else { return result }
    let type = type(row)
    return try compressed(
      result, type, layout.filled((layout.fill ?? Scalar(false)).converted(to: type.dtype)),
      UInt64.self)
  }

  /// The same array by rows of one of its axes, where that axis is not much longer than entries are
  /// many; told of where it is made anew for a device.
  func rows(_ elements: SparseElements, by axis: Int, for row: Int? = nil) throws -> SparseElements?
  {
    guard elements.type.rank == 2 else { return nil }
    let layout = axis == 0 ? Layout.csr(fill: elements.fill) : Layout.csc(fill: elements.fill)
    guard elements.type.shape.codes[axis] <= 1 << 16 + 8 * elements.count else { return nil }
    return try elements.inLayout(layout) { () throws in
      if let row { try noteRows(elements, layout, row) }
      return try kernels.relaid(elements, layout)
    }
  }
}

/// A dense factor of a product with the labels of its axes.
struct DenseFactor: Sendable {
  let view: DenseView
  let labels: [Int]

  init(_ view: DenseView, _ labels: [Int]) {
    self.view = view
    self.labels = labels
  }

  /// Elements between neighbours along a label; a label that stands twice walks a diagonal.
  func stride(of label: Int) -> Int {
    zip(labels, view.strides).reduce(0) { $1.0 == label ? $0 + $1.1 : $0 }
  }
}

/// A product with one sparse factor, by what its labels do.
struct ProductTerms: Sendable {
  let elements: SparseElements
  /// The labels of the sparse factor's axes.
  let labels: [Int]
  let factors: [DenseFactor]
  let output: [Int]
  /// The labels of the result that the sparse factor lacks.
  let freeLabels: [Int]
  /// The labels that are summed and that the sparse factor lacks.
  let innerLabels: [Int]
  private var extents: [Int: Int] = [:]
  private var outputStrides: [Int: Int] = [:]

  init(
    _ elements: SparseElements, _ labels: [Int], _ factors: [DenseFactor], to output: [Int],
    _ shape: [Int]
  ) {
    self.elements = elements
    self.labels = labels
    self.factors = factors
    self.output = output
    freeLabels = output.filter { !labels.contains($0) }
    var inner: [Int] = []
    for factor in factors {
      for label in factor.labels
      where !labels.contains(label) && !output.contains(label) && !inner.contains(label) {
        inner.append(label)
      }
      for (label, extent) in zip(factor.labels, factor.view.extents) { extents[label] = extent }
    }
    innerLabels = inner
    var stride = 1
    for (label, extent) in zip(output, shape).reversed() {
      outputStrides[label] = stride
      stride = stride &* extent
    }
  }

  /// The same with the sparse factor in another layout.
  func with(_ elements: SparseElements) -> ProductTerms {
    ProductTerms(elements, labels, factors, to: output, outputShape)
  }

  private var outputShape: [Int] {
    output.map { label in
      labels.firstIndex(of: label).map { elements.type.shape.codes[$0] } ?? extents[label] ?? 1
    }
  }

  /// The positions along a label of the factors.
  func extent(of label: Int) -> Int { extents[label] ?? 1 }

  func outputStride(of label: Int) -> Int { outputStrides[label] ?? 0 }

  /// The offsets that some labels reach, in C order of the labels.
  func offsets(over labels: [Int], _ stride: (Int) -> Int) -> [Int] {
    var offsets = [0]
    for label in labels {
      let (extent, step) = (extents[label] ?? 1, stride(label))
      offsets = offsets.flatMap { base in (0..<extent).map { base + $0 * step } }
    }
    return offsets
  }

  /// The sum of each entry's coordinates times the strides of its labels.
  func entryOffsets(
    _ kernels: SparseKernels, _ stride: (Int) -> Int
  ) throws -> Vector<Int> {
    try kernels.sums(of: elements, elements.layout.order.map { stride(labels[$0]) })
  }
}
