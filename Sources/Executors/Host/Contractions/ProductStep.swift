import CBLAS
import CHost
import WeftIR

/// Matrix products C = alpha A B + beta D, one for each position of some loops.
///
/// D is the addend's array, if there is one: it is copied block by block just before the product, or
/// not at all where this is its last use.
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

  /// What the product is added to: strides of rows, columns and loops.
  struct Addend: Sendable {
    var slot: Int
    var offset: Int
    var rowStride: Int
    var columnStride: Int
    var loopStrides: [Int]
    /// Whether its elements lie as those of the result do.
    var isWhole: Bool
  }

  /// The factors, as real and imaginary part, and the addend.
  struct Update: Sendable {
    let alpha: SIMD2<Double>
    let beta: SIMD2<Double>
    let addend: Addend?

    init(alpha: Scalar?, beta: Scalar?, _ addend: Addend?, of dtype: DType) {
      func parts(_ scalar: Scalar?) -> SIMD2<Double> {
        scalar.map { SIMD2($0.doubleValue, $0.imaginary) } ?? SIMD2(1, 0)
      }
      self.alpha = parts(alpha)
      self.beta = parts(beta)
      self.addend = addend
    }
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
  let update: Update
  let blockRows: Int
  private let blockColumns: Int
  /// Where the blocks of one product begin.
  private let blocks: [Block]
  /// Whether the result is symmetric: the blocks below the diagonal are copied from above.
  private let isSymmetric: Bool
  /// Whether both operands are one array.
  let isSquare: Bool
  /// Whether the result is known to be symmetric whatever the operands are.
  private let isKnownSymmetric: Bool
  /// Whether the result is symmetric and a block is a strip from the diagonal to the end of the rows.
  let isStriped: Bool
  /// Whether B is the transpose of A and BLAS computes half of the product in one call.
  private let isSquaredWhole: Bool
  private let small: SmallProducts?
  let direct: DirectProduct?
  private let allowsDirect: Bool
  /// Whether our own code makes the product in BLAS's place.
  var isDirect: Bool { direct != nil && usesBlas }

  /// How many parts of the summed index are squared apart and added up; 1 for all at once.
  let squareParts: Int
  /// Products of few rows and columns over a long index.
  let inner: InnerProducts?

  /// The first row and column of a block.
  private struct Block {
    var row: Int
    var column: Int
  }

  init(
    dtype: DType, m: Int, n: Int, k: Int, a: Operand, b: Operand, target: HostExecutable.Target,
    rowStride: Int, targetLoopStrides: [Int], loopExtents: [Int], update: Update,
    allowsDirect: Bool, isSymmetric: Bool = false
  ) {
    self.allowsDirect = allowsDirect
    isKnownSymmetric = isSymmetric
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
    self.update = update
    let isSquare =
      m == n && k >= 32 && a.slot == b.slot && a.offset == b.offset
      && a.loopStrides == b.loopStrides && a.matrix.leading == b.matrix.leading
      && a.matrix.isTransposed != b.matrix.isTransposed && update.addend == nil
    self.isSquare = isSquare
    let isHalf =
      isSquare
      || isSymmetric && m == n && m >= Self.leastHalf && k >= 32 && update.addend == nil
        && loopExtents.isEmpty && !dtype.isComplex
    self.isSymmetric = isHalf && m >= 256
    small =
      update.addend == nil || update.beta == SIMD2(1, 0)
      ? SmallProducts(
        dtype, m: m, n: n, k: k, count: loopExtents.reduce(1, *), a: a, b: b, rowStride: rowStride,
        targetStep: targetLoopStrides.last ?? 0) : nil
    // Of large squares the blocks beside the diagonal.
    direct =
      small != nil || !allowsDirect
      ? nil : DirectProduct(dtype, m: m, n: n, k: k, turned: b.matrix.isTransposed)
    isStriped =
      isHalf && m < 256 && small == nil && direct != nil && BlasLibrary.unavailable == nil
    isSquaredWhole =
      isSquare && m < 256 && small == nil && direct == nil && m >= Self.leastSquare
      && !dtype.isComplex
    // Several strips are shared out as they are.
    squareParts =
      isSquare && loopExtents.isEmpty && small == nil && update.alpha == SIMD2(1, 0)
        && !(isStriped && m >= 96)
      ? Self.squareParts(m, k, dtype) : 1
    inner =
      !isSquare && loopExtents.isEmpty && small == nil && update.addend == nil
        && update.alpha == SIMD2(1, 0)
      ? InnerProducts(dtype, m: m, n: n, k: k, a.matrix, b.matrix) : nil
    if small != nil {
      (blockRows, blockColumns) = (m, n)
    } else if isStriped {
      (blockRows, blockColumns) = (Self.stripRows(m, isTransposed: a.matrix.isTransposed), n)
    } else if isSquaredWhole {
      (blockRows, blockColumns) = (m, n)
    } else if self.isSymmetric {
      let extent = direct == nil ? (m >= 768 ? 512 : 256) : m >= 1536 ? 256 : 128
      blockRows = Self.even(m, extent)
      blockColumns = blockRows
    } else if let direct {
      let (rows, columns) = Self.extents(
        m, n, k, loops: loopExtents.reduce(1, *), mostRows: DirectProduct.mostRows)
      blockRows = Self.even(m, rows, multiple: direct.tileRows)
      blockColumns = n <= 64 ? n : columns
    } else {
      (blockRows, blockColumns) = Self.extents(m, n, k, loops: loopExtents.reduce(1, *))
    }
    var blocks: [Block] = []
    for row in stride(from: 0, to: m, by: blockRows) {
      for column in stride(from: self.isSymmetric || isStriped ? row : 0, to: n, by: blockColumns) {
        blocks.append(Block(row: row, column: column))
      }
    }
    // Those on the diagonal are half the work: they come last, where they even out the threads.
    self.blocks =
      self.isSymmetric
      ? blocks.filter { $0.row != $0.column } + blocks.filter { $0.row == $0.column } : blocks
  }

  /// The same products with another target.
  convenience init(_ step: ProductStep, target: HostExecutable.Target) {
    self.init(
      dtype: step.dtype, m: step.m, n: step.n, k: step.k, a: step.a, b: step.b, target: target,
      rowStride: step.rowStride, targetLoopStrides: step.targetLoopStrides,
      loopExtents: step.loopExtents, update: step.update,
      allowsDirect: step.allowsDirect, isSymmetric: step.isKnownSymmetric)
  }

  /// The slot whose memory the result may take: that of an addend which lies as the result does and
  /// is no operand.
  var overwritable: [(target: Int, slots: [Int])] {
    guard let addend = update.addend, addend.isWhole, addend.slot != a.slot, addend.slot != b.slot,
      usesBlas || small != nil
    else { return [] }
    return [(0, [addend.slot])]
  }

  /// The extents of blocks, by shape alone.
  ///
  /// OpenBLAS packs its operands once a call: for 2048 x 2048 x 2048, blocks of 512 x 2048 cost 2 %
  /// over one call for all, 512 x 1024 5 %, 256 x 512 15 % (measured with its AVX-512 kernels).
  /// Blocks are halved until there are some to share out.
  private static func extents(
    _ m: Int, _ n: Int, _ k: Int, loops: Int, mostRows: Int = 512
  ) -> (Int, Int) {
    if n == 1 {
      let rows = max(64, 1 << 17 / max(1, k))
      return (even(m, rows), 1)
    }
    var (rows, columns) = (min(m, mostRows), min(n, 2048))
    func count() -> Int {
      loops * ((m + rows - 1) / rows) * ((n + columns - 1) / columns)
    }
    func halve() {
      if columns > rows { columns = (columns + 1) / 2 } else { rows = (rows + 1) / 2 }
    }
    while count() < 8, rows * columns * k >= 1 << 23, max(rows, columns) > 64 { halve() }
    // Two parts of some 20 microseconds are worth a thread that is awake.
    if count() == 1, rows * columns * k >= 1 << 21, max(rows, columns) > 64 { halve() }
    return (even(m, rows), even(n, columns))
  }

  /// Blocks of at most about an extent, all of nearly the same one.
  private static func even(_ total: Int, _ extent: Int, multiple: Int = 16) -> Int {
    if total <= extent { return max(1, total) }
    let count = (total + extent - 1) / extent
    return ((total + count - 1) / count + multiple - 1) / multiple * multiple
  }

  /// What is called, with extents.
  var title: String {
    let count = loopExtents.reduce(1, *)
    let isVector = n == 1 && usesBlas
    let call = usesBlas ? (isVector ? "gemv" : "gemm") : "product loop"
    var text = "\(small == nil ? call : "small product") m=\(m) n=\(n) k=\(k)"
    if a.matrix.isTransposed { text += " transA" }
    if b.matrix.isTransposed, n > 1 { text += " transB" }
    if isSymmetric || isStriped || isSquaredWhole { text += " symmetric" }
    if isDirect { text += " direct" }
    if count > 1 { text += " times \(count)" }
    if update.alpha != SIMD2(1, 0) { text += " scaled" }
    if update.addend != nil { text += target.reuses >= 0 ? " added in place" : " added" }
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
    if let addend = update.addend { work.read += slotTypes[addend.slot].byteCount ?? 0 }
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
    // The planner has filled every slot that a step reads.
    let (left, right) = (slots[a.slot].unsafelyUnwrapped, slots[b.slot].unsafelyUnwrapped)
    let added = update.addend.map { slots[$0.slot].unsafelyUnwrapped }
    let out = try HostMemory.buffer(for: target, &slots, context)
    if squareParts > 1, usesBlas {
      try squareByParts(left, to: out, context)
      return
    }
    if let inner, usesBlas {
      try multiply(left, right, by: inner, to: out, context)
      return
    }
    let bases = Bases(
      a: KernelAddress(left.base), b: KernelAddress(right.base), c: KernelAddress(out.base),
      addend: added.map { KernelAddress($0.base) })
    if vectorParts > 1, usesBlas {
      try multiplyVectorByParts(bases, context)
      return
    }
    let loops = loopExtents.reduce(1, *)
    if isStriped, usesBlas, context.scheduler.threadCount == 1, let direct {
      for loop in 0..<loops {
        try context.token.check()
        squareInTurn(whole(places(loop), bases), direct)
      }
      return
    }
    let count = loops * blocks.count
    // A part takes many small products, or one block of a large one.
    let work = blockRows * blockColumns * k
    let perPart = max(1, min(count, (1 << 18) / max(1, work)))
    let parts = (count + perPart - 1) / perPart
    let body: @Sendable (Int) -> Void = { [self] part in
      let range = part * perPart..<min(count, (part + 1) * perPart)
      if let small {
        multiply(range, small, bases)
        return
      }
      for index in range {
        let (loop, block) = index.quotientAndRemainder(dividingBy: blocks.count)
        multiply(loop, blocks[block], bases)
      }
    }
    try context.token.check()
    if parts == 1 {
      body(0)
    } else {
      try context.scheduler.run(parts, context.token) { part, _ in body(part) }
    }
  }

  /// How many parts of the summed index a transposed matrix is multiplied with a vector in, by shape alone.
  private var vectorParts: Int {
    guard n == 1, a.matrix.isTransposed, small == nil, loopExtents.isEmpty, rowStride == 1,
      m >= Self.leastWidth
    else { return 1 }
    return min(Self.mostVectorParts, (m * k) >> 17)
  }

  /// Narrower matrices are read as quickly by their columns.
  private static let leastWidth = 128
  private static let mostVectorParts = 8

  /// A transposed matrix times a vector: rows as they lie, some at a time, each part with sums of its own.
  ///
  /// Strips of columns, which need no sums, take 1.35 times as long (1000 x 1000): reading ahead stops
  /// at the end of each row of a strip.
  private func multiplyVectorByParts(_ bases: Bases, _ context: RunContext) throws {
    let places = places(0)
    let (size, parts) = (dtype.itemSize, vectorParts)
    let bytes = m * size
    let others = try Buffer(
      allocating: TensorType(.uint8, Shape([bytes * (parts - 1)])), in: context.memory)
    let sums = KernelAddress(others.base)
    try context.scheduler.run(parts, context.token) { [self] part, _ in
      let range = k * part / parts..<k * (part + 1) / parts
      var block = ProductBlock(
        m: m, n: 1, k: range.count,
        a: bases.a.pointer + (places.a + a.matrix.place(0, range.lowerBound)) * size,
        matrixA: a.matrix,
        b: bases.b.pointer + (places.b + b.matrix.place(range.lowerBound, 0)) * size,
        matrixB: b.matrix, c: sums.pointer + (part - 1) * bytes, rowStride: 1,
        alpha: update.alpha, beta: .zero)
      if part == 0 {
        block.c = bases.c.pointer + places.c * size
        if update.addend != nil {
          if target.reuses < 0 { copyAddend(places, 0, 0, m, 1, bases) }
          block.beta = target.reuses < 0 ? SIMD2(1, 0) : update.beta
        }
      }
      block.multiplyByBlas(dtype)
    }
    guard let add = weft_tile_lookup("add", Int32(dtype.rawValue)) else {
      throw WeftError(.internal, "contract", "\(dtype) has no sums")
    }
    let line = bases.c.pointer + places.c * size
    withExtendedLifetime(others) {
      for part in 1..<parts { add(line, line, sums.pointer + (part - 1) * bytes, nil, m) }
    }
  }

  /// Where the arrays begin.
  private struct Bases: Sendable {
    var a: KernelAddress
    var b: KernelAddress
    var c: KernelAddress
    var addend: KernelAddress?
  }

  /// Where the matrices of a position of the loops begin, in elements.
  private struct Places {
    var a: Int
    var b: Int
    var c = 0
    var addend: Int
  }

  private func places(_ loop: Int) -> Places {
    var places = Places(a: a.offset, b: b.offset, addend: update.addend?.offset ?? 0)
    var rest = loop
    for axis in loopExtents.indices.reversed() {
      let (above, index) = rest.quotientAndRemainder(dividingBy: loopExtents[axis])
      places.a += index * a.loopStrides[axis]
      places.b += index * b.loopStrides[axis]
      places.c += index * targetLoopStrides[axis]
      if let addend = update.addend { places.addend += index * addend.loopStrides[axis] }
      rest = above
    }
    return places
  }

  /// Products of small matrices: as many in one call as lie along the innermost loop.
  private func multiply(_ range: Range<Int>, _ small: SmallProducts, _ bases: Bases) {
    let (inner, size) = (max(1, loopExtents.last ?? 1), dtype.itemSize)
    if update.addend != nil, target.reuses < 0 {
      for loop in range { copyAddend(places(loop), 0, 0, m, n, bases) }
    }
    var loop = range.lowerBound
    while loop < range.upperBound {
      let count = min(inner - loop % inner, range.upperBound - loop)
      let places = places(loop)
      small.multiply(
        bases.a.pointer + places.a * size, bases.b.pointer + places.b * size,
        to: bases.c.pointer + places.c * size, count: count, alpha: update.alpha.x,
        adds: update.addend != nil)
      loop += count
    }
  }

  /// Writes part of the addend, times its factor, where the product is to be added to it.
  private func copyAddend(
    _ places: Places, _ row: Int, _ column: Int, _ rows: Int, _ columns: Int, _ bases: Bases
  ) {
    guard let addend = update.addend, let base = bases.addend else { return }
    let size = dtype.itemSize
    let isScaled = update.beta != SIMD2(1, 0) && columns > 0
    for line in row..<row + rows {
      let source = places.addend + line * addend.rowStride + column * addend.columnStride
      let target = bases.c.pointer + (places.c + line * rowStride + column) * size
      StridedCopy.gather(
        target, base.pointer + source * size, itemSize: size, rows: 1, rowStride: 0,
        columns: columns, columnStride: addend.columnStride)
      // While the line is in cache.
      if isScaled { ProductBlock.scale(target, columns, update.beta, dtype) }
    }
  }

  /// A product as one block, without an addend.
  private func whole(_ places: Places, _ bases: Bases) -> ProductBlock {
    let size = dtype.itemSize
    return ProductBlock(
      m: m, n: n, k: k, a: bases.a.pointer + places.a * size, matrixA: a.matrix,
      b: bases.b.pointer + places.b * size, matrixB: b.matrix,
      c: bases.c.pointer + places.c * size, rowStride: rowStride, alpha: update.alpha, beta: .zero)
  }

  private func multiply(_ loop: Int, _ start: Block, _ bases: Bases) {
    let (row, column) = (start.row, start.column)
    let places = places(loop)
    let size = dtype.itemSize
    let (rows, columns) = (min(blockRows, m - row), min(blockColumns, n - column))
    var block = ProductBlock(
      m: rows, n: columns, k: k, a: bases.a.pointer + (places.a + a.matrix.place(row, 0)) * size,
      matrixA: a.matrix, b: bases.b.pointer + (places.b + b.matrix.place(0, column)) * size,
      matrixB: b.matrix, c: bases.c.pointer + (places.c + row * rowStride + column) * size,
      rowStride: rowStride, alpha: update.alpha, beta: .zero)
    let isMirrored = isSymmetric && row != column
    if isStriped, usesBlas, let direct {
      square(whole(places, bases), from: row, direct)
      return
    }
    if isSquaredWhole, usesBlas, block.squareByBlas(dtype) { return }
    if usesBlas {
      if update.addend != nil {
        if target.reuses < 0 { copyAddend(places, row, column, rows, columns, bases) }
        block.beta = target.reuses < 0 ? SIMD2(1, 0) : update.beta
      }
      if !isSquare || !isSymmetric || isMirrored || !block.squareByBlas(dtype) {
        if let direct { direct.multiply(block) } else { block.multiplyByBlas(dtype) }
        if isSquare, !dtype.isComplex, (rows, columns) == (m, n) {
          block.copyAboveToBelow(itemSize: size)
        }
      }
    } else {
      block.multiplyByLoops(dtype)
      block.combine(dtype, update.alpha, terms(places, row, column, bases))
    }
    if isMirrored {
      let mirror = bases.c.pointer + (places.c + column * rowStride + row) * size
      block.copyTransposed(to: mirror, itemSize: size)
    }
  }

  /// What loops of our own add to a block.
  private func terms(
    _ places: Places, _ row: Int, _ column: Int, _ bases: Bases
  ) -> ProductBlock.Terms? {
    guard let addend = update.addend, let base = bases.addend else { return nil }
    let place = places.addend + row * addend.rowStride + column * addend.columnStride
    return ProductBlock.Terms(
      base: base.pointer + place * dtype.itemSize, rowStride: addend.rowStride,
      columnStride: addend.columnStride, factor: update.beta)
  }
}
