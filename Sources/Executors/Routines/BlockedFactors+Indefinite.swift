import CHost
import WeftIR

extension BlockedFactors {
  /// P A P^T = U^T D U of a real symmetric matrix of which the triangle above the diagonal is read;
  /// false where a column is zero.
  ///
  /// U takes the place of that triangle, without the ones of its diagonal, D that of the diagonal,
  /// and what stands beside D's that of the elements below it, zeros for blocks of one. In pivots
  /// a block of two has its swap at its second row. The rest below the diagonal is not kept.
  ///
  /// - Accuracy: that of LAPACK's sytrf, whose pivots these are but for rounding.
  /// - Source: Bunch & Kaufman 1977, Math. Comp. 31, 163; right-looking, Golub & Van Loan 4th ed.
  ///   4.4.5.
  func factorIndefinite(_ pivots: UnsafeMutablePointer<Int32>) throws -> Bool {
    let n = order
    let code = Int32(dtype == .float32 ? WEFT_FLOAT32 : WEFT_FLOAT64)
    guard let makePanel = weft_symmetric_panel(code) else { return false }
    let width = min(n, Self.symmetricPanel)
    // Rows that do not begin at the same place of a page each.
    let lines = n + 64 / call.itemSize
    let scratch = try call.scratch(lines * width * call.itemSize)
    let work = KernelBase(scratch.base)
    let swaps = Pivots(pivots)
    var ends: [Int] = []
    while ends.last ?? 0 < n {
      let first = ends.last ?? 0
      let count = Int(
        makePanel(
          Int32(n), Int32(first), Int32(width), matrix.pointer, leading, work.pointer, lines, pivots
        ))
      if count <= 0 { return false }
      ends.append(first + count)
      try subtract(first..<first + count, work, lines)
      try call.context.token.check()
    }
    // The swaps of later panels within the rows of earlier ones.
    let panels = ends
    let parts = (panels.count + 7) / 8
    try share(parts) { part in
      for panel in part * 8..<min(panels.count, part * 8 + 8) {
        for row in (panel == 0 ? 0 : panels[panel - 1])..<panels[panel] {
          swap(row, panels[panel]..<n, swaps)
        }
      }
    }
    _ = scratch
    return true
  }

  /// The columns of a panel: so few that the part that is read for each column stays in the second
  /// cache.
  private static let symmetricPanel = 32

  /// Subtracts a panel's product from what stands behind it, by blocks of rows, of the blocks on the
  /// diagonal not much more than half.
  private func subtract(_ panel: Range<Int>, _ work: KernelBase, _ lines: Int) throws {
    let (n, end) = (order, panel.upperBound)
    if end == n { return }
    let (height, step) = (n < 1536 ? 128 : 256, 64)
    try share((n - end + height - 1) / height) { block in
      let first = end + block * height
      let last = min(n, first + height)
      func multiply(_ rows: Range<Int>, _ columns: Range<Int>) {
        if rows.isEmpty || columns.isEmpty { return }
        MatrixOperand.multiply(
          dtype, rows.count, columns.count, panel.count,
          MatrixOperand(
            base: work.pointer + rows.lowerBound * call.itemSize, leading: lines,
            isTransposed: true),
          operand(panel.lowerBound, columns.lowerBound),
          to: at(rows.lowerBound, columns.lowerBound),
          leading, adds: true, subtracts: true)
      }
      for row in stride(from: first, to: last, by: step) {
        multiply(row..<min(last, row + step), row..<last)
      }
      multiply(first..<last, last..<n)
    }
  }
}
