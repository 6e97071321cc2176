import CHost
import WeftIR

/// Products of small matrices by code for their number of columns, many in one call.
struct SmallProducts: Sendable {
  private let code: weft_small_products_function
  private let shape: weft_small_products

  /// The most rows of a product that comes but once.
  private static let mostRows = 64

  /// Whether this is quicker than a call of BLAS for each product.
  static func isUseful(_ dtype: DType, m: Int, n: Int, k: Int, count: Int) -> Bool {
    n <= Int(WEFT_SMALL_COLUMNS) && k <= Int(WEFT_SMALL_SUMMED) && m > 0 && k > 0
      && m <= (count > 1 ? 4 * mostRows : mostRows)
      && (dtype == .float32 || dtype == .float64)
  }

  /// The code for products of a shape; steps lead from one product to the next.
  init?(
    _ dtype: DType, m: Int, n: Int, k: Int, count: Int, a: ProductStep.Operand,
    b: ProductStep.Operand, rowStride: Int, targetStep: Int
  ) {
    guard Self.isUseful(dtype, m: m, n: n, k: k, count: count),
      let code = weft_small_products_lookup(Int32(dtype.rawValue), Int32(n))
    else { return nil }
    self.code = code
    let ((rowA, columnA), (rowB, columnB)) = (a.matrix.strides, b.matrix.strides)
    shape = weft_small_products(
      rows: Int32(m), summed: Int32(k), rowA: rowA, columnA: columnA, rowB: rowB,
      columnB: n == 1 ? 1 : columnB, rowC: rowStride, stepA: a.loopStrides.last ?? 0,
      stepB: b.loopStrides.last ?? 0, stepC: targetStep)
  }

  /// C = alpha A B for consecutive products, or C += alpha A B.
  func multiply(
    _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, to c: UnsafeMutableRawPointer, count: Int,
    alpha: Double, adds: Bool
  ) {
    withUnsafePointer(to: shape) { code($0, a, b, c, count, alpha, adds ? 1 : 0) }
  }
}
