import CBLAS
import WeftIR

/// A triangle as BLAS takes it, and division by it.
struct Triangle {
  let dtype: DType
  let base: UnsafeMutableRawPointer
  let leading: Int
  /// The triangle, the way it stands, and whether its diagonal is ones: the constants of BLAS.
  let uplo: Int32
  let trans: Int32
  let diagonal: Int32

  /// X with T X = B or X T = B, by the side, in place of rows of B that are `leading` apart.
  func divide(
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
