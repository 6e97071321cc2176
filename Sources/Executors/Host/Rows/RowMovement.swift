import CHost
import WeftIR
import WeftPasses

extension NativeStep {
  /// Joins operands: each is a block of bytes for every position before the axis.
  func concatenate(
    _ operands: [Buffer], _ result: Buffer, _ axis: Int, _ context: RunContext
  ) throws {
    let target = AxisBox(result, axis)
    var start = 0
    for operand in operands {
      let source = AxisBox(operand, axis)
      let bytes = source.extent * source.innerBytes
      if bytes == 0 { continue }
      let first = start
      start += source.extent
      // Long blocks are cut, so that one array of one block is shared out too.
      let pieces = max(1, bytes >> 18)
      let piece = (bytes + pieces - 1) / pieces
      try context.share(source.outer * pieces, cost: piece / source.itemSize) { range in
        for unit in range {
          let (outer, part) = unit.quotientAndRemainder(dividingBy: pieces)
          let from = part * piece
          let count = min(piece, bytes - from)
          if count <= 0 { continue }
          (target.address(outer, first) + from).copyMemory(
            from: source.address(outer, 0) + from, byteCount: count)
        }
      }
    }
  }

  /// Fills the result, then puts the operand's rows in their places.
  func pad(
    _ operand: Buffer, _ fill: Buffer, _ result: Buffer, _ spans: [PadSpan],
    _ context: RunContext
  ) throws {
    let size = result.type.dtype.itemSize
    let out = KernelAddress(result.base)
    let value = KernelAddress(fill.base)
    let block = 16384
    let count = result.count
    try context.share((count + block - 1) / block, cost: block) { range in
      let first = range.lowerBound * block
      let last = min(count, range.upperBound * block)
      weft_tile_splat(out.pointer + first * size, value.pointer, Int32(size), last - first)
    }
    if operand.count == 0 { return }
    let extents = operand.type.shape.known ?? []
    let strides = StridedView.contiguousStrides(result.type.shape.known ?? [])
    let source = KernelAddress(operand.base)
    guard let length = extents.last, let lastSpan = spans.last else {
      result.base.copyMemory(from: operand.base, byteCount: size)
      return
    }
    let rows = operand.count / length
    try context.share(rows, cost: length) { range in
      for row in range {
        var place = lastSpan.low
        var rest = row
        for axis in extents.indices.dropLast().reversed() {
          let (above, index) = rest.quotientAndRemainder(dividingBy: extents[axis])
          place += (spans[axis].low + index * (spans[axis].interior + 1)) * strides[axis]
          rest = above
        }
        StridedCopy.scatter(
          out.pointer + place * size, source.pointer + row * length * size, itemSize: size,
          columns: length, columnStride: lastSpan.interior + 1)
      }
    }
  }
}
