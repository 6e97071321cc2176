import CHost
import WeftIR

/// Products of matrices by our own code, which reads the left one where it is.
struct DirectProduct: Sendable {
  private let code:
    @convention(c) (
      UnsafePointer<weft_direct_shape>?, UnsafeRawPointer?, UnsafeRawPointer?,
      UnsafeMutableRawPointer?, Double, Double
    ) -> Void
  /// The rows that are made at once: blocks of a multiple leave none over.
  let tileRows: Int
  /// The rows of a block whose part of the left matrix stays in the second cache.
  static let mostRows = 252

  /// The positions of the summed index that are added up at a time: `depthAtOnce` of
  /// `DirectProductsText.h`.
  static func depth(_ dtype: DType) -> Int { 2048 / dtype.itemSize }

  /// The code for products of a shape, the columns of the right matrix lying together if it is turned; nil
  /// where BLAS is as quick.
  init?(_ dtype: DType, m: Int, n: Int, k: Int, turned: Bool) {
    guard let code = weft_direct_product(Int32(dtype.rawValue), m, n, k, turned ? 1 : 0) else {
      return nil
    }
    self.code = code
    let vectors = (n * dtype.itemSize + 63) / 64
    tileRows = [24, 12, 8, 6][min(vectors, 4) - 1]
  }

  /// C = alpha A B + beta C.
  func multiply(_ block: ProductBlock) {
    let ((rowA, columnA), (rowB, columnB)) = (block.matrixA.strides, block.matrixB.strides)
    var shape = weft_direct_shape(
      rows: block.m, columns: block.n, summed: block.k, rowA: rowA, columnA: columnA, rowB: rowB,
      columnB: columnB, rowC: block.rowStride)
    code(&shape, block.a, block.b, block.c, block.alpha.x, block.beta.x)
  }
}
