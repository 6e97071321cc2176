import CBLAS
import CHost
import WeftIR

extension Routines {
  /// Divides by a diagonal; see `Routine.solveDiagonal`.
  static func solveDiagonal(_ call: MatrixCall) throws -> [Buffer] {
    let n = call.columns
    let codes = call.operands[1].type.shape.codes.suffix(2)
    guard let first = codes.first, let last = codes.last else { return call.results }
    let isRight = call.flag("right")
    let lines = call.matrixCount == 0 || last == 0 ? 0 : first
    if n == 0 || lines == 0 { return call.results }
    // One great right-hand side is shared out among threads, by its rows.
    let chunks = call.matrixCount == 1 ? max(1, min(lines, lines * last / partElements)) : 1
    try call.forEach(operations: Double(lines) * Double(last)) {
      let divisors = try call.scratch(n * call.itemSize)
      return { index in
        let matrix = KernelBase(call.operand(0, at: index))
        let diagonal = Diagonal(order: n, in: divisors.base, call.dtype)
        @Sendable func take(_ part: Range<Int>) throws {
          diagonal.copy(part, of: matrix.pointer, leading: n)
          if diagonal.hasZero(in: part) {
            throw call.failure(.singular, "is singular", at: index)
          }
        }
        let (source, target) = (
          KernelBase(call.operand(1, at: index)), KernelBase(call.result(at: index))
        )
        let division = DiagonalDivision(diagonal: diagonal, isRight: isRight)
        if chunks == 1 || isRight { try take(0..<n) }
        if chunks == 1 {
          division.divide(source.pointer, to: target.pointer, 0..<lines, 0..<last, leading: last)
          return
        }
        try call.context.scheduler.run(chunks, call.context.token) { chunk, _ in
          let part = lines * chunk / chunks..<lines * (chunk + 1) / chunks
          // Its elements lie far apart: each thread reads those of its rows.
          if !isRight { try take(part) }
          division.divide(source.pointer, to: target.pointer, part, 0..<last, leading: last)
        }
      }
    }
    return call.results
  }

  /// The elements of a part of a division that is worth a thread.
  private static let partElements = 1 << 15
}

/// The elements of a matrix's diagonal, one after another.
///
/// `@unchecked Sendable`: threads fill parts of their own, and read what they or their caller filled.
struct Diagonal: @unchecked Sendable {
  let elements: UnsafeMutableRawPointer
  let order: Int
  let dtype: DType

  /// Room for the elements.
  init(order: Int, in elements: UnsafeMutableRawPointer, _ dtype: DType) {
    self.elements = elements
    self.order = order
    self.dtype = dtype
  }

  /// Copies the diagonal of a matrix whose rows are `leading` elements apart.
  init(
    copying matrix: UnsafeRawPointer, order: Int, leading: Int,
    to elements: UnsafeMutableRawPointer, _ dtype: DType
  ) {
    self.init(order: order, in: elements, dtype)
    copy(0..<order, of: matrix, leading: leading)
  }

  /// Copies a part of the diagonal of a matrix whose rows are `leading` elements apart.
  func copy(_ part: Range<Int>, of matrix: UnsafeRawPointer, leading: Int) {
    let step = (leading + 1) * dtype.itemSize
    weft_tile_gather_strided(
      elements + part.lowerBound * dtype.itemSize, matrix + part.lowerBound * step, step,
      Int32(dtype.itemSize), part.count)
  }

  /// Whether some element of a part is zero.
  func hasZero(in part: Range<Int>) -> Bool {
    func isZero<T: BinaryFloatingPoint>(_ type: T.Type, parts: Int) -> Bool {
      let values = elements.assumingMemoryBound(to: T.self)
      return part.contains { n in
        values[n * parts] == 0 && values[n * parts + parts - 1] == 0
      }
    }
    return switch dtype {
    case .float32: isZero(Float.self, parts: 1)
    case .complex64: isZero(Float.self, parts: 2)
    case .complex128: isZero(Double.self, parts: 2)
    default: isZero(Double.self, parts: 1)
    }
  }
}

/// The division of the rows of a matrix by a diagonal, or of its columns.
struct DiagonalDivision: Sendable {
  let diagonal: Diagonal
  /// Whether the diagonal stands on the right: its elements divide columns.
  let isRight: Bool

  /// Divides some columns of some rows, each `leading` elements from the last; the target may be
  /// the source.
  func divide(
    _ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ rows: Range<Int>,
    _ columns: Range<Int>, leading: Int
  ) {
    let size = diagonal.dtype.itemSize
    guard !columns.isEmpty else { return }
    let dtype = Int32(diagonal.dtype.rawValue)
    if !isRight, let divide = weft_tile_lookup("divide_by_one", dtype) {
      for row in rows {
        let start = (row * leading + columns.lowerBound) * size
        let divisor = UnsafeRawPointer(diagonal.elements + row * size)
        divide(target + start, source + start, divisor, nil, columns.count)
      }
      return
    }
    guard let divide = weft_tile_lookup("divide", dtype) else { return }
    withUnsafeTemporaryAllocation(byteCount: columns.count * size, alignment: 64) { line in
      // The count of an allocation that is not empty has an address.
      let line = line.baseAddress.unsafelyUnwrapped
      for row in rows {
        let start = (row * leading + columns.lowerBound) * size
        var divisors = UnsafeRawPointer(diagonal.elements + columns.lowerBound * size)
        if !isRight {
          weft_tile_splat(line, diagonal.elements + row * size, Int32(size), columns.count)
          divisors = UnsafeRawPointer(line)
        }
        divide(target + start, source + start, divisors, nil, columns.count)
      }
    }
  }
}
