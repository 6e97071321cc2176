import CBLAS
import Testing
import Weft
import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Vectors and matrices behind which nothing may be read: their last byte is the last of a page, and the
/// next page is not readable.
@Suite("Nothing is read behind the end") struct PageEndTests {
  /// Complex zeros that end with a page.
  private final class Guarded {
    let base: UnsafeMutableRawPointer
    private let whole: UnsafeMutableRawPointer
    private let bytes: Int

    init?(_ count: Int) {
      let page = Int(sysconf(Int32(_SC_PAGESIZE)))
      let used = (count * 16 + page - 1) / page * page
      bytes = used + page
      guard
        let start = mmap(
          nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | Int32(MAP_ANONYMOUS), -1, 0),
        start != MAP_FAILED, mprotect(start + used, page, PROT_NONE) == 0
      else { return nil }
      whole = start
      base = start + (used - count * 16)
    }

    deinit { munmap(whole, bytes) }
  }

  @Test(
    "products of complex matrices and vectors, in both orders",
    .enabled(if: weft_blas_open() == nil))
  func products() throws {
    let one = [1.0, 0.0]
    for (m, n) in [(2, 1), (2, 7), (3, 4), (6, 5), (7, 9), (10, 3)] {
      for order in [WEFT_BLAS_ROW_MAJOR, WEFT_BLAS_COLUMN_MAJOR] {
        for transposition in [WEFT_BLAS_NO_TRANS, WEFT_BLAS_TRANS] {
          let isPlain = transposition == WEFT_BLAS_NO_TRANS
          let (long, short) = isPlain ? (n, m) : (m, n)
          let x = try #require(Guarded(long))
          let values = x.base.assumingMemoryBound(to: Double.self)
          for i in 0..<long { values[2 * i] = Double(i + 1) }
          let a = [Double](repeating: 1, count: 2 * m * n)
          var y = [Double](repeating: 0, count: 2 * short)
          weft_blas_zgemv(
            Int32(order), Int32(transposition), Int32(m), Int32(n), one, a,
            Int32(order == WEFT_BLAS_ROW_MAJOR ? n : m), x.base, 1, one, &y, 1)
          #expect(y == [Double](repeating: Double(long * (long + 1) / 2), count: 2 * short))
        }
      }
    }
  }

  @Test("triangular solutions of complex systems", .enabled(if: weft_blas_open() == nil))
  func triangles() throws {
    for n in [66, 90, 131] {
      for (order, triangle) in [
        (WEFT_BLAS_COLUMN_MAJOR, WEFT_BLAS_UPPER), (WEFT_BLAS_ROW_MAJOR, WEFT_BLAS_LOWER),
      ] {
        let x = try #require(Guarded(n))
        let values = x.base.assumingMemoryBound(to: Double.self)
        for i in 0..<n { values[2 * i] = Double(i) }
        var a = [Double](repeating: 0, count: 2 * n * n)
        for i in 0..<n { a[2 * i * (n + 1)] = 2 }
        weft_blas_ztrsv(
          Int32(order), Int32(triangle), Int32(WEFT_BLAS_NO_TRANS), Int32(WEFT_BLAS_NON_UNIT),
          Int32(n), a, Int32(n), x.base, 1)
        #expect((0..<n).allSatisfy { values[2 * $0] == Double($0) / 2 && values[2 * $0 + 1] == 0 })
      }
    }
  }

  @Test(
    "inverses of Hermitian matrices, by the triangle of which LAPACK reads no more than there is",
    arguments: [DType.complex64, .complex128])
  func hermitian(dtype: DType) throws {
    for n in [32, 33, 50] {
      let turned = (random.uniform([n, n], key: 5) - 0.5) * NDArray([Complex(0.0, 1)])
      let a = (random.uniform([n, n], key: 4) - 0.5 + turned).asType(dtype)
      // To the last bit, as the matrix is looked at.
      let definite = try (a + conj(a).T + eye(n).asType(dtype) * Double(2 * n)).compute()
      let inverse = inv(definite)
      let error: Double = try abs(inverse.dot(definite) - eye(n).asType(dtype)).max()
        .asType(.float64).item()
      #expect(error < (dtype == .complex64 ? 1e-5 : 1e-13))
      #expect(try (inverse .== conj(inverse).T).all().item(Bool.self))
    }
  }
}
