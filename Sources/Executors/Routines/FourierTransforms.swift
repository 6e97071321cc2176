import CFourier
import WeftIR

extension Routines {
  /// The library's number for a kind of transform.
  static func fourierCode(_ routine: Routine) -> Int32 {
    switch routine.options["kind"] {
    case Routine.FourierKind.fromReal.rawValue: Int32(WEFT_FOURIER_FROM_REAL)
    case Routine.FourierKind.toReal.rawValue: Int32(WEFT_FOURIER_TO_REAL)
    default: Int32(WEFT_FOURIER_COMPLEX)
    }
  }

  /// Rows are transformed one by one; parts of them run on the scheduler's threads.
  static func fourier(
    _ routine: Routine, _ operands: [Buffer], _ context: RunContext
  ) throws -> [Buffer] {
    let (source, types) = (operands[0], try routine.infer(operands.map(\.type)))
    let result = try Buffer(allocating: types[0], in: context.memory)
    guard let count = routine.options["count"].flatMap(Int.init), result.count > 0 else {
      return [result]
    }
    let kind = fourierCode(routine)
    let divisor =
      switch routine.options["scale"] {
      case Routine.FourierScale.root.rawValue: Double(count).squareRoot()
      case Routine.FourierScale.full.rawValue: Double(count)
      default: 1.0
      }
    let inverse: Int32 = routine.options["inverse"] == "true" ? 1 : 0
    let isDouble: Int32 = source.type.dtype.realPart == .float64 ? 1 : 0
    let planBytes = Int(weft_fourier_plan_bytes(kind, Int64(count)))
    let scratchBytes = Int(weft_fourier_scratch_bytes(kind, Int64(count)))
    guard planBytes > 0 else {
      throw WeftError(.tooLarge, "fft", "\(count) points are more than can be counted")
    }
    func memory(_ bytes: Int) throws -> Buffer {
      try Buffer(allocating: TensorType(.uint8, Shape([bytes])), in: context.memory)
    }
    let plan = try memory(planBytes)
    let first = try memory(scratchBytes)
    weft_fourier_plan(kind, Int64(count), plan.base, first.base)

    let rows = result.count / max(result.type.shape.codes.last ?? 1, 1)
    let (sourceBytes, resultBytes) = (source.byteCount / rows, result.byteCount / rows)
    @Sendable func transform(_ range: Range<Int>, _ scratch: Buffer) throws {
      for row in range {
        try context.token.check()
        weft_fourier_run(
          plan.base, isDouble, inverse, divisor, source.base + row * sourceBytes,
          result.base + row * resultBytes, scratch.base)
      }
    }
    // Fewer points than this are not worth waking threads.
    if rows < 2 || result.count < 1 << 15 {
      try transform(0..<rows, first)
    } else {
      let parts = min(rows, context.scheduler.threadCount * 4)
      try context.scheduler.run(parts, context.token) { part, _ in
        let scratch = try Buffer(
          allocating: TensorType(.uint8, Shape([scratchBytes])), in: context.memory)
        try transform(rows * part / parts..<rows * (part + 1) / parts, scratch)
      }
    }
    return [result]
  }
}
