import CBLAS
import WeftIR

/// Products of which only some elements are wanted.
extension Routines {
  static func sampledProduct(
    _ routine: Routine, _ operands: [Buffer], _ context: RunContext
  ) throws -> [Buffer] {
    let types = try routine.infer(operands.map(\.type))
    let result = try Buffer(allocating: types[0], in: context.memory)
    if operands[operands.count - 1].type.dtype == .float32 {
      try SampledProduct<Float>(routine, operands, result).run(context)
    } else {
      try SampledProduct<Double>(routine, operands, result).run(context)
    }
    return [result]
  }
}

/// Chosen elements of L R, strip by strip of rows: where few are wanted each is a dot product of a
/// row of L and a column of R; where many are, the strip is multiplied as a whole.
private struct SampledProduct<Real: SampledReal>: Sendable {
  private let mask: Buffer?
  private let left: Buffer
  private let right: Buffer
  private let result: Buffer
  private let m: Int
  private let n: Int
  private let k: Int
  private let isLeftTransposed: Bool
  private let isRightTransposed: Bool
  private let isFactor: Bool
  private let sum: Routine.SampleSum
  private let band: Facts

  /// The rows that one task takes; their number follows from the shape alone.
  private static var stripRows: Int { 64 }
  /// Rows of which more than one element in so many is wanted are multiplied as a whole: a dot
  /// product of 64 elements takes about as long as 8 elements of a blocked product.
  private static var leastShare: Int { 8 }

  init(_ routine: Routine, _ operands: [Buffer], _ result: Buffer) throws {
    let options = routine.options
    guard let sampling = options["mask"].flatMap({ Routine.Sampling(rawValue: $0) }),
      let sum = options["sum"].flatMap({ Routine.SampleSum(rawValue: $0) }),
      let band = Facts(options: options.filter { $0.key == "lower" || $0.key == "upper" })
    else { throw WeftError(.argument, routine.name, "its options name what there is not") }
    mask = sampling == .band ? nil : operands[0]
    left = operands[operands.count - 2]
    right = operands[operands.count - 1]
    self.result = result
    isLeftTransposed = options["left"] == "true"
    isRightTransposed = options["right"] == "true"
    isFactor = sampling == .factor
    self.sum = sum
    self.band = band
    let (l, r) = (left.type.shape.codes, right.type.shape.codes)
    (m, k) = isLeftTransposed ? (l[1], l[0]) : (l[0], l[1])
    n = r[isRightTransposed ? 0 : 1]
  }

  func run(_ context: RunContext) throws {
    if m == 0 || n == 0 || k == 0 {
      Matrices.clear(result.base, result.byteCount)
      return
    }
    guard let mask else {
      try runBand(context)
      return
    }
    let isWhole = isFactor && !(left.isFinite && right.isFinite)
    // Rows of L and columns of R, each in one piece.
    let rows = try packed(left, isTransposed: isLeftTransposed, context)
    let columns = try packed(right, isTransposed: !isRightTransposed, context)
    let strips = (m + Self.stripRows - 1) / Self.stripRows
    let sums = try sum == .all ? memory(strips, of: .float64, context) : nil
    try context.scheduler.run(strips, context.token) { strip, _ in
      let rows = Strip(
        first: strip * Self.stripRows, end: min(m, (strip + 1) * Self.stripRows),
        left: rows, right: columns)
      let total = try multiply(rows, mask, isWhole: isWhole, context)
      sums?.base.storeBytes(of: total, toByteOffset: 8 * strip, as: Double.self)
    }
    if let sums {
      var total = 0.0
      for strip in 0..<strips {
        total += sums.base.load(fromByteOffset: 8 * strip, as: Double.self)
      }
      result.base.storeBytes(of: Real(total), as: Real.self)
    }
  }

  private struct Strip: Sendable {
    let first: Int
    let end: Int
    let left: Buffer
    let right: Buffer
    var count: Int { end - first }
  }

  private func memory(_ count: Int, of dtype: DType, _ context: RunContext) throws -> Buffer {
    try Buffer(allocating: TensorType(dtype, Shape([count])), in: context.memory)
  }

  /// A matrix, or a copy of its transpose.
  private func packed(
    _ matrix: Buffer, isTransposed: Bool, _ context: RunContext
  ) throws -> Buffer {
    if !isTransposed { return matrix }
    let codes = matrix.type.shape.codes
    let copy = try memory(matrix.count, of: matrix.type.dtype, context)
    Matrices.transpose(
      matrix.base, rows: codes[0], columns: codes[1], itemSize: MemoryLayout<Real>.stride,
      to: copy.base)
    return copy
  }

  // MARK: - Masks

  /// The elements of some rows, and their sum where all is summed.
  private func multiply(
    _ strip: Strip, _ mask: Buffer, isWhole: Bool, _ context: RunContext
  ) throws -> Double {
    let itemSize = mask.type.dtype.itemSize
    let start = mask.base + strip.first * n * itemSize
    var wanted = 0
    if !isWhole {
      SparseLook.forEachNonzero(start, count: strip.count * n, dtype: mask.type.dtype) { _ in
        wanted += 1
      }
    }
    let isDense = isWhole || wanted * Self.leastShare > strip.count * n
    let elements = sum == .none ? result.base.assumingMemoryBound(to: Real.self) : nil
    let scratch =
      try isDense && sum != .none ? memory(strip.count * n, of: left.type.dtype, context) : nil
    let dense =
      isDense
      ? scratch?.base.assumingMemoryBound(to: Real.self) ?? elements.map { $0 + strip.first * n }
      : nil
    if let dense { product(strip, to: dense) }
    let lefts = strip.left.base.assumingMemoryBound(to: Real.self)
    let rights = strip.right.base.assumingMemoryBound(to: Real.self)
    let factors =
      mask.type.dtype == .bool ? nil : mask.base.assumingMemoryBound(to: Real.self)
    var total = 0.0
    for row in strip.first..<strip.end {
      var rowSum = 0.0
      let target = elements.map { $0 + row * n }
      if !isDense, let target { Matrices.clear(target, n * MemoryLayout<Real>.stride) }
      func put(_ column: Int, _ value: Real) {
        if let target { target[column] = value } else { rowSum += Double(value) }
      }
      if let dense {
        let line = dense + (row - strip.first) * n
        for column in 0..<n {
          let place = row * n + column
          if let factors {
            put(column, factors[place] * line[column])
          } else {
            // A choice hides what it does not take; a factor of zero does not.
            let holds = mask.base.load(fromByteOffset: place, as: UInt8.self) != 0
            put(column, holds ? line[column] : isFactor ? 0 * line[column] : 0)
          }
        }
      } else {
        SparseLook.forEachNonzero(
          mask.base + row * n * itemSize, count: n, dtype: mask.type.dtype
        ) { column in
          let value = Real.dot(k, lefts + row * k, rights + column * k)
          put(column, factors.map { $0[row * n + column] * value } ?? value)
        }
      }
      if sum == .rows {
        result.base.assumingMemoryBound(to: Real.self)[row] = Real(rowSum)
      }
      total += rowSum
    }
    return total
  }

  /// All elements of some rows.
  private func product(_ strip: Strip, to target: UnsafeMutableRawPointer) {
    let size = MemoryLayout<Real>.stride
    MatrixOperand.multiply(
      left.type.dtype, strip.count, n, k,
      MatrixOperand(
        base: strip.left.base + strip.first * k * size, leading: k, isTransposed: false),
      MatrixOperand(base: strip.right.base, leading: k, isTransposed: true), to: target, n,
      adds: false)
  }

  // MARK: - Bands

  /// Strips of rows, of each the columns that the band has in one of them.
  private func runBand(_ context: RunContext) throws {
    let (lower, upper) = (min(band.lower, m), min(band.upper, n))
    let height = max(16, min(256, lower + upper + 1))
    let strips = (m + height - 1) / height
    let size = MemoryLayout<Real>.stride
    let (leadingL, leadingR) = (left.type.shape.codes[1], right.type.shape.codes[1])
    try context.scheduler.run(strips, context.token) { strip, _ in
      let rows = strip * height..<min(m, (strip + 1) * height)
      func columns(_ rows: Range<Int>) -> Range<Int> {
        let first = max(0, rows.lowerBound - lower)
        let last = min(n, rows.upperBound + upper)
        return first < last ? first..<last : 0..<0
      }
      let all = columns(rows)
      if !all.isEmpty {
        let startL = isLeftTransposed ? rows.lowerBound : rows.lowerBound * leadingL
        let startR = isRightTransposed ? all.lowerBound * leadingR : all.lowerBound
        MatrixOperand.multiply(
          left.type.dtype, rows.count, all.count, k,
          MatrixOperand(
            base: left.base + startL * size, leading: leadingL, isTransposed: isLeftTransposed),
          MatrixOperand(
            base: right.base + startR * size, leading: leadingR, isTransposed: isRightTransposed),
          to: result.base + (rows.lowerBound * n + all.lowerBound) * size, n, adds: false)
      }
      for row in rows {
        let line = result.base + row * n * size
        let kept = columns(row..<row + 1)
        Matrices.clear(line, kept.lowerBound * size)
        Matrices.clear(line + kept.upperBound * size, (n - kept.upperBound) * size)
      }
    }
  }
}

/// A float that BLAS has a dot product for.
private protocol SampledReal: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  static func blasDot(_ n: Int32, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>) -> Self
}

extension Float: SampledReal {
  fileprivate static func blasDot(
    _ n: Int32, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>
  ) -> Float { weft_blas_sdot(n, x, 1, y, 1) }
}

extension Double: SampledReal {
  fileprivate static func blasDot(
    _ n: Int32, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>
  ) -> Double { weft_blas_ddot(n, x, 1, y, 1) }
}

extension SampledReal {
  fileprivate static func dot(
    _ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>
  ) -> Self {
    if !MatrixOperand.hasNoBlas { return blasDot(Int32(count), x, y) }
    var sum: Self = 0
    for i in 0..<count { sum += x[i] * y[i] }
    return sum
  }
}
