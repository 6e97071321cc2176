import CBLAS
import WeftIR

/// The inverse of one great matrix by the structure that a look finds, in blocks of rows or columns
/// that threads share; see `BlockedFactors`.
struct BlockedInverse: Sendable {
  /// Smaller matrices are inverted in one piece.
  static let leastOrder = 192

  private let call: MatrixCall
  private let order: Int
  private let source: KernelBase
  private let result: KernelBase

  init(_ call: MatrixCall) {
    self.call = call
    order = call.columns
    source = KernelBase(call.operand(at: 0))
    result = KernelBase(call.result(at: 0))
  }

  func run() throws {
    let facts = call.operands[0].facts
    if facts.isDiagonal {
      Matrices.clear(result.pointer, call.byteCount)
      for n in 0..<order {
        let place = n * (order + 1)
        let (re, im) = Matrices.element(source.pointer, place, call.dtype)
        if re == 0, im == 0 { throw singular() }
        let size = re * re + im * im
        Matrices.store(
          im == 0 ? (1 / re, 0) : (re / size, -im / size), result.pointer, place, call.dtype)
      }
    } else if facts.isLower || facts.isUpper {
      try requireDiagonal()
      try invertTriangle(source, isLower: facts.isLower, to: result)
    } else if try !facts.contains(.symmetric) || !invertDefinite() {
      try invertGeneral()
    }
  }

  private var panel: Int { BlockedFactors.panel(order) }
  private var panels: Int { (order + panel - 1) / panel }
  private func rows(_ number: Int) -> Range<Int> {
    number * panel..<min(order, (number + 1) * panel)
  }
  private func at(_ base: KernelBase, _ row: Int, _ column: Int) -> UnsafeMutableRawPointer {
    base.pointer + (row * order + column) * call.itemSize
  }
  private func share(_ body: @escaping @Sendable (Int) throws -> Void) throws {
    try call.context.scheduler.run(panels, call.context.token) { part, _ in try body(part) }
  }
  private func singular() -> WeftError { call.failure(.singular, "is singular", at: 0) }

  private func requireDiagonal() throws {
    for n in 0..<order {
      let (re, im) = Matrices.element(source.pointer, n * (order + 1), call.dtype)
      if re == 0, im == 0 { throw singular() }
    }
  }

  private func setOne(_ place: UnsafeMutableRawPointer) {
    Matrices.store((1, 0), place, 0, call.dtype)
  }

  private func triangle(
    _ matrix: KernelBase, _ first: Int, isLower: Bool, isUnit: Bool = false
  ) -> Triangle {
    Triangle(
      dtype: call.dtype, base: at(matrix, first, first), leading: order,
      uplo: Int32(isLower ? WEFT_BLAS_LOWER : WEFT_BLAS_UPPER), trans: Int32(WEFT_BLAS_NO_TRANS),
      diagonal: Int32(isUnit ? WEFT_BLAS_UNIT : WEFT_BLAS_NON_UNIT))
  }

  // MARK: - Triangles

  /// T X = I by blocks of columns; of each only the rows that hold something.
  private func invertTriangle(
    _ matrix: KernelBase, isLower: Bool, to target: KernelBase
  ) throws {
    let size = call.itemSize
    try share { block in
      let columns = rows(block)
      let span = isLower ? columns.lowerBound..<order : 0..<columns.upperBound
      for row in 0..<order {
        Matrices.clear(at(target, row, columns.lowerBound), columns.count * size)
      }
      for n in columns { setOne(at(target, n, n)) }
      triangle(matrix, span.lowerBound, isLower: isLower).divide(
        at(target, span.lowerBound, columns.lowerBound), rows: Int32(span.count),
        columns: Int32(columns.count), leading: order, side: Int32(WEFT_BLAS_LEFT))
    }
  }

  // MARK: - Definite matrices

  /// (L^-1)^H L^-1, half of it; false where the matrix is not positive definite.
  private func invertDefinite() throws -> Bool {
    let isPositive = (0..<order).allSatisfy {
      Matrices.element(source.pointer, $0 * (order + 1), call.dtype).re > 0
    }
    guard isPositive else { return false }
    result.pointer.copyMemory(from: source.pointer, byteCount: call.byteCount)
    let factors = BlockedFactors(
      call: call, base: result.pointer, order: order, leading: order, isShared: true)
    guard try factors.factorDefinite(),
      !(0..<order).contains(where: {
        Matrices.element(result.pointer, $0 * (order + 1), call.dtype).re.isNaN
      })
    else { return false }
    let scratch = try call.scratch(call.byteCount)
    let half = KernelBase(scratch.base)
    try invertTriangle(result, isLower: true, to: half)
    // The rows with the longest sums first.
    try share { block in
      let part = rows(block)
      MatrixOperand.multiply(
        call.dtype, part.count, part.upperBound, order - part.lowerBound,
        MatrixOperand(
          base: at(half, part.lowerBound, part.lowerBound), leading: order, isTransposed: true,
          isConjugated: true),
        MatrixOperand(base: at(half, part.lowerBound, 0), leading: order, isTransposed: false),
        to: at(result, part.lowerBound, 0), order, adds: false)
    }
    _ = scratch
    Matrices.mirrorLower(result.pointer, order: order, dtype: call.dtype)
    return true
  }

  // MARK: - Other matrices

  /// U^-1 L^-1 P of the transpose, whose columns are our rows, by blocks of rows.
  private func invertGeneral() throws {
    let size = call.itemSize
    let scratch = try call.scratch(call.byteCount)
    let swaps = try call.scratch(order * 4)
    let factors = KernelBase(scratch.base)
    factors.pointer.copyMemory(from: source.pointer, byteCount: call.byteCount)
    let pivots = swaps.base.assumingMemoryBound(to: Int32.self)
    let lu = BlockedFactors(
      call: call, base: factors.pointer, order: order, leading: order, isShared: true)
    guard try lu.factor(pivots) else { throw singular() }
    // The row of the result that each row of U^-1 L^-1 becomes.
    var origins = Array(0..<order)
    for n in (0..<order).reversed() { origins.swapAt(n, Int(pivots[n]) - 1) }
    var places = origins
    for (place, origin) in origins.enumerated() { places[origin] = place }
    let targets = places
    try share { block in
      let part = rows(block)
      let lines = try call.scratch(part.count * order * size)
      let (first, count) = (part.lowerBound, Int32(part.count))
      Matrices.clear(lines.base, lines.byteCount)
      for (line, n) in part.enumerated() { setOne(lines.base + (line * order + n) * size) }
      let right = Int32(WEFT_BLAS_RIGHT)
      triangle(factors, first, isLower: false, isUnit: true).divide(
        lines.base + first * size, rows: count, columns: Int32(order - first), leading: order,
        side: right)
      triangle(factors, 0, isLower: true).divide(
        lines.base, rows: count, columns: Int32(order), leading: order, side: right)
      for (line, n) in part.enumerated() {
        at(result, targets[n], 0).copyMemory(
          from: lines.base + line * order * size, byteCount: order * size)
      }
    }
    _ = scratch
  }
}
