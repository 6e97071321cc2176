import CBLAS
import CHost
import WeftIR

/// Products that leave out what is zero outside bands and blocks.
extension Routines {
  static func structuredProduct(
    _ routine: Routine, _ operands: [Buffer], _ context: RunContext
  ) throws -> [Buffer] {
    let types = try routine.infer(operands.map(\.type))
    let result = try Buffer(allocating: types[0], in: context.memory)
    if result.count == 0 { return [result] }
    let product = try StructuredProduct(routine, operands, result, context)
    // It has addresses of matrices that nobody else may need.
    try withExtendedLifetime((operands, product)) { try product.run(context) }
    return [result]
  }
}

/// One product T B of a structured matrix T with another matrix, or B^T T^T in its place: rows of T
/// are cut in strips, and of each strip only the columns that hold something are multiplied.
private struct StructuredProduct: Sendable {
  /// Where T is zero, as it stands on the left.
  private var facts: Facts
  private let dtype: DType
  /// The rows and columns of T, and the extent of the other matrix that is not summed.
  private let rows: Int
  private let inner: Int
  private let width: Int
  /// Whether T's columns are contiguous rather than its rows.
  private let isTransposed: Bool
  private let isOtherTransposed: Bool
  /// Whether T stands on the right, transposed: the result is B^T T^T.
  private let isRight: Bool
  /// The factor of the product.
  private let scale: Double
  /// Where T's elements stand: those of a band, as if it were a matrix whose rows are as long as the band is wide
  /// but for one element; only what is inside the band is there.
  private let structured: KernelBase
  private let leading: Int
  private let isBand: Bool
  /// The matrix of a band that must be multiplied as a whole.
  private let expanded: Buffer?
  private let other: Buffer
  private let result: Buffer

  /// The rows of a strip: as many as keep a matrix product quick.
  private static let stripRows = 256
  /// Strips that keep all threads busy.
  private static let enoughStrips = 8
  /// The rows of a strip along the edge of a band, which is copied and masked; one where the other
  /// matrix is not finite, so that no masked zero meets NaN.
  private let edgeRows: Int
  private static let mostEdgeRows = 64

  init(
    _ routine: Routine, _ operands: [Buffer], _ result: Buffer, _ context: RunContext
  ) throws {
    guard let facts = routine.structuredFacts else {
      throw WeftError(.argument, routine.name, "its options name facts that there are not")
    }
    (other, self.result) = (operands[1], result)
    dtype = result.type.dtype
    isRight = routine.options["right"] == "true"
    isTransposed = (routine.options["transposed"] == "true") != isRight
    isOtherTransposed = routine.options["other"] == "true"
    scale = routine.options["scale"].flatMap { Double($0) } ?? 1
    let isStoredTransposed = routine.options["transposed"] == "true"
    var codes = operands[0].type.shape.codes
    let columns = routine.options["columns"].flatMap { Int($0) }
    if let columns { codes[1] = columns }
    (rows, inner) = isTransposed ? (codes[1], codes[0]) : (codes[0], codes[1])
    width = result.count / max(1, rows)
    self.facts = isRight ? facts.transposed : facts
    // Zeros that were only found do not hide what they are multiplied with.
    let hidesNothing = !facts.contains(.absentZeros) && !other.isFinite
    if hidesNothing { self.facts = .none }
    let lower = isStoredTransposed ? facts.upper : facts.lower
    if let columns, hidesNothing {
      let routine = Routine.bandMatrix(lower: lower, columns: columns)
      let whole = try Routines.bandMatrix(routine, [operands[0]], context)[0]
      (expanded, structured, leading, isBand) = (whole, KernelBase(whole.base), columns, false)
    } else if columns != nil {
      let start = operands[0].base + lower * dtype.itemSize
      (expanded, structured, isBand) = (nil, KernelBase(start), true)
      leading = operands[0].type.shape.codes[1] - 1
    } else {
      (expanded, structured, isBand) = (nil, KernelBase(operands[0].base), false)
      leading = codes[1]
    }
    edgeRows = self.facts.hasZeros && !other.isFinite ? 1 : Self.mostEdgeRows
  }

  private var itemSize: Int { dtype.itemSize }
  private var otherLeading: Int { other.type.shape.codes[1] }
  private var resultLeading: Int { result.type.shape.codes[1] }

  /// Runs strips on the scheduler's threads, the longest first.
  func run(_ context: RunContext) throws {
    if isBandOfVector {
      try context.token.check()
      if dtype == .float32 { addElements(Float.self) } else { addElements(Double.self) }
      applyScale(0..<rows, 0..<1)
      return
    }
    if let triangle {
      // A power of two by extents alone: narrow parts pack the triangle too often.
      let doublings = Int.bitWidth - 1 - max(1, width / 1024).leadingZeroBitCount
      let chunks = width < 256 ? 1 : 1 << max(1, doublings)
      try context.scheduler.run(chunks, context.token) { chunk, _ in
        multiply(triangle, width * chunk / chunks..<width * (chunk + 1) / chunks)
      }
      return
    }
    let strips = strips()
    let threads = max(1, context.scheduler.threadCount)
    // By extents alone, so that the number of threads decides nothing of the result.
    let wanted = (Self.enoughStrips + strips.count - 1) / max(1, strips.count)
    let chunks = max(1, min(wanted, width / 128))
    let order = strips.sorted { cost($0) > cost($1) }
    let work = strips.reduce(0) { $0 + cost($1) } * width
    if work < 1 << 16 || threads == 1 {
      try context.token.check()
      for strip in strips { multiply(strip, 0..<width) }
      return
    }
    try context.scheduler.run(order.count * chunks, context.token) { part, _ in
      let (strip, chunk) = part.quotientAndRemainder(dividingBy: chunks)
      multiply(order[strip], width * chunk / chunks..<width * (chunk + 1) / chunks)
    }
  }

  // MARK: - Triangles

  /// The triangle of the structured matrix, as it is stored, that BLAS multiplies in place of a copy
  /// of the other matrix; nil where T is more or less than one, or zeros must not meet NaN.
  private var triangle: Int? {
    guard rows == inner, !isBand, facts.blocks.isEmpty, !isOtherTransposed, edgeRows > 1,
      dtype == .float32 || dtype == .float64, !MatrixOperand.hasNoBlas,
      min(facts.lower, facts.upper) == 0, max(facts.lower, facts.upper) >= inner - 1, inner > 1
    else { return nil }
    return (facts.upper == 0) == isTransposed ? WEFT_BLAS_UPPER : WEFT_BLAS_LOWER
  }

  /// Columns of T B, or rows of B^T T^T.
  private func multiply(_ triangle: Int, _ part: Range<Int>) {
    let lines = isRight ? part : 0..<inner
    let span = isRight ? 0..<inner : part
    for line in lines {
      (result.base + (line * resultLeading + span.lowerBound) * itemSize).copyMemory(
        from: other.base + (line * otherLeading + span.lowerBound) * itemSize,
        byteCount: span.count * itemSize)
    }
    let way = isTransposed != isRight ? WEFT_BLAS_TRANS : WEFT_BLAS_NO_TRANS
    let side = isRight ? WEFT_BLAS_RIGHT : WEFT_BLAS_LEFT
    let start = result.base + (lines.lowerBound * resultLeading + span.lowerBound) * itemSize
    let (m, n) = (Int32(lines.count), Int32(span.count))
    let (order, place, uplo) = (Int32(WEFT_BLAS_ROW_MAJOR), Int32(side), Int32(triangle))
    let (trans, diagonal) = (Int32(way), Int32(WEFT_BLAS_NON_UNIT))
    let (lda, ldb) = (Int32(leading), Int32(resultLeading))
    if dtype == .float32 {
      weft_blas_strmm(
        order, place, uplo, trans, diagonal, m, n, Float(scale),
        structured.pointer.assumingMemoryBound(to: Float.self), lda,
        start.assumingMemoryBound(to: Float.self), ldb)
    } else {
      weft_blas_dtrmm(
        order, place, uplo, trans, diagonal, m, n, scale,
        structured.pointer.assumingMemoryBound(to: Double.self), lda,
        start.assumingMemoryBound(to: Double.self), ldb)
    }
  }

  // MARK: - Strips

  /// Rows with the columns that blocks leave them.
  private struct Strip: Sendable {
    var rows: Range<Int>
    var columns: Range<Int>
  }

  private func strips() -> [Strip] {
    var strips: [Strip] = []
    var start = 0
    for extent in facts.blocks.isEmpty ? [rows] : facts.blocks {
      let columns = facts.blocks.isEmpty ? 0..<inner : start..<start + extent
      let band = min(facts.lower, inner) + min(facts.upper, inner)
      let height = min(Self.stripRows, max(Self.mostEdgeRows, band))
      let count = max(1, (extent + height - 1) / height)
      for n in 0..<count {
        strips.append(
          Strip(
            rows: start + extent * n / count..<start + extent * (n + 1) / count, columns: columns))
      }
      start += extent
    }
    return strips
  }

  private func cost(_ strip: Strip) -> Int {
    strip.rows.count * columns(of: strip.rows, in: strip.columns).count
  }

  /// The columns that hold something in one of some rows.
  private func columns(of rows: Range<Int>, in columns: Range<Int>) -> Range<Int> {
    let first = max(columns.lowerBound, rows.lowerBound - min(facts.lower, self.rows))
    let last = min(columns.upperBound, rows.upperBound + min(facts.upper, inner))
    return first < last ? first..<last : first..<first
  }

  /// The columns that the band leaves to every one of some rows.
  private func whole(of rows: Range<Int>, in columns: Range<Int>) -> Range<Int> {
    let first = max(columns.lowerBound, rows.upperBound - 1 - min(facts.lower, self.rows))
    let last = min(columns.upperBound, rows.lowerBound + 1 + min(facts.upper, inner))
    return first < last ? first..<last : first..<first
  }

  private func multiply(_ strip: Strip, _ part: Range<Int>) {
    if strip.rows.isEmpty || part.isEmpty { return }
    multiplyAlone(strip, part)
    applyScale(strip.rows, part)
  }

  /// Multiplies a part of the result with the factor, while it is in cache.
  private func applyScale(_ rows: Range<Int>, _ part: Range<Int>) {
    if scale == 1 { return }
    func apply<T: BinaryFloatingPoint>(_ type: T.Type) {
      let (lines, span) = isRight ? (part, rows) : (rows, part)
      for line in lines {
        let elements = (result.base + line * resultLeading * itemSize).assumingMemoryBound(
          to: T.self)
        for column in span { elements[column] *= T(scale) }
      }
    }
    if dtype == .float32 { apply(Float.self) } else { apply(Double.self) }
  }

  private func multiplyAlone(_ strip: Strip, _ part: Range<Int>) {
    let all = columns(of: strip.rows, in: strip.columns)
    let whole = whole(of: strip.rows, in: strip.columns)
    if all.isEmpty {
      clear(strip.rows, part)
      return
    }
    if isNarrow {
      addRows(strip, part)
      return
    }
    // BLAS wants rows at least as long as they are read, which one row of a band is not.
    if whole == all, !isBand || strip.rows.count > 1 {
      product(strip.rows, whole, part, packed: nil, adds: false)
      return
    }
    let hasWhole = whole.count >= Self.mostEdgeRows
    if hasWhole { product(strip.rows, whole, part, packed: nil, adds: false) }
    let edges =
      hasWhole
      ? [all.lowerBound..<whole.lowerBound, whole.upperBound..<all.upperBound] : [all]
    for start in stride(from: strip.rows.lowerBound, to: strip.rows.upperBound, by: edgeRows) {
      let rows = start..<min(start + edgeRows, strip.rows.upperBound)
      var adds = hasWhole
      for edge in edges {
        let columns = columns(of: rows, in: strip.columns).clamped(to: edge)
        if columns.isEmpty { continue }
        masked(rows, columns, part, adds: adds)
        adds = true
      }
      if !adds { clear(rows, part) }
    }
  }

  // MARK: - Bands and vectors

  /// Whether a band is multiplied with one column: there is little to do, and only the band is read.
  private var isBandOfVector: Bool {
    width == 1 && !isRight && !isOtherTransposed && (dtype == .float32 || dtype == .float64)
      && facts.blocks.isEmpty && facts.lower < rows && facts.upper < inner
  }

  /// Adds up products in the order in which the band lies in memory.
  private func addElements<T: BinaryFloatingPoint>(_ type: T.Type) {
    let band = structured.pointer.assumingMemoryBound(to: T.self)
    let vector = other.base.assumingMemoryBound(to: T.self)
    let out = result.base.assumingMemoryBound(to: T.self)
    if isTransposed {
      out.update(repeating: 0, count: rows)
      for column in 0..<inner {
        let (line, factor) = (band + column * leading, vector[column])
        let first = max(0, column - min(facts.upper, inner))
        let last = min(rows, column + min(facts.lower, rows) + 1)
        for row in first..<max(first, last) { out[row] += line[row] * factor }
      }
      return
    }
    for row in 0..<rows {
      let line = band + row * leading
      var sum: T = 0
      for column in columns(of: row..<row + 1, in: 0..<inner) {
        sum += line[column] * vector[column]
      }
      out[row] = sum
    }
  }

  // MARK: - Narrow bands

  /// Whether the band holds so few elements of a row that sums of rows of the other matrix cost less
  /// than a product.
  private var isNarrow: Bool {
    !isRight && !isOtherTransposed && (dtype == .float32 || dtype == .float64)
      && min(facts.lower, inner) + min(facts.upper, inner) < Self.narrowBand
  }
  /// A strip of 64 rows multiplies as many columns more by the matrix product, which is about three
  /// times as quick an element.
  private static let narrowBand = 33

  private func addRows(_ strip: Strip, _ part: Range<Int>) {
    withUnsafeTemporaryAllocation(
      byteCount: Self.narrowBand * itemSize, alignment: itemSize
    ) { copy in
      // The count of an allocation that is not empty has an address.
      let weights = copy.baseAddress.unsafelyUnwrapped
      for row in strip.rows {
        let kept = columns(of: row..<row + 1, in: strip.columns)
        if kept.isEmpty {
          clear(row..<row + 1, part)
          continue
        }
        for (n, column) in kept.enumerated() {
          (weights + n * itemSize).copyMemory(
            from: structured.pointer + place(row, column) * itemSize, byteCount: itemSize)
        }
        let factors = other.base + (kept.lowerBound * otherLeading + part.lowerBound) * itemSize
        let target = result.base + (row * resultLeading + part.lowerBound) * itemSize
        if dtype == .float32 {
          weft_weighted_rows_f32(
            target.assumingMemoryBound(to: Float.self),
            factors.assumingMemoryBound(to: Float.self), otherLeading,
            weights.assumingMemoryBound(to: Float.self), kept.count, part.count)
        } else {
          weft_weighted_rows_f64(
            target.assumingMemoryBound(to: Double.self),
            factors.assumingMemoryBound(to: Double.self), otherLeading,
            weights.assumingMemoryBound(to: Double.self), kept.count, part.count)
        }
      }
    }
  }

  // MARK: - Blocks

  /// Multiplies a copy of a part of T in which the places outside the band are zero.
  private func masked(_ rows: Range<Int>, _ columns: Range<Int>, _ part: Range<Int>, adds: Bool) {
    let bytes = rows.count * columns.count * itemSize
    withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 64) { copy in
      // The count of an allocation that is not empty has an address.
      let base = copy.baseAddress.unsafelyUnwrapped
      for (line, row) in rows.enumerated() {
        let target = base + line * columns.count * itemSize
        let kept = self.columns(of: row..<row + 1, in: columns)
        target.initializeMemory(as: UInt8.self, repeating: 0, count: columns.count * itemSize)
        if kept.isEmpty { continue }
        let start = (kept.lowerBound - columns.lowerBound) * itemSize
        let source = structured.pointer + place(row, kept.lowerBound) * itemSize
        if isTransposed {
          for n in 0..<kept.count {
            (target + start + n * itemSize).copyMemory(
              from: source + n * leading * itemSize, byteCount: itemSize)
          }
        } else {
          (target + start).copyMemory(from: source, byteCount: kept.count * itemSize)
        }
      }
      product(rows, columns, part, packed: base, adds: adds)
    }
  }

  private func place(_ row: Int, _ column: Int) -> Int {
    isTransposed ? column * leading + row : row * leading + column
  }

  private func clear(_ rows: Range<Int>, _ part: Range<Int>) {
    let (lines, span) = isRight ? (part, rows) : (rows, part)
    for line in lines {
      (result.base + (line * resultLeading + span.lowerBound) * itemSize)
        .initializeMemory(as: UInt8.self, repeating: 0, count: span.count * itemSize)
    }
  }

  /// The product of a part of T, or of a copy of it, with a part of the other matrix.
  private func product(
    _ rows: Range<Int>, _ columns: Range<Int>, _ part: Range<Int>,
    packed: UnsafeMutableRawPointer?, adds: Bool
  ) {
    let block = MatrixOperand(
      base: packed ?? structured.pointer + place(rows.lowerBound, columns.lowerBound) * itemSize,
      leading: packed == nil ? leading : columns.count,
      isTransposed: packed == nil && isTransposed)
    // As it stands in T B the other matrix has the summed index first.
    let isFlipped = isOtherTransposed != isRight
    let place =
      isFlipped
      ? part.lowerBound * otherLeading + columns.lowerBound
      : columns.lowerBound * otherLeading + part.lowerBound
    let factor = MatrixOperand(
      base: other.base + place * itemSize, leading: otherLeading, isTransposed: isFlipped)
    if isRight {
      let target = result.base + (part.lowerBound * resultLeading + rows.lowerBound) * itemSize
      MatrixOperand.multiply(
        dtype, part.count, rows.count, columns.count, factor.flipped, block.flipped, to: target,
        resultLeading, adds: adds)
    } else {
      let target = result.base + (rows.lowerBound * resultLeading + part.lowerBound) * itemSize
      MatrixOperand.multiply(
        dtype, rows.count, part.count, columns.count, block, factor, to: target, resultLeading,
        adds: adds)
    }
  }
}
