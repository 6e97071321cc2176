import WeftIR

extension NDArray {
  /// The elements that the text shows: of a large array that is not computed only the edges.
  ///
  /// Each corner is computed on its own, so that passes can bring its slice down to the inputs.
  /// Where an op on the way needs its operand whole, the array is computed once and remembered.
  ///
  /// - Throws: as `compute()`.
  func elements(for options: FormatOptions) throws(WeftError) -> ArrayElements {
    if let error = expr.error { throw error }
    if expr.buffer == nil, let corners = Corners(expr.type, options), !expr.needsWhole() {
      return ArrayElements(buffer: try corners.compute(self), extents: corners.extents)
    }
    let buffer = try buffer()
    return ArrayElements(buffer: buffer, extents: buffer.type.shape.known ?? [])
  }
}

/// The blocks of a large array that its summary shows.
private struct Corners {
  let type: TensorType
  let extents: [Int]
  let edge: Int
  /// The axes of which only the ends are shown.
  let cutAxes: [Int]

  /// More corners than this cost more than they spare.
  private static let maximumCutAxes = 6

  /// The corners; nil when the array is shown whole.
  init?(_ type: TensorType, _ options: FormatOptions) {
    let edge = options.edgeItems
    guard edge > 0, let extents = type.shape.known, !extents.contains(0),
      type.shape.count.map({ $0 > options.threshold }) ?? true
    else { return nil }
    cutAxes = extents.indices.filter { extents[$0] / 2 >= edge && extents[$0] > 2 * edge }
    guard !cutAxes.isEmpty, cutAxes.count <= Self.maximumCutAxes else { return nil }
    self.type = type
    self.extents = extents
    self.edge = edge
  }

  /// The shown elements side by side.
  func compute(_ array: NDArray) throws(WeftError) -> Buffer {
    let shown = extents.indices.map { cutAxes.contains($0) ? 2 * edge : extents[$0] }
    let result = try Buffer(
      allocating: TensorType(type.dtype, Shape(shown)), in: Session.current.memory)
    for corner in 0..<1 << cutAxes.count {
      var indices = extents.map { _ in AxisIndex.slice(start: nil, stop: nil, step: 1) }
      var origin = extents.map { _ in 0 }
      for (bit, axis) in cutAxes.enumerated() {
        let isEnd = corner >> bit & 1 == 1
        indices[axis] = .slice(
          start: isEnd ? extents[axis] - edge : 0, stop: isEnd ? extents[axis] : edge, step: 1)
        origin[axis] = isEnd ? edge : 0
      }
      let block = try array.selecting(indices, site: array.expr.site).buffer()
      copy(block, to: result, at: origin)
    }
    return result
  }

  /// Copies a block row by row to its place.
  private func copy(_ block: Buffer, to result: Buffer, at origin: [Int]) {
    guard let from = block.type.shape.known, let to = result.type.shape.known,
      let rowLength = from.last, rowLength > 0
    else { return }
    let size = type.dtype.itemSize
    for row in 0..<block.count / rowLength {
      var rest = row
      var stride = to[to.count - 1]
      var target = origin[origin.count - 1]
      for axis in (0..<from.count - 1).reversed() {
        target += (rest % from[axis] + origin[axis]) * stride
        rest /= from[axis]
        stride *= to[axis]
      }
      (result.base + target * size).copyMemory(
        from: block.base + row * rowLength * size, byteCount: rowLength * size)
    }
  }
}

extension Expr {
  /// Whether a large node below is made in a way that parts of it cost as much as the whole.
  fileprivate func needsWhole() -> Bool {
    var seen: Set<ObjectIdentifier> = []
    var pending: [Expr] = [self]
    while let expr = pending.popLast() {
      guard seen.insert(ObjectIdentifier(expr)).inserted else { continue }
      switch expr.node {
      case .op(let op, let operands):
        if expr.type.isLarge && op.makesWhole(expr, operands) { return true }
        operands.forEach { pending.append($0) }
      case .projection(let source, _): pending.append(source)
      case .leaf, .poison, .released: break
      }
    }
    return false
  }
}

extension TensorType {
  /// Whether making it again for each corner is worth avoiding.
  fileprivate var isLarge: Bool { shape.count.map { $0 > 1 << 16 } ?? true }
}

extension Op {
  /// Whether a part of the result costs as much as all of it.
  fileprivate func makesWhole(_ expr: Expr, _ operands: Expr.Operands) -> Bool {
    switch self {
    case .random, .scan, .scatter, .compress, .sort, .store, .call: return true
    case .reshape(let shape):
      // Extents of 1 come and go freely; others join and split axes.
      var extents: [Int] = []
      operands.forEach { extents = $0.type.shape.codes }
      return extents.filter { $0 != 1 } != shape.codes.filter { $0 != 1 }
    case .input, .constant, .iota, .map, .convert, .reduce, .argReduce, .contract, .broadcast,
      .permute, .slice, .pad, .reverse, .concatenate, .gather:
      return false
    }
  }
}
