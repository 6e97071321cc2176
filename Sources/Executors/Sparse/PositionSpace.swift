import WeftIR

/// A way to keep positions of one shape, and what it takes to say which ones elementwise rows have.
protocol PatternSpace {
  /// Sorted positions, each once.
  associatedtype Positions

  /// Where an array stores something; nil where it is stored in another way than the space's.
  func positions(of elements: SparseElements) throws -> Positions?
  func isSame(_ a: Positions, _ b: Positions) -> Bool
  /// The values of the array that the positions are of, in their order; nil where that is its own.
  func values(_ positions: Positions) -> Buffer?
  /// Some of the positions, by their numbers in order.
  func subset(_ positions: Positions, _ places: Vector<Int>) throws -> Positions
  /// The positions of elements of a view, given by places in its buffer; nil where others know how.
  func positions(of places: [Int], in view: DenseView) throws -> Positions?
  /// The positions that a formula of some has; nil where others know how, or where it has none.
  func merged(_ formula: MergeFormula, of leaves: [Positions]) throws -> Positions?
}

/// A space that merges positions and finds values at them.
protocol PositionSpace: PatternSpace {
  /// No positions; nil where others have to be asked.
  func nothing() throws -> Positions?
  func count(_ positions: Positions) -> Int
  func merged(_ a: Positions, _ b: Positions, _ kind: SparseKernels.Merge) throws -> Positions
  /// The values at positions of an array that has some at its own; the fill elsewhere.
  func values(_ values: Buffer, of own: Positions, at positions: Positions, fill: Scalar)
    throws -> Buffer
  /// The elements of a view at positions.
  func values(of view: DenseView, at positions: Positions) throws -> Buffer
  /// The coordinate of each position along an axis, as `int64`.
  func coordinates(along axis: Int, at positions: Positions) throws -> Buffer
  /// An array of values at positions.
  func elements(_ positions: Positions, _ values: Buffer, _ type: TensorType, _ layout: Layout)
    throws -> SparseElements
}

extension PositionSpace {
  func merged(_ formula: MergeFormula, of leaves: [Positions]) throws -> Positions? {
    var result: Positions?
    for term in formula.terms {
      // The fewest first: what is left only gets less.
      let sorted = term.map { leaves[$0] }.sorted { count($0) < count($1) }
      guard var own = sorted.first else { continue }
      for other in sorted.dropFirst() { own = try merged(own, other, .intersection) }
      result = try result.map { try merged($0, own, .union) } ?? own
    }
    return result
  }
}

/// Positions as numbers: any layout, at the price of a conversion.
struct KeySpace<Key: PositionKey>: PositionSpace {
  let frame: Frame<Key>
  let order: [Int]
  let kernels: SparseKernels

  init(_ shape: [Int], order: [Int], _ kernels: SparseKernels) {
    frame = Frame(shape, order: order)
    self.order = order
    self.kernels = kernels
  }

  /// The positions, and the values in their order.
  final class Numbers: Sendable {
    let keys: Vector<Key>
    /// Of entries that had to be sorted.
    let values: Buffer?

    init(_ keys: Vector<Key>, _ values: Buffer? = nil) {
      self.keys = keys
      self.values = values
    }
  }

  func nothing() throws -> Numbers? { Numbers(try kernels.vector(0)) }

  func positions(of elements: SparseElements) throws -> Numbers? {
    let entries: Entries<Key> = try kernels.entries(of: elements, order: order)
    return Numbers(entries.keys, entries.values)
  }

  func count(_ positions: Numbers) -> Int { positions.keys.count }

  func values(_ positions: Numbers) -> Buffer? { positions.values }

  func isSame(_ a: Numbers, _ b: Numbers) -> Bool { a.keys === b.keys }

  func merged(_ a: Numbers, _ b: Numbers, _ kind: SparseKernels.Merge) throws -> Numbers {
    let keys = try kernels.merge(a.keys, b.keys, kind)
    return keys === a.keys ? a : keys === b.keys ? b : Numbers(keys)
  }

  func subset(_ positions: Numbers, _ places: Vector<Int>) throws -> Numbers {
    Numbers(try kernels.subset(positions.keys, places))
  }

  func positions(of places: [Int], in view: DenseView) throws -> Numbers? {
    Numbers(try kernels.positions(of: places, in: view, frame))
  }

  func values(
    _ values: Buffer, of own: Numbers, at positions: Numbers, fill: Scalar
  ) throws -> Buffer {
    try kernels.values(
      of: Entries(keys: own.keys, values: own.values ?? values), at: positions.keys, fill: fill)
  }

  func values(of view: DenseView, at positions: Numbers) throws -> Buffer {
    try kernels.values(of: view, at: positions.keys, frame)
  }

  func coordinates(along axis: Int, at positions: Numbers) throws -> Buffer {
    let result = try kernels.values(count(positions), .int64)
    nonisolated(unsafe) let target = result.base.assumingMemoryBound(to: Int64.self)
    let level = frame.order.firstIndex(of: axis) ?? 0
    let (stride, extent) = (
      frame.strides[level], Key(truncatingIfNeeded: max(1, frame.extents[level]))
    )
    try kernels.forEachPart(count(positions)) { range in
      for place in range {
        target[place] = Int64(
          truncatingIfNeeded: positions.keys.base[place] / stride % extent)
      }
    }
    return result
  }

  func elements(
    _ positions: Numbers, _ values: Buffer, _ type: TensorType, _ layout: Layout
  ) throws -> SparseElements {
    try kernels.elements(Entries(keys: positions.keys, values: values), type, layout)
  }
}
