import WeftIR

/// Folds along axes: reductions, running folds, positions of extremes.
extension RowEvaluator {
  func reduce(
    _ f: ScalarFunction, _ axes: AxisSet, _ operand: Buffer, _ type: TensorType
  ) throws -> Buffer {
    let result = try allocate(type)
    let (extents, strides) = (operand.extents, operand.byteStrides)
    let kept = extents.indices.filter { !axes.contains($0) }
    let loop = FoldLoop(
      source: UnsafeRawPointer(operand.base), result: result.base,
      kept: LoopNest(
        zip(kept, result.byteStrides).map { LoopNest.Axis(extents[$0], strides[$0], $1) }),
      folded: LoopNest(axes.axes.map { LoopNest.Axis(extents[$0], strides[$0]) }),
      token: token)
    let dtype = operand.type.dtype
    try dtype.visit(
      FoldChoice(
        f: f, dtype: dtype, isScan: false, isShort: loop.folded.count < 8, visitor: loop))
    return result
  }

  func scan(
    _ f: ScalarFunction, _ axis: Int, _ operand: Buffer, _ type: TensorType
  ) throws -> Buffer {
    let result = try allocate(type)
    let loop = ScanLoop(
      source: UnsafeRawPointer(operand.base), result: result.base,
      lanes: operand.lanes(along: axis), count: operand.extents[axis],
      stride: operand.byteStrides[axis], token: token)
    let dtype = operand.type.dtype
    try dtype.visit(FoldChoice(f: f, dtype: dtype, isScan: true, visitor: loop))
    return result
  }

  func argReduce(
    _ f: ScalarFunction, _ axis: Int, _ operand: Buffer, _ type: TensorType
  ) throws -> Buffer {
    let result = try allocate(type)
    try operand.type.dtype.visit(
      ExtremeSearch(
        operand: operand, result: result, axis: axis, isMaximum: f == .maximum, token: token))
    return result
  }
}

extension Buffer {
  /// The loops over all axes but one: lane 0 walks this buffer.
  func lanes(along axis: Int) -> LoopNest {
    let (extents, strides) = (extents, byteStrides)
    return LoopNest(
      extents.indices.filter { $0 != axis }.map { LoopNest.Axis(extents[$0], strides[$0]) })
  }
}

/// Folds some axes of a strided array; each result folds its elements in C order.
struct FoldLoop: FoldVisitor {
  let source: UnsafeRawPointer
  let result: UnsafeMutableRawPointer
  /// Lane 0 walks the source, lane 1 the result.
  let kept: LoopNest
  /// Lane 0 walks the source.
  let folded: LoopNest
  let token: CancellationToken

  /// How many results are folded side by side.
  private static var block: Int { 256 }

  func visit<F: Fold>(_ fold: F) throws {
    var states = Array(repeating: fold.initial, count: Self.block)
    try kept.forEachRun(limit: Self.block, token) { offset, count, stride in
      for j in 0..<count { states[j] = fold.initial }
      try states.withUnsafeMutableBufferPointer { states in
        try folded.forEachRun(from: offset, limit: 1 << 16 / count, token) { inner, steps, step in
          let start = source + inner[0]
          if abs(step[0]) <= abs(stride[0]) || count == 1 {
            for j in 0..<count {
              var state = states[j]
              let lane = start + j &* stride[0]
              for i in 0..<steps { fold.step(&state, fold.load(lane + i &* step[0])) }
              states[j] = state
            }
          } else {
            for i in 0..<steps {
              let lane = start + i &* step[0]
              for j in 0..<count { fold.step(&states[j], fold.load(lane + j &* stride[0])) }
            }
          }
        }
      }
      for j in 0..<count { fold.store(states[j], result + offset[1] + j &* stride[1]) }
    }
  }
}

/// Folds along an axis and keeps every step.
private struct ScanLoop: FoldVisitor {
  let source: UnsafeRawPointer
  let result: UnsafeMutableRawPointer
  let lanes: LoopNest
  let count: Int
  let stride: Int
  let token: CancellationToken

  func visit<F: Fold>(_ fold: F) throws {
    if count == 0 { return }
    try lanes.forEachRun(limit: max(1, 1 << 16 / count), token) { offset, lanes, laneStride in
      for j in 0..<lanes {
        let start = offset[0] + j &* laneStride[0]
        var state = fold.first(fold.load(source + start))
        fold.store(state, result + start)
        for i in 1..<count {
          if i & 0xFFFF == 0xFFFF { try token.check() }
          let position = start + i &* stride
          fold.step(&state, fold.load(source + position))
          fold.store(state, result + position)
        }
      }
    }
  }
}

/// Finds the first extreme, or the first NaN, along an axis.
private struct ExtremeSearch: ElementVisitor {
  let operand: Buffer
  let result: Buffer
  let axis: Int
  let isMaximum: Bool
  let token: CancellationToken

  func visit<E: Element>(_ type: E.Type) throws {
    let (count, stride) = (operand.extents[axis], operand.byteStrides[axis])
    let source = UnsafeRawPointer(operand.base)
    var position = 0
    try operand.lanes(along: axis).forEachRun(limit: max(1, 1 << 16 / count), token) {
      offset, lanes, laneStride in
      for j in 0..<lanes {
        let start = offset[0] + j &* laneStride[0]
        var best: E = source.element(start)
        var index = 0
        for i in 1..<count where best.rankOfNaN == 0 {
          if i & 0xFFFF == 0 { try token.check() }
          let item: E = source.element(start + i &* stride)
          if item.rankOfNaN > 0 || (isMaximum ? best.precedes(item) : item.precedes(best)) {
            (best, index) = (item, i)
          }
        }
        result.base.storeBytes(of: Int64(index), toByteOffset: position * 8, as: Int64.self)
        position += 1
      }
    }
  }
}
