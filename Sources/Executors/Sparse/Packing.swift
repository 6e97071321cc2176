import WeftIR

extension SparseKernels {
  /// The same array with an element a node of its last level, made once.
  func unpacked(_ elements: SparseElements) throws -> SparseElements {
    try elements.inLayout(elements.layout.unpacked) { () throws in
      try withSparseItem(elements.type.dtype, Unpacking(elements: elements, kernels: self))
    }
  }

  /// An array by rows as blocks or diagonals.
  ///
  /// - Throws: `too-large` where those that hold something have more elements than can be counted.
  func packed(_ rows: SparseElements, _ layout: Layout) throws -> SparseElements {
    try withSparseItem(
      rows.type.dtype, RowPacking(elements: rows, layout: layout, kernels: self))
  }
}

/// Blocks or diagonals as rows of elements that differ from the fill.
private struct Unpacking: SparseItemBody {
  let elements: SparseElements
  let kernels: SparseKernels

  func run<Item: SparseItem>(_: Item.Type) throws -> SparseElements {
    let type = elements.type
    let empty = elements.fill.item(Item.self)
    let source = elements.values.items(Item.self)
    let ends: Vector<Int> = try kernels.vector(type.shape.codes[0] + 1)
    ends.base.update(repeating: 0, count: ends.count)
    elements.forEachSlot { slot, row, _ in ends.base[row + 1] += source[slot] == empty ? 0 : 1 }
    for row in 1..<ends.count { ends.base[row] += ends.base[row - 1] }
    let count = ends[ends.count - 1]
    let dtype = SparseElements.indexDType(type.shape.codes, count: count)
    let positions = try kernels.indices(ends, dtype)
    let columns: Vector<Int> = try kernels.vector(count)
    let values = try kernels.values(count, type.dtype)
    let target = values.items(Item.self)
    // Slots of a row come by ascending columns.
    elements.forEachSlot { slot, row, column in
      if source[slot] == empty { return }
      columns.base[ends.base[row]] = column
      target[ends.base[row]] = source[slot]
      ends.base[row] += 1
    }
    return SparseElements(
      type, elements.layout.unpacked,
      levels: [
        .dense,
        .compressed(positions: positions, coordinates: try kernels.indices(columns, dtype)),
      ], values: values)
  }
}

/// Rows of elements as blocks or diagonals.
private struct RowPacking: SparseItemBody {
  let elements: SparseElements
  let layout: Layout
  let kernels: SparseKernels

  func run<Item: SparseItem>(_: Item.Type) throws -> SparseElements {
    guard case .compressed(let ends, let columns)? = elements.levels.last else { return elements }
    let shape = elements.type.shape.codes
    // Nodes of the packed levels, and where each element goes below its node.
    let (nodes, size): (Nodes, Int)
    let place: (_ row: Int, _ column: Int) -> Int
    switch layout.packing {
    case .elements: return elements
    case .blocks(let height, let width):
      nodes = try Nodes.blocks(ends, columns, height: height, width: width, kernels)
      size = height * width
      place = { row, column in row % height * width + column % width }
    case .diagonals:
      nodes = try Nodes.diagonals(ends, columns, kernels)
      size = shape[1]
      place = { _, column in column }
    }
    let (count, overflow) = nodes.coordinates.count.multipliedReportingOverflow(by: size)
    guard !overflow else {
      throw WeftError(.tooLarge, "store", "\(elements.type) in \(layout) has too many elements")
    }
    let values = try kernels.values(count, elements.type.dtype)
    let (source, target) = (elements.values.items(Item.self), values.items(Item.self))
    target.update(repeating: elements.fill.item(Item.self), count: count)
    for row in 0..<shape[0] {
      for entry in ends.index(at: row)..<ends.index(at: row + 1) {
        let column = columns.index(at: entry)
        target[nodes.ofEntry[entry] * size + place(row, column)] = source[entry]
      }
    }
    let dtype = SparseElements.indexDType(shape, count: count)
    let compressed = SparseElements.Level.compressed(
      positions: try kernels.indices(nodes.ends, dtype),
      coordinates: try kernels.indices(nodes.coordinates, dtype))
    return SparseElements(
      elements.type, layout.filled(elements.fill),
      levels: layout.packing == .diagonals ? [compressed, .dense] : [.dense, compressed],
      values: values)
  }
}

/// Nodes of a compressed level, and which of them each entry is below.
private struct Nodes {
  let ends: Vector<Int>
  let coordinates: Vector<Int>
  let ofEntry: Vector<Int>

  static func blocks(
    _ ends: Buffer, _ columns: Buffer, height: Int, width: Int, _ kernels: SparseKernels
  ) throws -> Nodes {
    let rows = ends.count - 1
    let blockRows = (rows + height - 1) / height
    let starts: Vector<Int> = try kernels.vector(blockRows + 1)
    let found: Vector<Int> = try kernels.vector(columns.count)
    let ofEntry: Vector<Int> = try kernels.vector(columns.count)
    var count = 0
    starts.base[0] = 0
    for blockRow in 0..<blockRows {
      let last = min(rows, (blockRow + 1) * height)
      let entries = ends.index(at: blockRow * height)..<ends.index(at: last)
      let own = Set(entries.map { columns.index(at: $0) / width }).sorted()
      var number: [Int: Int] = [:]
      for column in own {
        number[column] = count
        found.base[count] = column
        count += 1
      }
      for entry in entries { ofEntry.base[entry] = number[columns.index(at: entry) / width] ?? 0 }
      starts.base[blockRow + 1] = count
    }
    return Nodes(ends: starts, coordinates: Vector(found, count: count), ofEntry: ofEntry)
  }

  static func diagonals(
    _ ends: Buffer, _ columns: Buffer, _ kernels: SparseKernels
  ) throws -> Nodes {
    let ofEntry: Vector<Int> = try kernels.vector(columns.count)
    for row in 0..<ends.count - 1 {
      for entry in ends.index(at: row)..<ends.index(at: row + 1) {
        ofEntry.base[entry] = columns.index(at: entry) - row
      }
    }
    let offsets = Set(UnsafeBufferPointer(start: ofEntry.base, count: ofEntry.count)).sorted()
    let number = Dictionary(uniqueKeysWithValues: zip(offsets, offsets.indices))
    for entry in 0..<ofEntry.count { ofEntry.base[entry] = number[ofEntry[entry]] ?? 0 }
    let coordinates: Vector<Int> = try kernels.vector(offsets.count)
    for (n, offset) in offsets.enumerated() { coordinates.base[n] = offset }
    let starts: Vector<Int> = try kernels.vector(2)
    (starts.base[0], starts.base[1]) = (0, offsets.count)
    return Nodes(ends: starts, coordinates: coordinates, ofEntry: ofEntry)
  }
}

extension SparseKernels {
  /// Numbers as indices of a dtype.
  func indices(_ numbers: Vector<Int>, _ dtype: DType) throws -> Buffer {
    let result = try values(numbers.count, dtype)
    for n in 0..<numbers.count {
      if dtype == .int32 {
        result.base.assumingMemoryBound(to: Int32.self)[n] = Int32(truncatingIfNeeded: numbers[n])
      } else {
        result.base.assumingMemoryBound(to: Int64.self)[n] = Int64(numbers[n])
      }
    }
    return result
  }
}
