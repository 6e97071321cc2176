import CBLAS
import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Routines {
  static func det(_ call: MatrixCall) throws -> [Buffer] {
    try determinants(call) { determinant, index in
      Matrices.store(determinant.value, call.result(at: index), 0, call.dtype)
    }
    return call.results
  }

  static func slogdet(_ call: MatrixCall) throws -> [Buffer] {
    try determinants(call) { determinant, index in
      Matrices.store(determinant.sign, call.result(0, at: index), 0, call.dtype)
      Matrices.store(
        (determinant.logarithm, 0), call.result(1, at: index), 0, call.dtype.realPart)
    }
    return call.results
  }

  private static func determinants(
    _ call: MatrixCall, _ store: @escaping @Sendable (Determinant, Int) -> Void
  ) throws {
    let n = call.columns
    try call.forEach(operations: call.cube) {
      let pivots = try call.scratch(n * 4)
      let factors = try call.scratch(call.byteCount)
      return { index in
        var determinant = Determinant()
        if n > 0 {
          let swaps = pivots.base.assumingMemoryBound(to: Int32.self)
          let isShared = call.matrixCount == 1 && n >= BlockedFactors.leastOrder
          let matrix = BlockedFactors(
            call: call, base: factors.base, order: n, leading: n, isShared: isShared)
          func diagonal(_ i: Int) -> (re: Double, im: Double) {
            Matrices.element(factors.base, i * (n + 1), call.dtype)
          }
          func copy() {
            factors.base.copyMemory(from: call.operand(at: index), byteCount: call.byteCount)
          }
          copy()
          // Half the work where the matrix turns out to be definite.
          let mayBeDefinite =
            isShared && call.operands[0].facts.contains(.symmetric)
            && (0..<n).allSatisfy { diagonal($0).re > 0 }
          if mayBeDefinite, try matrix.factorDefinite(),
            !(0..<n).contains(where: { diagonal($0).re.isNaN })
          {
            for i in 0..<n {
              determinant.multiply(by: (diagonal(i).re, 0))
              determinant.multiply(by: (diagonal(i).re, 0))
            }
            store(determinant, index)
            return
          }
          if mayBeDefinite { copy() }
          if try !matrix.factor(swaps) {
            determinant.multiply(by: (0, 0))
          } else {
            for i in 0..<n {
              determinant.multiply(by: diagonal(i))
              if swaps[i] != Int32(i + 1) { determinant.multiply(by: (-1, 0)) }
            }
          }
        }
        store(determinant, index)
      }
    }
  }
}

// MARK: - Of factors

extension Routines {
  /// The determinant of a matrix with the factors of `factor`; see `Routine.determinantFactored`.
  static func determinantFactored(_ call: MatrixCall) throws -> [Buffer] {
    let n = call.columns
    try call.forEach(operations: call.area) {
      { index in
        let factored = FactoredDeterminant(
          matrix: call.operand(0, at: index), factors: call.operand(1, at: index),
          codes: FactorCodes(call.operand(2, at: index), order: n), order: n, dtype: call.dtype)
        let determinant = n == 0 ? Determinant() : factored.value
        if call.flag("log") {
          Matrices.store(determinant.sign, call.result(0, at: index), 0, call.dtype)
          Matrices.store(
            (determinant.logarithm, 0), call.result(1, at: index), 0, call.dtype.realPart)
        } else {
          Matrices.store(determinant.value, call.result(at: index), 0, call.dtype)
        }
      }
    }
    return call.results
  }
}

/// The determinant of one matrix from its factors, block by block.
private struct FactoredDeterminant {
  let matrix: UnsafeMutableRawPointer
  let factors: UnsafeMutableRawPointer
  let codes: FactorCodes
  let order: Int
  let dtype: DType

  var value: Determinant {
    var result = Determinant()
    for block in codes.blocks {
      switch block.kind {
      case .diagonal, .lower, .upper:
        for i in block.rows {
          result.multiply(by: Matrices.element(matrix, i * (order + 1), dtype))
        }
      case .cholesky:
        for i in block.rows {
          result.multiply(by: (element(i, i).re, 0))
          result.multiply(by: (element(i, i).re, 0))
        }
      case .general:
        for i in block.rows { result.multiply(by: element(i, i)) }
        countSwaps(block.rows, &result)
      case .banded:
        // LAPACK's columns one after another, the diagonal in the row below the room for fill.
        let (lower, upper) = (Int(codes.bandwidths.lower), Int(codes.bandwidths.upper))
        for i in block.rows {
          let place = i * (2 * lower + upper + 1) + lower + upper
          result.multiply(by: Matrices.element(factors, place, dtype))
        }
        countSwaps(block.rows, &result)
      case .indefinite: multiplyBlocks(block.rows, &result)
      }
    }
    return result
  }

  private func element(_ row: Int, _ column: Int) -> (re: Double, im: Double) {
    Matrices.element(factors, row * order + column, dtype)
  }

  private func countSwaps(_ rows: Range<Int>, _ result: inout Determinant) {
    for i in rows where codes.pivots[i] != Int32(i - rows.lowerBound + 1) {
      result.multiply(by: (-1, 0))
    }
  }

  /// Blocks of one and two of a symmetric matrix's D; rows are swapped together with columns.
  private func multiplyBlocks(_ rows: Range<Int>, _ result: inout Determinant) {
    var i = rows.lowerBound
    while i < rows.upperBound {
      let beside = i + 1 < rows.upperBound ? element(i + 1, i).re : 0
      if beside == 0 {
        result.multiply(by: element(i, i))
        i += 1
      } else {
        let quotient = (element(i, i).re / beside) * (element(i + 1, i + 1).re / beside)
        for factor in [beside, beside, quotient - 1] { result.multiply(by: (factor, 0)) }
        i += 2
      }
    }
  }
}

/// A product with its exponent apart, so that it neither overflows nor vanishes on the way.
struct Determinant {
  private var (re, im) = (1.0, 0.0)
  private var exponent = 0

  mutating func multiply(by factor: (re: Double, im: Double)) {
    if im == 0, factor.im == 0 {
      // Far from the ends of the range on both sides there is nothing to scale.
      let product = re * factor.re
      if Self.isSafe(product), Self.isSafe(factor.re) {
        re = product
        return
      }
    }
    // The factor is scaled first: near the ends of the range products with it are not safe.
    let (scaled, power) = Self.scaled(factor)
    let product = (
      re * scaled.re - im * scaled.im, re * scaled.im + im * scaled.re
    )
    // A real factor leaves real products, infinities and signs as they are.
    let (next, nextPower) = Self.scaled(
      scaled.im == 0 && im == 0 ? (re * scaled.re, 0) : product)
    (re, im) = next
    exponent += power + nextPower
  }

  private static func isSafe(_ value: Double) -> Bool {
    let size = abs(value)
    return size > 0x1p-400 && size < 0x1p400
  }

  private static func scaled(
    _ value: (re: Double, im: Double)
  ) -> ((re: Double, im: Double), Int) {
    let size = max(abs(value.re), abs(value.im))
    guard size.isFinite, size > 0 else { return (value, 0) }
    let power = Int(size.exponent)
    return ((scalbn(value.re, Int32(-power)), scalbn(value.im, Int32(-power))), power)
  }

  var value: (re: Double, im: Double) {
    let power = Int32(clamping: max(-10_000, min(10_000, exponent)))
    return (scalbn(re, power), scalbn(im, power))
  }

  /// On the unit circle, or 0.
  var sign: (re: Double, im: Double) {
    if im == 0 { return (re == 0 ? 0 : re > 0 ? 1 : re < 0 ? -1 : re, 0) }
    let size = hypot(re, im)
    return (re / size, im / size)
  }

  var logarithm: Double {
    let size = im == 0 ? abs(re) : hypot(re, im)
    return size == 0 ? -.infinity : log(size) + Double(exponent) * log(2)
  }
}
