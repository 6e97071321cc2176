import WeftIR

/// Stable sorting along an axis.
extension RowEvaluator {
  /// The sorted keys and, as `int64`, the positions they come from.
  ///
  /// Descending order keeps equal elements in their order too. NaN come last either way; complex
  /// numbers with NaN parts in NumPy's order.
  func sort(
    _ operand: Buffer, _ axis: Int, descending: Bool, _ types: [TensorType]
  ) throws -> [Buffer] {
    let (keys, positions) = (try allocate(types[0]), try allocate(types[1]))
    let lane = TensorType(.int64, Shape([operand.extents[axis]]))
    let (order, scratch) = (try allocate(lane), try allocate(lane))
    try operand.type.dtype.visit(
      SortLoop(
        operand: operand, keys: keys, positions: positions, order: order, scratch: scratch,
        axis: axis, descending: descending, token: token))
    return [keys, positions]
  }
}

private struct SortLoop: ElementVisitor {
  let operand: Buffer
  let keys: Buffer
  let positions: Buffer
  /// Scratch memory for the positions of one lane.
  let order: Buffer
  let scratch: Buffer
  let axis: Int
  let descending: Bool
  let token: CancellationToken

  func visit<E: Element>(_ type: E.Type) throws {
    let (count, stride) = (operand.extents[axis], operand.byteStrides[axis])
    if count == 0 { return }
    let source = UnsafeRawPointer(operand.base)
    let size = MemoryLayout<E>.size
    let order = order.base.bindMemory(to: Int64.self, capacity: count)
    let sorter = MergeSort(
      items: order, scratch: scratch.base.bindMemory(to: Int64.self, capacity: count),
      count: count)
    var comparisons = 0
    try operand.lanes(along: axis).forEachRun(token) { offset, lanes, laneStride in
      for lane in 0..<lanes {
        let start = offset[0] + lane &* laneStride[0]
        for i in 0..<count { order[i] = Int64(i) }
        try sorter.sort { i, j in
          comparisons &+= 1
          if comparisons & 0xFFFF == 0 { try token.check() }
          let a: E = source.element(start + Int(i) &* stride)
          let b: E = source.element(start + Int(j) &* stride)
          let (rank, other) = (a.rankOfNaN, b.rankOfNaN)
          if rank != other { return rank < other }
          return descending ? b.precedes(a) : a.precedes(b)
        }
        for i in 0..<count {
          let position = start + i &* stride
          let key: E = source.element(start + Int(order[i]) &* stride)
          keys.base.storeBytes(of: key, toByteOffset: position, as: E.self)
          positions.base.storeBytes(
            of: order[i], toByteOffset: position / size &* 8, as: Int64.self)
        }
      }
    }
  }
}
