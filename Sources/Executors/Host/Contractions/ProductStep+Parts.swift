import CHost
import WeftIR

/// Products of few rows and columns over a long index, which has to be cut for there to be work for more than one
/// thread.
extension ProductStep {
  /// How many parts of the summed index are multiplied apart, by shape alone.
  static func innerParts(_ m: Int, _ n: Int, _ k: Int, _ dtype: DType) -> Int {
    guard dtype == .float32 || dtype == .float64, max(m, n) <= 64, k >= 1 << 12,
      m * n * k >= 1 << 18
    else { return 1 }
    return m * n * k >= 1 << 20 ? 4 : 2
  }

  /// Multiplies parts of the summed index on the scheduler's threads and adds them up in order.
  func multiplyByParts(
    _ left: Buffer, _ right: Buffer, to out: Buffer, _ context: RunContext
  ) throws {
    let size = dtype.itemSize
    try addParts(innerParts, to: out, context) { range, target, rowStride in
      let block = ProductBlock(
        m: m, n: n, k: range.count,
        a: left.base + (a.offset + a.matrix.place(0, range.lowerBound)) * size, matrixA: a.matrix,
        b: right.base + (b.offset + b.matrix.place(range.lowerBound, 0)) * size, matrixB: b.matrix,
        c: target, rowStride: rowStride, alpha: SIMD2(1, 0), beta: .zero)
      if let direct { direct.multiply(block) } else { block.multiplyByBlas(dtype) }
    }
  }

  /// Makes the product of each part of the summed index, the first one in place, and adds them up in order.
  func addParts(
    _ parts: Int, to out: Buffer, _ context: RunContext,
    _ multiply: @Sendable (Range<Int>, UnsafeMutableRawPointer, _ rowStride: Int) -> Void
  ) throws {
    let size = dtype.itemSize
    let bytes = m * n * size
    let others = try Buffer(
      allocating: TensorType(.uint8, Shape([bytes * (parts - 1)])), in: context.memory)
    try context.scheduler.run(parts, context.token) { part, _ in
      multiply(
        k * part / parts..<k * (part + 1) / parts,
        part == 0 ? out.base : others.base + (part - 1) * bytes, part == 0 ? rowStride : n)
    }
    guard let add = weft_tile_lookup("add", Int32(dtype.rawValue)) else {
      throw WeftError(.internal, "contract", "\(dtype) has no sums")
    }
    for part in 0..<parts - 1 {
      for row in 0..<m {
        let line = out.base + row * rowStride * size
        add(line, line, others.base + part * bytes + row * n * size, nil, n)
      }
    }
  }
}
