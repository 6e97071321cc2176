import CHost
import WeftIR

/// Products of matrices with few columns by our own code, which reads the left one where it is.
struct NarrowProduct: Sendable {
  private let code: @convention(c) (
    UnsafePointer<weft_narrow_shape>?, UnsafeRawPointer?, UnsafeRawPointer?, UnsafeMutableRawPointer?,
    Double, Double
  ) -> Void
  /// The rows that are made at once: blocks of a multiple leave none over.
  let tileRows: Int

  /// The bytes of a row of the result below which BLAS is as quick.
  private static let leastRowBytes = 64

  /// The code for products of a shape; nil where BLAS is as quick.
  init?(_ dtype: DType, m: Int, n: Int, k: Int) {
    guard n <= Int(WEFT_NARROW_COLUMNS), n * dtype.itemSize >= Self.leastRowBytes, m >= 16, k >= 16,
      let code = weft_narrow_product(Int32(dtype.rawValue))
    else { return nil }
    self.code = code
    let vectors = (n * dtype.itemSize + 63) / 64
    tileRows = [24, 12, 8, 6][min(vectors, 4) - 1]
  }

  /// C = alpha A B + beta C.
  func multiply(_ block: ProductBlock) {
    let ((rowA, columnA), (rowB, columnB)) = (block.matrixA.strides, block.matrixB.strides)
    var shape = weft_narrow_shape(
      rows: block.m, summed: block.k, columns: Int32(block.n), rowA: rowA, columnA: columnA,
      rowB: rowB, columnB: columnB, rowC: block.rowStride)
    code(&shape, block.a, block.b, block.c, block.alpha.x, block.beta.x)
  }
}
