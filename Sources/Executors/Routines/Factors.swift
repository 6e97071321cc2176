import CBLAS
import WeftIR

/// What a block on a matrix's diagonal was factored into; the numbers stand in the integers that
/// `factor` gives, at the block's first row.
enum FactorKind: Int32, Sendable {
  /// P A^T = L U as LAPACK sees our rows as columns.
  case general = 1
  /// A = L L^H, in the triangle below.
  case cholesky
  /// The block is its own factor.
  case lower, upper, diagonal
  /// P A = L U in LAPACK's band storage.
  case banded
  /// P A P^T = U^T D U of a real symmetric block: U in the triangle above with ones on its diagonal,
  /// D's diagonal on the diagonal and what stands beside that below it.
  case indefinite
}

/// The integers of a factorisation: pivots, kinds of blocks, bandwidths.
struct FactorCodes {
  let base: UnsafeMutablePointer<Int32>
  let order: Int

  init(_ start: UnsafeMutableRawPointer, order: Int) {
    base = start.assumingMemoryBound(to: Int32.self)
    self.order = order
  }

  func clear() { base.update(repeating: 0, count: 2 * order + 2) }
  var pivots: UnsafeMutablePointer<Int32> { base }
  func set(_ kind: FactorKind, at row: Int) { base[order + row] = kind.rawValue }
  var bandwidths: (lower: Int32, upper: Int32) {
    get { (base[2 * order], base[2 * order + 1]) }
    nonmutating set { (base[2 * order], base[2 * order + 1]) = newValue }
  }

  /// The blocks, in order.
  var blocks: [(kind: FactorKind, rows: Range<Int>)] {
    var blocks: [(kind: FactorKind, rows: Range<Int>)] = []
    for row in 0..<order {
      guard let kind = FactorKind(rawValue: base[order + row]) else { continue }
      if let last = blocks.indices.last {
        blocks[last].rows = blocks[last].rows.lowerBound..<row
      }
      blocks.append((kind, row..<order))
    }
    return blocks
  }
}

extension Routines {
  /// Factors by structure; see `Routine.factor`.
  static func factor(_ call: MatrixCall) throws -> [Buffer] {
    let n = call.columns
    if call.matrixCount == 0 || n == 0 { return call.results }
    let declared = Facts(options: call.routine.options.filter { $0.key != "for" }) ?? .none
    let isBlocked = call.matrixCount == 1
    try call.forEach(operations: call.cube) {
      { index in
        let a = call.operand(at: index)
        var facts = declared
        if !declared.hasZeros, !declared.contains(.symmetric) {
          let found =
            call.stack.isEmpty
            ? call.operands[0].facts
            : MatrixLook(a, rows: n, columns: n, dtype: call.dtype)?.facts() ?? .none
          facts = facts.and(found)
        }
        let factors = MatrixFactors(
          call: call, index: index, a: a, factors: call.result(0, at: index),
          codes: FactorCodes(call.result(1, at: index), order: n), order: n,
          isBlocked: isBlocked)
        try factors.make(facts)
      }
    }
    return call.results
  }
}

/// One matrix being factored.
private struct MatrixFactors {
  let call: MatrixCall
  let index: Int
  let a: UnsafeMutableRawPointer
  let factors: UnsafeMutableRawPointer
  let codes: FactorCodes
  let order: Int
  /// Whether threads share the work on one matrix.
  let isBlocked: Bool

  private var itemSize: Int { call.itemSize }

  func make(_ facts: Facts) throws {
    codes.clear()
    var start = 0
    for extent in facts.blocks.isEmpty ? [order] : facts.blocks {
      try make(facts, start..<start + extent)
      start += extent
    }
  }

  private func make(_ facts: Facts, _ rows: Range<Int>) throws {
    let (first, n) = (rows.lowerBound, rows.count)
    let isWhole = n == order
    if facts.isDiagonal || facts.isLower || facts.isUpper || n == 1 {
      for row in rows {
        let element = Matrices.element(a, row * order + row, call.dtype)
        if element.re == 0, element.im == 0 { throw singular() }
      }
      codes.set(
        facts.isDiagonal || n == 1 ? .diagonal : facts.isLower ? .lower : .upper, at: first)
      return
    }
    let band = 2 * facts.lower + facts.upper + 1
    if isWhole, facts.lower < n, facts.upper < n, band <= n / 8 {
      try makeBanded(facts, band)
      return
    }
    let corner = factors + first * (order + 1) * itemSize
    if facts.contains(.symmetric) {
      if hasPositiveDiagonal(rows) {
        try copyBlock(rows, aboveOnly: false)
        if try blocked(corner, n).factorDefinite(), !hasNaN(rows) {
          codes.set(.cholesky, at: first)
          return
        }
      }
      if n >= Self.leastIndefinite, !call.dtype.isComplex {
        try copyBlock(rows, aboveOnly: true)
        if try blocked(corner, n).factorIndefinite(codes.pivots + first) {
          codes.set(.indefinite, at: first)
          return
        }
      }
    }
    try copyBlock(rows, aboveOnly: false)
    guard try blocked(corner, n).factor(codes.pivots + first) else { throw singular() }
    codes.set(.general, at: first)
  }

  /// Smaller symmetric blocks are factored as quickly by LU.
  private static let leastIndefinite = 128

  private func blocked(_ corner: UnsafeMutableRawPointer, _ n: Int) -> BlockedFactors {
    BlockedFactors(
      call: call, base: corner, order: n, leading: order,
      isShared: isBlocked && n >= BlockedFactors.leastOrder)
  }

  private func singular() -> WeftError {
    call.failure(.singular, "is singular", at: index)
  }

  /// Copies a block, or of it what stands on the diagonal and above; large ones on all threads.
  private func copyBlock(_ rows: Range<Int>, aboveOnly: Bool) throws {
    let (from, to) = (KernelBase(a), KernelBase(factors))
    let (order, itemSize) = (order, itemSize)
    let parts = max(1, min(rows.count, rows.count * rows.count * itemSize / Self.partBytes))
    try call.context.scheduler.run(parts, call.context.token) { part, _ in
      let first = rows.lowerBound + rows.count * part / parts
      for row in first..<rows.lowerBound + rows.count * (part + 1) / parts {
        let column = aboveOnly ? row : rows.lowerBound
        let start = (row * order + column) * itemSize
        (to.pointer + start).copyMemory(
          from: from.pointer + start, byteCount: (rows.upperBound - column) * itemSize)
      }
    }
  }

  /// The bytes of a part of a copy that is worth a thread.
  private static let partBytes = 1 << 20

  private func hasPositiveDiagonal(_ rows: Range<Int>) -> Bool {
    rows.allSatisfy { Matrices.element(a, $0 * order + $0, call.dtype).re > 0 }
  }

  /// NaN passes the tests of some kernels.
  private func hasNaN(_ rows: Range<Int>) -> Bool {
    rows.contains { Matrices.element(factors, $0 * order + $0, call.dtype).re.isNaN }
  }

  /// Writes the band as LAPACK stores it, columns one after another with room for fill, and factors.
  private func makeBanded(_ facts: Facts, _ height: Int) throws {
    let (lower, upper) = (max(0, facts.lower), max(0, facts.upper))
    let rows = 2 * lower + upper + 1
    Matrices.clear(factors, rows * order * itemSize)
    for row in 0..<order {
      for column in max(0, row - lower)..<min(order, row + upper + 1) {
        let place = column * rows + lower + upper + row - column
        (factors + place * itemSize).copyMemory(
          from: a + (row * order + column) * itemSize, byteCount: itemSize)
      }
    }
    let info = weft_lapack_gbtrf(
      call.type, Int32(order), Int32(lower), Int32(upper), factors, codes.pivots)
    if info != 0 { throw singular() }
    codes.bandwidths = (Int32(lower), Int32(upper))
    codes.set(.banded, at: 0)
  }
}
