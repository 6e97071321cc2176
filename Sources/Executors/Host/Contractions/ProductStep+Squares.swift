import CHost
import WeftIR

/// Products of a tall matrix with its own transpose, which have too few elements to be cut in blocks.
extension ProductStep {
  /// How many parts of the summed index are squared apart, by shape alone: several where it is long
  /// and there is work for more than one thread.
  static func squareParts(_ m: Int, _ k: Int, _ dtype: DType) -> Int {
    guard dtype == .float32 || dtype == .float64, (32..<256).contains(m), k >= 4 * m,
      m * m * k >= 1 << 21
    else { return 1 }
    return k >= 16 * m ? 4 : 2
  }

  /// Squares parts of the summed index on the scheduler's threads and adds them up in order.
  func squareByParts(_ source: Buffer, to out: Buffer, _ context: RunContext) throws {
    let (size, parts) = (dtype.itemSize, squareParts)
    let bytes = m * m * size
    let others = try Buffer(
      allocating: TensorType(.uint8, Shape([bytes * (parts - 1)])), in: context.memory)
    try context.scheduler.run(parts, context.token) { part, _ in
      let range = k * part / parts..<k * (part + 1) / parts
      let start = source.base + (a.offset + a.matrix.place(0, range.lowerBound)) * size
      let target = part == 0 ? out.base : others.base + (part - 1) * bytes
      // The dtype has such a routine.
      _ = ProductBlock(
        m: m, n: m, k: range.count, a: start, matrixA: a.matrix, b: start, matrixB: b.matrix,
        c: target, rowStride: part == 0 ? rowStride : m, alpha: SIMD2(1, 0), beta: .zero
      ).squareByBlas(dtype)
    }
    guard let add = weft_tile_lookup("add", Int32(dtype.rawValue)) else {
      throw WeftError(.internal, "contract", "\(dtype) has no sums")
    }
    for part in 0..<parts - 1 {
      for row in 0..<m {
        let line = out.base + row * rowStride * size
        add(line, line, others.base + part * bytes + row * m * size, nil, m)
      }
    }
  }
}
