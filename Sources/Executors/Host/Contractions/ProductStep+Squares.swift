import CHost
import WeftIR

/// Products of a matrix with its own transpose that have too few elements to be cut in square blocks.
///
/// Our own code makes strips of rows, each from the diagonal on: less than 0.6 of the whole product,
/// and several to share out. SYRK takes 1.2 to 1.6 times as long for X^T X (100 x 500, 200 x 400,
/// 80 x 1200) and as long for X X^T; a whole product as long again.
extension ProductStep {
  /// The least order of squares that BLAS halves quicker than it makes them whole.
  static let leastSquare = 64
  /// The least order of other symmetric products of which half is made and half copied.
  static let leastHalf = 96

  /// The rows of a strip: as many as a tile of the code for wide matrices takes three or six times.
  ///
  /// Where the rows of the matrix lie apart, each strip copies what it is multiplied with.
  static func stripRows(_ m: Int, isTransposed: Bool) -> Int {
    isTransposed || m < 96 ? 24 : 48
  }

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
    try addParts(squareParts, to: out, context) { range, target, rowStride in
      let start = source.base + (a.offset + a.matrix.place(0, range.lowerBound)) * dtype.itemSize
      let whole = ProductBlock(
        m: m, n: m, k: range.count, a: start, matrixA: a.matrix, b: start, matrixB: b.matrix,
        c: target, rowStride: rowStride, alpha: SIMD2(1, 0), beta: .zero)
      if let direct, isStriped {
        for row in stride(from: 0, to: m, by: blockRows) { square(whole, from: row, direct) }
      } else {
        // The dtype has such a routine.
        _ = whole.squareByBlas(dtype)
      }
    }
  }

  /// Makes a strip of a square from a row on, from the diagonal to the end of the rows, and copies
  /// what lies beside the diagonal block to below it.
  func square(_ whole: ProductBlock, from row: Int, _ direct: DirectProduct) {
    direct.multiply(strip(whole, from: row))
    mirror(whole, from: row)
  }

  /// Makes all of a square on one thread: parts of the summed index in turn, so that all strips find a part
  /// in the second cache. The same bits as strip by strip, which sums the same parts.
  func squareInTurn(_ whole: ProductBlock, _ direct: DirectProduct) {
    if isSquare, dtype == .float64, whole.matrixA.isTransposed,
      weft_square_rows(
        m, k, whole.a.assumingMemoryBound(to: Double.self), whole.matrixA.leading,
        whole.c.assumingMemoryBound(to: Double.self), whole.rowStride, whole.alpha.x) != 0
    {
      return
    }
    let rows = stride(from: 0, to: m, by: blockRows)
    let depth = DirectProduct.depth(dtype)
    for first in stride(from: 0, to: k, by: depth) {
      var part = whole
      part.k = min(depth, k - first)
      part.a += whole.matrixA.place(0, first) * dtype.itemSize
      part.b += whole.matrixB.place(first, 0) * dtype.itemSize
      part.beta = first == 0 ? .zero : SIMD2(1, 0)
      for row in rows { direct.multiply(strip(part, from: row)) }
    }
    for row in rows { mirror(whole, from: row) }
  }

  private func strip(_ whole: ProductBlock, from row: Int) -> ProductBlock {
    let size = dtype.itemSize
    var strip = whole
    (strip.m, strip.n) = (min(blockRows, m - row), m - row)
    strip.a += whole.matrixA.place(row, 0) * size
    strip.b += whole.matrixB.place(0, row) * size
    strip.c += (row * whole.rowStride + row) * size
    return strip
  }

  /// Copies what lies beside a strip's block on the diagonal to below it.
  private func mirror(_ whole: ProductBlock, from row: Int) {
    let size = dtype.itemSize
    let strip = strip(whole, from: row)
    let rows = strip.m
    var beside = strip
    beside.n -= rows
    beside.c += rows * size
    if beside.n > 0 {
      beside.copyTransposed(to: strip.c + rows * whole.rowStride * size, itemSize: size)
    }
  }
}
