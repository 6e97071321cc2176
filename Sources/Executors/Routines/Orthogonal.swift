import CBLAS
import WeftIR

/// Factorisations with orthogonal factors, and least squares by them.
extension Routines {
  static func qr(_ call: MatrixCall) throws -> [Buffer] {
    let (m, n) = (call.rows, call.columns)
    let k = min(m, n)
    let mode = call.routine.options["mode"]
    let (hasQ, width) = (mode != "r", mode == "complete" ? m : k)
    let height = mode == "complete" ? m : k
    let size = call.itemSize
    if k == 0 {
      // No reflections: Q is the identity and R has no elements.
      if hasQ, width > 0 {
        for index in 0..<call.matrixCount {
          Matrices.fillIdentity(call.result(0, at: index), order: m, dtype: call.dtype)
        }
      }
      return call.results
    }
    try call.forEach(operations: 4 * call.cube) {
      let columns = try call.scratch(m * max(n, width) * size)
      let tau = try call.scratch(k * size)
      var (work, sizes) = try call.workspace {
        weft_lapack_geqrf(call.type, Int32(m), Int32(n), nil, nil, nil, $0)
      }
      var (qWork, qSizes) = try call.workspace {
        weft_lapack_orgqr(call.type, Int32(m), Int32(width), Int32(k), nil, nil, nil, $0)
      }
      return { index in
        Matrices.transpose(
          call.operand(at: index), rows: m, columns: n, itemSize: size, to: columns.base)
        _ = weft_lapack_geqrf(
          call.type, Int32(m), Int32(n), columns.base, tau.base, work.base, &sizes)
        let upper = call.result(hasQ ? 1 : 0, at: index)
        for i in 0..<height {
          for j in 0..<n where i <= j {
            (upper + (i * n + j) * size).copyMemory(
              from: columns.base + (j * m + i) * size, byteCount: size)
          }
        }
        Matrices.clear(below: true, upper, rows: height, columns: n, itemSize: size)
        guard hasQ else { return }
        _ = weft_lapack_orgqr(
          call.type, Int32(m), Int32(width), Int32(k), columns.base, tau.base, qWork.base,
          &qSizes)
        Matrices.transpose(
          columns.base, rows: width, columns: m, itemSize: size, to: call.result(0, at: index))
      }
    }
    return call.results
  }

  /// LAPACK sees A^T = conj(V) S U^T, whose factors in columns are V^H and U in rows: no copies.
  static func svd(_ call: MatrixCall, vectors: Bool) throws -> [Buffer] {
    let (m, n) = (call.rows, call.columns)
    let full = call.flag("full")
    if min(m, n) == 0 {
      if vectors && full {
        for index in 0..<call.matrixCount {
          Matrices.fillIdentity(call.result(0, at: index), order: m, dtype: call.dtype)
          Matrices.fillIdentity(call.result(2, at: index), order: n, dtype: call.dtype)
        }
      }
      return call.results
    }
    let job = CChar(UInt8(ascii: !vectors ? "N" : full ? "A" : "S"))
    let least = min(m, n)
    let leading = full ? m : least
    let isCopied = vectors && call.dtype.isComplex
    try call.forEach(operations: 14 * call.cube) {
      let matrix = try call.columns(m, rows: n)
      let left = try call.scratch(isCopied ? leading * (m + 1) * call.itemSize : 0)
      var (work, sizes) = try call.workspace {
        weft_lapack_gesdd(call.type, job, Int32(n), Int32(m), nil, nil, nil, nil, nil, $0)
      }
      return { index in
        matrix.base.copyMemory(from: call.operand(at: index), byteCount: call.byteCount)
        try call.requireFinite(matrix.base, m * n, at: index)
        let u = vectors ? call.result(0, at: index) : nil
        let info = weft_lapack_gesdd(
          call.type, job, Int32(n), Int32(m), matrix.base,
          call.result(vectors ? 1 : 0, at: index), vectors ? call.result(2, at: index) : nil,
          isCopied ? left.base : u, work.base, &sizes)
        if info != 0 {
          throw call.failure(
            .noConvergence, "has singular values that did not converge", at: index)
        }
        if isCopied { u?.copyMemory(from: left.base, byteCount: leading * m * call.itemSize) }
      }
    }
    return call.results
  }

  static func lstsq(_ call: MatrixCall) throws -> [Buffer] {
    let (m, n) = (call.rows, call.columns)
    let width = call.operands[1].type.shape.codes.last ?? 0
    let (tall, size) = (max(m, n), call.itemSize)
    let rounding = call.realSize == 4 ? Double(Float.ulpOfOne) : Double.ulpOfOne
    let rcond = call.routine.options["rcond"].flatMap(Double.init) ?? rounding * Double(tall)
    try call.forEach(operations: 14 * call.cube + call.area * Double(width)) {
      // gelsd wants a right-hand side, though it be none of ours.
      let columns = max(width, 1)
      let matrix = try call.columns(n, rows: m)
      let sides = try call.scratch(tall * columns * size)
      let solution = try call.scratch(n * columns * size)
      let needsWork = min(m, n) > 0
      var (work, sizes) = try call.workspace {
        needsWork
          ? weft_lapack_gelsd(
            call.type, Int32(m), Int32(n), Int32(columns), nil, nil, nil, rcond, nil, nil, $0) : 0
      }
      return { index in
        Matrices.clear(sides.base, tall * columns * size)
        let given = call.operand(1, at: index)
        for i in 0..<m {
          for j in 0..<width {
            (sides.base + (j * tall + i) * size).copyMemory(
              from: given + (i * width + j) * size, byteCount: size)
          }
        }
        var rank: Int32 = 0
        if needsWork {
          Matrices.transpose(
            call.operand(0, at: index), rows: m, columns: n, itemSize: size, to: matrix.base)
          try call.requireFinite(matrix.base, m * n, at: index)
          try call.requireFinite(sides.base, tall * columns, at: index)
          let info = weft_lapack_gelsd(
            call.type, Int32(m), Int32(n), Int32(columns), matrix.base, sides.base,
            call.result(3, at: index), rcond, &rank, work.base, &sizes)
          if info != 0 {
            throw call.failure(
              .noConvergence, "has singular values that did not converge", at: index)
          }
        }
        // The solution is the top of each column.
        for j in 0..<width {
          (solution.base + j * n * size).copyMemory(
            from: sides.base + j * tall * size, byteCount: n * size)
        }
        Matrices.transpose(
          solution.base, rows: width, columns: n, itemSize: size, to: call.result(0, at: index))
        call.result(2, at: index).storeBytes(of: Int64(rank), as: Int64.self)
        let residuals = Residuals(call, index, width)
        for j in 0..<width {
          // With full column rank what is left of a column is its residual, rotated.
          let sum =
            Int(rank) == n
            ? residuals.tail(sides.base, column: j, tall) : residuals.computed(column: j)
          Matrices.store((sum, 0), call.result(1, at: index), j, call.dtype.realPart)
        }
      }
    }
    return call.results
  }

  /// Sums of squares of the columns of A X - B.
  private struct Residuals {
    let call: MatrixCall
    let index: Int
    let width: Int

    init(_ call: MatrixCall, _ index: Int, _ width: Int) {
      self.call = call
      self.index = index
      self.width = width
    }

    func tail(_ sides: UnsafeRawPointer, column: Int, _ tall: Int) -> Double {
      var sum = 0.0
      for i in min(call.columns, call.rows)..<call.rows {
        let (re, im) = Matrices.element(sides, column * tall + i, call.dtype)
        sum += re * re + im * im
      }
      return sum
    }

    func computed(column: Int) -> Double {
      let (a, b, x) = (
        call.operand(0, at: index), call.operand(1, at: index), call.result(0, at: index)
      )
      var sum = 0.0
      for i in 0..<call.rows {
        var (re, im) = Matrices.element(b, i * width + column, call.dtype)
        for j in 0..<call.columns {
          let (p, q) = (
            Matrices.element(a, i * call.columns + j, call.dtype),
            Matrices.element(x, j * width + column, call.dtype)
          )
          re -= p.re * q.re - p.im * q.im
          im -= p.re * q.im + p.im * q.re
        }
        sum += re * re + im * im
      }
      return sum
    }
  }
}
