import CHost
import WeftIR

extension SparseRowRunner {
  /// A matrix of blocks or diagonals times one dense array over its columns, by the blocks or diagonals themselves;
  /// nil where the product is of another form, or of another dtype than float32 and float64.
  func packedTimesDense(
    _ row: Int, _ contraction: Contraction, _ operands: [Value]
  ) throws -> Buffer? {
    guard layout(row) == nil, operands.count == 2,
      let place = operands.firstIndex(where: {
        values(of: $0)?.sparse?.layout.packing.isPacked ?? false
      }),
      let matrix = values(of: operands[place])?.sparse, !plan.layouts[operands[1 - place]].isSparse
    else { return nil }
    let labels = contraction.operands[place]
    let factor = DenseFactor(try view(operands[1 - place]), contraction.operands[1 - place])
    let others = factor.labels.filter { $0 != labels[1] }
    guard Set(labels).count == 2, Set(factor.labels).count == factor.labels.count,
      factor.labels.contains(labels[1]), !factor.labels.contains(labels[0]),
      !contraction.output.contains(labels[1]), contraction.output.contains(labels[0]),
      Set(contraction.output) == Set([labels[0]] + others), factor.view.buffer.isFinite
    else { return nil }
    let type = type(row)
    let terms = ProductTerms(matrix, labels, [factor], to: contraction.output, type.shape.codes)
    let target = terms.offsets(over: terms.freeLabels) { terms.outputStride(of: $0) }
    let source = terms.offsets(over: terms.freeLabels) { factor.stride(of: $0) }
    guard target.count == 1 || RowProduct.countsUp(target) && RowProduct.countsUp(source) else {
      return nil
    }
    let result = try Buffer(allocating: type, in: kernels.context.memory)
    let body = PackedProduct(
      matrix: matrix, factor: factor.view.buffer, result: result,
      strides: (factor.stride(of: labels[1]), terms.outputStride(of: labels[0])),
      width: target.count)
    return try body.run(kernels) ? result : nil
  }
}

extension Layout.Packing {
  /// Whether nodes hold more than one element.
  fileprivate var isPacked: Bool { self != .elements }
}

/// A product with blocks or diagonals.
private struct PackedProduct {
  let matrix: SparseElements
  let factor: Buffer
  let result: Buffer
  let strides: (x: Int, y: Int)
  let width: Int

  /// False for dtypes without a loop.
  func run(_ kernels: SparseKernels) throws -> Bool {
    let shape = matrix.type.shape.codes
    var packed = weft_sparse_packed(
      ends: nil, coordinates: nil, values: matrix.values.base, x: factor.base, y: result.base,
      rows: shape[0], columns: shape[1], count: 0, height: 1, width: 1, n: width,
      strideX: strides.x, strideY: strides.y)
    let code = Int32(matrix.type.dtype.rawValue)
    switch (matrix.layout.packing, matrix.levels.first, matrix.levels.last) {
    case (.blocks(let height, let columns), _, .compressed(let positions, let coordinates)?):
      guard positions.type.dtype == coordinates.type.dtype,
        let loop = weft_sparse_blocks(code, Int32(positions.type.dtype.itemSize))
      else { return false }
      (packed.ends, packed.coordinates) = (
        UnsafeRawPointer(positions.base), UnsafeRawPointer(coordinates.base)
      )
      (packed.height, packed.width) = (height, columns)
      let parts = RowParts(
        positions.count - 1, entries: coordinates.count,
        width: height * columns * Swift.min(64, width)
      ) { positions.index(at: $0) }
      nonisolated(unsafe) let all = packed
      try kernels.context.scheduler.run(parts.count, kernels.context.token) { part, _ in
        withUnsafePointer(to: all) { loop($0, parts[part].lowerBound, parts[part].upperBound) }
      }
    case (.diagonals, .compressed(_, let offsets)?, _):
      guard let loop = weft_sparse_diagonals(code, Int32(offsets.type.dtype.itemSize)) else {
        return false
      }
      (packed.coordinates, packed.count) = (UnsafeRawPointer(offsets.base), offsets.count)
      nonisolated(unsafe) let all = packed
      let work = shape[0] * Swift.max(1, offsets.count) * Swift.min(64, width)
      let parts = Swift.max(1, Swift.min(shape[0], work / (1 << 17)))
      try kernels.context.scheduler.run(parts, kernels.context.token) { part, _ in
        let bounds = [part, part + 1].map { shape[0] / parts * $0 + shape[0] % parts * $0 / parts }
        withUnsafePointer(to: all) { loop($0, bounds[0], bounds[1]) }
      }
    default: return false
    }
    return true
  }
}
