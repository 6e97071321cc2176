import CBLAS
import WeftIR

/// A triangle as BLAS takes it, and division by it.
struct Triangle {
  let dtype: DType
  var base: UnsafeMutableRawPointer
  let leading: Int
  /// The triangle, the way it stands, and whether its diagonal is ones: the constants of BLAS.
  let uplo: Int32
  let trans: Int32
  let diagonal: Int32

  /// The order of triangles of float64 that are divided by as a whole.
  private static let leastOrder = 96

  /// X with T X = B or X T = B, by the side, in place of rows of B that are `leading` apart.
  ///
  /// - Source: in halves, with a product between, so that most of the work is products: Golub & Van Loan
  ///   4th ed. 3.1.4.
  func divide(
    _ b: UnsafeMutableRawPointer, rows: Int32, columns: Int32, leading: Int, side: Int32
  ) {
    let isLeft = side == Int32(WEFT_BLAS_LEFT)
    let (order, width) = isLeft ? (Int(rows), Int(columns)) : (Int(columns), Int(rows))
    guard dtype == .float64, order > Self.leastOrder, width >= 16 else {
      divideWhole(b, rows: rows, columns: columns, leading: leading, side: side)
      return
    }
    let half = (order / 2 + 31) / 32 * 32
    let isTransposed = trans != Int32(WEFT_BLAS_NO_TRANS)
    let isLower = (uplo == Int32(WEFT_BLAS_LOWER)) != isTransposed
    let size = dtype.itemSize
    /// The part of B that belongs to rows of the triangle from one on.
    func part(_ first: Int) -> UnsafeMutableRawPointer {
      b + first * (isLeft ? leading : 1) * size
    }
    func divide(_ first: Int, _ count: Int) {
      var own = self
      own.base += first * (self.leading + 1) * size
      own.divide(
        part(first), rows: isLeft ? Int32(count) : rows, columns: isLeft ? columns : Int32(count),
        leading: leading, side: side)
    }
    // From the left a lower triangle gives its first rows first, from the right its last columns.
    let startsAbove = isLower == isLeft
    let (first, second) = startsAbove ? (0, half) : (half, 0)
    let (firstCount, secondCount) = startsAbove ? (half, order - half) : (order - half, half)
    divide(first, firstCount)
    // What stands beside the diagonal blocks, as it is stored.
    let (row, column) = uplo == Int32(WEFT_BLAS_LOWER) ? (half, 0) : (0, half)
    let beside = MatrixOperand(
      base: base + (row * self.leading + column) * size, leading: self.leading,
      isTransposed: isTransposed)
    let known = MatrixOperand(base: part(first), leading: leading, isTransposed: false)
    MatrixOperand.multiply(
      dtype, isLeft ? secondCount : width, isLeft ? width : secondCount, firstCount,
      isLeft ? beside : known, isLeft ? known : beside, to: part(second), leading, adds: true,
      subtracts: true)
    divide(second, secondCount)
  }

  private func divideWhole(
    _ b: UnsafeMutableRawPointer, rows: Int32, columns: Int32, leading: Int, side: Int32
  ) {
    let order = Int32(WEFT_BLAS_ROW_MAJOR)
    let (lda, ldb) = (Int32(self.leading), Int32(leading))
    switch dtype {
    case .float32:
      weft_blas_strsm(
        order, side, uplo, trans, diagonal, rows, columns, 1,
        base.assumingMemoryBound(to: Float.self), lda, b.assumingMemoryBound(to: Float.self), ldb)
    case .float64:
      weft_blas_dtrsm(
        order, side, uplo, trans, diagonal, rows, columns, 1,
        base.assumingMemoryBound(to: Double.self), lda, b.assumingMemoryBound(to: Double.self),
        ldb)
    case .complex64:
      var one: (Float, Float) = (1, 0)
      weft_blas_ctrsm(order, side, uplo, trans, diagonal, rows, columns, &one, base, lda, b, ldb)
    default:
      var one: (Double, Double) = (1, 0)
      weft_blas_ztrsm(order, side, uplo, trans, diagonal, rows, columns, &one, base, lda, b, ldb)
    }
  }
}
