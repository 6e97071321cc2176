import CBLAS
import WeftIR

extension Routines {
  /// The inverse by the structure that a look finds.
  ///
  /// LAPACK sees our rows as columns: the transpose's inverse is the inverse's transpose, so
  /// nothing is copied.
  static func inv(_ call: MatrixCall) throws -> [Buffer] {
    let n = call.columns
    if call.results[0].count == 0 { return call.results }
    if call.matrixCount == 1, n >= BlockedInverse.leastOrder {
      try BlockedInverse(call).run()
      return call.results
    }
    try call.forEach(operations: 2 * call.cube) {
      let pivots = try call.scratch(n * 4)
      let (work, sizes) = try call.workspace {
        weft_lapack_getri(call.type, call.order, nil, nil, nil, $0)
      }
      return { index in
        let inverse = MatrixInverse(
          call: call, index: index, matrix: call.result(at: index),
          pivots: pivots.base.assumingMemoryBound(to: Int32.self), work: work.base, sizes: sizes)
        try inverse.make()
      }
    }
    return call.results
  }
}

/// One inverse, in the place of the result.
private struct MatrixInverse {
  let call: MatrixCall
  let index: Int
  let matrix: UnsafeMutableRawPointer
  let pivots: UnsafeMutablePointer<Int32>
  let work: UnsafeMutableRawPointer
  let sizes: weft_lapack_sizes

  private var order: Int { call.columns }

  /// Matrices of a lower order are inverted before a look at them pays.
  private static let leastOrder = 32

  func make() throws {
    let source = call.operand(at: index)
    matrix.copyMemory(from: source, byteCount: call.byteCount)
    if order >= Self.leastOrder {
      let facts =
        call.stack.isEmpty
        ? call.operands[0].facts
        : MatrixLook(source, rows: order, columns: order, dtype: call.dtype)?.facts() ?? .none
      if facts.isDiagonal { return try invertDiagonal() }
      if facts.isLower || facts.isUpper { return try invertTriangle(isLower: facts.isLower) }
      if facts.contains(.symmetric) {
        if invertDefinite() { return }
        matrix.copyMemory(from: source, byteCount: call.byteCount)
      }
    }
    var sizes = sizes
    var info = weft_lapack_getrf(call.type, call.order, matrix, pivots)
    if info == 0 {
      info = weft_lapack_getri(call.type, call.order, matrix, pivots, work, &sizes)
    }
    if info != 0 { throw singular() }
  }

  private func singular() -> WeftError {
    call.failure(.singular, "is singular", at: index)
  }

  private func invertDiagonal() throws {
    for n in 0..<order {
      let place = n * (order + 1)
      let (re, im) = Matrices.element(matrix, place, call.dtype)
      let size = re * re + im * im
      if re == 0, im == 0 { throw singular() }
      Matrices.store(im == 0 ? (1 / re, 0) : (re / size, -im / size), matrix, place, call.dtype)
    }
  }

  /// The other triangle is zero and stays so.
  private func invertTriangle(isLower: Bool) throws {
    let triangle = CChar(UInt8(ascii: isLower ? "U" : "L"))
    if weft_lapack_trtri(call.type, triangle, call.order, matrix) != 0 { throw singular() }
  }

  /// By Cholesky's method; false where the matrix is not positive definite.
  private func invertDefinite() -> Bool {
    func diagonal(_ n: Int) -> Double {
      Matrices.element(matrix, n * (order + 1), call.dtype).re
    }
    guard (0..<order).allSatisfy({ diagonal($0) > 0 }) else { return false }
    // The upper triangle of LAPACK's columns is the lower one of our rows. Of complex matrices the other one
    // is taken, of which LAPACK reads nothing behind the end (LAPACK.h).
    let isComplex = call.dtype.isComplex
    let triangle = CChar(UInt8(ascii: isComplex ? "L" : "U"))
    guard weft_lapack_potrf(call.type, triangle, call.order, matrix) == 0,
      !(0..<order).contains(where: { diagonal($0).isNaN }),
      weft_lapack_potri(call.type, triangle, call.order, matrix) == 0
    else { return false }
    if isComplex {
      Matrices.mirrorUpper(matrix, order: order, leading: order, dtype: call.dtype)
    } else {
      Matrices.mirrorLower(matrix, order: order, dtype: call.dtype)
    }
    return true
  }
}
