import CBLAS
import CHost
import WeftIR

/// A matrix as BLAS takes it: rows contiguous, or columns when transposed.
///
/// `@unchecked Sendable`: it tells where elements lie; who writes to them keeps threads apart.
struct MatrixOperand: @unchecked Sendable {
  var base: UnsafeMutableRawPointer
  var leading: Int
  var isTransposed: Bool
  /// Whether a transposed matrix is conjugated too.
  var isConjugated = false

  /// The transpose.
  var flipped: MatrixOperand {
    MatrixOperand(base: base, leading: leading, isTransposed: !isTransposed)
  }

  /// Whether there is no BLAS.
  static var hasNoBlas: Bool { weft_blas_open() != nil }

  /// As `multiply` for one column, which BLAS reads where it is.
  private static func multiplyVector(
    _ dtype: DType, _ m: Int, _ k: Int, _ a: MatrixOperand, _ b: MatrixOperand,
    to c: UnsafeMutableRawPointer, _ leading: Int, adds: Bool, subtracts: Bool
  ) {
    let (rows, columns) = a.isTransposed ? (Int32(k), Int32(m)) : (Int32(m), Int32(k))
    let trans = Int32(a.isTransposed ? WEFT_BLAS_TRANS : WEFT_BLAS_NO_TRANS)
    let (order, lda) = (Int32(WEFT_BLAS_ROW_MAJOR), Int32(a.leading))
    let (step, targetStep) = (b.isTransposed ? 1 : Int32(b.leading), Int32(leading))
    if dtype == .float32 {
      weft_blas_sgemv(
        order, trans, rows, columns, subtracts ? -1 : 1, a.base.assumingMemoryBound(to: Float.self),
        lda, b.base.assumingMemoryBound(to: Float.self), step, adds ? 1 : 0,
        c.assumingMemoryBound(to: Float.self), targetStep)
    } else {
      weft_blas_dgemv(
        order, trans, rows, columns, subtracts ? -1 : 1,
        a.base.assumingMemoryBound(to: Double.self), lda,
        b.base.assumingMemoryBound(to: Double.self), step, adds ? 1 : 0,
        c.assumingMemoryBound(to: Double.self), targetStep)
    }
  }

  /// C = A B, C += A B or, subtracting, C -= A B, on the calling thread.
  static func multiply(
    _ dtype: DType, _ m: Int, _ n: Int, _ k: Int, _ a: MatrixOperand, _ b: MatrixOperand,
    to c: UnsafeMutableRawPointer, _ leading: Int, adds: Bool, subtracts: Bool = false
  ) {
    if hasNoBlas {
      multiplyByLoops(dtype, (m, n, k), a, b, to: c, leading, adds: adds)
      return
    }
    let adds = adds || subtracts
    if n == 1, !dtype.isComplex {
      multiplyVector(dtype, m, k, a, b, to: c, leading, adds: adds, subtracts: subtracts)
      return
    }
    if !dtype.isComplex,
      let code = weft_direct_product(Int32(dtype.rawValue), m, n, k, b.isTransposed ? 1 : 0)
    {
      let (rowA, columnA) = a.isTransposed ? (1, a.leading) : (a.leading, 1)
      let (rowB, columnB) = b.isTransposed ? (1, b.leading) : (b.leading, 1)
      var shape = weft_direct_shape(
        rows: m, columns: n, summed: k, rowA: rowA, columnA: columnA, rowB: rowB, columnB: columnB,
        rowC: leading)
      code(&shape, a.base, b.base, c, subtracts ? -1 : 1, adds ? 1 : 0)
      return
    }
    let order = Int32(WEFT_BLAS_ROW_MAJOR)
    let (m, n, k) = (Int32(m), Int32(n), Int32(k))
    let (lda, ldb, ldc) = (Int32(a.leading), Int32(b.leading), Int32(leading))
    let plain = Int32(WEFT_BLAS_NO_TRANS)
    let trans = Int32(WEFT_BLAS_TRANS)
    let conj = Int32(WEFT_BLAS_CONJ_TRANS)
    func way(_ matrix: MatrixOperand) -> Int32 {
      matrix.isTransposed ? (matrix.isConjugated ? conj : trans) : plain
    }
    let (ta, tb) = (way(a), way(b))
    switch dtype {
    case .float32:
      weft_blas_sgemm(
        order, ta, tb, m, n, k, subtracts ? -1 : 1, a.base.assumingMemoryBound(to: Float.self), lda,
        b.base.assumingMemoryBound(to: Float.self), ldb, adds ? 1 : 0,
        c.assumingMemoryBound(to: Float.self), ldc)
    case .float64:
      weft_blas_dgemm(
        order, ta, tb, m, n, k, subtracts ? -1 : 1, a.base.assumingMemoryBound(to: Double.self),
        lda,
        b.base.assumingMemoryBound(to: Double.self), ldb, adds ? 1 : 0,
        c.assumingMemoryBound(to: Double.self), ldc)
    case .complex64:
      var scalars: (Float, Float, Float, Float) = (subtracts ? -1 : 1, 0, adds ? 1 : 0, 0)
      withUnsafeBytes(of: &scalars) { bytes in
        // A tuple of four numbers has an address.
        let one = bytes.baseAddress.unsafelyUnwrapped
        weft_blas_cgemm(order, ta, tb, m, n, k, one, a.base, lda, b.base, ldb, one + 8, c, ldc)
      }
    default:
      var scalars: (Double, Double, Double, Double) = (subtracts ? -1 : 1, 0, adds ? 1 : 0, 0)
      withUnsafeBytes(of: &scalars) { bytes in
        let one = bytes.baseAddress.unsafelyUnwrapped
        weft_blas_zgemm(order, ta, tb, m, n, k, one, a.base, lda, b.base, ldb, one + 16, c, ldc)
      }
    }
  }

  /// The same by plain loops, for machines without BLAS.
  private static func multiplyByLoops(
    _ dtype: DType, _ extents: (m: Int, n: Int, k: Int), _ a: MatrixOperand, _ b: MatrixOperand,
    to c: UnsafeMutableRawPointer, _ leading: Int, adds: Bool
  ) {
    for i in 0..<extents.m {
      for j in 0..<extents.n {
        var sum = adds ? Matrices.element(c, i * leading + j, dtype) : (re: 0, im: 0)
        for l in 0..<extents.k {
          let x = Matrices.element(
            a.base, a.isTransposed ? l * a.leading + i : i * a.leading + l, dtype)
          let y = Matrices.element(
            b.base, b.isTransposed ? j * b.leading + l : l * b.leading + j, dtype)
          sum.re += x.re * y.re
          if dtype.isComplex {
            sum.re -= x.im * y.im
            sum.im += x.re * y.im + x.im * y.re
          }
        }
        Matrices.store(sum, c, i * leading + j, dtype)
      }
    }
  }
}
