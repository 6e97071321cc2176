import CBLAS
import WeftIR

extension Routines {
  /// Solves with the factors of `factor`; see `Routine.solveFactored`.
  static func solveFactored(_ call: MatrixCall) throws -> [Buffer] {
    let n = call.columns
    let codes = call.operands[3].type.shape.codes.suffix(2)
    guard let first = codes.first, let last = codes.last else { return call.results }
    let isRight = call.flag("right")
    if call.matrixCount == 0 || n == 0 || first == 0 || last == 0 { return call.results }
    let (isTransposed, width) = (call.flag("transposed"), isRight ? first : last)
    // One great right-hand side is shared out among threads, by its columns.
    let chunks = call.matrixCount == 1 ? FactoredSolution.chunks(width) : 1
    try call.forEach(operations: call.area * Double(width)) {
      { index in
        let solution = FactoredSolution(
          call: call, matrix: call.operand(0, at: index), factors: call.operand(1, at: index),
          codes: FactorCodes(call.operand(2, at: index), order: n), order: n,
          isTransposed: isTransposed, isRight: isRight)
        let (from, to) = (
          KernelBase(call.operand(3, at: index)), KernelBase(call.result(at: index))
        )
        if chunks == 1 {
          try solution.solve(from.pointer, to: to.pointer, 0..<width, of: width)
          return
        }
        try call.context.scheduler.run(chunks, call.context.token) { chunk, _ in
          try solution.solve(
            from.pointer, to: to.pointer,
            width * chunk / chunks..<width * (chunk + 1) / chunks, of: width)
        }
      }
    }
    return call.results
  }
}

/// An address that threads share; each writes to a part of its own.
struct KernelBase: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }
}

/// The solution of one system in place of its right-hand side.
///
/// `@unchecked Sendable`: matrix and factors are only read; parts write to columns of their own.
struct FactoredSolution: @unchecked Sendable {
  let call: MatrixCall
  let matrix: UnsafeMutableRawPointer
  let factors: UnsafeMutableRawPointer
  let codes: FactorCodes
  let order: Int
  private(set) var isTransposed: Bool
  private(set) var isRight: Bool

  private var itemSize: Int { call.itemSize }
  private var dtype: DType { call.dtype }

  /// Solves for some of the `width` columns of a right-hand side, or rows where the matrix stands on
  /// the right, and writes the solution to its place in a target like it.
  func solve(
    _ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ part: Range<Int>,
    of width: Int
  ) throws {
    if part.isEmpty { return }
    if isQuickerByRows(part.count) {
      let start = part.lowerBound * itemSize
      let lines = try call.scratch(order * part.count * itemSize)
      Matrices.transpose(
        source + start, rows: order, columns: part.count, leading: width, itemSize: itemSize,
        to: lines.base)
      var turned = self
      (turned.isRight, turned.isTransposed) = (true, !isTransposed)
      try turned.solve(lines.base, 0..<part.count, leading: order)
      Matrices.transpose(
        lines.base, rows: part.count, columns: order, itemSize: itemSize, to: target + start,
        targetLeading: width)
      return
    }
    let leading = isRight ? order : width
    let (lines, span) = isRight ? (part, 0..<order) : (0..<order, part)
    for line in lines {
      let start = (line * leading + span.lowerBound) * itemSize
      (target + start).copyMemory(from: source + start, byteCount: span.count * itemSize)
    }
    try solve(target, part, leading: leading)
  }

  /// Whether columns are better solved as rows from the right, X^T A^T = B^T: BLAS's own columns,
  /// on which it takes a sixth less time than on ours.
  private func isQuickerByRows(_ count: Int) -> Bool {
    !isRight && !dtype.isComplex && count >= 8 && order >= 64
      && !codes.blocks.allSatisfy { $0.kind == .diagonal }
  }

  /// How many parts right-hand sides of so many columns are solved in, by their number alone, so
  /// that threads change no bit: a power of two, parts of 64 columns at least.
  static func chunks(_ width: Int) -> Int {
    let most = min(16, max(1, width / 64))
    return 1 << (Int.bitWidth - 1 - most.leadingZeroBitCount)
  }

  /// Solves for some columns of the right-hand side, or rows where the matrix stands on the right.
  ///
  /// With `isHalf` Cholesky's factor is divided out once: L^-1 B, or B L^-H from the right.
  func solve(
    _ b: UnsafeMutableRawPointer, _ part: Range<Int>, leading: Int, isHalf: Bool = false
  ) throws {
    for block in codes.blocks {
      let corner = block.rows.lowerBound * (order + 1) * itemSize
      let start =
        isRight
        ? part.lowerBound * leading + block.rows.lowerBound
        : block.rows.lowerBound * leading + part.lowerBound
      let side = RightSide(
        base: b + start * itemSize, order: block.rows.count, width: part.count, leading: leading,
        isRight: isRight)
      switch block.kind {
      case .diagonal: divide(side, by: matrix + corner)
      case .lower: triangle(side, matrix + corner, isUpper: false)
      case .upper: triangle(side, matrix + corner, isUpper: true)
      case .cholesky:
        // L (L^H X) = B, or from the right X L L^H = B.
        let factor = factors + corner
        let adjoint = dtype.isComplex ? WEFT_BLAS_CONJ_TRANS : WEFT_BLAS_TRANS
        solve(side, factor, WEFT_BLAS_LOWER, isRight ? adjoint : WEFT_BLAS_NO_TRANS)
        if isHalf { continue }
        solve(side, factor, WEFT_BLAS_LOWER, isRight ? WEFT_BLAS_NO_TRANS : adjoint)
      case .general: general(side, factors + corner, codes.pivots + block.rows.lowerBound)
      case .banded: try banded(side)
      case .indefinite:
        indefinite(side, factors + corner, codes.pivots + block.rows.lowerBound)
      }
    }
  }

  private func triangle(_ side: RightSide, _ a: UnsafeMutableRawPointer, isUpper: Bool) {
    solve(
      side, a, isUpper ? WEFT_BLAS_UPPER : WEFT_BLAS_LOWER,
      isTransposed ? WEFT_BLAS_TRANS : WEFT_BLAS_NO_TRANS)
  }

  /// LAPACK factored our rows as columns: P A^T = L U, so A = U^T L^T P with U^T below the diagonal
  /// of our rows and L^T, with ones on its diagonal, above.
  private func general(
    _ side: RightSide, _ factor: UnsafeMutableRawPointer, _ pivots: UnsafeMutablePointer<Int32>
  ) {
    func lower(_ trans: Int) { solve(side, factor, WEFT_BLAS_LOWER, trans) }
    func upper(_ trans: Int) { solve(side, factor, WEFT_BLAS_UPPER, trans, isUnit: true) }
    let (plain, trans) = (WEFT_BLAS_NO_TRANS, WEFT_BLAS_TRANS)
    switch (isRight, isTransposed) {
    case (false, false):
      lower(plain)
      upper(plain)
      side.swap(pivots, forward: false, itemSize)
    case (false, true):
      side.swap(pivots, forward: true, itemSize)
      upper(trans)
      lower(trans)
    case (true, false):
      side.swap(pivots, forward: true, itemSize)
      upper(plain)
      lower(plain)
    case (true, true):
      lower(trans)
      upper(trans)
      side.swap(pivots, forward: false, itemSize)
    }
  }

  /// P A P^T = U^T D U: symmetric, so that its transpose needs nothing else.
  private func indefinite(
    _ side: RightSide, _ factor: UnsafeMutableRawPointer, _ pivots: UnsafeMutablePointer<Int32>
  ) {
    let (plain, trans) = (WEFT_BLAS_NO_TRANS, WEFT_BLAS_TRANS)
    side.swap(pivots, forward: true, itemSize)
    solve(side, factor, WEFT_BLAS_UPPER, isRight ? plain : trans, isUnit: true)
    if dtype == .float32 {
      side.divide(byBlocksOf: factor.assumingMemoryBound(to: Float.self), order)
    } else {
      side.divide(byBlocksOf: factor.assumingMemoryBound(to: Double.self), order)
    }
    solve(side, factor, WEFT_BLAS_UPPER, isRight ? trans : plain, isUnit: true)
    side.swap(pivots, forward: false, itemSize)
  }

  /// A diagonal is its own factor.
  private func divide(_ side: RightSide, by a: UnsafeMutableRawPointer) {
    let n = side.order
    withUnsafeTemporaryAllocation(byteCount: n * itemSize, alignment: 64) { elements in
      // The count of an allocation that is not empty has an address.
      let diagonal = Diagonal(
        copying: a, order: n, leading: order, to: elements.baseAddress.unsafelyUnwrapped, dtype)
      DiagonalDivision(diagonal: diagonal, isRight: isRight).divide(
        side.base, to: side.base, 0..<(isRight ? side.width : n), 0..<(isRight ? n : side.width),
        leading: side.leading)
    }
  }

  /// Bands are solved for columns; from the right our rows are LAPACK's columns already.
  private func banded(_ side: RightSide) throws {
    let (lower, upper) = codes.bandwidths
    let transposes = isTransposed != isRight
    let letter = CChar(UInt8(ascii: transposes ? "T" : "N"))
    if side.isRight || side.leading == 1 {
      _ = weft_lapack_gbtrs(
        call.type, letter, Int32(order), lower, upper, Int32(side.width), factors, codes.pivots,
        side.base)
      return
    }
    let columns = try call.scratch(order * side.width * itemSize)
    for row in 0..<order {
      for column in 0..<side.width {
        (columns.base + (column * order + row) * itemSize).copyMemory(
          from: side.base + (row * side.leading + column) * itemSize, byteCount: itemSize)
      }
    }
    _ = weft_lapack_gbtrs(
      call.type, letter, Int32(order), lower, upper, Int32(side.width), factors, codes.pivots,
      columns.base)
    for row in 0..<order {
      for column in 0..<side.width {
        (side.base + (row * side.leading + column) * itemSize).copyMemory(
          from: columns.base + (column * order + row) * itemSize, byteCount: itemSize)
      }
    }
  }

  // MARK: - Triangles

  /// Solves with a triangle on the side where the matrix stands.
  private func solve(
    _ side: RightSide, _ a: UnsafeMutableRawPointer, _ triangle: Int, _ trans: Int,
    isUnit: Bool = false
  ) {
    let rowMajor = Int32(WEFT_BLAS_ROW_MAJOR)
    let (uplo, diagonal) = (
      Int32(triangle), Int32(isUnit ? WEFT_BLAS_UNIT : WEFT_BLAS_NON_UNIT)
    )
    let (n, lda) = (Int32(side.order), Int32(order))
    if side.width == 1, isRight || side.leading == 1 {
      // x A = b is A^T x = b.
      let isPlain = trans == WEFT_BLAS_NO_TRANS
      if !isRight || !dtype.isComplex || isPlain {
        let way = Int32(isRight ? (isPlain ? WEFT_BLAS_TRANS : WEFT_BLAS_NO_TRANS) : trans)
        vector(rowMajor, uplo, way, diagonal, n, a, lda, side.base)
        return
      }
    }
    let place = Int32(isRight ? WEFT_BLAS_RIGHT : WEFT_BLAS_LEFT)
    let (rows, columns) =
      isRight ? (Int32(side.width), n) : (n, Int32(side.width))
    Triangle(
      dtype: dtype, base: a, leading: order, uplo: uplo, trans: Int32(trans), diagonal: diagonal
    ).divide(side.base, rows: rows, columns: columns, leading: side.leading, side: place)
  }

  private func vector(
    _ layout: Int32, _ uplo: Int32, _ trans: Int32, _ diagonal: Int32, _ n: Int32,
    _ a: UnsafeMutableRawPointer, _ lda: Int32, _ x: UnsafeMutableRawPointer
  ) {
    switch dtype {
    case .float32:
      weft_blas_strsv(
        layout, uplo, trans, diagonal, n, a.assumingMemoryBound(to: Float.self), lda,
        x.assumingMemoryBound(to: Float.self), 1)
    case .float64:
      weft_blas_dtrsv(
        layout, uplo, trans, diagonal, n, a.assumingMemoryBound(to: Double.self), lda,
        x.assumingMemoryBound(to: Double.self), 1)
    case .complex64: weft_blas_ctrsv(layout, uplo, trans, diagonal, n, a, lda, x, 1)
    default: weft_blas_ztrsv(layout, uplo, trans, diagonal, n, a, lda, x, 1)
    }
  }
}

/// A part of a right-hand side: `order` rows of `width` elements, or `width` rows of `order` where
/// the matrix stands on the right.
private struct RightSide {
  let base: UnsafeMutableRawPointer
  let order: Int
  let width: Int
  let leading: Int
  let isRight: Bool

  /// Swaps rows, or columns where the matrix stands on the right, as pivots say; backwards undoes.
  func swap(_ pivots: UnsafeMutablePointer<Int32>, forward: Bool, _ itemSize: Int) {
    switch itemSize {
    case 4: swap(pivots, forward, base.assumingMemoryBound(to: UInt32.self))
    case 8: swap(pivots, forward, base.assumingMemoryBound(to: UInt64.self))
    default: swap(pivots, forward, base.assumingMemoryBound(to: SIMD2<UInt64>.self))
    }
  }

  private func swap<Element>(
    _ pivots: UnsafeMutablePointer<Int32>, _ forward: Bool, _ b: UnsafeMutablePointer<Element>
  ) {
    let (step, lines) = isRight ? (1, leading) : (leading, 1)
    func exchange(_ n: Int, _ line: Int) {
      let other = Int(pivots[n]) - 1
      guard other != n else { return }
      let (x, y) = (n * step + line, other * step + line)
      (b[x], b[y]) = (b[y], b[x])
    }
    if isRight {
      for line in 0..<width {
        for n in 0..<order { exchange(forward ? n : order - 1 - n, line * lines) }
      }
    } else {
      for n in 0..<order {
        for line in 0..<width { exchange(forward ? n : order - 1 - n, line) }
      }
    }
  }

  /// Divides by the blocks of one and two rows of a symmetric matrix: those on a matrix's diagonal,
  /// with what stands below it.
  ///
  /// - Source: LAPACK sytrs2; the element beside the diagonal is the greatest of a block of two.
  func divide<Real: BinaryFloatingPoint>(
    byBlocksOf matrix: UnsafeMutablePointer<Real>, _ matrixLeading: Int
  ) {
    let b = base.assumingMemoryBound(to: Real.self)
    let (step, line) = isRight ? (1, leading) : (leading, 1)
    // The elements of the diagonal one after another, then those below.
    withUnsafeTemporaryAllocation(of: Real.self, capacity: 2 * order) { blocks in
      for n in 0..<order {
        blocks[n] = matrix[n * (matrixLeading + 1)]
        blocks[order + n] = n + 1 < order ? matrix[(n + 1) * matrixLeading + n] : 0
      }
      @inline(__always)
      func divide(_ n: Int, _ column: Int) {
        let place = n * step + column * line
        let beside = blocks[order + n]
        if beside == 0 {
          b[place] /= blocks[n]
          return
        }
        let (upper, lower) = (blocks[n] / beside, blocks[n + 1] / beside)
        let scale = upper * lower - 1
        let (x, y) = (b[place] / beside, b[place + step] / beside)
        b[place] = (lower * x - y) / scale
        b[place + step] = (upper * y - x) / scale
      }
      func isSecond(_ n: Int) -> Bool { n > 0 && blocks[order + n - 1] != 0 }
      if isRight {
        for column in 0..<width {
          for n in 0..<order where !isSecond(n) { divide(n, column) }
        }
      } else {
        for n in 0..<order where !isSecond(n) {
          for column in 0..<width { divide(n, column) }
        }
      }
    }
  }
}
