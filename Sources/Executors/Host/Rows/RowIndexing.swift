import CHost
import WeftIR

/// A function that `scatter` combines with: a loop, or nil where the last one wins.
struct ScatterFunction: Sendable {
  let loop: weft_tile_function?

  init?(_ f: ScalarFunction, _ dtype: DType) {
    if f == .second {
      loop = nil
      return
    }
    guard TileFunctions.computing(dtype) == dtype, let loop = TileFunctions.map(f, dtype) else {
      return nil
    }
    self.loop = loop
  }
}

extension NativeStep {
  /// Throws for the first index outside an axis.
  private func check(
    _ indices: Buffer, _ name: String, extent: Int, axis: Int
  ) throws(WeftError) {
    let values = indices.base.assumingMemoryBound(to: Int64.self)
    for k in 0..<indices.count where UInt64(bitPattern: values[k]) >= UInt64(extent) {
      throw WeftError(
        .indexOutOfBounds, name,
        "index \(values[k]) is out of bounds for axis \(axis) with extent \(extent)")
    }
  }

  /// Throws for an index outside, also where nothing is taken or put.
  func checkIndices(_ operands: [Buffer]) throws(WeftError) {
    switch code {
    case .gather(let axis):
      try check(operands[1], "gather", extent: AxisBox(operands[0], axis).extent, axis: axis)
    case .scatter(let axis, _):
      try check(operands[1], "scatter", extent: AxisBox(operands[0], axis).extent, axis: axis)
    case .concatenate, .pad, .compress, .argReduce, .scan, .sort: break
    }
  }

  func gather(
    _ operand: Buffer, _ indices: Buffer, _ result: Buffer, _ axis: Int, _ context: RunContext
  ) throws {
    let source = AxisBox(operand, axis)
    try check(indices, "gather", extent: source.extent, axis: axis)
    let count = indices.count
    let list = KernelAddress(indices.base)
    let out = KernelAddress(result.base)
    let bytes = source.innerBytes
    try context.share(source.outer * count, cost: source.inner) { range in
      let values = list.pointer.assumingMemoryBound(to: Int64.self)
      var target = out.pointer + range.lowerBound * bytes
      var (outer, k) = range.lowerBound.quotientAndRemainder(dividingBy: count)
      var left = range.count
      while left > 0 {
        let run = min(left, count - k)
        let base = source.address(outer, 0)
        Self.take(values + k, run, base, bytes, to: target)
        target += run * bytes
        left -= run
        (outer, k) = (outer + 1, 0)
      }
    }
  }

  private static func take(
    _ indices: UnsafePointer<Int64>, _ count: Int, _ base: UnsafeMutableRawPointer, _ bytes: Int,
    to out: UnsafeMutableRawPointer
  ) {
    switch bytes {
    case 8:
      for k in 0..<count {
        (out + k * 8).storeBytes(
          of: (base + Int(indices[k]) * 8).loadUnaligned(as: UInt64.self), as: UInt64.self)
      }
    case 4:
      for k in 0..<count {
        (out + k * 4).storeBytes(
          of: (base + Int(indices[k]) * 4).loadUnaligned(as: UInt32.self), as: UInt32.self)
      }
    case 1:
      for k in 0..<count {
        (out + k).storeBytes(of: (base + Int(indices[k])).load(as: UInt8.self), as: UInt8.self)
      }
    default:
      for k in 0..<count {
        (out + k * bytes).copyMemory(from: base + Int(indices[k]) * bytes, byteCount: bytes)
      }
    }
  }

  /// Indices repeat in order, so only what lies before the axis is shared out.
  func scatter(
    _ operand: Buffer, _ indices: Buffer, _ updates: Buffer, _ result: Buffer, _ axis: Int,
    _ f: ScatterFunction, _ context: RunContext
  ) throws {
    let target = AxisBox(result, axis)
    result.base.copyMemory(from: operand.base, byteCount: result.byteCount)
    try check(indices, "scatter", extent: target.extent, axis: axis)
    let count = indices.count
    let list = KernelAddress(indices.base)
    let source = KernelAddress(updates.base)
    let (bytes, inner, size) = (target.innerBytes, target.inner, target.itemSize)
    try context.share(target.outer, cost: count * inner) { range in
      let values = list.pointer.assumingMemoryBound(to: Int64.self)
      for outer in range {
        var update = source.pointer + outer * count * bytes
        for k in 0..<count {
          let place = target.address(outer, Int(values[k]))
          if let loop = f.loop {
            loop(place, place, update, update, inner)
          } else if bytes == size {
            StridedCopy.scatter(place, update, itemSize: size, columns: 1, columnStride: 1)
          } else {
            place.copyMemory(from: update, byteCount: bytes)
          }
          update += bytes
        }
      }
    }
  }

  /// Keeps the positions at which the mask is true; the data tell how many.
  func compress(
    _ operand: Buffer, _ mask: Buffer, _ axis: Int, _ context: RunContext
  ) throws -> Buffer {
    let flags = mask.base.assumingMemoryBound(to: UInt8.self)
    var count = 0
    for k in 0..<mask.count where flags[k] != 0 { count += 1 }
    var shape = operand.type.shape
    shape[axis] = .known(count)
    let result = try Buffer(
      allocating: TensorType(operand.type.dtype, shape), in: context.memory)
    if result.count == 0 { return result }
    let chosen = try Buffer(
      allocating: TensorType(.int64, Shape([count])), in: context.memory)
    defer { withExtendedLifetime(chosen) {} }
    let positions = chosen.base.bindMemory(to: Int64.self, capacity: count)
    var next = 0
    for k in 0..<mask.count where flags[k] != 0 {
      positions[next] = Int64(k)
      next += 1
    }
    let box = AxisBox(operand, axis)
    let (out, list, selected) = (KernelAddress(result.base), KernelAddress(chosen.base), count)
    try context.share(box.outer, cost: count * box.inner) { range in
      let indices = list.pointer.assumingMemoryBound(to: Int64.self)
      for outer in range {
        Self.take(
          indices, selected, box.address(outer, 0), box.innerBytes,
          to: out.pointer + outer * selected * box.innerBytes)
      }
    }
    return result
  }
}
