import CBLAS
import WeftIR

/// Matrix products C = A B, one for each position of some loops.
///
/// The products are cut in blocks by shape alone; a block is one call on one thread, so the bits do
/// not depend on the number of threads.
final class ProductStep: Sendable {
  /// How a matrix lies in memory: rows contiguous, or columns when transposed.
  struct Matrix: Sendable {
    var isTransposed: Bool
    var leading: Int

    /// Where element (row, column) lies.
    @inline(__always)
    func place(_ row: Int, _ column: Int) -> Int {
      isTransposed ? row + column * leading : row * leading + column
    }

    /// The strides of rows and columns.
    var strides: (row: Int, column: Int) { isTransposed ? (1, leading) : (leading, 1) }
  }

  /// Where a matrix is.
  struct Operand: Sendable {
    var slot: Int
    var offset: Int
    var matrix: Matrix
    var loopStrides: [Int]
  }

  let dtype: DType
  let m: Int
  let n: Int
  let k: Int
  let a: Operand
  let b: Operand
  let target: HostExecutable.Target
  let rowStride: Int
  let targetLoopStrides: [Int]
  let loopExtents: [Int]
  private let blockRows: Int
  private let blockColumns: Int

  init(
    dtype: DType, m: Int, n: Int, k: Int, a: Operand, b: Operand, target: HostExecutable.Target,
    rowStride: Int, targetLoopStrides: [Int], loopExtents: [Int]
  ) {
    self.dtype = dtype
    self.m = m
    self.n = n
    self.k = k
    self.a = a
    self.b = b
    self.target = target
    self.rowStride = rowStride
    self.targetLoopStrides = targetLoopStrides
    self.loopExtents = loopExtents
    (blockRows, blockColumns) = Self.blocks(m, n, k, loops: loopExtents.reduce(1, *))
  }

  /// The extents of blocks: near square, of enough work, none past what BLAS counts.
  private static func blocks(_ m: Int, _ n: Int, _ k: Int, loops: Int) -> (Int, Int) {
    let most = Int(Int32.max) / 2
    // Multiplications of a block that hide the packing of its operands.
    let enough = n == 1 ? 1 << 16 : 1 << 28
    let work = max(1, m.multipliedReportingOverflow(by: n).partialValue) * max(1, k)
    if work <= 2 * enough { return (min(max(1, m), most), min(max(1, n), most)) }
    let pieces = min(64, work / enough)
    if m >= n || m >= 256 * pieces {
      let rows = max(64, ((m + pieces - 1) / pieces + 31) / 32 * 32)
      return (min(rows, most), min(max(1, n), most))
    }
    let columns = max(64, ((n + pieces - 1) / pieces + 31) / 32 * 32)
    return (min(max(1, m), most), min(columns, most))
  }

  /// One line for `explain()`.
  var summary: String {
    let count = loopExtents.reduce(1, *)
    let isVector = n == 1 && usesBlas
    var text = "\(usesBlas ? (isVector ? "gemv" : "gemm") : "product loop") m=\(m) n=\(n) k=\(k)"
    if a.matrix.isTransposed { text += " transA" }
    if b.matrix.isTransposed, n > 1 { text += " transB" }
    if count > 1 { text += " times \(count)" }
    return text + " -> \(target.type)"
  }

  private var usesBlas: Bool {
    dtype.isInexact && BlasLibrary.unavailable == nil && k <= Int(Int32.max)
      && rowStride <= Int(Int32.max)
  }

  func run(_ slots: inout ContiguousArray<Buffer?>, _ context: RunContext) throws {
    let out = try HostMemory.buffer(for: target, &slots, context)
    // The planner has filled every slot that a step reads.
    let (left, right) = (slots[a.slot].unsafelyUnwrapped, slots[b.slot].unsafelyUnwrapped)
    let loops = loopExtents.reduce(1, *)
    let rowBlocks = (m + blockRows - 1) / blockRows
    let columnBlocks = (n + blockColumns - 1) / blockColumns
    let blocks = loops * rowBlocks * columnBlocks
    // A part takes many small products, or one block of a large one.
    let work = blockRows * blockColumns * k
    let perPart = max(1, min(blocks, (1 << 18) / max(1, work)))
    let parts = (blocks + perPart - 1) / perPart
    let body: @Sendable (Int) -> Void = { [self] part in
      for block in part * perPart..<min(blocks, (part + 1) * perPart) {
        let (rest, column) = block.quotientAndRemainder(dividingBy: columnBlocks)
        let (loop, row) = rest.quotientAndRemainder(dividingBy: rowBlocks)
        multiply(
          loop, row * blockRows, column * blockColumns, left.base, right.base, out.base)
      }
    }
    try context.token.check()
    if parts == 1 {
      body(0)
    } else {
      try context.scheduler.run(parts, context.token) { part, _ in body(part) }
    }
  }

  private func multiply(
    _ loop: Int, _ row: Int, _ column: Int, _ left: UnsafeMutableRawPointer,
    _ right: UnsafeMutableRawPointer, _ out: UnsafeMutableRawPointer
  ) {
    var (placeA, placeB, placeC) = (a.offset, b.offset, 0)
    var rest = loop
    for axis in loopExtents.indices.reversed() {
      let (above, index) = rest.quotientAndRemainder(dividingBy: loopExtents[axis])
      placeA += index * a.loopStrides[axis]
      placeB += index * b.loopStrides[axis]
      placeC += index * targetLoopStrides[axis]
      rest = above
    }
    placeA += a.matrix.place(row, 0)
    placeB += b.matrix.place(0, column)
    placeC += row * rowStride + column
    let size = dtype.itemSize
    let block = ProductBlock(
      m: min(blockRows, m - row), n: min(blockColumns, n - column), k: k, a: left + placeA * size,
      matrixA: a.matrix, b: right + placeB * size, matrixB: b.matrix, c: out + placeC * size,
      rowStride: rowStride)
    if usesBlas { block.multiplyByBlas(dtype) } else { block.multiplyByLoops(dtype) }
  }
}
