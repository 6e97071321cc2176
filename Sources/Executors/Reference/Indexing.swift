import WeftIR

/// Ops whose data tell which elements are taken or written.
extension RowEvaluator {
  func gather(
    _ operand: Buffer, _ indices: Buffer, _ axis: Int, _ type: TensorType
  ) throws -> Buffer {
    let result = try allocate(type)
    let box = AxisBox(operand, axis)
    try check(indices, below: box.extent, "gather", axis)
    if result.count == 0 { return result }
    let source = UnsafeRawPointer(indices.base)
    var target = result.base
    for outer in 0..<box.outer {
      for k in 0..<indices.count {
        if k & 0xFFF == 0 { try token.check() }
        let index: Int64 = source.element(k * 8)
        box.copyInner(from: operand.base, outer, Int(index), to: target)
        target += box.innerBytes
      }
    }
    return result
  }

  func scatter(
    _ operand: Buffer, _ indices: Buffer, _ updates: Buffer, _ axis: Int, _ f: ScalarFunction,
    _ type: TensorType
  ) throws -> Buffer {
    let result = try reshape(operand, type)
    let box = AxisBox(operand, axis)
    try check(indices, below: box.extent, "scatter", axis)
    if result.count == 0 { return result }
    let source = UnsafeRawPointer(indices.base)
    let dtype = type.dtype
    let size = dtype.itemSize
    var update = UnsafeRawPointer(updates.base)
    for outer in 0..<box.outer {
      for k in 0..<indices.count {
        if k & 0xFFF == 0 { try token.check() }
        let index: Int64 = source.element(k * 8)
        let target = result.base + box.offset(outer, Int(index))
        for i in stride(from: 0, to: box.innerBytes, by: size) {
          let (old, new) = (Scalar(dtype, loading: target + i), Scalar(dtype, loading: update + i))
          f.evaluate(old, new, new).store(to: target + i)
        }
        update += box.innerBytes
      }
    }
    return result
  }

  private func check(
    _ indices: Buffer, below extent: Int, _ name: String, _ axis: Int
  ) throws(WeftError) {
    let source = UnsafeRawPointer(indices.base)
    for k in 0..<indices.count {
      if k & 0xFFFF == 0 { try token.check() }
      let index: Int64 = source.element(k * 8)
      if index < 0 || index >= Int64(extent) {
        throw WeftError(
          .indexOutOfBounds, name,
          "index \(index) is out of bounds for axis \(axis) with extent \(extent)")
      }
    }
  }

  /// The extent that a mask selects.
  func selectedCount(_ mask: Buffer) -> Int {
    let bytes = UnsafeRawPointer(mask.base)
    return (0..<mask.count).reduce(0) { $0 + (bytes.element($1, as: Truth.self).isTrue ? 1 : 0) }
  }

  func compress(
    _ operand: Buffer, _ mask: Buffer, _ axis: Int, _ type: TensorType
  ) throws -> Buffer {
    let result = try allocate(type)
    if result.count == 0 { return result }
    let box = AxisBox(operand, axis)
    let bytes = UnsafeRawPointer(mask.base)
    var target = result.base
    for outer in 0..<box.outer {
      for index in 0..<box.extent {
        if index & 0xFFF == 0 { try token.check() }
        guard bytes.element(index, as: Truth.self).isTrue else { continue }
        box.copyInner(from: operand.base, outer, index, to: target)
        target += box.innerBytes
      }
    }
    return result
  }
}

/// An array as a box of three axes: all before an axis, the axis, all behind it.
private struct AxisBox {
  let outer: Int
  let extent: Int
  let innerBytes: Int

  init(_ buffer: Buffer, _ axis: Int) {
    let extents = buffer.extents
    outer = extents[..<axis].reduce(1, &*)
    extent = extents[axis]
    innerBytes = extents[(axis + 1)...].reduce(buffer.type.dtype.itemSize, &*)
  }

  func offset(_ outer: Int, _ index: Int) -> Int { (outer * extent + index) * innerBytes }

  func copyInner(
    from base: UnsafeMutableRawPointer, _ outer: Int, _ index: Int,
    to target: UnsafeMutableRawPointer
  ) {
    let source = base + offset(outer, index)
    if innerBytes == 8 {
      target.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
    } else {
      target.copyMemory(from: source, byteCount: innerBytes)
    }
  }
}
