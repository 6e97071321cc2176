import CHost
import WeftIR

/// A function that `scan` folds with.
struct ScanFunction: Sendable {
  let function: ScalarFunction
  let dtype: DType
  /// Sums and products of float32 along contiguous lanes are kept in float64.
  let wide: DType
  let loop: weft_tile_function
  let wideLoop: weft_tile_function
  let widen: weft_tile_function?
  let narrow: weft_tile_function?

  init?(_ f: ScalarFunction, _ dtype: DType) {
    let isSum = f == .add || f == .multiply
    let wide: DType =
      switch dtype {
      case .float16, .bfloat16, .float32: isSum ? .float64 : dtype
      case .complex64: isSum ? .complex128 : dtype
      default: dtype
      }
    guard let wideLoop = TileFunctions.map(f, wide) else { return nil }
    let loop = TileFunctions.map(f, dtype) ?? wideLoop
    function = f
    self.dtype = dtype
    self.wide = wide
    self.loop = loop
    self.wideLoop = wideLoop
    widen = wide == dtype ? nil : TileFunctions.convert(dtype, wide)
    narrow = wide == dtype ? nil : TileFunctions.convert(wide, dtype)
  }
}

extension NativeStep {
  /// Running folds: lanes side by side go row by row, one row of running folds in the wide dtype.
  func scan(
    _ operand: Buffer, _ result: Buffer, _ axis: Int, _ f: ScanFunction, _ context: RunContext
  ) throws {
    let (source, target) = (AxisBox(operand, axis), AxisBox(result, axis))
    if source.inner == 1, f.wide == .float64 || f.wide == .int64 || f.wide == .uint64,
      f.function == .add
    {
      try scanSums(source, target, f, context)
      return
    }
    let block = min(source.inner, 1024)
    let blocks = (source.inner + block - 1) / block
    let size = source.itemSize
    try context.share(source.outer * blocks, cost: block * source.extent) { range in
      let lane = block * 16
      let memory = UnsafeMutableRawPointer.allocate(byteCount: 2 * lane, alignment: 64)
      defer { memory.deallocate() }
      let (running, next) = (memory, memory + lane)
      for unit in range {
        let (outer, part) = unit.quotientAndRemainder(dividingBy: blocks)
        let first = part * block
        let n = min(block, source.inner - first)
        for index in 0..<source.extent {
          let row = source.address(outer, index) + first * size
          var values = row
          if let widen = f.widen {
            widen(next, row, row, row, n)
            values = next
          }
          if index == 0 {
            running.copyMemory(from: values, byteCount: n * f.wide.itemSize)
          } else {
            f.wideLoop(running, running, values, values, n)
          }
          let out = target.address(outer, index) + first * size
          if let narrow = f.narrow {
            narrow(out, running, running, running, n)
          } else {
            out.copyMemory(from: running, byteCount: n * size)
          }
        }
      }
    }
  }

  /// Running sums along contiguous lanes: tiles in the wide dtype.
  private func scanSums(
    _ source: AxisBox, _ target: AxisBox, _ f: ScanFunction, _ context: RunContext
  ) throws {
    let size = source.itemSize
    let isFloat = f.wide == .float64
    try context.share(source.outer, cost: source.extent) { range in
      let tile = 1024
      let memory = UnsafeMutableRawPointer.allocate(byteCount: tile * 8, alignment: 64)
      defer { memory.deallocate() }
      for outer in range {
        // -0.0 is what sums of floats start from without changing the first element.
        var sum = -0.0
        var count: UInt64 = 0
        var index = 0
        while index < source.extent {
          let n = min(tile, source.extent - index)
          let row = source.address(outer, index)
          if let widen = f.widen {
            widen(memory, row, row, row, n)
          } else {
            memory.copyMemory(from: row, byteCount: n * 8)
          }
          if isFloat {
            let values = memory.assumingMemoryBound(to: Double.self)
            for i in 0..<n {
              sum += values[i]
              values[i] = sum
            }
          } else {
            let values = memory.assumingMemoryBound(to: UInt64.self)
            for i in 0..<n {
              count &+= values[i]
              values[i] = count
            }
          }
          let out = target.address(outer, index)
          if let narrow = f.narrow {
            narrow(out, memory, memory, memory, n)
          } else {
            out.copyMemory(from: memory, byteCount: n * size)
          }
          index += n
        }
      }
    }
  }
}
