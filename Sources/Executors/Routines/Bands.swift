import CHost
import WeftIR

/// Matrices of which a band alone is stored; see `IR/Routines/Banded.swift`.
extension Routines {
  private static func number(_ routine: Routine, _ name: String) throws -> Int {
    guard let number = routine.options[name].flatMap({ Int($0) }) else {
      throw WeftError(.argument, routine.name, "the option '\(name)' is missing")
    }
    return number
  }

  /// The results of a routine, without their elements.
  static func results(
    _ routine: Routine, _ operands: [Buffer], _ context: RunContext
  ) throws -> [Buffer] {
    try routine.infer(operands.map(\.type)).map { try Buffer(allocating: $0, in: context.memory) }
  }

  /// The columns of a row that a band and a matrix both have.
  private static func columns(_ row: Int, _ lower: Int, _ width: Int, of count: Int) -> Range<Int> {
    let first = max(0, row - lower)
    return first..<max(first, min(count, row - lower + width))
  }

  static func band(
    _ routine: Routine, _ operands: [Buffer], _ context: RunContext
  ) throws -> [Buffer] {
    let result = try results(routine, operands, context)
    let (lower, codes) = (try number(routine, "lower"), operands[0].type.shape.codes)
    let (rows, width) = (result[0].type.shape.codes[0], result[0].type.shape.codes[1])
    let itemSize = operands[0].type.dtype.itemSize
    let leading = codes[0] == rows ? codes[1] : 0
    if result[0].count == 0 { return result }
    try context.token.check()
    let (source, target) = (operands[0].base, result[0].base)
    switch itemSize {
    case 4:
      weft_band_read_f32(
        target.assumingMemoryBound(to: Float.self), source.assumingMemoryBound(to: Float.self),
        rows, codes[1], leading, lower, width)
    case 8:
      weft_band_read_f64(
        target.assumingMemoryBound(to: Double.self), source.assumingMemoryBound(to: Double.self),
        rows, codes[1], leading, lower, width)
    default:
      Matrices.clear(target, result[0].byteCount)
      for row in 0..<rows {
        let kept = columns(row, lower, width, of: codes[1])
        if kept.isEmpty { continue }
        (target + (row * width + kept.lowerBound - row + lower) * itemSize).copyMemory(
          from: source + (row * leading + kept.lowerBound) * itemSize,
          byteCount: kept.count * itemSize)
      }
    }
    return result
  }

  static func bandTranspose(
    _ routine: Routine, _ operands: [Buffer], _ context: RunContext
  ) throws -> [Buffer] {
    let result = try results(routine, operands, context)
    let (lower, codes) = (try number(routine, "lower"), operands[0].type.shape.codes)
    let (count, width) = (result[0].type.shape.codes[0], codes[1])
    if result[0].count == 0 { return result }
    try context.token.check()
    if result[0].type.dtype == .float32 {
      weft_band_transpose_f32(
        result[0].base.assumingMemoryBound(to: Float.self),
        operands[0].base.assumingMemoryBound(to: Float.self), codes[0], count, lower, width)
    } else {
      weft_band_transpose_f64(
        result[0].base.assumingMemoryBound(to: Double.self),
        operands[0].base.assumingMemoryBound(to: Double.self), codes[0], count, lower, width)
    }
    return result
  }

  static func bandMatrix(
    _ routine: Routine, _ operands: [Buffer], _ context: RunContext
  ) throws -> [Buffer] {
    let result = try results(routine, operands, context)
    let lower = try number(routine, "lower")
    if result[0].count == 0 { return result }
    let (band, target) = (KernelBase(operands[0].base), KernelBase(result[0].base))
    let codes = result[0].type.shape.codes
    let (width, itemSize) = (operands[0].type.shape.codes[1], result[0].type.dtype.itemSize)
    try forEachRows(codes[0], elements: codes[1], context) { rows in
      Matrices.clear(
        target.pointer + rows.lowerBound * codes[1] * itemSize, rows.count * codes[1] * itemSize)
      for row in rows {
        let kept = columns(row, lower, width, of: codes[1])
        if kept.isEmpty { continue }
        (target.pointer + (row * codes[1] + kept.lowerBound) * itemSize).copyMemory(
          from: band.pointer + (row * width + kept.lowerBound - row + lower) * itemSize,
          byteCount: kept.count * itemSize)
      }
    }
    return result
  }

  static func bandProduct(
    _ routine: Routine, _ operands: [Buffer], _ context: RunContext
  ) throws -> [Buffer] {
    let result = try results(routine, operands, context)
    let lower = try number(routine, "lower")
    let (left, right) = (operands[0].type.shape.codes, operands[1].type.shape.codes)
    let (a, b, out) = (
      KernelBase(operands[0].base), KernelBase(operands[1].base), KernelBase(result[0].base)
    )
    let isSingle = result[0].type.dtype == .float32
    try forEachRows(left[0], elements: left[1] * right[1], context) { rows in
      if isSingle {
        weft_band_product_f32(
          out.pointer.assumingMemoryBound(to: Float.self),
          a.pointer.assumingMemoryBound(to: Float.self), rows.lowerBound, rows.upperBound,
          left[1], lower, b.pointer.assumingMemoryBound(to: Float.self), right[0], right[1])
      } else {
        weft_band_product_f64(
          out.pointer.assumingMemoryBound(to: Double.self),
          a.pointer.assumingMemoryBound(to: Double.self), rows.lowerBound, rows.upperBound,
          left[1], lower, b.pointer.assumingMemoryBound(to: Double.self), right[0], right[1])
      }
    }
    return result
  }

  /// Rows in parts that are worth a thread each.
  private static func forEachRows(
    _ count: Int, elements: Int, _ context: RunContext, _ body: @Sendable (Range<Int>) -> Void
  ) throws {
    let parts = max(1, min(count, (count * elements) >> 17))
    try context.scheduler.run(parts, context.token) { part, _ in
      body(count * part / parts..<count * (part + 1) / parts)
    }
  }
}
