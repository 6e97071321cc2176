import CBLAS
import WeftIR

/// Factors of one great matrix, its blocks shared out among threads.
///
/// Blocks are cut by the order alone and each is made by one thread in one order, so that the bits
/// do not depend on the number of threads, as they would with BLAS's own.
///
/// - Source: right-looking factorisations, Golub & Van Loan 4th ed. 3.2.11 and 4.2.9; the next panel
///   is factored while the rest of its step goes on (look-ahead: Strazdins, TR-CS-98-07, 1998).
struct BlockedFactors: Sendable {
  let call: MatrixCall
  let matrix: KernelBase
  let order: Int
  let leading: Int
  /// Whether blocks are made at all, or LAPACK takes the whole on this thread.
  private let isShared: Bool

  /// Smaller matrices are factored in one piece.
  static let leastOrder = 320

  init(call: MatrixCall, base: UnsafeMutableRawPointer, order: Int, leading: Int, isShared: Bool) {
    self.call = call
    matrix = KernelBase(base)
    self.order = order
    self.leading = leading
    self.isShared = isShared
  }

  /// The columns of a panel and the rows of a block.
  static func panel(_ order: Int) -> Int { order < 768 ? 64 : 128 }
  var width: Int { Self.panel(order) }
  var dtype: DType { call.dtype }

  func at(_ row: Int, _ column: Int) -> UnsafeMutableRawPointer {
    matrix.pointer + (row * leading + column) * call.itemSize
  }

  func operand(_ row: Int, _ column: Int, isTransposed: Bool = false) -> MatrixOperand {
    MatrixOperand(
      base: at(row, column), leading: leading, isTransposed: isTransposed,
      isConjugated: isTransposed)
  }

  func share(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
    try call.context.scheduler.run(count, call.context.token) { part, _ in try body(part) }
  }

  // MARK: - LU

  /// P M = L U of the transpose M of our rows; false where a pivot is zero.
  ///
  /// Columns of M are rows here: L's panel of M is a part of some rows, and M's rows are swapped
  /// within each of ours.
  func factor(_ pivots: UnsafeMutablePointer<Int32>) throws -> Bool {
    let n = order
    if !isShared {
      return weft_lapack_getrf_strided(
        call.type, Int32(n), matrix.pointer, Int32(leading), pivots) == 0
    }
    let swaps = Pivots(pivots)
    var isRegular = factorPanel(0, swaps)
    var first = 0
    while isRegular, first < n {
      let end = min(n, first + width)
      if end == n { break }
      let start = first
      let blocks = (n - end + width - 1) / width
      let found = Lock(true)
      try share(blocks) { block in
        let row = end + block * width
        update(row..<min(n, row + width), start..<end, swaps)
        if block == 0 {
          let isFine = factorPanel(end, swaps)
          found.withLock { $0 = isFine }
        }
      }
      isRegular = found.withLock { $0 }
      first = end
    }
    guard isRegular else { return false }
    // The swaps of later panels within the rows of earlier ones.
    let panels = (n + width - 1) / width
    try share(panels) { panel in
      for row in panel * width..<min(n, (panel + 1) * width) {
        swap(row, min(n, (panel + 1) * width)..<n, swaps)
      }
    }
    return true
  }

  struct Pivots: @unchecked Sendable {
    let base: UnsafeMutablePointer<Int32>
    init(_ base: UnsafeMutablePointer<Int32>) { self.base = base }
  }

  /// Factors the panel from a column of M on; its pivots count from the matrix's first row.
  private func factorPanel(_ first: Int, _ pivots: Pivots) -> Bool {
    let count = min(width, order - first)
    let info = weft_lapack_getrf_panel(
      call.type, Int32(order - first), Int32(count), at(first, first), Int32(leading),
      pivots.base + first)
    for n in first..<first + count { pivots.base[n] += Int32(first) }
    return info == 0
  }

  /// Some columns of M behind a panel: swapped, divided by L's block, less L's rest times those.
  private func update(_ rows: Range<Int>, _ panel: Range<Int>, _ pivots: Pivots) {
    for row in rows { swap(row, panel, pivots) }
    Triangle(
      dtype: dtype, base: at(panel.lowerBound, panel.lowerBound), leading: leading,
      uplo: Int32(WEFT_BLAS_UPPER), trans: Int32(WEFT_BLAS_NO_TRANS),
      diagonal: Int32(WEFT_BLAS_UNIT)
    ).divide(
      at(rows.lowerBound, panel.lowerBound), rows: Int32(rows.count),
      columns: Int32(panel.count), leading: leading, side: Int32(WEFT_BLAS_RIGHT))
    MatrixOperand.multiply(
      dtype, rows.count, order - panel.upperBound, panel.count,
      operand(rows.lowerBound, panel.lowerBound), operand(panel.lowerBound, panel.upperBound),
      to: at(rows.lowerBound, panel.upperBound), leading, adds: true, subtracts: true)
  }

  /// Swaps elements of one of our rows as some pivots say.
  func swap(_ row: Int, _ span: Range<Int>, _ pivots: Pivots) {
    func exchange<Element>(_ line: UnsafeMutablePointer<Element>) {
      for n in span {
        let other = Int(pivots.base[n]) - 1
        if other != n { (line[n], line[other]) = (line[other], line[n]) }
      }
    }
    switch call.itemSize {
    case 4: exchange(at(row, 0).assumingMemoryBound(to: UInt32.self))
    case 8: exchange(at(row, 0).assumingMemoryBound(to: UInt64.self))
    default: exchange(at(row, 0).assumingMemoryBound(to: SIMD2<UInt64>.self))
    }
  }

  // MARK: - Cholesky

  /// A = L L^H in the triangle below; false where a pivot is not positive.
  ///
  /// What stands above the diagonal is not kept, and without `readsAbove` not read.
  func factorDefinite(readsAbove: Bool = true) throws -> Bool {
    let n = order
    if !isShared { return factorDiagonal(0..<n, readsAbove) }
    var first = 0
    var isDefinite = factorDiagonal(0..<min(n, width), readsAbove)
    while isDefinite {
      let panel = first..<min(n, first + width)
      let end = panel.upperBound
      if end == n { break }
      let blocks = (n - end + width - 1) / width
      @Sendable func rows(_ block: Int) -> Range<Int> {
        end + block * width..<min(n, end + (block + 1) * width)
      }
      try share(blocks) { block in
        let part = rows(block)
        Triangle(
          dtype: dtype, base: at(panel.lowerBound, panel.lowerBound), leading: leading,
          uplo: Int32(WEFT_BLAS_LOWER), trans: Int32(WEFT_BLAS_CONJ_TRANS),
          diagonal: Int32(WEFT_BLAS_NON_UNIT)
        ).divide(
          at(part.lowerBound, panel.lowerBound), rows: Int32(part.count),
          columns: Int32(panel.count), leading: leading, side: Int32(WEFT_BLAS_RIGHT))
      }
      let found = Lock(true)
      // The longest rows first but for the next diagonal block, which is factored at once.
      try share(blocks) { task in
        let part = rows(task == 0 ? 0 : blocks - task)
        MatrixOperand.multiply(
          dtype, part.count, part.upperBound - end, panel.count,
          operand(part.lowerBound, panel.lowerBound),
          operand(end, panel.lowerBound, isTransposed: true),
          to: at(part.lowerBound, end), leading, adds: true, subtracts: true)
        if task == 0 {
          let isFine = factorDiagonal(part, readsAbove)
          found.withLock { $0 = isFine }
        }
      }
      isDefinite = found.withLock { $0 }
      first = end
    }
    return isDefinite
  }

  /// OpenBLAS takes a third less time for the lower triangle of its columns, our upper one, than for the
  /// upper one (0.3.21, order 240: 109 us, 163); turning it over costs a tenth of that.
  private func factorDiagonal(_ rows: Range<Int>, _ readsAbove: Bool) -> Bool {
    let corner = at(rows.lowerBound, rows.lowerBound)
    let turns = readsAbove && !dtype.isComplex && rows.count >= Self.leastTurned
    let triangle = CChar(UInt8(ascii: turns ? "L" : "U"))
    guard
      weft_lapack_potrf_strided(
        call.type, triangle, Int32(rows.count), corner, Int32(leading)) == 0
    else { return false }
    if turns {
      Matrices.mirrorUpper(corner, order: rows.count, leading: leading, dtype: dtype)
    }
    return true
  }

  /// Smaller triangles are factored as quickly as turned over.
  private static let leastTurned = 48
}
