import CHost
import WeftIR

/// Systems of which a band alone is stored; see `IR/Routines/Banded.swift`.
extension Routines {
  static func bandFactor(
    _ routine: Routine, _ operands: [Buffer], _ context: RunContext
  ) throws -> [Buffer] {
    let result = try results(routine, operands, context)
    let system = try BandSystem(routine, factors: result[0], codes: result[1])
    try context.token.check()
    system.factor(operands[0], isSymmetric: routine.options["symmetric"] == "true")
    return result
  }

  static func bandSolve(
    _ routine: Routine, _ operands: [Buffer], _ context: RunContext
  ) throws -> [Buffer] {
    let result = try results(routine, operands, context)
    let system = try BandSystem(routine, factors: operands[0], codes: operands[1])
    let codes = result[0].type.shape.codes
    guard result[0].count > 0 else { return result }
    if system.kind == .singular {
      throw WeftError(.singular, routine.options["for"] ?? routine.name, "the matrix is singular")
    }
    let isRight = routine.options["right"] == "true"
    let isTransposed = (routine.options["transposed"] == "true") != isRight
    let (source, target) = (KernelBase(operands[2].base), KernelBase(result[0].base))
    let (n, width) = (system.order, isRight ? codes[0] : codes[1])
    let itemSize = result[0].type.dtype.itemSize
    // By the number of columns alone, so that threads change no bit.
    let chunks = max(1, min(width / columnsOfPart, (n * width) >> 15))
    try context.scheduler.run(chunks, context.token) { chunk, _ in
      let part = width * chunk / chunks..<width * (chunk + 1) / chunks
      if !isRight {
        if chunks == 1 {
          target.pointer.copyMemory(from: source.pointer, byteCount: n * width * itemSize)
        }
        for row in 0..<(chunks == 1 ? 0 : n) {
          let start = (row * width + part.lowerBound) * itemSize
          (target.pointer + start).copyMemory(
            from: source.pointer + start, byteCount: part.count * itemSize)
        }
        system.solve(
          target.pointer + part.lowerBound * itemSize, part.count, leading: width, isTransposed)
        return
      }
      // X A = B is A^T X^T = B^T: rows are turned to columns, some at a time.
      let lines = min(part.count, columnsOfPart)
      withUnsafeTemporaryAllocation(byteCount: n * lines * itemSize, alignment: 64) { turned in
        // The count of an allocation that is not empty has an address.
        let turned = turned.baseAddress.unsafelyUnwrapped
        for first in stride(from: part.lowerBound, to: part.upperBound, by: lines) {
          let (start, count) = (first * n * itemSize, min(lines, part.upperBound - first))
          Matrices.transpose(
            source.pointer + start, rows: count, columns: n, itemSize: itemSize, to: turned)
          system.solve(turned, count, leading: count, isTransposed)
          Matrices.transpose(
            turned, rows: n, columns: count, itemSize: itemSize, to: target.pointer + start)
        }
      }
    }
    return result
  }

  /// Right-hand sides that are solved side by side.
  private static let columnsOfPart = 32

  static func bandDeterminant(
    _ routine: Routine, _ operands: [Buffer], _ context: RunContext
  ) throws -> [Buffer] {
    let result = try results(routine, operands, context)
    let system = try BandSystem(routine, factors: operands[0], codes: operands[1])
    let (determinant, dtype) = (system.determinant, result[0].type.dtype)
    if result.count > 1 {
      Matrices.store(determinant.sign, result[0].base, 0, dtype)
      Matrices.store((determinant.logarithm, 0), result[1].base, 0, dtype)
    } else {
      Matrices.store(determinant.value, result[0].base, 0, dtype)
    }
    return result
  }
}

/// A band's factors: Cholesky's in rows of `lower` + 1, or L and U in rows of 2 `lower` + `upper` + 1, with the rows
/// that were swapped; the last integer tells which.
private struct BandSystem: Sendable {
  let order: Int
  private let lower: Int
  private let upper: Int
  private let factors: Buffer
  private let codes: Buffer

  init(_ routine: Routine, factors: Buffer, codes: Buffer) throws {
    guard let lower = routine.options["lower"].flatMap({ Int($0) }),
      let upper = routine.options["upper"].flatMap({ Int($0) })
    else { throw WeftError(.argument, routine.name, "the bandwidths are missing") }
    (self.lower, self.upper, self.factors, self.codes) = (lower, upper, factors, codes)
    order = factors.type.shape.codes[0]
  }

  private var pivots: UnsafeMutablePointer<Int32> {
    codes.base.assumingMemoryBound(to: Int32.self)
  }

  /// As `weft_band_factor_f64` tells.
  enum Kind: Int32 { case general, definite, singular }
  var kind: Kind { Kind(rawValue: pivots[order]) ?? .singular }
  private var isDefinite: Bool { kind == .definite }
  private var isSingle: Bool { factors.type.dtype == .float32 }

  /// Factors a band.
  func factor(_ band: Buffer, isSymmetric: Bool) {
    let hint: Int32 = isSymmetric ? 1 : 0
    pivots[order] =
      isSingle
      ? weft_band_factor_f32(
        factors.base.assumingMemoryBound(to: Float.self), pivots,
        band.base.assumingMemoryBound(to: Float.self), order, lower, upper, hint)
      : weft_band_factor_f64(
        factors.base.assumingMemoryBound(to: Double.self), pivots,
        band.base.assumingMemoryBound(to: Double.self), order, lower, upper, hint)
  }

  /// Solves for some columns in place.
  func solve(
    _ b: UnsafeMutableRawPointer, _ columns: Int, leading: Int, _ isTransposed: Bool
  ) {
    if isSingle {
      let (a, x) = (
        factors.base.assumingMemoryBound(to: Float.self), b.assumingMemoryBound(to: Float.self)
      )
      if isDefinite {
        weft_band_cholesky_solve_f32(a, order, lower, x, columns, leading)
      } else {
        weft_band_lu_solve_f32(
          a, pivots, order, lower, upper, isTransposed ? 1 : 0, x, columns, leading)
      }
    } else {
      let (a, x) = (
        factors.base.assumingMemoryBound(to: Double.self), b.assumingMemoryBound(to: Double.self)
      )
      if isDefinite {
        weft_band_cholesky_solve_f64(a, order, lower, x, columns, leading)
      } else {
        weft_band_lu_solve_f64(
          a, pivots, order, lower, upper, isTransposed ? 1 : 0, x, columns, leading)
      }
    }
  }

  var determinant: Determinant {
    var result = Determinant()
    if kind == .singular {
      result.multiply(by: (0, 0))
      return result
    }
    let width = isDefinite ? lower + 1 : 2 * lower + upper + 1
    for row in 0..<order {
      let element = Matrices.element(factors.base, row * width + lower, factors.type.dtype)
      result.multiply(by: element)
      if isDefinite { result.multiply(by: element) }
      if !isDefinite, Int(pivots[row]) != row { result.multiply(by: (-1, 0)) }
    }
    return result
  }
}
