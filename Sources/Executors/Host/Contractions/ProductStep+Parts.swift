import CHost
import WeftIR

/// Products of few rows and columns over a long index, which has to be cut for there to be work for more than one
/// thread.
struct InnerProducts: Sendable {
  /// The parts of the summed index.
  let parts: Int
  /// Our own code, where the elements along the index lie together.
  let code:
    (
      @convention(c) (
        Int, Int, Int, UnsafeRawPointer?, Int, UnsafeRawPointer?, Int, UnsafeMutableRawPointer?, Int
      ) -> Void
    )?

  /// How a product is made, by shape alone; nil where it is made in blocks as others are.
  init?(
    _ dtype: DType, m: Int, n: Int, k: Int, _ a: ProductStep.Matrix, _ b: ProductStep.Matrix
  ) {
    guard dtype == .float32 || dtype == .float64, max(m, n) <= 64, k >= 512 else { return nil }
    let liesTogether = n > 1 && a.strides.column == 1 && b.strides.row == 1
    code = liesTogether ? weft_thin_product(Int32(dtype.rawValue)) : nil
    let isLong = k >= 1 << 12 && m * n * k >= 1 << 18
    parts = isLong ? (m * n * k >= 1 << 20 ? 4 : 2) : 1
    if code == nil, parts == 1 { return nil }
  }
}

extension ProductStep {
  /// Multiplies parts of the summed index on the scheduler's threads and adds them up in order.
  func multiply(
    _ left: Buffer, _ right: Buffer, by inner: InnerProducts, to out: Buffer,
    _ context: RunContext
  ) throws {
    let size = dtype.itemSize
    try addParts(inner.parts, to: out, context) { range, target, rowStride in
      let x = left.base + (a.offset + a.matrix.place(0, range.lowerBound)) * size
      let y = right.base + (b.offset + b.matrix.place(range.lowerBound, 0)) * size
      if let code = inner.code {
        code(m, n, range.count, x, a.matrix.leading, y, b.matrix.leading, target, rowStride)
        return
      }
      let block = ProductBlock(
        m: m, n: n, k: range.count, a: x, matrixA: a.matrix, b: y, matrixB: b.matrix, c: target,
        rowStride: rowStride, alpha: SIMD2(1, 0), beta: .zero)
      if let direct { direct.multiply(block) } else { block.multiplyByBlas(dtype) }
    }
  }

  /// Makes the product of each part of the summed index, the first one in place, and adds them up in order.
  func addParts(
    _ parts: Int, to out: Buffer, _ context: RunContext,
    _ multiply: @Sendable (Range<Int>, UnsafeMutableRawPointer, _ rowStride: Int) -> Void
  ) throws {
    let size = dtype.itemSize
    if parts == 1 {
      multiply(0..<k, out.base, rowStride)
      return
    }
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
