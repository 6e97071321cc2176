import CBLAS
import WeftIR

extension Routines {
  /// LAPACK sees the conjugate, whose eigenvalues are the same and whose vectors are conjugates.
  static func eigh(_ call: MatrixCall, vectors: Bool) throws -> [Buffer] {
    let n = call.columns
    if call.operands[0].count == 0 { return call.results }
    let triangle = CChar(UInt8(ascii: call.flag("upper") ? "L" : "U"))
    let job = CChar(UInt8(ascii: vectors ? "V" : "N"))
    try call.forEach(operations: 9 * call.cube) {
      let matrix = try call.columns(n, rows: n)
      var (work, sizes) = try call.workspace {
        weft_lapack_heevd(call.type, job, triangle, call.order, nil, nil, nil, $0)
      }
      return { index in
        matrix.base.copyMemory(from: call.operand(at: index), byteCount: call.byteCount)
        try call.requireFinite(matrix.base, n * n, at: index)
        let info = weft_lapack_heevd(
          call.type, job, triangle, call.order, matrix.base, call.result(0, at: index),
          work.base, &sizes)
        if info != 0 {
          throw call.failure(.noConvergence, "has eigenvalues that did not converge", at: index)
        }
        guard vectors else { return }
        Matrices.transpose(
          matrix.base, rows: n, columns: n, itemSize: call.itemSize,
          to: call.result(1, at: index))
        Matrices.conjugate(call.result(1, at: index), n * n, call.dtype)
      }
    }
    return call.results
  }

  static func eig(_ call: MatrixCall, vectors: Bool) throws -> [Buffer] {
    let n = call.columns
    if call.operands[0].count == 0 { return call.results }
    let job = CChar(UInt8(ascii: vectors ? "V" : "N"))
    try call.forEach(operations: 25 * call.cube) {
      let matrix = try call.scratch(call.byteCount)
      let columns = try call.scratch(vectors ? call.byteCount : 0)
      let values = try call.scratch(2 * n * call.realSize)
      var (work, sizes) = try call.workspace {
        weft_lapack_geev(call.type, job, call.order, nil, nil, nil, nil, nil, $0)
      }
      return { index in
        Matrices.transpose(
          call.operand(at: index), rows: n, columns: n, itemSize: call.itemSize, to: matrix.base)
        try call.requireFinite(matrix.base, n * n, at: index)
        let imaginary = values.base + n * call.realSize
        let info = weft_lapack_geev(
          call.type, job, call.order, matrix.base, values.base, imaginary, columns.base,
          work.base, &sizes)
        if info != 0 {
          throw call.failure(.noConvergence, "has eigenvalues that did not converge", at: index)
        }
        if call.dtype.isComplex {
          call.result(0, at: index).copyMemory(
            from: values.base, byteCount: 2 * n * call.realSize)
          guard vectors else { return }
          Matrices.transpose(
            columns.base, rows: n, columns: n, itemSize: call.itemSize,
            to: call.result(1, at: index))
        } else {
          join(call, values.base, vectors ? columns.base : nil, at: index)
        }
      }
    }
    return call.results
  }

  /// Complex results from LAPACK's real ones: pairs of conjugates share two columns, the real and
  /// the imaginary part.
  private static func join(
    _ call: MatrixCall, _ values: UnsafeRawPointer, _ columns: UnsafeRawPointer?, at index: Int
  ) {
    let (n, real) = (call.columns, call.dtype)
    let complex = real.complexCounterpart
    func number(_ elements: UnsafeRawPointer, _ place: Int) -> Double {
      Matrices.element(elements, place, real).re
    }
    for j in 0..<n {
      let im = number(values, n + j)
      Matrices.store((number(values, j), im), call.result(0, at: index), j, complex)
      guard let columns else { continue }
      let target = call.result(1, at: index)
      for i in 0..<n {
        // The column of a pair's second value is the first's conjugate.
        let first = im < 0 ? j - 1 : j
        let part = im == 0 ? 0 : number(columns, (first + 1) * n + i)
        Matrices.store(
          (number(columns, first * n + i), im < 0 ? -part : part), target, i * n + j, complex)
      }
    }
  }
}
