import WeftIR

extension SparseRowRunner {
  /// Slices, reversals, padding and joining of arrays in rows; nil for others.
  func shiftedRows<Key: PositionKey>(
    _ row: Int, _ operands: [Value], _ shifts: [[AxisShift]], _ key: Key.Type
  ) throws -> Buffer? {
    guard let layout = layout(row), layout.hasRows else { return nil }
    let type = type(row)
    var moved: [(elements: SparseElements, shifts: [AxisShift])] = []
    let sparse = operands.compactMap { plan.layouts.layout(of: $0) }
    guard sparse.allSatisfy({ $0.unpacked.hasLevels(of: layout) }) else { return nil }
    for (operand, own) in zip(operands, shifts) {
      guard let elements = try joinable(row, operand, key) else { continue }
      guard elements.rows != nil, elements.layout.hasLevels(of: layout) else { return nil }
      moved.append((elements, layout.order.map { own[$0] }))
    }
    guard let index = Self.commonIndex(moved.map(\.elements), type.shape.codes) else { return nil }
    return index == .int32
      ? try shiftedRows(moved, type, layout, Int32.self)
      : try shiftedRows(moved, type, layout, Int64.self)
  }

  /// The dtype of all indices of some arrays in rows, where those of a result of a shape are of it as well.
  private static func commonIndex(_ sources: [SparseElements], _ shape: [Int]) -> DType? {
    let dtypes = sources.compactMap { $0.rows?.columns.type.dtype }
    guard let first = dtypes.first, dtypes.count == sources.count,
      dtypes.allSatisfy({ $0 == first }),
      SparseElements.indexDType(shape, count: 0) == first
    else { return nil }
    return first
  }

  private func shiftedRows<Index: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ moved: [(elements: SparseElements, shifts: [AxisShift])], _ type: TensorType,
    _ layout: Layout, _: Index.Type
  ) throws -> Buffer? {
    let outer = layout.order.dropLast().map { type.shape.codes[$0] }
    guard let rowCount = Self.product(outer), RowOrigin.fits(moved.count, rowCount) else {
      return nil
    }
    let last = layout.rank - 1
    let sources = moved.map {
      RowMovement<Index>.Source(elements: $0.elements, shift: $0.shifts[last])
    }
    let stays = moved.allSatisfy { array in
      array.shifts.dropLast().allSatisfy(\.changesNothing)
        && layout.order.dropLast().allSatisfy {
          array.elements.type.shape.codes[$0] == type.shape.codes[$0]
        }
    }
    if stays, moved.count == 1, moved[0].shifts[last].changesNothing {
      let elements = moved[0].elements
      return buffer(
        SparseElements(type, elements.layout, levels: elements.levels, values: elements.values))
    }
    let origins = stays ? nil : try rowOrigins(moved.map(\.shifts), layout, outer, rowCount)
    let movement = RowMovement(sources, rows: rowCount, origins: origins, kernels)
    guard let made = try withSparseItem(type.dtype, movement) else { return nil }
    let fill = (layout.fill ?? Scalar(false)).converted(to: type.dtype)
    return buffer(made.elements(type, layout.filled(fill)))
  }

  private static func product(_ extents: [Int]) -> Int? {
    var product = 1
    for extent in extents {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      product = next
    }
    return product
  }

  /// Which row of which array each row of a result is, from how coordinates of each array change.
  private func rowOrigins(
    _ shifts: [[AxisShift]], _ layout: Layout, _ outer: [Int], _ rowCount: Int
  ) throws -> Vector<Int> {
    let origins: Vector<Int> = try kernels.vector(rowCount)
    nonisolated(unsafe) let places = origins.base
    // Of what has one array each row looks for its own; else each row of an array goes to its place.
    if shifts.count == 1 {
      let own = Array(shifts[0].dropLast())
      let extents = own.map { $0.sourceExtent }
      try kernels.forEachRows(rowCount) { range in
        for row in range {
          places[row] =
            Self.row(row, outer, extents) { own[$0].origin($1) }
            .map { RowOrigin.code(0, $0) } ?? RowOrigin.none
        }
      }
      return origins
    }
    origins.base.update(repeating: RowOrigin.none, count: rowCount)
    for (source, own) in shifts.enumerated() {
      let own = Array(own.dropLast())
      let extents = own.map { $0.sourceExtent }
      guard let count = Self.product(extents) else { continue }
      try kernels.forEachRows(count) { range in
        for row in range {
          guard let target = Self.row(row, extents, outer, { own[$0].moved($1) }) else { continue }
          places[target] = RowOrigin.code(source, row)
        }
      }
    }
    return origins
  }

  /// The number of a row of some extents among those of others, level by level.
  @inline(__always)
  private static func row(
    _ row: Int, _ extents: [Int], _ others: [Int], _ moved: (Int, Int) -> Int?
  ) -> Int? {
    if extents.count == 1 { return moved(0, row) }
    var (rest, stride, sum) = (row, 1, 0)
    for level in extents.indices.reversed() {
      let (next, coordinate) = rest.quotientAndRemainder(dividingBy: max(1, extents[level]))
      guard let place = moved(level, coordinate) else { return nil }
      sum &+= place &* stride
      stride &*= others[level]
      rest = next
    }
    return sum
  }

  // MARK: - Taking

  /// The entries at positions along an axis of an array in rows, in the same layout; nil where its arrays do not do.
  func gatheredRows(
    _ elements: SparseElements, at positions: Vector<Int>, _ axis: Int
  ) throws -> SparseElements? {
    var shape = elements.type.shape.codes
    shape[axis] = positions.count
    let type = TensorType(elements.type.dtype, Shape(shape))
    guard let index = Self.commonIndex([elements], shape) else { return nil }
    return index == .int32
      ? try gatheredRows(elements, positions, axis, type, Int32.self)
      : try gatheredRows(elements, positions, axis, type, Int64.self)
  }

  private func gatheredRows<Index: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ elements: SparseElements, _ positions: Vector<Int>, _ axis: Int, _ type: TensorType,
    _: Index.Type
  ) throws -> SparseElements? {
    let (layout, extents) = (elements.layout, elements.type.shape.codes)
    if layout.order.last == axis {
      let selection = ColumnSelection<Index>(elements, positions, extents[axis], kernels)
      return try withSparseItem(type.dtype, selection)?.elements(type, layout)
    }
    let outer = layout.order.dropLast().map { type.shape.codes[$0] }
    let own = layout.order.dropLast().map { extents[$0] }
    guard let rowCount = Self.product(outer), RowOrigin.fits(1, rowCount),
      let level = layout.order.firstIndex(of: axis)
    else { return nil }
    var origins = positions
    if own.count > 1 {
      let rows: Vector<Int> = try kernels.vector(rowCount)
      try kernels.forEachRows(rowCount) { range in
        for row in range {
          rows.base[row] =
            Self.row(row, outer, own) { $0 == level ? positions.base[$1] : $1 } ?? RowOrigin.none
        }
      }
      origins = rows
    }
    let source = RowMovement<Index>.Source(
      elements: elements, shift: AxisShift(count: extents[layout.order[layout.rank - 1]]))
    let movement = RowMovement([source], rows: rowCount, origins: origins, kernels)
    return try withSparseItem(type.dtype, movement)?.elements(type, layout)
  }
}

extension SparseKernels {
  /// Runs a body for ranges of rows of which each is little work.
  func forEachRows(_ count: Int, _ body: @Sendable (Range<Int>) -> Void) throws {
    let length = 1 << 14
    let parts = (count + length - 1) / length
    try context.scheduler.run(parts, context.token) { part, _ in
      body(part * length..<min(count, (part + 1) * length))
    }
  }
}
