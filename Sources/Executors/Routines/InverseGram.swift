import CBLAS
import WeftIR

extension Routines {
  /// X^T A^-1 X with the factors of `factor`; see `Routine.inverseGram`.
  static func inverseGram(_ call: MatrixCall) throws -> [Buffer] {
    let gram = try InverseGram(call)
    if call.results[0].count > 0 { try gram.run() }
    return call.results
  }
}

/// One product of a matrix, an inverse, and the first matrix's transpose.
private struct InverseGram: Sendable {
  private let call: MatrixCall
  private let order: Int
  /// The extent of the result.
  private let width: Int
  /// Whether the matrix has the result's extent first: Y A^-1 Y^T.
  private let isRight: Bool
  private let half: Buffer

  /// The rows of a block of the result.
  private static let blockRows = 256

  init(_ call: MatrixCall) throws {
    self.call = call
    order = call.columns
    isRight = call.flag("right")
    width = call.results[0].type.shape.codes[0]
    half = try Buffer(allocating: call.operands[3].type, in: call.context.memory)
  }

  private var leading: Int { isRight ? order : width }

  func run() throws {
    if order == 0 {
      Matrices.clear(call.results[0].base, call.results[0].byteCount)
      return
    }
    let codes = FactorCodes(call.operands[2].base, order: order)
    let isHalf = codes.blocks.allSatisfy { $0.kind == .cholesky }
    let solution = FactoredSolution(
      call: call, matrix: call.operands[0].base, factors: call.operands[1].base, codes: codes,
      order: order, isTransposed: false, isRight: isRight)
    half.base.copyMemory(from: call.operands[3].base, byteCount: half.byteCount)
    // (L^-1 X)^T (L^-1 X), or X^T (A^-1 X).
    let first = isHalf ? half : call.operands[3]
    let isDiagonal = call.flag("diagonal")
    let chunks = FactoredSolution.chunks(width)
    try call.context.scheduler.run(chunks, call.context.token) { chunk, _ in
      let part = width * chunk / chunks..<width * (chunk + 1) / chunks
      try solution.solve(half.base, part, leading: leading, isHalf: isHalf)
      if !isDiagonal { return }
      if call.dtype == .float32 {
        addProducts(part, first, Float.self)
      } else {
        addProducts(part, first, Double.self)
      }
    }
    if isDiagonal { return }
    let (left, right) = isRight ? (half, first) : (first, half)
    try multiply(left, right, isSymmetric: isHalf)
  }

  /// Sums of products of elements: a part of the diagonal.
  private func addProducts<Real: BinaryFloatingPoint>(
    _ part: Range<Int>, _ first: Buffer, _ type: Real.Type
  ) {
    let (a, b) = (
      first.base.assumingMemoryBound(to: type), half.base.assumingMemoryBound(to: type)
    )
    let out = call.results[0].base.assumingMemoryBound(to: type)
    if isRight {
      for line in part {
        // Eight sums side by side.
        var sums = SIMD8<Double>()
        let start = line * order
        var n = 0
        while n + 8 <= order {
          for lane in 0..<8 {
            sums[lane] += Double(a[start + n + lane]) * Double(b[start + n + lane])
          }
          n += 8
        }
        var sum = sums.sum()
        while n < order {
          sum += Double(a[start + n]) * Double(b[start + n])
          n += 1
        }
        out[line] = Real(sum)
      }
      return
    }
    for column in part { out[column] = 0 }
    for row in 0..<order {
      let (x, y) = (a + row * width, b + row * width)
      for column in part { out[column] += x[column] * y[column] }
    }
  }

  /// The product by blocks; of a symmetric one those on and below the diagonal.
  private func multiply(_ left: Buffer, _ right: Buffer, isSymmetric: Bool) throws {
    let count = max(1, (width + Self.blockRows - 1) / Self.blockRows)
    func span(_ n: Int) -> Range<Int> { width * n / count..<width * (n + 1) / count }
    var blocks: [(Range<Int>, Range<Int>)] = []
    for i in 0..<count {
      for j in 0..<count where !isSymmetric || j <= i { blocks.append((span(i), span(j))) }
    }
    let result = call.results[0]
    let size = call.itemSize
    let all = blocks
    try call.context.scheduler.run(all.count, call.context.token) { part, _ in
      let (rows, columns) = all[part]
      MatrixOperand.multiply(
        call.dtype, rows.count, columns.count, order, operand(left, rows),
        operand(right, columns).flipped,
        to: result.base + (rows.lowerBound * width + columns.lowerBound) * size, width,
        adds: false)
    }
    if isSymmetric { Matrices.mirrorLower(result.base, order: width, dtype: call.dtype) }
  }

  /// Some rows of Y, or of X^T.
  private func operand(_ buffer: Buffer, _ part: Range<Int>) -> MatrixOperand {
    let start = part.lowerBound * (isRight ? leading : 1) * call.itemSize
    return MatrixOperand(base: buffer.base + start, leading: leading, isTransposed: !isRight)
  }
}
