import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ops that only move elements: strided copies by item size, whatever the dtype.
extension RowEvaluator {
  func broadcast(_ operand: Buffer, _ axes: [Int], _ type: TensorType) throws -> Buffer {
    let result = try allocate(type)
    var strides = Array(repeating: 0, count: type.rank)
    for (axis, target) in axes.enumerated() where operand.extents[axis] != 1 {
      strides[target] = operand.byteStrides[axis]
    }
    try copy(operand, strides: strides, to: result, strides: result.byteStrides, result.extents)
    return result
  }

  /// The elements in the same order under another type, or the same value in another storage.
  func reshape(_ operand: Buffer, _ type: TensorType) throws -> Buffer {
    let result = try allocate(type)
    let size = type.dtype.itemSize
    try copy(operand, strides: [size], to: result, strides: [size], [operand.count])
    return result
  }

  func permute(_ operand: Buffer, _ axes: [Int], _ type: TensorType) throws -> Buffer {
    let result = try allocate(type)
    let strides = operand.byteStrides
    try copy(
      operand, strides: axes.map { strides[$0] }, to: result, strides: result.byteStrides,
      result.extents)
    return result
  }

  func slice(_ operand: Buffer, _ spans: [SliceSpan], _ type: TensorType) throws -> Buffer {
    let result = try allocate(type)
    let strides = operand.byteStrides
    let offset = zip(spans, strides).reduce(0) { $0 &+ $1.0.start &* $1.1 }
    try copy(
      operand, offset: result.count == 0 ? 0 : offset,
      strides: zip(spans, strides).map { $0.step &* $1 }, to: result,
      strides: result.byteStrides, result.extents)
    return result
  }

  func pad(
    _ operand: Buffer, _ fill: Buffer, _ spans: [PadSpan], _ type: TensorType
  ) throws -> Buffer {
    let result = try allocate(type)
    let strides = result.byteStrides
    try copy(
      fill, strides: strides.map { _ in 0 }, to: result, strides: strides, result.extents)
    if operand.count == 0 { return result }
    try copy(
      operand, strides: operand.byteStrides, to: result,
      targetOffset: zip(spans, strides).reduce(0) { $0 + $1.0.low * $1.1 },
      strides: zip(spans, strides).map { ($0.interior + 1) &* $1 }, operand.extents)
    return result
  }

  func reverse(_ operand: Buffer, _ axes: AxisSet, _ type: TensorType) throws -> Buffer {
    let result = try allocate(type)
    if operand.count == 0 { return result }
    var strides = operand.byteStrides
    var offset = 0
    for axis in axes.axes {
      offset += (operand.extents[axis] - 1) * strides[axis]
      strides[axis] = -strides[axis]
    }
    try copy(
      operand, offset: offset, strides: strides, to: result, strides: result.byteStrides,
      result.extents)
    return result
  }

  func concatenate(_ operands: [Buffer], _ axis: Int, _ type: TensorType) throws -> Buffer {
    let result = try allocate(type)
    let strides = result.byteStrides
    var start = 0
    for operand in operands where operand.count > 0 {
      try copy(
        operand, strides: operand.byteStrides, to: result, targetOffset: start * strides[axis],
        strides: strides, operand.extents)
      start += operand.extents[axis]
    }
    return result
  }

  /// Copies the elements of a box; strides and offsets are in bytes.
  func copy(
    _ source: Buffer, offset sourceOffset: Int = 0, strides sourceStrides: [Int],
    to target: Buffer, targetOffset: Int = 0, strides targetStrides: [Int], _ extents: [Int]
  ) throws {
    let nest = LoopNest(
      extents.indices.map { axis in
        LoopNest.Axis(extents[axis], sourceStrides[axis], targetStrides[axis])
      })
    let size = source.type.dtype.itemSize
    let (from, to) = (UnsafeRawPointer(source.base) + sourceOffset, target.base + targetOffset)
    try nest.forEachRun(token) { offset, count, stride in
      let (p, q) = (from + offset[0], to + offset[1])
      if stride[0] == size && stride[1] == size {
        memcpy(q, p, count * size)
        return
      }
      switch size {
      case 1: Self.copy(UInt8.self, p, stride[0], q, stride[1], count)
      case 2: Self.copy(UInt16.self, p, stride[0], q, stride[1], count)
      case 4: Self.copy(UInt32.self, p, stride[0], q, stride[1], count)
      case 8: Self.copy(UInt64.self, p, stride[0], q, stride[1], count)
      default: Self.copy(ComplexPair<Double>.self, p, stride[0], q, stride[1], count)
      }
    }
  }

  @inline(__always)
  private static func copy<T: BitwiseCopyable>(
    _ type: T.Type, _ source: UnsafeRawPointer, _ sourceStride: Int,
    _ target: UnsafeMutableRawPointer, _ targetStride: Int, _ count: Int
  ) {
    for i in 0..<count {
      let value = source.loadUnaligned(fromByteOffset: i &* sourceStride, as: T.self)
      target.storeBytes(of: value, toByteOffset: i &* targetStride, as: T.self)
    }
  }
}
