import CBLAS
import WeftIR

/// One product of matrices C = alpha A B + beta C, on the thread that asks.
struct ProductBlock {
  var m: Int
  var n: Int
  var k: Int
  var a: UnsafeRawPointer
  var matrixA: ProductStep.Matrix
  var b: UnsafeRawPointer
  var matrixB: ProductStep.Matrix
  var c: UnsafeMutableRawPointer
  var rowStride: Int
  /// Real and imaginary part of the factors; loops of our own take them for 1 and 0.
  var alpha: SIMD2<Double>
  var beta: SIMD2<Double>

  /// By OpenBLAS; the dtype is inexact and the extents fit into 32 bits.
  func multiplyByBlas(_ dtype: DType) {
    let (m, n, k) = (Int32(m), Int32(n), Int32(k))
    let (lda, ldb, ldc) = (Int32(matrixA.leading), Int32(matrixB.leading), Int32(rowStride))
    let order = Int32(WEFT_BLAS_ROW_MAJOR)
    let plain = Int32(WEFT_BLAS_NO_TRANS)
    let transposed = Int32(WEFT_BLAS_TRANS)
    let (transA, transB) = (
      matrixA.isTransposed ? transposed : plain, matrixB.isTransposed ? transposed : plain
    )
    if n == 1 {
      // A as it is stored: rows by columns.
      let (rows, columns) = matrixA.isTransposed ? (k, m) : (m, k)
      let step = matrixB.isTransposed ? 1 : Int32(matrixB.leading)
      switch dtype {
      case .float32:
        weft_blas_sgemv(
          order, transA, rows, columns, Float(alpha.x), float(a), lda, float(b), step,
          Float(beta.x),
          float(c), ldc)
      case .float64:
        weft_blas_dgemv(
          order, transA, rows, columns, Double(alpha.x), double(a), lda, double(b), step,
          Double(beta.x),
          double(c), ldc)
      case .complex64:
        withScalars(Float.self) {
          weft_blas_cgemv(order, transA, rows, columns, $0, a, lda, b, step, $1, c, ldc)
        }
      default:
        withScalars(Double.self) {
          weft_blas_zgemv(order, transA, rows, columns, $0, a, lda, b, step, $1, c, ldc)
        }
      }
      return
    }
    switch dtype {
    case .float32:
      weft_blas_sgemm(
        order, transA, transB, m, n, k, Float(alpha.x), float(a), lda, float(b), ldb, Float(beta.x),
        float(c), ldc)
    case .float64:
      weft_blas_dgemm(
        order, transA, transB, m, n, k, Double(alpha.x), double(a), lda, double(b), ldb,
        Double(beta.x),
        double(c), ldc)
    case .complex64:
      withScalars(Float.self) {
        weft_blas_cgemm(order, transA, transB, m, n, k, $0, a, lda, b, ldb, $1, c, ldc)
      }
    default:
      withScalars(Double.self) {
        weft_blas_zgemm(order, transA, transB, m, n, k, $0, a, lda, b, ldb, $1, c, ldc)
      }
    }
  }

  /// alpha A times its transpose by OpenBLAS, which computes the upper half only; false where it has no
  /// such routine for the dtype.
  func squareByBlas(_ dtype: DType) -> Bool {
    let (order, upper) = (Int32(WEFT_BLAS_ROW_MAJOR), Int32(WEFT_BLAS_UPPER))
    let trans = Int32(matrixA.isTransposed ? WEFT_BLAS_TRANS : WEFT_BLAS_NO_TRANS)
    let (m, k) = (Int32(m), Int32(k))
    let (lda, ldc) = (Int32(matrixA.leading), Int32(rowStride))
    switch dtype {
    case .float32:
      weft_blas_ssyrk(
        order, upper, trans, m, k, Float(alpha.x), float(a), lda, 0, float(c), ldc)
    case .float64:
      weft_blas_dsyrk(
        order, upper, trans, m, k, Double(alpha.x), double(a), lda, 0, double(c), ldc)
    default: return false
    }
    copyAboveToBelow(itemSize: dtype.itemSize)
    return true
  }

  /// The complex factors.
  private func withScalars<T: BinaryFloatingPoint>(
    _ type: T.Type, _ body: (UnsafeRawPointer, UnsafeRawPointer) -> Void
  ) {
    var scalars: (T, T, T, T) = (T(alpha.x), T(alpha.y), T(beta.x), T(beta.y))
    withUnsafeBytes(of: &scalars) { bytes in
      let one = bytes.baseAddress.unsafelyUnwrapped
      body(one, one + 2 * MemoryLayout<T>.stride)
    }
  }

  private func float(_ p: UnsafeRawPointer) -> UnsafePointer<Float> {
    p.assumingMemoryBound(to: Float.self)
  }
  private func float(_ p: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Float> {
    p.assumingMemoryBound(to: Float.self)
  }
  private func double(_ p: UnsafeRawPointer) -> UnsafePointer<Double> {
    p.assumingMemoryBound(to: Double.self)
  }
  private func double(_ p: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Double> {
    p.assumingMemoryBound(to: Double.self)
  }
}

extension ProductBlock {
  /// Copies what is above the diagonal of a product of a matrix with its own transpose to below it: half of
  /// it was made, or both halves by code that rounds differently at the edges.
  func copyAboveToBelow(itemSize: Int) {
    for row in 1..<max(m, 1) {
      StridedCopy.gather(
        c + row * rowStride * itemSize, UnsafeRawPointer(c) + row * itemSize, itemSize: itemSize,
        rows: 1, rowStride: 0, columns: row, columnStride: rowStride)
    }
  }

  /// Copies the product's transpose to another block of the same array.
  func copyTransposed(to out: UnsafeMutableRawPointer, itemSize: Int) {
    // Few rows at a time, so that the lines written to stay in cache.
    let strip = 8
    for first in stride(from: 0, to: m, by: strip) {
      let width = min(strip, m - first)
      for column in 0..<n {
        StridedCopy.gather(
          out + (column * rowStride + first) * itemSize,
          UnsafeRawPointer(c) + (first * rowStride + column) * itemSize, itemSize: itemSize,
          rows: 1, rowStride: 0, columns: width, columnStride: rowStride)
      }
    }
  }
}

// MARK: - Sums

extension ProductBlock {
  /// What is added to a block: an element for each of the block's, and a factor.
  struct Terms {
    var base: UnsafeRawPointer
    var rowStride: Int
    var columnStride: Int
    var factor: SIMD2<Double>
  }

  /// Multiplies elements that lie together with a factor.
  static func scale(
    _ line: UnsafeMutableRawPointer, _ count: Int, _ factor: SIMD2<Double>, _ dtype: DType
  ) {
    func scale<T: Summand>(_ factor: T) {
      let elements = line.assumingMemoryBound(to: T.self)
      for i in 0..<count { elements[i] = T.adding(.zero, factor, elements[i]) }
    }
    switch dtype {
    case .float32: scale(Float(factor.x))
    case .float64: scale(factor.x)
    case .complex64: scale(Complex<Float>(factor))
    case .complex128: scale(Complex<Double>(factor))
    default: break
    }
  }

  /// Multiplies the block with a factor and adds terms.
  func combine(_ dtype: DType, _ factor: SIMD2<Double>, _ terms: Terms?) {
    if terms == nil, factor == SIMD2(1, 0) { return }
    switch dtype {
    case .float32: combine(Float(factor.x), Float(terms?.factor.x ?? 0), terms)
    case .float64: combine(factor.x, terms?.factor.x ?? 0, terms)
    case .complex64:
      combine(Complex<Float>(factor), Complex<Float>(terms?.factor ?? .zero), terms)
    case .complex128:
      combine(Complex<Double>(factor), Complex<Double>(terms?.factor ?? .zero), terms)
    default: break
    }
  }

  @inline(__always)
  private func combine<T: Summand>(_ factor: T, _ other: T, _ terms: Terms?) {
    let size = MemoryLayout<T>.stride
    for row in 0..<m {
      let line = (c + row * rowStride * size).assumingMemoryBound(to: T.self)
      guard let terms else {
        for column in 0..<n { line[column] = T.adding(.zero, factor, line[column]) }
        continue
      }
      let source = terms.base + row * terms.rowStride * size
      for column in 0..<n {
        let term = (source + column * terms.columnStride * size).loadUnaligned(as: T.self)
        line[column] = T.adding(T.adding(.zero, factor, line[column]), other, term)
      }
    }
  }
}

// MARK: - Own loops

/// An element that products are added up in.
private protocol Summand: BitwiseCopyable {
  static var zero: Self { get }
  static func adding(_ sum: Self, _ a: Self, _ b: Self) -> Self
}

extension Summand where Self: FixedWidthInteger {
  @inline(__always)
  static func adding(_ sum: Self, _ a: Self, _ b: Self) -> Self { sum &+ a &* b }
}
// Products wrap, so signs do not matter.
extension UInt8: Summand {}
extension UInt16: Summand {}
extension UInt32: Summand {}
extension UInt64: Summand {}
extension Float: Summand {
  @inline(__always)
  fileprivate static func adding(_ sum: Float, _ a: Float, _ b: Float) -> Float { sum + a * b }
}
extension Double: Summand {
  @inline(__always)
  fileprivate static func adding(_ sum: Double, _ a: Double, _ b: Double) -> Double { sum + a * b }
}

/// or of and.
private struct Truth: Summand {
  var bits: UInt8
  static let zero = Truth(bits: 0)
  @inline(__always)
  static func adding(_ sum: Truth, _ a: Truth, _ b: Truth) -> Truth {
    Truth(bits: sum.bits | (a.bits & b.bits))
  }
}

private struct Complex<T: BinaryFloatingPoint & BitwiseCopyable>: Summand {
  var re: T
  var im: T
  static var zero: Complex { Complex(re: 0, im: 0) }
  init(re: T, im: T) { (self.re, self.im) = (re, im) }
  init(_ parts: SIMD2<Double>) { (re, im) = (T(parts.x), T(parts.y)) }
  @inline(__always)
  static func adding(_ sum: Complex, _ a: Complex, _ b: Complex) -> Complex {
    Complex(
      re: sum.re + (a.re * b.re - a.im * b.im), im: sum.im + (a.re * b.im + a.im * b.re))
  }
}

extension ProductBlock {
  /// By loops over blocks that stay in cache, for dtypes or machines without BLAS.
  func multiplyByLoops(_ dtype: DType) {
    switch dtype {
    case .bool: loops(Truth.self)
    case .int8, .uint8: loops(UInt8.self)
    case .int16, .uint16: loops(UInt16.self)
    case .int32, .uint32: loops(UInt32.self)
    case .int64, .uint64: loops(UInt64.self)
    case .float32: loops(Float.self)
    case .float64: loops(Double.self)
    case .complex64: loops(Complex<Float>.self)
    case .complex128: loops(Complex<Double>.self)
    case .float16, .bfloat16: break
    }
  }

  /// Rows of B are read along; transposed B is copied block by block.
  @inline(__always)
  private func loops<T: Summand>(_ type: T.Type) {
    let size = MemoryLayout<T>.stride
    let blockK = 128
    let blockN = min(n, 512)
    let panel = UnsafeMutablePointer<T>.allocate(capacity: blockK * max(1, blockN))
    defer { panel.deallocate() }
    let (rowA, columnA) = matrixA.strides
    let (rowB, columnB) = matrixB.strides
    for column in stride(from: 0, to: n, by: max(1, blockN)) {
      let width = min(blockN, n - column)
      for first in stride(from: 0, to: max(1, k), by: blockK) {
        let depth = min(blockK, k - first)
        for p in 0..<max(0, depth) {
          let source = b + ((first + p) * rowB + column * columnB) * size
          for j in 0..<width {
            panel[p * width + j] = (source + j * columnB * size).loadUnaligned(as: T.self)
          }
        }
        for i in 0..<m {
          let out = (c + (i * rowStride + column) * size).assumingMemoryBound(to: T.self)
          if first == 0 { for j in 0..<width { out[j] = T.zero } }
          for p in 0..<max(0, depth) {
            let factor = (a + (i * rowA + (first + p) * columnA) * size)
              .loadUnaligned(as: T.self)
            let line = panel + p * width
            for j in 0..<width { out[j] = T.adding(out[j], factor, line[j]) }
          }
        }
      }
    }
  }
}
