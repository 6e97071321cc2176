import CBLAS
import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Cholesky and LU factors and what is made from them.
extension Routines {
  /// The other triangle of the transpose that LAPACK sees is this one's conjugate, and so is its
  /// factor the transpose of ours: no copies.
  static func cholesky(_ call: MatrixCall) throws -> [Buffer] {
    let upper = call.flag("upper")
    let n = call.columns
    let triangle = CChar(UInt8(ascii: upper ? "L" : "U"))
    try call.forEach(operations: call.cube / 3) {
      { index in
        let factor = call.result(at: index)
        factor.copyMemory(from: call.operand(at: index), byteCount: call.byteCount)
        if n == 0 { return }
        let isFactored: Bool
        if !upper, call.matrixCount == 1, n >= BlockedFactors.leastOrder {
          isFactored = try BlockedFactors(
            call: call, base: factor, order: n, leading: n, isShared: true
          ).factorDefinite()
        } else {
          isFactored = weft_lapack_potrf(call.type, triangle, call.order, factor) == 0
        }
        // NaN passes the tests of some kernels.
        let isNaN = (0..<n).contains {
          Matrices.element(factor, $0 * n + $0, call.dtype).re.isNaN
        }
        if !isFactored || isNaN {
          throw call.failure(.notPositiveDefinite, "is not positive definite", at: index)
        }
        Matrices.clear(
          below: upper, factor, rows: n, columns: n, itemSize: call.itemSize)
      }
    }
    return call.results
  }

  /// Factors the transpose and solves its transpose; right-hand sides are copied to columns.
  static func solve(_ call: MatrixCall) throws -> [Buffer] {
    let n = call.columns
    let width = call.operands[1].type.shape.codes.last ?? 0
    guard call.rows == n, call.operands[1].type.shape.codes.suffix(2).first == n else {
      throw WeftError(
        .shapeMismatch, "solve",
        "\(call.operands[0].type) and \(call.operands[1].type) do not fit each other")
    }
    if call.matrixCount == 0 || n == 0 { return call.results }
    try call.forEach(operations: call.cube + call.area * Double(width)) {
      let pivots = try call.scratch(n * 4)
      let factors = try call.scratch(call.byteCount)
      let columns = try call.scratch(n * width * call.itemSize)
      var factored = -1
      return { index in
        let swaps = pivots.base.assumingMemoryBound(to: Int32.self)
        let place = call.place(index, of: 0)
        if place != factored {
          factors.base.copyMemory(
            from: call.operand(0, at: index), byteCount: call.byteCount)
          if weft_lapack_getrf(call.type, call.order, factors.base, swaps) != 0 {
            throw call.failure(.singular, "is singular", at: index)
          }
          factored = place
        }
        if width == 0 { return }
        Matrices.transpose(
          call.operand(1, at: index), rows: n, columns: width, itemSize: call.itemSize,
          to: columns.base)
        _ = weft_lapack_getrs_transposed(
          call.type, call.order, Int32(width), factors.base, swaps, columns.base)
        Matrices.transpose(
          columns.base, rows: width, columns: n, itemSize: call.itemSize,
          to: call.result(at: index))
      }
    }
    return call.results
  }

  static func det(_ call: MatrixCall) throws -> [Buffer] {
    try determinants(call) { determinant, index in
      Matrices.store(determinant.value, call.result(at: index), 0, call.dtype)
    }
    return call.results
  }

  static func slogdet(_ call: MatrixCall) throws -> [Buffer] {
    try determinants(call) { determinant, index in
      Matrices.store(determinant.sign, call.result(0, at: index), 0, call.dtype)
      Matrices.store(
        (determinant.logarithm, 0), call.result(1, at: index), 0, call.dtype.realPart)
    }
    return call.results
  }

  private static func determinants(
    _ call: MatrixCall, _ store: @escaping @Sendable (Determinant, Int) -> Void
  ) throws {
    let n = call.columns
    try call.forEach(operations: call.cube) {
      let pivots = try call.scratch(n * 4)
      let factors = try call.scratch(call.byteCount)
      return { index in
        var determinant = Determinant()
        if n > 0 {
          let swaps = pivots.base.assumingMemoryBound(to: Int32.self)
          let isShared = call.matrixCount == 1 && n >= BlockedFactors.leastOrder
          let matrix = BlockedFactors(
            call: call, base: factors.base, order: n, leading: n, isShared: isShared)
          func diagonal(_ i: Int) -> (re: Double, im: Double) {
            Matrices.element(factors.base, i * (n + 1), call.dtype)
          }
          func copy() {
            factors.base.copyMemory(from: call.operand(at: index), byteCount: call.byteCount)
          }
          copy()
          // Half the work where the matrix turns out to be definite.
          let mayBeDefinite =
            isShared && call.operands[0].facts.contains(.symmetric)
            && (0..<n).allSatisfy { diagonal($0).re > 0 }
          if mayBeDefinite, try matrix.factorDefinite(),
            !(0..<n).contains(where: { diagonal($0).re.isNaN })
          {
            for i in 0..<n {
              determinant.multiply(by: (diagonal(i).re, 0))
              determinant.multiply(by: (diagonal(i).re, 0))
            }
            store(determinant, index)
            return
          }
          if mayBeDefinite { copy() }
          if try !matrix.factor(swaps) {
            determinant.multiply(by: (0, 0))
          } else {
            for i in 0..<n {
              determinant.multiply(by: diagonal(i))
              if swaps[i] != Int32(i + 1) { determinant.multiply(by: (-1, 0)) }
            }
          }
        }
        store(determinant, index)
      }
    }
  }
}

/// A product with its exponent apart, so that it neither overflows nor vanishes on the way.
private struct Determinant {
  private var (re, im) = (1.0, 0.0)
  private var exponent = 0

  mutating func multiply(by factor: (re: Double, im: Double)) {
    // The factor is scaled first: near the ends of the range products with it are not safe.
    let (scaled, power) = Self.scaled(factor)
    let product = (
      re * scaled.re - im * scaled.im, re * scaled.im + im * scaled.re
    )
    // A real factor leaves real products, infinities and signs as they are.
    let (next, nextPower) = Self.scaled(
      scaled.im == 0 && im == 0 ? (re * scaled.re, 0) : product)
    (re, im) = next
    exponent += power + nextPower
  }

  private static func scaled(
    _ value: (re: Double, im: Double)
  ) -> ((re: Double, im: Double), Int) {
    let size = max(abs(value.re), abs(value.im))
    guard size.isFinite, size > 0 else { return (value, 0) }
    let power = Int(size.exponent)
    return ((scalbn(value.re, Int32(-power)), scalbn(value.im, Int32(-power))), power)
  }

  var value: (re: Double, im: Double) {
    let power = Int32(clamping: max(-10_000, min(10_000, exponent)))
    return (scalbn(re, power), scalbn(im, power))
  }

  /// On the unit circle, or 0.
  var sign: (re: Double, im: Double) {
    if im == 0 { return (re == 0 ? 0 : re > 0 ? 1 : re < 0 ? -1 : re, 0) }
    let size = hypot(re, im)
    return (re / size, im / size)
  }

  var logarithm: Double {
    let size = im == 0 ? abs(re) : hypot(re, im)
    return size == 0 ? -.infinity : log(size) + Double(exponent) * log(2)
  }
}
