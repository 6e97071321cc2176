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
  /// Where the blocks of one product begin.
  private let blocks: [Block]
  /// Whether B is the transpose of A: the blocks below the diagonal are copied from above.
  private let isSymmetric: Bool

  /// How many parts of the summed index are squared apart and added up; 1 for all at once.
  let squareParts: Int

  /// The first row and column of a block.
  private struct Block {
    var row: Int
    var column: Int
  }

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
    let isSquare =
      m == n && k >= 32 && a.slot == b.slot && a.offset == b.offset
      && a.loopStrides == b.loopStrides && a.matrix.leading == b.matrix.leading
      && a.matrix.isTransposed != b.matrix.isTransposed
    isSymmetric = isSquare && m >= 256
    squareParts = isSquare && loopExtents.isEmpty ? Self.squareParts(m, k, dtype) : 1
    if isSymmetric {
      blockRows = Self.even(m, m >= 768 ? 512 : 256)
      blockColumns = blockRows
    } else {
      (blockRows, blockColumns) = Self.extents(m, n, k, loops: loopExtents.reduce(1, *))
    }
    var blocks: [Block] = []
    for row in stride(from: 0, to: m, by: blockRows) {
      for column in stride(from: isSymmetric ? row : 0, to: n, by: blockColumns) {
        blocks.append(Block(row: row, column: column))
      }
    }
    // Those on the diagonal are half the work: they come last, where they even out the threads.
    self.blocks =
      isSymmetric
      ? blocks.filter { $0.row != $0.column } + blocks.filter { $0.row == $0.column } : blocks
  }

  /// The extents of blocks, by shape alone.
  ///
  /// OpenBLAS packs its operands once a call: for 2048 x 2048 x 2048, blocks of 512 x 2048 cost 2 %
  /// over one call for all, 512 x 1024 5 %, 256 x 512 15 % (measured with its AVX-512 kernels).
  /// Blocks are halved until there are some to share out.
  private static func extents(_ m: Int, _ n: Int, _ k: Int, loops: Int) -> (Int, Int) {
    if n == 1 {
      let rows = max(64, 1 << 17 / max(1, k))
      return (even(m, rows), 1)
    }
    var (rows, columns) = (min(m, 512), min(n, 2048))
    func count() -> Int {
      loops * ((m + rows - 1) / rows) * ((n + columns - 1) / columns)
    }
    while count() < 8, rows * columns * k >= 1 << 23, max(rows, columns) > 64 {
      if columns > rows { columns = (columns + 1) / 2 } else { rows = (rows + 1) / 2 }
    }
    return (even(m, rows), even(n, columns))
  }

  /// Blocks of at most about an extent, all of nearly the same one.
  private static func even(_ total: Int, _ extent: Int) -> Int {
    if total <= extent { return max(1, total) }
    let count = (total + extent - 1) / extent
    return ((total + count - 1) / count + 15) / 16 * 16
  }

  /// What is called, with extents.
  var title: String {
    let count = loopExtents.reduce(1, *)
    let isVector = n == 1 && usesBlas
    var text = "\(usesBlas ? (isVector ? "gemv" : "gemm") : "product loop") m=\(m) n=\(n) k=\(k)"
    if a.matrix.isTransposed { text += " transA" }
    if b.matrix.isTransposed, n > 1 { text += " transB" }
    if isSymmetric { text += " symmetric" }
    if count > 1 { text += " times \(count)" }
    return text
  }

  /// One line for `explain()`.
  var summary: String { "\(title) -> \(target.type)" }

  /// Counts what the products do; a product of complex numbers is four.
  func count(into work: inout StepWork, slotTypes: [TensorType]) {
    func bytes(_ operand: Operand, _ elements: Int) -> Int {
      let count = zip(loopExtents, operand.loopStrides).reduce(elements) {
        $1.1 == 0 ? $0 : $0 * $1.0
      }
      return min(count * dtype.itemSize, slotTypes[operand.slot].byteCount ?? .max)
    }
    let loops = Double(loopExtents.reduce(1, *))
    work.read += bytes(a, m * k) + bytes(b, k * n)
    work.written += target.type.byteCount ?? 0
    work.elements = target.type.shape.count ?? 0
    work.flops += 2 * Double(m) * Double(n) * Double(k) * loops * (dtype.isComplex ? 4 : 1)
  }

  var usesBlas: Bool {
    dtype.isInexact && BlasLibrary.unavailable == nil && k <= Int(Int32.max)
      && rowStride <= Int(Int32.max)
  }

  func run(_ slots: inout ContiguousArray<Buffer?>, _ context: RunContext) throws {
    let out = try HostMemory.buffer(for: target, &slots, context)
    // The planner has filled every slot that a step reads.
    let (left, right) = (slots[a.slot].unsafelyUnwrapped, slots[b.slot].unsafelyUnwrapped)
    if squareParts > 1, usesBlas {
      try squareByParts(left, to: out, context)
      return
    }
    let loops = loopExtents.reduce(1, *)
    let count = loops * blocks.count
    // A part takes many small products, or one block of a large one.
    let work = blockRows * blockColumns * k
    let perPart = max(1, min(count, (1 << 18) / max(1, work)))
    let parts = (count + perPart - 1) / perPart
    let body: @Sendable (Int) -> Void = { [self] part in
      for index in part * perPart..<min(count, (part + 1) * perPart) {
        let (loop, block) = index.quotientAndRemainder(dividingBy: blocks.count)
        multiply(loop, blocks[block], left.base, right.base, out.base)
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
    _ loop: Int, _ start: Block, _ left: UnsafeMutableRawPointer,
    _ right: UnsafeMutableRawPointer, _ out: UnsafeMutableRawPointer
  ) {
    let (row, column) = (start.row, start.column)
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
    let placeOfMirror = placeC + column * rowStride + row
    placeC += row * rowStride + column
    let size = dtype.itemSize
    let block = ProductBlock(
      m: min(blockRows, m - row), n: min(blockColumns, n - column), k: k, a: left + placeA * size,
      matrixA: a.matrix, b: right + placeB * size, matrixB: b.matrix, c: out + placeC * size,
      rowStride: rowStride)
    if isSymmetric, row == column, usesBlas, block.squareByBlas(dtype) { return }
    if usesBlas { block.multiplyByBlas(dtype) } else { block.multiplyByLoops(dtype) }
    if isSymmetric, row != column {
      block.copyTransposed(to: out + placeOfMirror * size, itemSize: size)
    }
  }
}
