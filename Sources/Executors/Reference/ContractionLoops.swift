import WeftIR

/// Two operands of a contraction as loops: what both keep, what one keeps, what is summed.
struct ContractedPair {
  /// Lanes 0 and 1 walk the operands, lane 2 the result.
  let output: LoopNest
  let batch: LoopNest
  /// Only in the operand of lane 0, or lane 1; swapped so that the second has more positions.
  let rows: LoopNest
  let columns: LoopNest
  let summed: LoopNest
  let a: Buffer
  let b: Buffer
  let sumsLabels: Bool

  init(a: Buffer, b: Buffer, labels: (a: [Int], b: [Int], result: [Int]), extents: [Int]) {
    let itemSize = a.type.dtype.itemSize
    let strides = (
      a.labelStrides(labels.a, count: extents.count), b.labelStrides(labels.b, count: extents.count)
    )
    var target = Array(repeating: 0, count: extents.count)
    let dense = LoopNest.byteStrides(labels.result.map { extents[$0] }, itemSize)
    for (label, stride) in zip(labels.result, dense) { target[label] = stride }
    func size(_ list: [Int]) -> Int { list.reduce(1) { $0 &* extents[$1] } }
    let onlyA = labels.result.filter { !labels.b.contains($0) }
    let onlyB = labels.result.filter { !labels.a.contains($0) }
    let swaps = size(onlyA) > size(onlyB)

    func nest(_ list: [Int]) -> LoopNest {
      LoopNest(
        list.map { label in
          let (p, q) = (strides.0[label], strides.1[label])
          return LoopNest.Axis(extents[label], swaps ? q : p, swaps ? p : q, target[label])
        })
    }
    let both = ContractionPlan.distinct(labels.a).filter(labels.b.contains)
    let shared = both.filter { !labels.result.contains($0) }
    output = nest(labels.result)
    batch = nest(labels.result.filter(both.contains))
    rows = nest(swaps ? onlyB : onlyA)
    columns = nest(swaps ? onlyA : onlyB)
    summed = nest(shared)
    sumsLabels = !shared.isEmpty
    (self.a, self.b) = swaps ? (b, a) : (a, b)
  }
}

/// Multiplies and sums a pair into the result.
struct PairLoop: ElementVisitor {
  let pair: ContractedPair
  let result: Buffer
  let token: CancellationToken

  func visit<E: Element>(_ type: E.Type) throws {
    if !pair.sumsLabels {
      try multiply(type)
    } else if pair.rows.count == 0 || pair.columns.count == 0 {
      // The result has no elements.
    } else if pair.columns.count == 1 {
      try dot(type)
    } else {
      try matmul(type)
    }
  }

  /// No label is summed: plain products.
  private func multiply<E: Element>(_ type: E.Type) throws {
    let (a, b) = (UnsafeRawPointer(pair.a.base), UnsafeRawPointer(pair.b.base))
    try pair.output.forEachRun(token) { offset, count, stride in
      for i in 0..<count {
        let x: E = a.element(offset[0] + i &* stride[0])
        let y: E = b.element(offset[1] + i &* stride[1])
        result.base.storeBytes(
          of: E(narrowing: x.wide.times(y.wide)), toByteOffset: offset[2] + i &* stride[2],
          as: E.self)
      }
    }
  }

  /// No operand keeps a label of its own: one sum for each batch position.
  private func dot<E: Element>(_ type: E.Type) throws {
    let (a, b) = (UnsafeRawPointer(pair.a.base), UnsafeRawPointer(pair.b.base))
    try pair.batch.forEachRun(token) { offset, count, stride in
      for j in 0..<count {
        let start = offset &+ stride &* j
        var sum = CompensatedSum<E.Wide>()
        try pair.summed.forEachRun(from: start, token) { offset, count, stride in
          var partial = sum
          for i in 0..<count {
            let x: E = a.element(offset[0] + i &* stride[0])
            let y: E = b.element(offset[1] + i &* stride[1])
            partial.add(x.wide.times(y.wide))
          }
          sum = partial
        }
        result.base.storeBytes(
          of: E(narrowing: sum.value), toByteOffset: start[2], as: E.self)
      }
    }
  }

  /// Blocks of rows, columns and summed positions, copied to wide scratch memory.
  private func matmul<E: Element>(_ type: E.Type) throws {
    let block = MatrixBlock<E>(
      rows: min(256, pair.rows.count), columns: min(128, pair.columns.count))
    defer { block.deallocate() }
    let (rowCount, columnCount) = (pair.rows.count, pair.columns.count)
    let depth = pair.summed.count
    try pair.batch.forEachRun(token) { offset, count, stride in
      for j in 0..<count {
        let batch = offset &+ stride &* j
        for column in Swift.stride(from: 0, to: columnCount, by: block.columns) {
          let columns = pair.columns.offsets(
            from: column, count: min(block.columns, columnCount - column))
          for row in Swift.stride(from: 0, to: rowCount, by: block.rows) {
            let rows = pair.rows.offsets(from: row, count: min(block.rows, rowCount - row))
            block.clear(rows.count, columns.count)
            for start in Swift.stride(from: 0, to: depth, by: block.depth) {
              try token.check()
              let inner = pair.summed.offsets(
                from: start, count: min(block.depth, depth - start))
              block.packRows(UnsafeRawPointer(pair.a.base) + batch[0], rows, inner)
              block.packColumns(UnsafeRawPointer(pair.b.base) + batch[1], columns, inner)
              block.accumulate(rows.count, columns.count, inner.count)
            }
            block.store(result.base + batch[2], rows, columns)
          }
        }
      }
    }
  }
}

/// Scratch memory for one block of a matrix product.
///
/// Up to `depth` products are summed plainly, four by four; these partial sums are added with
/// compensation. The error of a sum is that of about 32 additions, whatever its length.
private struct MatrixBlock<E: Element> {
  typealias Wide = E.Wide

  let rows: Int
  let columns: Int
  let depth = 128
  /// `rows` by `depth` elements of the first operand.
  let a: UnsafeMutablePointer<Wide>
  /// `depth` by `columns` elements of the second operand.
  let b: UnsafeMutablePointer<Wide>
  let sums: UnsafeMutablePointer<Wide>
  let errors: UnsafeMutablePointer<Wide>
  let partial: UnsafeMutablePointer<Wide>

  init(rows: Int, columns: Int) {
    (self.rows, self.columns) = (rows, columns)
    a = .allocate(capacity: rows * depth)
    b = .allocate(capacity: depth * columns)
    sums = .allocate(capacity: rows * columns)
    errors = .allocate(capacity: rows * columns)
    partial = .allocate(capacity: columns)
  }

  func deallocate() {
    for scratch in [a, b, sums, errors, partial] { scratch.deallocate() }
  }

  func clear(_ rowCount: Int, _ columnCount: Int) {
    sums.update(repeating: .zero, count: rowCount * columnCount)
    errors.update(repeating: .zero, count: rowCount * columnCount)
  }

  /// Copies elements of the first operand to `a[i * depth + k]`.
  func packRows(_ source: UnsafeRawPointer, _ outer: [SIMD4<Int>], _ inner: [SIMD4<Int>]) {
    for i in 0..<outer.count {
      let start = source + outer[i][0]
      for k in 0..<inner.count {
        let item: E = start.element(inner[k][0])
        a[i &* depth &+ k] = item.wide
      }
    }
  }

  /// Copies elements of the second operand to `b[k * columns + j]`.
  func packColumns(
    _ source: UnsafeRawPointer, _ outer: [SIMD4<Int>], _ inner: [SIMD4<Int>]
  ) {
    for k in 0..<inner.count {
      let start = source + inner[k][1]
      for j in 0..<outer.count {
        let item: E = start.element(outer[j][1])
        b[k &* outer.count &+ j] = item.wide
      }
    }
  }

  /// Adds the products of the packed elements to the sums.
  func accumulate(_ rowCount: Int, _ columnCount: Int, _ innerCount: Int) {
    for i in 0..<rowCount {
      let row = a + i &* depth
      partial.update(repeating: .zero, count: columnCount)
      var k = 0
      while k + 4 <= innerCount {
        let (x0, x1, x2, x3) = (row[k], row[k + 1], row[k + 2], row[k + 3])
        let b0 = b + k &* columnCount
        let (b1, b2, b3) = (b0 + columnCount, b0 + 2 &* columnCount, b0 + 3 &* columnCount)
        for j in 0..<columnCount {
          let first = x0.times(b0[j]).plus(x1.times(b1[j]))
          let second = x2.times(b2[j]).plus(x3.times(b3[j]))
          partial[j] = partial[j].plus(first.plus(second))
        }
        k += 4
      }
      while k < innerCount {
        let (x, column) = (row[k], b + k &* columnCount)
        for j in 0..<columnCount { partial[j] = partial[j].plus(x.times(column[j])) }
        k += 1
      }
      let (sums, errors) = (sums + i &* columnCount, errors + i &* columnCount)
      for j in 0..<columnCount {
        let total = sums[j].plus(partial[j])
        errors[j] = errors[j].plus(Wide.lost(total, sums[j], partial[j]))
        sums[j] = total
      }
    }
  }

  /// Writes the sums to the result.
  func store(
    _ target: UnsafeMutableRawPointer, _ rows: [SIMD4<Int>], _ columns: [SIMD4<Int>]
  ) {
    for i in 0..<rows.count {
      for j in 0..<columns.count {
        let position = i &* columns.count &+ j
        let value = E(narrowing: sums[position].corrected(by: errors[position]))
        target.storeBytes(of: value, toByteOffset: rows[i][2] + columns[j][2], as: E.self)
      }
    }
  }
}
