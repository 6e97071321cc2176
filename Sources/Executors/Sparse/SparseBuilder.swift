import WeftIR

/// Makes sparse arrays from coordinates in any order.
public struct SparseBuilder: Sendable {
  private let kernels: SparseKernels

  /// A builder with threads and memory of a run.
  public init(_ context: RunContext) { kernels = SparseKernels(context: context) }

  /// The array with values at coordinates, one list of `int64` for each axis; values at one place
  /// are summed.
  ///
  /// - Throws: `shape-mismatch` for lists of different lengths; `index-out-of-bounds`;
  ///   `value` for a layout that arrays cannot have; `too-large`.
  public func array(
    _ type: TensorType, _ layout: Layout, coordinates: [Buffer], values: Buffer
  ) throws -> Buffer {
    let shape = type.shape.codes
    if let problem = layout.problem { throw WeftError(.value, "sparse", problem) }
    guard coordinates.count == shape.count, layout.rank == shape.count, !shape.isEmpty else {
      throw WeftError(
        .shapeMismatch, "sparse",
        "\(coordinates.count) lists of coordinates for \(type); it needs one for each axis")
    }
    for (axis, list) in coordinates.enumerated() {
      guard list.type.rank == 1, list.count == values.count, values.type.rank == 1 else {
        throw WeftError(
          .shapeMismatch, "sparse",
          "the coordinates along axis \(axis) are \(list.type), the values \(values.type)")
      }
      let base = list.base.assumingMemoryBound(to: Int64.self)
      for entry in 0..<list.count where base[entry] < 0 || base[entry] >= shape[axis] {
        throw WeftError(
          .indexOutOfBounds, "sparse",
          "coordinate \(base[entry]) of entry \(entry) is out of bounds for axis \(axis) with "
            + "extent \(shape[axis])")
      }
    }
    let fill = (layout.fill ?? Scalar(false)).converted(to: type.dtype)
    let filled = layout.filled(fill)
    let elements =
      try PositionWidth.isWide([shape])
      ? try entries(type, filled, coordinates, values, UInt128.self)
      : try entries(type, filled, coordinates, values, UInt64.self)
    return Buffer(elements, in: kernels.context.memory)
  }

  private func entries<Key: PositionKey>(
    _ type: TensorType, _ layout: Layout, _ coordinates: [Buffer], _ values: Buffer, _: Key.Type
  ) throws -> SparseElements {
    let frame = Frame<Key>(type.shape.codes, order: layout.order)
    let keys: Vector<Key> = try kernels.vector(values.count)
    for (level, axis) in layout.order.enumerated() {
      nonisolated(unsafe) let base = coordinates[axis].base.assumingMemoryBound(to: Int64.self)
      let stride = frame.strides[level]
      try kernels.forEachPart(keys.count) { range in
        for entry in range {
          let before = level == 0 ? Key.zero : keys.base[entry]
          keys.base[entry] = before &+ Key(truncatingIfNeeded: base[entry]) &* stride
        }
      }
    }
    let sorted = try kernels.sorted(keys, values)
    if try kernels.heads(sorted.keys) == nil { return try kernels.elements(sorted, type, layout) }
    let zero = Scalar(0 as Int64, type.dtype)
    let fold = SegmentFold(.add, type.dtype, fill: zero, count: UInt128(sorted.count))
    return try kernels.elements(kernels.folded(sorted, fold, type.dtype), type, layout)
  }

  /// The coordinates of an array's entries, one list of `int64` for each axis, and the values: in
  /// the order of the layout.
  public func coordinates(of elements: SparseElements) throws -> [Buffer] {
    let elements = try unpacked(elements)
    return try (0..<elements.type.rank).map { axis in
      try kernels.sums(of: elements, elements.layout.order.map { Int64($0 == axis ? 1 : 0) })
        .buffer(.int64)
    }
  }

  /// The same array with an element a node of its last level: blocks and diagonals become rows.
  public func unpacked(_ elements: SparseElements) throws -> SparseElements {
    try kernels.unpacked(elements)
  }

  /// The array in another layout, of the same fill.
  public func array(_ elements: SparseElements, in layout: Layout) throws -> SparseElements {
    try kernels.relaid(elements, layout)
  }
}
