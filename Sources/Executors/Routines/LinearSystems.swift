import CBLAS
import WeftIR

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
          ).factorDefinite(readsAbove: false)
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
}
